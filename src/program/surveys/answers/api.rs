//! `/v1/answers`, `/v1/members/{id}/answers`.

use actix_web::{get, http::StatusCode, post, put};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    AnswerBody, AnswerChannel, AnswerState, VoidReason,
    service::{self, Brought, Saying, Sought},
    topics,
};
use crate::{members, period::Span, surveys::Category};
use platform::{
    http::{Answer, Call, query::Paging},
    kernel::{
        error::Refusal,
        id::{AnswerId, MemberId, OrderId, SurveyId, TopicId},
        page::{Listing, Page},
        text::{ExternalId, Prose},
    },
};

/// An answer that somebody brings from the till or the phone.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAnswer {
    survey_id: SurveyId,
    member_id: MemberId,
    #[schema(minimum = 0, maximum = 10)]
    score: i64,
    comment: Option<Prose<4000>>,
    channel: AnswerChannel,
    order_id: Option<OrderId>,
    external_id: Option<ExternalId>,
}

/// Record what a member said at the till or on the phone.
///
/// `external_id` is one answer's alone: the same again is told as it was. What the survey gives for
/// an answer is given, whatever it says.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`, `survey_closed`,
/// `external_id_conflict`.
#[utoipa::path(
    operation_id = "createAnswer",
    tag = "Surveys",
    request_body(content = NewAnswer, example = json!({
        "survey_id": "srv_01m7zr4g2tfw1b4ww8pvq0tkz1",
        "member_id": "mem_01m7zr4g2tfw1b4ww8pvq0tkz1",
        "score": 9,
        "comment": "The cake was still warm.",
        "channel": "till",
        "external_id": "till-2-20418"
    })),
    responses(
        (status = 201, body = AnswerBody),
        (status = 200, description = "It was there before", body = AnswerBody)
    )
)]
#[post("/v1/answers")]
pub async fn create(call: Call) -> Answer {
    let new: NewAnswer = call.body()?;
    let caller = call.caller.clone();
    let brought = Brought {
        survey: new.survey_id,
        member: new.member_id,
        saying: Saying { score: new.score, comment: new.comment.map(|text| text.to_string()) },
        channel: new.channel,
        order: new.order_id,
        external_id: new.external_id.map(|id| id.to_string()),
    };
    let call = call.about([brought.member]);
    call.post(move |tx| {
        let recorded = service::bring(tx, &brought, &caller)?;
        let status = if recorded.is_new { StatusCode::CREATED } else { StatusCode::OK };
        Ok((status, AnswerBody::one(tx, recorded.answer)?))
    })
    .await
}

async fn listing(call: &Call, sought: Sought, page: Page) -> Answer {
    call.get(move |tx| {
        let Listing { data, next_cursor } = service::list(tx, &sought, &page)?;
        Ok(Listing { data: AnswerBody::all(tx, data)?, next_cursor })
    })
    .await
}

/// List answers, newest first.
///
/// `from` and `to` are local dates by which they were given first; in the program's time zone unless
/// another is named.
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`.
#[utoipa::path(
    operation_id = "listAnswers",
    tag = "Surveys",
    params(
        ("survey_id" = Option<SurveyId>, Query, description = "Those of one survey"),
        ("category" = inline(Option<Category>), Query, description = "Those that count as this"),
        ("topic" = Option<TopicId>, Query, description = "Those that raise a topic"),
        ("suggested" = Option<bool>, Query, description = "Those with topics that wait for somebody to confirm them"),
        ("member_id" = Option<MemberId>, Query, description = "Those of one member"),
        ("state" = inline(Option<AnswerState>), Query, description = "Those in one state"),
        Span,
        Paging,
    ),
    responses((status = 200, body = Listing<AnswerBody>))
)]
#[get("/v1/answers")]
pub async fn list(call: Call) -> Answer {
    let query = call.query()?;
    let page = query.page()?;
    let span = Span::read(&query)?;
    let mut sought = Sought {
        survey: query.get("survey_id")?,
        category: query.get("category")?,
        topic: query.get("topic")?,
        suggested: query.flag("suggested")?,
        member: query.get("member_id")?,
        state: query.get("state")?,
        ..Sought::default()
    };
    if span.is_given() {
        let period = call.store().read(move |tx| span.period(tx)).await?;
        let (from, to) = period.instants();
        (sought.from, sought.to) = (Some(from), Some(to));
    }
    listing(&call, sought, page).await
}

/// Read an answer.
///
/// Refusals: `unauthenticated`, `forbidden`, `not_found`.
#[utoipa::path(
    operation_id = "getAnswer",
    tag = "Surveys",
    params(("id" = AnswerId, Path)),
    responses((status = 200, body = AnswerBody))
)]
#[get("/v1/answers/{id}")]
pub async fn read(call: Call) -> Answer {
    let id: AnswerId = call.id("answer")?;
    let caller = call.caller.clone();
    call.get(move |tx| {
        let answer = service::get(tx, id)?;
        caller.sees(answer.member_id, "answer")?;
        AnswerBody::one(tx, answer)
    })
    .await
}

/// List what a member said, newest first.
///
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`.
#[utoipa::path(
    operation_id = "listMemberAnswers",
    tag = "Surveys",
    params(("id" = MemberId, Path), Paging),
    responses((status = 200, body = Listing<AnswerBody>))
)]
#[get("/v1/members/{id}/answers")]
pub async fn list_of_member(call: Call) -> Answer {
    let id: MemberId = call.id("member")?;
    let page = call.query()?.page()?;
    let caller = call.caller.clone();
    call.store().read(move |tx| members::service::read(tx, id, &caller).map(drop)).await?;
    listing(&call, Sought { member: Some(id), ..Sought::default() }, page).await
}

