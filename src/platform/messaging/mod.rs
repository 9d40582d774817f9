//! What Vildar writes to people: an outbox written with the deed itself, the letters in html and
//! text, the courier that carries them, and the switches by which people say no.
//!
//! [`outbox::push`] queues a [`letters::Letter`] in the transaction that caused it;
//! [`courier::Courier`] claims what is due, renders it, hands it to the [`transport::Transport`]
//! outside any transaction, and marks what became of it.

mod claims;
pub mod courier;
mod delivery;
pub mod dkim;
mod judge;
pub mod letters;
pub mod log;
mod mail_server;
pub mod mailbox;
mod message;
pub mod outbox;
pub mod personal;
pub mod preferences;
pub mod returns;
mod store;
pub mod suppressions;

pub use store::LetterState;

#[cfg(test)]
mod tests;
pub mod transport;
pub mod unsubscribe;
