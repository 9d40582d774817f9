//! What an order was made of is kept as a hash, so that the same again can be told from other
//! content: it tells as well whether what is kept of the order is what it was.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use serde_json::Value;

use super::rows::Order;
use crate::{members::MemberStatus, orders::Content};
use platform::{
    db::{
        Tx,
        schema::{members, order_lines},
        types::Json,
    },
    kernel::{
        difference::{Findings, Seen},
        error::Result,
        id::OrderId,
        money::Currency,
    },
};

/// How many orders' lines are read at once: each may have a request's worth.
const LINES_A_PAGE: usize = 32;

/// What is known of an order's lines.
enum Lines {
    None,
    Some(Value),
    /// Numbers with a fraction, which may come back from a database otherwise.
    Inexact,
}

pub(super) fn check(tx: &mut Tx<'_>, orders: &[Order], findings: &mut Findings) -> Result<()> {
    let ids: Vec<OrderId> = orders.iter().map(|order| order.id).collect();
    let with_lines: Vec<OrderId> = order_lines::table
        .filter(order_lines::order_id.eq_any(&ids))
        .select(order_lines::order_id)
        .load(tx.conn)?;
    let with_lines: HashSet<OrderId> = with_lines.into_iter().collect();
    let (with, without): (Vec<&Order>, Vec<&Order>) =
        orders.iter().partition(|order| with_lines.contains(&order.id));
    for order in without {
        if !agrees(order, &Lines::None, findings)? && !is_erased(tx, order)? {
            differs(order, findings);
        }
    }
    for part in with.chunks(LINES_A_PAGE) {
        let mut known = lines(tx, part, findings)?;
        for order in part {
            let Some(lines) = known.remove(&order.id) else { continue };
            if !agrees(order, &lines, findings)? {
                differs(order, findings);
            }
        }
    }
    Ok(())
}

fn lines(
    tx: &mut Tx<'_>,
    orders: &[&Order],
    findings: &mut Findings,
) -> Result<HashMap<OrderId, Lines>> {
    let ids = orders.iter().map(|order| order.id);
    let rows: Vec<(OrderId, Seen<Json>)> = order_lines::table
        .filter(order_lines::order_id.eq_any(ids))
        .select((order_lines::order_id, order_lines::lines))
        .load(tx.conn)?;
    let mut all = HashMap::new();
    for (id, lines) in rows {
        if let Some(lines) = findings.of(&id).read(format_args!("lines"), lines) {
            let exact = is_exact(&lines.0);
            all.insert(id, if exact { Lines::Some(lines.0) } else { Lines::Inexact });
        }
    }
    Ok(all)
}

fn is_exact(value: &Value) -> bool {
    match value {
        Value::Number(number) => !number.is_f64(),
        Value::Array(values) => values.iter().all(is_exact),
        Value::Object(fields) => fields.values().all(is_exact),
        Value::Null | Value::Bool(_) | Value::String(_) => true,
    }
}

/// Whether the order is what its hash was made of: with the instant that it has, or without one,
/// which was then the moment in which it was recorded.
fn agrees(order: &Order, lines: &Lines, findings: &mut Findings) -> Result<bool> {
    let Ok(currency) = order.currency.parse::<Currency>() else {
        let what = format_args!("currency of {}", order.id);
        findings.of(&order.member_id).differs(what, "a currency", &order.currency);
        return Ok(true);
    };
    let lines = match lines {
        Lines::None => None,
        Lines::Some(lines) => Some(lines),
        Lines::Inexact => return Ok(true),
    };
    let mut content = Content {
        member: order.member_id,
        amount: order.amount,
        currency,
        placed_at: None,
        channel: order.channel.as_deref(),
        lines,
    };
    // what was placed some other time than it was recorded was given its instant
    let given = order.placed_at != order.recorded_at;
    for with_instant in [given, !given] {
        content.placed_at = order.placed_at.timestamp().filter(|_| with_instant);
        if content.hash()? == order.content_hash {
            let what = format_args!("placed_at of {}", order.id);
            let expected = if with_instant { order.placed_at } else { order.recorded_at };
            findings.of(&order.member_id).same(what, expected, order.placed_at);
            return Ok(true);
        }
    }
    Ok(false)
}

fn differs(order: &Order, findings: &mut Findings) {
    findings.of(&order.member_id).differs(
        format_args!("content of {}", order.id),
        "amount, currency, channel, placed_at and lines that it was made with",
        "others",
    );
}

/// Erasing a member takes the lines of its orders away, and nothing else of them.
fn is_erased(tx: &mut Tx<'_>, order: &Order) -> Result<bool> {
    let status: Option<String> =
        members::table.find(order.member_id).select(members::status).first(tx.conn).optional()?;
    Ok(status.as_deref() == Some(MemberStatus::Erased.as_str()))
}
