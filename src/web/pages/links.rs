//! The pages behind the links of letters about an account.

use serde::Serialize;

use super::Shell;
use crate::auth::Realm;

/// `email.html`: a new e-mail address is confirmed.
#[derive(Debug, Clone, Serialize)]
pub struct EmailPage {
    /// Around the page.
    #[serde(flatten)]
    pub shell: Shell,
    /// The token from the address.
    pub token: String,
    /// `ask`, `done` or `lost`.
    pub step: &'static str,
}

/// Which link led to a form for a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PasswordLink {
    /// A person's own sign-up: `/confirm`.
    Confirm,
    /// A forgotten password: `/password`.
    Password,
    /// A new staff user: `/invitation`.
    Invitation,
}

/// How far somebody is with a password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum PasswordStep {
    /// It is asked for.
    Ask { token: String },
    /// The one that was sent is too short or too long.
    Again { token: String },
    /// It was set just now.
    Done,
    /// The link was used before, or its time is over; `typed`: what is no e-mail address.
    Lost { realm: Realm, typed: Option<String> },
    /// Another link is on its way.
    Asked,
}

/// `password.html`: a password is chosen, behind a letter's link.
#[derive(Debug, Clone, Serialize)]
pub struct PasswordPage {
    /// Around the page.
    #[serde(flatten)]
    pub shell: Shell,
    /// Which link led here.
    pub link: PasswordLink,
    #[serde(flatten)]
    pub step: PasswordStep,
}
