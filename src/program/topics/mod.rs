//! Topics: what members talk about, as the shop sorts it. Words suggest that something a member said is
//! about a topic; a person confirms it. Whoever raised a topic can be told later what became of it.
//!
//! A topic has two levels at most. What is about it is linked by [`service::suggest`] and
//! [`service::confirm`]; what it is (an answer, so far) is handed in, and never looked at from here.
//!
//! Locks: the members first, by those who call; then the topics in the order of their ids. Who adds,
//! changes or merges topics does so one after the other.

pub mod api;
mod body;
pub mod personal;
pub mod service;
mod store;
mod words;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

pub use body::TopicBody;
pub use words::{TopicWords, Word};

use platform::{
    kernel::{
        changes::Changes,
        clock::Timestamp,
        error::Refusal,
        id::{MemberId, TopicId, UserId},
        locale::Locale,
        text::Line,
    },
    words,
};

/// How many topics there are at most, those that were merged not counted.
pub const MOST: usize = 500;

words! {
    /// Where the shop stands on a topic.
    pub enum TopicState {
        Open = "open",
        /// It will change.
        Planned = "planned",
        /// It did.
        Changed = "changed",
        /// It will not change.
        Declined = "declined",
    }
}

words! {
    /// What a topic is linked to.
    pub enum SubjectKind { Answer = "answer" }
}

/// A topic to be added; of one that is there, what can be changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTopic {
    /// Unique beside its siblings, in whatever case.
    pub name: Line<80>,
    /// The topic that it is a part of, which is itself a part of none.
    pub parent_id: Option<TopicId>,
    /// By which it is suggested, by language.
    #[serde(default)]
    pub words: TopicWords,
    /// Who sees to it: what is owed for an answer about it is that user's.
    pub owner_id: Option<UserId>,
    #[serde(default = "open")]
    pub state: TopicState,
}

const fn open() -> TopicState {
    TopicState::Open
}

/// Changes to a topic.
pub type TopicChanges = Changes<NewTopic>;

/// A topic, as kept.
#[derive(Clone, Debug)]
pub struct Topic {
    pub id: TopicId,
    pub fields: NewTopic,
    /// The topic that has its links now.
    pub merged_into: Option<TopicId>,
    pub created_at: Timestamp,
    pub version: i64,
}

impl Topic {
    /// The refusal to do something with a topic that was merged.
    const fn is_merged(to: &'static str) -> Refusal {
        Refusal::InvalidTransition { what: "the topic", from: "merged", to, allowed: &[] }
    }
}

/// Something that a member said, and that may be about topics.
#[derive(Clone, Debug)]
pub struct Subject {
    pub kind: SubjectKind,
    pub id: Uuid,
    pub member: MemberId,
    /// When the member said it first.
    pub raised_at: Timestamp,
    /// The language in which the member was asked.
    pub locale: Locale,
}

/// A topic of a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LinkedTopic {
    pub topic_id: TopicId,
    /// By words alone: nobody confirmed it yet.
    pub suggested: bool,
}
