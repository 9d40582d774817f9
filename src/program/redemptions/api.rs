//! `POST|GET /v1/redemptions`, what becomes of them, and `GET /v1/members/{id}/rewards`.

use actix_web::{get, http::StatusCode, post};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{Due, Offer, Redemption, RedemptionState, Voucher, service};
use crate::{
    auth::{Caller, Scope},
    db::Tx,
    http::{Answer, Call, call::DryRun, page::Listing, problem::reason_json},
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
        id::{MemberId, RedemptionId, RewardId},
        text::{ExternalId, Line, Reason},
    },
    program::{
        rewards::Reward,
        settings::{self, Settings, Whole},
    },
};

/// A redemption as callers see it.
#[derive(Serialize, ToSchema)]
#[schema(as = Redemption)]
pub struct Shown {
    #[schema(value_type = String, example = "red_01m7zr4g2tfw1b4ww8pvq0tkz1")]
    id: RedemptionId,
    #[schema(value_type = String, example = "mem_01m7zr4g2tfw1b4ww8pvq0tkz1")]
    member_id: MemberId,
    #[schema(value_type = String, example = "rwd_01m7zr4g2tfw1b4ww8pvq0tkz1")]
    reward_id: RewardId,
    quantity: i64,
    #[schema(example = 250)]
    points: i64,
    state: RedemptionState,
    voucher: Option<ShownVoucher>,
    #[schema(example = "cart-1001")]
    order_ref: Option<String>,
    #[schema(value_type = String, example = "2026-11-21T18:51:00Z")]
    placed_at: Timestamp,
    #[schema(value_type = Option<String>, example = "2026-11-21T18:51:00Z")]
    fulfilled_at: Option<Timestamp>,
    #[schema(value_type = Option<String>)]
    cancelled_at: Option<Timestamp>,
    #[schema(value_type = Option<String>)]
    used_at: Option<Timestamp>,
}

/// A redemption's code.
#[derive(Serialize, ToSchema)]
#[schema(as = RedemptionVoucher)]
struct ShownVoucher {
    #[schema(example = "K7Q0-1122-ZZ9A")]
    code: String,
    #[schema(example = "https://points.example.com/v1/vouchers/K7Q0-1122-ZZ9A/qr.svg")]
    qr_svg_url: String,
    /// Exclusive.
    #[schema(value_type = String, example = "2027-11-22T00:00:00Z")]
    expires_at: Timestamp,
}

impl Shown {
    pub(super) fn of(redemption: Redemption, settings: &Settings) -> Self {
        let voucher = |voucher: Voucher| ShownVoucher {
            qr_svg_url: settings.link(&format!("/v1/vouchers/{}/qr.svg", voucher.shown())),
            code: voucher.shown(),
            expires_at: voucher.expires_at,
        };
        Self {
            id: redemption.id,
            member_id: redemption.member_id,
            reward_id: redemption.reward_id,
            quantity: redemption.quantity,
            points: redemption.points,
            state: redemption.state,
            voucher: redemption.voucher.map(voucher),
            order_ref: redemption.order_ref,
            placed_at: redemption.placed_at,
            fulfilled_at: redemption.fulfilled_at,
            cancelled_at: redemption.cancelled_at,
            used_at: redemption.used_at,
        }
    }
}

fn show(tx: &mut Tx<'_>, redemption: Redemption) -> Result<Shown> {
    Ok(Shown::of(redemption, &settings::service::get(tx)?))
}

/// What is to be redeemed.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewRedemption)]
#[serde(deny_unknown_fields)]
pub struct Redeem {
    #[schema(value_type = String)]
    member_id: MemberId,
    #[schema(value_type = String)]
    reward_id: RewardId,
    /// 1 unless given.
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 100)]
    quantity: Option<Whole<1, 100>>,
    /// The cart or order it belongs to: a repeat answers the first.
    #[schema(value_type = Option<String>)]
    order_ref: Option<ExternalId>,
    #[schema(value_type = Option<String>)]
    channel: Option<Line<50>>,
}

impl Redeem {
    fn parsed(self) -> service::Ask {
        service::Ask {
            member_id: self.member_id,
            reward_id: self.reward_id,
            quantity: self.quantity.map_or(1, Whole::get),
            order_ref: self.order_ref.map(ExternalId::into_string),
            channel: self.channel.map(Line::into_string),
        }
    }
}

