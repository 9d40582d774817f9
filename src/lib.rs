//! Vildar: loyalty and referral rewards. Members, a points ledger, rewards and redemption, referral
//! codes, and the letters that thank people by name.
//!
//! # A walk through one redemption
//!
//! A customer of a shop redeems a coffee: `POST /v1/redemptions`.
//!
//! 1. [`routes`] has every route on one screen, and who may call it; around each request,
//!    [`platform::http::observe`] puts its id, its line in the log and its place in the metrics.
//! 2. [`platform::http::call`] turns the request into a [`Call`](platform::http::Call): who calls (an
//!    access token of [`platform::auth::tokens`], or a storefront's key of
//!    [`platform::auth::keys`]) and the bytes of the body. Who may not call is told so here, before
//!    the body is read ([`platform::auth::access`]).
//! 3. `redemptions::api::create` reads the body strictly ([`platform::kernel::json`]) into a typed
//!    command, and sends it through its lane ([`platform::http::lane`]): what waits there, at most
//!    256 of a kind, goes together. [`platform::http::idempotency`] looks for all of them at once
//!    whether their keys have an answer already.
//! 4. [`platform::db::Store`] runs the slice in a transaction: on SQLite in the next group commit of
//!    the one writer, on PostgreSQL on a connection of the pool.
//! 5. [`program::redemptions::service::redeem_all`] is the use case, and one redemption is a slice
//!    of one: lock the members ([`program::members`]), give back what is due to them, lock the rewards that count
//!    their stock, open the ledger's book for all that may be posted ([`program::ledger::Book`]); then
//!    decide one after the other in memory: was it there, what hinders, the stock, the points.
//! 6. The book locks the accounts in the order of their ids, settles what is due, decides by each
//!    member's lots (`program::ledger::account`), and writes what changed, a statement a table
//!    ([`platform::db::bulk`]). Redemptions, vouchers and letters ([`platform::messaging::outbox`])
//!    are written likewise.
//! 7. The transaction commits, with the idempotency keys beside their effects; the answers are 201.
//! 8. The courier ([`platform::messaging::courier`]) claims the letter under a lease, renders it
//!    ([`platform::messaging::letters`]: MiniJinja, MJML, Fluent), sends it, and marks it.
//!
//! # The shape of a domain
//!
//! - `mod.rs` says what it is: its types, and what they know by themselves.
//! - `service.rs` has its use cases, one function each in a transaction; others call these.
//! - `store.rs` has its rows, for itself alone; `audit.rs` what must be true of them, and
//!   `personal.rs` what of them is somebody's.
//! - `body.rs` has what goes over the wire, where that is not the domain's own type: `PlaceOrder`
//!   comes in and is named for what it asks, `OrderBody` goes out.
//! - `api.rs` has its endpoints; `letters.rs` what it writes to people.
//!
//! A small domain lacks some of them; a large one has the same names deeper: `service/placing.rs`,
//! `api/vouchers.rs`, `audit/sums.rs`.
//!
//! Three crates, since what does not change need not be built anew: [`platform`] (`src/platform/`)
//! calls nothing of the program, [`program`] (`src/program/`) is the loyalty program, and what lies in
//! `src/` itself shows it to people and to the shell. [`app`] puts all this together, for the binary
//! ([`cli`]) and for the tests alike. A room calls only downwards: `cli` → `app`, `routes` → `web`,
//! `api` → `http` → services → `ledger`, `messaging` → stores → [`platform::db`] → [`platform::kernel`].

#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod app;
pub mod chores;
pub mod cli;
pub mod demo_clock;
pub mod mailer;
pub mod routes;
pub mod web;
