//! `/v1/members/{id}/balance` and `/entries`: points over HTTP.

pub mod batch;
pub mod reversals;

use std::hash::Hash;

use actix_web::{HttpResponse, get, http::StatusCode, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::service::grant::{self, Given, Grant, GrantKind};
use crate::{
    due,
    ledger::{self, Balance, Entry, EntryKind, Explanation, explain},
    members,
};
use platform::{
    auth::Caller,
    db::Tx,
    http::{
        Answer, Call, Reply,
        lane::{Answered, Command, Laned},
        query::Paging,
    },
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{EntryId, MemberId},
        page::Listing,
        text::{Line, Reason},
    },
    settings,
};

/// A member's points.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Balance)]
pub struct BalanceBody {
    #[serde(flatten)]
    balance: Balance,
    /// What expires next, soonest first: the next twelve dates at most.
    expiring: Vec<Expiring>,
    as_of: Timestamp,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Expiring {
    #[schema(example = 200)]
    points: i64,
    /// Exclusive: the points are gone from this instant on.
    expires_at: Timestamp,
}

impl From<(i64, Timestamp)> for Expiring {
    fn from((points, expires_at): (i64, Timestamp)) -> Self {
        Self { points, expires_at }
    }
}

/// One movement of points.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Entry)]
pub struct EntryBody {
    id: EntryId,
    member_id: MemberId,
    seq: i64,
    kind: EntryKind,
    /// Signed.
    #[schema(example = -300)]
    points: i64,
    /// The running sum: `available + pending + held − debt`.
    balance_after: i64,
    available_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    reason: Option<String>,
    source: Option<SourceBody>,
    /// The id of who did it, or `system`.
    actor: String,
    channel: Option<String>,
    occurred_at: Timestamp,
    recorded_at: Timestamp,
    explanation: Explanation,
}

impl Reply for EntryBody {
    const MADE: &'static [&'static str] = &["/id"];

    fn members(&self) -> Vec<MemberId> {
        vec![self.member_id]
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Source)]
pub struct SourceBody {
    #[serde(rename = "type")]
    kind: String,
    id: String,
}

impl EntryBody {
    pub(super) fn of(given: Given) -> Self {
        let explanation = given.explanation();
        Self::new(given.entry, explanation)
    }

    /// An entry that was just posted, as its member is told.
    pub fn told(tx: &mut Tx<'_>, entry: Entry) -> Result<Self> {
        let who = members::service::get(tx, entry.member)?;
        let zone = settings::service::get(tx)?.time_zone;
        let explanation = explain(&entry, who.locale.language(), &zone);
        Ok(Self::new(entry, explanation))
    }

    pub(super) fn new(entry: Entry, explanation: Explanation) -> Self {
        Self {
            id: entry.id,
            member_id: entry.member,
            seq: entry.seq,
            kind: entry.kind,
            points: entry.points,
            balance_after: entry.balance_after,
            available_at: entry.available_at,
            expires_at: entry.expires_at,
            reason: entry.reason,
            source: entry.source.map(|source| SourceBody { kind: source.kind, id: source.id }),
            actor: entry.actor,
            channel: entry.channel,
            occurred_at: entry.occurred_at,
            recorded_at: entry.recorded_at,
            explanation,
        }
    }
}

/// Read a member's balance.
///
/// Refusals: `unauthenticated`, `forbidden`, `not_found`.
#[utoipa::path(operation_id = "getBalance", tag = "Points", params(("id" = MemberId, Path)), responses((status = 200, body = BalanceBody)))]
#[get("/v1/members/{id}/balance")]
pub async fn balance(call: Call) -> Answer {
    let member: MemberId = call.id("member")?;
    let sheet = super::sheet(&call.app.lanes, call.store(), member).await?;
    Ok(HttpResponse::Ok().json(BalanceBody {
        balance: sheet.balance,
        expiring: sheet.expiring.into_iter().map(Expiring::from).collect(),
        as_of: sheet.as_of,
    }))
}

