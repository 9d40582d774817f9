//! `POST /v1/members/confirm-email`.

use actix_web::post;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::members::service;
use platform::{
    auth::one_time::MAILED_TOKENS,
    http::{Answer, Call, Reply},
    kernel::id::MemberId,
};

/// The token of the letter.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EmailConfirmation {
    token: String,
}

/// An address that was confirmed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConfirmedEmail {
    member_id: MemberId,
    #[schema(example = "anna@example.com")]
    email: String,
}

impl Reply for ConfirmedEmail {
    fn members(&self) -> Vec<MemberId> {
        vec![self.member_id]
    }
}

/// Confirm a new e-mail address by the token of its letter. The old address is told.
///
/// Refusals: `invalid_request`, `email_taken`, `too_many_requests`.
#[utoipa::path(
    operation_id = "confirmEmail",
    tag = "Members",
    request_body(content = EmailConfirmation, example = json!({"token": "vo_9Qx3…"})),
    responses((status = 200, body = ConfirmedEmail))
)]
#[post("/v1/members/confirm-email")]
pub async fn confirm_email(call: Call) -> Answer {
    let EmailConfirmation { token } = call.body()?;
    let wall = call.store().clock().wall();
    call.app.throttle.count(MAILED_TOKENS, &call.address(), wall)?;
    call.post_ok(move |tx| {
        let member = service::address::confirm(tx, &token)?;
        Ok(ConfirmedEmail { member_id: member.id, email: member.email.unwrap_or_default() })
    })
    .await
}
