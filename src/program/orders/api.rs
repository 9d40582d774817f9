//! `POST|GET /v1/orders`, refunds and cancelling.

use actix_web::{get, http::StatusCode, post};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{
    Order, OrderState, Refund,
    service::{self, Buyer, NewOrder},
};
use crate::{
    auth::{Caller, Scope},
    db::Tx,
    http::{Answer, Call, call::DryRun, page::Listing},
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
        id::{MemberId, OrderId, RefundId},
        locale::Language,
        money::Money,
        text::{Email, ExternalId, Line},
        zone::Zone,
    },
    program::{
        ledger::{Explanation, explain},
        members, settings,
    },
};

/// The most lines of an order.
const MOST_LINES: usize = 500;

/// An order as callers see it.
#[derive(Serialize, ToSchema)]
#[schema(as = Order)]
pub struct Shown {
    #[schema(value_type = String, example = "ord_01m7zr4g2tfw1b4ww8pvq0tkz1")]
    id: OrderId,
    #[schema(example = "A-1001")]
    external_id: String,
    #[schema(value_type = String, example = "mem_01m7zr4g2tfw1b4ww8pvq0tkz1")]
    member_id: MemberId,
    #[schema(value_type = Object, example = json!({"amount": 4990, "currency": "EUR"}))]
    total: Money,
    state: OrderState,
    #[schema(value_type = String, example = "2026-11-21T18:51:00Z")]
    placed_at: Timestamp,
    #[schema(example = "web")]
    channel: Option<String>,
    /// What was refunded so far.
    #[schema(value_type = Object, example = json!({"amount": 0, "currency": "EUR"}))]
    refunded: Money,
    earned: Earned,
}

/// What an order earned, and why.
#[derive(Serialize, ToSchema)]
#[schema(as = OrderEarned)]
struct Earned {
    #[schema(example = 49)]
    points: i64,
    /// Null where it earned nothing.
    #[schema(value_type = Option<String>, example = "2026-12-05T18:51:00Z")]
    available_at: Option<Timestamp>,
    /// Exclusive; null: never.
    #[schema(value_type = Option<String>, example = "2028-11-22T00:00:00Z")]
    expires_at: Option<Timestamp>,
    explanation: Vec<Explanation>,
}

/// How a member is told about points: in their language, by the program's calendar.
struct Telling {
    language: Language,
    zone: Zone,
}

impl Telling {
    fn to(tx: &mut Tx<'_>, member: MemberId) -> Result<Self> {
        let language = members::store::get(tx, member)?.locale.language();
        Ok(Self { language, zone: settings::service::get(tx)?.time_zone })
    }
}

fn show(tx: &mut Tx<'_>, order: Order) -> Result<Shown> {
    let telling = Telling::to(tx, order.member_id)?;
    tell(tx, order, &telling)
}

fn tell(tx: &mut Tx<'_>, order: Order, telling: &Telling) -> Result<Shown> {
    let explained =
        service::entry(tx, &order)?.map(|entry| explain(&entry, telling.language, &telling.zone));
    Ok(Shown {
        id: order.id,
        member_id: order.member_id,
        total: order.total,
        state: order.state(tx.now),
        placed_at: order.placed_at,
        refunded: Money { amount: order.refunded_amount, currency: order.total.currency },
        earned: Earned {
            points: order.earned_points,
            available_at: order.available_at,
            expires_at: order.expires_at,
            explanation: explained.into_iter().collect(),
        },
        external_id: order.external_id,
        channel: order.channel,
    })
}

/// What a member bought.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewOrder)]
#[serde(deny_unknown_fields)]
pub struct Place {
    #[schema(value_type = String)]
    external_id: ExternalId,
    /// This or `email`.
    #[schema(value_type = Option<String>)]
    member_id: Option<MemberId>,
    #[schema(value_type = Option<String>)]
    email: Option<Email>,
    /// In the program's currency.
    #[schema(value_type = Object)]
    total: Money,
    /// What was bought, as the shop tells it: at most 500 objects.
    #[schema(value_type = Option<Vec<Object>>)]
    lines: Option<Vec<Map<String, Value>>>,
    /// Now unless given; not in the future.
    #[schema(value_type = Option<String>)]
    placed_at: Option<Timestamp>,
    #[schema(value_type = Option<String>)]
    channel: Option<Line<50>>,
}