/// Redeem a reward.
///
/// A voucher comes `fulfilled` with its code; the other kinds are `placed` until they are handed
/// over. The same member, `order_ref` and reward again answers the first redemption with 200.
/// A reward that is out of stock, or too dear, has a code of its own; where anything else stands in
/// the way, `reward_unavailable` lists all `reasons`.
/// Callers: member (itself), storefront (`redemptions:write`), staff.
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`, `not_found`, `reward_unavailable`,
/// `out_of_stock`, `insufficient_points`, `source_conflict`.
#[utoipa::path(
    tag = "Redemptions",
    params(("dry_run" = Option<bool>, Query, description = "Only say what would happen")),
    request_body(content = Redeem, example = json!({
        "member_id": "mem_01m7zr4g2tfw1b4ww8pvq0tkz1",
        "reward_id": "rwd_01m7zr4g2tfw1b4ww8pvq0tkz1",
        "order_ref": "cart-1001"
    })),
    responses((status = 201, body = Shown), (status = 200, body = Shown))
)]
#[post("/v1/redemptions")]
pub async fn create(call: Call) -> Answer {
    call.caller.signed_in()?;
    let ask = call.body::<Redeem>()?.parsed();
    call.caller.for_member(ask.member_id, Scope::RedemptionsWrite).map_err(
        |refusal| match refusal {
            Refusal::NotFound { what, .. } => Refusal::not_found_at(what, "/member_id"),
            refusal => refusal,
        },
    )?;
    super::settled(call.store(), Due::Of(ask.member_id)).await?;
    let caller = call.caller.clone();
    call.post(DryRun::Offered, move |tx| {
        let (redemption, repeated) = service::redeem(tx, &ask, &caller)?;
        let status = if repeated { StatusCode::OK } else { StatusCode::CREATED };
        Ok((status, show(tx, redemption)?))
    })
    .await
}

/// Members read their own; storefronts need one of two scopes.
fn reader(caller: &Caller) -> Result<(), Refusal> {
    match caller {
        Caller::Member(_) => Ok(()),
        _ => caller
            .staff_or_storefront(Scope::RedemptionsWrite)
            .or_else(|_| caller.staff_or_storefront(Scope::MembersRead)),
    }
}

/// Read a redemption.
///
/// Callers: member (its own), storefront (`redemptions:write` or `members:read`), staff.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`.
#[utoipa::path(
    tag = "Redemptions",
    params(("id" = String, Path, example = "red_01m7zr4g2tfw1b4ww8pvq0tkz1")),
    responses((status = 200, body = Shown))
)]
#[get("/v1/redemptions/{id}")]
pub async fn read(call: Call) -> Answer {
    reader(&call.caller)?;
    let id = call.id("redemption")?;
    super::settled(call.store(), Due::One(id)).await?;
    let caller = call.caller.clone();
    call.get(move |tx| {
        let redemption = service::get(tx, id)?;
        match caller {
            Caller::Member(own) if own != redemption.member_id => {
                Err(Refusal::not_found("redemption").into())
            }
            _ => show(tx, redemption),
        }
    })
    .await
}

/// List redemptions, newest first.
///
/// Members see their own, whether or not they name themselves.
/// Callers: member (its own), storefront (`redemptions:write` or `members:read`), staff.
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`, `not_found`.
#[utoipa::path(
    tag = "Redemptions",
    params(
        ("member_id" = Option<String>, Query, description = "Only this member's"),
        ("state" = Option<RedemptionState>, Query, description = "Only those in this state"),
        ("limit" = Option<i64>, Query, description = "1 to 100, 20 unless given"),
        ("cursor" = Option<String>, Query, description = "The last page's next_cursor")
    ),
    responses((status = 200, body = Listing<Shown>))
)]
#[get("/v1/redemptions")]
pub async fn list(call: Call) -> Answer {
    reader(&call.caller)?;
    let query = call.query(&["member_id", "state", "limit", "cursor"])?;
    let named: Option<MemberId> = query.get("member_id")?;
    let state = query.text("state").map(state).transpose()?;
    let page = query.page()?;
    let member = match call.caller {
        Caller::Member(own) if named.is_some_and(|named| named != own) => {
            return Err(Refusal::not_found("member").into());
        }
        Caller::Member(own) => Some(own),
        _ => named,
    };
    super::settled(call.store(), member.map_or(Due::All, Due::Of)).await?;
    call.get(move |tx| {
        let settings = settings::service::get(tx)?;
        let rows = service::list(tx, member, state, &page)?;
        Ok(page.cut(rows, |row| row.id.to_string(), |row| Shown::of(row, &settings)))
    })
    .await
}

fn state(word: &str) -> Result<RedemptionState, Refusal> {
    RedemptionState::from_word(word).ok_or_else(|| {
        Refusal::field("?state", "must be placed, fulfilled, used, cancelled or expired")
    })
}

/// Hand over what was placed.
///
/// One that was handed over before answers as it is.
/// Callers: storefront (`redemptions:write`), staff.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_transition`.
#[utoipa::path(
    tag = "Redemptions",
    params(("id" = String, Path, example = "red_01m7zr4g2tfw1b4ww8pvq0tkz1")),
    responses((status = 200, body = Shown))
)]
#[post("/v1/redemptions/{id}/fulfil")]
pub async fn fulfil(call: Call) -> Answer {
    call.caller.staff_or_storefront(Scope::RedemptionsWrite)?;
    let id = call.id("redemption")?;
    call.body_or_default::<Nothing>()?;
    super::settled(call.store(), Due::One(id)).await?;
    call.post_ok(DryRun::NotOffered, move |tx| {
        let redemption = service::fulfil(tx, id)?;
        show(tx, redemption)
    })
    .await
}

