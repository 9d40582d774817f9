//! The pages as visitors meet them: `vildar demo` as a program, by forms and in a browser.

#[path = "../support/mod.rs"]
mod support;

mod axe;
mod catalogue;
mod clerk;
mod console;
mod console_thanks;
mod demo;
mod everywhere;
mod forms;
mod friends;
mod layout;
mod letters;
mod readme;
mod sites;
mod told;
mod tour;
mod visit;
mod widget;
