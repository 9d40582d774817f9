//! Keeping what of a member's open lots ends when.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::ledger::account::Account;
use platform::{
    db::{
        Tx,
        among::{Key, load_among},
        bulk::Bulk,
        schema::expiries,
        types::RawId,
    },
    kernel::{clock::Timestamp, error::Result, id::MemberId},
};

pub(super) fn write(tx: &mut Tx<'_>, changed: &[&Account]) -> Result<()> {
    const ENDS: Key = Key { table: "expiries", columns: ["member_id", "expires_at"], only: "TRUE" };
    let mut sums: BTreeMap<(MemberId, Timestamp), i64> = BTreeMap::new();
    for account in changed {
        for lot in account.changes.lots.iter().filter_map(|seq| account.lots.get(seq)) {
            if let Some(end) = lot.expires_at {
                *sums.entry((account.member, end)).or_default() += lot.remaining - lot.was_open;
            }
        }
    }
    sums.retain(|_, points| *points != 0);
    Bulk::into("expiries")
        .column("member_id", sums.keys().map(|(member, _)| RawId::from(*member)))
        .column("expires_at", sums.keys().map(|(_, end)| *end))
        .column("points", sums.values().copied())
        .tail(
            "ON CONFLICT (member_id, expires_at) DO UPDATE SET \
             points = expiries.points + excluded.points",
        )
        .execute(tx.conn)?;
    let lower = sums.iter().filter(|(_, points)| **points < 0);
    let lower = lower.map(|((member, end), _)| (RawId::from(*member), *end));
    // these rows were written just above: nobody else can have moved them
    load_among(ENDS, lower, |lower| {
        let gone = expiries::table.filter(lower).filter(expiries::points.eq(0));
        diesel::delete(gone).execute(tx.conn).map(|_| Vec::<()>::new())
    })?;
    Ok(())
}
