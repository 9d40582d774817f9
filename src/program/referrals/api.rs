//! `/v1/referrals`, a member's own code and referrals, and `/r/{code}`.

use actix_web::{HttpResponse, get, http::header};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Referral, ReferralState, service};
use crate::{
    http::{Answer, Call, limits::UNKNOWN_CODES, query::Paging},
    kernel::{
        clock::Timestamp,
        error::Error,
        id::{EntryId, MemberId, ReferralId},
        page::{Listing, Page},
        qr,
    },
    program::members,
};

/// A referral.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "id": "ref_01m7zr0b7ee0tt0vrz3kxj2q8d", "referrer_id": "mem_01m7zr0b7ee0tt0vrz3kxj2q8d",
    "referee_id": "mem_01m7zr5c2fe1bvq8h6d9n3w0ka", "code": "K7Q2M9XT", "state": "joined",
    "flags": [], "joined_at": "2026-11-21T18:51:00Z", "qualified_at": null, "rewarded_at": null,
    "rewards": []
}))]
pub struct ReferralBody {
    id: ReferralId,
    referrer_id: MemberId,
    referee_id: MemberId,
    code: String,
    state: ReferralState,
    /// Why it wants a look.
    flags: Vec<Flag>,
    joined_at: Timestamp,
    qualified_at: Option<Timestamp>,
    rewarded_at: Option<Timestamp>,
    /// What it paid.
    rewards: Vec<Paid>,
}

/// Why a referral wants a look.
#[derive(Serialize, ToSchema)]
pub struct Flag {
    code: String,
    detail: String,
}

/// What a referral paid to whom.
#[derive(Serialize, ToSchema)]
pub struct Paid {
    member_id: MemberId,
    entry_id: EntryId,
    points: i64,
}

impl From<Referral> for ReferralBody {
    fn from(referral: Referral) -> Self {
        Self {
            id: referral.id,
            referrer_id: referral.referrer_id,
            referee_id: referral.referee_id,
            code: referral.code,
            state: referral.state,
            flags: Vec::new(),
            joined_at: referral.joined_at,
            qualified_at: referral.qualified_at,
            rewarded_at: referral.rewarded_at,
            rewards: Vec::new(),
        }
    }
}

fn listing(page: &Page, found: Vec<Referral>) -> Listing<ReferralBody> {
    page.cut(found, |referral| referral.id.to_string(), ReferralBody::from)
}

/// List referrals, newest first.
///
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`.
#[utoipa::path(
    tag = "Referrals",
    params(
        ("referrer_id" = Option<MemberId>, Query, description = "Those of one referrer"),
        ("state" = Option<ReferralState>, Query, description = "Those in one state"),
        Paging,
    ),
    responses((status = 200, body = Listing<ReferralBody>))
)]
#[get("/v1/referrals")]
pub async fn list(call: Call) -> Answer {
    let query = call.query()?;
    let page = query.page()?;
    let after: Option<ReferralId> = page.after()?;
    let referrer: Option<MemberId> = query.get("referrer_id")?;
    let state: Option<ReferralState> = query.get("state")?;
    call.get(move |tx| Ok(listing(&page, service::list(tx, referrer, state, after, page.rows())?)))
        .await
}

/// Read a referral.
///
/// Refusals: `unauthenticated`, `forbidden`, `not_found`.
#[utoipa::path(
    tag = "Referrals",
    params(("id" = ReferralId, Path)),
    responses((status = 200, body = ReferralBody))
)]
#[get("/v1/referrals/{id}")]
pub async fn read(call: Call) -> Answer {
    let id: ReferralId = call.id("referral")?;
    let caller = call.caller.clone();
    call.get(move |tx| {
        let referral = service::get(tx, id)?;
        caller.sees(referral.referrer_id, "referral")?;
        Ok(ReferralBody::from(referral))
    })
    .await
}

/// List the referrals of a member, newest first.
///
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`.
#[utoipa::path(
    tag = "Referrals",
    params(
        ("id" = MemberId, Path),
        Paging,
    ),
    responses((status = 200, body = Listing<ReferralBody>))
)]
#[get("/v1/members/{id}/referrals")]
pub async fn list_of_member(call: Call) -> Answer {
    let id: MemberId = call.id("member")?;
    let page = call.query()?.page()?;
    let after: Option<ReferralId> = page.after()?;
    let caller = call.caller.clone();
    call.get(move |tx| {
        members::service::read(tx, id, &caller)?;
        Ok(listing(&page, service::list(tx, Some(id), None, after, page.rows())?))
    })
    .await
}