/// No body, or an empty object.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// Why a redemption is cancelled.
#[derive(Default, Deserialize, ToSchema)]
#[schema(as = CancelRedemption)]
#[serde(deny_unknown_fields)]
pub struct Cancel {
    /// Required of staff.
    #[schema(value_type = Option<String>)]
    reason: Option<Reason>,
}

/// Cancel a redemption: its code is void, points and stock go back.
///
/// Members cancel what is `placed`, a storefront what it placed itself, staff either with a
/// `reason`; what was used stays. One that was cancelled before answers as it is.
/// Callers: member (its own), storefront (`redemptions:write`), staff.
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`, `not_found`, `invalid_transition`.
#[utoipa::path(
    tag = "Redemptions",
    params(("id" = String, Path, example = "red_01m7zr4g2tfw1b4ww8pvq0tkz1")),
    request_body(content = Cancel, example = json!({"reason": "ordered twice"})),
    responses((status = 200, body = Shown))
)]
#[post("/v1/redemptions/{id}/cancel")]
pub async fn cancel(call: Call) -> Answer {
    if !matches!(call.caller, Caller::Member(_)) {
        call.caller.staff_or_storefront(Scope::RedemptionsWrite)?;
    }
    let id = call.id("redemption")?;
    let reason = call.body_or_default::<Cancel>()?.reason.map(Reason::into_string);
    super::settled(call.store(), Due::One(id)).await?;
    let caller = call.caller.clone();
    call.post_ok(DryRun::NotOffered, move |tx| {
        let redemption = super::cancel(tx, id, reason.as_deref(), &caller)?;
        show(tx, redemption)
    })
    .await
}

/// A live reward, and whether a member can have it.
#[derive(Serialize, ToSchema)]
#[schema(as = MemberReward)]
pub struct ShownOffer {
    #[serde(flatten)]
    reward: Reward,
    available: bool,
    /// Why not, all at once: each a `code`, and `shortfall` with `insufficient_points`.
    #[schema(value_type = Vec<Object>, example = json!([{"code": "insufficient_points", "shortfall": 120}]))]
    reasons: Vec<Value>,
}

impl From<Offer> for ShownOffer {
    fn from(offer: Offer) -> Self {
        Self {
            reward: offer.reward,
            available: offer.reasons.is_empty(),
            reasons: offer.reasons.into_iter().map(reason_json).collect(),
        }
    }
}

/// List every live reward with what keeps this member from it.
///
/// All on one page.
/// Callers: member (itself), storefront (`members:read`), staff.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`.
#[utoipa::path(
    tag = "Rewards",
    params(("id" = String, Path, example = "mem_01m7zr4g2tfw1b4ww8pvq0tkz1")),
    responses((status = 200, body = Listing<ShownOffer>))
)]
#[get("/v1/members/{id}/rewards")]
pub async fn offers(call: Call) -> Answer {
    call.caller.signed_in()?;
    let id = call.id("member")?;
    call.caller.for_member(id, Scope::MembersRead)?;
    call.query(&[])?;
    super::settled(call.store(), Due::Of(id)).await?;
    call.get(move |tx| {
        let data = super::offers(tx, id)?.into_iter().map(ShownOffer::from).collect();
        Ok(Listing { data, next_cursor: None })
    })
    .await
}
