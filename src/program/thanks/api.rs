//! `/v1/thanks`: what is owed to whom, and giving it.

use actix_web::{get, post};

use super::{
    AssignThanks, DeedSought, GiveThanks, Thanks, ThanksBody, ThanksState, WaiveThanks,
    service::{self, Sought},
    stats::{self, ThanksStats},
};
use crate::period::Span;
use platform::{
    auth::Caller,
    db::Tx,
    http::{Answer, Call, query::Paging},
    kernel::{
        error::Result,
        id::{MemberId, ThanksId, UserId},
        page::Listing,
    },
};

/// List thanks, those that are due soonest first.
///
/// With `overdue=true` those that are owed still and are due; with `overdue=false` all others.
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`.
#[utoipa::path(
    operation_id = "listThanks",
    tag = "Thanks",
    params(
        ("state" = Option<ThanksState>, Query, description = "Only those in this state"),
        ("owner_id" = Option<UserId>, Query, description = "Only what this user owes or owed"),
        ("overdue" = Option<bool>, Query, description = "Only what is overdue, or what is not"),
        ("for" = inline(Option<DeedSought>), Query, description = "Only for deeds of this type (`answer`, `story`, `mention`, `referral`, `word`, `gathering`), or for the one with this id"),
        ("member_id" = Option<MemberId>, Query, description = "Only to this member"),
        Paging
    ),
    responses((status = 200, body = Listing<ThanksBody>))
)]
#[get("/v1/thanks")]
pub async fn list(call: Call) -> Answer {
    let query = call.query()?;
    let overdue = match query.text("overdue") {
        Some(_) => Some(query.flag("overdue")?),
        None => None,
    };
    let sought = Sought {
        state: query.get("state")?,
        owner: query.get("owner_id")?,
        overdue,
        of: query.get("for")?,
        member: query.get("member_id")?,
        newest_first: false,
    };
    let page = query.page()?;
    call.get(move |tx| {
        let listing = service::list(tx, sought, &page)?;
        Ok(listing.map(|thanks| ThanksBody::of(thanks, tx.now)))
    })
    .await
}

/// Read thanks.
///
/// Refusals: `unauthenticated`, `forbidden`, `not_found`.
#[utoipa::path(
    operation_id = "getThanks",
    tag = "Thanks",
    params(("id" = ThanksId, Path)),
    responses((status = 200, body = ThanksBody))
)]
#[get("/v1/thanks/{id}")]
pub async fn read(call: Call) -> Answer {
    let id: ThanksId = call.id("thanks")?;
    call.get(move |tx| Ok(ThanksBody::of(service::get(tx, id)?, tx.now))).await
}

/// Thank somebody in your own words.
///
/// `send_letter` sends the words as a letter, signed with your name; without it they are kept as
/// what was said. A `perk` brings points within your limit and budget, which adjustments share:
/// above the limit it is proposed, and the thanks are given without it. The same message again
/// answers as it is; another one, once thanks were given, is `invalid_transition`.
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`, `not_found`, `limit_reached`,
/// `invalid_transition`.
#[utoipa::path(
    operation_id = "giveThanks",
    tag = "Thanks",
    params(("id" = ThanksId, Path)),
    request_body(content = GiveThanks, example = json!({
        "message": "You were right about the stairs: there is a ramp now.",
        "send_letter": true,
        "perk": {"points": 50}
    })),
    responses((status = 200, body = ThanksBody))
)]
#[post("/v1/thanks/{id}/give")]
pub async fn give(call: Call) -> Answer {
    let id: ThanksId = call.id("thanks")?;
    let ask: GiveThanks = call.body()?;
    decide(call, id, move |tx, by| service::give(tx, id, &ask, by)).await
}

/// Say who of the staff is to thank.
///
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`, `not_found`, `invalid_transition`.
#[utoipa::path(
    operation_id = "assignThanks",
    tag = "Thanks",
    params(("id" = ThanksId, Path)),
    request_body(content = AssignThanks, example = json!({"owner_id": "usr_01m7zr0b7ee0tt0vrz3kxj2q8d"})),
    responses((status = 200, body = ThanksBody))
)]
#[post("/v1/thanks/{id}/assign")]
pub async fn assign(call: Call) -> Answer {
    let id: ThanksId = call.id("thanks")?;
    let ask: AssignThanks = call.body()?;
    decide(call, id, move |tx, _| service::assign(tx, id, ask)).await
}

/// Give up on thanking.
///
/// What was waived before answers as it is.
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`, `not_found`, `invalid_transition`.
#[utoipa::path(
    operation_id = "waiveThanks",
    tag = "Thanks",
    params(("id" = ThanksId, Path)),
    request_body(content = WaiveThanks, example = json!({"reason": "asked us not to write"})),
    responses((status = 200, body = ThanksBody))
)]
#[post("/v1/thanks/{id}/waive")]
pub async fn waive(call: Call) -> Answer {
    let id: ThanksId = call.id("thanks")?;
    let ask: WaiveThanks = call.body()?;
    decide(call, id, move |tx, by| service::waive(tx, id, &ask, by)).await
}

/// What becomes of thanks tells of their member, whom the path does not name.
async fn decide<F>(call: Call, id: ThanksId, step: F) -> Answer
where
    F: Fn(&mut Tx<'_>, &Caller) -> Result<Thanks> + Clone + Send + 'static,
{
    let member = call.store().read(move |tx| service::member_of(tx, id)).await?;
    let caller = call.caller.clone();
    let call = call.about(member);
    call.post_ok(move |tx| Ok(ThanksBody::of(step(tx, &caller)?, tx.now))).await
}

/// Read what came of the thanks that became owed in a period.
///
/// Whole, by category, and by who owed them. The medians are of what people gave.
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`.
#[utoipa::path(
    operation_id = "getThanksStats",
    tag = "Thanks",
    params(Span),
    responses((status = 200, body = ThanksStats))
)]
#[get("/v1/stats/thanks")]
pub async fn figures(call: Call) -> Answer {
    let span = Span::read(&call.query()?)?;
    call.get(move |tx| {
        let period = span.period(tx)?;
        stats::stats(tx, &period)
    })
    .await
}
