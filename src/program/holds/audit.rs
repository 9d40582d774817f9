//! The audit of holds, beyond what the ledger knows of them: when they were placed, and the entries
//! of those that were captured.

use crate::ledger::{
    EntryKind, HoldState, Rule,
    audit::{Entry, Hold, Ledger, Ledgers, Page, Room},
};
use platform::{
    db::Tx,
    kernel::{difference::Told, error::Result},
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
        for entry in ledger.entries.values() {
            if let Some(Rule::Forgiven { entry_seq }) = entry.rule {
                let mut told = page.findings.of(member);
                forgiven(ledger, entry, entry_seq, &mut told);
                page.claim(entry);
            }
        }
    }
    Ok(())
}

/// What a clawback let be owed while it was held goes away as a hold is captured.
fn forgiven(ledger: &Ledger, entry: &Entry, clawback: i64, told: &mut Told<'_>) {
    let seq = entry.seq;
    told.same(format_args!("kind of entry {seq}"), true, entry.is(EntryKind::Reversal));
    told.same(format_args!("part of entry {seq}"), &clawback.to_string(), &entry.part);
    let source = entry.source_id("hold");
    let hold = ledger.holds.values().find(|hold| source == Some(&*hold.id.to_string()));
    let ended_at = hold.and_then(|hold| hold.ended_at);
    let dates = (Some(entry.occurred_at), Some(entry.recorded_at));
    told.same(format_args!("the dates of entry {seq}"), (ended_at, ended_at), dates);
    let state = hold.and_then(|hold| hold.state);
    let what = format_args!("state of the hold of entry {seq}");
    told.same(what, Some(HoldState::Captured), state);
    let debt = ledger.debts.get(&clawback).filter(|debt| debt.while_held);
    let most = debt.map_or(0, |debt| debt.cancelled);
    let expected = format_args!("1 to {most}, what went of debt {clawback}");
    told.holds(
        (1..=most).contains(&entry.points),
        format_args!("points of entry {seq}"),
        expected,
        entry.points,
    );
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
