//! Occasions: the days on which the shop greets its members by name. Birthdays, the anniversary of
//! having joined, holidays, and days of the shop's own; with a gift, where it likes.
//!
//! [`days`] says on which local dates an occasion falls, [`moments`] when it is time to greet in
//! which time zone; [`service`] keeps the occasions, greets those whose moment has come, and shows
//! the calendar of what is to come.

pub mod api;
mod body;
mod days;
mod letters;
mod moments;
pub mod personal;
pub mod service;
mod store;
mod values;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use body::OccasionBody;
pub use letters::{holiday_name, name};
pub use values::{Day, Gift, OccasionRule};

use crate::members::Audience;
use platform::{
    kernel::{
        changes::Changes,
        clock::Timestamp,
        error::Refusal,
        id::OccasionId,
        local_time::LocalTime,
        text::{Line, Prose},
        texts::Texts,
    },
    settings::Settings,
    words,
};

words! {
    /// What an occasion is.
    pub enum OccasionKind {
        Birthday = "birthday",
        /// Of having joined.
        Anniversary = "anniversary",
        /// A day of a country's calendar, or of everybody's.
        Holiday = "holiday",
        /// A date, or dates by a rule.
        Date = "date",
    }
}

impl OccasionKind {
    /// Whether each member has a day of their own.
    #[must_use]
    pub const fn is_personal(self) -> bool {
        matches!(self, Self::Birthday | Self::Anniversary)
    }
}

words! {
    /// The letter that an occasion's members get.
    pub enum GreetingTemplate {
        Birthday = "birthday",
        Anniversary = "anniversary",
        Holiday = "holiday",
        Date = "date",
    }
}

// utoipa wants names without arguments
type Names = Texts<Line<120>>;
type Messages = Texts<Prose<2000>>;

/// An occasion to be added; of one that is there, what can be changed.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOccasion {
    pub kind: OccasionKind,
    /// What the day is called; required for kind `date`, holidays have a name of their own.
    pub name: Option<Names>,
    /// On which days it falls; nothing for birthdays and anniversaries.
    #[serde(default)]
    pub rule: OccasionRule,
    /// Who is greeted; empty: everybody.
    #[serde(default)]
    pub audience: Audience,
    /// The letter; that of its kind unless another is named.
    pub template: Option<GreetingTemplate>,
    /// A few words of the shop's own in the letter.
    pub message: Option<Messages>,
    /// What comes with the greeting.
    pub gift: Option<Gift>,
    /// When the greeting goes out, in the member's own local time.
    #[serde(default)]
    pub send_at_local: LocalTime,
    /// Nobody is greeted while it is false.
    #[serde(default)]
    pub active: bool,
}

/// Changes to an occasion.
pub type OccasionChanges = Changes<NewOccasion>;

/// An occasion of the program.
#[derive(Clone, Debug)]
pub struct Occasion {
    pub id: OccasionId,
    pub fields: NewOccasion,
    /// From when on it is as it is: nobody is greeted for a day before.
    pub since: Timestamp,
    pub version: i64,
}

impl NewOccasion {
    /// The letter that its members get.
    #[must_use]
    pub fn letter(&self) -> GreetingTemplate {
        self.template.unwrap_or(match self.kind {
            OccasionKind::Birthday => GreetingTemplate::Birthday,
            OccasionKind::Anniversary => GreetingTemplate::Anniversary,
            OccasionKind::Holiday => GreetingTemplate::Holiday,
            OccasionKind::Date => GreetingTemplate::Date,
        })
    }

    /// The same with its texts each in their language; those that came without one are in the
    /// program's.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] with a text that lacks the program's language.
    pub fn settled(self, settings: &Settings) -> Result<Self, Refusal> {
        let program = &settings.locale;
        let name = self.name.map(|name| name.named(program));
        let message = self.message.map(|message| message.named(program));
        if let Some(name) = &name {
            name.require(program).map_err(|why| Refusal::field("/name", why.to_string()))?;
        }
        if let Some(message) = &message {
            message.require(program).map_err(|why| Refusal::field("/message", why.to_string()))?;
        }
        Ok(Self { name, message, ..self })
    }

    /// What no single field can tell.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] with the field at fault.
    pub fn check(&self, settings: &Settings) -> Result<(), Refusal> {
        self.rule.check(self.kind)?;
        if self.kind == OccasionKind::Date && self.name.is_none() {
            return Err(Refusal::field("/name", "is required for an occasion of kind date"));
        }
        let own = match self.letter() {
            GreetingTemplate::Birthday => Some(OccasionKind::Birthday),
            GreetingTemplate::Anniversary => Some(OccasionKind::Anniversary),
            GreetingTemplate::Holiday => Some(OccasionKind::Holiday),
            GreetingTemplate::Date => None,
        };
        if own.is_some_and(|kind| kind != self.kind) {
            let why = format!("is a letter for another kind than {}: use date", self.kind);
            return Err(Refusal::field("/template", why));
        }
        if self.letter() == GreetingTemplate::Date && self.name.is_none() {
            return Err(Refusal::field("/name", "is required for the letter date"));
        }
        self.audience.check()?;
        if let Some(gift) = &self.gift {
            gift.check()?;
        }
        if settings.quiet_hours.has(self.send_at_local) {
            let why = format!("lies in the quiet hours, {}", settings.quiet_hours);
            return Err(Refusal::field("/send_at_local", why));
        }
        Ok(())
    }
}
