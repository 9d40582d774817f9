//! A topic as staff see it.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Topic, TopicState, TopicWords};
use platform::{
    http::Reply,
    kernel::{
        clock::Timestamp,
        id::{MemberId, TopicId, UserId},
        text::Line,
    },
};

/// What members talk about.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Topic, example = json!({
    "id": "top_01m7zr0b7ee0tt0vrz3kxj2q8d", "name": "Waiting", "parent_id": null,
    "words": {"en": ["queue", "wait*"], "is": ["biðr*"]}, "owner_id": null, "state": "open",
    "merged_into": null, "created_at": "2026-11-21T18:51:00Z"
}))]
pub struct TopicBody {
    pub id: TopicId,
    pub name: Line<80>,
    pub parent_id: Option<TopicId>,
    pub words: TopicWords,
    pub owner_id: Option<UserId>,
    pub state: TopicState,
    /// The topic that has its links now; null of one that was not merged.
    pub merged_into: Option<TopicId>,
    pub created_at: Timestamp,
}

impl From<Topic> for TopicBody {
    fn from(topic: Topic) -> Self {
        let Topic { id, fields, merged_into, created_at, .. } = topic;
        let super::NewTopic { name, parent_id, words, owner_id, state } = fields;
        Self { id, name, parent_id, words, owner_id, state, merged_into, created_at }
    }
}

impl Reply for TopicBody {
    fn members(&self) -> Vec<MemberId> {
        Vec::new()
    }
}
