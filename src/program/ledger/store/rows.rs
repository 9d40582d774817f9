//! Rows as they are read.

use diesel::prelude::*;

use crate::ledger::{
    Balance, Entry, EntryKind, Hold, HoldState, Rule, Source,
    account::{Account, Lot},
};
use platform::{
    db::types::Json,
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{EntryId, HoldId, MemberId},
    },
};

#[derive(Queryable)]
pub struct AccountRow {
    pub member_id: MemberId,
    pub seq: i64,
    available: i64,
    pending: i64,
    held: i64,
    debt: i64,
    lifetime_earned: i64,
    lifetime_redeemed: i64,
    lifetime_expired: i64,
    pub next_change_at: Option<Timestamp>,
    hold_seq: i64,
}

impl From<AccountRow> for Account {
    fn from(row: AccountRow) -> Self {
        Self::new(row.member_id, row.seq, row.hold_seq, row.balance(), row.next_change_at)
    }
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

impl LotRow {
    pub const fn remaining(&self) -> i64 {
        self.remaining
    }
}

impl From<LotRow> for Lot {
    fn from(row: LotRow) -> Self {
        Self {
            seq: row.seq,
            points: row.points,
            remaining: row.remaining,
            was_open: row.remaining,
            available_at: row.available_at,
            expires_at: row.expires_at,
            matured: row.matured,
        }
    }
}

#[derive(Queryable)]
pub struct HoldRow {
    id: HoldId,
    member_id: MemberId,
    seq: i64,
    order_ref: String,
    points: i64,
    captured_points: i64,
    state: HoldState,
    entry_seq: Option<i64>,
    placed_by: String,
    placed_at: Timestamp,
    expires_at: Timestamp,
    ended_at: Option<Timestamp>,
}

impl HoldRow {
    pub fn into_hold(self) -> Hold {
        Hold {
            id: self.id,
            member: self.member_id,
            seq: self.seq,
            order_ref: self.order_ref,
            points: self.points,
            captured_points: self.captured_points,
            state: self.state,
            entry_seq: self.entry_seq,
            placed_by: self.placed_by,
            placed_at: self.placed_at,
            expires_at: self.expires_at,
            ended_at: self.ended_at,
        }
    }
}

#[derive(Queryable)]
pub struct EntryRow {
    pub member_id: MemberId,
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
            is_new: false,
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
            lots: Vec::new(),
        })
    }
}
