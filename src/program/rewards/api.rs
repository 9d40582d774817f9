//! `POST|GET /v1/rewards`, `GET|PATCH /v1/rewards/{id}`.

use actix_web::{HttpResponse, get, patch, post};

use super::{Changes, NewReward, Reward, RewardState, service};
use crate::{
    auth::Caller,
    http::{Answer, Call},
    kernel::{error::Refusal, page::Listing},
};

/// Members and storefronts see what is live.
const fn live_only(caller: &Caller) -> bool {
    !matches!(caller, Caller::Staff { .. } | Caller::System)
}

/// Add a reward to the catalogue.
///
/// It begins as a `draft` unless `state` says otherwise.
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`.
#[utoipa::path(
    tag = "Rewards",
    request_body(content = NewReward, example = json!({
        "name": "Coffee for two",
        "description": "Two cups of what you like.",
        "kind": "voucher",
        "cost_points": 250,
        "value": {"amount": 1200, "currency": "EUR"},
        "stock": 40,
        "per_member_limit": 2,
        "state": "live"
    })),
    responses((status = 201, body = Reward))
)]
#[post("/v1/rewards")]
pub async fn add(call: Call) -> Answer {
    let new: NewReward = call.body()?;
    call.post_created(move |tx| service::add(tx, new.clone())).await
}

/// List the catalogue, newest first.
///
/// Members and storefronts see live rewards, staff all; `state` narrows it.
/// Refusals: `unauthenticated`, `invalid_request`.
#[utoipa::path(
    tag = "Rewards",
    params(
        ("state" = Option<RewardState>, Query, description = "Only those in this state"),
        ("limit" = Option<i64>, Query, description = "1 to 100, 20 unless given"),
        ("cursor" = Option<String>, Query, description = "The last page's next_cursor")
    ),
    responses((status = 200, body = Listing<Reward>))
)]
#[get("/v1/rewards")]
pub async fn list(call: Call) -> Answer {
    let query = call.query(&["state", "limit", "cursor"])?;
    let wanted = query.text("state").map(state).transpose()?;
    let page = query.page()?;
    let live_only = live_only(&call.caller);
    let shown = |state: &RewardState| {
        (!live_only || *state == RewardState::Live) && wanted.is_none_or(|wanted| wanted == *state)
    };
    let states: Vec<RewardState> = RewardState::ALL.iter().copied().filter(shown).collect();
    if states.is_empty() {
        let none = Listing::<Reward> { data: Vec::new(), next_cursor: None };
        return Ok(HttpResponse::Ok().json(none));
    }
    call.get(move |tx| {
        let rows = service::list(tx, &states, &page)?;
        Ok(page.cut(rows, |reward| reward.id.to_string(), |reward| reward))
    })
    .await
}

fn state(word: &str) -> Result<RewardState, Refusal> {
    RewardState::from_word(word)
        .ok_or_else(|| Refusal::field("?state", "must be draft, live, paused or retired"))
}

/// Read a reward.
///
/// One that is not live does not exist for members and storefronts.
/// Refusals: `unauthenticated`, `not_found`.
#[utoipa::path(
    tag = "Rewards",
    params(("id" = String, Path, example = "rwd_01m7zr4g2tfw1b4ww8pvq0tkz1")),
    responses((status = 200, body = Reward))
)]
#[get("/v1/rewards/{id}")]
pub async fn read(call: Call) -> Answer {
    let id = call.id("reward")?;
    let live_only = live_only(&call.caller);
    call.get_versioned(move |tx| {
        let reward = service::get(tx, id, live_only)?;
        let version = reward.version;
        Ok((reward, version))
    })
    .await
}

/// Change a reward: the fields named; the others stay.
///
/// Needs `If-Match` with the `ETag` that `GET` gave. Any state can become any other, but `retired`
/// is final. Redeeming moves the stock without a new `ETag`.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`, `invalid_transition`,
/// `precondition_required`, `precondition_failed`.
#[utoipa::path(
    tag = "Rewards",
    params(("id" = String, Path, example = "rwd_01m7zr4g2tfw1b4ww8pvq0tkz1")),
    request_body(content = Changes, example = json!({"state": "paused", "stock": 12})),
    responses((status = 200, body = Reward))
)]
#[patch("/v1/rewards/{id}")]
pub async fn change(call: Call) -> Answer {
    let id = call.id("reward")?;
    let seen = call.if_match()?;
    let changes: Changes = call.body()?;
    call.patch_versioned(move |tx| {
        let reward = service::change(tx, id, changes.clone(), &seen)?;
        let version = reward.version;
        Ok((reward, version))
    })
    .await
}
