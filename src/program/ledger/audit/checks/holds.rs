//! Holds, and the expiries that are kept.

use std::collections::BTreeMap;

use super::{super::Told, live};
use crate::{
    kernel::{clock::Timestamp, id::HoldId},
    program::ledger::{
        EntryKind, HoldState,
        audit::rows::{Hold, Member},
    },
};

pub(super) fn check(member: &Member, told: &mut Told<'_>) {
    let held: i64 = live(member).map(|hold| hold.points).sum();
    told.same(format_args!("held"), held, member.account.held);
    let mut parts: BTreeMap<HoldId, i64> = BTreeMap::new();
    for part in &member.hold_parts {
        *parts.entry(part.hold_id).or_default() += part.points;
        let has_lot = member.lots.contains_key(&part.lot_seq);
        told.same(format_args!("lot {} of {}", part.lot_seq, part.hold_id), true, has_lot);
    }
    let mut last_seq = 0;
    for hold in member.holds.values() {
        let (id, seq) = (hold.id, hold.seq);
        last_seq = last_seq.max(seq);
        let from_lots = parts.remove(&id).unwrap_or(0);
        told.same(format_args!("points of {id}"), hold.points, from_lots);
        let captured = match hold.entry_seq.and_then(|seq| member.entries.get(&seq)) {
            // a redemption may have taken more than was held for it
            Some(entry) if entry.kind == EntryKind::Redeem => hold.points.min(-entry.points),
            _ => 0,
        };
        told.same(format_args!("captured of {id}"), captured, hold.captured_points);
        let is_captured = hold.state == HoldState::Captured;
        let has_captured = (hold.captured_points > 0, hold.entry_seq.is_some());
        told.same(format_args!("the state of {id}"), (is_captured, is_captured), has_captured);
        told.same(format_args!("the end of {id}"), true, ended_rightly(hold));
    }
    let mut seqs: Vec<i64> = member.holds.values().map(|hold| hold.seq).collect();
    seqs.sort_unstable();
    for (expected, seq) in (1..).zip(seqs) {
        told.same(format_args!("the hold after {}", expected - 1), expected, seq);
    }
    told.same(format_args!("hold_seq of the account"), last_seq, member.account.hold_seq);
    for (id, points) in parts {
        told.same(format_args!("parts of {id}, which is no hold"), 0, points);
    }
    expiries(member, told);
}

/// One that lapsed did so on its date; one that ended otherwise did so before.
fn ended_rightly(hold: &Hold) -> bool {
    match hold.state {
        HoldState::Live => hold.ended_at.is_none(),
        HoldState::Expired => hold.ended_at == Some(hold.expires_at),
        HoldState::Captured | HoldState::Released => {
            hold.ended_at.is_some_and(|at| at < hold.expires_at)
        }
    }
}

/// What ends when is the sum of the open lots that end then.
fn expiries(member: &Member, told: &mut Told<'_>) {
    let mut sums: BTreeMap<Timestamp, i64> = BTreeMap::new();
    for lot in member.lots.values().filter(|lot| lot.remaining > 0) {
        if let Some(end) = lot.expires_at {
            *sums.entry(end).or_default() += lot.remaining;
        }
    }
    for (end, points) in &sums {
        let kept = member.expiries.get(end).copied().unwrap_or(0);
        told.same(format_args!("what expires at {end}"), *points, kept);
    }
    for (end, points) in member.expiries.iter().filter(|(end, _)| !sums.contains_key(end)) {
        told.same(format_args!("what expires at {end}"), 0, *points);
        told.same(format_args!("rows of what expires at {end}"), 0, 1);
    }
}
