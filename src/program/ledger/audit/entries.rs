//! What each entry says of itself: its dates, and the rules that the ledger fills in. What other
//! rules say is for the domains that wrote them.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Page,
    rows::{Entry, Ledger},
};
use crate::ledger::{EntryKind, Rule};
use platform::kernel::{clock::RawInstant, difference::Told};

pub(super) fn check(ledger: &Ledger, page: &mut Page) {
    let moments = Moments::of(ledger);
    for entry in ledger.entries.values() {
        let mut told = page.findings.of(&entry.member_id);
        dates(entry, &mut told);
        clawback(ledger, entry, &mut told);
        let Some(Rule::Expiry { lot_seq }) = entry.rule else { continue };
        expiry(ledger, entry, lot_seq, &moments, &mut told);
        let source = entry.source_id("expiry") == Some(&lot_seq.to_string());
        if source && entry.part == entry.seq.to_string() && entry.is(EntryKind::Expire) {
            page.claim(entry);
        }
    }
}

fn dates(entry: &Entry, told: &mut Told<'_>) {
    let Entry { seq, occurred_at, recorded_at, .. } = *entry;
    told.made(format_args!("recorded_at of entry {seq}"), entry.id, recorded_at);
    told.holds(
        occurred_at <= recorded_at,
        format_args!("occurred_at of entry {seq}"),
        format_args!("by {recorded_at}, when it was recorded"),
        occurred_at,
    );
    // a lot's dates are checked beside its lot
    if entry.points <= 0 || entry.is(EntryKind::Reversal) {
        let found = (entry.available_at, entry.expires_at);
        told.same(format_args!("dates of the points of entry {seq}"), (None, None), found);
    }
}

/// A clawback's numbers are those of what it did.
fn clawback(ledger: &Ledger, entry: &Entry, told: &mut Told<'_>) {
    let Some(
        Rule::Refund { due, excused, forgiven, debt, .. }
        | Rule::OrderCancelled { due, excused, forgiven, debt, .. }
        | Rule::SpentReversal { due, excused, forgiven, debt, .. }
        | Rule::ReferralReversed { due, excused, forgiven, debt, .. },
    ) = &entry.rule
    else {
        return;
    };
    let seq = entry.seq;
    told.same(
        format_args!("the kind of entry {seq}, by its rule"),
        Some(EntryKind::Clawback),
        entry.kind,
    );
    let [due, excused, forgiven, debt] = [due, excused, forgiven, debt].map(|n| i128::from(*n));
    let took = due - excused - forgiven;
    told.same(format_args!("what clawback {seq} took, by its rule"), took, -entry.points);
    let owed = ledger.debts.get(&seq).map_or(0, |debt| debt.points);
    told.same(format_args!("the debt of clawback {seq}, by its rule"), owed, debt);
    let numbers = [due, excused, forgiven, debt];
    let what = format_args!("the numbers of rule {seq}");
    told.holds(numbers.iter().all(|n| *n >= 0), what, "none below 0", numbers);
}

/// A lot's end takes from that lot alone, and not before its date.
fn expiry(ledger: &Ledger, entry: &Entry, lot_seq: i64, moments: &Moments, told: &mut Told<'_>) {
    let Entry { seq, occurred_at, recorded_at, .. } = *entry;
    let what = format_args!("the kind of entry {seq}, by its rule");
    told.same(what, Some(EntryKind::Expire), entry.kind);
    let took = moments.took.get(&seq);
    let lots = BTreeSet::from([lot_seq]);
    told.same(format_args!("the lot of expiry {seq}"), Some(&lots), took);
    let Some(end) = ledger.lots.get(&lot_seq).map(|lot| lot.expires_at) else { return };
    told.holds(
        end.is_some_and(|end| {
            occurred_at == end || occurred_at > end && moments.has(recorded_at, occurred_at)
        }),
        format_args!("occurred_at of expiry {seq}"),
        format_args!("{end:?}, when lot {lot_seq} ends, or when its points came back"),
        occurred_at,
    );
}

/// What an expiry may be dated by, if not by its lot.
struct Moments {
    /// What happened when, by when it was recorded.
    recorded: BTreeMap<RawInstant, BTreeSet<RawInstant>>,
    /// When holds ended.
    ends: BTreeSet<RawInstant>,
    /// The lots of expiries.
    took: BTreeMap<i64, BTreeSet<i64>>,
}

impl Moments {
    fn of(ledger: &Ledger) -> Self {
        let mut recorded: BTreeMap<RawInstant, BTreeSet<RawInstant>> = BTreeMap::new();
        for entry in ledger.entries.values().filter(|entry| !entry.is(EntryKind::Expire)) {
            recorded.entry(entry.recorded_at).or_default().insert(entry.occurred_at);
        }
        let mut took: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
        for part in ledger.allocations.iter().filter(|part| part.points > 0) {
            if ledger.kind(part.debit_seq) == Some(EntryKind::Expire) {
                took.entry(part.debit_seq).or_default().insert(part.lot_seq);
            }
        }
        let ends = ledger.holds.values().filter_map(|hold| hold.ended_at).collect();
        Self { recorded, ends, took }
    }

    fn has(&self, recorded_at: RawInstant, occurred_at: RawInstant) -> bool {
        self.ends.contains(&occurred_at)
            || self.recorded.get(&recorded_at).is_some_and(|all| all.contains(&occurred_at))
    }
}
