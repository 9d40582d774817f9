//! Behind the links of security letters: a form for a password. Each link works once.

use actix_web::http::StatusCode;
use serde::Deserialize;

use super::{
    pages::{PasswordFault, PasswordLink, PasswordPage},
    posted::Posted,
    visit::{Visit, html},
};
use crate::{
    auth::{one_time::MAILED_TOKENS, passwords, resets},
    db::Tx,
    http::Answer,
    kernel::{
        error::{Error, Refusal, Result},
        text::Password,
    },
    program::enrolment::service::sign_up,
};

/// `GET /confirm?token=`: a person's own sign-up.
pub async fn confirm(visit: Visit) -> Answer {
    ask(&visit, PasswordLink::Confirm)
}

/// `GET /password?token=`: a forgotten password.
pub async fn reset(visit: Visit) -> Answer {
    ask(&visit, PasswordLink::Password)
}

/// `GET /invitation?token=`: a new staff user.
pub async fn invitation(visit: Visit) -> Answer {
    ask(&visit, PasswordLink::Invitation)
}

fn ask(visit: &Visit, link: PasswordLink) -> Answer {
    page(visit, StatusCode::OK, link, visit.parameter("token"), None, false)
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
        return page(
            &visit,
            StatusCode::UNPROCESSABLE_ENTITY,
            link,
            token,
            Some(PasswordFault::Password),
            false,
        );
    };
    let wall = visit.store().clock().wall();
    visit.app.throttle.count(MAILED_TOKENS, &visit.address(), wall)?;
    let hash = passwords::hash(password, visit.store().chance()).await?;
    let brought = token.clone();
    match visit.store().write(move |tx| take(tx, &brought, &hash)).await {
        Ok(()) => page(&visit, StatusCode::OK, link, String::new(), None, true),
        Err(Error::Refused(Refusal::Invalid { .. })) => page(
            &visit,
            StatusCode::UNPROCESSABLE_ENTITY,
            link,
            token,
            Some(PasswordFault::Token),
            false,
        ),
        Err(error) => Err(error.into()),
    }
}

fn page(
    visit: &Visit,
    status: StatusCode,
    link: PasswordLink,
    token: String,
    fault: Option<PasswordFault>,
    done: bool,
) -> Answer {
    let page = PasswordPage { shell: visit.shell(), link, token, fault, done };
    html(status, visit.pages.render_password(&page))
}
