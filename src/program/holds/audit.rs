//! The audit of holds, beyond what the ledger knows of them: when they were placed, and the entries
//! of those that were captured.

use crate::{
    db::Tx,
    kernel::{difference::Told, error::Result},
    program::ledger::{
        EntryKind, HoldState, Rule,
        audit::{Entry, Hold, Ledgers, Page, Room},
    },
};

pub const ROOM: Room = Room { check, ..Room::EMPTY };

#[expect(clippy::unnecessary_wraps, reason = "as every room's")]
fn check(_: &mut Tx<'_>, ledgers: &Ledgers, page: &mut Page) -> Result<()> {
    for (member, ledger) in ledgers {
        for hold in ledger.holds.values() {
            let mut told = page.findings.of(member);
            let Hold { id, placed_at, expires_at, .. } = *hold;
            told.made(format_args!("placed_at of {id}"), id, placed_at);
            let what = format_args!("expires_at of {id}");
            told.holds(expires_at > placed_at, what, format_args!("after {placed_at}"), expires_at);
            let entry = hold.entry_seq.and_then(|seq| ledger.entries.get(&seq));
            if let Some(entry) = entry.filter(|_| hold.state == Some(HoldState::Captured))
                && captured(hold, entry, &mut told)
            {
                page.claim(entry);
            }
        }
    }
    Ok(())
}

/// Whether the entry came from this hold; a redemption that took what was held has its own.
fn captured(hold: &Hold, entry: &Entry, told: &mut Told<'_>) -> bool {
    let Hold { id, points, .. } = *hold;
    if entry.source_id("redemption").is_some() {
        return false;
    }
    let source = entry.source_id("hold");
    told.same(format_args!("the source of entry {}", entry.seq), Some(&*id.to_string()), source);
    told.same(format_args!("captured of {id}"), -entry.points, hold.captured_points);
    let dates = (entry.occurred_at, entry.recorded_at);
    let ended = hold.ended_at.map(|at| (at, at));
    told.same(format_args!("the dates of entry {}", entry.seq), ended, Some(dates));
    match &entry.rule {
        Some(Rule::Capture { order, held }) => {
            told.same(format_args!("order_ref of {id}"), order, &hold.order_ref);
            told.same(format_args!("points of {id}"), i128::from(*held), points);
        }
        Some(_) => {
            told.differs(format_args!("rule of entry {}", entry.seq), "a capture's", "another");
        }
        None => {}
    }
    source == Some(&*id.to_string()) && entry.is(EntryKind::Redeem)
}
