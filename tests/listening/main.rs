//! Listening: surveys, what is owed for their answers, and telling people what changed.

#[path = "../support/mod.rs"]
mod support;

mod announcements;
mod hours;
mod surveys;
mod thanks;
mod topics;
mod world;