/// A member's code to share.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "code": "K7Q2M9XT", "share_url": "https://points.example.com/r/K7Q2M9XT",
    "qr_svg_url": "https://points.example.com/v1/members/mem_01m7zr0b7ee0tt0vrz3kxj2q8d/referral-code/qr.svg"
}))]
pub struct ReferralCode {
    code: String,
    share_url: String,
    /// The `share_url` as a QR code; fetch it with the same credentials.
    qr_svg_url: String,
}

/// Read a member's referral code and its link.
///
/// Refusals: `unauthenticated`, `forbidden`, `not_found`.
#[utoipa::path(
    tag = "Referrals",
    params(("id" = MemberId, Path)),
    responses((status = 200, body = ReferralCode))
)]
#[get("/v1/members/{id}/referral-code")]
pub async fn own_code(call: Call) -> Answer {
    let id: MemberId = call.id("member")?;
    call.get(move |tx| {
        let (settings, code) = service::shared(tx, id)?;
        Ok(ReferralCode {
            share_url: service::share_url(&settings, &code),
            qr_svg_url: settings.link(&format!("/v1/members/{id}/referral-code/qr.svg")),
            code,
        })
    })
    .await
}

/// A member's share link as a QR code.
///
/// Refusals: `unauthenticated`, `forbidden`, `not_found`.
#[utoipa::path(
    tag = "Referrals",
    params(("id" = MemberId, Path)),
    responses((
        status = 200, body = String, content_type = "image/svg+xml",
        description = "The picture", example = "<svg xmlns=\"http://www.w3.org/2000/svg\">…</svg>"
    ))
)]
#[get("/v1/members/{id}/referral-code/qr.svg")]
pub async fn own_code_qr(call: Call) -> Answer {
    let id: MemberId = call.id("member")?;
    let (settings, code) = call.store().read(move |tx| service::shared(tx, id)).await?;
    let picture = qr::svg(&service::share_url(&settings, &code))
        .ok_or_else(|| Error::internal("the share link is too long for a QR code"))?;
    Ok(HttpResponse::Ok().content_type("image/svg+xml").body(picture))
}

/// Follow a shared link: redirects to the storefront, with `?ref=CODE` where the code is known.
///
/// 30 unknown codes a minute for each address.
/// Refusals: `too_many_requests`.
#[utoipa::path(
    tag = "Referrals",
    params(("code" = String, Path, description = "The code", example = "K7Q2M9XT")),
    responses((status = 302, description = "To the storefront"))
)]
#[get("/r/{code}")]
pub async fn follow(call: Call) -> Answer {
    let wall = call.store().clock().wall();
    let address = call.address();
    // who tried too many gets the shop without a code, known or not: no guesser learns which are
    let admitted = call.app.throttle.check(UNKNOWN_CODES, &address, wall).is_ok();
    let typed = if admitted { call.path("code") } else { String::new() };
    let (url, known) = call.store().read(move |tx| service::landing(tx, &typed)).await?;
    if admitted && !known {
        drop(call.app.throttle.count(UNKNOWN_CODES, &address, wall));
    }
    Ok(HttpResponse::Found()
        .insert_header((header::LOCATION, url))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .finish())
}
