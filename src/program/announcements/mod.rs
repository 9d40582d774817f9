//! Announcements: telling those who said something what became of it. One person writes, another reads it
//! and sends it; then everyone who raised one of its topics in its time gets one letter, with the day on
//! which they said it and, if the shop likes, their own words.
//!
//! It is an answer and no asking: it needs that its reader takes thank-you letters, and nothing else.
//! Who was told of a topic in a state is not told of it again, by whichever announcement.
//!
//! Locks: the announcement's row, which nobody waits for who has others; then the members by their ids,
//! then the topics.

pub mod api;
mod body;
mod letters;
pub mod personal;
pub mod service;
mod store;
mod values;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use body::{AnnouncementBody, AudienceBody};
pub use values::{Edge, TopicIds};

use platform::{
    kernel::{
        changes::Changes,
        clock::Timestamp,
        error::Refusal,
        id::AnnouncementId,
        text::{Line, Prose},
        texts::Texts,
        zone::Zone,
    },
    settings::Settings,
    words,
};

words! {
    /// Where an announcement stands.
    pub enum AnnouncementState {
        Draft = "draft",
        /// Another person sent it; its letters are about to be written.
        Approved = "approved",
        Sending = "sending",
        Sent = "sent",
        Cancelled = "cancelled",
    }
}

impl AnnouncementState {
    /// The states that it can become.
    #[must_use]
    pub const fn allowed(self) -> &'static [&'static str] {
        match self {
            Self::Draft => &["approved", "cancelled"],
            Self::Approved => &["sending", "cancelled"],
            Self::Sending => &["sent", "cancelled"],
            Self::Sent | Self::Cancelled => &[],
        }
    }

    /// The refusal of a step to `to`.
    #[must_use]
    pub const fn cannot_become(self, to: Self) -> Refusal {
        Refusal::InvalidTransition {
            what: "the announcement",
            from: self.as_str(),
            to: to.as_str(),
            allowed: self.allowed(),
        }
    }
}

words! {
    /// Why somebody who raised a topic gets no letter.
    pub enum LeftOut {
        /// There is no way to write to them: no address, or mail does not go there.
        NoConsent = "no_consent",
        /// They take no thank-you letters.
        SwitchedOff = "switched_off",
        Erased = "erased",
        Suspended = "suspended",
        /// They were told of all these topics in this state.
        ToldBefore = "told_before",
    }
}

// utoipa wants names without arguments
type Titles = Texts<Line<120>>;
type Bodies = Texts<Prose<4000>>;

/// An announcement to be written; of a draft, what can be changed.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAnnouncement {
    /// All of them in the same state, and none `open`.
    pub topic_ids: TopicIds,
    /// From when on they were raised: a date in the program's time zone, or an instant.
    pub from: Edge,
    /// Exclusive.
    pub to: Edge,
    /// What it is about, in one line.
    pub title: Titles,
    /// What changed, or will, or why it will not.
    pub body: Bodies,
    /// Whether each reads their own words, and nobody else's.
    #[serde(default)]
    pub quote: bool,
}

/// Changes to a draft.
pub type AnnouncementChanges = Changes<NewAnnouncement>;

impl NewAnnouncement {
    /// The same with its texts each in their language, those that came without one in the program's.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] with a text that lacks the program's language, or with a time that ends
    /// before it begins.
    fn settled(self, settings: &Settings) -> Result<Self, Refusal> {
        let program = &settings.locale;
        let (title, body) = (self.title.named(program), self.body.named(program));
        title.require(program).map_err(|why| Refusal::field("/title", why.to_string()))?;
        body.require(program).map_err(|why| Refusal::field("/body", why.to_string()))?;
        let this = Self { title, body, ..self };
        let (from, to) = this.span(&settings.time_zone);
        if from >= to {
            return Err(Refusal::field("/to", "must be after from"));
        }
        Ok(this)
    }

    /// When its topics were raised: `[from, to)`.
    fn span(&self, zone: &Zone) -> (Timestamp, Timestamp) {
        (self.from.instant(zone), self.to.instant(zone))
    }
}

/// An announcement, as kept.
#[derive(Clone, Debug)]
pub struct Announcement {
    pub id: AnnouncementId,
    pub fields: NewAnnouncement,
    pub state: AnnouncementState,
    /// Who wrote it last, by [`platform::auth::Caller::label`].
    pub written_by: String,
    pub approved_by: Option<String>,
    pub created_at: Timestamp,
    pub approved_at: Option<Timestamp>,
    pub sent_at: Option<Timestamp>,
    pub version: i64,
}
