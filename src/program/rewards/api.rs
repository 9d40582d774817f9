//! `POST|GET /v1/rewards`, `GET|PATCH /v1/rewards/{id}`.

use actix_web::{get, patch, post};

use super::{NewReward, Reward, RewardChanges, RewardState, service};
use crate::{
    auth::Caller,
    http::{Answer, Call, query::Paging},
    kernel::{error::Refusal, id::RewardId, page::Listing},
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
        Paging,
        ("state" = Option<RewardState>, Query, description = "Only those in this state")
    ),
    responses((status = 200, body = Listing<Reward>))
)]
#[get("/v1/rewards")]
pub async fn list(call: Call) -> Answer {
    let query = call.query()?;
    let (wanted, page) = (query.get::<RewardState>("state")?, query.page()?);
    let live_only = live_only(&call.caller);
    let shown = |state: &RewardState| {
        (!live_only || *state == RewardState::Live) && wanted.is_none_or(|wanted| wanted == *state)
    };
    let states: Vec<RewardState> = RewardState::ALL.iter().copied().filter(shown).collect();
    call.get(move |tx| service::list(tx, &states, &page)).await
}

/// Read a reward.
///
/// One that is not live does not exist for members and storefronts.
/// Refusals: `unauthenticated`, `not_found`.
#[utoipa::path(
    tag = "Rewards",
    params(("id" = RewardId, Path)),
    responses((status = 200, body = Reward))
)]
#[get("/v1/rewards/{id}")]
pub async fn read(call: Call) -> Answer {
    let id = call.id("reward")?;
    let live_only = live_only(&call.caller);
    call.get_versioned(move |tx| {
        let reward = service::get(tx, id)?;
        if live_only && reward.fields.state != RewardState::Live {
            return Err(Refusal::not_found("reward").into());
        }
        Ok(reward.versioned())
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
    params(("id" = RewardId, Path)),
    request_body(content = RewardChanges, example = json!({"state": "paused", "stock": 12})),
    responses((status = 200, body = Reward))
)]
#[patch("/v1/rewards/{id}")]
pub async fn change(call: Call) -> Answer {
    let id = call.id("reward")?;
    let seen = call.if_match()?;
    let changes: RewardChanges = call.body()?;
    call.patch_versioned(move |tx| Ok(service::change(tx, id, &changes, &seen)?.versioned())).await
}
