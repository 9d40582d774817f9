//! A segment as the API shows it.

use serde::Serialize;
use utoipa::ToSchema;

use super::Segment;
use crate::conditions::Where;
use platform::{
    http::Reply,
    kernel::{
        clock::Timestamp,
        id::{MemberId, SegmentId},
        text::Name,
    },
};

/// A segment of the program.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Segment)]
pub struct SegmentBody {
    id: SegmentId,
    name: Name,
    /// Who is in it.
    #[serde(rename = "where")]
    wanted: Where,
    created_at: Timestamp,
}

impl From<Segment> for SegmentBody {
    fn from(segment: Segment) -> Self {
        Self {
            id: segment.id,
            name: segment.fields.name,
            wanted: segment.fields.wanted,
            created_at: segment.created_at,
        }
    }
}

impl Reply for SegmentBody {
    const MADE: &'static [&'static str] = &["/id"];

    fn members(&self) -> Vec<MemberId> {
        Vec::new()
    }
}

/// How many members are in a segment.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SegmentCount {
    /// Active members.
    #[schema(example = 1204)]
    pub count: i64,
    pub as_of: Timestamp,
}
