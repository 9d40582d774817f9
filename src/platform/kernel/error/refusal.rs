//! The refusals: what each says, what it tells besides, and the one table of their codes.

use serde::Serialize;
use utoipa::ToSchema;

use crate::kernel::clock::Timestamp;

/// One field at fault, by its JSON pointer (RFC 6901).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldError {
    pub pointer: String,
    pub code: &'static str,
    pub message: String,
}

/// A calendar month or year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    Month,
    Year,
}

/// Why a reward can't be had, as a list shown all at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Unavailable {
    InsufficientPoints {
        shortfall: i64,
    },
    OutOfStock,
    /// Of those for one member: in a window, or (without one) ever.
    LimitReached {
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        limit: Option<Window>,
    },
    TierRequired,
    NotStarted,
    Ended,
    MemberSuspended,
}

/// Why nobody may be asked for something now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct NotAsked {
    pub code: &'static str,
    /// Exclusive; left out where it does not pass by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// The resource that an entry came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Origin {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub id: String,
}

/// Every way in which Vildar says no. A caller is told the named fields that are not skipped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(untagged)]
pub enum Refusal {
    #[error("the body is not JSON: {0}")]
    MalformedJson(String),
    #[error("{}", errors.iter().map(|e| format!("{} {}", e.pointer, e.message)).collect::<Vec<_>>().join("; "))]
    Invalid { errors: Vec<FieldError> },
    #[error("{0}")]
    Unauthenticated(&'static str),
    #[error("{0}")]
    Forbidden(String),
    #[error("there is no such {what}")]
    NotFound {
        #[serde(skip)]
        what: &'static str,
        /// Where the id stood in the body; none for one in a path.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        errors: Vec<FieldError>,
    },
    #[error("send the ETag that you last saw as If-Match")]
    PreconditionRequired,
    #[error("this was changed since you read it: read it again")]
    PreconditionFailed,
    #[error("the e-mail address belongs to another {whose}")]
    EmailTaken {
        #[serde(skip)]
        whose: &'static str,
    },
    #[error("the {what} is in use: {} names it", by.first().map_or("nothing", |first| first.id.as_str()))]
    InUse {
        #[serde(skip)]
        what: &'static str,
        by: Vec<Origin>,
    },
    #[error("{shortfall} points short")]
    InsufficientPoints { shortfall: i64 },
    #[error("the reward is out of stock")]
    OutOfStock,
    #[error("it costs {points} points now")]
    PriceChanged { points: i64 },
    #[error("the reward can't be redeemed now")]
    RewardUnavailable { reasons: Vec<Unavailable> },
    #[error("{0}")]
    LimitReached(String),
    #[error("{0}")]
    SourceConflict(String),
    #[error("the external id {0} belongs to something else")]
    ExternalIdConflict(String),
    #[error("undo this at its source, {} {}", origin.kind, origin.id)]
    ReverseAtSource {
        #[serde(rename = "source")]
        origin: Origin,
    },
    #[error("the voucher was used already")]
    VoucherUsed { used_at: Timestamp, channel: Option<String>, location: Option<String> },
    #[error("{what} is {from} and can't become {to}")]
    InvalidTransition {
        #[serde(skip)]
        what: &'static str,
        from: &'static str,
        to: &'static str,
        allowed: &'static [&'static str],
    },
    #[error("who wrote it can't be the one who approves it")]
    SamePerson,
    #[error("the member was brought by somebody else already")]
    AlreadyReferred,
    #[error("the member is not to be asked for this now")]
    AskRefused { reasons: Vec<NotAsked> },
    #[error("the survey takes no answers any more")]
    SurveyClosed,
    #[error("this Idempotency-Key came with another request before")]
    IdempotencyKeyReused,
    #[error("the first request with this Idempotency-Key is still running")]
    IdempotencyKeyInFlight,
    #[error("the body is larger than 1 MiB")]
    TooLarge,
    #[error("the body came too slowly")]
    TooSlow,
    #[error("this path takes {allow}")]
    MethodNotAllowed {
        #[serde(skip)]
        allow: String,
    },
    #[error("too many tries")]
    TooManyRequests {
        #[serde(skip)]
        retry_after_seconds: u64,
    },
    #[error("there would be no opening hours within 31 days")]
    NoOpeningHours {
        /// What was changed.
        errors: Vec<FieldError>,
    },
    #[error("the service can't answer now: ask again in a moment")]
    Overloaded {
        #[serde(skip)]
        retry_after_seconds: u64,
    },
    #[error(
        "the database went away while this was being committed: it was done, or it was not. The \
         same request with the same Idempotency-Key tells, and does it at most once; without a \
         key, look before you ask again"
    )]
    OutcomeUnknown,
}

