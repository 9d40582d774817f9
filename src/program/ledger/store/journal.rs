//! Entries as they are read: with what was written about them, and what became of which lot.

use std::collections::{BTreeMap, HashMap};

use diesel::{dsl::sql, prelude::*, sql_types::BigInt};

use super::rows::EntryRow;
use crate::ledger::{Entry, EntryKind, LotUse};
use platform::{
    db::{
        Tx,
        among::{Key, load_among},
        prepared::{condition, one_of},
        schema::{allocations, entries, entry_notes},
        types::RawId,
    },
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{EntryId, MemberId},
    },
};

/// Entries with their notes.
macro_rules! noted {
    () => {
        entries::table
            .left_join(entry_notes::table.on(entry_notes::entry_id.eq(entries::id)))
            .select((entries::all_columns, entry_notes::reason.nullable()))
    };
}

type Row = (EntryRow, Option<String>);

/// The entry of this id.
pub fn entry(tx: &mut Tx<'_>, id: EntryId) -> Result<Option<Entry>> {
    let rows: Vec<Row> = noted!().filter(entries::id.eq(id)).load(tx.conn)?;
    Ok(whole(tx, rows)?.pop())
}

/// Entries of a member before `before`, newest first. They are counted without gaps, so that those of
/// a page are named: nobody reads the others to leave them out.
pub fn list(
    tx: &mut Tx<'_>,
    member: MemberId,
    before: Option<i64>,
    rows: i64,
) -> Result<Vec<Entry>> {
    let newest = super::account(tx, member)?.map_or(0, |account| account.seq);
    let newest = before.map_or(newest, |before| newest.min(before.saturating_sub(1)));
    let rows: Vec<Row> = noted!()
        .filter(entries::member_id.eq(member))
        .filter(entries::seq.le(newest))
        .filter(entries::seq.gt(newest.saturating_sub(rows)))
        .order(entries::seq.desc())
        .load(tx.conn)?;
    whole(tx, rows)
}

/// A member's entries behind `after`, up to `last`, oldest first.
pub fn entries_after(
    tx: &mut Tx<'_>,
    member: MemberId,
    after: i64,
    last: i64,
    rows: i64,
) -> Result<Vec<Entry>> {
    let rows: Vec<Row> = noted!()
        .filter(entries::member_id.eq(member))
        .filter(entries::seq.gt(after))
        .filter(entries::seq.le(last.min(after.saturating_add(rows))))
        .order(entries::seq)
        .load(tx.conn)?;
    whole(tx, rows)
}

/// A part of a member's journal: what happened in `[from, to)`, and was recorded by `last_seq`. The
/// journal is only ever added to, so it stays the same however often it is read.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    pub member: MemberId,
    pub from: Timestamp,
    /// Exclusive.
    pub to: Timestamp,
    pub last_seq: i64,
}

/// Where the next entries of a stretch stand, behind `after`, in the order in which they happened.
/// Each call reads the whole journal: nothing keeps it in this order.
pub fn places_in(
    tx: &mut Tx<'_>,
    stretch: &Stretch,
    after: Option<(Timestamp, i64)>,
    rows: i64,
) -> Result<Vec<(Timestamp, i64)>> {
    let (from, seq) = after.unwrap_or((stretch.from, 0));
    let behind =
        entries::occurred_at.gt(from).or(entries::occurred_at.eq(from).and(entries::seq.gt(seq)));
    Ok(entries::table
        .filter(entries::member_id.eq(stretch.member))
        .filter(entries::seq.le(stretch.last_seq))
        .filter(behind)
        .filter(entries::occurred_at.lt(stretch.to))
        .order((entries::occurred_at, entries::seq))
        .limit(rows)
        .select((entries::occurred_at, entries::seq))
        .load(tx.conn)?)
}

/// The entries at these places of a member's journal, in the order in which they happened.
pub fn entries_at(tx: &mut Tx<'_>, member: MemberId, seqs: &[i64]) -> Result<Vec<Entry>> {
    let rows: Vec<Row> = noted!()
        .filter(entries::member_id.eq(member))
        .filter(one_of(entries::seq, seqs))
        .order((entries::occurred_at, entries::seq))
        .load(tx.conn)?;
    whole(tx, rows)
}

/// Points that a member earned by an entry, or lost again of what was earned.
#[derive(Clone, Copy, Debug)]
pub struct Earned {
    pub points: i64,
    pub occurred_at: Timestamp,
}

/// What of a member's `newest` entries is earned, newest first.
pub fn earned_lately(tx: &mut Tx<'_>, member: MemberId, newest: i64) -> Result<Vec<Earned>> {
    let rows: Vec<(EntryKind, i64, Timestamp)> = entries::table
        .filter(entries::member_id.eq(member))
        .order(entries::seq.desc())
        .limit(newest)
        .select((entries::kind, entries::points, entries::occurred_at))
        .load(tx.conn)?;
    let earned = rows.into_iter().map(|(kind, points, occurred_at)| match kind {
        EntryKind::Earn | EntryKind::Clawback => Earned { points, occurred_at },
        _ => Earned { points: 0, occurred_at },
    });
    Ok(earned.collect())
}

