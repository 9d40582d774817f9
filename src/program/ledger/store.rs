//! The ledger's rows: accounts are locked and loaded with what the postings need, and written
//! with statements for many rows.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use super::{
    Act, Balance, Entry, EntryKind, Posting, Rule, Source,
    account::{Account, Debt, Lot, Taken},
};
use crate::{
    db::{
        Tx,
        bulk::Bulk,
        lock::for_update,
        schema::{accounts, allocations, debts, entries, entry_notes, lots},
        types::{Json, RawId},
    },
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{EntryId, MemberId},
    },
};

#[derive(Queryable)]
pub struct AccountRow {
    member_id: MemberId,
    seq: i64,
    available: i64,
    pending: i64,
    held: i64,
    debt: i64,
    lifetime_earned: i64,
    lifetime_redeemed: i64,
    lifetime_expired: i64,
    next_change_at: Option<Timestamp>,
}

impl AccountRow {
    pub const fn balance(&self) -> Balance {
        Balance {
            available: self.available,
            pending: self.pending,
            held: self.held,
            debt: self.debt,
            lifetime_earned: self.lifetime_earned,
            lifetime_redeemed: self.lifetime_redeemed,
            lifetime_expired: self.lifetime_expired,
        }
    }
}

#[derive(Queryable)]
pub struct LotRow {
    pub member_id: MemberId,
    seq: i64,
    points: i64,
    remaining: i64,
    available_at: Timestamp,
    expires_at: Option<Timestamp>,
    matured: bool,
}

impl From<LotRow> for Lot {
    fn from(row: LotRow) -> Self {
        Self {
            seq: row.seq,
            points: row.points,
            remaining: row.remaining,
            available_at: row.available_at,
            expires_at: row.expires_at,
            matured: row.matured,
        }
    }
}

#[derive(Queryable)]
pub struct EntryRow {
    member_id: MemberId,
    seq: i64,
    id: EntryId,
    kind: EntryKind,
    points: i64,
    balance_after: i64,
    available_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    source_type: Option<String>,
    source_id: Option<String>,
    part: String,
    actor: String,
    channel: Option<String>,
    rule: Json,
    occurred_at: Timestamp,
    recorded_at: Timestamp,
}

impl EntryRow {
    pub fn into_entry(self, reason: Option<String>) -> Result<Entry> {
        let source = self.source_type.zip(self.source_id).map(|(kind, id)| Source {
            kind,
            id,
            part: self.part,
        });
        Ok(Entry {
            id: self.id,
            member: self.member_id,
            seq: self.seq,
            kind: self.kind,
            points: self.points,
            balance_after: self.balance_after,
            available_at: self.available_at,
            expires_at: self.expires_at,
            source,
            rule: self.rule.read::<Rule>()?,
            actor: self.actor,
            channel: self.channel,
            reason,
            occurred_at: self.occurred_at,
            recorded_at: self.recorded_at,
        })
    }
}

/// Gives each member an account without points; one that has an account keeps it.
pub fn open(tx: &mut Tx<'_>, members: &[MemberId]) -> Result<()> {
    let zeros = || vec![0i64; members.len()];
    Bulk::into("accounts")
        .column("member_id", members.iter().map(|id| RawId::from(*id)))
        .column("seq", zeros())
        .column("available", zeros())
        .column("pending", zeros())
        .column("held", zeros())
        .column("debt", zeros())
        .column("lifetime_earned", zeros())
        .column("lifetime_redeemed", zeros())
        .column("lifetime_expired", zeros())
        .tail("ON CONFLICT (member_id) DO NOTHING")
        .execute(tx.conn)?;
    Ok(())
}

/// The account's row as it is.
pub fn account(tx: &mut Tx<'_>, member: MemberId) -> Result<Option<AccountRow>> {
    Ok(accounts::table.find(member).first(tx.conn).optional()?)
}

/// When something happens to the account by itself.
pub fn next_change_at(tx: &mut Tx<'_>, member: MemberId) -> Result<Option<Timestamp>> {
    let row: Option<Option<Timestamp>> =
        accounts::table.find(member).select(accounts::next_change_at).first(tx.conn).optional()?;
    Ok(row.flatten())
}

