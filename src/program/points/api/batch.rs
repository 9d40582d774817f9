//! `POST /v1/entries:batch`: many entries in one call, each decided on its own.

use actix_web::post;
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};
use utoipa::ToSchema;

use crate::points::{
    api::{CreateEntry, EntryBody, SourceAsk},
    service::grant::{self, Grant, GrantKind},
};
use platform::{
    auth::Caller,
    http::{Answer, Call, Problem, Reply, request_id},
    kernel::{
        clock::Timestamp,
        error::{FieldError, Refusal, Result},
        id::MemberId,
        json,
        points::Change,
        text::{Line, Reason},
    },
};

/// The most entries of one call.
const MOST_ROWS: usize = 1000;

/// Movements of points to be posted.
#[derive(Deserialize, ToSchema)]
#[schema(as = EntryBatch)]
#[serde(deny_unknown_fields)]
pub struct PostEntries {
    /// 1 to 1,000; each is read and decided on its own.
    #[schema(value_type = Vec<PostEntry>)]
    entries: Vec<Box<RawValue>>,
}

/// A movement of points to be posted, and whose.
#[derive(Deserialize, ToSchema)]
#[schema(as = EntryBatchRow)]
#[serde(deny_unknown_fields)]
pub struct PostEntry {
    member_id: MemberId,
    kind: GrantKind,
    /// 1 … 1,000,000,000; negative for `adjust` alone.
    points: Change,
    reason: Reason,
    source: Option<SourceAsk>,
    available_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    occurred_at: Option<Timestamp>,
    channel: Option<Line<50>>,
}

impl From<PostEntry> for Grant {
    fn from(row: PostEntry) -> Self {
        let entry = CreateEntry {
            kind: row.kind,
            points: row.points,
            reason: row.reason,
            source: row.source,
            available_at: row.available_at,
            expires_at: row.expires_at,
            occurred_at: row.occurred_at,
            channel: row.channel,
        };
        entry.grant(row.member_id)
    }
}

/// What came of the entries, one result each, in order.
#[derive(Serialize, ToSchema)]
#[schema(as = EntryBatchResults)]
pub struct EntryResults {
    results: Vec<EntryResult>,
}

impl Reply for EntryResults {
    fn members(&self) -> Vec<MemberId> {
        let entry = |result: &EntryResult| match result {
            EntryResult::Entry(entry) => entry.members(),
            EntryResult::Error(_) => Vec::new(),
        };
        self.results.iter().flat_map(entry).collect()
    }
}

/// What came of one entry.
#[derive(Serialize, ToSchema)]
#[schema(as = EntryBatchResult)]
#[serde(rename_all = "snake_case")]
pub enum EntryResult {
    /// As it was posted, now or before.
    Entry(Box<EntryBody>),
    /// The problem, as the call for one entry would answer it.
    #[schema(value_type = Problem)]
    Error(Value),
}

