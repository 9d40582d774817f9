//! Pages for people: the storefront demo, its mailbox, and the page behind an unsubscribe link.
//!
//! `pages` turns typed contexts into html, `assets` holds what those pages load, `lang` and
//! `words` speak the member's language. Nothing here reads a disk, a clock or a database.

pub mod assets;
pub mod lang;
pub mod pages;
pub mod words;