/// Members whose accounts changed by themselves, longest ago first.
pub fn due(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<MemberId>> {
    Ok(accounts::table
        .filter(accounts::next_change_at.le(tx.now))
        .order(accounts::next_change_at)
        .limit(limit)
        .select(accounts::member_id)
        .load(tx.conn)?)
}

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
    let rows: Vec<EntryRow> = entries::table
        .filter(entries::member_id.eq_any(&members))
        .filter(entries::source_id.eq_any(&ids))
        .load(tx.conn)?;
    for row in rows {
        if let Some(account) = all.get_mut(&row.member_id) {
            account.known.push(row.into_entry(None)?);
        }
    }
    Ok(())
}

/// Writes what changed, a statement for each table.
pub fn write(tx: &mut Tx<'_>, all: &BTreeMap<MemberId, Account>) -> Result<()> {
    let changed: Vec<&Account> = all.values().filter(|account| account.changes.touched).collect();
    let new: Vec<&Entry> = changed.iter().flat_map(|account| &account.changes.entries).collect();
    write_entries(tx, &new)?;
    write_lots(tx, &changed)?;
    write_debts(tx, &changed)?;
    write_allocations(tx, &changed)?;
    write_accounts(tx, &changed)
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
        .column("member_id", noted.iter().map(|(entry, _)| RawId::from(entry.member)))
        .column("seq", noted.iter().map(|(entry, _)| entry.seq))
        .column("reason", noted.iter().map(|(_, reason)| (*reason).clone()))
        .execute(tx.conn)?;
    Ok(())
}

fn write_lots(tx: &mut Tx<'_>, changed: &[&Account]) -> Result<()> {
    let rows: Vec<(MemberId, &Lot)> = changed
        .iter()
        .flat_map(|account| {
            let lots = account.changes.lots.iter().filter_map(|seq| account.lots.get(seq));
            lots.map(|lot| (account.member, lot))
        })
        .collect();
    Bulk::into("lots")
        .column("member_id", rows.iter().map(|(member, _)| RawId::from(*member)))
        .column("seq", rows.iter().map(|(_, lot)| lot.seq))
        .column("points", rows.iter().map(|(_, lot)| lot.points))
        .column("remaining", rows.iter().map(|(_, lot)| lot.remaining))
        .column("available_at", rows.iter().map(|(_, lot)| lot.available_at))
        .column("expires_at", rows.iter().map(|(_, lot)| lot.expires_at))
        .column("matured", rows.iter().map(|(_, lot)| lot.matured))
        .tail(
            "ON CONFLICT (member_id, seq) DO UPDATE SET remaining = excluded.remaining, \
             matured = excluded.matured",
        )
        .execute(tx.conn)?;
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
        .tail("ON CONFLICT (member_id, seq) DO UPDATE SET remaining = excluded.remaining")
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
        .tail(
            "ON CONFLICT (member_id) DO UPDATE SET seq = excluded.seq, \
             available = excluded.available, pending = excluded.pending, held = excluded.held, \
             debt = excluded.debt, lifetime_earned = excluded.lifetime_earned, \
             lifetime_redeemed = excluded.lifetime_redeemed, \
             lifetime_expired = excluded.lifetime_expired, \
             next_change_at = excluded.next_change_at",
        )
        .execute(tx.conn)?;
    Ok(())
}

/// Entries of a member before `before`, newest first, with their notes.
pub fn list(
    tx: &mut Tx<'_>,
    member: MemberId,
    before: Option<i64>,
    rows: i64,
) -> Result<Vec<Entry>> {
    let rows: Vec<(EntryRow, Option<String>)> = entries::table
        .left_join(entry_notes::table.on(
            entry_notes::member_id.eq(entries::member_id).and(entry_notes::seq.eq(entries::seq)),
        ))
        .filter(entries::member_id.eq(member))
        .filter(entries::seq.lt(before.unwrap_or(i64::MAX)))
        .order(entries::seq.desc())
        .limit(rows)
        .select((entries::all_columns, entry_notes::reason.nullable()))
        .load(tx.conn)?;
    rows.into_iter().map(|(row, reason)| row.into_entry(reason)).collect()
}

/// Open lots that will expire, soonest first: points and when.
pub fn expiring(
    tx: &mut Tx<'_>,
    member: MemberId,
    limit: i64,
) -> Result<Vec<(i64, Option<Timestamp>)>> {
    Ok(lots::table
        .filter(lots::member_id.eq(member))
        .filter(lots::remaining.gt(0))
        .filter(lots::expires_at.is_not_null())
        .order((lots::expires_at, lots::seq))
        .limit(limit)
        .select((lots::remaining, lots::expires_at))
        .load(tx.conn)?)
}
