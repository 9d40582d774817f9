//! What can go wrong: a closed list of refusals that callers branch on, and everything else.

use std::fmt;

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

/// One field at fault, by its JSON pointer (RFC 6901).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    pub pointer: String,
    pub code: &'static str,
    pub message: String,
}

/// Why a reward can't be had, as a list shown all at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unavailable {
    InsufficientPoints { shortfall: i64 },
    OutOfStock,
    LimitReached,
    TierRequired,
    NotStarted,
    Ended,
    MemberSuspended,
}

impl Unavailable {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::InsufficientPoints { .. } => "insufficient_points",
            Self::OutOfStock => "out_of_stock",
            Self::LimitReached => "limit_reached",
            Self::TierRequired => "tier_required",
            Self::NotStarted => "not_started",
            Self::Ended => "ended",
            Self::MemberSuspended => "member_suspended",
        }
    }
}

/// Every way in which Vildar says no. `http/problem.rs` gives each its code, and the table in
/// `http/problems.rs` the status and the words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the body is not JSON: {0}")]
    MalformedJson(String),
    #[error("{}", .0.iter().map(|e| format!("{} {}", e.pointer, e.message)).collect::<Vec<_>>().join("; "))]
    Invalid(Vec<FieldError>),
    #[error("{0}")]
    Unauthenticated(&'static str),
    #[error("{0}")]
    Forbidden(String),
    #[error("there is no such {what}")]
    NotFound { what: &'static str, pointer: Option<&'static str> },
    #[error("send the ETag that you last saw as If-Match")]
    PreconditionRequired,
    #[error("this was changed since you read it: read it again")]
    PreconditionFailed,
    #[error("the e-mail address belongs to another member")]
    EmailTaken,
    #[error("{shortfall} points short")]
    InsufficientPoints { shortfall: i64 },
    #[error("the reward is out of stock")]
    OutOfStock,
    #[error("the reward can't be redeemed now")]
    RewardUnavailable(Vec<Unavailable>),
    #[error("{0}")]
    LimitReached(String),
    #[error("{0}")]
    SourceConflict(String),
    #[error("the external id {0} belongs to something else")]
    ExternalIdConflict(String),
    #[error("undo this at its source, {kind} {id}")]
    ReverseAtSource { kind: &'static str, id: String },
    #[error("the voucher was used already")]
    VoucherUsed {
        used_at: super::clock::Timestamp,
        channel: Option<String>,
        location: Option<String>,
    },
    #[error("{what} is {from} and can't become {to}")]
    InvalidTransition {
        what: &'static str,
        from: &'static str,
        to: &'static str,
        allowed: &'static [&'static str],
    },
    #[error("this Idempotency-Key came with another request before")]
    IdempotencyKeyReused,
    #[error("the first request with this Idempotency-Key is still running")]
    IdempotencyKeyInFlight,
    #[error("the body is larger than 1 MiB")]
    TooLarge,
    #[error("the body came too slowly")]
    TooSlow,
    #[error("this path takes {allow}")]
    MethodNotAllowed { allow: String },
    #[error("too many tries")]
    TooManyRequests { retry_after_seconds: u64 },
    #[error("the service can't answer now: ask again in a moment")]
    Overloaded { retry_after_seconds: u64 },
    #[error(
        "the database went away while this was being committed: it was done, or it was not. The \
         same request with the same Idempotency-Key tells, and does it at most once; without a \
         key, look before you ask again"
    )]
    OutcomeUnknown,
}

impl Refusal {
    /// One field is at fault.
    pub fn field(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError {
            pointer: pointer.into(),
            code: "invalid",
            message: message.into(),
        }])
    }

    /// The id in a path names nothing that this caller may see.
    #[must_use]
    pub const fn not_found(what: &'static str) -> Self {
        Self::NotFound { what, pointer: None }
    }

    /// The id in a body names nothing.
    #[must_use]
    pub const fn not_found_at(what: &'static str, pointer: &'static str) -> Self {
        Self::NotFound { what, pointer: Some(pointer) }
    }
}
