//! The demo's samples: every letter, as the shop would send it.

use actix_web::{HttpResponse, http::StatusCode};

use super::{
    mailbox::framed,
    pages::{SampleLine, SamplesPage},
    visit::{Visit, html},
};
use platform::{
    http::Answer,
    kernel::{
        error::{Error, Refusal, Result},
        locale::Language,
    },
    messaging::letters::{Letter, Rendered, Sender, render},
};

/// `GET /demo/letters`
pub async fn list(visit: Visit) -> Answer {
    let sender = sender(&visit);
    let line = |(number, letter): (usize, Letter)| {
        let written = render(&letter, visit.language, &sender).map_err(Error::internal)?;
        let (template, subject) = (letter.template().to_owned(), written.subject);
        Ok(SampleLine { number, template, subject })
    };
    let samples =
        Letter::samples().into_iter().enumerate().map(line).collect::<Result<Vec<_>>>()?;
    let page = SamplesPage { shell: visit.shell(), samples };
    html(StatusCode::OK, visit.pages.render_samples(&page))
}

/// `GET /demo/letters/{number}/{language}`, with `.txt` behind it for the plain text.
pub async fn show(visit: Visit) -> Answer {
    let unknown = || Refusal::not_found("letter");
    let number: usize = visit.path("number").parse().map_err(|_| unknown())?;
    let form = visit.path("form");
    let (tag, plain) = match form.strip_suffix(".txt") {
        Some(tag) => (tag, true),
        None => (form.as_str(), false),
    };
    let language = Language::of_tag(tag).ok_or_else(unknown)?;
    let letter = Letter::samples().into_iter().nth(number).ok_or_else(unknown)?;
    let written: Rendered = render(&letter, language, &sender(&visit)).map_err(Error::internal)?;
    if plain {
        let text = format!("Subject: {}\n\n{}", written.subject, written.text);
        return Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(text));
    }
    Ok(framed(&written.standalone()))
}

fn sender(visit: &Visit) -> Sender {
    let unsubscribe_url = Some(visit.settings.link("/unsubscribe/a-sample"));
    Sender { unsubscribe_url, ..visit.settings.sender() }
}
