//! The test harness itself, tested: what every other area leans on.

#[path = "../support/mod.rs"]
mod support;

mod browser;
mod postgres;
mod smtp;
