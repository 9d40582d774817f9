//! Surveys: one question, asked of those who can answer it, at a time when it does not bother them.
//!
//! [`planning`] finds whom something happened to, or whose turn it is, and plans an ask for each;
//! [`sending`] writes to those whom the governor lets through ([`super::asks`]); [`answers`] has what
//! came back.

pub mod answers;
pub mod api;
pub mod audit;
mod body;
mod letters;
pub mod links;
pub mod personal;
mod planning;
pub mod sending;
pub mod service;
mod store;
mod values;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use body::SurveyBody;
pub use planning::{next_round, order_arrived, plan_due};
pub use values::{FollowUps, Months, Trigger, TriggerOn};

use crate::conditions::Where;
use platform::{
    kernel::{
        changes::Changes,
        clock::Timestamp,
        error::Refusal,
        id::SurveyId,
        locale::{Locale, Reader},
        text::{Line, Name},
        texts::Texts,
        whole::Whole,
    },
    words,
};

words! {
    /// What a survey measures, and on which scale.
    pub enum SurveyKind {
        /// How likely the member is to recommend the shop, 0 to 10.
        Nps = "nps",
        /// How satisfied, 1 to 5.
        Csat = "csat",
        /// How easy it was, 1 to 7.
        Ces = "ces",
    }
}

words! {
    /// Where a survey stands.
    pub enum SurveyState { Draft = "draft", Live = "live", Paused = "paused", Ended = "ended" }
}

words! {
    /// What an answer counts as, on every scale.
    pub enum Category {
        /// 9 or 10; satisfied, 4 or 5; easy, 5 to 7.
        Promoter = "promoter",
        /// 7 or 8; 3; 4.
        Passive = "passive",
        /// 0 to 6; 1 or 2; 1 to 3.
        Detractor = "detractor",
    }
}

impl SurveyKind {
    /// The lowest and the highest score.
    #[must_use]
    pub const fn scale(self) -> (i64, i64) {
        match self {
            Self::Nps => (0, 10),
            Self::Csat => (1, 5),
            Self::Ces => (1, 7),
        }
    }

    /// Whether there is such a score.
    #[must_use]
    pub const fn has(self, score: i64) -> bool {
        let (low, high) = self.scale();
        low <= score && score <= high
    }

    /// What a score counts as.
    #[must_use]
    pub const fn category(self, score: i64) -> Category {
        let (passive, promoter) = match self {
            Self::Nps => (7, 9),
            Self::Csat => (3, 4),
            Self::Ces => (4, 5),
        };
        if score >= promoter {
            Category::Promoter
        } else if score >= passive {
            Category::Passive
        } else {
            Category::Detractor
        }
    }
}

impl SurveyState {
    /// The states that it can become.
    #[must_use]
    pub const fn allowed(self) -> &'static [&'static str] {
        match self {
            Self::Draft => &["live"],
            Self::Live => &["paused", "ended"],
            Self::Paused => &["live", "ended"],
            Self::Ended => &[],
        }
    }
}

// utoipa wants names without arguments
pub type Questions = Texts<Line<200>>;
type Percent = Whole<0, 100>;
type ADay = Whole<1, 10_000_000>;
type RemindDays = Whole<1, 90>;
type AnswerDays = Whole<1, 365>;
type EditDays = Whole<0, 365>;
type Points = Whole<0, 1_000_000>;

/// A survey to be made; of one that is there, what can be changed.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSurvey {
    pub kind: SurveyKind,
    /// For the shop alone.
    pub name: Name,
    pub question: Questions,
    /// What is asked beside the box for words, by what the score counts as; each has words of ours.
    #[serde(default)]
    pub follow_ups: FollowUps,
    pub trigger: Trigger,
    /// Whom it is for; null: everybody.
    pub audience: Option<Where>,
    /// Of a hundred whom it would be for, so many are asked; drawn by what they are, not by dice.
    #[serde(default = "everybody")]
    pub sample_percent: Percent,
    /// So many letters a day of the program's zone at most; null: as many as there are.
    pub max_per_day: Option<ADay>,
    /// Who did not answer is asked once more after so many days; null: never.
    pub remind_after_days: Option<RemindDays>,
    #[serde(default = "a_month")]
    pub answer_within_days: AnswerDays,
    /// For so long an answer can be changed.
    #[serde(default = "a_week")]
    pub edit_days: EditDays,
    /// What an answer brings, whatever it says.
    #[serde(default = "nothing")]
    pub points: Points,
    pub starts_at: Option<Timestamp>,
    /// Exclusive.
    pub ends_at: Option<Timestamp>,
}

