//! Locking accounts, and loading as much of them as the postings need.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::{
    journal, lots,
    needs::{Accounts, Needs},
    rows::{AccountRow, HoldRow},
};
use crate::ledger::{
    Act, EntryKind, HoldState, Posting,
    account::{Account, Debt, Held, Taken},
};
use platform::{
    db::{
        Tx,
        among::{Key, load_among},
        lock::for_update,
        prepared::{condition, one_of},
        schema::{accounts, allocations, debts, entries, hold_parts, holds},
        types::RawId,
    },
    kernel::{
        error::Result,
        id::{HoldId, MemberId},
    },
};

/// Something of a member's, by its seq.
type Named = BTreeSet<(MemberId, i64)>;

/// Locks the accounts of `members` in the order of their ids, and loads what `postings` need.
pub fn lock(
    tx: &mut Tx<'_>,
    members: &BTreeSet<MemberId>,
    postings: &[Posting],
) -> Result<Accounts> {
    let ids: Vec<MemberId> = members.iter().copied().collect();
    let rows: Vec<AccountRow> = for_update(
        accounts::table.filter(one_of(accounts::member_id, &ids)).order(accounts::member_id),
    )
    .load(tx.conn)?;
    let mut all: Accounts =
        rows.into_iter().map(|row| (row.member_id, Account::from(row))).collect();
    let needs = Needs::of(&all, postings, tx);
    let mut named = load_taken(tx, &mut all, postings)?;
    named.extend(load_holds(tx, &mut all, &needs, postings)?);
    named.extend(load_expired(tx, &mut all, postings)?);
    lots::load(tx, &mut all, &needs, &named)?;
    all.values_mut().for_each(Account::order_held);
    load_debts(tx, &mut all)?;
    load_known(tx, &mut all, postings)?;
    Ok(all)
}

fn load_debts(tx: &mut Tx<'_>, all: &mut Accounts) -> Result<()> {
    let owing: Vec<MemberId> = all
        .values()
        .filter(|account| account.balance.debt > 0)
        .map(|account| account.member)
        .collect();
    if owing.is_empty() {
        return Ok(());
    }
    let rows: Vec<(MemberId, i64, i64, i64, i64, bool)> = debts::table
        .filter(debts::member_id.eq_any(&owing))
        .filter(debts::remaining.gt(0))
        .load(tx.conn)?;
    for (member, seq, points, remaining, cancelled, while_held) in rows {
        if let Some(account) = all.get_mut(&member) {
            account.debts.insert(seq, Debt { seq, points, remaining, cancelled, while_held });
        }
    }
    Ok(())
}

/// What debits that are to be given back took, less what was given back; answers the lots.
fn load_taken(tx: &mut Tx<'_>, all: &mut Accounts, postings: &[Posting]) -> Result<Named> {
    const GIVEN: Key = Key { table: "entries", columns: ["member_id", "seq"], only: "TRUE" };
    let given: Named = (postings.iter())
        .filter_map(|posting| match posting.act {
            Act::GiveBack { entry_seq, .. } => Some((posting.member, entry_seq)),
            _ => None,
        })
        .collect();
    // a clawback that found nothing took nothing from lots, but it is owed
    let rows: Vec<(MemberId, i64, EntryKind, Option<(i64, i64)>)> =
        load_among(GIVEN, raw(given), |given| {
            entries::table
                .left_join(
                    allocations::table.on(allocations::member_id
                        .eq(entries::member_id)
                        .and(allocations::debit_seq.eq(entries::seq))),
                )
                .filter(given)
                .select((
                    entries::member_id,
                    entries::seq,
                    entries::kind,
                    (allocations::lot_seq, allocations::points).nullable(),
                ))
                .load(tx.conn)
        })?;
    let mut lots = Named::new();
    for (member, debit_seq, kind, part) in rows {
        let Some(account) = all.get_mut(&member) else { continue };
        let taken = account.taken.entry(debit_seq).or_insert(Taken { kind, parts: Vec::new() });
        taken.parts.extend(part);
        lots.extend(part.map(|(lot_seq, _)| (member, lot_seq)));
    }
    Ok(lots)
}

