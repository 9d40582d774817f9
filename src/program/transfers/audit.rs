//! The audit of transfers: what one member sent, the other got, date by date.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::ledger::{
    EntryKind, Rule,
    audit::{Entry, Ledgers, Page, Room, entries_of_sources},
};
use platform::{
    db::Tx,
    kernel::{clock::RawInstant, difference::Told, error::Result, id::MemberId},
};

pub const ROOM: Room = Room { check, ..Room::EMPTY };

/// Entries of the other side, by member and transfer.
type Others = HashMap<(MemberId, String), Vec<Entry>>;

fn check(tx: &mut Tx<'_>, ledgers: &Ledgers, page: &mut Page) -> Result<()> {
    let transfers = ledgers.values().flat_map(|ledger| ledger.entries.values());
    let transfers = transfers.filter(|entry| entry.is(EntryKind::Transfer));
    let sides: Vec<(&Entry, Option<Side<'_>>)> =
        transfers.map(|entry| (entry, Side::of(entry))).collect();
    let others = others(tx, sides.iter().filter_map(|(_, side)| *side))?;
    for (member, ledger) in ledgers {
        let sent = ledger.entries.values().filter(|entry| entry.is(EntryKind::Transfer));
        let sent: Vec<i64> = sent.filter(|one| one.points < 0).map(|one| one.seq).collect();
        if sent.is_empty() {
            continue;
        }
        let taken = ledger.taken(&sent);
        let sent = sent.iter().filter_map(|seq| ledger.entries.get(seq));
        for (entry, side) in sent.filter_map(|entry| Some((entry, Side::of(entry)?))) {
            let arrived = others.get(&side.other()).map(Vec::as_slice).unwrap_or_default();
            let ends = taken.get(&entry.seq);
            arrivals(entry, side, arrived, ends, &mut page.findings.of(member));
        }
    }
    for (entry, side) in sides {
        let mut told = page.findings.of(&entry.member_id);
        let seq = entry.seq;
        told.same(format_args!("occurred_at of entry {seq}"), entry.recorded_at, entry.occurred_at);
        match side {
            Some(side) => {
                if entry.points > 0 {
                    let left = others.get(&side.other()).map(Vec::as_slice).unwrap_or_default();
                    departure(entry, left, &mut told);
                }
                page.claim(entry);
            }
            None if entry.rule.is_some() => {
                told.differs(format_args!("rule of entry {seq}"), "its side of a transfer", "none");
            }
            None => {}
        }
    }
    Ok(())
}

/// One side of a transfer: which it was, and who is on the other.
#[derive(Clone, Copy)]
struct Side<'e> {
    transfer: &'e str,
    member: MemberId,
}

impl<'e> Side<'e> {
    /// `None` where source, rule and sign don't say that it is one.
    fn of(entry: &'e Entry) -> Option<Self> {
        let transfer = entry.source_id("transfer")?;
        match entry.rule {
            Some(Rule::TransferOut { to }) if entry.points < 0 && entry.part.is_empty() => {
                Some(Self { transfer, member: to })
            }
            Some(Rule::TransferIn { from }) if entry.points > 0 && !entry.part.is_empty() => {
                Some(Self { transfer, member: from })
            }
            _ => None,
        }
    }

    fn other(self) -> (MemberId, String) {
        (self.member, self.transfer.to_owned())
    }
}

fn others<'e>(tx: &mut Tx<'_>, sides: impl Iterator<Item = Side<'e>>) -> Result<Others> {
    let wanted: BTreeSet<(MemberId, String)> = sides.map(Side::other).collect();
    let mut others = Others::new();
    for entry in entries_of_sources(tx, "transfer", wanted)? {
        if let Some(transfer) = entry.source_id("transfer").map(str::to_owned)
            && entry.is(EntryKind::Transfer)
        {
            others.entry((entry.member_id, transfer)).or_default().push(entry);
        }
    }
    Ok(others)
}

/// What was sent arrived, by the dates on which it expires.
fn arrivals(
    sent: &Entry,
    side: Side<'_>,
    arrived: &[Entry],
    ends: Option<&BTreeMap<Option<RawInstant>, i128>>,
    told: &mut Told<'_>,
) {
    let from = Some(Rule::TransferIn { from: sent.member_id });
    let arrived = arrived.iter().filter(|entry| entry.points > 0 && entry.rule == from);
    let (mut points, mut by_end) = (0, BTreeMap::new());
    for entry in arrived {
        points += entry.points;
        *by_end.entry(entry.expires_at).or_default() += entry.points;
        let dates = [Some(entry.recorded_at), Some(entry.occurred_at), entry.available_at];
        let what = format_args!("the dates of entry {} of {}", entry.seq, side.member);
        told.same(what, [Some(sent.recorded_at); 3], dates);
    }
    let seq = sent.seq;
    told.same(format_args!("what of entry {seq} came to {}", side.member), -sent.points, points);
    told.same(format_args!("the ends of what entry {seq} sent"), ends, Some(&by_end));
}

/// What arrived had been sent.
fn departure(got: &Entry, left: &[Entry], told: &mut Told<'_>) {
    let to = Some(Rule::TransferOut { to: got.member_id });
    let sent = left.iter().find(|entry| entry.points < 0 && entry.rule == to);
    let what = format_args!("when what entry {} got was sent", got.seq);
    told.same(what, Some(got.recorded_at), sent.map(|sent| sent.recorded_at));
}
