//! Entries by what they came from.

use std::collections::HashMap;

use diesel::prelude::*;

use super::rows::EntryRow;
use crate::{
    db::{
        Tx,
        schema::{entries, entry_notes},
    },
    kernel::{error::Result, id::MemberId},
    program::ledger::{Entry, EntryKind},
};

/// The entries of this kind that came from sources of one type, by the sources' ids.
///
/// # Errors
/// The database's own.
pub fn entries_of(
    tx: &mut Tx<'_>,
    kind: EntryKind,
    source_type: &str,
    sources: &[(MemberId, String)],
) -> Result<HashMap<String, Entry>> {
    if sources.is_empty() {
        return Ok(HashMap::new());
    }
    let (members, ids): (Vec<MemberId>, Vec<&str>) =
        sources.iter().map(|(member, id)| (*member, id.as_str())).unzip();
    let rows: Vec<(EntryRow, Option<String>)> = entries::table
        .left_join(entry_notes::table.on(
            entry_notes::member_id.eq(entries::member_id).and(entry_notes::seq.eq(entries::seq)),
        ))
        .filter(entries::member_id.eq_any(&members))
        .filter(entries::source_id.eq_any(&ids))
        .filter(entries::source_type.eq(source_type))
        .filter(entries::kind.eq(kind))
        .select((entries::all_columns, entry_notes::reason.nullable()))
        .load(tx.conn)?;
    let mut found = HashMap::with_capacity(rows.len());
    for (row, reason) in rows {
        let entry = row.into_entry(reason)?;
        if let Some(source) = &entry.source {
            found.insert(source.id.clone(), entry);
        }
    }
    Ok(found)
}
