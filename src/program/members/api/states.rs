//! `POST /v1/members/{id}/suspend|reinstate`.

use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::members::{MemberBody, service};
use platform::{
    http::{Answer, Call},
    kernel::{id::MemberId, text::Reason},
};

/// Why staff does it.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveReason {
    reason: Reason,
}

/// Suspend a member: its sessions end, and it can't sign in or redeem.
///
/// A suspended one stays as it is, for the reason that was given first. The reason is kept, and
/// shown as the member's `status_reason` and in its export.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`, `invalid_transition`.
#[utoipa::path(
    operation_id = "suspendMember",
    tag = "Members",
    params(("id" = MemberId, Path)),
    request_body(content = GiveReason, example = json!({"reason": "Three referrals from one address"})),
    responses((status = 200, body = MemberBody))
)]
#[post("/v1/members/{id}/suspend")]
pub async fn suspend(call: Call) -> Answer {
    let id: MemberId = call.id("member")?;
    let GiveReason { reason } = call.body()?;
    let caller = call.caller.clone();
    call.post_ok(move |tx| {
        let member = service::suspend(tx, id, &caller, &reason)?;
        MemberBody::told(tx, member, &caller)
    })
    .await
}

/// Reinstate a suspended member.
///
/// An active one stays as it is. The reason is kept and shown as that of suspending is.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`, `invalid_transition`.
#[utoipa::path(
    operation_id = "reinstateMember",
    tag = "Members",
    params(("id" = MemberId, Path)),
    request_body(content = GiveReason, example = json!({"reason": "Explained"})),
    responses((status = 200, body = MemberBody))
)]
#[post("/v1/members/{id}/reinstate")]
pub async fn reinstate(call: Call) -> Answer {
    let id: MemberId = call.id("member")?;
    let GiveReason { reason } = call.body()?;
    let caller = call.caller.clone();
    call.post_ok(move |tx| {
        let member = service::reinstate(tx, id, &caller, &reason)?;
        MemberBody::told(tx, member, &caller)
    })
    .await
}
