//! Pages for people: the storefront demo, its mailbox, and the page behind an unsubscribe link.
//!
//! `pages` turns typed contexts into html, `assets` holds what those pages load.

pub mod assets;
pub mod pages;

/// Until the handlers land.
pub fn configure_everywhere(_: &mut actix_web::web::ServiceConfig) {}
/// Until the handlers land.
pub fn configure_demo(_: &mut actix_web::web::ServiceConfig) {}
