//! Pages for people: the storefront demo, its mailbox, and the page behind an unsubscribe link.
//!
//! `pages` turns typed contexts into html, `assets` holds what those pages load.

pub mod assets;
pub mod pages;
