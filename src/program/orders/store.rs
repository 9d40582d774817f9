//! Rows of orders and refunds.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;

use super::{Order, Refund};
use platform::{
    db::{
        Tx,
        bulk::Bulk,
        lock::for_update,
        prepared::one_of,
        schema::{orders, refunds},
        types::{Json, RawId},
    },
    kernel::{
        clock::Timestamp,
        error::{Error, Result},
        id::{MemberId, OrderId, RefundId},
        money::Money,
    },
};

#[derive(Queryable)]
struct OrderRow {
    id: OrderId,
    external_id: String,
    member_id: MemberId,
    amount: i64,
    currency: String,
    channel: Option<String>,
    content_hash: Vec<u8>,
    cancelled_at: Option<Timestamp>,
    entry_seq: Option<i64>,
    earned_points: i64,
    available_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    refunded_amount: i64,
    clawed_points: i64,
    excused_points: i64,
    placed_at: Timestamp,
    recorded_at: Timestamp,
    fulfilled_at: Option<Timestamp>,
}

impl TryFrom<OrderRow> for Order {
    type Error = Error;

    fn try_from(row: OrderRow) -> Result<Self> {
        let currency = row.currency.parse().map_err(Error::internal)?;
        Ok(Self {
            id: row.id,
            external_id: row.external_id,
            member_id: row.member_id,
            total: Money { amount: row.amount, currency },
            channel: row.channel,
            content_hash: row.content_hash,
            cancelled_at: row.cancelled_at,
            fulfilled_at: row.fulfilled_at,
            entry_seq: row.entry_seq,
            earned_points: row.earned_points,
            available_at: row.available_at,
            expires_at: row.expires_at,
            refunded_amount: row.refunded_amount,
            clawed_points: row.clawed_points,
            excused_points: row.excused_points,
            placed_at: row.placed_at,
            recorded_at: row.recorded_at,
        })
    }
}

/// Writes orders; answers how many: an external id that is taken leaves its order out. They go in
/// the order of their external ids, so that two who write the same ones don't wait for each other.
pub fn insert_all(tx: &mut Tx<'_>, orders: &mut [&Order]) -> Result<usize> {
    orders.sort_unstable_by(|a, b| a.external_id.cmp(&b.external_id));
    let orders = &*orders;
    Bulk::into("orders")
        .column("id", orders.iter().map(|order| RawId::from(order.id)))
        .column("external_id", orders.iter().map(|order| order.external_id.clone()))
        .column("member_id", orders.iter().map(|order| RawId::from(order.member_id)))
        .column("amount", orders.iter().map(|order| order.total.amount))
        .column("currency", orders.iter().map(|order| order.total.currency.to_string()))
        .column("channel", orders.iter().map(|order| order.channel.clone()))
        .column("content_hash", orders.iter().map(|order| order.content_hash.clone()))
        .column("entry_seq", orders.iter().map(|order| order.entry_seq))
        .column("earned_points", orders.iter().map(|order| order.earned_points))
        .column("available_at", orders.iter().map(|order| order.available_at))
        .column("expires_at", orders.iter().map(|order| order.expires_at))
        .column("refunded_amount", orders.iter().map(|order| order.refunded_amount))
        .column("clawed_points", orders.iter().map(|order| order.clawed_points))
        .column("excused_points", orders.iter().map(|order| order.excused_points))
        .column("placed_at", orders.iter().map(|order| order.placed_at))
        .column("recorded_at", orders.iter().map(|order| order.recorded_at))
        .tail("ON CONFLICT (external_id) DO NOTHING")
        .execute(tx.conn)
}

pub fn insert_lines(tx: &mut Tx<'_>, lines: Vec<(OrderId, serde_json::Value)>) -> Result<()> {
    let (orders, lines): (Vec<RawId>, Vec<Json>) =
        lines.into_iter().map(|(order, lines)| (RawId::from(order), Json(lines))).unzip();
    Bulk::into("order_lines").column("order_id", orders).column("lines", lines).execute(tx.conn)?;
    Ok(())
}

