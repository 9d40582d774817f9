//! The audit of what was posted by hand, and of what undid that.

use crate::ledger::{
    EntryKind, GivenDates, Rule, Source,
    audit::{BySource, Entry, Ledger, Ledgers, Page, Room, by_source},
};
use platform::{
    db::Tx,
    kernel::{difference::Told, error::Result},
};

pub const ROOM: Room = Room { check, ..Room::EMPTY };

#[expect(clippy::unnecessary_wraps, reason = "as every room's")]
fn check(_: &mut Tx<'_>, ledgers: &Ledgers, page: &mut Page) -> Result<()> {
    let undoing = by_source(ledgers, "entry");
    for (member, ledger) in ledgers {
        for entry in ledger.entries.values() {
            if is_by_hand(entry) {
                page.claim(entry);
                if let Some((kind, given)) = grant(entry) {
                    let mut told = page.findings.of(member);
                    let what = format_args!("the kind of entry {}, by its rule", entry.seq);
                    told.same(what, Some(kind), entry.kind);
                    dates(entry, given, &mut told);
                }
            }
        }
        undone(ledger, &undoing, page);
    }
    Ok(())
}

/// Posted by a storefront or staff: without a source, or with one of theirs. Where its rule can't
/// be read, its kind says so.
fn is_by_hand(entry: &Entry) -> bool {
    let own = entry.source.as_ref().is_some_and(|(kind, _)| Source::OWN.contains(&kind.as_str()));
    let granted = match &entry.rule {
        Some(_) => grant(entry).is_some(),
        None => entry.is(EntryKind::Earn) || entry.is(EntryKind::Adjust),
    };
    granted && !own && entry.part.is_empty()
}

const fn grant(entry: &Entry) -> Option<(EntryKind, GivenDates)> {
    match entry.rule {
        Some(Rule::Earn { given }) => Some((EntryKind::Earn, given)),
        Some(Rule::Adjust { given }) => Some((EntryKind::Adjust, given)),
        _ => None,
    }
}

/// Dates that nobody gave follow from others.
fn dates(entry: &Entry, given: GivenDates, told: &mut Told<'_>) {
    let Entry { seq, occurred_at, .. } = *entry;
    if !given.occurred_at {
        told.same(format_args!("occurred_at of entry {seq}"), entry.recorded_at, occurred_at);
    }
    let Some(available_at) = entry.available_at else { return };
    let what = format_args!("available_at of entry {seq}");
    if entry.is(EntryKind::Adjust) && !given.available_at {
        told.same(what, occurred_at, available_at);
    } else {
        let expected = format_args!("not before {occurred_at}");
        told.holds(available_at >= occurred_at, what, expected, available_at);
    }
    if let Some(end) = entry.expires_at {
        let what = format_args!("expires_at of entry {seq}");
        told.holds(end > occurred_at, what, format_args!("after {occurred_at}"), end);
    }
}

/// Reversals by hand, each with what it took back of points that were spent.
fn undone(ledger: &Ledger, undoing: &BySource<'_>, page: &mut Page) {
    let given_back = ledger.given_back();
    let reversals = ledger.entries.values().filter(|entry| entry.is(EntryKind::Reversal));
    for reversal in reversals {
        let Some(id) = reversal.source_id("entry") else { continue };
        let seq = reversal.seq;
        let mut told = page.findings.of(&reversal.member_id);
        let entry_seq = match reversal.rule {
            Some(Rule::Reversal { entry_seq }) => entry_seq,
            Some(_) => {
                told.differs(format_args!("rule of entry {seq}"), "a reversal's", "another");
                continue;
            }
            None => continue,
        };
        let target = ledger.entries.get(&entry_seq);
        let target_id = target.map(|target| target.id.to_string());
        let what = format_args!("what reversal {seq} undoes");
        told.same(what, Some(id), target_id.as_deref());
        let Some(target) = target.filter(|_| target_id.as_deref() == Some(id)) else { continue };
        let by_hand = is_by_hand(target);
        told.same(format_args!("entry {entry_seq} was posted by hand"), true, by_hand);
        told.same(
            format_args!("occurred_at of entry {seq}"),
            reversal.recorded_at,
            reversal.occurred_at,
        );
        let siblings = undoing.get(&(reversal.member_id, id)).map(Vec::as_slice);
        let spent = siblings.unwrap_or_default().iter();
        let spent = spent.copied().find(|entry| entry.is(EntryKind::Clawback));
        if target.points < 0 {
            told.same(format_args!("points of entry {seq}"), -target.points, reversal.points);
            let of_target = [(entry_seq, -target.points)].into();
            let given = given_back.get(&seq);
            told.same(format_args!("what reversal {seq} gave back"), Some(&of_target), given);
        } else {
            taken_back(reversal, target, spent, &mut told);
        }
        page.claim(reversal);
        if let Some(spent) = spent.filter(|_| target.points > 0) {
            page.claim(spent);
        }
    }
}

/// What is left of a credit leaves by the reversal; what was spent is clawed back.
fn taken_back(reversal: &Entry, target: &Entry, spent: Option<&Entry>, told: &mut Told<'_>) {
    let left = -reversal.points;
    let what = format_args!("points of entry {}", reversal.seq);
    let Some(spent) = spent else {
        // nothing was spent, or nothing of it was to be found
        let expected = format_args!("0 to -{}", target.points);
        told.holds((0..=target.points).contains(&left), what, expected, reversal.points);
        return;
    };
    let recorded_at = (spent.recorded_at, spent.occurred_at);
    let expected = (reversal.recorded_at, reversal.occurred_at);
    told.same(format_args!("the dates of clawback {}", spent.seq), expected, recorded_at);
    match spent.rule {
        Some(Rule::SpentReversal { entry_seq, due, .. }) => {
            told.same(format_args!("what clawback {} is for", spent.seq), target.seq, entry_seq);
            told.same(what, i128::from(due) - target.points, reversal.points);
        }
        Some(_) => {
            let what = format_args!("rule of entry {}", spent.seq);
            told.differs(what, "what was spent of a reversed entry", "another");
        }
        None => {}
    }
}
