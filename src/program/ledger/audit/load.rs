//! Reading the rows, a page of members at a time.

use diesel::prelude::*;

use super::{
    Ledgers,
    rows::{Account, Allocation, Debt, Entry, Hold, HoldPart, Ledger, Lot},
};
use crate::ledger::{EntryKind, HoldState, store::SOURCES};
use platform::{
    db::{
        Tx,
        among::load_among,
        schema::{accounts, allocations, debts, entries, expiries, hold_parts, holds, lots},
        seen::RawFlag,
        types::{Json, RawId},
    },
    kernel::{
        clock::RawInstant,
        difference::{Findings, Seen, Told},
        error::Result,
        id::{EntryId, HoldId, MemberId},
    },
};

/// How many accounts there are.
pub(super) fn count(tx: &mut Tx<'_>) -> Result<u64> {
    let count: i64 = accounts::table.count().get_result(tx.conn)?;
    Ok(count.unsigned_abs())
}

/// The next accounts, by member: whose, and how many entries they have.
pub(super) fn page(
    tx: &mut Tx<'_>,
    after: Option<MemberId>,
    limit: i64,
) -> Result<Vec<(MemberId, i64)>> {
    let columns = (accounts::member_id, accounts::seq);
    let accounts = accounts::table.order(accounts::member_id).limit(limit).select(columns);
    Ok(match after {
        Some(after) => accounts.filter(accounts::member_id.gt(after)).load(tx.conn)?,
        None => accounts.load(tx.conn)?,
    })
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = entries)]
struct EntryRow {
    member_id: MemberId,
    seq: i64,
    id: EntryId,
    kind: Seen<EntryKind>,
    points: i64,
    balance_after: i64,
    available_at: Option<RawInstant>,
    expires_at: Option<RawInstant>,
    source_type: Option<String>,
    source_id: Option<String>,
    part: String,
    actor: String,
    channel: Option<String>,
    rule: Seen<Json>,
    occurred_at: RawInstant,
    recorded_at: RawInstant,
}

