//! Referrals: who brought whom, and what that is worth.
//!
//! A referral's course follows from facts: what the friend ordered and gave back, what time it is,
//! what is doubted, what a person decided. Whatever happens elsewhere only says *look at this one
//! again* ([`service::look_again`], by the row's `due_at`); the one place that looks, and moves it
//! on, is [`service::advance`]. So the order in which things happen does not matter, and nothing is
//! paid but there.
//!
//! Locks are taken in one order: both members' rows by their ids, the referral's row, then what
//! perks and the ledger lock.

pub mod api;
pub mod audit;
pub mod codes;
mod doubt;
pub mod letters;
pub mod personal;
pub mod service;
pub mod stats;
mod store;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use doubt::{Flag, FlagCode};

use platform::{
    db::{
        schema::{referral_payouts, referrals},
        types::Json,
    },
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
        id::{MemberId, OrderId, PayoutId, PerkId, ReferralId, RewardId},
        text::Reason,
    },
    settings::Settings,
    words,
};

words! {
    /// Where a referral is on its way.
    pub enum ReferralState {
        /// The friend is a member, and has not bought enough yet.
        Joined = "joined",
        /// The friend bought enough; the time in which it may come back is not over.
        Qualified = "qualified",
        /// Both were paid.
        Rewarded = "rewarded",
        /// It waits for a person to decide.
        Flagged = "flagged",
        /// A person said no.
        Rejected = "rejected",
        /// The friend did not buy enough in time, or somebody was erased.
        Lapsed = "lapsed",
        /// What was paid was taken back.
        Reversed = "reversed",
    }
}

impl ReferralState {
    /// The states that it can become.
    #[must_use]
    pub const fn allowed(self) -> &'static [&'static str] {
        match self {
            Self::Joined => &["qualified", "flagged", "lapsed"],
            Self::Qualified => &["joined", "rewarded", "flagged", "lapsed"],
            Self::Flagged => &["joined", "qualified", "rejected", "lapsed"],
            Self::Rejected => &["flagged"],
            Self::Rewarded => &["reversed"],
            Self::Lapsed | Self::Reversed => &[],
        }
    }

    /// The refusal of a step to `to`.
    #[must_use]
    pub const fn cannot_become(self, to: Self) -> Refusal {
        Refusal::InvalidTransition {
            what: "the referral",
            from: self.as_str(),
            to: to.as_str(),
            allowed: self.allowed(),
        }
    }
}

words! {
    /// How it is known who brought whom.
    pub enum Attribution {
        /// By the code or the link, at enrolment.
        Code = "code",
        /// By the friend, who gave the code later.
        Claim = "claim",
    }
}

words! {
    /// What keeps a referral whose time has come from being paid.
    pub enum WaitsFor {
        /// The referrer's month is full.
        Limit = "limit",
        /// One of the two is suspended.
        Suspension = "suspension",
        /// A reward that was promised can't be had.
        Reward = "reward",
    }
}

/// What was promised when the friend joined: changes of the settings come too late for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Terms {
    #[schema(example = 500)]
    pub referrer_points: i64,
    pub referrer_reward_id: Option<RewardId>,
    #[schema(example = 200)]
    pub referee_points: i64,
    pub referee_reward_id: Option<RewardId>,
    /// The least that an order has to come to, in minor units, after refunds.
    #[schema(example = 2000)]
    pub min_order_minor_units: i64,
    /// From the order on, in days: it may come back within.
    #[schema(example = 14)]
    pub hold_days: i64,
}

impl Terms {
    /// What is promised now.
    #[must_use]
    pub fn of(settings: &Settings) -> Self {
        Self {
            referrer_points: settings.referral_referrer_points.get(),
            referrer_reward_id: settings.referral_referrer_reward_id,
            referee_points: settings.referral_referee_points.get(),
            referee_reward_id: settings.referral_referee_reward_id,
            min_order_minor_units: settings.referral_min_order_minor_units.get(),
            hold_days: settings.referral_hold_days.get(),
        }
    }

    /// Whether an order that comes to so much, after refunds, qualifies. One that was given back
    /// whole never does.
    #[must_use]
    pub fn suffices(&self, minor_units: i64) -> bool {
        minor_units >= self.min_order_minor_units.max(1)
    }
}

/// One member brought another.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = referrals, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Referral {
    pub id: ReferralId,
    pub referrer_id: MemberId,
    pub referee_id: MemberId,
    /// The referrer's code, whichever of its codes was given.
    pub code: String,
    pub state: ReferralState,
    pub joined_at: Timestamp,
    pub qualified_at: Option<Timestamp>,
    pub rewarded_at: Option<Timestamp>,
    pub attribution: Attribution,
    /// As [`Referral::terms`] reads them.
    pub terms: Json,
    /// Exclusive: an order counts that is placed before.
    pub lapses_at: Timestamp,
    /// The order that qualified it.
    pub order_id: Option<OrderId>,
    /// When it may be paid.
    pub payable_at: Option<Timestamp>,
    pub waits_for: Option<WaitsFor>,
    /// Of a flagged or rejected one: where it was, and goes on from.
    pub came_from: Option<ReferralState>,
    /// Of a flagged or rejected one: the first of those that are doubted together.
    pub case_id: Option<ReferralId>,
    /// Who approved or rejected it, by [`platform::auth::Caller::label`].
    pub decided_by: Option<String>,
    pub decided_at: Option<Timestamp>,
    pub decision_reason: Option<Reason>,
    pub appealed_at: Option<Timestamp>,
    pub appeal_reason: Option<Reason>,
    /// When it lapsed, was rejected or was reversed.
    pub ended_at: Option<Timestamp>,
    /// When it is to be looked at again; never where it is `None`.
    pub due_at: Option<Timestamp>,
}

impl Referral {
    /// Where it stands but for any doubt.
    #[must_use]
    pub fn course(&self) -> ReferralState {
        self.came_from.unwrap_or(self.state)
    }

    /// What was promised.
    ///
    /// # Errors
    /// Where the row can't be read.
    pub fn terms(&self) -> Result<Terms> {
        self.terms.clone().read()
    }
}

/// What a referral paid to one of the two.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = referral_payouts)]
pub struct Payout {
    pub id: PayoutId,
    pub referral_id: ReferralId,
    pub member_id: MemberId,
    /// `referrer`, `referee` or `step-3`.
    pub part: String,
    /// How many friends the referrer had with it, where it was paid for that.
    pub step: Option<i64>,
    pub points: i64,
    /// The member's entry that brought the points.
    pub entry_seq: Option<i64>,
    /// The perk that brought the reward.
    pub perk_id: Option<PerkId>,
    pub paid_at: Timestamp,
    pub reversed_at: Option<Timestamp>,
}
