//! What the pages of friends need to know.

use serde::Serialize;

use super::{Program, ReferralCard, Shell};
use platform::kernel::clock::Timestamp;

/// `invitation.html`: where a friend's link leads without a storefront.
#[derive(Debug, Clone, Serialize)]
pub struct InvitationPage {
    /// Around the page.
    #[serde(flatten)]
    pub shell: Shell,
    /// The code, where it is somebody's.
    pub code: Option<String>,
    /// What a friend gets.
    pub points: i64,
}

/// `friends.html`: what a member shares, and what came of it.
#[derive(Debug, Clone, Serialize)]
pub struct FriendsPage {
    /// Around the page.
    #[serde(flatten)]
    pub shell: Shell,
    /// What the program offers.
    pub program: Program,
    /// What the member shares.
    pub referral: ReferralCard,
    /// Whom it brought, newest first.
    pub friends: Vec<FriendLine>,
    pub next_cursor: Option<String>,
    /// By whom the member came; `None` where it may still say so or came alone.
    pub own: Option<FriendLine>,
    /// Whether it may still say who told it.
    pub may_claim: bool,
    /// Those who brought most, of those who want to be named.
    pub leaders: Vec<LeaderLine>,
    /// Why what was asked can't be.
    pub fault: Option<String>,
}

/// A friend, as the member who brought it sees it.
#[derive(Debug, Clone, Serialize)]
pub struct FriendLine {
    pub id: String,
    /// The given name; `None` once erased.
    pub name: Option<String>,
    pub state: String,
    /// What is to come, or came.
    pub points: i64,
    /// When the offer ends, or is paid.
    pub until: Option<Timestamp>,
    /// Why a person said no.
    pub reason: Option<String>,
    /// Whether it may be looked at again.
    pub may_appeal: bool,
}

/// A place on the leaderboard.
#[derive(Debug, Clone, Serialize)]
pub struct LeaderLine {
    pub place: i64,
    pub name: String,
    pub friends: i64,
    /// Whether that is who looks.
    pub is_own: bool,
}