impl EntryRow {
    fn into_entry(self, told: &mut Told<'_>) -> Entry {
        let seq = self.seq;
        if self.source_type.is_some() != self.source_id.is_some() {
            let found = (&self.source_type, &self.source_id);
            let what = format_args!("the source of entry {seq}");
            told.differs(what, "a type with an id", format_args!("{found:?}"));
        }
        let kind = told.read(format_args!("kind of entry {seq}"), self.kind);
        let rule = match self.rule {
            Seen::Unknown(why) => Seen::Unknown(why),
            Seen::Known(json) => match json.read() {
                Ok(rule) => Seen::Known(rule),
                Err(why) => Seen::Unknown(why.to_string()),
            },
        };
        Entry {
            member_id: self.member_id,
            seq,
            id: self.id,
            kind,
            points: self.points.into(),
            balance_after: self.balance_after.into(),
            available_at: self.available_at,
            expires_at: self.expires_at,
            source: self.source_type.zip(self.source_id),
            part: self.part,
            actor: self.actor,
            channel: self.channel,
            rule: told.read(format_args!("rule of entry {seq}"), rule),
            occurred_at: self.occurred_at,
            recorded_at: self.recorded_at,
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = holds)]
struct HoldRow {
    id: HoldId,
    member_id: MemberId,
    seq: i64,
    order_ref: String,
    points: i64,
    captured_points: i64,
    state: Seen<HoldState>,
    entry_seq: Option<i64>,
    placed_at: RawInstant,
    expires_at: RawInstant,
    ended_at: Option<RawInstant>,
}

impl HoldRow {
    fn into_hold(self, told: &mut Told<'_>) -> Hold {
        let id = self.id;
        Hold {
            id,
            seq: self.seq,
            order_ref: self.order_ref,
            points: self.points.into(),
            captured_points: self.captured_points.into(),
            state: told.read(format_args!("state of {id}"), self.state),
            entry_seq: self.entry_seq,
            placed_at: self.placed_at,
            expires_at: self.expires_at,
            ended_at: self.ended_at,
        }
    }
}

/// Column by column.
type LotRow = (MemberId, i64, i64, i64, RawInstant, Option<RawInstant>, RawFlag);

/// All rows of `members`; what of them can't be read is told.
pub(super) fn load(
    tx: &mut Tx<'_>,
    members: &[MemberId],
    findings: &mut Findings,
) -> Result<Ledgers> {
    macro_rules! rows {
        ($table:ident: $row:ty) => {
            rows!($table: $row, <$row>::as_select())
        };
        ($table:ident: $row:ty, $columns:expr) => {{
            let rows: Vec<$row> = $table::table
                .filter($table::member_id.eq_any(members))
                .select($columns)
                .load(tx.conn)?;
            rows
        }};
    }
    let mut all = load_accounts(tx, members)?;
    for row in rows!(entries: EntryRow) {
        if let Some(ledger) = all.get_mut(&row.member_id) {
            let member = row.member_id;
            let entry = row.into_entry(&mut findings.of(&member));
            ledger.entries.insert(entry.seq, entry);
        }
    }
    for row in rows!(holds: HoldRow) {
        if let Some(ledger) = all.get_mut(&row.member_id) {
            let member = row.member_id;
            let hold = row.into_hold(&mut findings.of(&member));
            ledger.holds.insert(hold.id, hold);
        }
    }
    for row in rows!(lots: LotRow, lots::all_columns) {
        let (member, seq, points, remaining, available_at, expires_at, matured) = row;
        if let Some(ledger) = all.get_mut(&member) {
            let (points, remaining) = (points.into(), remaining.into());
            let lot = Lot { seq, points, remaining, available_at, expires_at, matured };
            ledger.lots.insert(seq, lot);
        }
    }
    for row in rows!(debts: (MemberId, i64, i64, i64, i64, bool), debts::all_columns) {
        let (member, seq, points, remaining, cancelled, while_held) = row;
        if let Some(ledger) = all.get_mut(&member) {
            let (points, remaining, cancelled) =
                (points.into(), remaining.into(), cancelled.into());
            ledger.debts.insert(seq, Debt { seq, points, remaining, cancelled, while_held });
        }
    }
    for row in rows!(allocations: (MemberId, i64, i64, i64, i64), allocations::all_columns) {
        let (member, debit_seq, lot_seq, cause_seq, points) = row;
        if let Some(ledger) = all.get_mut(&member) {
            let points = points.into();
            ledger.allocations.push(Allocation { debit_seq, lot_seq, cause_seq, points });
        }
    }
    for row in rows!(hold_parts: (HoldId, i64, MemberId, i64), hold_parts::all_columns) {
        let (hold_id, lot_seq, member, points) = row;
        if let Some(ledger) = all.get_mut(&member) {
            ledger.hold_parts.push(HoldPart { hold_id, lot_seq, points: points.into() });
        }
    }
    for row in rows!(expiries: (MemberId, RawInstant, i64), expiries::all_columns) {
        let (member, at, points) = row;
        if let Some(ledger) = all.get_mut(&member) {
            ledger.expiries.insert(at, points.into());
        }
    }
    Ok(all)
}

fn load_accounts(tx: &mut Tx<'_>, members: &[MemberId]) -> Result<Ledgers> {
    #[derive(Queryable, Selectable)]
    #[diesel(table_name = accounts)]
    struct AccountRow {
        member_id: MemberId,
        seq: i64,
        available: i64,
        pending: i64,
        held: i64,
        debt: i64,
        lifetime_earned: i64,
        lifetime_redeemed: i64,
        lifetime_expired: i64,
        next_change_at: Option<RawInstant>,
        hold_seq: i64,
    }
    let rows: Vec<AccountRow> = accounts::table
        .filter(accounts::member_id.eq_any(members))
        .select(AccountRow::as_select())
        .load(tx.conn)?;
    let ledger = |row: AccountRow| {
        let account = Account {
            seq: row.seq,
            available: row.available.into(),
            pending: row.pending.into(),
            held: row.held.into(),
            debt: row.debt.into(),
            lifetime_earned: row.lifetime_earned.into(),
            lifetime_redeemed: row.lifetime_redeemed.into(),
            lifetime_expired: row.lifetime_expired.into(),
            next_change_at: row.next_change_at,
            hold_seq: row.hold_seq,
        };
        (row.member_id, Ledger::new(account))
    };
    Ok(rows.into_iter().map(ledger).collect())
}

/// Entries of any members by their sources, of one type; what of them can't be read is not told
/// here, but where their members are audited.
pub fn entries_of_sources(
    tx: &mut Tx<'_>,
    of_type: &str,
    sources: impl IntoIterator<Item = (MemberId, String)>,
) -> Result<Vec<Entry>> {
    let sources = sources.into_iter().map(|(member, id)| (RawId::from(member), id));
    let rows = load_among(SOURCES, sources, |sources| {
        entries::table.filter(sources).select(EntryRow::as_select()).load::<EntryRow>(tx.conn)
    })?;
    let rows = rows.into_iter().filter(|row| row.source_type.as_deref() == Some(of_type));
    let mut unheard = Findings::default();
    Ok(rows.map(|row| row.into_entry(&mut unheard.of(&""))).collect())
}
