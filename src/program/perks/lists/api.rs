//! `/v1/perk-lists`: a perk for many, over HTTP.

use super::{NewPerkList, PerkListBody, lines, service};
use actix_web::{get, http::StatusCode, post};
use platform::{
    http::{Answer, Call},
    kernel::id::PerkListId,
};

/// Give many members the same perk.
///
/// Lines that name nobody, or the same member again, are told in `errors` and left out; the others
/// get theirs within moments, and `GET /v1/perk-lists/{id}` says how far it is. A dry run shows what
/// would happen. The budget is checked once, for all of them: beyond it the whole list is
/// `limit_reached`, and what waits counts on it. Above the limit per perk each of them is proposed.
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`, `not_found`, `limit_reached`.
#[utoipa::path(
    operation_id = "createPerkList",
    tag = "Perks",
    params(("dry_run" = Option<bool>, Query, description = "Only say what would happen")),
    request_body(content = NewPerkList, example = json!({
        "kind": "points",
        "points": 100,
        "title": "Thank you for coming",
        "reason": "the reading in November",
        "send_letter": true,
        "members": ["anna@example.com", "C-1042"]
    })),
    responses(
        (status = 201, body = PerkListBody),
        (status = 200, body = PerkListBody, description = "A dry run")
    )
)]
#[post("/v1/perk-lists")]
pub async fn create(call: Call) -> Answer {
    let list: NewPerkList = call.body()?;
    let (lines, by) = (lines(&list.members)?, call.caller.clone());
    let answer =
        call.post_created(move |tx| service::submit(tx, tx.new_id(), &list, &lines, &by)).await;
    if answer.as_ref().is_ok_and(|answer| answer.status() == StatusCode::CREATED) {
        service::begin(call.store());
    }
    answer
}

/// Read how far a list is.
///
/// Refusals: `unauthenticated`, `forbidden`, `not_found`.
#[utoipa::path(
    operation_id = "getPerkList",
    tag = "Perks",
    params(("id" = PerkListId, Path)),
    responses((status = 200, body = PerkListBody))
)]
#[get("/v1/perk-lists/{id}")]
pub async fn read(call: Call) -> Answer {
    let id = call.id("perk list")?;
    call.get(move |tx| service::read(tx, id)).await
}
