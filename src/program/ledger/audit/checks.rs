//! The sums themselves: one member's rows, with no database in sight.

mod holds;

use std::collections::BTreeMap;

use super::rows::{Allocation, Entry, Hold, Ledger, Lot};
use crate::ledger::{EntryKind, HoldState};
use platform::kernel::{clock::RawInstant, difference::Told};

/// Allocations summed in the ways that the checks ask for.
#[derive(Default)]
struct Sums {
    /// What left a lot, net.
    of_lot: BTreeMap<i64, i128>,
    /// What a debit took in its own posting.
    by_debit: BTreeMap<i64, i128>,
    /// What later postings took for a debit: payments of its debt.
    paid: BTreeMap<i64, i128>,
    /// What a reversal gave back, as a positive number.
    given_back: BTreeMap<i64, i128>,
    /// What a debit still has from a lot.
    kept: BTreeMap<(i64, i64), i128>,
    /// What live holds have from a lot.
    held: BTreeMap<i64, i128>,
    /// What was given back of clawbacks' lots.
    unclawed: i128,
    /// What was given back of redeems.
    unredeemed: i128,
}

pub(super) fn check(ledger: &Ledger, told: &mut Told<'_>) {
    let sums = Sums::of(ledger);
    journal(ledger, told);
    balance(ledger, told);
    lots(ledger, &sums, told);
    debits(ledger, &sums, told);
    debts(ledger, &sums, told);
    lifetimes(ledger, &sums, told);
    holds::check(ledger, told);
    references(ledger, told);
}

