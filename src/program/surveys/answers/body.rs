//! An answer as the API shows it.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Answer, AnswerChannel, AnswerState, VoidReason, service};
use crate::{
    surveys::{Category, SurveyKind},
    thanks::{self, DeedType},
    topics::{self, LinkedTopic},
};
use platform::{
    db::Tx,
    http::Reply,
    kernel::{
        clock::Timestamp,
        error::{Error, Result},
        id::{AnswerId, AskId, MemberId, OrderId, SurveyId, ThanksId, TopicId},
    },
};

/// What a member said.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Answer)]
pub struct AnswerBody {
    id: AnswerId,
    survey_id: SurveyId,
    member_id: MemberId,
    ask_id: Option<AskId>,
    kind: SurveyKind,
    score: i64,
    category: Category,
    /// The last that was said; null where it had no words, or they were forgotten.
    comment: Option<String>,
    channel: AnswerChannel,
    order_id: Option<OrderId>,
    external_id: Option<String>,
    /// The member's, as it was then; so are country and locale.
    #[schema(example = "member")]
    tier: String,
    #[schema(example = "IS")]
    country: Option<String>,
    #[schema(example = "is")]
    locale: String,
    state: AnswerState,
    /// What it is about, as staff confirmed it.
    topics: Vec<TopicId>,
    /// What it may be about, by its words.
    suggested_topics: Vec<TopicId>,
    /// How often something was said; the last counts.
    versions: i64,
    /// When it was said first: by this it is counted in its month.
    answered_at: Timestamp,
    edited_at: Option<Timestamp>,
    void_reason: Option<VoidReason>,
    /// What is owed, or was given, for it.
    thanks_id: Option<ThanksId>,
}

impl AnswerBody {
    /// # Errors
    /// The database's own.
    pub fn one(tx: &mut Tx<'_>, answer: Answer) -> Result<Self> {
        let all = Self::all(tx, vec![answer])?.pop();
        all.ok_or_else(|| Error::internal("an answer that is not shown"))
    }

    /// # Errors
    /// The database's own.
    pub fn all(tx: &mut Tx<'_>, answers: Vec<Answer>) -> Result<Vec<Self>> {
        let ids: Vec<AnswerId> = answers.iter().map(|answer| answer.id).collect();
        let words = service::words(tx, &ids)?;
        let subjects: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
        let mut topics = topics::service::of_subjects(tx, &subjects)?;
        let thanks = thanks::service::of_deeds(tx, DeedType::Answer, &subjects)?;
        let show = |answer: Answer| {
            let thanks_id = thanks.get(&answer.id.uuid()).map(|thanks| thanks.id);
            let topics = topics.remove(&answer.id.uuid()).unwrap_or_default();
            Self { thanks_id, ..Self::of(answer, &words, &topics) }
        };
        Ok(answers.into_iter().map(show).collect())
    }

    fn of(answer: Answer, words: &HashMap<AnswerId, String>, topics: &[LinkedTopic]) -> Self {
        let which = |suggested: bool| {
            let topics = topics.iter().filter(move |link| link.suggested == suggested);
            topics.map(|link| link.topic_id).collect()
        };
        Self {
            topics: which(false),
            suggested_topics: which(true),
            comment: words.get(&answer.id).cloned(),
            id: answer.id,
            survey_id: answer.survey_id,
            member_id: answer.member_id,
            ask_id: answer.ask_id,
            kind: answer.kind,
            score: answer.score,
            category: answer.category,
            channel: answer.channel,
            order_id: answer.order_id,
            external_id: answer.external_id,
            tier: answer.tier,
            country: answer.country,
            locale: answer.locale,
            state: answer.state,
            versions: answer.versions,
            answered_at: answer.answered_at,
            edited_at: answer.edited_at,
            void_reason: answer.void_reason,
            thanks_id: None,
        }
    }
}

impl Reply for AnswerBody {
    const MADE: &'static [&'static str] = &["/id"];

    fn members(&self) -> Vec<MemberId> {
        vec![self.member_id]
    }
}