impl Place {
    fn parsed(self) -> Result<NewOrder, Refusal> {
        let buyer = match (self.member_id, self.email) {
            (Some(id), None) => Buyer::Id(id),
            (None, Some(email)) => Buyer::Email(email),
            (None, None) => {
                return Err(Refusal::field("/member_id", "is required, or email instead"));
            }
            (Some(_), Some(_)) => {
                return Err(Refusal::field("/email", "can't be given along with member_id"));
            }
        };
        if self.lines.as_ref().is_some_and(|lines| lines.len() > MOST_LINES) {
            return Err(Refusal::field("/lines", format!("must be at most {MOST_LINES}")));
        }
        Ok(NewOrder {
            external_id: self.external_id.into_string(),
            buyer,
            total: self.total,
            lines: self.lines.map(|lines| lines.into_iter().map(Value::Object).collect()),
            placed_at: self.placed_at,
            channel: self.channel.map(Line::into_string),
        })
    }
}

/// Tell of an order, and let it earn.
///
/// The same `external_id` with the same content answers the first order with 200.
/// Callers: storefront (`orders:write`).
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`, `not_found`, `external_id_conflict`.
#[utoipa::path(
    tag = "Orders",
    params(("dry_run" = Option<bool>, Query, description = "Only say what would happen")),
    request_body(content = Place, example = json!({
        "external_id": "A-1001",
        "email": "anna@example.com",
        "total": {"amount": 4990, "currency": "EUR"},
        "lines": [{"name": "Wool blanket", "quantity": 1}],
        "channel": "web"
    })),
    responses((status = 201, body = Shown), (status = 200, body = Shown))
)]
#[post("/v1/orders")]
pub async fn place(call: Call) -> Answer {
    call.caller.storefront(Scope::OrdersWrite)?;
    let new = call.body::<Place>()?.parsed()?;
    let caller = call.caller.clone();
    call.post(DryRun::Offered, move |tx| {
        let (order, already_there) = service::place(tx, new.clone(), &caller)?;
        let status = if already_there { StatusCode::OK } else { StatusCode::CREATED };
        Ok((status, show(tx, order)?))
    })
    .await
}

/// Members read their own; storefronts need one of two scopes.
fn reader(caller: &Caller) -> Result<(), Refusal> {
    match caller {
        Caller::Member(_) => Ok(()),
        _ => caller
            .staff_or_storefront(Scope::OrdersWrite)
            .or_else(|_| caller.staff_or_storefront(Scope::MembersRead)),
    }
}

/// Read an order.
///
/// Callers: member (its own), storefront (`orders:write` or `members:read`), staff.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`.
#[utoipa::path(
    tag = "Orders",
    params(("id" = String, Path, example = "ord_01m7zr4g2tfw1b4ww8pvq0tkz1")),
    responses((status = 200, body = Shown))
)]
#[get("/v1/orders/{id}")]
pub async fn read(call: Call) -> Answer {
    reader(&call.caller)?;
    let id = call.id("order")?;
    let caller = call.caller.clone();
    call.get(move |tx| {
        let order = service::get(tx, id)?;
        match caller {
            Caller::Member(own) if own != order.member_id => {
                Err(Refusal::not_found("order").into())
            }
            _ => show(tx, order),
        }
    })
    .await
}

