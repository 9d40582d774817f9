//! `POST|GET /v1/redemptions`, what becomes of them, and `GET /v1/members/{id}/rewards`.

pub mod vouchers;

use std::hash::Hash;

use actix_web::{HttpResponse, get, http::StatusCode, post};

use super::{
    RedemptionState,
    body::{CancelRedemption, OfferBody, RedeemReward, RedemptionBody, show},
    service::{self, Ask},
};
use crate::{due, ledger::Settled, rewards::Showing};
use platform::{
    auth::Caller,
    db::Tx,
    http::{
        Answer, Call,
        lane::{Answered, Command, Laned},
        query::Paging,
    },
    kernel::{
        error::{Refusal, Result},
        id::{MemberId, RedemptionId},
        page::Listing,
        text::Reason,
        whole::Whole,
    },
    settings,
};

/// Redeem a reward.
///
/// A voucher comes `fulfilled` with its code; the other kinds are `placed` until they are handed
/// over. The same member, `order_ref` and reward again answers the first redemption with 200.
/// A reward that is out of stock, or too dear, has a code of its own; where anything else stands in
/// the way, `reward_unavailable` lists all `reasons`.
/// It costs what it costs in this moment, whatever somebody saw before: with `max_points` it never costs
/// more than that.
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`, `not_found`, `reward_unavailable`,
/// `price_changed`, `out_of_stock`, `insufficient_points`, `source_conflict`.
#[utoipa::path(
    operation_id = "redeemReward",
    tag = "Redemptions",
    params(("dry_run" = Option<bool>, Query, description = "Only say what would happen")),
    request_body(content = RedeemReward, example = json!({
        "member_id": "mem_01m7zr4g2tfw1b4ww8pvq0tkz1",
        "reward_id": "rwd_01m7zr4g2tfw1b4ww8pvq0tkz1",
        "order_ref": "cart-1001"
    })),
    responses((status = 201, body = RedemptionBody), (status = 200, body = RedemptionBody))
)]
#[post("/v1/redemptions")]
pub async fn create(call: Call) -> Answer {
    let ask = call.body::<RedeemReward>()?.parsed();
    call.caller
        .sees(ask.member_id, "member")
        .map_err(|_| Refusal::not_found_at("member", "/member_id"))?;
    let call = call.about([ask.member_id]);
    call.post_in_lane(RedeemCommand((ask, call.caller.clone()))).await
}

/// Goes through a lane.
#[derive(Clone)]
pub struct RedeemCommand((Ask, Caller));

impl Command for RedeemCommand {
    type Answer = RedemptionBody;

    fn run(tx: &mut Tx<'_>, commands: &[Self]) -> Result<Vec<Answered<RedemptionBody>>> {
        let asks: Vec<(Ask, Caller)> = commands.iter().map(|Self(ask)| ask.clone()).collect();
        let all = service::redeem_all(tx, &asks)?;
        let (settings, now) = (settings::service::get(tx)?, tx.now);
        let shown = |(redemption, repeated)| {
            let status = if repeated { StatusCode::OK } else { StatusCode::CREATED };
            (status, RedemptionBody::of(redemption, &settings, now))
        };
        Ok(all.into_iter().map(|answer| answer.map(shown)).collect())
    }
}

impl Laned for RedeemCommand {
    const LANE: &'static str = "vildar-redemptions";

    fn about(&self) -> impl Hash {
        self.0.0.member_id.uuid()
    }
}

/// Read a redemption.
///
/// A key without `redemptions:write` sees no voucher.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`.
#[utoipa::path(
    operation_id = "getRedemption",
    tag = "Redemptions",
    params(("id" = RedemptionId, Path)),
    responses((status = 200, body = RedemptionBody))
)]
#[get("/v1/redemptions/{id}")]
pub async fn read(call: Call) -> Answer {
    let id = call.id("redemption")?;
    let caller = call.caller.clone();
    let shown = service::read(call.store(), id, move |tx, redemption| {
        caller.sees(redemption.member_id, "redemption")?;
        Ok(show(tx, redemption)?.seen_by(&caller))
    });
    Ok(HttpResponse::Ok().json(shown.await?))
}

