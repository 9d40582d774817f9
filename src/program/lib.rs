//! The loyalty program itself.

#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod announcements;
pub mod asks;
pub mod audit;
pub mod budget;
pub mod conditions;
pub mod due;
pub mod enrolment;
pub mod holds;
pub mod ledger;
pub mod members;
pub mod occasions;
pub mod orders;
pub mod period;
pub mod perks;
pub mod pictures;
pub mod points;
pub mod redemptions;
pub mod referrals;
pub mod register;
pub mod reminders;
pub mod rewards;
pub mod segments;
pub mod surveys;
pub mod thanks;
pub mod topics;
pub mod transfers;
