//! The loyalty program itself.

pub mod settings;
