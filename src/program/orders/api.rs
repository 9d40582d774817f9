//! `POST|GET /v1/orders`, refunds and cancelling.

use std::hash::Hash;

use actix_web::{get, http::StatusCode, post};

use super::{
    body::{
        FulfilOrder, OrderBody, PlaceOrder, RefundOrder, RefundedOrder, Telling, show, show_placed,
        tell,
    },
    service::{self, Buyer, NewOrder, Placed},
};
use crate::surveys;
use platform::{
    auth::Caller,
    db::Tx,
    http::{
        Answer, Call,
        lane::{Answered, Command, Laned},
        query::Paging,
    },
    kernel::{
        error::{Refusal, Result},
        id::{MemberId, OrderId},
        page::Listing,
        text::ExternalId,
    },
};

/// Tell of an order, and let it earn.
///
/// The same `external_id` with the same content answers the first order with 200.
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`, `not_found`, `external_id_conflict`.
#[utoipa::path(
    operation_id = "placeOrder",
    tag = "Orders",
    params(("dry_run" = Option<bool>, Query, description = "Only say what would happen")),
    request_body(content = PlaceOrder, example = json!({
        "external_id": "A-1001",
        "email": "anna@example.com",
        "total": {"amount": 4990, "currency": "EUR"},
        "lines": [{"name": "Wool blanket", "quantity": 1}],
        "channel": "web"
    })),
    responses((status = 201, body = OrderBody), (status = 200, body = OrderBody))
)]
#[post("/v1/orders")]
pub async fn place(call: Call) -> Answer {
    let new = call.body::<PlaceOrder>()?.parsed()?;
    let named = match new.buyer {
        Buyer::Id(member) => Some(member),
        Buyer::Email(_) | Buyer::ExternalId(_) => None,
    };
    let call = call.about(named);
    call.post_in_lane(OrderCommand((new, call.caller.clone()))).await
}

/// Goes through a lane.
#[derive(Clone)]
pub struct OrderCommand((NewOrder, Caller));

impl Command for OrderCommand {
    type Answer = OrderBody;

    fn run(tx: &mut Tx<'_>, commands: &[Self]) -> Result<Vec<Answered<OrderBody>>> {
        let asks: Vec<_> = commands.iter().map(|OrderCommand(ask)| ask.clone()).collect();
        let now = tx.now;
        let shown = |placed: Placed| {
            let status = if placed.already_there { StatusCode::OK } else { StatusCode::CREATED };
            (status, show_placed(placed, now))
        };
        let all = service::place_all(tx, &asks)?;
        Ok(all.into_iter().map(|answer| answer.map(shown)).collect())
    }
}

impl Laned for OrderCommand {
    const LANE: &'static str = "vildar-orders";

    fn about(&self) -> impl Hash {
        match &self.0.0.buyer {
            Buyer::Id(id) => id.to_string(),
            // the same member by another name may be in another lane, and then waits its turn
            Buyer::Email(email) => email.as_str().to_owned(),
            Buyer::ExternalId(id) => id.as_str().to_owned(),
        }
    }
}

/// Read an order.
///
/// Refusals: `unauthenticated`, `forbidden`, `not_found`.
#[utoipa::path(
    operation_id = "getOrder",
    tag = "Orders",
    params(("id" = OrderId, Path)),
    responses((status = 200, body = OrderBody))
)]
#[get("/v1/orders/{id}")]
pub async fn read(call: Call) -> Answer {
    let id = call.id("order")?;
    let caller = call.caller.clone();
    call.get(move |tx| {
        let order = service::get(tx, id)?;
        caller.sees(order.member_id, "order")?;
        show(tx, order)
    })
    .await
}

/// Find an order by its external id, or list a member's, newest first.
///
/// One of the two is required, except of members, who see their own.
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`, `not_found`.
#[utoipa::path(
    operation_id = "listOrders",
    tag = "Orders",
    params(
        ("external_id" = Option<String>, Query, description = "The shop's own id"),
        ("member_id" = Option<MemberId>, Query, description = "Whose orders"),
        Paging
    ),
    responses((status = 200, body = Listing<OrderBody>))
)]
#[get("/v1/orders")]
pub async fn list(call: Call) -> Answer {
    let query = call.query()?;
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
        let earned = service::earned_by(tx, &rows)?;
        Ok(page.cut(
            rows,
            |order| order.id.to_string(),
            |order| {
                let entry = earned.get(&order.id.to_string());
                tell(order, entry, &telling, tx.now)
            },
        ))
    })
    .await
}

/// Refund an order in part or in whole: what that part had earned is taken back.
///
/// The same `external_id` with the same amount answers the first refund with 200.
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`, `not_found`,
/// `external_id_conflict`, `invalid_transition`.
#[utoipa::path(
    operation_id = "refundOrder",
    tag = "Orders",
    params(
        ("id" = OrderId, Path),
        ("dry_run" = Option<bool>, Query, description = "Only say what would happen")
    ),
    request_body(content = RefundOrder, example = json!({
        "external_id": "R-17",
        "amount": {"amount": 2495, "currency": "EUR"}
    })),
    responses((status = 201, body = RefundedOrder), (status = 200, body = RefundedOrder))
)]
#[post("/v1/orders/{id}/refunds")]
pub async fn refund(call: Call) -> Answer {
    let id = call.id("order")?;
    let ask: RefundOrder = call.body()?;
    if ask.amount.amount == 0 {
        return Err(Refusal::field("/amount/amount", "must be 1 or more").into());
    }
    let caller = call.caller.clone();
    call.post(move |tx| {
        let external_id = ask.external_id.as_str();
        let (order, refund, already_there) =
            service::refund(tx, id, external_id, ask.amount, &caller)?;
        let status = if already_there { StatusCode::OK } else { StatusCode::CREATED };
        let currency = order.total.currency;
        Ok((status, RefundedOrder::of(show(tx, order)?, refund, currency)))
    })
    .await
}

/// Say that an order arrived, or was handed over: once.
///
/// Now, unless `at` says when. What asks after the order's arrival counts from then; without it, from
/// `assume_fulfilled_days` after it was placed. The same again answers the first.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`, `invalid_transition`.
#[utoipa::path(
    operation_id = "fulfilOrder",
    tag = "Orders",
    params(("id" = OrderId, Path)),
    request_body(content = FulfilOrder, example = json!({"at": "2026-11-24T16:20:00Z"})),
    responses((status = 200, body = OrderBody))
)]
#[post("/v1/orders/{id}/fulfil")]
pub async fn fulfil(call: Call) -> Answer {
    let id: OrderId = call.id("order")?;
    let FulfilOrder { at } = call.body_or_default()?;
    call.post_ok(move |tx| {
        let order = service::fulfil(tx, id, at)?;
        surveys::order_arrived(tx, &order)?;
        show(tx, order)
    })
    .await
}

/// Cancel an order that is still open: all that it earned is taken back.
///
/// One that was cancelled before answers as it is.
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`, `not_found`, `invalid_transition`.
#[utoipa::path(
    operation_id = "cancelOrder",
    tag = "Orders",
    params(("id" = OrderId, Path)),
    responses((status = 200, body = OrderBody))
)]
#[post("/v1/orders/{id}/cancel")]
pub async fn cancel(call: Call) -> Answer {
    let id = call.id("order")?;
    call.no_body()?;
    let caller = call.caller.clone();
    call.post_ok(move |tx| {
        let order = service::cancel(tx, id, &caller)?;
        show(tx, order)
    })
    .await
}
