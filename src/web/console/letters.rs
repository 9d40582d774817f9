//! What was written to people: a log with filters, and each letter as its reader sees it.

use serde::Serialize;

use super::{
    desk::{Desk, Sent, refused},
    frame::Frame,
    sheet::{self, cell},
};
use crate::web::{mailbox::framed, posted::Nothing, visit::see_other};
use platform::{
    db::Tx,
    http::{Answer, query::Query},
    kernel::{
        error::{Refusal, Result},
        id::LetterId,
    },
    messaging::{
        LetterState,
        log::{self, Sought, Written},
    },
};

#[derive(Serialize)]
struct LettersPage {
    #[serde(flatten)]
    frame: Frame,
    state: String,
    states: Vec<&'static str>,
    letters: Vec<Written>,
    next_cursor: Option<String>,
}

/// `GET /console/letters?state=&cursor=`
pub async fn list(desk: Desk) -> Answer {
    page(&desk, None).await
}

async fn page(desk: &Desk, fault: Option<&Refusal>) -> Answer {
    let query = match fault {
        None => Query::parse(desk.visit.query(), &["state", "cursor", "done"])?,
        Some(_) => Query::default(),
    };
    let state = query.text("state").unwrap_or_default().to_owned();
    let sought = sought(&query)?;
    let (page, sender) = (query.page()?, desk.visit.settings.sender());
    let read = move |tx: &mut Tx<'_>| log::list(tx, sought, &page, &sender);
    let listing = desk.store().read(read).await?;
    let page = LettersPage {
        frame: desk.frame("letters", fault),
        state,
        states: LetterState::ALL.iter().map(|state| state.as_str()).collect(),
        letters: listing.data,
        next_cursor: listing.next_cursor,
    };
    desk.page("letters", fault, &page)
}

fn sought(query: &Query) -> Result<Sought, Refusal> {
    let state = match query.text("state") {
        None | Some("") => None,
        Some(_) => query.get::<LetterState>("state")?,
    };
    Ok(Sought { member: None, state })
}

/// `GET /console/letters.csv?state=`
pub async fn csv(desk: Desk) -> Answer {
    let sought = sought(&Query::parse(desk.visit.query(), &["state"])?)?;
    let columns = [
        "id",
        "member_id",
        "to",
        "template",
        "locale",
        "state",
        "attempts",
        "subject",
        "queued_at",
        "sent_at",
        "last_error",
    ];
    let sender = desk.visit.settings.sender();
    sheet::file(&desk, "letters", columns, move |tx, page| {
        Ok(log::list(tx, sought, page, &sender)?.map(|letter| {
            [
                letter.id.to_string(),
                cell(letter.member_id),
                letter.to,
                letter.template,
                letter.locale,
                letter.state.to_string(),
                letter.attempts.to_string(),
                cell(letter.subject),
                letter.queued_at.to_string(),
                cell(letter.sent_at),
                cell(letter.last_error),
            ]
        }))
    })
}

#[derive(Serialize)]
struct LetterPage {
    #[serde(flatten)]
    frame: Frame,
    id: String,
    subject: String,
    text: String,
}

fn id(desk: &Desk) -> Result<LetterId, Refusal> {
    desk.visit.path("id").parse().map_err(|_| Refusal::not_found("letter"))
}

/// `GET /console/letters/{id}`: as its reader sees it, codes and links with tokens blotted out.
pub async fn show(desk: Desk) -> Answer {
    let (id, sender) = (id(&desk)?, desk.visit.settings.sender());
    let letter = desk.store().read(move |tx| log::preview(tx, id, &sender)).await?;
    let frame = desk.frame("letters", None);
    let page = LetterPage { frame, id: id.to_string(), subject: letter.subject, text: letter.text };
    desk.page("letter", None, &page)
}

/// `GET /console/letters/{id}/html`: what stands in the frame.
pub async fn html(desk: Desk) -> Answer {
    let (id, sender) = (id(&desk)?, desk.visit.settings.sender());
    let letter = desk.store().read(move |tx| log::preview(tx, id, &sender)).await?;
    Ok(framed(&letter.html))
}

/// `POST /console/letters/{id}/retry`
pub async fn retry(Sent { desk, .. }: Sent<Nothing>) -> Answer {
    let (id, sender) = (id(&desk)?, desk.visit.settings.sender());
    let retry = move |tx: &mut Tx<'_>| log::retry(tx, id, &sender);
    match refused(desk.store().write(retry).await)? {
        Ok(_) => Ok(see_other("/console/letters?done=letter_retried")),
        Err(refusal) => page(&desk, Some(&refusal)).await,
    }
}