/// Why an answer counts nowhere.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VoidAnswer {
    reason: VoidReason,
}

/// Say that an answer never counted: a test, a mistake, abuse. Never because of what it says.
///
/// It leaves all figures; what it brought stays the member's. One that is void answers as it is.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`.
#[utoipa::path(
    operation_id = "voidAnswer",
    tag = "Surveys",
    params(("id" = AnswerId, Path)),
    request_body(content = VoidAnswer, example = json!({"reason": "test"})),
    responses((status = 200, body = AnswerBody))
)]
#[post("/v1/answers/{id}/void")]
pub async fn void(call: Call) -> Answer {
    let id: AnswerId = call.id("answer")?;
    let VoidAnswer { reason } = call.body()?;
    let call = about_its_member(call, id).await?;
    let caller = call.caller.clone();
    call.post_ok(move |tx| {
        let answer = service::void(tx, id, reason, &caller)?;
        AnswerBody::one(tx, answer)
    })
    .await
}

/// Say that an answer that is `suspect` was meant: it counts.
///
/// One that counts already answers as it is.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`, `invalid_transition`.
#[utoipa::path(
    operation_id = "confirmAnswer",
    tag = "Surveys",
    params(("id" = AnswerId, Path)),
    responses((status = 200, body = AnswerBody))
)]
#[post("/v1/answers/{id}/confirm")]
pub async fn confirm(call: Call) -> Answer {
    let id: AnswerId = call.id("answer")?;
    call.no_body()?;
    let call = about_its_member(call, id).await?;
    call.post_ok(move |tx| {
        let answer = service::confirm(tx, id)?;
        AnswerBody::one(tx, answer)
    })
    .await
}

/// What an answer is about.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerTopics {
    /// All of them; empty: none.
    #[schema(max_items = 20)]
    topic_ids: Vec<TopicId>,
}

/// Say which topics an answer is about.
///
/// These are all of them: what its words suggest, or what was confirmed before, and is not named is gone.
/// One that is void is about nothing: `invalid_transition`.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`, `invalid_transition`.
#[utoipa::path(
    operation_id = "setAnswerTopics",
    tag = "Surveys",
    params(("id" = AnswerId, Path)),
    request_body(content = AnswerTopics, example = json!({
        "topic_ids": ["top_01m7zr0b7ee0tt0vrz3kxj2q8d"]
    })),
    responses((status = 200, body = AnswerBody))
)]
#[put("/v1/answers/{id}/topics")]
pub async fn set_topics(call: Call) -> Answer {
    let id: AnswerId = call.id("answer")?;
    let AnswerTopics { topic_ids } = call.body()?;
    let by = call.caller.clone();
    call.put(move |tx| {
        let answer = topics::confirm(tx, id, &topic_ids, &by)?;
        AnswerBody::one(tx, answer)
    })
    .await
}

async fn about_its_member(
    call: Call,
    id: AnswerId,
) -> Result<Call, platform::kernel::error::Error> {
    let answer = call.store().read(move |tx| service::get(tx, id)).await;
    match answer {
        Ok(answer) => Ok(call.about([answer.member_id])),
        Err(platform::kernel::error::Error::Refused(Refusal::NotFound { .. })) => Ok(call),
        Err(error) => Err(error),
    }
}
