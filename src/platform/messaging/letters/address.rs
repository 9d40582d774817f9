//! Who a letter is for, and the switch by which they say no.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::kernel::{id::MemberId, locale::Locale, text::Email};

/// Who a letter is for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recipient {
    /// `None` for staff, and for those who are no members yet.
    pub member_id: Option<MemberId>,
    pub email: Email,
    /// As it stands in the letter's `To`.
    pub name: Option<String>,
    pub locale: Locale,
}

/// One switch of a member. Service letters have none.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preference {
    Marketing,
    ThankYou,
    Occasions,
    Surveys,
    /// A monthly statement of points: off until it is asked for.
    Statements,
}

impl Preference {
    pub const ALL: [Self; 5] =
        [Self::Marketing, Self::ThankYou, Self::Occasions, Self::Surveys, Self::Statements];

    /// The name in the API and in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Marketing => "marketing",
            Self::ThankYou => "thank_you",
            Self::Occasions => "occasions",
            Self::Surveys => "surveys",
            Self::Statements => "statements",
        }
    }
}

/// Why a text names no preference.
#[derive(Debug, thiserror::Error)]
#[error("is none of marketing, thank_you, occasions, surveys, statements")]
pub struct NotAPreference;

impl FromStr for Preference {
    type Err = NotAPreference;

    fn from_str(text: &str) -> Result<Self, NotAPreference> {
        Self::ALL.into_iter().find(|preference| preference.name() == text).ok_or(NotAPreference)
    }
}
