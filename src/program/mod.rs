//! The loyalty program itself.

pub mod enrolment;
pub mod ledger;
pub mod members;
pub mod meta;
pub mod referrals;
pub mod settings;
