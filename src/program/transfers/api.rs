//! `/v1/members/{id}/transfers`: points sent to another member over HTTP.

use actix_web::post;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::service::{self, Ask};
use crate::points::api::EntryBody;
use platform::{
    http::{Answer, Call, Reply},
    kernel::{id::MemberId, points::Amount, text::Reason},
};

/// Points to be sent to another member.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendPoints {
    to_member_id: MemberId,
    points: Amount,
    reason: Reason,
}

/// The sender's entry.
#[derive(Serialize)]
#[serde(transparent)]
pub struct TransferBody(EntryBody);

impl Reply for TransferBody {
    // its source is the transfer
    const MADE: &'static [&'static str] = &["/id", "/source/id"];

    fn members(&self) -> Vec<MemberId> {
        self.0.members()
    }
}

/// Send points to another member.
///
/// Off unless `transfers_enabled`, and at most `transfer_limit_points_per_day` a day (an admin is
/// not bound by it). Points soonest to expire go first, and keep their dates; the receiver gets an
/// entry for each date. Answers the sender's entry.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`, `limit_reached`,
/// `insufficient_points`.
#[utoipa::path(
    operation_id = "transferPoints",
    tag = "Points",
    params(
        ("id" = MemberId, Path),
        ("dry_run" = Option<bool>, Query, description = "Only say what would happen")
    ),
    request_body(content = SendPoints, example = json!({
        "to_member_id": "mem_01m7zr4g2tfw1b4ww8pvq0tkz1",
        "points": 100,
        "reason": "Happy birthday"
    })),
    responses((status = 201, body = EntryBody), (status = 200, body = EntryBody, description = "A dry run"))
)]
#[post("/v1/members/{id}/transfers")]
pub async fn create(call: Call) -> Answer {
    let from: MemberId = call.id("member")?;
    let SendPoints { to_member_id: to, points, reason } = call.body()?;
    let ask = Ask { from, to, points: points.get(), reason: reason.into_string() };
    let caller = call.caller.clone();
    // the answer names both
    let call = call.about([from, to]);
    call.post_created(move |tx| {
        let entry = service::send(tx, &ask, &caller)?;
        EntryBody::told(tx, entry).map(TransferBody)
    })
    .await
}
