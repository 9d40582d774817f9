//! Redemptions: points become a reward, by a voucher's code or handed over; and come back where
//! that is undone.
//!
//! Locks are taken in one order everywhere: the member's row, the redemption's, the rewards', the
//! accounts, each kind by id. The member's row is what holds a limit per member under concurrency:
//! the account is locked too late for that, by the ledger.

pub mod api;
pub mod audit;
pub mod body;
mod letters;
pub mod personal;
pub mod service;
mod store;

use platform::{
    kernel::{
        clock::Timestamp,
        error::Refusal,
        id::{MemberId, RedemptionId, RewardId},
        voucher_code,
    },
    words,
};

words! {
    /// Where a redemption stands.
    pub enum RedemptionState {
        Placed = "placed",
        Fulfilled = "fulfilled",
        Used = "used",
        Cancelled = "cancelled",
        Expired = "expired",
    }
}

impl RedemptionState {
    /// The states that it can become.
    #[must_use]
    pub const fn allowed(self) -> &'static [&'static str] {
        match self {
            Self::Placed => &["fulfilled", "cancelled", "expired"],
            Self::Fulfilled => &["used", "cancelled"],
            Self::Used | Self::Cancelled | Self::Expired => &[],
        }
    }

    /// The refusal of a step to `to`.
    #[must_use]
    pub const fn cannot_become(self, to: Self, allowed: &'static [&'static str]) -> Refusal {
        Refusal::InvalidTransition {
            what: "the redemption",
            from: self.as_str(),
            to: to.as_str(),
            allowed,
        }
    }
}

words! {
    /// What a voucher is worth at the till.
    pub enum VoucherState { Live = "live", Used = "used", Void = "void", Expired = "expired" }
}

/// A redemption, as kept.
#[derive(Clone, Debug)]
pub struct Redemption {
    pub id: RedemptionId,
    pub member_id: MemberId,
    pub reward_id: RewardId,
    pub quantity: i64,
    /// Units of it that were cancelled; the others are as `state` says.
    pub cancelled_quantity: i64,
    pub points: i64,
    pub state: RedemptionState,
    pub order_ref: Option<String>,
    pub channel: Option<String>,
    /// The ledger's entry that paid for it; `None` for a gift, which costs 0 points.
    pub entry_seq: Option<i64>,
    /// Who placed it, by [`platform::auth::Caller::label`].
    pub placed_by: String,
    pub placed_at: Timestamp,
    /// When it expires unless it was fulfilled; `None` for what begins fulfilled.
    pub expires_at: Option<Timestamp>,
    pub fulfilled_at: Option<Timestamp>,
    pub cancelled_at: Option<Timestamp>,
    pub used_at: Option<Timestamp>,
    pub voucher: Option<Voucher>,
}

impl Redemption {
    /// Units that were not cancelled.
    #[must_use]
    pub const fn left(&self) -> i64 {
        self.quantity - self.cancelled_quantity
    }

    /// The points that so many of its units cost: each costs the same.
    #[must_use]
    pub const fn cost_of(&self, units: i64) -> i64 {
        self.points / self.quantity * units
    }

    /// Whether it is over, and nobody has expired it yet.
    #[must_use]
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.state == RedemptionState::Placed && self.state_at(now) == RedemptionState::Expired
    }

    /// The state as of `now`: what is due to expire has expired, whether or not the sweep ran.
    #[must_use]
    pub fn state_at(&self, now: Timestamp) -> RedemptionState {
        match (self.state, self.expires_at) {
            (RedemptionState::Placed, Some(at)) if at <= now => RedemptionState::Expired,
            (state, _) => state,
        }
    }
}

/// A code that is worth the reward, once.
#[derive(Clone, Debug)]
pub struct Voucher {
    /// What it is known by: upper case, without hyphens.
    pub code: String,
    /// As it was uploaded, where it is one of a list.
    pub uploaded: Option<String>,
    /// Exclusive.
    pub expires_at: Timestamp,
    pub voided_at: Option<Timestamp>,
    pub used_at: Option<Timestamp>,
    pub channel: Option<String>,
    pub location: Option<String>,
    /// When its member was reminded of it.
    pub reminded_at: Option<Timestamp>,
}

impl Voucher {
    /// The code as people read it.
    #[must_use]
    pub fn shown(&self) -> String {
        self.uploaded.clone().unwrap_or_else(|| voucher_code::shown(&self.code))
    }

    #[must_use]
    pub fn state(&self, now: Timestamp) -> VoucherState {
        if self.used_at.is_some() {
            VoucherState::Used
        } else if self.voided_at.is_some() {
            VoucherState::Void
        } else if self.expires_at <= now {
            VoucherState::Expired
        } else {
            VoucherState::Live
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    fn voucher() -> Voucher {
        Voucher {
            code: "K7Q01122ZZ9A".to_owned(),
            uploaded: None,
            expires_at: at("2027-11-22T00:00:00Z"),
            voided_at: None,
            used_at: None,
            channel: None,
            location: None,
            reminded_at: None,
        }
    }

    #[test]
    fn a_voucher_is_live_until_its_end_its_use_or_its_cancelling() {
        let noon = at("2026-11-21T12:00:00Z");
        assert_eq!(voucher().shown(), "K7Q0-1122-ZZ9A");
        assert_eq!(voucher().state(noon), VoucherState::Live);
        assert_eq!(voucher().state(at("2027-11-22T00:00:00Z")), VoucherState::Expired);
        let void = Voucher { voided_at: Some(noon), ..voucher() };
        assert_eq!(void.state(noon), VoucherState::Void);
        let used = Voucher { used_at: Some(noon), ..voucher() };
        assert_eq!(used.state(at("2028-01-01T00:00:00Z")), VoucherState::Used);
    }

    #[test]
    fn what_waits_too_long_has_expired_and_what_is_fulfilled_has_not() {
        let nil = uuid::Uuid::nil();
        let mut redemption = Redemption {
            id: RedemptionId::from_uuid(nil),
            member_id: MemberId::from_uuid(nil),
            reward_id: RewardId::from_uuid(nil),
            quantity: 1,
            cancelled_quantity: 0,
            points: 100,
            state: RedemptionState::Placed,
            order_ref: None,
            channel: None,
            entry_seq: Some(2),
            placed_by: "system".to_owned(),
            placed_at: at("2026-11-21T12:00:00Z"),
            expires_at: Some(at("2026-11-24T12:00:00Z")),
            fulfilled_at: None,
            cancelled_at: None,
            used_at: None,
            voucher: None,
        };
        assert_eq!(redemption.state_at(at("2026-11-24T11:59:59Z")), RedemptionState::Placed);
        assert_eq!(redemption.state_at(at("2026-11-24T12:00:00Z")), RedemptionState::Expired);
        redemption.state = RedemptionState::Fulfilled;
        assert_eq!(redemption.state_at(at("2027-01-01T00:00:00Z")), RedemptionState::Fulfilled);
    }

    #[test]
    fn every_step_leads_to_a_state_that_exists() {
        for state in RedemptionState::ALL {
            for to in state.allowed() {
                assert!(RedemptionState::from_word(to).is_some(), "{to}");
            }
        }
    }
}
