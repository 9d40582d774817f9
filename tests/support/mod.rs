//! What every area of the integration tests shares: databases, a mail server, a browser.
//!
//! An area is one binary, `tests/<area>/main.rs`, and takes this in by
//!
//! ```ignore
//! #[path = "../support/mod.rs"]
//! mod support;
//! ```
//!
//! `cargo test` is the way to run them: a PostgreSQL cluster is started once per test *process*,
//! and `cargo nextest` has a process per test. It works there too, but each test pays for it.
#![allow(dead_code, unused_imports, unused_macros)] // each area uses its own part of the harness

pub mod app;
pub mod both;
pub mod browser;
#[cfg(test)]
pub mod conforms;
pub mod mail;
pub mod postgres;
pub mod programs;
pub mod scratch;
pub mod second;
pub mod smtp;
pub mod watchdog;