/// The sum of a member's entries that happened before an instant, of those up to `last_seq`.
pub fn sum_before(
    tx: &mut Tx<'_>,
    member: MemberId,
    before: Timestamp,
    last_seq: i64,
) -> Result<i64> {
    Ok(entries::table
        .filter(entries::member_id.eq(member))
        .filter(entries::seq.le(last_seq))
        .filter(entries::occurred_at.lt(before))
        .select(sql::<BigInt>("CAST(COALESCE(SUM(points), 0) AS BIGINT)"))
        .get_result(tx.conn)?)
}

/// What came and went in some time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turnover {
    pub received: i64,
    pub used: i64,
    pub expired: i64,
}

/// What came and went in `[from, to)`.
pub fn turnover(
    tx: &mut Tx<'_>,
    member: MemberId,
    from: Timestamp,
    to: Timestamp,
) -> Result<Turnover> {
    let (received, used, expired) = entries::table
        .filter(entries::member_id.eq(member))
        .filter(entries::occurred_at.ge(from))
        .filter(entries::occurred_at.lt(to))
        .select((
            sql::<BigInt>("CAST(COALESCE(SUM(CASE WHEN points > 0 THEN points END), 0) AS BIGINT)"),
            sql::<BigInt>(
                "CAST(COALESCE(SUM(CASE WHEN points < 0 AND kind <> 'expire' THEN -points END), 0) \
                 AS BIGINT)",
            ),
            sql::<BigInt>(
                "CAST(COALESCE(SUM(CASE WHEN points < 0 AND kind = 'expire' THEN -points END), 0) \
                 AS BIGINT)",
            ),
        ))
        .get_result(tx.conn)?;
    Ok(Turnover { received, used, expired })
}

/// The entries of this kind that came from sources of one type, by the sources' ids.
pub fn entries_of(
    tx: &mut Tx<'_>,
    kind: EntryKind,
    source_type: &str,
    sources: &[(MemberId, String)],
) -> Result<HashMap<String, Entry>> {
    let mut found = sourced(tx, sources.iter().map(|(member, id)| ((*member).into(), id.clone())))?;
    found.retain(|entry| {
        entry.kind == kind && entry.source.as_ref().is_some_and(|from| from.kind == source_type)
    });
    let by_id = |entry: Entry| Some((entry.source.as_ref()?.id.clone(), entry));
    Ok(found.into_iter().filter_map(by_id).collect())
}

/// What an entry came from, by its member.
pub const SOURCES: Key = Key {
    table: "entries",
    columns: ["member_id", "source_id"],
    only: "entries.source_type IS NOT NULL",
};

/// The entries whose sources have these ids.
pub fn sourced(
    tx: &mut Tx<'_>,
    sources: impl IntoIterator<Item = (RawId, String)>,
) -> Result<Vec<Entry>> {
    let rows: Vec<Row> =
        load_among(SOURCES, sources, |sources| noted!().filter(sources).load(tx.conn))?;
    whole(tx, rows)
}

/// How many points a member sent to others since `since`.
pub fn sent_since(tx: &mut Tx<'_>, member: MemberId, since: Timestamp) -> Result<i64> {
    let points: Vec<i64> = entries::table
        .filter(entries::member_id.eq(member))
        .filter(condition("entries.kind = 'transfer'"))
        .filter(entries::points.lt(0))
        .filter(entries::recorded_at.ge(since))
        .select(entries::points)
        .load(tx.conn)?;
    Ok(-points.iter().sum::<i64>())
}

/// Entries with what became of which lot.
fn whole(tx: &mut Tx<'_>, rows: Vec<Row>) -> Result<Vec<Entry>> {
    // what an entry took itself stands by it; what others took in its posting has an index
    const BY_ITSELF: Key = Key {
        table: "allocations",
        columns: ["member_id", "debit_seq"],
        only: "allocations.cause_seq = allocations.debit_seq",
    };
    const FOR_OTHERS: Key = Key {
        table: "allocations",
        columns: ["member_id", "cause_seq"],
        only: "allocations.cause_seq <> allocations.debit_seq",
    };
    let mut found: Vec<Entry> =
        rows.into_iter().map(|(row, reason)| row.into_entry(reason)).collect::<Result<_>>()?;
    let mut taken: HashMap<(MemberId, i64), BTreeMap<i64, i64>> = HashMap::new();
    for key in [BY_ITSELF, FOR_OTHERS] {
        let caused = found.iter().map(|entry| (RawId::from(entry.member), entry.seq));
        let rows: Vec<(MemberId, i64, i64, i64)> = load_among(key, caused, |caused| {
            allocations::table
                .filter(caused)
                .select((
                    allocations::member_id,
                    allocations::cause_seq,
                    allocations::lot_seq,
                    allocations::points,
                ))
                .load(tx.conn)
        })?;
        for (member, cause_seq, lot_seq, points) in rows {
            let lots = taken.entry((member, cause_seq)).or_default();
            *lots.entry(lot_seq).or_default() += points;
        }
    }
    for entry in &mut found {
        let taken = taken.remove(&(entry.member, entry.seq)).unwrap_or_default();
        entry.lots = LotUse::of(entry, taken);
    }
    Ok(found)
}
