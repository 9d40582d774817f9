//! How members came to stand as they do: who suspended, reinstated or erased them, and why. The
//! reasons are a person's words, kept beside the history, where erasure empties them.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::members::{Member, MemberStatus};
use platform::{
    auth::Caller,
    db::{
        Tx,
        bulk::Bulk,
        schema::{status_changes, status_notes},
        types::RawId,
    },
    kernel::{clock::Timestamp, error::Result, id::MemberId, text::Reason},
};

/// A change of a member's status.
#[derive(Clone, Debug, Queryable)]
pub struct Change {
    /// The member's version that it made: counts a member's changes, not one by one.
    pub version: i64,
    pub from: MemberStatus,
    pub to: MemberStatus,
    /// Who did it, by [`Caller::label`].
    pub actor: String,
    pub changed_at: Timestamp,
    /// Null once the member was erased.
    pub reason: Option<String>,
}

/// Notes that `member`, as it is now, stood as `from` before.
pub fn note(
    tx: &mut Tx<'_>,
    member: &Member,
    from: MemberStatus,
    by: &Caller,
    reason: Option<&Reason>,
) -> Result<()> {
    let row = |table| {
        Bulk::into(table)
            .column("member_id", [RawId::from(member.id)])
            .column("version", [member.version])
    };
    row("status_changes")
        .column("old_status", [from.as_str().to_owned()])
        .column("new_status", [member.status.as_str().to_owned()])
        .column("actor", [by.label()])
        .column("changed_at", [tx.now])
        .execute(tx.conn)?;
    if let Some(reason) = reason {
        row("status_notes").column("reason", [reason.as_str().to_owned()]).execute(tx.conn)?;
    }
    Ok(())
}

/// A member's changes behind `after`, oldest first.
pub fn history(tx: &mut Tx<'_>, member: MemberId, after: i64, rows: i64) -> Result<Vec<Change>> {
    let notes = status_notes::table.on(status_notes::member_id
        .eq(status_changes::member_id)
        .and(status_notes::version.eq(status_changes::version)));
    Ok(status_changes::table
        .left_join(notes)
        .filter(status_changes::member_id.eq(member))
        .filter(status_changes::version.gt(after))
        .order(status_changes::version)
        .limit(rows)
        .select((
            status_changes::version,
            status_changes::old_status,
            status_changes::new_status,
            status_changes::actor,
            status_changes::changed_at,
            status_notes::reason.nullable(),
        ))
        .load(tx.conn)?)
}

/// Why these members stand as they do; who never was suspended, or was erased, is left out.
pub fn reasons(tx: &mut Tx<'_>, members: &[MemberId]) -> Result<HashMap<MemberId, String>> {
    if members.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(MemberId, String)> = status_notes::table
        .filter(status_notes::member_id.eq_any(members))
        .order((status_notes::member_id, status_notes::version))
        .select((status_notes::member_id, status_notes::reason))
        .load(tx.conn)?;
    // the last one counts
    Ok(rows.into_iter().collect())
}

/// Deletes why; that it happened, and when, stays.
pub fn forget_reasons(tx: &mut Tx<'_>, member: MemberId) -> Result<()> {
    diesel::delete(status_notes::table.filter(status_notes::member_id.eq(member)))
        .execute(tx.conn)?;
    Ok(())
}
