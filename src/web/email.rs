//! Behind the link of a letter that asks a new address: a page with one button, so that a mail
//! program that looks at links confirms nothing.

use actix_web::http::StatusCode;
use serde::Deserialize;

use super::{
    pages::EmailPage,
    posted::Posted,
    visit::{Visit, html},
};
use platform::{
    auth::one_time::{self, MAILED_TOKENS, Purpose},
    db::Tx,
    http::Answer,
    kernel::error::{Error, Refusal},
};
use program::members::service::address;

/// `GET /email?token=`
pub async fn ask(visit: Visit) -> Answer {
    let token = visit.parameter("token");
    let brought = token.clone();
    let read = move |tx: &mut Tx<'_>| one_time::is_good(tx, &[Purpose::EmailChange], &brought);
    if visit.store().read(read).await? {
        page(&visit, StatusCode::OK, token, "ask")
    } else {
        page(&visit, StatusCode::GONE, String::new(), "lost")
    }
}

/// The form of the page.
#[derive(Deserialize)]
pub struct Token {
    token: String,
}

/// `POST /email`: as `POST /v1/members/confirm-email`.
pub async fn confirm(Posted { visit, form }: Posted<Token>) -> Answer {
    let wall = visit.store().clock().wall();
    visit.app.throttle.count(MAILED_TOKENS, &visit.address(), wall)?;
    let Token { token } = form;
    match visit.store().write(move |tx| address::confirm(tx, &token)).await {
        Ok(_) => page(&visit, StatusCode::OK, String::new(), "done"),
        Err(Error::Refused(Refusal::Invalid { .. } | Refusal::EmailTaken { .. })) => {
            page(&visit, StatusCode::GONE, String::new(), "lost")
        }
        Err(error) => Err(error.into()),
    }
}

fn page(visit: &Visit, status: StatusCode, token: String, step: &'static str) -> Answer {
    let page = EmailPage { shell: visit.shell(), token, step };
    html(status, visit.pages.render_email(&page))
}
