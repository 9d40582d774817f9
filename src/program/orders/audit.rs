//! The audit of orders and refunds: each agrees with itself, with what it was made of, and with the
//! entries that it earned and took back.

mod content;
mod rows;
mod sums;

use std::collections::BTreeMap;

use diesel::prelude::*;

use self::sums::Case;
use crate::ledger::audit::{Ledgers, Page, Room, STRAYS_TOLD, by_source, without_account};
use platform::{
    db::{
        Tx,
        schema::{order_lines, orders, refunds},
    },
    kernel::{
        difference::Findings,
        error::Result,
        id::{MemberId, OrderId, RefundId},
    },
};

pub const ROOM: Room = Room { check, strays };

fn check(tx: &mut Tx<'_>, ledgers: &Ledgers, page: &mut Page) -> Result<()> {
    let members: Vec<MemberId> = ledgers.keys().copied().collect();
    let entries = by_source(ledgers, "order");
    let expired: BTreeMap<MemberId, BTreeMap<i64, i128>> =
        ledgers.iter().map(|(member, ledger)| (*member, ledger.expired())).collect();
    let mut after = None;
    loop {
        let orders = rows::orders(tx, &members, after)?;
        let Some(last) = orders.last() else { return Ok(()) };
        after = Some((last.member_id, last.id));
        let mut refunds = rows::refunds(tx, &orders)?;
        page.findings.count("orders", orders.len());
        page.findings.count("refunds", refunds.values().map(Vec::len).sum());
        for order in &orders {
            let (member, id) = (order.member_id, order.id.to_string());
            let Some(ledger) = ledgers.get(&member) else { continue };
            let expired = expired.get(&member).zip(order.entry_seq);
            let case = Case {
                order,
                refunds: refunds.remove(&order.id).unwrap_or_default(),
                earn: order.entry_seq.and_then(|seq| ledger.entries.get(&seq)),
                entries: entries.get(&(member, id.as_str())).map_or(&[], Vec::as_slice),
                expired: expired.and_then(|(lots, seq)| lots.get(&seq)).copied().unwrap_or(0),
            };
            for entry in case.check(&mut page.findings.of(&member)) {
                page.claim(entry);
            }
        }
        content::check(tx, &orders, &mut page.findings)?;
    }
}

fn strays(tx: &mut Tx<'_>, findings: &mut Findings) -> Result<()> {
    without_account!(tx, findings, orders.member_id);
    let lost: Vec<(RefundId, OrderId)> = refunds::table
        .left_join(orders::table.on(orders::id.eq(refunds::order_id)))
        .filter(orders::id.is_null())
        .select((refunds::id, refunds::order_id))
        .limit(STRAYS_TOLD)
        .load(tx.conn)?;
    for (refund, order) in lost {
        let what = format_args!("the order of {refund}");
        findings.of(&order).differs(what, "an order", "none");
    }
    let lost: Vec<OrderId> = order_lines::table
        .left_join(orders::table.on(orders::id.eq(order_lines::order_id)))
        .filter(orders::id.is_null())
        .select(order_lines::order_id)
        .limit(STRAYS_TOLD)
        .load(tx.conn)?;
    for order in lost {
        findings.of(&order).differs(format_args!("the order of its lines"), "an order", "none");
    }
    Ok(())
}
