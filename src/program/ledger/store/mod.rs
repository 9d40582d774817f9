//! The ledger's rows: accounts are locked and loaded with what the postings need ([`load`]), and
//! written with statements for many rows ([`write`]).

mod load;
mod lots;
mod rows;
mod sourced;
mod statement;
mod write;

pub use load::lock;
pub use sourced::entries_of;
pub use statement::{entries_between, sum_before};
pub use write::write;

use std::collections::HashMap;

use diesel::prelude::*;

use self::rows::{AccountRow, EntryRow, HoldRow};
use crate::{
    db::{
        Tx,
        bulk::Bulk,
        schema::{accounts, entries, entry_notes, expiries, holds},
        types::RawId,
    },
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{EntryId, HoldId, MemberId},
    },
    program::ledger::{Entry, EntryKind, Hold},
};

/// Gives each member an account without points; one that has an account keeps it.
pub fn open(tx: &mut Tx<'_>, members: &[MemberId]) -> Result<()> {
    let zeros = || vec![0i64; members.len()];
    Bulk::into("accounts")
        .column("member_id", members.iter().map(|id| RawId::from(*id)))
        .column("seq", zeros())
        .column("available", zeros())
        .column("pending", zeros())
        .column("held", zeros())
        .column("debt", zeros())
        .column("lifetime_earned", zeros())
        .column("lifetime_redeemed", zeros())
        .column("lifetime_expired", zeros())
        .tail("ON CONFLICT (member_id) DO NOTHING")
        .execute(tx.conn)?;
    Ok(())
}

/// The account's row as it is.
pub fn account(tx: &mut Tx<'_>, member: MemberId) -> Result<Option<AccountRow>> {
    Ok(accounts::table.find(member).first(tx.conn).optional()?)
}

/// When something happens to the account by itself.
pub fn next_change_at(tx: &mut Tx<'_>, member: MemberId) -> Result<Option<Timestamp>> {
    let row: Option<Option<Timestamp>> =
        accounts::table.find(member).select(accounts::next_change_at).first(tx.conn).optional()?;
    Ok(row.flatten())
}

/// Members whose accounts changed by themselves, longest ago first.
pub fn due(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<MemberId>> {
    Ok(accounts::table
        .filter(accounts::next_change_at.le(tx.now))
        .order(accounts::next_change_at)
        .limit(limit)
        .select(accounts::member_id)
        .load(tx.conn)?)
}

/// The account as it is, and what of its open lots ends when, soonest first: points and when.
pub fn sheet(
    tx: &mut Tx<'_>,
    member: MemberId,
    limit: i64,
) -> Result<Option<(AccountRow, Vec<(i64, Timestamp)>)>> {
    let rows: Vec<(AccountRow, Option<i64>, Option<Timestamp>)> = accounts::table
        .left_join(expiries::table.on(expiries::member_id.eq(accounts::member_id)))
        .filter(accounts::member_id.eq(member))
        .order(expiries::expires_at)
        .limit(limit)
        .select((
            accounts::all_columns,
            expiries::points.nullable(),
            expiries::expires_at.nullable(),
        ))
        .load(tx.conn)?;
    let mut account = None;
    let mut expiring = Vec::with_capacity(rows.len());
    for (row, points, at) in rows {
        account = Some(row);
        expiring.extend(points.zip(at));
    }
    Ok(account.map(|account| (account, expiring)))
}

/// The hold of this id.
pub fn hold(tx: &mut Tx<'_>, id: HoldId) -> Result<Option<Hold>> {
    let row: Option<HoldRow> = holds::table.find(id).first(tx.conn).optional()?;
    Ok(row.map(HoldRow::into_hold))
}

/// The holds of these ids.
pub fn holds(tx: &mut Tx<'_>, ids: &[HoldId]) -> Result<HashMap<HoldId, Hold>> {
    let rows: Vec<HoldRow> = holds::table.filter(holds::id.eq_any(ids)).load(tx.conn)?;
    Ok(rows.into_iter().map(HoldRow::into_hold).map(|hold| (hold.id, hold)).collect())
}

/// How many points a member sent to others since `since`.
pub fn sent_since(tx: &mut Tx<'_>, member: MemberId, since: Timestamp) -> Result<i64> {
    let points: Vec<i64> = entries::table
        .filter(entries::member_id.eq(member))
        .filter(entries::kind.eq(EntryKind::Transfer))
        .filter(entries::points.lt(0))
        .filter(entries::recorded_at.ge(since))
        .select(entries::points)
        .load(tx.conn)?;
    Ok(-points.iter().sum::<i64>())
}

/// The entry of this id, without its note.
pub fn entry(tx: &mut Tx<'_>, id: EntryId) -> Result<Option<Entry>> {
    let row: Option<EntryRow> =
        entries::table.filter(entries::id.eq(id)).first(tx.conn).optional()?;
    row.map(|row| row.into_entry(None)).transpose()
}

/// Entries of a member before `before`, newest first, with their notes.
pub fn list(
    tx: &mut Tx<'_>,
    member: MemberId,
    before: Option<i64>,
    rows: i64,
) -> Result<Vec<Entry>> {
    let rows: Vec<(EntryRow, Option<String>)> = entries::table
        .left_join(entry_notes::table.on(
            entry_notes::member_id.eq(entries::member_id).and(entry_notes::seq.eq(entries::seq)),
        ))
        .filter(entries::member_id.eq(member))
        .filter(entries::seq.lt(before.unwrap_or(i64::MAX)))
        .order(entries::seq.desc())
        .limit(rows)
        .select((entries::all_columns, entry_notes::reason.nullable()))
        .load(tx.conn)?;
    rows.into_iter().map(|(row, reason)| row.into_entry(reason)).collect()
}
