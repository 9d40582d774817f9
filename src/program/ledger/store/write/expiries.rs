//! Keeping what of a member's open lots ends when.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::{
    db::{Tx, bulk::Bulk, schema::expiries, types::RawId},
    kernel::{clock::Timestamp, error::Result, id::MemberId},
    program::ledger::account::Account,
};

pub(super) fn write(tx: &mut Tx<'_>, changed: &[&Account]) -> Result<()> {
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
    let mut lower: Vec<MemberId> = lower.map(|((member, _), _)| *member).collect();
    lower.dedup();
    if !lower.is_empty() {
        let gone = expiries::table.filter(expiries::member_id.eq_any(lower));
        diesel::delete(gone.filter(expiries::points.eq(0))).execute(tx.conn)?;
    }
    Ok(())
}
