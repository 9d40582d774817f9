//! Behind an unsubscribe link: a page that asks, and the one click that switches off (RFC 8058).
//! Who has the link needs no session, and it can do nothing else.

use actix_web::http::StatusCode;

use super::{
    pages::UnsubscribePage,
    visit::{Visit, html},
};
use crate::{
    db::meta,
    http::Answer,
    kernel::{
        error::{Refusal, Result},
        id::MemberId,
    },
    messaging::{letters::Preference, preferences, unsubscribe::read_token},
};

/// `GET /unsubscribe/{token}`: shows what it is about, and changes nothing.
pub async fn ask(visit: Visit) -> Answer {
    let (_, preference) = opened(&visit).await?;
    page(&visit, preference, false)
}

/// `POST /unsubscribe/{token}`: by the page's button, or by a mail program on its own.
pub async fn switch_off(visit: Visit) -> Answer {
    let (member, preference) = opened(&visit).await?;
    visit.store().write(move |tx| preferences::set(tx, member, preference, false)).await?;
    page(&visit, preference, true)
}

async fn opened(visit: &Visit) -> Result<(MemberId, Preference)> {
    let token = visit.path("token");
    let key = visit.store().read(meta::known_key).await?;
    let read = key.and_then(|key| read_token(&key, &token));
    Ok(read.ok_or(Refusal::not_found("letter to switch off"))?)
}

fn page(visit: &Visit, preference: Preference, done: bool) -> Answer {
    let page = UnsubscribePage {
        shell: visit.shell(),
        token: visit.path("token"),
        preference: preference.name().to_owned(),
        done,
    };
    html(StatusCode::OK, visit.pages.render_unsubscribe(&page))
}
