//! Segments: conditions with a name, which others are made of. Judged when they are asked, never kept.

pub mod api;
mod body;
pub mod personal;
pub mod service;
mod store;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use body::{SegmentBody, SegmentCount};

use crate::conditions::Where;
use platform::kernel::{changes::Changes, clock::Timestamp, id::SegmentId, text::Name};

/// A segment to be added; of one that is there, what can be changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSegment {
    /// No two segments have the same, whatever the case of their letters.
    pub name: Name,
    /// Who is in it.
    #[serde(rename = "where")]
    pub wanted: Where,
}

/// Changes to a segment.
pub type SegmentChanges = Changes<NewSegment>;

/// A segment of the program.
#[derive(Clone, Debug)]
pub struct Segment {
    pub id: SegmentId,
    pub fields: NewSegment,
    pub created_at: Timestamp,
    pub version: i64,
}