/// How a problem is known: at `/docs/problems`, in the OpenAPI document, by its callers.
#[derive(Clone, Copy, Debug)]
pub struct Listed {
    pub status: u16,
    /// Stable: callers branch on it.
    pub code: &'static str,
    pub title: &'static str,
    /// When it comes, and what it tells.
    pub about: &'static str,
    /// What to do.
    pub help: &'static str,
}

/// What is our fault.
pub const INTERNAL: Listed = Listed {
    status: 500,
    code: "internal",
    title: "Internal error",
    about: "Our fault, not yours.",
    help: "Send the same request with the same Idempotency-Key: that tells whether it was done. If it \
           stays, tell us the `request_id`.",
};

macro_rules! table {
    ($($refusal:ident, $status:literal, $code:literal, $title:literal, $about:literal, $help:literal;)*) => {
        /// All that Vildar answers with, by status but for [`INTERNAL`], which is last.
        pub const LISTED: &[Listed] = &[
            $(Listed { status: $status, code: $code, title: $title, about: $about, help: $help },)*
            INTERNAL,
        ];

        impl Refusal {
            /// Its row of the table.
            #[must_use]
            pub const fn listed(&self) -> Listed {
                match self {
                    $(Self::$refusal { .. } => {
                        Listed { status: $status, code: $code, title: $title, about: $about, help: $help }
                    })*
                }
            }
        }
    };
}

