//! What can go wrong: a closed list of refusals that callers branch on, and everything else.

mod refusal;

use std::fmt;

pub use refusal::{
    FieldError, INTERNAL, LISTED, Listed, NotAsked, Origin, Refusal, Unavailable, Window,
};

/// What every service answers.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call did not do what was asked.
#[derive(Debug)]
pub enum Error {
    /// The caller can do something about it; nothing was changed, but for
    /// [`Refusal::OutcomeUnknown`].
    Refused(Refusal),
    /// Nobody outside can: logged once at the boundary, a plain 500 outside.
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// An internal error in our own words.
    pub fn internal(what: impl fmt::Display) -> Self {
        Self::Internal(what.to_string().into())
    }

    /// Of an id that names nothing, with the field of the request that holds it; any other error is
    /// as it was.
    #[must_use]
    pub fn at(self, pointer: &str) -> Self {
        match self {
            Self::Refused(Refusal::NotFound { what, .. }) => {
                Refusal::not_found_at(what, pointer).into()
            }
            other => other,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => write!(f, "{refusal}"),
            Self::Internal(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        Self::Internal(Box::new(error))
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Internal(Box::new(error))
    }
}
