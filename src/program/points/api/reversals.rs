//! `/v1/entries/{id}/reverse`: undoing an entry over HTTP.

use actix_web::{http::StatusCode, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::points::{api::EntryBody, service::reversal};
use platform::{
    http::{Answer, Call, Reply},
    kernel::{
        id::{EntryId, MemberId},
        text::Reason,
    },
};

/// Why an entry is undone.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReverseEntry {
    reason: Reason,
}

/// The reversal, and what else it took.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Reversal)]
pub struct ReversalBody {
    #[serde(flatten)]
    reversal: EntryBody,
    /// The entry that took what had been spent; null where there was nothing of that to take.
    clawback: Option<EntryBody>,
}

impl Reply for ReversalBody {
    const MADE: &'static [&'static str] = &["/id", "/clawback/id"];

    fn members(&self) -> Vec<MemberId> {
        self.reversal.members()
    }
}

/// Undo an entry that was posted by hand.
///
/// Of points that came, what is left leaves by the `reversal`, and what was spent is taken back by
/// a `clawback` after it (from other points, then as debt; under `clamp` that is forgiven). Points
/// that went return to where they came from, with their own dates. Undone before: 200 with the
/// first reversal. What came from an order, a redemption, a hold or a transfer is undone there:
/// `reverse_at_source` names it. Staff undo earns, and what they gave themselves, which gives
/// their budget back; an admin all.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`, `reverse_at_source`.
#[utoipa::path(
    operation_id = "reverseEntry",
    tag = "Points",
    params(
        ("id" = EntryId, Path),
        ("dry_run" = Option<bool>, Query, description = "Only say what would happen")
    ),
    request_body(content = ReverseEntry, example = json!({"reason": "posted to the wrong member"})),
    responses((status = 201, body = ReversalBody), (status = 200, body = ReversalBody, description = "Undone before, or a dry run"))
)]
#[post("/v1/entries/{id}/reverse")]
pub async fn create(call: Call) -> Answer {
    let id: EntryId = call.id("entry")?;
    let reason = call.body::<ReverseEntry>()?.reason.into_string();
    let caller = call.caller.clone();
    let owner = call.store().read(move |tx| reversal::owner(tx, id)).await?;
    let call = call.about(owner);
    call.post(move |tx| {
        let done = reversal::reverse(tx, id, &reason, &caller)?;
        let status = if done.repeated { StatusCode::OK } else { StatusCode::CREATED };
        let clawback = done.clawback.map(|entry| EntryBody::told(tx, entry)).transpose()?;
        Ok((status, ReversalBody { reversal: EntryBody::told(tx, done.reversal)?, clawback }))
    })
    .await
}
