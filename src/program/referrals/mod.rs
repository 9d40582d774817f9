//! Referrals: who brought whom.

pub mod api;
pub mod personal;
pub mod service;
mod store;

use diesel::prelude::*;

use crate::{
    kernel::{
        clock::Timestamp,
        id::{MemberId, ReferralId},
    },
    words,
};

words! {
    /// Where a referral is on its way.
    pub enum ReferralState {
        Joined = "joined",
        Qualified = "qualified",
        Rewarded = "rewarded",
        Flagged = "flagged",
        Rejected = "rejected",
        Lapsed = "lapsed",
        Reversed = "reversed",
    }
}

/// One member brought another. Columns in the order of the table's.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Referral {
    pub id: ReferralId,
    pub referrer_id: MemberId,
    pub referee_id: MemberId,
    /// The code that the referee gave.
    pub code: String,
    pub state: ReferralState,
    pub joined_at: Timestamp,
    pub qualified_at: Option<Timestamp>,
    pub rewarded_at: Option<Timestamp>,
}
