//! What the loyalty program stands on, and what calls nothing of it: both databases, HTTP, who is
//! calling, the shop's settings, and the letters that are written to people.

#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod auth;
pub mod db;
pub mod http;
pub mod kernel;
pub mod letters;
pub mod messaging;
pub mod settings;