const fn everybody() -> Percent {
    Percent::fixed(100)
}

const fn a_month() -> AnswerDays {
    AnswerDays::fixed(30)
}

const fn a_week() -> EditDays {
    EditDays::fixed(7)
}

const fn nothing() -> Points {
    Points::fixed(0)
}

/// Changes to a survey.
pub type SurveyChanges = Changes<NewSurvey>;

/// A survey.
#[derive(Clone, Debug)]
pub struct Survey {
    pub id: SurveyId,
    pub fields: NewSurvey,
    pub state: SurveyState,
    pub created_at: Timestamp,
    pub published_at: Option<Timestamp>,
    /// When it was published, or resumed: what happened before is not asked about.
    pub live_since: Option<Timestamp>,
    pub version: i64,
}

/// So many days, of 24 hours each.
fn days(days: i64) -> Duration {
    Duration::from_hours(24 * u64::try_from(days).unwrap_or_default())
}

impl Survey {
    /// Whether it asks at this instant.
    #[must_use]
    pub fn asks_at(&self, now: Timestamp) -> bool {
        self.state == SurveyState::Live
            && self.fields.starts_at.is_none_or(|starts_at| starts_at <= now)
            && self.fields.ends_at.is_none_or(|ends_at| now < ends_at)
    }

    /// The question, as this reader reads it.
    #[must_use]
    pub fn asked(&self, reader: &Reader) -> String {
        self.fields.question.read_by(reader).map(ToString::to_string).unwrap_or_default()
    }

    /// Whether what waits goes on waiting, and nothing is decided on it: the survey is paused, or its
    /// time is still to come.
    #[must_use]
    pub fn holds_at(&self, now: Timestamp) -> bool {
        matches!(self.state, SurveyState::Draft | SurveyState::Paused)
            || self.fields.starts_at.is_some_and(|starts_at| now < starts_at)
    }
}

impl NewSurvey {
    /// The same with its texts each in their language.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] with a text that lacks the program's language.
    pub fn settled(self, program: &Locale) -> Result<Self, Refusal> {
        let question = self.question.named(program);
        question.require(program).map_err(|why| Refusal::field("/question", why.to_string()))?;
        let follow_ups = self.follow_ups.settled(program)?;
        Ok(Self { question, follow_ups, ..self })
    }

    /// What no single field can tell.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] with the field at fault.
    pub fn check(&self) -> Result<(), Refusal> {
        self.trigger.check()?;
        if self.starts_at.zip(self.ends_at).is_some_and(|(starts_at, ends_at)| ends_at <= starts_at)
        {
            return Err(Refusal::field("/ends_at", "must come after starts_at"));
        }
        let remind = self.remind_after_days.map_or(0, RemindDays::get);
        if remind >= self.answer_within_days.get() {
            return Err(Refusal::field(
                "/remind_after_days",
                "must be less than answer_within_days",
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_score_counts_as_one_thing() {
        let counted = |kind: SurveyKind| {
            let (low, high) = kind.scale();
            let all: Vec<&str> = (low..=high).map(|score| kind.category(score).as_str()).collect();
            let count = |word| all.iter().filter(|one| **one == word).count();
            assert!(!kind.has(low - 1) && !kind.has(high + 1));
            (count("detractor"), count("passive"), count("promoter"))
        };
        assert_eq!(counted(SurveyKind::Nps), (7, 2, 2));
        assert_eq!(counted(SurveyKind::Csat), (2, 1, 2));
        assert_eq!(counted(SurveyKind::Ces), (3, 1, 3));
    }
}
