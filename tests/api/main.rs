//! The API as its callers meet it, over HTTP, on both databases.

#[path = "../support/mod.rs"]
mod support;

mod batch;
mod chores;
mod erasure;
mod erasure_bytes;
mod holds;
mod holds_due;
mod holds_orders;
mod hostile;
mod hostile_callers;
mod hostile_op;
mod hostile_paths;
mod hostile_table;
mod idempotency;
mod letters;
mod main_job;
mod openapi;
mod people;
mod prepared;
mod reversals;
mod reversals_edges;
mod shop;
mod shop_due;
mod shop_orders;
mod shop_points;
mod shop_races;
mod shop_redemptions;
mod shop_refunds;
mod shop_repeats;
mod shop_rewards;
mod shop_vouchers;
mod sign_in;
mod slices;
mod snapshots;
mod sources;
mod staff;
mod standing;
mod statement;
mod transfers;
mod transfers_days;
mod world;
