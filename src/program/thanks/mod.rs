//! Thanks owed: for an answer, a story, a mention, a referral, word of mouth, coming to a gathering,
//! one each. A letter thanks at once; what is for a person to do is owed by one of the staff, by a
//! moment in business hours.
//!
//! Whatever somebody is thanked for stands on a floor above: it tells of itself by [`Owed`], in its
//! own transaction. Locks are taken in one order: the member's row, the row of the thanks, what a
//! perk takes.

pub mod api;
mod body;
pub mod digest;
pub mod gone;
mod letters;
pub mod personal;
pub mod service;
pub mod stats;
mod store;

pub use body::{AssignThanks, GiveThanks, ThanksPerk, WaiveThanks};

use std::{fmt, str::FromStr};

use diesel::prelude::*;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;
use uuid::Uuid;

pub use platform::settings::ThanksCategory;
use platform::{
    db::{schema::thanks, types::RawId},
    http::Reply,
    kernel::{
        clock::Timestamp,
        code,
        error::Refusal,
        id::{Id, Kind, MemberId, PerkId, ThanksId, UserId, kind},
        text::{Prose, Reason},
        wire,
    },
    plain_schema, words,
};

words! {
    /// What was done that is thanked for.
    pub enum DeedType {
        Answer = "answer",
        Story = "story",
        Mention = "mention",
        Referral = "referral",
        Word = "word",
        /// Coming to one: an attendance.
        Gathering = "gathering",
    }
}

impl DeedType {
    const fn prefix(self) -> &'static str {
        match self {
            Self::Answer => kind::Answer::PREFIX,
            Self::Story => "sty",
            Self::Mention => "mtn",
            Self::Referral => kind::Referral::PREFIX,
            Self::Word => "wom",
            Self::Gathering => "att",
        }
    }
}

words! {
    /// Where thanks stand.
    pub enum ThanksState {
        Owed = "owed",
        Given = "given",
        Waived = "waived",
    }
}

impl ThanksState {
    /// The states that they can become.
    #[must_use]
    pub const fn allowed(self) -> &'static [&'static str] {
        match self {
            Self::Owed => &["given", "waived"],
            Self::Given | Self::Waived => &[],
        }
    }

    /// The refusal of a step to `to`.
    #[must_use]
    pub const fn cannot_become(self, to: Self) -> Refusal {
        Refusal::InvalidTransition {
            what: "the thanks",
            from: self.as_str(),
            to: to.as_str(),
            allowed: self.allowed(),
        }
    }
}

words! {
    /// How somebody is thanked: by a letter, by a person in another way, on the page where the deed
    /// was done, by a perk.
    pub enum ThanksWay {
        Letter = "letter",
        Person = "person",
        Page = "page",
        Perk = "perk",
    }
}

/// What a person writes to another.
pub type Message = Prose<4000>;

/// A deed by its type and its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deed {
    pub of: DeedType,
    pub id: RawId,
}

impl Deed {
    #[must_use]
    pub fn new<K: Kind>(of: DeedType, id: Id<K>) -> Self {
        Self { of, id: id.into() }
    }
}

impl fmt::Display for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.of.prefix(), code::encode_u128(self.id.0.as_u128()))
    }
}

/// Deeds of a type, or one of them.
#[derive(Clone, Copy, Debug)]
pub enum DeedSought {
    OfType(DeedType),
    One(Deed),
}

impl FromStr for DeedSought {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(of) = DeedType::from_word(text) {
            return Ok(Self::OfType(of));
        }
        let deed = |of: &DeedType| {
            let rest = text.strip_prefix(of.prefix())?.strip_prefix('_')?;
            let id = RawId(Uuid::from_u128(code::decode_u128(rest)?));
            Some(Self::One(Deed { of: *of, id }))
        };
        DeedType::ALL.iter().find_map(deed).ok_or_else(|| {
            let words: Vec<&str> = DeedType::ALL.iter().map(|of| of.as_str()).collect();
            format!("must be the id of a deed, or one of {}", words.join(", "))
        })
    }
}

plain_schema! { [] DeedSought, "DeedSought", wire::text().examples(["answer"]) }

/// The id of a deed, as it is written.
#[derive(Clone, Debug)]
pub struct DeedId(String);

