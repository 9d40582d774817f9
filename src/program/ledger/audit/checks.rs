//! The sums themselves: one member's rows, with no database in sight.

mod holds;

use std::collections::BTreeMap;

use super::{
    Told,
    rows::{Allocation, Entry, Hold, Lot, Member},
};
use crate::{
    kernel::clock::Timestamp,
    program::ledger::{EntryKind, HoldState},
};

/// Allocations summed in the ways that the checks ask for.
#[derive(Default)]
struct Sums {
    /// What left a lot, net.
    of_lot: BTreeMap<i64, i64>,
    /// What a debit took in its own posting.
    by_debit: BTreeMap<i64, i64>,
    /// What later postings took for a debit: payments of its debt.
    paid: BTreeMap<i64, i64>,
    /// What a reversal gave back, as a positive number.
    given_back: BTreeMap<i64, i64>,
    /// What a debit still has from a lot.
    kept: BTreeMap<(i64, i64), i64>,
    /// What live holds have from a lot.
    held: BTreeMap<i64, i64>,
    /// What was given back of clawbacks' lots.
    unclawed: i64,
    /// What was given back of redeems.
    unredeemed: i64,
}

pub(super) fn check(member: &Member, told: &mut Told<'_>) {
    let sums = Sums::of(member);
    journal(member, told);
    balance(member, told);
    lots(member, &sums, told);
    debits(member, &sums, told);
    debts(member, &sums, told);
    lifetimes(member, &sums, told);
    holds::check(member, told);
    references(member, told);
}

impl Sums {
    fn of(member: &Member) -> Self {
        let mut sums = Self::default();
        for part in &member.allocations {
            let Allocation { debit_seq, lot_seq, cause_seq, points, .. } = *part;
            *sums.of_lot.entry(lot_seq).or_default() += points;
            *sums.kept.entry((debit_seq, lot_seq)).or_default() += points;
            if points < 0 {
                *sums.given_back.entry(cause_seq).or_default() -= points;
                match member.kind(debit_seq) {
                    Some(EntryKind::Redeem) => sums.unredeemed -= points,
                    Some(EntryKind::Clawback) => sums.unclawed -= points,
                    _ => {}
                }
            } else if cause_seq == debit_seq {
                *sums.by_debit.entry(debit_seq).or_default() += points;
            } else {
                *sums.paid.entry(debit_seq).or_default() += points;
            }
        }
        for part in &member.hold_parts {
            if member.holds.get(&part.hold_id).is_some_and(|hold| hold.state == HoldState::Live) {
                *sums.held.entry(part.lot_seq).or_default() += part.points;
            }
        }
        sums
    }
}

impl Member {
    fn kind(&self, seq: i64) -> Option<EntryKind> {
        self.entries.get(&seq).map(|entry| entry.kind)
    }
}

/// The journal counts from 1 without gaps, and each balance follows from the one before.
fn journal(member: &Member, told: &mut Told<'_>) {
    let mut last_seq = 0;
    let mut last_balance = 0;
    for Entry { seq, points, balance_after, .. } in member.entries.values() {
        told.same(format_args!("the entry after {last_seq}"), last_seq + 1, *seq);
        told.same(
            format_args!("balance_after of entry {seq}"),
            last_balance + points,
            *balance_after,
        );
        last_seq = *seq;
        last_balance = *balance_after;
    }
    let account = &member.account;
    told.same(format_args!("seq of the account"), last_seq, account.seq);
    told.same(
        format_args!("available + pending + held - debt"),
        last_balance,
        account.available + account.pending + account.held - account.debt,
    );
}

/// The kept balance is the sum of what is open, and knows when it changes next.
fn balance(member: &Member, told: &mut Told<'_>) {
    let account = &member.account;
    let open = |matured: bool| -> i64 {
        let lots = member.lots.values().filter(|lot| lot.matured == matured);
        lots.map(|lot| lot.remaining).sum()
    };
    told.same(format_args!("available"), open(true), account.available);
    told.same(format_args!("pending"), open(false), account.pending);
    let owed: i64 = member.debts.values().map(|debt| debt.remaining).sum();
    told.same(format_args!("debt"), owed, account.debt);
    if owed > 0 {
        told.same(format_args!("open lots beside a debt"), 0, open(true) + open(false));
    }
    let lots = member.lots.values().filter_map(first_change);
    let lapses = live(member).map(|hold| hold.expires_at);
    let first_change = lots.chain(lapses).min();
    told.same(format_args!("next_change_at"), first_change, account.next_change_at);
}

fn live(member: &Member) -> impl Iterator<Item = &Hold> {
    member.holds.values().filter(|hold| hold.state == HoldState::Live)
}

fn first_change(lot: &Lot) -> Option<Timestamp> {
    let matures = if lot.matured { None } else { Some(lot.available_at) };
    let ends = lot.expires_at;
    if lot.remaining == 0 { None } else { matures.into_iter().chain(ends).min() }
}

/// A lot stands for its credit, and what left it was allocated.
fn lots(member: &Member, sums: &Sums, told: &mut Told<'_>) {
    for lot in member.lots.values() {
        let seq = lot.seq;
        let gone =
            sums.of_lot.get(&seq).copied().unwrap_or(0) + sums.held.get(&seq).copied().unwrap_or(0);
        told.same(format_args!("remaining of lot {seq}"), lot.points - gone, lot.remaining);
        let credit = member.entries.get(&seq).filter(|entry| opens_lot(entry));
        told.same(format_args!("lot {seq} has its credit"), true, credit.is_some());
        let Some(credit) = credit else { continue };
        told.same(format_args!("points of lot {seq}"), credit.points, lot.points);
        told.same(
            format_args!("available_at of lot {seq}"),
            credit.available_at,
            Some(lot.available_at),
        );
        told.same(format_args!("expires_at of lot {seq}"), credit.expires_at, lot.expires_at);
    }
    for entry in member.entries.values().filter(|entry| opens_lot(entry)) {
        let seq = entry.seq;
        told.same(format_args!("credit {seq} has its lot"), true, member.lots.contains_key(&seq));
    }
}

