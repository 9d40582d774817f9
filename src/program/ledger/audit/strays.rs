//! Rows of members who have no account, which no page comes by.

use diesel::prelude::*;

use platform::{
    db::{
        Tx,
        schema::{
            accounts, allocations, debts, entries, entry_notes, expiries, hold_parts, holds, lots,
            members,
        },
    },
    kernel::{
        difference::Findings,
        error::Result,
        id::{EntryId, MemberId},
    },
};

/// How many rows without an account are told of each table.
pub const STRAYS_TOLD: i64 = 1000;

/// Tells the members who have rows in a table and no account.
macro_rules! without_account {
    ($tx:ident, $findings:ident, $($table:ident.$member:ident),* $(,)?) => {$(
        let found: Vec<platform::kernel::id::MemberId> = $table::table
            .left_join(
                platform::db::schema::accounts::table
                    .on(platform::db::schema::accounts::member_id.eq($table::$member)),
            )
            .filter(platform::db::schema::accounts::member_id.is_null())
            .select($table::$member)
            .distinct()
            .limit($crate::ledger::audit::STRAYS_TOLD)
            .load($tx.conn)?;
        for member in found {
            let what = concat!("the account of ", stringify!($table));
            $findings.of(&member).differs(format_args!("{what}"), "an account", "none");
        }
    )*};
}
pub(crate) use without_account;

pub(super) fn find(tx: &mut Tx<'_>, findings: &mut Findings) -> Result<()> {
    without_account!(
        tx,
        findings,
        members.id,
        entries.member_id,
        lots.member_id,
        debts.member_id,
        allocations.member_id,
        holds.member_id,
        hold_parts.member_id,
        expiries.member_id,
    );
    let found: Vec<MemberId> = accounts::table
        .left_join(members::table.on(members::id.eq(accounts::member_id)))
        .filter(members::id.is_null())
        .select(accounts::member_id)
        .limit(STRAYS_TOLD)
        .load(tx.conn)?;
    for member in found {
        findings.of(&member).differs(format_args!("the member of accounts"), "a member", "none");
    }
    let found: Vec<EntryId> = entry_notes::table
        .left_join(entries::table.on(entries::id.eq(entry_notes::entry_id)))
        .filter(entries::id.is_null())
        .select(entry_notes::entry_id)
        .limit(STRAYS_TOLD)
        .load(tx.conn)?;
    for entry in found {
        findings.of(&entry).differs(format_args!("the entry of a note"), "an entry", "none");
    }
    Ok(())
}
