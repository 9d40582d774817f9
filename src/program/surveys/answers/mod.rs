//! Answers: what members said, and when they said something else.

pub mod api;
mod body;
pub mod personal;
pub mod service;
pub mod stats;
pub mod stats_api;
mod store;
pub mod topics;

use diesel::prelude::*;

pub use body::AnswerBody;

use super::{Category, Survey, SurveyKind, days};
use platform::{
    db::schema::answers,
    kernel::{
        clock::Timestamp,
        id::{AnswerId, AskId, MemberId, OrderId, SurveyId},
    },
    words,
};

words! {
    /// How an answer came.
    pub enum AnswerChannel {
        Letter = "letter",
        Page = "page",
        Till = "till",
        Phone = "phone",
    }
}

words! {
    /// Whether an answer counts.
    pub enum AnswerState {
        Active = "active",
        /// Two different scores came within three seconds: it counts nowhere until the member
        /// answers again, or staff confirm it.
        Suspect = "suspect",
        /// It counts nowhere.
        Void = "void",
    }
}

words! {
    /// Why an answer counts nowhere; never because of what it says.
    pub enum VoidReason { Test = "test", Mistaken = "mistaken", Abuse = "abuse" }
}

/// An answer, as kept; tier, country and locale are those of when it was given.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = answers, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Answer {
    #[diesel(skip_update)]
    pub id: AnswerId,
    pub survey_id: SurveyId,
    pub member_id: MemberId,
    pub ask_id: Option<AskId>,
    pub external_id: Option<String>,
    pub kind: SurveyKind,
    pub score: i64,
    pub category: Category,
    pub channel: AnswerChannel,
    pub order_id: Option<OrderId>,
    pub tier: String,
    pub country: Option<String>,
    pub locale: String,
    pub state: AnswerState,
    pub versions: i64,
    pub recorded_by: String,
    pub answered_at: Timestamp,
    pub edited_at: Option<Timestamp>,
    pub void_reason: Option<VoidReason>,
    pub voided_by: Option<String>,
}

impl Answer {
    /// Whether its member may still say something else.
    #[must_use]
    pub fn can_change(&self, survey: &Survey, now: Timestamp) -> bool {
        let until = self.answered_at.plus(days(survey.fields.edit_days.get()));
        self.state != AnswerState::Void && now < until
    }
}
