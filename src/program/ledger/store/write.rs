//! Writing what changed, with statements for many rows.

mod expiries;
mod holds;

use std::collections::BTreeMap;

use diesel::{dsl::sql, prelude::*, sql_types::Nullable};

use crate::ledger::{
    Balance, Entry,
    account::{Account, Debt},
};
use platform::{
    db::{
        Tx,
        bulk::Bulk,
        schema::accounts,
        types::{InstantSql, Json, RawId},
    },
    kernel::{error::Result, id::MemberId},
};

/// Writes what changed, a statement for each table.
pub fn write(tx: &mut Tx<'_>, all: &BTreeMap<MemberId, Account>) -> Result<()> {
    let changed: Vec<&Account> = all.values().filter(|account| account.changes.touched).collect();
    let new: Vec<&Entry> = changed.iter().flat_map(|account| &account.changes.entries).collect();
    write_entries(tx, &new)?;
    write_lots(tx, &changed)?;
    write_debts(tx, &changed)?;
    write_allocations(tx, &changed)?;
    write_accounts(tx, &changed)?;
    holds::write(tx, &changed)?;
    expiries::write(tx, &changed)?;
    replan(tx, &changed)
}

/// Where not every lot was loaded, the database says when something happens by itself next.
fn replan(tx: &mut Tx<'_>, changed: &[&Account]) -> Result<()> {
    let partial: Vec<MemberId> = (changed.iter())
        .filter(|account| account.is_partial)
        .map(|account| account.member)
        .collect();
    if partial.is_empty() {
        return Ok(());
    }
    // early and late lots apart, as in `lots`
    let next = sql::<Nullable<InstantSql>>(
        "(SELECT MIN(at) FROM (\
         SELECT MIN(expires_at) AS at FROM expiries WHERE member_id = accounts.member_id \
         UNION ALL SELECT MIN(available_at) FROM lots \
         WHERE member_id = accounts.member_id AND remaining > 0 AND NOT matured AND NOT seq <= 64 \
         UNION ALL SELECT MIN(available_at) FROM lots \
         WHERE member_id = accounts.member_id AND remaining > 0 AND NOT matured AND seq <= 64 \
         UNION ALL SELECT MIN(expires_at) FROM holds \
         WHERE member_id = accounts.member_id AND state = 'live') AS changes)",
    );
    diesel::update(accounts::table.filter(accounts::member_id.eq_any(partial)))
        .set(accounts::next_change_at.eq(next))
        .execute(tx.conn)?;
    Ok(())
}

fn write_entries(tx: &mut Tx<'_>, new: &[&Entry]) -> Result<()> {
    let rules = new.iter().map(|entry| Json::of(&entry.rule)).collect::<Result<Vec<_>>>()?;
    let source = |entry: &&Entry| entry.source.clone();
    Bulk::into("entries")
        .column("member_id", new.iter().map(|entry| RawId::from(entry.member)))
        .column("seq", new.iter().map(|entry| entry.seq))
        .column("id", new.iter().map(|entry| RawId::from(entry.id)))
        .column("kind", new.iter().map(|entry| entry.kind.as_str().to_owned()))
        .column("points", new.iter().map(|entry| entry.points))
        .column("balance_after", new.iter().map(|entry| entry.balance_after))
        .column("available_at", new.iter().map(|entry| entry.available_at))
        .column("expires_at", new.iter().map(|entry| entry.expires_at))
        .column("source_type", new.iter().map(|entry| source(entry).map(|source| source.kind)))
        .column("source_id", new.iter().map(|entry| source(entry).map(|source| source.id)))
        .column(
            "part",
            new.iter().map(|entry| source(entry).map_or_else(String::new, |source| source.part)),
        )
        .column("actor", new.iter().map(|entry| entry.actor.clone()))
        .column("channel", new.iter().map(|entry| entry.channel.clone()))
        .column("rule", rules)
        .column("occurred_at", new.iter().map(|entry| entry.occurred_at))
        .column("recorded_at", new.iter().map(|entry| entry.recorded_at))
        .execute(tx.conn)?;
    let noted: Vec<(&&Entry, &String)> =
        new.iter().filter_map(|entry| Some((entry, entry.reason.as_ref()?))).collect();
    Bulk::into("entry_notes")
        .column("entry_id", noted.iter().map(|(entry, _)| RawId::from(entry.id)))
        .column("reason", noted.iter().map(|(_, reason)| (*reason).clone()))
        .execute(tx.conn)?;
    Ok(())
}

