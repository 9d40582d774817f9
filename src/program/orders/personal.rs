//! What orders keep of a person: what it bought, and for how much.

use std::collections::HashMap;

use diesel::prelude::*;
use serde_json::json;

use platform::{
    db::{
        Tx,
        personal::{
            Cursor, Erased,
            Fate::{self, Deleted, Stays},
            List, Part, Rows, Subject,
        },
        schema::{order_lines, orders},
        types::Json,
    },
    kernel::{clock::Timestamp, error::Result, id::OrderId},
};

/// How many orders are read at once: their lines may be up to a MiB each.
const ORDERS: i64 = 16;

pub const PART: Part = Part {
    erase,
    lists: &[List {
        name: "orders",
        about: Some("With their lines, as the shop told them."),
        page: orders,
    }],
    tables: &[
        (
            "orders",
            &[
                ("external_id", Fate::SHOPS),
                ("member_id", Fate::ID),
                ("currency", Fate::WORD),
                ("channel", Fate::SHOPS),
                ("content_hash", Stays("a hash, by which a repeated order is known")),
            ],
        ),
        ("order_lines", &[("order_id", Deleted), ("lines", Deleted)]),
        ("refunds", &[("order_id", Fate::ID), ("external_id", Fate::SHOPS)]),
    ],
    ..Part::EMPTY
};

fn erase(tx: &mut Tx<'_>, erased: &Erased) -> Result<()> {
    let theirs = orders::table.filter(orders::member_id.eq(erased.id)).select(orders::id);
    diesel::delete(order_lines::table.filter(order_lines::order_id.eq_any(theirs)))
        .execute(tx.conn)?;
    Ok(())
}

fn orders(tx: &mut Tx<'_>, of: &Subject, after: Option<Cursor>) -> Result<Rows> {
    type Row = (OrderId, String, i64, String, Option<String>, i64, i64, Timestamp);
    let rows: Vec<Row> = orders::table
        .filter(orders::member_id.eq(of.id))
        .filter(orders::id.gt(Cursor::id(after)))
        .filter(orders::recorded_at.le(of.as_of))
        .order(orders::id)
        .limit(ORDERS)
        .select((
            orders::id,
            orders::external_id,
            orders::amount,
            orders::currency,
            orders::channel,
            orders::earned_points,
            orders::refunded_amount,
            orders::placed_at,
        ))
        .load(tx.conn)?;
    let ids: Vec<OrderId> = rows.iter().map(|row| row.0).collect();
    let lines: Vec<(OrderId, Json)> =
        order_lines::table.filter(order_lines::order_id.eq_any(ids)).load(tx.conn)?;
    let mut lines: HashMap<OrderId, Json> = lines.into_iter().collect();
    let show = |(id, external_id, amount, currency, channel, points, refunded, placed_at): Row| {
        let row = json!({
            "id": id, "external_id": external_id, "channel": channel, "earned_points": points,
            "total": {"amount": amount, "currency": currency},
            "refunded": {"amount": refunded, "currency": currency}, "placed_at": placed_at,
            "lines": lines.remove(&id).map(|lines| lines.0),
        });
        (Cursor::Id(id.into()), row)
    };
    Ok(rows.into_iter().map(show).collect())
}
