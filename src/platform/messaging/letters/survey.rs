//! The letter that asks one question.

use serde::{Deserialize, Serialize};

use crate::kernel::clock::Timestamp;

/// What the letter of a survey says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SurveyLetter {
    pub given_name: String,
    /// In the reader's language.
    pub question: String,
    /// `nps`, `csat` or `ces`: what the ends of the scale are called.
    pub kind: String,
    /// The lowest score,
    pub lowest: i64,
    /// and the highest.
    pub highest: i64,
    /// Of the page that takes the answer; `?v=9` chooses a score there.
    pub url: String,
    /// What an answer brings, whatever it says.
    pub points: Option<i64>,
    /// Exclusive.
    pub answer_until: Timestamp,
    /// Whether it was asked before.
    pub is_reminder: bool,
}