fn opens_lot(entry: &Entry) -> bool {
    entry.points > 0 && entry.kind != EntryKind::Reversal
}

/// What an entry moved is what was allocated, or owed.
fn debits(member: &Member, sums: &Sums, told: &mut Told<'_>) {
    let mut undone_debts = 0;
    for entry in member.entries.values() {
        let Entry { seq, kind, points, .. } = *entry;
        let taken = sums.by_debit.get(&seq).copied().unwrap_or(0);
        let given_back = sums.given_back.get(&seq).copied().unwrap_or(0);
        let owed = match member.debts.get(&seq) {
            Some(debt) => debt.points,
            None => 0,
        };
        if opens_lot(entry) {
            told.same(format_args!("taken by credit {seq}"), 0, taken + given_back + owed);
        } else if points > 0 {
            // what lots did not give, a debt did that is owed no more
            undone_debts += points - given_back;
            if member.debts.values().all(|debt| debt.cancelled == 0) {
                told.same(format_args!("given back by entry {seq}"), points, given_back);
            }
            told.same(format_args!("taken by entry {seq}"), 0, taken + owed);
        } else {
            told.same(format_args!("taken by entry {seq}"), -points, taken + owed);
            told.same(format_args!("given back by entry {seq}"), 0, given_back);
        }
        let may_be_positive =
            !matches!(kind, EntryKind::Redeem | EntryKind::Expire | EntryKind::Clawback);
        let may_be_negative =
            !matches!(kind, EntryKind::Earn | EntryKind::Perk | EntryKind::Referral);
        let right = points > 0 && may_be_positive
            || points < 0 && may_be_negative
            // what was undone had nothing left
            || points == 0 && kind == EntryKind::Reversal;
        told.same(format_args!("the sign of {kind} {seq}"), true, right);
    }
    let cancelled: i64 = member.debts.values().map(|debt| debt.cancelled).sum();
    told.same(format_args!("debts that were undone"), undone_debts, cancelled);
    for ((debit, lot), points) in &sums.kept {
        let short = (*points).min(0);
        told.same(format_args!("given back to lot {lot} beyond what {debit} took"), 0, -short);
    }
}

/// Debts are opened by clawbacks, and what was paid of them was allocated.
fn debts(member: &Member, sums: &Sums, told: &mut Told<'_>) {
    for debt in member.debts.values() {
        let seq = debt.seq;
        let paid = sums.paid.get(&seq).copied().unwrap_or(0);
        let left = debt.points - paid - debt.cancelled;
        told.same(format_args!("remaining of debt {seq}"), left, debt.remaining);
        told.same(
            format_args!("the entry of debt {seq}"),
            Some(EntryKind::Clawback),
            member.kind(seq),
        );
    }
    for (seq, paid) in sums.paid.iter().filter(|(seq, _)| !member.debts.contains_key(seq)) {
        told.same(format_args!("paid for {seq}, which owes nothing"), 0, *paid);
    }
}

fn lifetimes(member: &Member, sums: &Sums, told: &mut Told<'_>) {
    let account = &member.account;
    let cancelled: i64 = member.debts.values().map(|debt| debt.cancelled).sum();
    let (mut earned, mut redeemed, mut expired) = (sums.unclawed + cancelled, -sums.unredeemed, 0);
    for Entry { kind, points, .. } in member.entries.values() {
        match kind {
            EntryKind::Clawback => earned += points,
            EntryKind::Redeem => redeemed -= points,
            EntryKind::Expire => expired -= points,
            EntryKind::Earn | EntryKind::Adjust | EntryKind::Perk | EntryKind::Referral => {
                earned += (*points).max(0);
            }
            // one that takes points undoes a credit
            EntryKind::Reversal => earned += (*points).min(0),
            EntryKind::Transfer => {}
        }
    }
    told.same(format_args!("lifetime_earned"), earned, account.lifetime_earned);
    told.same(format_args!("lifetime_redeemed"), redeemed, account.lifetime_redeemed);
    told.same(format_args!("lifetime_expired"), expired, account.lifetime_expired);
}

/// Whatever names an entry or a lot names the right one.
fn references(member: &Member, told: &mut Told<'_>) {
    let points = |seq: i64, kind: EntryKind| -> Option<i64> {
        member.entries.get(&seq).filter(|entry| entry.kind == kind).map(|entry| entry.points)
    };
    for part in &member.allocations {
        let Allocation { debit_seq, lot_seq, cause_seq, .. } = *part;
        let all = member.entries.contains_key(&debit_seq)
            && (member.entries.contains_key(&cause_seq)
                || member.holds.values().any(|hold| hold.seq == -cause_seq))
            && member.lots.contains_key(&lot_seq);
        told.same(
            format_args!("allocation {debit_seq}, {lot_seq}, {cause_seq} has its rows"),
            true,
            all,
        );
    }
    for seq in &member.notes {
        told.same(format_args!("the entry of note {seq}"), true, member.entries.contains_key(seq));
    }
    for order in &member.orders {
        let found = order.entry_seq.map_or(Some(0), |seq| points(seq, EntryKind::Earn));
        told.same(format_args!("the earn of {}", order.id), Some(order.earned_points), found);
    }
    for redemption in &member.redemptions {
        let found = points(redemption.entry_seq, EntryKind::Redeem);
        told.same(format_args!("the redeem of {}", redemption.id), Some(-redemption.points), found);
    }
}
