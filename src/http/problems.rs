//! Every problem that Vildar answers with: the one table of statuses, codes and titles, shown to
//! developers at `/docs/problems`.

/// A status, a stable code, a title, and when it comes and what helps.
pub type Listed = (u16, &'static str, &'static str, &'static str);

/// The code of what is our fault.
pub const INTERNAL: &str = "internal";

/// All problems, by status.
pub const PROBLEMS: [Listed; 26] = [
    (400, "malformed_json", "Malformed JSON", "The body is not JSON."),
    (
        401,
        "unauthenticated",
        "Not signed in",
        "The credentials are missing, unknown, altered or expired. Sign in again, refresh the \
         access token, or send a valid API key.",
    ),
    (
        403,
        "forbidden",
        "Not allowed",
        "This caller may not do this: another role, or an API key with another scope, may.",
    ),
    (
        404,
        "not_found",
        "Not found",
        "An id in the path or, with a pointer, in the body names nothing that this caller may see.",
    ),
    (
        405,
        "method_not_allowed",
        "Method not allowed",
        "The path is known, but not for this method: `Allow` names those that it takes.",
    ),
    (
        408,
        "body_too_slow",
        "The body came too slowly",
        "A body may pause for ten seconds, and comes at 4 KiB a second or more. Send it again.",
    ),
    (409, "email_taken", "E-mail address taken", "Another member has this e-mail address."),
    (
        409,
        "external_id_conflict",
        "External id taken",
        "This external id came before with other content, or belongs to somebody else.",
    ),
    (
        409,
        "idempotency_key_in_flight",
        "First request still running",
        "The first request with this Idempotency-Key is still running after ten seconds. Ask again.",
    ),
    (
        409,
        "insufficient_points",
        "Not enough points",
        "`shortfall` says how many points are missing. Pending points can't be spent yet.",
    ),
    (
        409,
        "invalid_transition",
        "Not possible now",
        "`from` is the present state, `to` the one asked for, `allowed` those that it can become.",
    ),
    (409, "limit_reached", "Limit reached", "A limit, a budget or a waiting time is in the way."),
    (409, "out_of_stock", "Out of stock", "No more units of the reward are left."),
    (
        409,
        "reverse_at_source",
        "Undo it at its source",
        "The entry came from the resource in `source`: cancel, refund or revoke that.",
    ),
    (409, "reward_unavailable", "Reward not available", "`reasons` says why, all at once."),
    (
        409,
        "source_conflict",
        "Conflicts with an earlier one",
        "The same source came before, with other values.",
    ),
    (
        409,
        "voucher_used",
        "Voucher used already",
        "`used_at`, `channel` and `location` say when and where.",
    ),
    (
        412,
        "precondition_failed",
        "Changed in the meantime",
        "The resource is no longer what If-Match says. Read it again.",
    ),
    (413, "body_too_large", "Body too large", "A body is at most 1 MiB."),
    (
        422,
        "idempotency_key_reused",
        "Idempotency key used for another request",
        "This Idempotency-Key came with another query or body before. Use a new one.",
    ),
    (
        422,
        "invalid_request",
        "Invalid request",
        "`errors` names each field at fault by its JSON pointer, and what it must be. A pointer \
         that begins with `?` names a parameter of the query.",
    ),
    (
        428,
        "precondition_required",
        "If-Match is missing",
        "Send the ETag that you saw last as If-Match, so that no change of others is lost.",
    ),
    (429, "too_many_requests", "Too many requests", "Wait for as long as Retry-After says."),
    (
        500,
        INTERNAL,
        "Internal error",
        "Our fault: tell us the `request_id`. Whether it was done, the same request with the same \
         Idempotency-Key tells.",
    ),
    (
        503,
        "outcome_unknown",
        "Done or not done",
        "The database went away while the request was being committed. Send it again with the same \
         Idempotency-Key: that answers what came of it, and does it at most once. Without a key, \
         look first.",
    ),
    (
        503,
        "overloaded",
        "Busy",
        "Wait for as long as Retry-After says, and ask again, with the same Idempotency-Key.",
    ),
];

/// The problem with this code.
#[must_use]
pub fn listed(code: &str) -> Listed {
    let found = PROBLEMS.into_iter().find(|(_, listed, ..)| *listed == code);
    found.unwrap_or((500, INTERNAL, "Internal error", ""))
}
