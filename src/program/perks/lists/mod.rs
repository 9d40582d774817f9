//! One perk for many members: a list, looked through before anything is given, charged to the budget
//! as a whole, and then worked off a few members at a time, so that nobody waits for it.

pub mod api;
mod reading;
pub mod service;
mod store;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{GrantPerk, Message, PerkKind, Title};
use platform::{
    db::schema::perk_lists,
    http::Reply,
    kernel::{
        clock::Timestamp,
        id::{MemberId, PerkListId, RewardId, UserId},
        points::Amount,
        text::Reason,
    },
    words,
};

pub use reading::{Line, lines, text};

/// How many members a list has at most.
pub const MOST: usize = 10_000;

/// A perk for many members; kept without them until it is done.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPerkList {
    pub kind: PerkKind,
    /// For kind `points` alone, and required there.
    pub points: Option<Amount>,
    /// For kind `reward` alone, and required there.
    pub reward_id: Option<RewardId>,
    /// What each of them reads, in the letter and beside the points.
    pub title: Title,
    /// Why: for staff, and in the members' exports.
    pub reason: Reason,
    /// A few words of one's own for the letters.
    pub message: Option<Message>,
    /// Whether they are told by a letter.
    pub send_letter: bool,
    /// By id, e-mail address or `external_id`; at most 10,000.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(required, min_items = 1, max_items = 10_000, example = json!(["anna@example.com", "C-1042"]))]
    pub members: Vec<String>,
}

impl NewPerkList {
    /// The perk of one of them.
    #[must_use]
    pub fn to(&self, member_id: MemberId) -> GrantPerk {
        let Self { kind, points, reward_id, title, reason, message, send_letter, .. } =
            self.clone();
        GrantPerk { member_id, kind, points, reward_id, title, reason, message, send_letter }
    }
}

words! {
    /// Where a list stands.
    pub enum PerkListState { Working = "working", Done = "done" }
}

words! {
    /// What became of a line.
    pub enum LineState {
        Waiting = "waiting",
        Given = "given",
        Proposed = "proposed",
        Failed = "failed",
    }
}

words! {
    /// Why a line got nothing.
    pub enum LineFault {
        /// No such member.
        Unknown = "unknown",
        /// One above in the list is the same member.
        Duplicate = "duplicate",
        Suspended = "suspended",
        /// Neither an id, nor an e-mail address, nor a number of the shop's.
        Unreadable = "unreadable",
        /// The reward ran out, or can't be had.
        Unavailable = "unavailable",
        /// Who gave it is no longer of the staff.
        Forbidden = "forbidden",
    }
}

impl LineFault {
    /// In words, for whoever made the list.
    #[must_use]
    pub const fn message(self) -> &'static str {
        match self {
            Self::Unknown => "is no member",
            Self::Duplicate => "is the same member as a line further up",
            Self::Suspended => "is suspended",
            Self::Unreadable => "must be a member's id, e-mail address or number",
            Self::Unavailable => "can't have the reward, or it has run out",
            Self::Forbidden => "whoever gave this is no longer of the staff",
        }
    }
}

/// A list, as kept.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = perk_lists)]
pub struct PerkList {
    pub id: PerkListId,
    pub user_id: UserId,
    /// Whether what waits of it counts on that user's budget.
    pub budgeted: bool,
    pub cost_points: i64,
    pub created_at: Timestamp,
    pub finished_at: Option<Timestamp>,
}

/// A line at fault.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LineError {
    /// Counted from 1, a header too; in JSON the place in `members`.
    #[schema(example = 3)]
    pub line: i64,
    pub code: LineFault,
    #[schema(example = "is no member")]
    pub message: &'static str,
}

/// A list, and how far it is.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PerkList)]
pub struct PerkListBody {
    pub id: PerkListId,
    pub state: PerkListState,
    /// Lines, those at fault among them.
    #[schema(example = 120)]
    pub total: i64,
    /// Members who wait for it yet.
    pub waiting: i64,
    pub given: i64,
    /// Above the limit of who gives: another person decides on each.
    pub proposed: i64,
    pub failed: i64,
    /// What each counts for on limit and budget.
    #[schema(example = 100)]
    pub cost_points: i64,
    /// Of all that get it; what is proposed counts on nobody's budget.
    #[schema(example = 11_900)]
    pub total_points: i64,
    /// The first thousand lines at fault.
    pub errors: Vec<LineError>,
    pub created_at: Timestamp,
    pub finished_at: Option<Timestamp>,
}

impl Reply for PerkListBody {
    const MADE: &'static [&'static str] = &["/id"];

    fn members(&self) -> Vec<MemberId> {
        Vec::new()
    }
}
