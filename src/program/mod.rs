//! The loyalty program itself.

pub mod audit;
pub mod budget;
pub mod due;
pub mod enrolment;
pub mod holds;
pub mod ledger;
pub mod letters;
pub mod members;
pub mod occasions;
pub mod orders;
pub mod perks;
pub mod pictures;
pub mod points;
pub mod redemptions;
pub mod referrals;
pub mod register;
pub mod reminders;
pub mod rewards;
pub mod settings;
pub mod thanks;
pub mod transfers;
