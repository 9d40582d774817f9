//! An answer as the API shows it.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::{Answer, AnswerChannel, AnswerState, VoidReason, service};
use crate::{
    db::Tx,
    http::Reply,
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{AnswerId, AskId, MemberId, OrderId, SurveyId},
    },
    program::surveys::{Category, SurveyKind},
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
    /// How often something was said; the last counts.
    versions: i64,
    /// When it was said first: by this it is counted in its month.
    answered_at: Timestamp,
    edited_at: Option<Timestamp>,
    void_reason: Option<VoidReason>,
}

impl AnswerBody {
    /// # Errors
    /// The database's own.
    pub fn one(tx: &mut Tx<'_>, answer: Answer) -> Result<Self> {
        let words = service::words(tx, &[answer.id])?;
        Ok(Self::of(answer, &words))
    }

    /// # Errors
    /// The database's own.
    pub fn all(tx: &mut Tx<'_>, answers: Vec<Answer>) -> Result<Vec<Self>> {
        let ids: Vec<AnswerId> = answers.iter().map(|answer| answer.id).collect();
        let words = service::words(tx, &ids)?;
        Ok(answers.into_iter().map(|answer| Self::of(answer, &words)).collect())
    }

    fn of(answer: Answer, words: &HashMap<AnswerId, String>) -> Self {
        Self {
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
        }
    }
}

impl Reply for AnswerBody {
    const MADE: &'static [&'static str] = &["/id"];

    fn members(&self) -> Vec<MemberId> {
        vec![self.member_id]
    }
}
