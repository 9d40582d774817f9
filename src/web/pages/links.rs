//! The pages behind the links of letters: about an account, and of surveys.

use serde::Serialize;

use super::Shell;
use platform::auth::Realm;

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

/// How far somebody is with a survey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum SurveyStep {
    /// It is asked.
    Ask,
    /// What was sent has no score.
    Choose,
    /// What was sent has too many words.
    Shorten,
    /// It was recorded; what it brought, the first time.
    Done { points: Option<i64> },
    /// Its time is over.
    Over,
}

/// `survey.html`: one question. Nothing of whom it is for.
#[derive(Debug, Clone, Serialize)]
pub struct SurveyPage {
    /// Around the page; nobody is signed in on it.
    #[serde(flatten)]
    pub shell: Shell,
    /// The token from the address.
    pub token: String,
    pub question: String,
    /// `nps`, `csat` or `ces`: what the ends of the scale are called.
    pub kind: &'static str,
    /// The scores, lowest first.
    pub steps: Vec<i64>,
    pub chosen: Option<i64>,
    /// What is asked beside the box for words; empty: the page's own words.
    pub follow_up: String,
    /// What was typed before.
    pub comment: String,
    /// What the chosen score counts as: how the page thanks.
    pub mood: &'static str,
    #[serde(rename = "stage")]
    pub step: SurveyStep,
    /// Whether it was answered before.
    pub is_again: bool,
    /// What an answer brings.
    pub points: Option<i64>,
}
