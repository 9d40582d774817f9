//! Rows as they are read.

use diesel::prelude::*;

use crate::{
    db::types::Json,
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{EntryId, MemberId},
    },
    program::ledger::{Balance, Entry, EntryKind, Rule, Source, account::Lot},
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
