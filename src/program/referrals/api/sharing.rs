//! What a member shares: its codes, the link, and its QR code.

use actix_web::{HttpResponse, get, patch, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::referrals::{
    codes::{self, Channel, Sharing, SharingChanges, VanityCode},
    letters,
};
use platform::{
    http::{Answer, Call, Reply},
    kernel::{
        error::{Error, Result},
        id::MemberId,
        json::present,
        qr,
    },
};

/// What a member shares.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "code": "K7Q2M9XT", "vanity_code": "THORDIS",
    "share_url": "https://points.example.com/r/THORDIS",
    "qr_svg_url": "https://points.example.com/v1/members/mem_01m7zr0b7ee0tt0vrz3kxj2q8d/referral-code/qr.svg",
    "qr_png_url": "https://points.example.com/v1/members/mem_01m7zr0b7ee0tt0vrz3kxj2q8d/referral-code/qr.png",
    "on_leaderboard": false,
    "invitation": "I shop at Bókakaffi Lóa, and you get 200 points with your first order: https://points.example.com/r/THORDIS"
}))]
pub struct ReferralCode {
    code: String,
    /// The one of the member's own choosing.
    vanity_code: Option<String>,
    /// With the chosen code, where there is one.
    share_url: String,
    /// The `share_url` as a QR code; fetch it with the same credentials.
    qr_svg_url: String,
    qr_png_url: String,
    on_leaderboard: bool,
    /// Words to send to friends, in the member's language.
    invitation: String,
}

impl ReferralCode {
    fn of(sharing: &Sharing) -> Result<Self> {
        let id = sharing.member.id;
        let picture = |kind: &str| {
            sharing.settings.link(&format!("/v1/members/{id}/referral-code/qr.{kind}"))
        };
        Ok(Self {
            code: sharing.member.referral_code.clone(),
            vanity_code: sharing.vanity_code.clone(),
            share_url: sharing.share_url(),
            qr_svg_url: picture("svg"),
            qr_png_url: picture("png"),
            on_leaderboard: sharing.on_leaderboard,
            invitation: letters::invitation(sharing)?,
        })
    }
}

/// Read what a member shares.
///
/// Refusals: `unauthenticated`, `forbidden`, `not_found`.
#[utoipa::path(
    operation_id = "getReferralCode",
    tag = "Referrals",
    params(("id" = MemberId, Path)),
    responses((status = 200, body = ReferralCode))
)]
#[get("/v1/members/{id}/referral-code")]
pub async fn read(call: Call) -> Answer {
    let id: MemberId = call.id("member")?;
    call.get(move |tx| ReferralCode::of(&codes::sharing(tx, id)?)).await
}

/// What changes of it; the rest stays.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[expect(clippy::option_option, reason = "null clears, left out leaves")]
pub struct ChangeSharing {
    /// 4 to 16 letters from A to Z and digits; null: none any more. Once in 30 days; the one before
    /// goes on leading to the member.
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<VanityCode>)]
    vanity_code: Option<Option<VanityCode>>,
    /// Whether the member's given name and initial stand on the leaderboard.
    on_leaderboard: Option<bool>,
}

/// Change what a member shares.
///
/// A code of the member's own choosing has no bad words, is not the name of somebody of the staff,
/// and looks like no code of anybody else.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`, `limit_reached`.
#[utoipa::path(
    operation_id = "updateReferralCode",
    tag = "Referrals",
    params(("id" = MemberId, Path)),
    request_body(content = ChangeSharing, example = json!({"vanity_code": "THORDIS"})),
    responses((status = 200, body = ReferralCode))
)]
#[patch("/v1/members/{id}/referral-code")]
pub async fn change(call: Call) -> Answer {
    let id: MemberId = call.id("member")?;
    let ChangeSharing { vanity_code, on_leaderboard } = call.body()?;
    let changes = SharingChanges { vanity_code, on_leaderboard };
    let code =
        call.store().write(move |tx| ReferralCode::of(&codes::change(tx, id, &changes)?)).await?;
    Ok(HttpResponse::Ok().json(code))
}

/// How a link was shared.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Share {
    /// By which way, such as `mail`.
    channel: Option<Channel>,
}

/// That a link was shared.
#[derive(Serialize, ToSchema)]
pub struct Shared {
    member_id: MemberId,
    #[schema(example = "mail")]
    channel: Option<Channel>,
}

impl Reply for Shared {
    fn members(&self) -> Vec<MemberId> {
        vec![self.member_id]
    }
}

/// Note that a member shared its link: it is counted.
///
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`.
#[utoipa::path(
    operation_id = "recordShare",
    tag = "Referrals",
    params(("id" = MemberId, Path)),
    request_body(content = Share, example = json!({"channel": "mail"})),
    responses((status = 201, body = Shared))
)]
#[post("/v1/members/{id}/shares")]
pub async fn share(call: Call) -> Answer {
    let member_id: MemberId = call.id("member")?;
    let Share { channel } = call.body_or_default()?;
    call.post_created(move |tx| {
        codes::sharing(tx, member_id)?;
        codes::note_share(tx, member_id, channel.as_ref())?;
        Ok(Shared { member_id, channel: channel.clone() })
    })
    .await
}

async fn url(call: &Call) -> Result<String> {
    let id: MemberId = call.id("member")?;
    call.store().read(move |tx| Ok(codes::sharing(tx, id)?.share_url())).await
}

fn too_long() -> Error {
    Error::internal("the share link is too long for a QR code")
}

/// A member's share link as a QR code.
///
/// Refusals: `unauthenticated`, `forbidden`, `not_found`.
#[utoipa::path(
    operation_id = "getReferralCodeSvg",
    tag = "Referrals",
    params(("id" = MemberId, Path)),
    responses((
        status = 200, body = String, content_type = "image/svg+xml",
        description = "The picture", example = "<svg xmlns=\"http://www.w3.org/2000/svg\">…</svg>"
    ))
)]
#[get("/v1/members/{id}/referral-code/qr.svg")]
pub async fn qr_svg(call: Call) -> Answer {
    let picture = qr::svg(&url(&call).await?).ok_or_else(too_long)?;
    Ok(HttpResponse::Ok().content_type("image/svg+xml").body(picture))
}

/// The same as a PNG picture.
///
/// Refusals: `unauthenticated`, `forbidden`, `not_found`.
#[utoipa::path(
    operation_id = "getReferralCodePng",
    tag = "Referrals",
    params(("id" = MemberId, Path)),
    responses((
        status = 200, body = Vec<u8>, content_type = "image/png", description = "The picture"
    ))
)]
#[get("/v1/members/{id}/referral-code/qr.png")]
pub async fn qr_png(call: Call) -> Answer {
    let picture = qr::png(&url(&call).await?).ok_or_else(too_long)?;
    Ok(HttpResponse::Ok().content_type("image/png").body(picture))
}
