//! `/v1/announcements`: telling members what became of what they said, over HTTP.

use actix_web::{get, http::StatusCode, patch, post};

use super::{
    AnnouncementBody, AnnouncementChanges, AnnouncementState, NewAnnouncement, body::AudienceBody,
    service,
};
use platform::{
    http::{Answer, Call, query::Paging},
    kernel::{
        id::{AnnouncementId, MemberId},
        locale::Locale,
        page::Listing,
        version::Versions,
    },
    letters::api::LetterPreview,
    settings,
};

/// Write an announcement: a draft, which another person sends.
///
/// It is for everyone who raised one of its topics in `[from, to)`, as staff confirmed it; a topic with
/// parts is raised by those who raised one of them. `from` and `to` are dates in the program's time zone,
/// or instants. All its topics are in one state, which is not `open`: what is `declined` is told with a
/// letter of its own wording. `title` and `body` are texts in the program's language, or objects of
/// texts by language, the program's among them; a member reads their own language where it is there.
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`, `not_found`.
#[utoipa::path(
    operation_id = "createAnnouncement",
    tag = "Announcements",
    request_body(content = NewAnnouncement, example = json!({
        "topic_ids": ["top_01m7zr0b7ee0tt0vrz3kxj2q8d"],
        "from": "2026-05-01",
        "to": "2026-11-01",
        "title": {"en": "Two tills at noon", "is": "Tveir kassar í hádeginu"},
        "body": {"en": "From noon to two both tills are open.", "is": "Báðir kassar eru opnir kl. 12–14."},
        "quote": true
    })),
    responses((status = 201, body = AnnouncementBody))
)]
#[post("/v1/announcements")]
pub async fn add(call: Call) -> Answer {
    let new: NewAnnouncement = call.body()?;
    let by = call.caller.clone();
    call.post_created(move |tx| service::add(tx, new.clone(), &by).map(AnnouncementBody::from))
        .await
}

/// List announcements, newest first.
///
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`.
#[utoipa::path(
    operation_id = "listAnnouncements",
    tag = "Announcements",
    params(
        ("state" = Option<AnnouncementState>, Query, description = "Only those in this state"),
        Paging
    ),
    responses((status = 200, body = Listing<AnnouncementBody>))
)]
#[get("/v1/announcements")]
pub async fn list(call: Call) -> Answer {
    let query = call.query()?;
    let (state, page) = (query.get("state")?, query.page()?);
    call.get(move |tx| Ok(service::list(tx, state, &page)?.map(AnnouncementBody::from))).await
}

/// Read an announcement.
///
/// Its texts are objects by language; with `locale` each is one string.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`.
#[utoipa::path(
    operation_id = "getAnnouncement",
    tag = "Announcements",
    params(
        ("id" = AnnouncementId, Path),
        ("locale" = Option<Locale>, Query, description = "Its texts in this language alone")
    ),
    responses((status = 200, body = AnnouncementBody))
)]
#[get("/v1/announcements/{id}")]
pub async fn read(call: Call) -> Answer {
    let id = call.id("announcement")?;
    let locale: Option<Locale> = call.query()?.get("locale")?;
    call.get_versioned(move |tx| {
        let one = service::get(tx, id)?;
        let version = one.version;
        let body = AnnouncementBody::from(one);
        Ok(match locale {
            None => (body, version),
            Some(locale) => {
                let program = settings::service::get(tx)?.locale;
                (body.in_language(locale, &program), version)
            }
        })
    })
    .await
}

