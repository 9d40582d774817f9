//! Deciding on doubted referrals, one by one or a case at once.

use actix_web::{get, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ReferralBody;
use crate::referrals::service::{self, Waiting};
use platform::{
    auth::Caller,
    http::{Answer, Call, Reply, query::Paging},
    kernel::{
        id::{MemberId, ReferralId},
        page::Listing,
        text::Reason,
    },
};

/// Why.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithReason {
    reason: Reason,
}

/// Approve a referral that is doubted.
///
/// It goes on from where it was, and is paid when it would have been: never without the order that
/// qualifies, nor before its time. What was found is cleared; something new makes it wait again.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_transition`.
#[utoipa::path(
    operation_id = "approveReferral",
    tag = "Referrals",
    params(("id" = ReferralId, Path)),
    responses((status = 200, body = ReferralBody))
)]
#[post("/v1/referrals/{id}/approve")]
pub async fn approve(call: Call) -> Answer {
    let id: ReferralId = call.id("referral")?;
    call.no_body()?;
    let by = call.caller.clone();
    call.post_ok(move |tx| {
        let referral = service::approve(tx, id, &by)?;
        ReferralBody::one(tx, referral, &by)
    })
    .await
}

/// Reject a referral that is doubted.
///
/// The referrer reads the reason, and may have it looked at once more.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`, `invalid_transition`.
#[utoipa::path(
    operation_id = "rejectReferral",
    tag = "Referrals",
    params(("id" = ReferralId, Path)),
    request_body(content = WithReason, example = json!({"reason": "the same person twice"})),
    responses((status = 200, body = ReferralBody))
)]
#[post("/v1/referrals/{id}/reject")]
pub async fn reject(call: Call) -> Answer {
    let id: ReferralId = call.id("referral")?;
    let WithReason { reason } = call.body()?;
    let by = call.caller.clone();
    call.post_ok(move |tx| {
        let referral = service::reject(tx, id, &reason, &by)?;
        ReferralBody::one(tx, referral, &by)
    })
    .await
}

/// Have a rejected referral looked at again, once.
///
/// By its referrer, or by staff in that one's name.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`, `invalid_transition`,
/// `limit_reached` the second time.
#[utoipa::path(
    operation_id = "appealReferral",
    tag = "Referrals",
    params(("id" = ReferralId, Path)),
    request_body(content = WithReason, example = json!({"reason": "we are two sisters"})),
    responses((status = 200, body = ReferralBody))
)]
#[post("/v1/referrals/{id}/appeal")]
pub async fn appeal(call: Call) -> Answer {
    let id: ReferralId = call.id("referral")?;
    let by = call.caller.clone();
    // whom it does not concern is not told what the body lacks
    match call.store().read(move |tx| service::get(tx, id)).await {
        Ok(found) => by.sees(found.referrer_id, "referral")?,
        Err(error) if matches!(by, Caller::Member(_)) => return Err(error.into()),
        Err(_) => {}
    }
    let WithReason { reason } = call.body()?;
    call.post_ok(move |tx| {
        let referral = service::appeal(tx, id, &reason)?;
        ReferralBody::one(tx, referral, &by)
    })
    .await
}

/// Referrals that are doubted together.
#[derive(Serialize, ToSchema)]
pub struct ReferralCase {
    /// The first of them; `/v1/referrals?case_id=` lists all.
    id: ReferralId,
    /// How many wait.
    #[schema(example = 3)]
    referrals: i64,
    /// Of so many referrers.
    #[schema(example = 1)]
    referrers: i64,
}

fn shown(waiting: Waiting) -> Option<ReferralCase> {
    let Waiting { case_id, referrals, referrers } = waiting;
    Some(ReferralCase { id: case_id?, referrals, referrers })
}

/// List cases that wait for a person, the oldest first.
///
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`.
#[utoipa::path(
    operation_id = "listReferralCases",
    tag = "Referrals",
    params(Paging),
    responses((status = 200, body = Listing<ReferralCase>))
)]
#[get("/v1/referral-cases")]
pub async fn cases(call: Call) -> Answer {
    let page = call.query()?.page()?;
    call.get(move |tx| {
        let Listing { data, next_cursor } = service::cases(tx, &page)?;
        Ok(Listing { data: data.into_iter().filter_map(shown).collect(), next_cursor })
    })
    .await
}

/// How many referrals of a case were decided on.
#[derive(Serialize, ToSchema)]
pub struct CaseDecided {
    #[schema(example = 3)]
    decided: usize,
}

impl Reply for CaseDecided {
    fn members(&self) -> Vec<MemberId> {
        Vec::new()
    }
}

/// Approve all of a case that waits: as each by itself.
///
/// Refusals: `unauthenticated`, `forbidden`, `not_found` where nothing of it waits.
#[utoipa::path(
    operation_id = "approveReferralCase",
    tag = "Referrals",
    params(("id" = ReferralId, Path)),
    responses((status = 200, body = CaseDecided))
)]
#[post("/v1/referral-cases/{id}/approve")]
pub async fn approve_case(call: Call) -> Answer {
    let id: ReferralId = call.id("case")?;
    call.no_body()?;
    let by = call.caller.clone();
    call.post_ok(move |tx| Ok(CaseDecided { decided: service::approve_case(tx, id, &by)? })).await
}

/// Reject all of a case that waits: as each by itself.
///
/// Refusals: `unauthenticated`, `forbidden`, `not_found` where nothing of it waits,
/// `invalid_request`.
#[utoipa::path(
    operation_id = "rejectReferralCase",
    tag = "Referrals",
    params(("id" = ReferralId, Path)),
    request_body(content = WithReason, example = json!({"reason": "one person's addresses"})),
    responses((status = 200, body = CaseDecided))
)]
#[post("/v1/referral-cases/{id}/reject")]
pub async fn reject_case(call: Call) -> Answer {
    let id: ReferralId = call.id("case")?;
    let WithReason { reason } = call.body()?;
    let by = call.caller.clone();
    call.post_ok(move |tx| Ok(CaseDecided { decided: service::reject_case(tx, id, &reason, &by)? }))
        .await
}