/// List redemptions, newest first.
///
/// Members see their own, whether or not they name themselves. A key without `redemptions:write`
/// sees no vouchers.
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`, `not_found`.
#[utoipa::path(
    operation_id = "listRedemptions",
    tag = "Redemptions",
    params(
        ("member_id" = Option<MemberId>, Query, description = "Only this member's"),
        ("state" = Option<RedemptionState>, Query, description = "Only those in this state"),
        Paging
    ),
    responses((status = 200, body = Listing<RedemptionBody>))
)]
#[get("/v1/redemptions")]
pub async fn list(call: Call) -> Answer {
    let query = call.query()?;
    let named: Option<MemberId> = query.get("member_id")?;
    let state: Option<RedemptionState> = query.get("state")?;
    let page = query.page()?;
    let member = match call.caller {
        Caller::Member(own) if named.is_some_and(|named| named != own) => {
            return Err(Refusal::not_found("member").into());
        }
        Caller::Member(own) => Some(own),
        _ => named,
    };
    let caller = call.caller.clone();
    let list = move |tx: &mut Tx<'_>, of: Option<Settled<'_>>| {
        let settings = settings::service::get(tx)?;
        let (rows, now) = (service::list(tx, of, state, &page)?, tx.now);
        let shown = |row| RedemptionBody::of(row, &settings, now).seen_by(&caller);
        Ok(page.cut(rows, |row| row.id.to_string(), shown))
    };
    let listing = match member {
        Some(member) => due::read(call.store(), member, move |tx, of| list(tx, Some(of))).await?,
        None => call.store().read(move |tx| list(tx, None)).await?,
    };
    Ok(HttpResponse::Ok().json(listing))
}

/// Hand over what was placed.
///
/// One that was handed over before answers as it is.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_transition`.
#[utoipa::path(
    operation_id = "fulfilRedemption",
    tag = "Redemptions",
    params(("id" = RedemptionId, Path)),
    responses((status = 200, body = RedemptionBody))
)]
#[post("/v1/redemptions/{id}/fulfil")]
pub async fn fulfil(call: Call) -> Answer {
    let id = call.id("redemption")?;
    call.no_body()?;
    call.post_ok(move |tx| {
        let redemption = service::fulfil(tx, id)?;
        show(tx, redemption)
    })
    .await
}

/// Cancel a redemption, or a part of its quantity: points and stock go back.
///
/// Members cancel what is `placed`, a storefront what it placed itself, staff either with a
/// `reason`; what was used stays. With `quantity` it is so many units of those that are left: their
/// share of the points goes back, those that expire last first, and the code stays good for the
/// rest; each unit costs the same, so nothing is rounded. Ask again with the same Idempotency-Key
/// to cancel them once. Without it, or where nothing is left, the redemption is `cancelled` and its
/// code void. One that was cancelled before answers as it is.
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`, `not_found`, `invalid_transition`.
#[utoipa::path(
    operation_id = "cancelRedemption",
    tag = "Redemptions",
    params(("id" = RedemptionId, Path)),
    request_body(content = CancelRedemption, example = json!({"reason": "ordered twice"})),
    responses((status = 200, body = RedemptionBody))
)]
#[post("/v1/redemptions/{id}/cancel")]
pub async fn cancel(call: Call) -> Answer {
    let id = call.id("redemption")?;
    let ask: CancelRedemption = call.body_or_default()?;
    let (units, reason) = (ask.quantity.map(Whole::get), ask.reason.map(Reason::into_string));
    let caller = call.caller.clone();
    call.post_ok(move |tx| {
        let redemption = service::cancel_units(tx, id, units, reason.as_deref(), &caller)?;
        show(tx, redemption)
    })
    .await
}

/// List every live reward with what keeps this member from it.
///
/// In the member's language. What can be had comes first, then what the member is least short of,
/// then the newest.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`.
#[utoipa::path(
    operation_id = "listMemberRewards",
    tag = "Rewards",
    params(("id" = MemberId, Path), Paging),
    responses((status = 200, body = Listing<OfferBody>))
)]
#[get("/v1/members/{id}/rewards")]
pub async fn offers(call: Call) -> Answer {
    let id = call.id("member")?;
    let page = call.query()?.page()?;
    let in_reach = move |tx: &mut Tx<'_>, of: Settled<'_>| {
        let offers = service::offers_in_reach(tx, of, &page)?;
        let showing = Showing::to(tx, &Caller::Member(id), Vec::new())?;
        Ok(offers.map(|offer| OfferBody::of(offer, &showing)))
    };
    Ok(HttpResponse::Ok().json(due::read(call.store(), id, in_reach).await?))
}
