//! Sitting down at a desk, and leaving it.

use actix_web::{HttpResponse, http::StatusCode};
use serde::{Deserialize, Serialize};

use super::{
    desk::{Desk, Sent, frame, refused},
    frame::{Frame, Who, status},
};
use crate::web::{
    cookie,
    posted::{Nothing, Posted},
    visit::{Visit, html, see_other_with},
};
use platform::{
    auth::{Realm, api::sessions::recognise, sessions, tokens::Subject, users},
    db::{Tx, meta},
    http::Answer,
    kernel::{
        error::{Refusal, Result},
        id::UserId,
        page::Page,
        text::Email,
    },
};

#[derive(Serialize)]
struct SignInPage {
    #[serde(flatten)]
    frame: Frame,
    email: String,
    to: String,
    /// The demo's own staff, to sit down as with one click.
    staff: Vec<Offered>,
}

#[derive(Serialize)]
struct Offered {
    id: String,
    #[serde(flatten)]
    who: Who,
}

/// `GET /console/sign-in`
pub async fn form(visit: Visit) -> Answer {
    let to = visit.parameter("to");
    show(&visit, None, String::new(), to).await
}

async fn show(visit: &Visit, fault: Option<&Refusal>, email: String, to: String) -> Answer {
    let offered = |tx: &mut Tx<'_>| {
        if !meta::is_demo(tx)? {
            return Ok(Vec::new());
        }
        let mut all = users::list(tx, &Page::first(6), |all| all)?.data;
        all.reverse();
        Ok(all)
    };
    let staff = if visit.app.demo_mailbox.is_some() {
        visit.store().read(offered).await?
    } else {
        Vec::new()
    };
    let staff = staff.iter().map(|user| Offered { id: user.id.to_string(), who: user.into() });
    let page = SignInPage {
        frame: frame(visit, "sign_in", fault),
        email,
        to: within(&to).to_owned(),
        staff: staff.collect(),
    };
    let status = fault.map_or(StatusCode::OK, status);
    html(status, visit.pages.render_console("sign_in", &page))
}

/// A page of the console to go on to: never another site's.
fn within(to: &str) -> &str {
    let inside = to == "/console" || to.starts_with("/console/") || to.starts_with("/console?");
    if inside && !to.contains(['\\', '\r', '\n']) { to } else { "/console" }
}

/// The form to sign in with.
#[derive(Deserialize)]
pub struct SignIn {
    email: String,
    password: String,
    #[serde(default)]
    to: String,
}

/// `POST /console/sign-in`: as `POST /v1/sessions`, for staff.
pub async fn sign_in(Posted { visit, form }: Posted<SignIn>) -> Answer {
    match refused(recognised(&visit, &form).await)? {
        Ok((user, hash)) => Ok(sit_down(&visit, user, Some(hash), &form.to).await?),
        Err(refusal) => show(&visit, Some(&refusal), form.email, form.to).await,
    }
}

async fn recognised(visit: &Visit, form: &SignIn) -> Result<(Subject, String)> {
    const WRONG: Refusal = Refusal::Unauthenticated("the e-mail or the password is wrong");
    let email: Email = form.email.parse().map_err(|_| WRONG)?;
    recognise(&visit.app, &visit.address(), Realm::Staff, email, &form.password).await
}

/// `POST /console/sign-in/as/{id}`: one click, for the demo's own staff.
pub async fn sign_in_as(Posted { visit, .. }: Posted<Nothing>) -> Answer {
    let unknown = || Refusal::not_found("user");
    let id: UserId = visit.path("id").parse().map_err(|_| unknown())?;
    if visit.app.demo_mailbox.is_none() {
        return Err(unknown().into());
    }
    let find = move |tx: &mut Tx<'_>| {
        if meta::is_demo(tx)? { users::get(tx, id) } else { Err(unknown().into()) }
    };
    let user = visit.store().read(find).await?;
    Ok(sit_down(&visit, Subject::User(user.id, user.role), None, "").await?)
}

async fn sit_down(
    visit: &Visit,
    subject: Subject,
    hash: Option<String>,
    to: &str,
) -> Result<HttpResponse> {
    let device = visit.device();
    let begin = move |tx: &mut Tx<'_>| {
        let session = match &hash {
            Some(hash) => sessions::begin_by_password(tx, subject, hash, cookie::LASTS, &device)?,
            None => sessions::begin(tx, subject, cookie::LASTS)?,
        };
        Ok((meta::key(tx)?, session))
    };
    let (key, session) = visit.store().write(begin).await?;
    let wall = visit.store().clock().wall();
    Ok(see_other_with(within(to), cookie::staff(&key, session, wall, visit.is_https())))
}

/// `POST /console/sign-out`
pub async fn sign_out(Sent { desk, .. }: Sent<Nothing>) -> Answer {
    let Desk { visit, session, .. } = desk;
    visit.store().write(move |tx| sessions::end(tx, session)).await?;
    Ok(see_other_with("/console/sign-in?done=signed_out", cookie::staff_out(visit.is_https())))
}

#[cfg(test)]
mod tests {
    use super::within;

    #[test]
    fn the_way_back_stays_inside() {
        for inside in ["/console", "/console/till?code=K7", "/console?done=x"] {
            assert_eq!(within(inside), inside);
        }
        for outside in [
            "",
            "//evil.example",
            "https://evil.example/console",
            "/consoles",
            "/",
            "/console/\\evil",
        ] {
            assert_eq!(within(outside), "/console", "{outside}");
        }
    }
}
