//! Examples of the page of a member's answers.

use super::{AnswerLine, AnswersPage, QuestionLine, ShopPage, sample_cards::day};
use platform::kernel::locale::Language;

impl AnswersPage {
    /// An example with a question that waits, an answer that was thanked, and one that was not yet.
    #[must_use]
    pub fn sample(language: Language) -> Self {
        let question = match language {
            Language::En => "Would you recommend us?",
            Language::Is => "Myndir þú mæla með okkur?",
        };
        let answer = AnswerLine {
            question: question.to_owned(),
            score: 10,
            of: 10,
            comment: Some("x <b>".to_owned()),
            answered_at: day(4),
            path: None,
            is_thanked: true,
            message: Some("y <b>".to_owned()),
        };
        let fresh = AnswerLine {
            score: 3,
            comment: None,
            path: Some("/s/c2VhbGVk".to_owned()),
            is_thanked: false,
            message: None,
            ..answer.clone()
        };
        Self {
            shell: ShopPage::sample(language).shell,
            questions: vec![QuestionLine {
                question: question.to_owned(),
                path: "/s/c2VhbGVk".to_owned(),
                points: Some(50),
                until: day(20),
            }],
            answers: vec![fresh, answer],
            next_cursor: Some("bmV4dA".to_owned()),
        }
    }
}
