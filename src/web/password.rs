//! Behind the links of security letters: a form for a password. Each link works once.

use actix_web::http::StatusCode;
use serde::Deserialize;

use super::{
    pages::{PasswordLink, PasswordPage, PasswordStep},
    posted::Posted,
    visit::{Visit, html},
};
use platform::{
    auth::{
        Realm,
        one_time::{self, MAILED_TOKENS, Purpose, TOKENS_TO_ONE},
        passwords, resets,
    },
    db::Tx,
    http::Answer,
    kernel::{
        error::{Error, Refusal, Result},
        text::{Email, Password},
    },
};
use program::enrolment::service::sign_up;

/// `GET /confirm?token=`: a person's own sign-up.
pub async fn confirm(visit: Visit) -> Answer {
    ask(&visit, PasswordLink::Confirm, &[Purpose::SignUp]).await
}

/// `GET /password?token=`: a forgotten password.
pub async fn reset(visit: Visit) -> Answer {
    ask(&visit, PasswordLink::Password, &RESETS).await
}

/// `GET /invitation?token=`: a new staff user.
pub async fn invitation(visit: Visit) -> Answer {
    ask(&visit, PasswordLink::Invitation, &RESETS).await
}

/// What [`resets::confirm`] takes.
const RESETS: [Purpose; 2] = [Purpose::PasswordReset, Purpose::StaffInvitation];

/// Asks for a password; where the link is dead, says so before anybody thinks of one.
async fn ask(visit: &Visit, link: PasswordLink, purposes: &'static [Purpose]) -> Answer {
    let token = visit.parameter("token");
    let brought = token.clone();
    let read = move |tx: &mut Tx<'_>| one_time::is_good(tx, purposes, &brought);
    if visit.store().read(read).await? {
        page(visit, StatusCode::OK, link, PasswordStep::Ask { token })
    } else {
        lost(visit, link)
    }
}

/// The form of all three.
#[derive(Deserialize)]
pub struct NewPassword {
    token: String,
    password: String,
}

/// `POST /confirm`: as `POST /v1/members/confirm`.
pub async fn confirmed(posted: Posted<NewPassword>) -> Answer {
    set(posted, PasswordLink::Confirm, |tx, token, hash| {
        sign_up::confirm(tx, token, hash).map(drop)
    })
    .await
}

/// `POST /password`: as `POST /v1/password-resets/confirm`.
pub async fn was_reset(posted: Posted<NewPassword>) -> Answer {
    set(posted, PasswordLink::Password, |tx, token, hash| {
        resets::confirm(tx, token, hash).map(drop)
    })
    .await
}

/// `POST /invitation`: the same.
pub async fn accepted(posted: Posted<NewPassword>) -> Answer {
    set(posted, PasswordLink::Invitation, |tx, token, hash| {
        resets::confirm(tx, token, hash).map(drop)
    })
    .await
}

type Use = fn(&mut Tx<'_>, &str, &str) -> Result<()>;

async fn set(Posted { visit, form }: Posted<NewPassword>, link: PasswordLink, take: Use) -> Answer {
    let NewPassword { token, password } = form;
    let Ok(password) = password.parse::<Password>() else {
        let again = PasswordStep::Again { token };
        return page(&visit, StatusCode::UNPROCESSABLE_ENTITY, link, again);
    };
    let wall = visit.store().clock().wall();
    visit.app.throttle.count(MAILED_TOKENS, &visit.address(), wall)?;
    let hash = passwords::hash(password, visit.store().chance()).await?;
    match visit.store().write(move |tx| take(tx, &token, &hash)).await {
        Ok(()) => page(&visit, StatusCode::OK, link, PasswordStep::Done),
        Err(Error::Refused(Refusal::Invalid { .. })) => lost(&visit, link),
        Err(error) => Err(error.into()),
    }
}

/// The form of a dead link's page.
#[derive(Deserialize)]
pub struct Another {
    email: String,
    realm: Realm,
}

/// `POST /password/again`: as `POST /v1/password-resets`.
pub async fn ask_again(Posted { visit, form }: Posted<Another>) -> Answer {
    let (link, realm) = (PasswordLink::Password, form.realm);
    let Ok(email) = form.email.parse::<Email>() else {
        let typed = Some(form.email);
        let lost = PasswordStep::Lost { realm, typed };
        return page(&visit, StatusCode::UNPROCESSABLE_ENTITY, link, lost);
    };
    let wall = visit.store().clock().wall();
    visit.app.throttle.count(MAILED_TOKENS, &visit.address(), wall)?;
    visit.app.throttle.count(TOKENS_TO_ONE, &format!("{realm} {}", email.key()), wall)?;
    visit.store().write(move |tx| resets::request(tx, realm, &email)).await?;
    page(&visit, StatusCode::OK, link, PasswordStep::Asked)
}

fn lost(visit: &Visit, link: PasswordLink) -> Answer {
    let realm = visit.parameter("realm").parse().unwrap_or(Realm::Member);
    page(visit, StatusCode::GONE, link, PasswordStep::Lost { realm, typed: None })
}

fn page(visit: &Visit, status: StatusCode, link: PasswordLink, step: PasswordStep) -> Answer {
    let page = PasswordPage { shell: visit.shell(), link, step };
    html(status, visit.pages.render_password(&page))
}