/// How much has expired of lots that are clawed back; answers those lots.
fn load_expired(tx: &mut Tx<'_>, all: &mut Accounts, postings: &[Posting]) -> Result<Named> {
    let clawed: Named = (postings.iter())
        .filter_map(|posting| match posting.act {
            Act::Clawback { lot_seq, .. }
            | Act::Reverse { lot_seq, .. }
            | Act::TakeBack { lot_seq } => Some((posting.member, lot_seq)),
            _ => None,
        })
        .collect();
    // the source of an expiry is its lot
    let lots = (clawed.iter()).map(|(member, seq)| (RawId::from(*member), seq.to_string()));
    let rows: Vec<(MemberId, EntryKind, Option<String>, i64)> =
        load_among(journal::SOURCES, lots, |lots| {
            entries::table
                .filter(lots)
                .select((entries::member_id, entries::kind, entries::source_id, entries::points))
                .load(tx.conn)
        })?;
    for (member, kind, lot, points) in rows {
        let lot_seq = lot.and_then(|seq| seq.parse().ok());
        if let (EntryKind::Expire, Some(lot_seq), Some(account)) =
            (kind, lot_seq, all.get_mut(&member))
        {
            *account.expired.entry(lot_seq).or_default() -= points;
        }
    }
    Ok(clawed)
}

/// The live holds of accounts that are looked at, and the holds that postings name; answers the
/// lots that live ones came from.
fn load_holds(
    tx: &mut Tx<'_>,
    all: &mut Accounts,
    needs: &Needs,
    postings: &[Posting],
) -> Result<Named> {
    let holding: Vec<MemberId> = (needs.iter())
        .filter_map(|(member, _)| all.get(&member).filter(|account| account.balance.held > 0))
        .map(|account| account.member)
        .collect();
    let mut rows: Vec<HoldRow> = if holding.is_empty() {
        Vec::new()
    } else {
        let live = holds::table.filter(holds::member_id.eq_any(&holding));
        live.filter(condition("holds.state = 'live'")).load(tx.conn)?
    };
    let ids: Vec<HoldId> = (postings.iter())
        .filter_map(|posting| match posting.act {
            Act::Capture { hold, .. } | Act::Release { hold } => Some(hold),
            _ => None,
        })
        .collect();
    if !ids.is_empty() {
        let named = holds::table.filter(holds::id.eq_any(&ids));
        rows.extend(named.load::<HoldRow>(tx.conn)?);
    }
    let mut live = Vec::new();
    for hold in rows.into_iter().map(HoldRow::into_hold) {
        let Some(account) = all.get_mut(&hold.member) else { continue };
        if hold.state == HoldState::Live {
            live.push(hold.id);
        }
        account.holds.insert(hold.id, Held { hold, parts: Vec::new() });
    }
    if live.is_empty() {
        return Ok(Named::new());
    }
    let parts: Vec<(MemberId, HoldId, i64, i64)> = hold_parts::table
        .filter(hold_parts::hold_id.eq_any(&live))
        .select((
            hold_parts::member_id,
            hold_parts::hold_id,
            hold_parts::lot_seq,
            hold_parts::points,
        ))
        .load(tx.conn)?;
    for (member, id, lot_seq, points) in &parts {
        let account = all.get_mut(member);
        if let Some(held) = account.and_then(|account| account.holds.get_mut(id)) {
            held.parts.push((*lot_seq, *points));
        }
    }
    Ok(parts.into_iter().map(|(member, _, lot_seq, _)| (member, lot_seq)).collect())
}

/// The entries that have a source which a posting names.
fn load_known(tx: &mut Tx<'_>, all: &mut Accounts, postings: &[Posting]) -> Result<()> {
    let sources: BTreeSet<(RawId, String)> = (postings.iter())
        .filter_map(|posting| {
            let source = posting.source.as_ref().filter(|source| !source.is_new)?;
            Some((RawId::from(posting.member), source.id.clone()))
        })
        .collect();
    for entry in journal::sourced(tx, sources)? {
        if let Some(account) = all.get_mut(&entry.member) {
            account.known.push(entry);
        }
    }
    Ok(())
}

fn raw(named: Named) -> impl Iterator<Item = (RawId, i64)> {
    named.into_iter().map(|(member, seq)| (RawId::from(member), seq))
}
