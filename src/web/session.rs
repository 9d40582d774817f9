//! Signing in and out on the pages of the demo.

use actix_web::{HttpResponse, http::StatusCode};
use serde::Deserialize;

use super::{
    cookie,
    pages::Notice,
    shop,
    visit::{Nothing, Posted, Visit, see_other_with},
};
use crate::{
    auth::{Realm, api::sessions::recognise, tokens::Subject},
    db::meta,
    http::Answer,
    kernel::{
        error::{Error, Refusal, Result},
        id::MemberId,
        text::Email,
    },
    program::members::{self, MemberStatus},
};

/// The form to sign in with.
#[derive(Deserialize)]
pub struct SignIn {
    email: String,
    password: String,
}

/// `POST /session`: as `POST /v1/sessions`, for members.
pub async fn sign_in(Posted { visit, form }: Posted<SignIn>) -> Answer {
    let (status, notice) = match recognised(&visit, &form).await {
        Ok(member) => return Ok(signed_in(&visit, member).await?),
        Err(Error::Refused(Refusal::TooManyRequests { .. })) => {
            (StatusCode::TOO_MANY_REQUESTS, Notice::TooManyTries)
        }
        Err(Error::Refused(_)) => (StatusCode::UNAUTHORIZED, Notice::WrongCredentials),
        Err(error) => return Err(error.into()),
    };
    shop::home_with(&visit, status, Some(notice), form.email).await
}

async fn recognised(visit: &Visit, form: &SignIn) -> Result<MemberId> {
    const WRONG: Refusal = Refusal::Unauthenticated("the e-mail or the password is wrong");
    let email: Email = form.email.parse().map_err(|_| WRONG)?;
    let address = visit.address();
    match recognise(&visit.app, &address, Realm::Member, email, &form.password).await?.0 {
        Subject::Member(member) => Ok(member),
        Subject::User(..) => Err(WRONG.into()),
    }
}

/// `POST /session/as/{member_id}`: one click, for the demo's own customers.
pub async fn sign_in_as(Posted { visit, .. }: Posted<Nothing>) -> Answer {
    let unknown = Refusal::not_found("member");
    let member: MemberId = visit.path("member_id").parse().map_err(|_| unknown.clone())?;
    let found = visit
        .store()
        .read(
            move |tx| if meta::is_demo(tx)? { members::store::find(tx, member) } else { Ok(None) },
        )
        .await?;
    found.filter(|member| member.status != MemberStatus::Erased).ok_or(unknown)?;
    Ok(signed_in(&visit, member).await?)
}

async fn signed_in(visit: &Visit, member: MemberId) -> Result<HttpResponse> {
    let key = visit.store().write(meta::key).await?;
    let wall = visit.store().clock().wall();
    Ok(see_other_with("/", cookie::sign_in(&key, member, wall)))
}

/// `POST /session/end`
pub async fn sign_out(_: Posted<Nothing>) -> Answer {
    Ok(see_other_with("/?notice=signed_out", cookie::sign_out()))
}
