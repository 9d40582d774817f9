//! `/v1/members/{id}/holds` and `/v1/holds/{id}`: points set aside over HTTP.

use std::{hash::Hash, time::Duration};

use actix_web::{HttpResponse, get, http::StatusCode, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Capture, NewHold};
use crate::{
    due,
    ledger::{self, Hold, HoldState},
};
use platform::{
    db::Tx,
    http::{
        Answer, Call, Reply,
        lane::{Answered, Command, Laned},
    },
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{HoldId, MemberId},
        points::Amount,
        text::ExternalId,
        whole::Whole,
    },
};

/// How long points are held: 30 days at most.
type Seconds = Whole<1, 2_592_000>;

/// Points set aside for an order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Hold)]
pub struct HoldBody {
    id: HoldId,
    member_id: MemberId,
    #[schema(example = "cart-1001")]
    order_ref: String,
    #[schema(example = 300)]
    points: i64,
    /// How many of them were taken; the rest is back.
    captured_points: i64,
    state: HoldState,
    /// The `seq` of the member's entry that took them.
    entry_seq: Option<i64>,
    placed_at: Timestamp,
    /// Exclusive: from this instant on the points are back.
    expires_at: Timestamp,
    ended_at: Option<Timestamp>,
}

impl Reply for HoldBody {
    fn members(&self) -> Vec<MemberId> {
        vec![self.member_id]
    }
}

impl From<Hold> for HoldBody {
    fn from(hold: Hold) -> Self {
        Self {
            id: hold.id,
            member_id: hold.member,
            order_ref: hold.order_ref,
            points: hold.points,
            captured_points: hold.captured_points,
            state: hold.state,
            entry_seq: hold.entry_seq,
            placed_at: hold.placed_at,
            expires_at: hold.expires_at,
            ended_at: hold.ended_at,
        }
    }
}

/// Points to be set aside for an order.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceHold {
    points: Amount,
    order_ref: ExternalId,
    /// After so many seconds the points are back by themselves.
    ttl_seconds: Seconds,
}

/// Set points aside for an order.
///
/// They leave `available`, soonest to expire first, and do not expire while they are held. One live
/// hold a member and `order_ref`: as many points again answers it with 200, its end as it was;
/// another number conflicts. A redemption with the same `order_ref`, by a storefront or staff, uses
/// it, and releases what it does not need; a member does not get at it.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`, `insufficient_points`,
/// `source_conflict`.
#[utoipa::path(
    operation_id = "placeHold",
    tag = "Holds",
    params(("id" = MemberId, Path)),
    request_body(content = PlaceHold, example = json!({"points": 300, "order_ref": "cart-1001", "ttl_seconds": 1800})),
    responses((status = 201, body = HoldBody), (status = 200, body = HoldBody))
)]
#[post("/v1/members/{id}/holds")]
pub async fn place(call: Call) -> Answer {
    let member: MemberId = call.id("member")?;
    let ask: PlaceHold = call.body()?;
    let ttl = Duration::from_secs(u64::try_from(ask.ttl_seconds.get()).unwrap_or_default());
    let order_ref = ask.order_ref.into_string();
    let new = NewHold { member, order_ref, points: ask.points.get(), ttl };
    let caller = call.caller.clone();
    call.post(move |tx| {
        let (hold, repeated) = super::place(tx, &new, &caller)?;
        let status = if repeated { StatusCode::OK } else { StatusCode::CREATED };
        Ok((status, HoldBody::from(hold)))
    })
    .await
}

/// Read a hold.
///
/// Refusals: `unauthenticated`, `forbidden`, `not_found`.
#[utoipa::path(
    operation_id = "getHold",
    tag = "Holds",
    params(("id" = HoldId, Path)),
    responses((status = 200, body = HoldBody))
)]
#[get("/v1/holds/{id}")]
pub async fn read(call: Call) -> Answer {
    let id: HoldId = call.id("hold")?;
    let member = call.store().read(move |tx| ledger::holder(tx, id)).await?;
    let hold = due::read(call.store(), member, move |tx, of| ledger::hold(tx, of, id)).await?;
    Ok(HttpResponse::Ok().json(HoldBody::from(hold)))
}

/// How much of a hold is captured.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaptureHold {
    /// All that is held, unless given.
    points: Option<Amount>,
}

/// Capture a hold: one `redeem` takes its points, or some of them; the rest is released.
///
/// The same points again answer as it is; other points than were captured, and what a redemption
/// used, conflict.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`, `invalid_transition`,
/// `source_conflict`.
#[utoipa::path(
    operation_id = "captureHold",
    tag = "Holds",
    params(("id" = HoldId, Path)),
    request_body(content = CaptureHold, example = json!({"points": 250})),
    responses((status = 200, body = HoldBody))
)]
#[post("/v1/holds/{id}/capture")]
pub async fn capture(call: Call) -> Answer {
    let hold: HoldId = call.id("hold")?;
    let points = call.body_or_default::<CaptureHold>()?.points.map(Amount::get);
    let by = call.caller.clone();
    call.post_in_lane(CaptureCommand(Capture { hold, points, by })).await
}

/// Goes through a lane.
#[derive(Clone)]
pub struct CaptureCommand(Capture);

impl Command for CaptureCommand {
    type Answer = HoldBody;

    fn run(tx: &mut Tx<'_>, commands: &[Self]) -> Result<Vec<Answered<HoldBody>>> {
        let asks: Vec<Capture> = commands.iter().map(|Self(ask)| ask.clone()).collect();
        let all = super::capture_all(tx, &asks)?.into_iter();
        Ok(all.map(|answer| answer.map(|(hold, _)| (StatusCode::OK, hold.into()))).collect())
    }
}

impl Laned for CaptureCommand {
    const LANE: &'static str = "vildar-captures";

    fn about(&self) -> impl Hash {
        self.0.hold.uuid()
    }
}

/// Release a hold: its points go back to the lots that they came from.
///
/// One that was released before answers as it is.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_transition`.
#[utoipa::path(
    operation_id = "releaseHold",
    tag = "Holds",
    params(("id" = HoldId, Path)),
    responses((status = 200, body = HoldBody))
)]
#[post("/v1/holds/{id}/release")]
pub async fn release(call: Call) -> Answer {
    let id: HoldId = call.id("hold")?;
    call.no_body()?;
    let caller = call.caller.clone();
    call.post_ok(move |tx| {
        let (hold, _) = super::release(tx, id, &caller)?;
        Ok(HoldBody::from(hold))
    })
    .await
}