/// Change a draft: the fields named; the others stay.
///
/// Needs `If-Match` with the `ETag` that `GET` gave. Who changes it wrote it, and another person sends it.
/// What is no draft any more stays as it is: `invalid_transition`.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`, `invalid_transition`,
/// `precondition_required`, `precondition_failed`.
#[utoipa::path(
    operation_id = "updateAnnouncement",
    tag = "Announcements",
    params(("id" = AnnouncementId, Path)),
    request_body(content = AnnouncementChanges, example = json!({"quote": false})),
    responses((status = 200, body = AnnouncementBody))
)]
#[patch("/v1/announcements/{id}")]
pub async fn change(call: Call) -> Answer {
    let id = call.id("announcement")?;
    let seen = call.if_match()?;
    let changes: AnnouncementChanges = call.body()?;
    let by = call.caller.clone();
    call.patch_versioned(move |tx| {
        let one = service::change(tx, id, &changes, &seen, &by)?;
        let version = one.version;
        Ok((AnnouncementBody::from(one), version))
    })
    .await
}

/// Count whom an announcement is for.
///
/// Of a draft: who would get a letter now. Of one that was sent: who got one. Who raised one of its
/// topics and gets none is left out for the first of these: `erased`; `suspended`; `told_before`, of all
/// of its topics that they raised, in this state, by whichever announcement; `no_consent`, as there is no
/// address that mail goes to; `switched_off`, as they take no thank-you letters.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`.
#[utoipa::path(
    operation_id = "countAnnouncementAudience",
    tag = "Announcements",
    params(("id" = AnnouncementId, Path)),
    responses((status = 200, body = AudienceBody))
)]
#[get("/v1/announcements/{id}/audience")]
pub async fn audience(call: Call) -> Answer {
    let id = call.id("announcement")?;
    call.get(move |tx| service::audience(tx, id)).await
}

/// Read the letter as a member would.
///
/// `member_id` is one of those who raised one of its topics in its time; without it, somebody made up
/// reads in the program's language.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`.
#[utoipa::path(
    operation_id = "previewAnnouncement",
    tag = "Announcements",
    params(
        ("id" = AnnouncementId, Path),
        ("member_id" = Option<MemberId>, Query, description = "As this member")
    ),
    responses((status = 200, body = LetterPreview))
)]
#[get("/v1/announcements/{id}/preview")]
pub async fn preview(call: Call) -> Answer {
    let id = call.id("announcement")?;
    let member: Option<MemberId> = call.query()?.get("member_id")?;
    call.get(move |tx| {
        let letter = service::preview(tx, id, member)?;
        Ok(LetterPreview { subject: letter.subject, html: letter.html, text: letter.text })
    })
    .await
}

/// Approve an announcement and send it: another person than who wrote it last.
///
/// An admin who wrote it can't send it either: `same_person`. Its letters are written within moments, one
/// for each member and for ever; who was told of a topic in the state that it is in now is not told of
/// it again. One that was sent stays as it is.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`, `same_person`,
/// `invalid_transition`.
#[utoipa::path(
    operation_id = "sendAnnouncement",
    tag = "Announcements",
    params(("id" = AnnouncementId, Path)),
    responses((status = 200, body = AnnouncementBody))
)]
#[post("/v1/announcements/{id}/send")]
pub async fn send(call: Call) -> Answer {
    let id: AnnouncementId = call.id("announcement")?;
    call.no_body()?;
    let by = call.caller.clone();
    let answer = call
        .post_ok(move |tx| service::send(tx, id, &Versions::Any, &by).map(AnnouncementBody::from))
        .await;
    if answer.as_ref().is_ok_and(|answer| answer.status() == StatusCode::OK) {
        service::begin(call.store());
    }
    answer
}

/// Cancel an announcement.
///
/// Letters that were written stay; no others are. A cancelled one stays as it is.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`, `invalid_transition`.
#[utoipa::path(
    operation_id = "cancelAnnouncement",
    tag = "Announcements",
    params(("id" = AnnouncementId, Path)),
    responses((status = 200, body = AnnouncementBody))
)]
#[post("/v1/announcements/{id}/cancel")]
pub async fn cancel(call: Call) -> Answer {
    let id: AnnouncementId = call.id("announcement")?;
    call.no_body()?;
    call.post_ok(move |tx| service::cancel(tx, id).map(AnnouncementBody::from)).await
}
