//! Orders and refunds as their rows have them.

use std::collections::HashMap;

use diesel::prelude::*;

use platform::{
    db::{
        Tx,
        schema::{orders, refunds},
    },
    kernel::{
        clock::RawInstant,
        error::Result,
        id::{MemberId, OrderId, RefundId},
    },
};

/// How many orders are read at once.
const ORDERS_A_PAGE: i64 = 2000;

#[derive(Queryable, Selectable)]
#[diesel(table_name = orders)]
pub(super) struct Order {
    pub id: OrderId,
    pub external_id: String,
    pub member_id: MemberId,
    pub amount: i64,
    pub currency: String,
    pub channel: Option<String>,
    pub content_hash: Vec<u8>,
    pub cancelled_at: Option<RawInstant>,
    pub entry_seq: Option<i64>,
    pub earned_points: i64,
    pub available_at: Option<RawInstant>,
    pub expires_at: Option<RawInstant>,
    pub refunded_amount: i64,
    pub clawed_points: i64,
    pub excused_points: i64,
    pub placed_at: RawInstant,
    pub recorded_at: RawInstant,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = refunds)]
pub(super) struct Refund {
    pub id: RefundId,
    pub order_id: OrderId,
    pub external_id: String,
    pub amount: i64,
    pub clawed_points: i64,
    pub recorded_at: RawInstant,
}

/// The next orders of these members, by member and id.
pub(super) fn orders(
    tx: &mut Tx<'_>,
    members: &[MemberId],
    after: Option<(MemberId, OrderId)>,
) -> Result<Vec<Order>> {
    let page = orders::table
        .filter(orders::member_id.eq_any(members))
        .order((orders::member_id, orders::id))
        .limit(ORDERS_A_PAGE)
        .select(Order::as_select());
    Ok(match after {
        None => page.load(tx.conn)?,
        Some((member, id)) => page
            .filter(
                orders::member_id
                    .gt(member)
                    .or(orders::member_id.eq(member).and(orders::id.gt(id))),
            )
            .load(tx.conn)?,
    })
}

/// The refunds of these orders.
pub(super) fn refunds(tx: &mut Tx<'_>, orders: &[Order]) -> Result<HashMap<OrderId, Vec<Refund>>> {
    let ids: Vec<OrderId> = orders.iter().map(|order| order.id).collect();
    let found: Vec<Refund> = refunds::table
        .filter(refunds::order_id.eq_any(ids))
        .order(refunds::id)
        .select(Refund::as_select())
        .load(tx.conn)?;
    let mut by_order: HashMap<OrderId, Vec<Refund>> = HashMap::new();
    for refund in found {
        by_order.entry(refund.order_id).or_default().push(refund);
    }
    Ok(by_order)
}
