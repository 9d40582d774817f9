//! The ledger, proven: against a model, in races, and row by row.

#[path = "../support/mod.rs"]
mod support;

mod audits;
mod cases;
mod journal;
mod model;
mod races;
mod sequences;
mod world;
