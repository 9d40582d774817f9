//! Holds, and the expiries that are kept.

use std::collections::BTreeMap;

use super::live;
use crate::ledger::{
    EntryKind, HoldState,
    audit::rows::{Entry, Hold, Ledger},
};
use platform::kernel::{clock::RawInstant, difference::Told, id::HoldId};

pub(super) fn check(ledger: &Ledger, told: &mut Told<'_>) {
    let held: i128 = live(ledger).map(|hold| hold.points).sum();
    told.same(format_args!("held"), held, ledger.account.held);
    let mut parts: BTreeMap<HoldId, i128> = BTreeMap::new();
    for part in &ledger.hold_parts {
        *parts.entry(part.hold_id).or_default() += part.points;
        let has_lot = ledger.lots.contains_key(&part.lot_seq);
        told.same(format_args!("lot {} of {}", part.lot_seq, part.hold_id), true, has_lot);
    }
    let (mut last_seq, mut by_entry) = (0, BTreeMap::new());
    for hold in ledger.holds.values() {
        let (id, seq) = (hold.id, hold.seq);
        last_seq = last_seq.max(seq);
        let from_lots = parts.remove(&id).unwrap_or(0);
        told.same(format_args!("points of {id}"), hold.points, from_lots);
        let entry = hold.entry_seq.and_then(|seq| ledger.entries.get(&seq));
        let entry = entry.filter(|entry| entry.is(EntryKind::Redeem));
        // a redemption may have taken more than was held for it
        let captured = entry.map_or(0, |entry| hold.points.min(-entry.points));
        told.same(format_args!("captured of {id}"), captured, hold.captured_points);
        if let Some(state) = hold.state {
            let is_captured = state == HoldState::Captured;
            let has_captured = (hold.captured_points > 0, hold.entry_seq.is_some());
            let states = (is_captured, is_captured);
            told.same(format_args!("the state of {id}"), states, has_captured);
        }
        if let Some(Entry { seq, recorded_at, .. }) = entry {
            told.same(format_args!("ended_at of {id}"), Some(*recorded_at), hold.ended_at);
            let first = by_entry.insert(*seq, id).is_none();
            told.same(format_args!("{id} alone is captured by entry {seq}"), true, first);
        }
        told.same(format_args!("the end of {id}"), true, ended_rightly(hold));
    }
    let mut seqs: Vec<i64> = ledger.holds.values().map(|hold| hold.seq).collect();
    seqs.sort_unstable();
    for (expected, seq) in (1..).zip(seqs) {
        told.same(format_args!("the hold after {}", expected - 1), expected, seq);
    }
    told.same(format_args!("hold_seq of the account"), last_seq, ledger.account.hold_seq);
    for (id, points) in parts {
        told.same(format_args!("parts of {id}, which is no hold"), 0, points);
    }
    expiries(ledger, told);
}

/// One that lapsed did so on its date; one that ended otherwise did so before.
fn ended_rightly(hold: &Hold) -> bool {
    let Some(state) = hold.state else { return true };
    match state {
        HoldState::Live => hold.ended_at.is_none(),
        HoldState::Expired => hold.ended_at == Some(hold.expires_at),
        HoldState::Captured | HoldState::Released => {
            hold.ended_at.is_some_and(|at| at < hold.expires_at)
        }
    }
}

/// What ends when is the sum of the open lots that end then.
fn expiries(ledger: &Ledger, told: &mut Told<'_>) {
    let mut sums: BTreeMap<RawInstant, i128> = BTreeMap::new();
    for lot in ledger.lots.values().filter(|lot| lot.remaining > 0) {
        if let Some(end) = lot.expires_at {
            *sums.entry(end).or_default() += lot.remaining;
        }
    }
    for (end, points) in &sums {
        let kept = ledger.expiries.get(end).copied().unwrap_or(0);
        told.same(format_args!("what expires at {end}"), *points, kept);
    }
    for (end, points) in ledger.expiries.iter().filter(|(end, _)| !sums.contains_key(end)) {
        told.same(format_args!("what expires at {end}"), 0, *points);
        told.same(format_args!("rows of what expires at {end}"), 0, 1);
    }
}
