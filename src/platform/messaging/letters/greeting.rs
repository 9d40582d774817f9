//! A greeting on somebody's day.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Letter, Voucher};
use crate::kernel::clock::Timestamp;

/// What a greeting says.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Greeting {
    pub given_name: String,
    /// What the day is called, in the reader's language; empty for what needs no name.
    pub day: String,
    /// Of an anniversary: since so many years.
    pub years: i64,
    /// Of a holiday: its key, by which its reader may say no to it alone.
    pub holiday: Option<String>,
    /// Whether the day is over.
    pub late: bool,
    /// The shop's own words.
    pub message: Option<String>,
    /// A gift.
    pub points: Option<i64>,
    /// Of the points, exclusive; none where they never expire.
    pub expires_at: Option<Timestamp>,
    /// A gift.
    pub reward: Option<String>,
    pub voucher: Option<Voucher>,
    /// Where the shop shows its member what they have; none without a storefront.
    pub page_url: Option<String>,
    /// Which local date it is for; none in letters of old.
    #[serde(default)]
    pub date: Option<Date>,
    /// The last local date on which it may be read.
    #[serde(default)]
    pub last_date: Option<Date>,
}

impl Greeting {
    /// Whether nobody wants to read it any more where it is this date.
    #[must_use]
    pub fn is_over(&self, today: Date) -> bool {
        self.last_date.is_some_and(|last| last < today)
    }
}

impl Letter {
    #[must_use]
    pub const fn greeting(&self) -> Option<&Greeting> {
        match self {
            Self::Birthday(greeting)
            | Self::Anniversary(greeting)
            | Self::Holiday(greeting)
            | Self::Date(greeting) => Some(greeting),
            _ => None,
        }
    }

    const fn greeting_mut(&mut self) -> Option<&mut Greeting> {
        match self {
            Self::Birthday(greeting)
            | Self::Anniversary(greeting)
            | Self::Holiday(greeting)
            | Self::Date(greeting) => Some(greeting),
            _ => None,
        }
    }

    /// A greeting that is for this local date, and may be read until that one.
    #[must_use]
    pub fn good_for(mut self, date: Date, last_date: Date) -> Self {
        if let Some(greeting) = self.greeting_mut() {
            (greeting.date, greeting.last_date) = (Some(date), Some(last_date));
        }
        self
    }

    /// The same greeting in the words of after its day, where it would be read then and says
    /// otherwise.
    #[must_use]
    pub fn belated(mut self, today: Date) -> Option<Self> {
        let greeting = self.greeting_mut()?;
        if greeting.late || greeting.date.is_none_or(|date| today <= date) {
            return None;
        }
        greeting.late = true;
        Some(self)
    }
}