/// List a member's entries, newest first.
///
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`.
#[utoipa::path(
    operation_id = "listEntries",
    tag = "Points",
    params(("id" = MemberId, Path), Paging),
    responses((status = 200, body = Listing<EntryBody>))
)]
#[get("/v1/members/{id}/entries")]
pub async fn entries(call: Call) -> Answer {
    let member: MemberId = call.id("member")?;
    let page = call.query()?.page()?;
    let before = page.after::<i64>()?;
    let listing = due::read(call.store(), member, move |tx, of| {
        let who = members::service::get(tx, member)?;
        let zone = settings::service::get(tx)?.time_zone;
        let entries = ledger::entries(tx, of, before, page.rows())?;
        Ok(page.cut(
            entries,
            |entry| entry.seq.to_string(),
            |entry| {
                let explanation = explain(&entry, who.locale.language(), &zone);
                EntryBody::new(entry, explanation)
            },
        ))
    });
    Ok(HttpResponse::Ok().json(listing.await?))
}

/// What a caller says an entry came from.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceAsk {
    #[serde(rename = "type")]
    kind: Line<50>,
    id: Line<200>,
}

/// A movement of points to be posted.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateEntry {
    pub(super) kind: GrantKind,
    /// 1 … 1,000,000,000; negative for `adjust` alone.
    pub(super) points: platform::kernel::points::Change,
    pub(super) reason: Reason,
    pub(super) source: Option<SourceAsk>,
    pub(super) available_at: Option<Timestamp>,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) occurred_at: Option<Timestamp>,
    pub(super) channel: Option<Line<50>>,
}

impl CreateEntry {
    /// What is asked for, for this member.
    pub(super) fn grant(self, member: MemberId) -> Grant {
        Grant {
            member,
            kind: self.kind,
            points: self.points.get(),
            reason: self.reason.into_string(),
            source: self.source.map(|source| (source.kind.into_string(), source.id.into_string())),
            available_at: self.available_at,
            expires_at: self.expires_at,
            occurred_at: self.occurred_at,
            channel: self.channel.map(Line::into_string),
        }
    }
}

/// Post points: earned ones by a storefront, an adjustment by staff.
///
/// The same `source` again answers the first entry (200); with other points it conflicts.
/// Staff adjust upwards within their limit and monthly budget; downwards is the admin's, and never
/// takes more than is available.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`, `source_conflict`, `insufficient_points`, `limit_reached`.
#[utoipa::path(
    operation_id = "postEntry",
    tag = "Points",
    params(("id" = MemberId, Path), ("dry_run" = Option<bool>, Query)),
    request_body(content = CreateEntry, example = json!({"kind": "earn", "points": 100, "reason": "Autumn campaign", "source": {"type": "promotion", "id": "autumn-2026-0042"}})),
    responses((status = 201, body = EntryBody), (status = 200, body = EntryBody, description = "Posted before, or a dry run"))
)]
#[post("/v1/members/{id}/entries")]
pub async fn create(call: Call) -> Answer {
    let member: MemberId = call.id("member")?;
    if let Caller::Member(own) = call.caller
        && own != member
    {
        return Err(platform::kernel::error::Refusal::not_found("member").into());
    }
    let ask: CreateEntry = call.body()?;
    let ask = (call.caller.clone(), ask.grant(member));
    grant::may(&ask.0, &ask.1)?;
    call.post_in_lane(GrantCommand(ask)).await
}

/// Goes through a lane.
#[derive(Clone)]
pub struct GrantCommand((Caller, Grant));

impl Command for GrantCommand {
    type Answer = EntryBody;

    fn run(tx: &mut Tx<'_>, commands: &[Self]) -> Result<Vec<Answered<EntryBody>>> {
        let asks: Vec<_> = commands.iter().map(|GrantCommand(ask)| ask.clone()).collect();
        let shown = |given: grant::Given| {
            let status = if given.repeated { StatusCode::OK } else { StatusCode::CREATED };
            (status, EntryBody::of(given))
        };
        let all = grant::post_all(tx, &asks)?;
        Ok(all.into_iter().map(|answer| answer.map(shown)).collect())
    }
}

impl Laned for GrantCommand {
    const LANE: &'static str = "vildar-grants";

    fn about(&self) -> impl Hash {
        self.0.1.member.uuid()
    }
}
