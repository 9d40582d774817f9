//! `POST|GET /v1/rewards`, `GET|PATCH /v1/rewards/{id}`.

use actix_web::{get, patch, post};

use super::{
    NewReward, RewardBody, RewardChanges, RewardState, Showing,
    history::{self, RewardChange},
    service,
};
use platform::{
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
/// It begins as a `draft` unless `state` says otherwise. `name`, `description` and `terms` are texts
/// in the program's language, or objects of texts by language, the program's among them. Readers are
/// shown theirs: members their own, others what they ask for by `Accept-Language`.
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`.
#[utoipa::path(
    operation_id = "createReward",
    tag = "Rewards",
    request_body(content = NewReward, example = json!({
        "name": {"en": "Coffee for two", "is": "Kaffi fyrir tvo"},
        "description": "Two cups of what you like.",
        "kind": "voucher",
        "cost_points": 250,
        "value": {"amount": 1200, "currency": "EUR"},
        "stock": 40,
        "per_member_limit": 2,
        "state": "live"
    })),
    responses((status = 201, body = RewardBody))
)]
#[post("/v1/rewards")]
pub async fn add(call: Call) -> Answer {
    let new: NewReward = call.body()?;
    let (caller, asked) = (call.caller.clone(), call.accepts());
    call.post_created(move |tx| {
        let reward = service::add(tx, new.clone(), &caller)?;
        Ok(Showing::to(tx, &caller, asked.clone())?.with_translations(reward))
    })
    .await
}

/// List the catalogue, newest first.
///
/// Members and storefronts see live rewards, staff all; `state` narrows it.
/// Refusals: `unauthenticated`, `invalid_request`.
#[utoipa::path(
    operation_id = "listRewards",
    tag = "Rewards",
    params(
        Paging,
        ("state" = Option<RewardState>, Query, description = "Only those in this state")
    ),
    responses((status = 200, body = Listing<RewardBody>))
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
    let (caller, asked) = (call.caller.clone(), call.accepts());
    call.get(move |tx| {
        let showing = Showing::to(tx, &caller, asked)?;
        Ok(service::list(tx, &states, &page)?.map(|reward| showing.with_translations(reward)))
    })
    .await
}

/// Read a reward.
///
/// One that is not live does not exist for members and storefronts.
/// Refusals: `unauthenticated`, `not_found`.
#[utoipa::path(
    operation_id = "getReward",
    tag = "Rewards",
    params(("id" = RewardId, Path)),
    responses((status = 200, body = RewardBody))
)]
#[get("/v1/rewards/{id}")]
pub async fn read(call: Call) -> Answer {
    let id = call.id("reward")?;
    let (caller, asked) = (call.caller.clone(), call.accepts());
    let live_only = live_only(&caller);
    call.get_versioned(move |tx| {
        let reward = service::get(tx, id)?;
        if live_only && reward.fields.state != RewardState::Live {
            return Err(Refusal::not_found("reward").into());
        }
        let version = reward.version;
        Ok((Showing::to(tx, &caller, asked)?.with_translations(reward), version))
    })
    .await
}

/// Change a reward: the fields named; the others stay.
///
/// Needs `If-Match` with the `ETag` that `GET` gave. A text given alone replaces those of all
/// languages. Any state can become any other, but `retired`
/// is final. Redeeming moves the stock without a new `ETag`.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`, `invalid_transition`,
/// `precondition_required`, `precondition_failed`.
#[utoipa::path(
    operation_id = "updateReward",
    tag = "Rewards",
    params(("id" = RewardId, Path)),
    request_body(content = RewardChanges, example = json!({"state": "paused", "stock": 12})),
    responses((status = 200, body = RewardBody))
)]
#[patch("/v1/rewards/{id}")]
pub async fn change(call: Call) -> Answer {
    let id = call.id("reward")?;
    let seen = call.if_match()?;
    let changes: RewardChanges = call.body()?;
    let (caller, asked) = (call.caller.clone(), call.accepts());
    call.patch_versioned(move |tx| {
        let reward = service::change(tx, id, &changes, &seen, &caller)?;
        let version = reward.version;
        Ok((Showing::to(tx, &caller, asked.clone())?.with_translations(reward), version))
    })
    .await
}

/// List what was changed of a reward, newest first.
///
/// The fields as they were and as they became, by whom; also how many codes were uploaded. Stock
/// moves with redemptions, which are not told here.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`.
#[utoipa::path(
    operation_id = "listRewardChanges",
    tag = "Rewards",
    params(("id" = RewardId, Path), Paging),
    responses((status = 200, body = Listing<RewardChange>))
)]
#[get("/v1/rewards/{id}/history")]
pub async fn past(call: Call) -> Answer {
    let id = call.id("reward")?;
    let page = call.query()?.page()?;
    call.get(move |tx| history::list(tx, id, &page)).await
}
