//! A statement: what a member had, what happened, and what they have, over any period.

pub mod api;
mod csv;
mod lines;
mod service;
