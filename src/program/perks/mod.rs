//! Perks: what staff give a member, with a reason and, where they like, a few words of their own:
//! points, a reward, or the words alone. Above a staff user's limit a perk is proposed, and another
//! person decides.
//!
//! Locks are taken in one order: the member's row, the perk's, the redemption's, the reward's, the
//! account, and last the row of the user whose budget it comes out of.

pub mod api;
pub mod audit;
mod body;
mod letters;
pub mod lists;
pub mod personal;
pub mod service;
mod store;

pub use body::GrantPerk;

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use platform::{
    db::schema::perks,
    http::Reply,
    kernel::{
        clock::Timestamp,
        error::Refusal,
        id::{MemberId, PerkId, RedemptionId, RewardId, UserId},
        text::{Line, Prose, Reason},
    },
    words,
};

words! {
    /// What a perk is; `points` and `reward` give what they say, the others are told by their words.
    pub enum PerkKind {
        Points = "points",
        Reward = "reward",
        Upgrade = "upgrade",
        EarlyAccess = "early_access",
        Invitation = "invitation",
        ThankYou = "thank_you",
    }
}

words! {
    /// Where a perk stands.
    pub enum PerkState {
        Proposed = "proposed",
        Granted = "granted",
        Declined = "declined",
        Revoked = "revoked",
    }
}

impl PerkState {
    /// The states that it can become.
    #[must_use]
    pub const fn allowed(self) -> &'static [&'static str] {
        match self {
            Self::Proposed => &["granted", "declined"],
            Self::Granted => &["revoked"],
            Self::Declined | Self::Revoked => &[],
        }
    }

    /// The refusal of a step to `to`.
    #[must_use]
    pub const fn cannot_become(self, to: Self) -> Refusal {
        Refusal::InvalidTransition {
            what: "the perk",
            from: self.as_str(),
            to: to.as_str(),
            allowed: self.allowed(),
        }
    }
}

/// A perk's title, which its member reads.
pub type Title = Line<120>;
/// A personal message, as it stands in the letter.
pub type Message = Prose<2000>;

/// A perk. What people wrote in it is null once its member is erased.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = perks, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Perk {
    pub id: PerkId,
    pub member_id: MemberId,
    pub kind: PerkKind,
    pub state: PerkState,
    #[schema(example = 200)]
    pub points: Option<i64>,
    pub reward_id: Option<RewardId>,
    #[schema(example = "Thank you for your patience")]
    pub title: Option<Title>,
    /// For staff.
    #[schema(example = "the parcel came a week late")]
    pub reason: Option<Reason>,
    pub message: Option<Message>,
    pub send_letter: bool,
    /// What it counts for on limit and budget: its points, or what its reward costs.
    pub cost_points: i64,
    /// The id of who did it.
    pub proposed_by: String,
    pub proposed_at: Timestamp,
    pub granted_by: Option<String>,
    pub granted_at: Option<Timestamp>,
    /// Whose budget it counts on: who granted it, unless that was an admin.
    pub budget_user_id: Option<UserId>,
    /// The member's entry that brought the points.
    pub entry_seq: Option<i64>,
    /// The redemption that brought the reward.
    pub redemption_id: Option<RedemptionId>,
    /// Who declined or revoked it.
    pub ended_by: Option<String>,
    pub ended_at: Option<Timestamp>,
    pub ended_reason: Option<Reason>,
    /// Of a revoked one: what was still there, of `cost_points`.
    pub taken_back_points: Option<i64>,
    /// Of a revoked one: what was used already and stays the member's, of `cost_points`.
    pub kept_points: Option<i64>,
}

impl Reply for Perk {
    const MADE: &'static [&'static str] = &["/id", "/redemption_id"];

    fn members(&self) -> Vec<MemberId> {
        vec![self.member_id]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_leads_to_a_state_that_exists() {
        for state in PerkState::ALL {
            for to in state.allowed() {
                assert!(PerkState::from_word(to).is_some(), "{to}");
            }
        }
    }
}