/// Find an order by its external id, or list a member's, newest first.
///
/// One of the two is required, except of members, who see their own.
/// Callers: member (its own), storefront (`orders:write` or `members:read`), staff.
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`, `not_found`.
#[utoipa::path(
    tag = "Orders",
    params(
        ("external_id" = Option<String>, Query, description = "The shop's own id"),
        ("member_id" = Option<String>, Query, description = "Whose orders"),
        ("limit" = Option<i64>, Query, description = "1 to 100, 20 unless given"),
        ("cursor" = Option<String>, Query, description = "The last page's next_cursor")
    ),
    responses((status = 200, body = Listing<Shown>))
)]
#[get("/v1/orders")]
pub async fn list(call: Call) -> Answer {
    reader(&call.caller)?;
    let query = call.query(&["external_id", "member_id", "limit", "cursor"])?;
    let named: Option<MemberId> = query.get("member_id")?;
    let external_id = query.get::<ExternalId>("external_id")?.map(ExternalId::into_string);
    let page = query.page()?;
    let member = match call.caller {
        Caller::Member(own) if named.is_some_and(|named| named != own) => {
            return Err(Refusal::not_found("member").into());
        }
        Caller::Member(own) => Some(own),
        _ => named,
    };
    if member.is_none() && external_id.is_none() {
        return Err(Refusal::field("?member_id", "is required, or external_id instead").into());
    }
    call.get(move |tx| {
        let rows = service::list(tx, member, external_id.as_deref(), &page)?;
        // they are all of one member: an external id names one order
        let Some(member) = rows.first().map(|order| order.member_id) else {
            return Ok(Listing { data: Vec::new(), next_cursor: None });
        };
        let telling = Telling::to(tx, member)?;
        let page = page.cut(rows, |order| order.id.to_string(), |order| tell(tx, order, &telling));
        let data = page.data.into_iter().collect::<Result<Vec<_>>>()?;
        Ok(Listing { data, next_cursor: page.next_cursor })
    })
    .await
}

/// What is refunded.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewRefund)]
#[serde(deny_unknown_fields)]
pub struct RefundAsk {
    #[schema(value_type = String)]
    external_id: ExternalId,
    /// 1 or more, in the order's currency.
    #[schema(value_type = Object)]
    amount: Money,
}

/// An order, and what was refunded of it now.
#[derive(Serialize, ToSchema)]
#[schema(as = RefundedOrder)]
pub struct Refunded {
    #[serde(flatten)]
    order: Shown,
    refund: ShownRefund,
}

/// One refund.
#[derive(Serialize, ToSchema)]
#[schema(as = Refund)]
struct ShownRefund {
    #[schema(value_type = String, example = "rfd_01m7zr4g2tfw1b4ww8pvq0tkz1")]
    id: RefundId,
    #[schema(example = "R-17")]
    external_id: String,
    #[schema(value_type = Object, example = json!({"amount": 2495, "currency": "EUR"}))]
    amount: Money,
    /// Points that it took back; those that had expired, or are forgiven, count.
    #[schema(example = 24)]
    clawed_points: i64,
}

/// Refund an order in part or in whole: what that part had earned is taken back.
///
/// The same `external_id` with the same amount answers the first refund with 200.
/// Callers: storefront (`orders:write`).
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`, `not_found`,
/// `external_id_conflict`, `invalid_transition`.
#[utoipa::path(
    tag = "Orders",
    params(
        ("id" = String, Path, example = "ord_01m7zr4g2tfw1b4ww8pvq0tkz1"),
        ("dry_run" = Option<bool>, Query, description = "Only say what would happen")
    ),
    request_body(content = RefundAsk, example = json!({
        "external_id": "R-17",
        "amount": {"amount": 2495, "currency": "EUR"}
    })),
    responses((status = 201, body = Refunded), (status = 200, body = Refunded))
)]
#[post("/v1/orders/{id}/refunds")]
pub async fn refund(call: Call) -> Answer {
    call.caller.storefront(Scope::OrdersWrite)?;
    let id = call.id("order")?;
    let ask: RefundAsk = call.body()?;
    if ask.amount.amount == 0 {
        return Err(Refusal::field("/amount/amount", "must be 1 or more").into());
    }
    let caller = call.caller.clone();
    call.post(DryRun::Offered, move |tx| {
        let external_id = ask.external_id.as_str();
        let (order, refund, already_there) =
            service::refund(tx, id, external_id, ask.amount, &caller)?;
        let status = if already_there { StatusCode::OK } else { StatusCode::CREATED };
        let currency = order.total.currency;
        let Refund { id, external_id, amount, clawed_points } = refund;
        let amount = Money { amount, currency };
        let refund = ShownRefund { id, external_id, amount, clawed_points };
        Ok((status, Refunded { order: show(tx, order)?, refund }))
    })
    .await
}

/// No body, or an empty object.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// Cancel an order that is still open: all that it earned is taken back.
///
/// One that was cancelled before answers as it is.
/// Callers: storefront (`orders:write`).
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`, `not_found`, `invalid_transition`.
#[utoipa::path(
    tag = "Orders",
    params(("id" = String, Path, example = "ord_01m7zr4g2tfw1b4ww8pvq0tkz1")),
    responses((status = 200, body = Shown))
)]
#[post("/v1/orders/{id}/cancel")]
pub async fn cancel(call: Call) -> Answer {
    call.caller.storefront(Scope::OrdersWrite)?;
    let id = call.id("order")?;
    call.body_or_default::<Nothing>()?;
    let caller = call.caller.clone();
    call.post_ok(DryRun::NotOffered, move |tx| {
        let order = service::cancel(tx, id, &caller)?;
        show(tx, order)
    })
    .await
}
