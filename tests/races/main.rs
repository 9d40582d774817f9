//! Many callers at once, over HTTP and real connections, at one server and at two.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)] // a test that fails panics

#[path = "../support/mod.rs"]
mod support;

mod answers;
mod cancelled;
mod crowd;
mod journal;
mod lanes;
mod letters;
mod locks;
mod movements;
mod once;
mod perks;
mod referrals;
mod scarce;
mod storm;
mod storm_sums;
mod storm_turns;
