//! What the audit reads: the rows as they are.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::{
    db::{
        Tx,
        schema::{
            accounts, allocations, debts, entries, entry_notes, expiries, hold_parts, holds, lots,
            orders, redemptions,
        },
    },
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{HoldId, MemberId, OrderId, RedemptionId},
    },
    program::ledger::{EntryKind, HoldState},
};

/// All rows of one member.
pub struct Member {
    pub account: Account,
    pub entries: BTreeMap<i64, Entry>,
    pub notes: Vec<i64>,
    pub lots: BTreeMap<i64, Lot>,
    pub debts: BTreeMap<i64, Debt>,
    pub allocations: Vec<Allocation>,
    pub holds: BTreeMap<HoldId, Hold>,
    pub hold_parts: Vec<HoldPart>,
    pub expiries: BTreeMap<Timestamp, i64>,
    pub orders: Vec<Order>,
    pub redemptions: Vec<Redemption>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = accounts)]
pub struct Account {
    pub member_id: MemberId,
    pub seq: i64,
    pub available: i64,
    pub pending: i64,
    pub held: i64,
    pub debt: i64,
    pub lifetime_earned: i64,
    pub lifetime_redeemed: i64,
    pub lifetime_expired: i64,
    pub next_change_at: Option<Timestamp>,
    pub hold_seq: i64,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = entries)]
pub struct Entry {
    pub member_id: MemberId,
    pub seq: i64,
    pub kind: EntryKind,
    pub points: i64,
    pub balance_after: i64,
    pub available_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = lots)]
pub struct Lot {
    pub member_id: MemberId,
    pub seq: i64,
    pub points: i64,
    pub remaining: i64,
    pub available_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub matured: bool,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = debts)]
pub struct Debt {
    pub member_id: MemberId,
    pub seq: i64,
    pub points: i64,
    pub remaining: i64,
    pub cancelled: i64,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = holds)]
pub struct Hold {
    pub id: HoldId,
    pub member_id: MemberId,
    pub seq: i64,
    pub points: i64,
    pub captured_points: i64,
    pub state: HoldState,
    pub entry_seq: Option<i64>,
    pub expires_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = hold_parts)]
pub struct HoldPart {
    pub member_id: MemberId,
    pub hold_id: HoldId,
    pub lot_seq: i64,
    pub points: i64,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = expiries)]
pub struct Expiry {
    pub member_id: MemberId,
    pub expires_at: Timestamp,
    pub points: i64,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = allocations)]
pub struct Allocation {
    pub member_id: MemberId,
    pub debit_seq: i64,
    pub lot_seq: i64,
    pub cause_seq: i64,
    pub points: i64,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = orders)]
pub struct Order {
    pub member_id: MemberId,
    pub id: OrderId,
    pub entry_seq: Option<i64>,
    pub earned_points: i64,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = redemptions)]
pub struct Redemption {
    pub member_id: MemberId,
    pub id: RedemptionId,
    pub entry_seq: i64,
    pub points: i64,
}

/// The next accounts, by member: whose, and how many entries they have.
pub fn page(tx: &mut Tx<'_>, after: Option<MemberId>, limit: i64) -> Result<Vec<(MemberId, i64)>> {
    let columns = (accounts::member_id, accounts::seq);
    let accounts = accounts::table.order(accounts::member_id).limit(limit).select(columns);
    Ok(match after {
        Some(after) => accounts.filter(accounts::member_id.gt(after)).load(tx.conn)?,
        None => accounts.load(tx.conn)?,
    })
}

/// All rows of `members`.
pub fn load(tx: &mut Tx<'_>, members: &[MemberId]) -> Result<Vec<Member>> {
    macro_rules! rows {
        ($table:ident: $row:ty) => {{
            let rows: Vec<$row> = $table::table
                .filter($table::member_id.eq_any(members))
                .select(<$row>::as_select())
                .load(tx.conn)?;
            rows
        }};
    }
    let mut all: BTreeMap<MemberId, Member> = rows!(accounts: Account)
        .into_iter()
        .map(|account| (account.member_id, Member::new(account)))
        .collect();
    for row in rows!(entries: Entry) {
        if let Some(member) = all.get_mut(&row.member_id) {
            member.entries.insert(row.seq, row);
        }
    }
    for row in rows!(lots: Lot) {
        if let Some(member) = all.get_mut(&row.member_id) {
            member.lots.insert(row.seq, row);
        }
    }
    for row in rows!(debts: Debt) {
        if let Some(member) = all.get_mut(&row.member_id) {
            member.debts.insert(row.seq, row);
        }
    }
    for row in rows!(allocations: Allocation) {
        if let Some(member) = all.get_mut(&row.member_id) {
            member.allocations.push(row);
        }
    }
    for row in rows!(holds: Hold) {
        if let Some(member) = all.get_mut(&row.member_id) {
            member.holds.insert(row.id, row);
        }
    }
    for row in rows!(hold_parts: HoldPart) {
        if let Some(member) = all.get_mut(&row.member_id) {
            member.hold_parts.push(row);
        }
    }
    for row in rows!(expiries: Expiry) {
        if let Some(member) = all.get_mut(&row.member_id) {
            member.expiries.insert(row.expires_at, row.points);
        }
    }
    for row in rows!(orders: Order) {
        if let Some(member) = all.get_mut(&row.member_id) {
            member.orders.push(row);
        }
    }
    for row in rows!(redemptions: Redemption) {
        if let Some(member) = all.get_mut(&row.member_id) {
            member.redemptions.push(row);
        }
    }
    let notes: Vec<(MemberId, i64)> = entry_notes::table
        .filter(entry_notes::member_id.eq_any(members))
        .select((entry_notes::member_id, entry_notes::seq))
        .load(tx.conn)?;
    for (member_id, seq) in notes {
        if let Some(member) = all.get_mut(&member_id) {
            member.notes.push(seq);
        }
    }
    Ok(all.into_values().collect())
}

impl Member {
    const fn new(account: Account) -> Self {
        Self {
            account,
            entries: BTreeMap::new(),
            notes: Vec::new(),
            lots: BTreeMap::new(),
            debts: BTreeMap::new(),
            allocations: Vec::new(),
            holds: BTreeMap::new(),
            hold_parts: Vec::new(),
            expiries: BTreeMap::new(),
            orders: Vec::new(),
            redemptions: Vec::new(),
        }
    }
}
