//! Behind the links of security letters: a form for a password. Each link works once.

use actix_web::http::StatusCode;
use serde::Deserialize;

use super::{
    pages::{Door, PasswordPage, Slip},
    visit::{Posted, Visit, html},
};
use crate::{
    auth::{one_time::MAILED_TOKENS, passwords, resets},
    db::Tx,
    http::Answer,
    kernel::{
        error::{Error, Refusal, Result},
        text::Password,
    },
    program::enrolment::sign_up,
};

/// `GET /confirm?token=`: a person's own sign-up.
pub async fn confirm(visit: Visit) -> Answer {
    ask(&visit, Door::Confirm)
}

/// `GET /password?token=`: a forgotten password.
pub async fn reset(visit: Visit) -> Answer {
    ask(&visit, Door::Password)
}

/// `GET /invitation?token=`: a new staff user.
pub async fn invitation(visit: Visit) -> Answer {
    ask(&visit, Door::Invitation)
}

fn ask(visit: &Visit, door: Door) -> Answer {
    page(visit, StatusCode::OK, door, visit.parameter("token"), None, false)
}

/// The form of all three.
#[derive(Deserialize)]
pub struct NewPassword {
    token: String,
    password: String,
}

/// `POST /confirm`: as `POST /v1/members/confirm`.
pub async fn confirmed(posted: Posted<NewPassword>) -> Answer {
    set(posted, Door::Confirm, |tx, token, hash| sign_up::confirm(tx, token, hash).map(drop)).await
}

/// `POST /password`: as `POST /v1/password-resets/confirm`.
pub async fn was_reset(posted: Posted<NewPassword>) -> Answer {
    set(posted, Door::Password, |tx, token, hash| resets::confirm(tx, token, hash).map(drop)).await
}

/// `POST /invitation`: the same.
pub async fn accepted(posted: Posted<NewPassword>) -> Answer {
    set(posted, Door::Invitation, |tx, token, hash| resets::confirm(tx, token, hash).map(drop))
        .await
}

type Use = fn(&mut Tx<'_>, &str, &str) -> Result<()>;

async fn set(Posted { visit, form }: Posted<NewPassword>, door: Door, take: Use) -> Answer {
    let NewPassword { token, password } = form;
    let Ok(password) = password.parse::<Password>() else {
        return page(
            &visit,
            StatusCode::UNPROCESSABLE_ENTITY,
            door,
            token,
            Some(Slip::Password),
            false,
        );
    };
    let wall = visit.store().clock().wall();
    visit.app.throttle.count(MAILED_TOKENS, &visit.address(), wall)?;
    let hash = passwords::hash(password, visit.store().chance()).await?;
    let brought = token.clone();
    match visit.store().write(move |tx| take(tx, &brought, &hash)).await {
        Ok(()) => page(&visit, StatusCode::OK, door, String::new(), None, true),
        Err(Error::Refused(Refusal::Invalid(_))) => {
            page(&visit, StatusCode::UNPROCESSABLE_ENTITY, door, token, Some(Slip::Token), false)
        }
        Err(error) => Err(error.into()),
    }
}

fn page(
    visit: &Visit,
    status: StatusCode,
    door: Door,
    token: String,
    slip: Option<Slip>,
    done: bool,
) -> Answer {
    let page = PasswordPage { shell: visit.shell(), door, token, slip, done };
    html(status, visit.pages.render_password(&page))
}
