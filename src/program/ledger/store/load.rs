//! Locking accounts, and loading as much of them as the postings need.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use super::rows::{AccountRow, EntryRow, LotRow};
use crate::{
    db::{
        Tx,
        lock::for_update,
        schema::{accounts, allocations, debts, entries, entry_notes, lots},
    },
    kernel::{error::Result, id::MemberId},
    program::ledger::{
        Act, EntryKind, Posting,
        account::{Account, Debt, Lot, Taken},
    },
};

/// Locks the accounts of `members` in the order of their ids, and loads what `postings` need.
pub fn lock(
    tx: &mut Tx<'_>,
    members: &BTreeSet<MemberId>,
    postings: &[Posting],
) -> Result<BTreeMap<MemberId, Account>> {
    let ids: Vec<MemberId> = members.iter().copied().collect();
    let rows: Vec<AccountRow> = for_update(
        accounts::table.filter(accounts::member_id.eq_any(&ids)).order(accounts::member_id),
    )
    .load(tx.conn)?;
    let mut all: BTreeMap<MemberId, Account> = rows
        .into_iter()
        .map(|row| {
            let account = Account::new(row.member_id, row.seq, row.balance(), row.next_change_at);
            (row.member_id, account)
        })
        .collect();
    load_open_lots(tx, &mut all, postings)?;
    load_debts(tx, &mut all)?;
    for posting in postings {
        let Some(account) = all.get_mut(&posting.member) else { continue };
        match posting.act {
            Act::GiveBack { entry_seq } => load_taken(tx, account, entry_seq)?,
            Act::Clawback { lot_seq, .. } => load_expired(tx, account, lot_seq)?,
            Act::Credit { .. } | Act::Debit { .. } => {}
        }
    }
    load_known(tx, &mut all, postings)?;
    Ok(all)
}

/// A credit needs no lots, unless something is due; everything else needs every open one.
fn load_open_lots(
    tx: &mut Tx<'_>,
    all: &mut BTreeMap<MemberId, Account>,
    postings: &[Posting],
) -> Result<()> {
    let spend: BTreeSet<MemberId> = postings
        .iter()
        .filter(|posting| !matches!(posting.act, Act::Credit { .. }))
        .map(|posting| posting.member)
        .collect();
    let wanted: Vec<MemberId> = all
        .values()
        .filter(|account| account.is_due(tx.now) || spend.contains(&account.member))
        .map(|account| account.member)
        .collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let rows: Vec<LotRow> = lots::table
        .filter(lots::member_id.eq_any(&wanted))
        .filter(lots::remaining.gt(0))
        .load(tx.conn)?;
    for member in &wanted {
        if let Some(account) = all.get_mut(member) {
            account.unseen_change_at = None;
        }
    }
    for row in rows {
        if let Some(account) = all.get_mut(&row.member_id) {
            let lot = Lot::from(row);
            account.lots.insert(lot.seq, lot);
        }
    }
    Ok(())
}

fn load_debts(tx: &mut Tx<'_>, all: &mut BTreeMap<MemberId, Account>) -> Result<()> {
    let owing: Vec<MemberId> = all
        .values()
        .filter(|account| account.balance.debt > 0)
        .map(|account| account.member)
        .collect();
    if owing.is_empty() {
        return Ok(());
    }
    let rows: Vec<(MemberId, i64, i64, i64)> = debts::table
        .filter(debts::member_id.eq_any(&owing))
        .filter(debts::remaining.gt(0))
        .load(tx.conn)?;
    for (member, seq, points, remaining) in rows {
        if let Some(account) = all.get_mut(&member) {
            account.debts.insert(seq, Debt { seq, points, remaining });
        }
    }
    Ok(())
}

/// What a debit took, less what was given back, and the lots it took it from, closed ones too.
fn load_taken(tx: &mut Tx<'_>, account: &mut Account, entry_seq: i64) -> Result<()> {
    let rows: Vec<(i64, i64, EntryKind)> = allocations::table
        .inner_join(
            entries::table.on(entries::member_id
                .eq(allocations::member_id)
                .and(entries::seq.eq(allocations::debit_seq))),
        )
        .filter(allocations::member_id.eq(account.member))
        .filter(allocations::debit_seq.eq(entry_seq))
        .select((allocations::lot_seq, allocations::points, entries::kind))
        .load(tx.conn)?;
    let Some((_, _, kind)) = rows.first().copied() else { return Ok(()) };
    let parts: Vec<(i64, i64)> = rows.into_iter().map(|(lot, points, _)| (lot, points)).collect();
    let seqs: BTreeSet<i64> = parts.iter().map(|(lot_seq, _)| *lot_seq).collect();
    let lots: Vec<LotRow> = lots::table
        .filter(lots::member_id.eq(account.member))
        .filter(lots::seq.eq_any(seqs))
        .load(tx.conn)?;
    for row in lots {
        let lot = Lot::from(row);
        account.lots.entry(lot.seq).or_insert(lot);
    }
    account.taken.insert(entry_seq, Taken { kind, parts });
    Ok(())
}

/// How much of a lot has expired.
fn load_expired(tx: &mut Tx<'_>, account: &mut Account, lot_seq: i64) -> Result<()> {
    let parts: Vec<i64> = allocations::table
        .inner_join(
            entries::table.on(entries::member_id
                .eq(allocations::member_id)
                .and(entries::seq.eq(allocations::debit_seq))),
        )
        .filter(allocations::member_id.eq(account.member))
        .filter(allocations::lot_seq.eq(lot_seq))
        .filter(entries::kind.eq(EntryKind::Expire))
        .select(allocations::points)
        .load(tx.conn)?;
    account.expired.insert(lot_seq, parts.iter().sum());
    Ok(())
}

/// The entries that have a source which a posting names.
fn load_known(
    tx: &mut Tx<'_>,
    all: &mut BTreeMap<MemberId, Account>,
    postings: &[Posting],
) -> Result<()> {
    let members: Vec<MemberId> = all.keys().copied().collect();
    let ids: BTreeSet<&str> = postings
        .iter()
        .filter_map(|posting| posting.source.as_ref().map(|source| source.id.as_str()))
        .collect();
    if ids.is_empty() {
        return Ok(());
    }
    let ids: Vec<&str> = ids.into_iter().collect();
    let rows: Vec<(EntryRow, Option<String>)> = entries::table
        .left_join(entry_notes::table.on(
            entry_notes::member_id.eq(entries::member_id).and(entry_notes::seq.eq(entries::seq)),
        ))
        .filter(entries::member_id.eq_any(&members))
        .filter(entries::source_id.eq_any(&ids))
        // what the partial index on them says of its rows
        .filter(entries::source_type.is_not_null())
        .select((entries::all_columns, entry_notes::reason.nullable()))
        .load(tx.conn)?;
    for (row, reason) in rows {
        if let Some(account) = all.get_mut(&row.member_id) {
            account.known.push(row.into_entry(reason)?);
        }
    }
    Ok(())
}
