//! `/v1/topics`: what members talk about, over HTTP. It stands above the rest of its room, for it shows
//! what those who raised a topic score.

use actix_web::{get, patch, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    NewTopic, TopicBody, TopicChanges, TopicState,
    service::{self, Raised, Sought},
};
use crate::surveys::answers;
use platform::{
    http::{Answer, Call, query::Paging},
    kernel::{
        id::TopicId,
        intervals::{Recommendations, Tenths},
        page::Listing,
    },
};

/// A topic, and how often it was raised.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TopicFigures {
    #[serde(flatten)]
    topic: TopicBody,
    raised: Raised,
    /// What those score who raised it, each by their last answer to such a question.
    nps: TopicNps,
}

/// What some members score.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TopicNps {
    promoters: i64,
    passives: i64,
    detractors: i64,
    /// −100 to 100; null where nobody answered.
    #[schema(example = -12.5)]
    score: Option<Tenths>,
    /// Between these it lies with 95% confidence; null where nobody answered.
    #[schema(example = -40.2)]
    low: Option<Tenths>,
    #[schema(example = 15.1)]
    high: Option<Tenths>,
}

impl From<Recommendations> for TopicNps {
    fn from(all: Recommendations) -> Self {
        let Recommendations { promoters, passives, detractors } = all;
        let estimate = all.estimate();
        Self {
            promoters,
            passives,
            detractors,
            score: estimate.map(|estimate| estimate.value),
            low: estimate.map(|estimate| estimate.low),
            high: estimate.map(|estimate| estimate.high),
        }
    }
}

/// Another topic.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeTopic {
    /// Which has the links from now on.
    into: TopicId,
}

/// Add a topic.
///
/// There are two levels: one that has a parent is nobody's. `words` suggest it for what members write,
/// in the language that they write in, or in any where it has none in theirs: a word occurs whole,
/// whatever its case and accents. Where a language bends its words, end with `*`: `biðr*` finds any that
/// begins so. At most 500 topics.
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`, `not_found`, `limit_reached`.
#[utoipa::path(
    operation_id = "createTopic",
    tag = "Topics",
    request_body(content = NewTopic, example = json!({
        "name": "Waiting",
        "words": {"en": ["queue", "wait*", "too long"], "is": ["biðr*", "bíða"]}
    })),
    responses((status = 201, body = TopicBody))
)]
#[post("/v1/topics")]
pub async fn add(call: Call) -> Answer {
    let new: NewTopic = call.body()?;
    call.post_created(move |tx| service::add(tx, new.clone()).map(TopicBody::from)).await
}

/// List topics, newest first.
///
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`.
#[utoipa::path(
    operation_id = "listTopics",
    tag = "Topics",
    params(
        ("state" = Option<TopicState>, Query, description = "Only those in this state"),
        ("parent_id" = Option<TopicId>, Query, description = "Only the parts of this one"),
        ("merged" = Option<bool>, Query, description = "Those that were merged, and no others"),
        Paging
    ),
    responses((status = 200, body = Listing<TopicBody>))
)]
#[get("/v1/topics")]
pub async fn list(call: Call) -> Answer {
    let query = call.query()?;
    let sought = Sought {
        state: query.get("state")?,
        parent: query.get("parent_id")?,
        merged: query.flag("merged")?,
    };
    let page = query.page()?;
    call.get(move |tx| Ok(service::list(tx, sought, &page)?.map(TopicBody::from))).await
}

/// Read a topic, and how often it was raised.
///
/// Its parts are counted with it. What is suggested, and was not confirmed, counts apart.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`.
#[utoipa::path(
    operation_id = "getTopic",
    tag = "Topics",
    params(("id" = TopicId, Path)),
    responses((status = 200, body = TopicFigures))
)]
#[get("/v1/topics/{id}")]
pub async fn read(call: Call) -> Answer {
    let id = call.id("topic")?;
    call.get_versioned(move |tx| {
        let topic = service::get(tx, id)?;
        let (version, raised) = (topic.version, service::raised(tx, id)?);
        let parts = service::with_its_parts(tx, id)?;
        let nps = answers::topics::recommendations(tx, &parts)?.into();
        Ok((TopicFigures { topic: topic.into(), raised, nps }, version))
    })
    .await
}

/// Change a topic: the fields named; the others stay.
///
/// Needs `If-Match` with the `ETag` that `GET` gave. New words suggest it for what is said from now on.
/// One that was merged can't be changed: `invalid_transition`.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`, `invalid_transition`,
/// `precondition_required`, `precondition_failed`.
#[utoipa::path(
    operation_id = "updateTopic",
    tag = "Topics",
    params(("id" = TopicId, Path)),
    request_body(content = TopicChanges, example = json!({"state": "changed"})),
    responses((status = 200, body = TopicBody))
)]
#[patch("/v1/topics/{id}")]
pub async fn change(call: Call) -> Answer {
    let id = call.id("topic")?;
    let seen = call.if_match()?;
    let changes: TopicChanges = call.body()?;
    call.patch_versioned(move |tx| {
        let topic = service::change(tx, id, &changes, &seen)?;
        let version = topic.version;
        Ok((TopicBody::from(topic), version))
    })
    .await
}

/// Merge a topic into another.
///
/// Who raised it raised that one, at the same moment; what was confirmed stays so, and what somebody was
/// told of it counts as told of that one. Its parts become that one's. It stays, with `merged_into`, takes
/// no more links and is not listed. The same again changes nothing.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`, `invalid_transition`.
#[utoipa::path(
    operation_id = "mergeTopic",
    tag = "Topics",
    params(("id" = TopicId, Path)),
    request_body(content = MergeTopic, example = json!({"into": "top_01m7zr0b7ee0tt0vrz3kxj2q8d"})),
    responses((status = 200, body = TopicBody))
)]
#[post("/v1/topics/{id}/merge")]
pub async fn merge(call: Call) -> Answer {
    let id = call.id("topic")?;
    let MergeTopic { into } = call.body()?;
    call.post_ok(move |tx| service::merge(tx, id, into).map(TopicBody::from)).await
}