table! {
    MalformedJson, 400, "malformed_json", "Malformed JSON",
        "The body is not JSON.",
        "Send valid JSON in UTF-8, with `Content-Type: application/json`.";
    Unauthenticated, 401, "unauthenticated", "Not signed in",
        "The credentials are missing, unknown, altered or expired.",
        "Sign in again, refresh the access token, or send a valid API key as `Authorization: Bearer …`.";
    Forbidden, 403, "forbidden", "Not allowed",
        "This caller may not do this.",
        "Call as somebody who may: another role, or an API key with the scope that the operation names.";
    NotFound, 404, "not_found", "Not found",
        "An id in the path or, with a pointer, in the body names nothing that this caller may see.",
        "Check the id and its prefix, and as whom you call: what is another member’s is not found either.";
    MethodNotAllowed, 405, "method_not_allowed", "Method not allowed",
        "The path is known, but not for this method.",
        "Use one of the methods that `Allow` names.";
    TooSlow, 408, "body_too_slow", "The body came too slowly",
        "A body may pause for ten seconds, and comes at 4 KiB a second or more.",
        "Send it again, over a better connection or in smaller parts.";
    AlreadyReferred, 409, "already_referred", "Brought by somebody else",
        "Another member brought this one already: the first stands.",
        "Nothing. Tell the member that a friend’s code counts once.";
    AskRefused, 409, "ask_refused", "Not to be asked now",
        "`reasons` says why, all at once, and until when where it passes.",
        "Don’t ask. `GET /v1/members/{id}/asks/next` tells beforehand, and when.";
    EmailTaken, 409, "email_taken", "E-mail address taken",
        "Another member has this e-mail address.",
        "Look for that member, or ask for another address; who forgot the password can have a new one.";
    ExternalIdConflict, 409, "external_id_conflict", "External id taken",
        "This external id came before with other content, or belongs to somebody else.",
        "Read what it names, and send a change to that, or take another external id.";
    IdempotencyKeyInFlight, 409, "idempotency_key_in_flight", "First request still running",
        "The first request with this Idempotency-Key is still running after ten seconds.",
        "Wait for as long as Retry-After says, and send the same request with the same key.";
    InUse, 409, "in_use", "In use",
        "Something else needs it: `by` says what, by type and id.",
        "Change what `by` names so that it does without, or let both stay.";
    InsufficientPoints, 409, "insufficient_points", "Not enough points",
        "`shortfall` says how many points are missing. Pending points can’t be spent yet.",
        "Show the member the shortfall, or offer something that costs less.";
    InvalidTransition, 409, "invalid_transition", "Not possible now",
        "`from` is the present state, `to` the one asked for, `allowed` those that it can become.",
        "Read the resource again, and ask for one of `allowed`, or for nothing.";
    LimitReached, 409, "limit_reached", "Limit reached",
        "A limit, a budget or a waiting time is in the way; `detail` says which.",
        "Wait until the limit begins anew, or have an admin raise it.";
    OutOfStock, 409, "out_of_stock", "Out of stock",
        "No more units of the reward are left.",
        "Offer another reward, or add to its stock.";
    PriceChanged, 409, "price_changed", "Costs more now",
        "It costs `points` now, more than the `max_points` that were named.",
        "Show the new price, and ask again with it once the member agrees.";
    ReverseAtSource, 409, "reverse_at_source", "Undo it at its source",
        "The entry came from the resource in `source`.",
        "Cancel, refund or revoke that: its entries follow.";
    RewardUnavailable, 409, "reward_unavailable", "Reward not available",
        "`reasons` says why, all at once.",
        "Show the member the reasons; `GET /v1/members/{id}/rewards` tells them beforehand.";
    SamePerson, 409, "same_person", "The same person",
        "Two people are needed: this takes another than the one who wrote it last.",
        "Have somebody else look at it and do it; being an admin does not help.";
    SourceConflict, 409, "source_conflict", "Conflicts with an earlier one",
        "The same source came before, with other values.",
        "If it is the same event, send the same values. If not, give it another source.";
    SurveyClosed, 409, "survey_closed", "Survey closed",
        "The survey is no longer live, or the time for an answer, or for another, is over.",
        "Thank the person, and put what they said elsewhere.";
    VoucherUsed, 409, "voucher_used", "Voucher used already",
        "`used_at`, `channel` and `location` say when and where.",
        "Hand nothing over: the code is good once.";
    PreconditionFailed, 412, "precondition_failed", "Changed in the meantime",
        "The resource is no longer what If-Match says.",
        "Read it again, make the change to what you read, and send it with the new ETag.";
    TooLarge, 413, "body_too_large", "Body too large",
        "A body is at most 1 MiB.",
        "Send less at a time, or a smaller file.";
    IdempotencyKeyReused, 422, "idempotency_key_reused", "Idempotency key used for another request",
        "This Idempotency-Key came with another query or body before.",
        "Use a new key for a new request; for the same request, send exactly the same.";
    Invalid, 422, "invalid_request", "Invalid request",
        "`errors` names each field at fault by its JSON pointer, and what it must be. A pointer \
         that begins with `?` names a parameter of the query.",
        "Mend the fields that `errors` names, and send it again.";
    NoOpeningHours, 422, "no_opening_hours", "No opening hours",
        "With this change there would be 31 days or more without opening hours.",
        "Leave hours on some weekday in `care_hours`, or name dates in `care_open`.";
    PreconditionRequired, 428, "precondition_required", "If-Match is missing",
        "A change needs to say which version it is a change of, so that none of others is lost.",
        "Send the ETag that you saw last as `If-Match`.";
    TooManyRequests, 429, "too_many_requests", "Too many requests",
        "There were too many tries in too short a time.",
        "Wait for as long as Retry-After says.";
    OutcomeUnknown, 503, "outcome_unknown", "Done or not done",
        "The database went away while the request was being committed: it was done, or it was not.",
        "Send it again with the same Idempotency-Key: that answers what came of it, and does it at most \
         once. Without a key, look first.";
    Overloaded, 503, "overloaded", "Busy",
        "More is asked for than can be answered now; nothing was done.",
        "Wait for as long as Retry-After says, and ask again, with the same Idempotency-Key.";
}

impl Refusal {
    /// One field is at fault.
    pub fn field(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid {
            errors: vec![FieldError {
                pointer: pointer.into(),
                code: "invalid",
                message: message.into(),
            }],
        }
    }

    /// The id in a path names nothing that this caller may see.
    #[must_use]
    pub const fn not_found(what: &'static str) -> Self {
        Self::NotFound { what, errors: Vec::new() }
    }

    /// The id in a body names nothing.
    #[must_use]
    pub fn not_found_at(what: &'static str, pointer: impl Into<String>) -> Self {
        let message = format!("names no {what}");
        Self::NotFound {
            what,
            errors: vec![FieldError { pointer: pointer.into(), code: "not_found", message }],
        }
    }
}
