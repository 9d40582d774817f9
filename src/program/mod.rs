//! The loyalty program itself.

pub mod ledger;
pub mod members;
pub mod meta;
pub mod settings;
