//! The API as its callers meet it, over HTTP, on both databases.

#[path = "../support/mod.rs"]
mod support;

mod erasure;
mod hostile;
mod hostile_callers;
mod hostile_op;
mod hostile_paths;
mod hostile_table;
mod idempotency;
mod main_job;
mod openapi;
mod people;
mod sign_in;
mod staff;
mod world;
