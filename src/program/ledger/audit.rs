//! The audit: reads every row of the ledger and says where it does not add up. It shares no
//! arithmetic with the code that writes: what it checks, it works out anew from the rows.

mod checks;
mod rows;

use std::fmt::{Arguments, Debug};

use diesel::prelude::*;
use serde::Serialize;

use self::rows::Member;
use crate::{
    db::{
        Tx,
        schema::{
            accounts, allocations, debts, entries, entry_notes, expiries, hold_parts, holds, lots,
            members, orders, redemptions,
        },
    },
    kernel::{error::Result, id::MemberId},
};

/// How many accounts are read at once.
const ACCOUNTS_A_PAGE: i64 = 500;
/// How many entries are read at once, unless one member has more.
const ENTRIES_A_PART: i64 = 20_000;
/// How many rows without an account are told of each table.
const STRANGERS_TOLD: i64 = 1000;

/// A place where the ledger does not add up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    pub member: MemberId,
    pub what: String,
    pub expected: String,
    pub found: String,
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}, {}: expected {}, found {}",
            self.member, self.what, self.expected, self.found
        )
    }
}

/// How much was audited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Audited {
    pub members: u64,
    pub entries: u64,
    pub lots: u64,
}

/// Audits the whole ledger, member by member, a page in memory at a time, and hands each
/// difference to `report`. Run it on one snapshot ([`crate::db::Store::snapshot`]).
///
/// # Errors
/// The database's own; a difference is no error.
pub fn audit(tx: &mut Tx<'_>, report: &mut dyn FnMut(Difference)) -> Result<Audited> {
    let mut audited = Audited::default();
    let mut after = None;
    loop {
        let page = rows::page(tx, after, ACCOUNTS_A_PAGE)?;
        let Some(last) = page.last() else { break };
        after = Some(last.0);
        for part in parts(&page) {
            audit_members(tx, &part, &mut audited, report)?;
        }
    }
    strangers(tx, report)?;
    Ok(audited)
}

/// Audits the accounts of some members.
///
/// # Errors
/// The database's own; a difference is no error.
pub fn audit_of(
    tx: &mut Tx<'_>,
    members: &[MemberId],
    report: &mut dyn FnMut(Difference),
) -> Result<Audited> {
    let mut audited = Audited::default();
    audit_members(tx, members, &mut audited, report)?;
    Ok(audited)
}

fn audit_members(
    tx: &mut Tx<'_>,
    members: &[MemberId],
    audited: &mut Audited,
    report: &mut dyn FnMut(Difference),
) -> Result<()> {
    for member in rows::load(tx, members)? {
        let Member { entries, lots, .. } = &member;
        audited.members += 1;
        audited.entries += entries.len() as u64;
        audited.lots += lots.len() as u64;
        checks::check(&member, &mut Told { member: member.account.member_id, report });
    }
    Ok(())
}

/// Splits a page so that no part has many entries.
fn parts(page: &[(MemberId, i64)]) -> Vec<Vec<MemberId>> {
    let mut parts = vec![Vec::new()];
    let mut entries = 0;
    for (member, seq) in page {
        if entries > 0 && entries + seq > ENTRIES_A_PART {
            parts.push(Vec::new());
            entries = 0;
        }
        entries += seq;
        if let Some(part) = parts.last_mut() {
            part.push(*member);
        }
    }
    parts
}

/// Rows of members who have no account, which no page comes by.
fn strangers(tx: &mut Tx<'_>, report: &mut dyn FnMut(Difference)) -> Result<()> {
    macro_rules! without_account {
        ($($table:ident.$member:ident),*) => {$(
            let found: Vec<MemberId> = $table::table
                .left_join(accounts::table.on(accounts::member_id.eq($table::$member)))
                .filter(accounts::member_id.is_null())
                .select($table::$member)
                .distinct()
                .limit(STRANGERS_TOLD)
                .load(tx.conn)?;
            for member in found {
                let what = concat!("the account of ", stringify!($table));
                Told { member, report }.same(format_args!("{what}"), "an account", "none");
            }
        )*};
    }
    without_account!(
        members.id,
        entries.member_id,
        entry_notes.member_id,
        lots.member_id,
        debts.member_id,
        allocations.member_id,
        holds.member_id,
        hold_parts.member_id,
        expiries.member_id,
        orders.member_id,
        redemptions.member_id
    );
    let found: Vec<MemberId> = accounts::table
        .left_join(members::table.on(members::id.eq(accounts::member_id)))
        .filter(members::id.is_null())
        .select(accounts::member_id)
        .limit(STRANGERS_TOLD)
        .load(tx.conn)?;
    for member in found {
        Told { member, report }.same(format_args!("the member of accounts"), "a member", "none");
    }
    Ok(())
}

/// Tells the differences of one member.
struct Told<'r> {
    member: MemberId,
    report: &'r mut dyn FnMut(Difference),
}

impl Told<'_> {
    fn same<T: Copy + PartialEq + Debug>(&mut self, what: Arguments<'_>, expected: T, found: T) {
        if expected != found {
            (self.report)(Difference {
                member: self.member,
                what: what.to_string(),
                expected: format!("{expected:?}"),
                found: format!("{found:?}"),
            });
        }
    }
}
