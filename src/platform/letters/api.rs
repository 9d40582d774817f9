//! `/v1/letters`.

use actix_web::{get, post};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    http::{Answer, Call, Reply, query::Paging},
    kernel::{
        id::{LetterId, MemberId},
        page::Listing,
    },
    messaging::{
        LetterState,
        log::{self, Sought, Written},
    },
    settings,
};

impl Reply for Written {
    fn members(&self) -> Vec<MemberId> {
        self.member_id.into_iter().collect()
    }
}

/// A letter as its reader sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LetterPreview {
    #[schema(example = "Happy birthday, Anna!")]
    pub subject: String,
    pub html: String,
    pub text: String,
}

/// List letters, newest first.
///
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`.
#[utoipa::path(
    operation_id = "listLetters",
    tag = "Letters",
    params(
        ("member_id" = Option<MemberId>, Query, description = "Only those to this member"),
        ("state" = Option<LetterState>, Query, description = "Only those in this state"),
        Paging
    ),
    responses((status = 200, body = Listing<Written>))
)]
#[get("/v1/letters")]
pub async fn list(call: Call) -> Answer {
    let query = call.query()?;
    let sought = Sought { member: query.get("member_id")?, state: query.get("state")? };
    let page = query.page()?;
    call.get(move |tx| {
        let sender = settings::service::get(tx)?.sender();
        log::list(tx, sought, &page, &sender)
    })
    .await
}

/// Read a letter as its reader sees it, its codes and links with tokens blotted out.
///
/// One that was emptied, because its member was erased, is not there any more.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`.
#[utoipa::path(
    operation_id = "previewLetter",
    tag = "Letters",
    params(("id" = LetterId, Path)),
    responses((status = 200, body = LetterPreview))
)]
#[get("/v1/letters/{id}/preview")]
pub async fn preview(call: Call) -> Answer {
    let id = call.id("letter")?;
    call.get(move |tx| {
        let sender = settings::service::get(tx)?.sender();
        let letter = log::preview(tx, id, &sender)?;
        Ok(LetterPreview { subject: letter.subject, html: letter.html, text: letter.text })
    })
    .await
}

/// Try a letter again that failed.
///
/// Where its address was refused or mail came back from there, mail goes there again.
/// One that waits or is on its way answers as it is. Letters with a link that can be asked for anew
/// keep it nowhere once they failed: `invalid_transition`, as for what was sent or is not wanted.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`, `invalid_transition`.
#[utoipa::path(
    operation_id = "retryLetter",
    tag = "Letters",
    params(("id" = LetterId, Path)),
    responses((status = 200, body = Written))
)]
#[post("/v1/letters/{id}/retry")]
pub async fn retry(call: Call) -> Answer {
    let id: LetterId = call.id("letter")?;
    call.no_body()?;
    call.post_ok(move |tx| {
        let sender = settings::service::get(tx)?.sender();
        log::retry(tx, id, &sender)
    })
    .await
}
