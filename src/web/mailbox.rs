//! The demo's mailbox: every letter that would have gone to somebody.

use std::{io, path::Path};

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
};

use super::{
    pages::{Header, LetterLine, LetterPage, MailboxPage},
    visit::{Visit, html},
};
use platform::{
    http::Answer,
    kernel::{
        clock::Timestamp,
        error::{Error, Refusal, Result},
    },
    messaging::mailbox::{self, Opened, Summary},
};

/// What a letter may do in its frame: show itself, and open links in a window of their own.
const FRAME: &str = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; \
                     frame-ancestors 'self'; form-action 'none'; base-uri 'self'";

/// `GET /demo/mailbox`
pub async fn list(visit: Visit) -> Answer {
    let letters = on_disk(&visit, mailbox::list).await?;
    let letters = letters.into_iter().map(line).collect();
    let page = MailboxPage { shell: visit.shell(), letters };
    html(StatusCode::OK, visit.pages.render_mailbox(&page))
}

/// `GET /demo/mailbox/{id}`
pub async fn show(visit: Visit) -> Answer {
    let letter = open(&visit).await?;
    let header = |(name, value): (&str, String)| Header { name: name.to_owned(), value };
    let page = LetterPage {
        shell: visit.shell(),
        letter: line(letter.summary),
        headers: letter.headers.into_iter().map(header).collect(),
        has_html: !letter.html.is_empty(),
        text: letter.text,
    };
    html(StatusCode::OK, visit.pages.render_letter(&page))
}

/// `GET /demo/mailbox/{id}/html`: what stands in the frame; its links leave the frame.
pub async fn frame(visit: Visit) -> Answer {
    let letter = open(&visit).await?.html;
    Ok(framed(&letter))
}

/// A letter's html in a frame, which its links leave.
pub fn framed(html: &str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, FRAME))
        .body(html.replacen("<head>", "<head><base target=\"_blank\">", 1))
}

async fn open(visit: &Visit) -> Result<Opened> {
    let file = visit.path("id");
    let letter = on_disk(visit, move |folder| mailbox::open(folder, &file)).await?;
    letter.ok_or_else(|| Refusal::not_found("letter").into())
}

fn line(letter: Summary) -> LetterLine {
    LetterLine {
        id: letter.file,
        subject: letter.subject,
        from: letter.from,
        to: letter.to,
        sent_at: letter.date.unwrap_or(Timestamp::UNIX_EPOCH),
    }
}

/// Looks into the mailbox's folder, where it keeps nobody waiting.
pub async fn on_disk<T: Send + 'static>(
    visit: &Visit,
    look: impl FnOnce(&Path) -> io::Result<T> + Send + 'static,
) -> Result<T> {
    let folder = visit.app.demo_mailbox.clone().ok_or(Refusal::not_found("mailbox"))?;
    let looked = tokio::task::spawn_blocking(move || look(&folder)).await;
    looked.map_err(Error::internal)?.map_err(Error::internal)
}
