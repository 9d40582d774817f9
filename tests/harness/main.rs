//! The house and its test harness: what every other area leans on.

#[path = "../support/mod.rs"]
mod support;

mod browser;
mod floors;
mod postgres;
mod smtp;