/// Writes what refunds and cancelling change.
pub fn update(tx: &mut Tx<'_>, order: &Order) -> Result<()> {
    diesel::update(orders::table.find(order.id))
        .set((
            orders::cancelled_at.eq(order.cancelled_at),
            orders::fulfilled_at.eq(order.fulfilled_at),
            orders::refunded_amount.eq(order.refunded_amount),
            orders::clawed_points.eq(order.clawed_points),
            orders::excused_points.eq(order.excused_points),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Which of these orders were cancelled, or wholly refunded.
pub fn undone_among(tx: &mut Tx<'_>, ids: &[OrderId]) -> Result<BTreeSet<OrderId>> {
    let undone = orders::table.filter(one_of(orders::id, ids)).filter(
        orders::cancelled_at
            .is_not_null()
            .or(orders::refunded_amount.gt(0).and(orders::refunded_amount.eq(orders::amount))),
    );
    Ok(undone.select(orders::id).load(tx.conn)?.into_iter().collect())
}

pub fn find(tx: &mut Tx<'_>, id: OrderId) -> Result<Option<Order>> {
    let row: Option<OrderRow> = orders::table.find(id).first(tx.conn).optional()?;
    row.map(Order::try_from).transpose()
}

/// The order, its row locked until the transaction ends.
pub fn lock(tx: &mut Tx<'_>, id: OrderId) -> Result<Option<Order>> {
    let rows: Vec<OrderRow> =
        for_update(orders::table.filter(orders::id.eq(id)).select(orders::all_columns))
            .load(tx.conn)?;
    rows.into_iter().next().map(Order::try_from).transpose()
}

/// The orders with these external ids, by them.
pub fn by_external_ids(
    tx: &mut Tx<'_>,
    external_ids: &BTreeSet<&str>,
) -> Result<HashMap<String, Order>> {
    let external_ids: Vec<&str> = external_ids.iter().copied().collect();
    let rows: Vec<OrderRow> =
        orders::table.filter(one_of(orders::external_id, &external_ids)).load(tx.conn)?;
    rows.into_iter()
        .map(|row| Order::try_from(row).map(|order| (order.external_id.clone(), order)))
        .collect()
}

/// Newest first, `rows` of them, recorded before `before`.
pub fn list(
    tx: &mut Tx<'_>,
    member: Option<MemberId>,
    external_id: Option<&str>,
    before: Option<OrderId>,
    rows: i64,
) -> Result<Vec<Order>> {
    let mut query = orders::table.order(orders::id.desc()).limit(rows).into_boxed();
    if let Some(member) = member {
        query = query.filter(orders::member_id.eq(member));
    }
    if let Some(external_id) = external_id {
        query = query.filter(orders::external_id.eq(external_id));
    }
    if let Some(before) = before {
        query = query.filter(orders::id.lt(before));
    }
    let rows: Vec<OrderRow> = query.load(tx.conn)?;
    rows.into_iter().map(Order::try_from).collect()
}

pub fn refund(tx: &mut Tx<'_>, order: OrderId, external_id: &str) -> Result<Option<Refund>> {
    let row: Option<(RefundId, String, i64, i64)> = refunds::table
        .filter(refunds::order_id.eq(order))
        .filter(refunds::external_id.eq(external_id))
        .select((refunds::id, refunds::external_id, refunds::amount, refunds::clawed_points))
        .first(tx.conn)
        .optional()?;
    Ok(row.map(|(id, external_id, amount, clawed_points)| Refund {
        id,
        external_id,
        amount,
        clawed_points,
    }))
}

/// Writes a refund; the order's locked row keeps a second one with its external id out.
pub fn insert_refund(tx: &mut Tx<'_>, order: OrderId, refund: &Refund) -> Result<()> {
    Bulk::into("refunds")
        .column("id", [RawId::from(refund.id)])
        .column("order_id", [RawId::from(order)])
        .column("external_id", [refund.external_id.clone()])
        .column("amount", [refund.amount])
        .column("clawed_points", [refund.clawed_points])
        .column("recorded_at", [tx.now])
        .execute(tx.conn)?;
    Ok(())
}