/// Post many entries: earned ones by a storefront, adjustments by staff.
///
/// The answer is 200 with one result for each entry, in order. Each is decided on its own, as
/// `POST /v1/members/{id}/entries` decides it: one that is refused, or can't be read, has a problem
/// as its `error` and keeps no other from being posted. The `pointer`s of its `errors` begin at the
/// call's body: `/entries/3/points`. A `source` that came before, in this call too, answers the
/// first entry. An `Idempotency-Key` is for the call as a whole.
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`; of an entry also `not_found`, `source_conflict`, `insufficient_points`, `limit_reached`.
#[utoipa::path(
    operation_id = "postEntries",
    tag = "Points",
    request_body(content = PostEntries, example = json!({"entries": [
        {"member_id": "mem_01m7zr4g2tfw1b4ww8pvq0tkz1", "kind": "earn", "points": 100, "reason": "Autumn campaign", "source": {"type": "promotion", "id": "autumn-2026-0042"}},
        {"member_id": "mem_01m7zr4g2tfw1b4ww8pvq0tkz2", "kind": "earn", "points": 0, "reason": "Autumn campaign", "source": {"type": "promotion", "id": "autumn-2026-0043"}}
    ]})),
    responses((status = 200, body = EntryResults, example = json!({"results": [
        {"entry": {
            "id": "ent_01m7zr3k5e8vgs2n9q4c6d0b1a",
            "member_id": "mem_01m7zr4g2tfw1b4ww8pvq0tkz1", "seq": 7, "kind": "earn", "points": 100,
            "balance_after": 340, "available_at": "2026-12-05T18:51:00Z", "expires_at": "2028-11-22T00:00:00Z",
            "reason": "Autumn campaign", "source": {"type": "promotion", "id": "autumn-2026-0042"},
            "actor": "key_01m7zr0b7ee0tt0vrz3kxj2q8d", "channel": null,
            "occurred_at": "2026-11-21T18:51:00Z", "recorded_at": "2026-11-21T18:51:00Z",
            "explanation": {"rule": {"rule": "earn"}, "lots": [], "text": "100 points earned, available from 5 December 2026, expire after 21 November 2028."}
        }},
        {"error": {
            "type": "/docs/problems#invalid_request", "title": "A field is at fault", "status": 422,
            "detail": "/entries/1/points must be a whole number from -1000000000 to 1000000000, and not 0",
            "code": "invalid_request", "request_id": "req_7K2M9QXT4C1B",
            "errors": [{"pointer": "/entries/1/points", "code": "invalid", "message": "must be a whole number from -1000000000 to 1000000000, and not 0"}]
        }}
    ]})))
)]
#[post("/v1/entries:batch")]
pub async fn create(call: Call) -> Answer {
    let PostEntries { entries } = call.body()?;
    if !(1..=MOST_ROWS).contains(&entries.len()) {
        let message = format!("must be 1 to {MOST_ROWS} entries; here are {}", entries.len());
        return Err(Refusal::field("/entries", message).into());
    }
    let mut asks = Vec::with_capacity(entries.len());
    let mut read: Vec<Option<Refusal>> = Vec::with_capacity(entries.len());
    for row in &entries {
        match grant_of(row, &call.caller) {
            Ok(grant) => {
                asks.push((call.caller.clone(), grant));
                read.push(None);
            }
            Err(refusal) => read.push(Some(refusal)),
        }
    }
    let request_id = request_id::current();
    call.post_ok(move |tx| {
        let mut posted = grant::post_all(tx, &asks)?.into_iter();
        let answers = read.iter().map(|refused| match refused {
            Some(refusal) => Some(Err(refusal.clone())),
            None => posted.next(),
        });
        let results = answers.flatten().enumerate().map(|(place, answer)| match answer {
            Ok(given) => EntryResult::Entry(Box::new(EntryBody::of(given))),
            Err(refusal) => EntryResult::Error(problem(place, refusal, &request_id)),
        });
        Ok(EntryResults { results: results.collect() })
    })
    .await
}

fn grant_of(row: &RawValue, caller: &Caller) -> Result<Grant, Refusal> {
    let grant = Grant::from(json::parse::<PostEntry>(row.get().as_bytes())?);
    grant::may(caller, &grant)?;
    Ok(grant)
}

/// The problem of one entry, its pointers beginning at the body of the call.
fn problem(place: usize, refusal: Refusal, request_id: &str) -> Value {
    let within = |pointer: &str| format!("/entries/{place}{pointer}");
    let refusal = match refusal {
        Refusal::Invalid { errors } => {
            let placed =
                |error: FieldError| FieldError { pointer: within(&error.pointer), ..error };
            Refusal::Invalid { errors: errors.into_iter().map(placed).collect() }
        }
        Refusal::NotFound { what, .. } => Refusal::not_found_at(what, within("/member_id")),
        refusal => refusal,
    };
    Problem::new(&refusal, request_id).json().clone()
}
