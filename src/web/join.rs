//! Becoming a member in the demo's shop: as `POST /v1/members` without credentials.

use serde::Deserialize;

use super::{posted::Posted, visit::see_other};
use platform::{
    auth::one_time::MAILED_TOKENS,
    http::Answer,
    kernel::{
        error::Refusal,
        locale::Locale,
        text::{Email, Name},
    },
};
use program::{
    enrolment::{Enrolment, service::sign_up},
    members::likeness::Hints,
    referrals::codes::COOKIE,
};

/// The form of the home.
#[derive(Deserialize)]
pub struct Join {
    given_name: String,
    email: String,
}

/// `POST /join`: a letter asks for the rest. The code comes from the link that led here.
pub async fn ask(Posted { visit, form }: Posted<Join>) -> Answer {
    let wall = visit.store().clock().wall();
    visit.app.throttle.count(MAILED_TOKENS, &visit.address(), wall)?;
    let given_name: Name =
        form.given_name.parse().map_err(|why| Refusal::field("/given_name", format!("{why}")))?;
    let email: Email =
        form.email.parse().map_err(|why| Refusal::field("/email", format!("{why}")))?;
    let enrolment = Enrolment {
        email,
        given_name,
        family_name: None,
        locale: Some(Locale::from(visit.language)),
        time_zone: None,
        country: None,
        birthday: None,
        external_id: None,
        referral_code: visit.cookie(COOKIE),
        hints: Hints::default(),
        marketing_consent: false,
        enrolled_at: None,
        password_hash: None,
    };
    visit.store().write(move |tx| sign_up::request(tx, enrolment.clone())).await?;
    Ok(see_other("/?notice=join_asked"))
}
