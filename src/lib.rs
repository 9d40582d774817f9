//! Vildar: loyalty and referral rewards. Members, a points ledger, rewards and redemption, referral
//! codes, and the letters that thank people by name.
//!
//! # A walk through one redemption
//!
//! A customer of a shop redeems a coffee: `POST /v1/redemptions`.
//!
//! 1. [`routes`] has every route on one screen; around each request, [`http::observe`] puts its id,
//!    its line in the log and its place in the metrics.
//! 2. [`http::call`] turns the request into a [`http::Call`]: who calls (an access token of
//!    [`auth::tokens`], or a storefront's key of [`auth::keys`]) and the bytes of the body.
//! 3. `redemptions::api::create` checks that this caller may, reads the body strictly
//!    ([`kernel::json`]) into typed values, has settled what is due for the member, and hands one closure to [`http::Call::post`]. Around
//!    it, [`http::idempotency`] looks whether this key has an answer already.
//! 4. [`db::Store::write`] runs the closure in a transaction: on SQLite in the next group commit of
//!    the one writer, on PostgreSQL on a connection of the pool.
//! 5. [`program::redemptions::service::redeem`] is the use case, read top to bottom: lock the member
//!    ([`program::members`]), take a unit out of the stock ([`program::rewards::service::take`]), take the
//!    points ([`program::ledger::post_one`]), write the redemption and its voucher, and queue the
//!    letter ([`messaging::outbox::push`]).
//! 6. The ledger locks the account, settles what is due, decides in memory by the member's lots
//!    (`program::ledger::account`), and writes many rows at once ([`db::bulk`]).
//! 7. The transaction commits, with the idempotency key beside its effect; the answer is 201.
//! 8. The courier ([`messaging::courier`]) claims the letter under a lease, renders it
//!    ([`messaging::letters`]: MiniJinja, MJML, Fluent), sends it, and marks it.
//!
//! [`app`] puts all this together, for the binary ([`cli`]) and for the tests alike. A room calls
//! only downwards: `cli` → `app`, `routes` → `web`, `api` → `http` → services → `ledger`,
//! `messaging` → stores → [`db`] → [`kernel`].

#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod app;
pub mod auth;
pub mod chores;
pub mod cli;
pub mod db;
pub mod demo_clock;
pub mod http;
pub mod kernel;
pub mod messaging;
pub mod post;
pub mod program;
pub mod routes;
pub mod web;
