//! What a survey's fields may be.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Category, Questions, days};
use platform::{
    kernel::{
        error::Refusal,
        locale::{Locale, Reader},
        whole::Whole,
    },
    words,
};

words! {
    /// What makes a survey ask.
    pub enum TriggerOn {
        OrderPlaced = "order_placed",
        /// The shop says when, or `assume_fulfilled_days` after it was placed.
        OrderFulfilled = "order_fulfilled",
        Redemption = "redemption",
        Enrolment = "enrolment",
        /// Again and again, whatever happens.
        Relational = "relational",
        /// By `POST /v1/surveys/{id}/send` alone.
        Manual = "manual",
    }
}

type AfterDays = Whole<0, 365>;
pub type Months = Whole<1, 24>;

/// When a survey asks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    pub on: TriggerOn,
    /// After what happened; of all but `relational` and `manual`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub after_days: Option<AfterDays>,
    /// Of `relational`: first so long after enrolment, then after it was asked last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub every_months: Option<Months>,
}

impl Trigger {
    /// # Errors
    /// [`Refusal::Invalid`] with the part that it has no use for, or lacks.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        let no_place = |part: &str| {
            let why = format!("has no place in a trigger on {}", self.on);
            Err(Refusal::field(format!("/trigger/{part}"), why))
        };
        let of_event = !matches!(self.on, TriggerOn::Relational | TriggerOn::Manual);
        match (self.after_days, self.every_months) {
            (Some(_), _) if !of_event => no_place("after_days"),
            (_, Some(_)) if self.on != TriggerOn::Relational => no_place("every_months"),
            (_, None) if self.on == TriggerOn::Relational => {
                Err(Refusal::field("/trigger/every_months", "is required for relational"))
            }
            _ => Ok(()),
        }
    }

    /// How long after what happened it is asked.
    #[must_use]
    pub fn wait(&self) -> Duration {
        self.after_days.map_or(Duration::ZERO, |after| days(after.get()))
    }
}

/// What is asked beside the box for words.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FollowUps {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub promoter: Option<Questions>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub passive: Option<Questions>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub detractor: Option<Questions>,
}

impl FollowUps {
    #[must_use]
    pub const fn of(&self, category: Category) -> Option<&Questions> {
        match category {
            Category::Promoter => self.promoter.as_ref(),
            Category::Passive => self.passive.as_ref(),
            Category::Detractor => self.detractor.as_ref(),
        }
    }

    /// Each in one language.
    pub(super) fn said_to(&self, reader: &Reader) -> Self {
        let said = |text: &Option<Questions>| text.as_ref().map(|text| text.said_to(reader));
        Self {
            promoter: said(&self.promoter),
            passive: said(&self.passive),
            detractor: said(&self.detractor),
        }
    }

    pub(super) fn settled(self, program: &Locale) -> Result<Self, Refusal> {
        let settle = |text: Option<Questions>, name: &str| match text {
            None => Ok(None),
            Some(text) => {
                let text = text.named(program);
                text.require(program).map_err(|why| {
                    Refusal::field(format!("/follow_ups/{name}"), why.to_string())
                })?;
                Ok(Some(text))
            }
        };
        Ok(Self {
            promoter: settle(self.promoter, "promoter")?,
            passive: settle(self.passive, "passive")?,
            detractor: settle(self.detractor, "detractor")?,
        })
    }
}
