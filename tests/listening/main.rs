//! Listening: surveys, what is owed for their answers, and telling people what changed.

mod audiences;
mod crowd;
mod segments;
mod segments_console;
#[path = "../support/mod.rs"]
mod support;

mod announcements;
mod governor;
mod hours;
mod looking;
mod rounds;
mod surveys;
mod thanks;
mod surveys;
mod topics;
mod world;
