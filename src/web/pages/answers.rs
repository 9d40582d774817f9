//! What the page of a member's answers needs to know.

use serde::Serialize;

use super::Shell;
use platform::kernel::clock::Timestamp;

/// `answers.html`: what a member is asked, and what it said.
#[derive(Debug, Clone, Serialize)]
pub struct AnswersPage {
    /// Around the page.
    #[serde(flatten)]
    pub shell: Shell,
    /// What waits for an answer.
    pub questions: Vec<QuestionLine>,
    /// What was said, newest first.
    pub answers: Vec<AnswerLine>,
    pub next_cursor: Option<String>,
}

/// A question that waits for an answer.
#[derive(Debug, Clone, Serialize)]
pub struct QuestionLine {
    pub question: String,
    /// Where it is answered.
    pub path: String,
    /// What an answer brings.
    pub points: Option<i64>,
    pub until: Timestamp,
}

/// An answer, as who gave it sees it.
#[derive(Debug, Clone, Serialize)]
pub struct AnswerLine {
    pub question: String,
    pub score: i64,
    /// The highest that the scale has.
    pub of: i64,
    pub comment: Option<String>,
    pub answered_at: Timestamp,
    /// Where it can still be changed.
    pub path: Option<String>,
    pub is_thanked: bool,
    /// What somebody of the shop answered.
    pub message: Option<String>,
}
