//! The command, as people and scripts run it: the real binary on both databases.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)] // a test that fails panics

#[path = "../support/mod.rs"]
mod support;

mod accounts;
mod backup;
mod bad_rows;
mod cdnow;
mod database;
mod demo;
mod demo_folder;
mod doctor;
mod environment;
mod full;
mod good;
mod guide;
mod import;
mod log;
mod newer;
mod odd_databases;
mod outage;
mod outage_load;
mod pay_out;
mod prompt;
mod proxy;
mod read_only;
mod run;
mod schema;
mod serving;
mod slow;
mod stopping;
mod tampered;
mod tampered_perks;
mod usage;
mod verify;
