//! `POST /v1/members` and `/v1/members/confirm`.

use actix_web::{HttpResponse, http::StatusCode, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Enrolment, Letters, service,
    service::sign_up::{self, Confirmed},
};
use crate::{
    members::{MemberBody, likeness::Hints},
    referrals::codes,
};
use platform::{
    auth::{
        Caller, Realm,
        one_time::{MAILED_TOKENS, TOKENS_TO_ONE},
        passwords,
    },
    http::{Answer, Call, Problem, limits::UNKNOWN_CODES},
    kernel::{
        error::{FieldError, Refusal},
        locale::Locale,
        text::{Birthday, Country, Email, ExternalId, Line, Name, Password},
        zone::Zone,
    },
};

/// A member to be.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMember {
    email: Email,
    given_name: Name,
    family_name: Option<Name>,
    /// BCP 47; the program's where it is left out.
    locale: Option<Locale>,
    /// IANA; the program's where it is left out.
    time_zone: Option<Zone>,
    country: Option<Country>,
    /// `MM-DD` or `YYYY-MM-DD`.
    birthday: Option<Birthday>,
    /// By storefront and staff.
    external_id: Option<ExternalId>,
    /// Of the member who brought this one; hyphens, spaces and case don't matter.
    referral_code: Option<Line<100>>,
    /// By storefront and staff: what may tell who is who, for referrals that are doubted.
    hints: Option<Hints>,
    /// 8 to 200 characters. Required of those who sign up by themselves.
    password: Option<Password>,
    marketing_consent: Option<bool>,
}

impl NewMember {
    fn parts(self) -> (Enrolment, Option<Password>) {
        let enrolment = Enrolment {
            email: self.email,
            given_name: self.given_name,
            family_name: self.family_name,
            locale: self.locale,
            time_zone: self.time_zone,
            country: self.country,
            birthday: self.birthday,
            external_id: self.external_id,
            referral_code: self.referral_code.map(Line::into_string),
            hints: self.hints.unwrap_or_default(),
            marketing_consent: self.marketing_consent.unwrap_or(false),
            enrolled_at: None,
            password_hash: None,
        };
        (enrolment, self.password)
    }
}

/// Nothing to say: what happened is told by mail.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({}))]
#[serde(deny_unknown_fields)]
pub struct LetterOnItsWay {}

/// Enrol a member; or, without credentials, ask to become one.
///
/// By a storefront or staff: 201 and the member. By a person without credentials: always 202, in
/// like time, whether the e-mail has a member or not; the token of the letter goes to
/// `/v1/members/confirm` with the password, and until then nothing exists. That way ignores
/// `Idempotency-Key`, and an unknown `referral_code` does not stand in its way.
/// Refusals: `forbidden`, `invalid_request`, `email_taken`, `external_id_conflict`,
/// `too_many_requests`.
#[utoipa::path(
    operation_id = "enrolMember",
    tag = "Members",
    request_body(
        content = NewMember,
        example = json!({
            "email": "anna@example.com", "given_name": "Anna", "family_name": "Jónsdóttir",
            "locale": "is", "time_zone": "Atlantic/Reykjavik", "country": "IS", "birthday": "02-29",
            "external_id": "c-1042", "marketing_consent": true
        })
    ),
    responses((status = 201, body = MemberBody), (status = 202, body = LetterOnItsWay))
)]
#[post("/v1/members")]
pub async fn create(call: Call) -> Answer {
    if call.caller == Caller::Anonymous {
        return ask_to_join(&call).await;
    }
    let (mut enrolment, password) = call.body::<NewMember>()?.parts();
    let (who, wall) = (call.caller.label(), call.store().clock().wall());
    if enrolment.referral_code.is_some() {
        call.app.throttle.check(UNKNOWN_CODES, &who, wall)?;
    }
    if let Some(password) = password {
        enrolment.password_hash = Some(passwords::hash(password, call.store().chance()).await?);
    }
    let by = call.caller.clone();
    let outcome = call
        .post_created(move |tx| {
            service::enrol(tx, &enrolment, &by, Letters::Send).map(MemberBody::from)
        })
        .await;
    if outcome.as_ref().is_err_and(names_unknown_code) {
        call.app.throttle.count(UNKNOWN_CODES, &who, wall)?;
    }
    outcome
}

fn names_unknown_code(problem: &Problem) -> bool {
    let pointer = problem.json().pointer("/errors/0/pointer");
    pointer.and_then(serde_json::Value::as_str) == Some("/referral_code")
}

async fn ask_to_join(call: &Call) -> Answer {
    call.query()?;
    let (mut enrolment, password) = call.body::<NewMember>()?.parts();
    if password.is_none() {
        let pointer = "/password".to_owned();
        let message = "is required of those who sign up by themselves".to_owned();
        let missing = FieldError { pointer, code: "required", message };
        return Err(Refusal::Invalid { errors: vec![missing] }.into());
    }
    if enrolment.external_id.is_some() {
        let why = "is given by the storefront, not by those who sign up by themselves";
        return Err(Refusal::field("/external_id", why).into());
    }
    if !enrolment.hints.is_empty() {
        let why = "are given by the storefront, not by those who sign up by themselves";
        return Err(Refusal::field("/hints", why).into());
    }
    if enrolment.referral_code.is_none() {
        enrolment.referral_code = call.cookie(codes::COOKIE);
    }
    let wall = call.store().clock().wall();
    call.app.throttle.count(MAILED_TOKENS, &call.address(), wall)?;
    let account = format!("{} {}", Realm::Member, enrolment.email.key());
    call.app.throttle.count(TOKENS_TO_ONE, &account, wall)?;
    call.store().write(move |tx| sign_up::request(tx, enrolment.clone())).await?;
    Ok(HttpResponse::Accepted().json(LetterOnItsWay {}))
}

/// The token of the letter, and the password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    token: String,
    /// 8 to 200 characters.
    password: Password,
}

/// Confirm a sign-up by the token of its letter.
///
/// Makes the member (201), or sets the password of the one that the e-mail has already (200),
/// whose sessions end.
/// Refusals: `invalid_request`, `too_many_requests`.
#[utoipa::path(
    operation_id = "confirmMember",
    tag = "Members",
    request_body(
        content = Confirmation,
        example = json!({"token": "vo_9Qx3…", "password": "correct horse battery staple"})
    ),
    responses((status = 201, body = MemberBody), (status = 200, body = MemberBody))
)]
#[post("/v1/members/confirm")]
pub async fn confirm(call: Call) -> Answer {
    let Confirmation { token, password } = call.body()?;
    let wall = call.store().clock().wall();
    call.app.throttle.count(MAILED_TOKENS, &call.address(), wall)?;
    let hash = passwords::hash(password, call.store().chance()).await?;
    call.post(move |tx| {
        let (status, member) = match sign_up::confirm(tx, &token, &hash)? {
            Confirmed::Enrolled(member) => (StatusCode::CREATED, member),
            Confirmed::PasswordSet(member) => (StatusCode::OK, member),
        };
        Ok((status, MemberBody::told(tx, member, &Caller::Anonymous)?))
    })
    .await
}
