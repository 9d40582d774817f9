//! People's words about entries, kept beside the journal so that erasure can take them away.

use diesel::prelude::*;

use super::{journal, rows::EntryRow};
use crate::ledger::{Entry, EntryKind, Rule};
use platform::{
    db::{
        Tx,
        prepared::condition,
        schema::{entries, entry_notes},
    },
    kernel::{error::Result, id::MemberId},
};

/// Deletes what was written about a member's entries, and about the other side of its transfers:
/// the same words stand there.
pub fn forget(tx: &mut Tx<'_>, member: MemberId) -> Result<()> {
    let own = entries::table.filter(entries::member_id.eq(member)).select(entries::id);
    diesel::delete(entry_notes::table.filter(entry_notes::entry_id.eq_any(own)))
        .execute(tx.conn)?;
    for entry in other_sides(tx, member)? {
        diesel::delete(entry_notes::table.find(entry.id)).execute(tx.conn)?;
    }
    Ok(())
}

/// The entries of others that were made by the same transfers.
fn other_sides(tx: &mut Tx<'_>, member: MemberId) -> Result<Vec<Entry>> {
    let rows: Vec<EntryRow> = entries::table
        .filter(entries::member_id.eq(member))
        .filter(condition("entries.kind = 'transfer'"))
        .load(tx.conn)?;
    let own: Vec<Entry> =
        rows.into_iter().map(|row| row.into_entry(None)).collect::<Result<_>>()?;
    let sources = own.iter().filter_map(|entry| {
        let (Rule::TransferOut { to: other } | Rule::TransferIn { from: other }) = entry.rule
        else {
            return None;
        };
        Some((other.into(), entry.source.as_ref()?.id.clone()))
    });
    let mut others = journal::sourced(tx, sources)?;
    others.retain(|entry| entry.kind == EntryKind::Transfer);
    Ok(others)
}
