//! `/v1/password-resets`.

use actix_web::{http::StatusCode, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    auth::{
        Realm,
        one_time::{MAILED_TOKENS, TOKENS_TO_ONE},
        passwords, resets,
    },
    http::{Answer, Call, Reply},
    kernel::{
        id::MemberId,
        text::{Email, Password},
    },
};

/// Whose password was forgotten.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetRequest {
    email: Email,
    /// `member` where it is left out.
    #[serde(default = "members")]
    realm: Realm,
}

const fn members() -> Realm {
    Realm::Member
}

/// Nothing to say: what happened is told by mail.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({}))]
#[serde(deny_unknown_fields)]
pub struct Accepted {}

/// Ask for a new password.
///
/// The account of this e-mail gets a letter with a one-time token. The answer is the same whether
/// there is one or not.
/// Refusals: `invalid_request`, `too_many_requests`.
#[utoipa::path(
    operation_id = "requestPasswordReset",
    tag = "Sessions",
    request_body(content = ResetRequest, example = json!({"email": "anna@example.com", "realm": "member"})),
    responses((status = 202, body = Accepted))
)]
#[post("/v1/password-resets")]
pub async fn request(call: Call) -> Answer {
    let ResetRequest { email, realm } = call.body()?;
    let wall = call.store().clock().wall();
    call.app.throttle.count(MAILED_TOKENS, &call.address(), wall)?;
    call.app.throttle.count(TOKENS_TO_ONE, &format!("{realm} {}", email.key()), wall)?;
    call.post(move |tx| {
        resets::request(tx, realm, &email)?;
        Ok((StatusCode::ACCEPTED, Accepted {}))
    })
    .await
}

impl Reply for Accepted {
    fn members(&self) -> Vec<MemberId> {
        Vec::new()
    }
}

/// The token of the letter, and the new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetConfirmation {
    token: String,
    /// 8 to 200 characters.
    password: Password,
}

/// Where the new password can be used.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"realm": "member"}))]
pub struct PasswordSet {
    realm: Realm,
}

impl Reply for PasswordSet {
    fn members(&self) -> Vec<MemberId> {
        Vec::new()
    }
}

/// Set a password by the token of a reset's or an invitation's letter.
///
/// Ends the sessions that the old password opened.
/// Refusals: `invalid_request`, `too_many_requests`.
#[utoipa::path(
    operation_id = "confirmPasswordReset",
    tag = "Sessions",
    request_body(
        content = ResetConfirmation,
        example = json!({"token": "vo_9Qx3…", "password": "correct horse battery staple"})
    ),
    responses((status = 200, body = PasswordSet))
)]
#[post("/v1/password-resets/confirm")]
pub async fn confirm(call: Call) -> Answer {
    let ResetConfirmation { token, password } = call.body()?;
    let wall = call.store().clock().wall();
    call.app.throttle.count(MAILED_TOKENS, &call.address(), wall)?;
    let hash = passwords::hash(password, call.store().chance()).await?;
    call.post_ok(move |tx| Ok(PasswordSet { realm: resets::confirm(tx, &token, &hash)? })).await
}