impl Serialize for DeedId {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.0)
    }
}

plain_schema! { [] DeedId, "DeedId", wire::text().examples(["ans_01m7zr4g2tfw1b4ww8pvq0tkz1"]) }

/// What somebody is thanked for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ThanksFor {
    #[serde(rename = "type")]
    pub of: DeedType,
    pub id: DeedId,
}

impl From<Deed> for ThanksFor {
    fn from(deed: Deed) -> Self {
        Self { of: deed.of, id: DeedId(deed.to_string()) }
    }
}

/// What was done, and is to be thanked for.
#[derive(Clone, Copy, Debug)]
pub struct Owed {
    pub member: MemberId,
    pub deed: Deed,
    pub category: ThanksCategory,
    /// Who has the topic that it is about: thanks, where a person does.
    pub topic_owner: Option<UserId>,
}

/// A row of thanks. What people wrote in it is null once its member is erased.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = thanks, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Thanks {
    pub id: ThanksId,
    pub member_id: MemberId,
    pub for_type: DeedType,
    pub for_id: RawId,
    pub category: ThanksCategory,
    pub state: ThanksState,
    pub way: ThanksWay,
    pub owner_id: Option<UserId>,
    pub owed_at: Timestamp,
    pub due_at: Timestamp,
    pub given_at: Option<Timestamp>,
    pub given_by: Option<String>,
    pub perk_id: Option<PerkId>,
    pub message: Option<Message>,
    pub waived_at: Option<Timestamp>,
    pub waived_by: Option<String>,
    pub waive_reason: Option<Reason>,
    /// When the admins were told that it is overdue.
    pub digested_at: Option<Timestamp>,
}

impl Thanks {
    #[must_use]
    pub const fn deed(&self) -> Deed {
        Deed { of: self.for_type, id: self.for_id }
    }

    /// Whether it was given when it was due, or after.
    #[must_use]
    pub fn is_late(&self) -> bool {
        self.given_at.is_some_and(|given| given >= self.due_at)
    }

    /// Whether it is owed still, and due.
    #[must_use]
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.state == ThanksState::Owed && now >= self.due_at
    }
}

/// Thanks that are owed, or were given or waived.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Thanks)]
pub struct ThanksBody {
    pub id: ThanksId,
    pub member_id: MemberId,
    #[serde(rename = "for")]
    pub deed: ThanksFor,
    pub category: ThanksCategory,
    pub state: ThanksState,
    pub way: ThanksWay,
    /// Who of the staff is to thank.
    pub owner_id: Option<UserId>,
    pub owed_at: Timestamp,
    /// By when a person is to thank, in business hours.
    pub due_at: Timestamp,
    pub given_at: Option<Timestamp>,
    /// The id of who did it; `system` for a letter that went at once, and for the page.
    #[schema(example = "usr_01m7zr0b7ee0tt0vrz3kxj2q8d")]
    pub given_by: Option<String>,
    /// A person's own words.
    pub message: Option<Message>,
    pub perk_id: Option<PerkId>,
    /// Given when it was due, or after.
    pub late: bool,
    /// Owed still, and due.
    pub overdue: bool,
    pub waived_at: Option<Timestamp>,
    pub waived_by: Option<String>,
    /// `member_gone` where the member was suspended or erased.
    pub waive_reason: Option<Reason>,
}

impl ThanksBody {
    #[must_use]
    pub fn of(thanks: Thanks, now: Timestamp) -> Self {
        Self {
            deed: thanks.deed().into(),
            late: thanks.is_late(),
            overdue: thanks.is_overdue(now),
            id: thanks.id,
            member_id: thanks.member_id,
            category: thanks.category,
            state: thanks.state,
            way: thanks.way,
            owner_id: thanks.owner_id,
            owed_at: thanks.owed_at,
            due_at: thanks.due_at,
            given_at: thanks.given_at,
            given_by: thanks.given_by,
            message: thanks.message,
            perk_id: thanks.perk_id,
            waived_at: thanks.waived_at,
            waived_by: thanks.waived_by,
            waive_reason: thanks.waive_reason,
        }
    }
}

impl Reply for ThanksBody {
    fn members(&self) -> Vec<MemberId> {
        vec![self.member_id]
    }
}
