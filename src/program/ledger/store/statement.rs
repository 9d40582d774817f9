//! Entries by when they happened.

use diesel::{dsl::sql, prelude::*, sql_types::BigInt};

use super::rows::EntryRow;
use crate::{
    db::{
        Tx,
        schema::{entries, entry_notes},
    },
    kernel::{clock::Timestamp, error::Result, id::MemberId},
    program::ledger::Entry,
};

/// The sum of a member's entries that happened before an instant.
///
/// # Errors
/// The database's own.
pub fn sum_before(tx: &mut Tx<'_>, member: MemberId, before: Timestamp) -> Result<i64> {
    Ok(entries::table
        .filter(entries::member_id.eq(member))
        .filter(entries::occurred_at.lt(before))
        .select(sql::<BigInt>("CAST(COALESCE(SUM(points), 0) AS BIGINT)"))
        .get_result(tx.conn)?)
}

/// A member's entries that happened in `[from, to)`, in the order in which they happened; `limit`
/// of them at most.
///
/// # Errors
/// The database's own.
pub fn entries_between(
    tx: &mut Tx<'_>,
    member: MemberId,
    from: Timestamp,
    to: Timestamp,
    limit: i64,
) -> Result<Vec<Entry>> {
    let rows: Vec<(EntryRow, Option<String>)> = entries::table
        .left_join(entry_notes::table.on(
            entry_notes::member_id.eq(entries::member_id).and(entry_notes::seq.eq(entries::seq)),
        ))
        .filter(entries::member_id.eq(member))
        .filter(entries::occurred_at.ge(from))
        .filter(entries::occurred_at.lt(to))
        .order((entries::occurred_at, entries::seq))
        .limit(limit)
        .select((entries::all_columns, entry_notes::reason.nullable()))
        .load(tx.conn)?;
    rows.into_iter().map(|(row, reason)| row.into_entry(reason)).collect()
}
