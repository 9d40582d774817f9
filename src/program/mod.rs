//! The loyalty program itself.

pub mod asks;
pub mod audit;
pub mod budget;
pub mod conditions;
pub mod due;
pub mod enrolment;
pub mod holds;
pub mod ledger;
pub mod letters;
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
pub mod settings;
pub mod surveys;
pub mod topics;
pub mod transfers;
