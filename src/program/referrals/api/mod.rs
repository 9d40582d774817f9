//! `/v1/referrals`, `/v1/referral-cases`, and what a member shares.

mod body;
pub mod deciding;
pub mod reading;
pub mod sharing;
pub mod stats;

pub use body::{Paid, ReferralBody};
