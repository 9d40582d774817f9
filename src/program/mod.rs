//! The loyalty program itself.

pub mod ledger;
pub mod members;
pub mod meta;
pub mod orders;
pub mod redemptions;
pub mod rewards;
pub mod settings;
