//! Signing in and out on the pages of the demo.

use actix_web::{HttpResponse, http::StatusCode};
use serde::Deserialize;

use super::{
    cookie,
    pages::Notice,
    posted::{Nothing, Posted},
    shop,
    visit::{Visit, see_other_with},
};
use platform::{
    auth::{Realm, api::sessions::recognise, sessions, tokens::Subject},
    db::{Tx, meta},
    http::Answer,
    kernel::{
        error::{Error, Refusal, Result},
        id::MemberId,
        text::Email,
    },
};
use program::members::{self, MemberStatus};

/// The form to sign in with.
#[derive(Deserialize)]
pub struct SignIn {
    email: String,
    password: String,
}

/// `POST /session`: as `POST /v1/sessions`, for members.
pub async fn sign_in(Posted { visit, form }: Posted<SignIn>) -> Answer {
    let signed_in = match recognised(&visit, &form).await {
        Ok((member, hash)) => signed_in(&visit, member, Some(hash)).await,
        Err(error) => Err(error),
    };
    let (status, notice) = match signed_in {
        Ok(answer) => return Ok(answer),
        Err(Error::Refused(Refusal::Forbidden(_))) => (StatusCode::FORBIDDEN, Notice::Suspended),
        Err(Error::Refused(Refusal::TooManyRequests { .. })) => {
            (StatusCode::TOO_MANY_REQUESTS, Notice::TooManyTries)
        }
        Err(Error::Refused(_)) => (StatusCode::UNAUTHORIZED, Notice::WrongCredentials),
        Err(error) => return Err(error.into()),
    };
    shop::home_with(&visit, status, Some(notice), form.email).await
}

async fn recognised(visit: &Visit, form: &SignIn) -> Result<(MemberId, String)> {
    const WRONG: Refusal = Refusal::Unauthenticated("the e-mail or the password is wrong");
    let email: Email = form.email.parse().map_err(|_| WRONG)?;
    let address = visit.address();
    match recognise(&visit.app, &address, Realm::Member, email, &form.password).await? {
        (Subject::Member(member), hash) => Ok((member, hash)),
        (Subject::User(..), _) => Err(WRONG.into()),
    }
}

/// `POST /session/as/{member_id}`: one click, for the demo's own customers.
pub async fn sign_in_as(Posted { visit, .. }: Posted<Nothing>) -> Answer {
    let unknown = Refusal::not_found("member");
    let member: MemberId = visit.path("member_id").parse().map_err(|_| unknown.clone())?;
    let found = visit
        .store()
        .read(
            move |tx| {
                if meta::is_demo(tx)? { members::service::find(tx, member) } else { Ok(None) }
            },
        )
        .await?;
    found.filter(|member| member.status != MemberStatus::Erased).ok_or(unknown)?;
    Ok(signed_in(&visit, member, None).await?)
}

/// Opens a session, by the password that matched `hash` or by one click.
async fn signed_in(visit: &Visit, member: MemberId, hash: Option<String>) -> Result<HttpResponse> {
    let device = visit.device();
    let begin = move |tx: &mut Tx<'_>| {
        let subject = Subject::Member(member);
        let session = match &hash {
            Some(hash) => sessions::begin_by_password(tx, subject, hash, cookie::LASTS, &device)?,
            None => sessions::begin(tx, subject, cookie::LASTS)?,
        };
        Ok((meta::key(tx)?, session))
    };
    let (key, session) = visit.store().write(begin).await?;
    let wall = visit.store().clock().wall();
    Ok(see_other_with("/", cookie::sign_in(&key, session, wall)))
}

/// `POST /session/end`
pub async fn sign_out(Posted { visit, .. }: Posted<Nothing>) -> Answer {
    visit.end_session().await?;
    Ok(see_other_with("/?notice=signed_out", cookie::sign_out()))
}