fn write_lots(tx: &mut Tx<'_>, changed: &[&Account]) -> Result<()> {
    const CHANGES: &str = "ON CONFLICT (member_id, seq) DO UPDATE SET \
                           remaining = excluded.remaining, matured = excluded.matured";
    let lots = changed.iter().flat_map(|account| {
        let lots = account.changes.lots.iter().filter_map(|seq| account.lots.get(seq));
        lots.map(|lot| (account.member, lot, account.changes.has_made(lot.seq)))
    });
    let (new, old): (Vec<_>, Vec<_>) = lots.partition(|(.., is_new)| *is_new);
    for (rows, tail) in [(new, ""), (old, CHANGES)] {
        Bulk::into("lots")
            .column("member_id", rows.iter().map(|(member, ..)| RawId::from(*member)))
            .column("seq", rows.iter().map(|(_, lot, _)| lot.seq))
            .column("points", rows.iter().map(|(_, lot, _)| lot.points))
            .column("remaining", rows.iter().map(|(_, lot, _)| lot.remaining))
            .column("available_at", rows.iter().map(|(_, lot, _)| lot.available_at))
            .column("expires_at", rows.iter().map(|(_, lot, _)| lot.expires_at))
            .column("matured", rows.iter().map(|(_, lot, _)| lot.matured))
            .tail(tail)
            .execute(tx.conn)?;
    }
    Ok(())
}

fn write_debts(tx: &mut Tx<'_>, changed: &[&Account]) -> Result<()> {
    let rows: Vec<(MemberId, &Debt)> = changed
        .iter()
        .flat_map(|account| {
            let debts = account.changes.debts.iter().filter_map(|seq| account.debts.get(seq));
            debts.map(|debt| (account.member, debt))
        })
        .collect();
    Bulk::into("debts")
        .column("member_id", rows.iter().map(|(member, _)| RawId::from(*member)))
        .column("seq", rows.iter().map(|(_, debt)| debt.seq))
        .column("points", rows.iter().map(|(_, debt)| debt.points))
        .column("remaining", rows.iter().map(|(_, debt)| debt.remaining))
        .column("cancelled", rows.iter().map(|(_, debt)| debt.cancelled))
        .column("while_held", rows.iter().map(|(_, debt)| debt.while_held))
        .tail(
            "ON CONFLICT (member_id, seq) DO UPDATE SET remaining = excluded.remaining, \
             cancelled = excluded.cancelled",
        )
        .execute(tx.conn)?;
    Ok(())
}

fn write_allocations(tx: &mut Tx<'_>, changed: &[&Account]) -> Result<()> {
    // two parts of one posting may meet in one row
    let mut rows: BTreeMap<(MemberId, i64, i64, i64), i64> = BTreeMap::new();
    for account in changed {
        for part in &account.changes.allocations {
            let key = (account.member, part.debit_seq, part.lot_seq, part.cause_seq);
            *rows.entry(key).or_default() += part.points;
        }
    }
    Bulk::into("allocations")
        .column("member_id", rows.keys().map(|(member, ..)| RawId::from(*member)))
        .column("debit_seq", rows.keys().map(|(_, debit_seq, ..)| *debit_seq))
        .column("lot_seq", rows.keys().map(|(_, _, lot_seq, _)| *lot_seq))
        .column("cause_seq", rows.keys().map(|(.., cause_seq)| *cause_seq))
        .column("points", rows.values().copied())
        .execute(tx.conn)?;
    Ok(())
}

fn write_accounts(tx: &mut Tx<'_>, changed: &[&Account]) -> Result<()> {
    let balance = |pick: fn(&Balance) -> i64| {
        changed.iter().map(move |account| pick(&account.balance)).collect::<Vec<i64>>()
    };
    Bulk::into("accounts")
        .column("member_id", changed.iter().map(|account| RawId::from(account.member)))
        .column("seq", changed.iter().map(|account| account.seq))
        .column("available", balance(|b| b.available))
        .column("pending", balance(|b| b.pending))
        .column("held", balance(|b| b.held))
        .column("debt", balance(|b| b.debt))
        .column("lifetime_earned", balance(|b| b.lifetime_earned))
        .column("lifetime_redeemed", balance(|b| b.lifetime_redeemed))
        .column("lifetime_expired", balance(|b| b.lifetime_expired))
        .column("next_change_at", changed.iter().map(|account| account.next_change_at))
        .column("hold_seq", changed.iter().map(|account| account.hold_seq))
        .tail(
            "ON CONFLICT (member_id) DO UPDATE SET seq = excluded.seq, \
             available = excluded.available, pending = excluded.pending, held = excluded.held, \
             debt = excluded.debt, lifetime_earned = excluded.lifetime_earned, \
             lifetime_redeemed = excluded.lifetime_redeemed, \
             lifetime_expired = excluded.lifetime_expired, \
             next_change_at = excluded.next_change_at, hold_seq = excluded.hold_seq",
        )
        .execute(tx.conn)?;
    Ok(())
}