impl Sums {
    fn of(ledger: &Ledger) -> Self {
        let mut sums = Self::default();
        for part in &ledger.allocations {
            let Allocation { debit_seq, lot_seq, cause_seq, points, .. } = *part;
            *sums.of_lot.entry(lot_seq).or_default() += points;
            *sums.kept.entry((debit_seq, lot_seq)).or_default() += points;
            if points < 0 {
                *sums.given_back.entry(cause_seq).or_default() -= points;
                match ledger.kind(debit_seq) {
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
        for part in &ledger.hold_parts {
            if ledger
                .holds
                .get(&part.hold_id)
                .is_some_and(|hold| hold.state == Some(HoldState::Live))
            {
                *sums.held.entry(part.lot_seq).or_default() += part.points;
            }
        }
        sums
    }
}

/// The journal counts from 1 without gaps, and each balance follows from the one before.
fn journal(ledger: &Ledger, told: &mut Told<'_>) {
    let mut last_seq = 0i64;
    let mut last_balance = 0;
    for Entry { seq, points, balance_after, .. } in ledger.entries.values() {
        told.same(format_args!("the entry after {last_seq}"), last_seq.saturating_add(1), *seq);
        told.same(
            format_args!("balance_after of entry {seq}"),
            last_balance + points,
            *balance_after,
        );
        last_seq = *seq;
        last_balance = *balance_after;
    }
    let account = &ledger.account;
    told.same(format_args!("seq of the account"), last_seq, account.seq);
    told.same(
        format_args!("available + pending + held - debt"),
        last_balance,
        account.available + account.pending + account.held - account.debt,
    );
}

/// The kept balance is the sum of what is open, and knows when it changes next.
fn balance(ledger: &Ledger, told: &mut Told<'_>) {
    let account = &ledger.account;
    let open = |matured: bool| -> i128 {
        let lots = ledger.lots.values().filter(|lot| lot.is_matured() == matured);
        lots.map(|lot| lot.remaining).sum()
    };
    told.same(format_args!("available"), open(true), account.available);
    told.same(format_args!("pending"), open(false), account.pending);
    let owed: i128 = ledger.debts.values().map(|debt| debt.remaining).sum();
    told.same(format_args!("debt"), owed, account.debt);
    if owed > 0 {
        told.same(format_args!("open lots beside a debt"), 0, open(true) + open(false));
    }
    let lots = ledger.lots.values().filter_map(first_change);
    let lapses = live(ledger).map(|hold| hold.expires_at);
    let first_change = lots.chain(lapses).min();
    told.same(format_args!("next_change_at"), first_change, account.next_change_at);
}

fn live(ledger: &Ledger) -> impl Iterator<Item = &Hold> {
    ledger.holds.values().filter(|hold| hold.state == Some(HoldState::Live))
}

fn first_change(lot: &Lot) -> Option<RawInstant> {
    let matures = if lot.is_matured() { None } else { Some(lot.available_at) };
    let ends = lot.expires_at;
    if lot.remaining == 0 { None } else { matures.into_iter().chain(ends).min() }
}

/// A lot stands for its credit, and what left it was allocated.
fn lots(ledger: &Ledger, sums: &Sums, told: &mut Told<'_>) {
    for lot in ledger.lots.values() {
        let seq = lot.seq;
        let flag = lot.matured.0;
        told.holds((0..=1).contains(&flag), format_args!("matured of lot {seq}"), "0 or 1", flag);
        let gone =
            sums.of_lot.get(&seq).copied().unwrap_or(0) + sums.held.get(&seq).copied().unwrap_or(0);
        told.same(format_args!("remaining of lot {seq}"), lot.points - gone, lot.remaining);
        let credit = ledger.entries.get(&seq).filter(|entry| opens_lot(entry));
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
    for entry in ledger.entries.values().filter(|entry| opens_lot(entry)) {
        let seq = entry.seq;
        told.same(format_args!("credit {seq} has its lot"), true, ledger.lots.contains_key(&seq));
    }
}

fn opens_lot(entry: &Entry) -> bool {
    entry.points > 0 && !entry.is(EntryKind::Reversal)
}

/// What an entry moved is what was allocated, or owed.
fn debits(ledger: &Ledger, sums: &Sums, told: &mut Told<'_>) {
    let mut undone_debts = 0;
    for entry in ledger.entries.values() {
        let (seq, points) = (entry.seq, entry.points);
        let taken = sums.by_debit.get(&seq).copied().unwrap_or(0);
        let given_back = sums.given_back.get(&seq).copied().unwrap_or(0);
        let owed = match ledger.debts.get(&seq) {
            Some(debt) => debt.points,
            None => 0,
        };
        if opens_lot(entry) {
            told.same(format_args!("taken by credit {seq}"), 0, taken + given_back + owed);
        } else if points > 0 {
            // what lots did not give, a debt did that is owed no more
            undone_debts += points - given_back;
            if ledger.debts.values().all(|debt| debt.cancelled == 0) {
                told.same(format_args!("given back by entry {seq}"), points, given_back);
            }
            told.same(format_args!("taken by entry {seq}"), 0, taken + owed);
        } else {
            told.same(format_args!("taken by entry {seq}"), -points, taken + owed);
            told.same(format_args!("given back by entry {seq}"), 0, given_back);
        }
        if let Some(kind) = entry.kind {
            told.same(format_args!("the sign of {kind} {seq}"), true, may_be(kind, points));
        }
    }
    let cancelled: i128 = ledger.debts.values().map(|debt| debt.cancelled).sum();
    told.same(format_args!("debts that were undone"), undone_debts, cancelled);
    for ((debit, lot), points) in &sums.kept {
        let short = (*points).min(0);
        told.same(format_args!("given back to lot {lot} beyond what {debit} took"), 0, -short);
    }
}

/// Whether an entry of this kind may move so many points.
const fn may_be(kind: EntryKind, points: i128) -> bool {
    match kind {
        EntryKind::Redeem | EntryKind::Expire | EntryKind::Clawback => points < 0,
        EntryKind::Earn | EntryKind::Perk | EntryKind::Referral => points > 0,
        EntryKind::Adjust | EntryKind::Transfer => points != 0,
        // what was undone may have had nothing left
        EntryKind::Reversal => true,
    }
}

/// Debts are opened by clawbacks, and what was paid of them was allocated.
fn debts(ledger: &Ledger, sums: &Sums, told: &mut Told<'_>) {
    for debt in ledger.debts.values() {
        let seq = debt.seq;
        let paid = sums.paid.get(&seq).copied().unwrap_or(0);
        let left = debt.points - paid - debt.cancelled;
        told.same(format_args!("remaining of debt {seq}"), left, debt.remaining);
        told.same(
            format_args!("the entry of debt {seq}"),
            Some(EntryKind::Clawback),
            ledger.kind(seq),
        );
    }
    for (seq, paid) in sums.paid.iter().filter(|(seq, _)| !ledger.debts.contains_key(seq)) {
        told.same(format_args!("paid for {seq}, which owes nothing"), 0, *paid);
    }
}

fn lifetimes(ledger: &Ledger, sums: &Sums, told: &mut Told<'_>) {
    let account = &ledger.account;
    let cancelled: i128 = ledger.debts.values().map(|debt| debt.cancelled).sum();
    let (mut earned, mut redeemed, mut expired) = (sums.unclawed + cancelled, -sums.unredeemed, 0);
    for Entry { kind, points, .. } in ledger.entries.values() {
        let Some(kind) = kind else { continue };
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
fn references(ledger: &Ledger, told: &mut Told<'_>) {
    for part in &ledger.allocations {
        let Allocation { debit_seq, lot_seq, cause_seq, .. } = *part;
        let all = ledger.entries.contains_key(&debit_seq)
            && (ledger.entries.contains_key(&cause_seq)
                || ledger.holds.values().any(|hold| hold.seq == -cause_seq))
            && ledger.lots.contains_key(&lot_seq);
        told.same(
            format_args!("allocation {debit_seq}, {lot_seq}, {cause_seq} has its rows"),
            true,
            all,
        );
    }
}
