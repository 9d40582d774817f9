//! The ledger's rows: accounts are locked and loaded with what the postings need ([`load`]), and
//! written with statements for many rows ([`write`]).

mod journal;
mod load;
mod lots;
mod needs;
mod notes;
mod rows;
mod sheets;
mod write;

pub use journal::{
    Earned, SOURCES, Stretch, Turnover, earned_lately, entries_after, entries_at, entries_of,
    entry, list, places_in, sent_since, sum_before, turnover,
};
pub use load::lock;
pub use notes::forget as forget_notes;
pub use sheets::{Sheet, sheets};
pub use write::write;

use std::collections::HashMap;

use diesel::prelude::*;

use self::rows::{AccountRow, HoldRow};
use crate::ledger::Hold;
use platform::{
    db::{
        Tx,
        bulk::Bulk,
        schema::{accounts, holds},
        types::RawId,
    },
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{HoldId, MemberId},
    },
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

/// The hold of this id.
pub fn hold(tx: &mut Tx<'_>, id: HoldId) -> Result<Option<Hold>> {
    let row: Option<HoldRow> = holds::table.find(id).first(tx.conn).optional()?;
    Ok(row.map(HoldRow::into_hold))
}

/// A member's holds that are live, newest first.
pub fn live_holds(tx: &mut Tx<'_>, member: MemberId, rows: i64) -> Result<Vec<Hold>> {
    let live = holds::table.filter(holds::member_id.eq(member)).filter(holds::state.eq("live"));
    let rows: Vec<HoldRow> = live.order(holds::seq.desc()).limit(rows).load(tx.conn)?;
    Ok(rows.into_iter().map(HoldRow::into_hold).collect())
}

/// The holds of these ids.
pub fn holds(tx: &mut Tx<'_>, ids: &[HoldId]) -> Result<HashMap<HoldId, Hold>> {
    let rows: Vec<HoldRow> = holds::table.filter(holds::id.eq_any(ids)).load(tx.conn)?;
    Ok(rows.into_iter().map(HoldRow::into_hold).map(|hold| (hold.id, hold)).collect())
}
