//! Listening: surveys, what is owed for their answers, and telling people what changed.

#[path = "../support/mod.rs"]
mod support;

mod announcements;
mod audiences;
mod crowd;
mod edges;
mod governor;
mod heard;
mod hours;
mod looking;
mod rounds;
mod segments;
mod segments_console;
mod surveys;
mod thanks;
mod topics;
mod world;
