//! One member's account in memory: decides postings by its lots, with no database in sight.

mod moves;
mod spending;

use std::collections::{BTreeMap, BTreeSet};

use super::{Act, Answer, Balance, Entry, EntryKind, Posted, Posting, Rule, Source};
use crate::kernel::{
    chance::Chance,
    clock::Timestamp,
    error::Refusal,
    id::{EntryId, MemberId},
};

/// What a credit opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lot {
    pub seq: i64,
    pub points: i64,
    pub remaining: i64,
    pub available_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    /// Whether its points count as available.
    pub matured: bool,
}

impl Lot {
    /// When something happens to it by itself.
    fn next_change_at(&self) -> Option<Timestamp> {
        if self.remaining == 0 {
            return None;
        }
        let matures_at = (!self.matured).then_some(self.available_at);
        matures_at.into_iter().chain(self.expires_at).min()
    }

    /// The order of spending: soonest to expire first, those that never do last, ties by age.
    fn spending_order(&self) -> (bool, Option<Timestamp>, i64) {
        (self.expires_at.is_none(), self.expires_at, self.seq)
    }
}

/// What a clawback did not find.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Debt {
    pub seq: i64,
    pub points: i64,
    pub remaining: i64,
}

/// Points that a debit took from a lot, and the entry in whose posting: the debit's own, or a
/// credit's that paid its debt, or (negative) a reversal's that gave them back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allocation {
    pub debit_seq: i64,
    pub lot_seq: i64,
    pub cause_seq: i64,
    pub points: i64,
}

/// What an earlier debit took: lots and points, less what was given back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    pub kind: EntryKind,
    pub parts: Vec<(i64, i64)>,
}

/// An account with as much of its lots as the postings at hand need.
#[derive(Debug)]
pub struct Account {
    pub member: MemberId,
    pub seq: i64,
    pub balance: Balance,
    pub next_change_at: Option<Timestamp>,
    /// Loaded lots by seq: every open one or none, and those that reversals need.
    pub lots: BTreeMap<i64, Lot>,
    /// When something happens by itself to open lots that were not loaded.
    pub unseen_change_at: Option<Timestamp>,
    /// Debts that are still owed, by seq.
    pub debts: BTreeMap<i64, Debt>,
    /// What earlier debits took, by the debits' seq: those that are to be given back.
    pub taken: BTreeMap<i64, Taken>,
    /// How much of a lot has expired, by the lot's seq: those that are clawed back.
    pub expired: BTreeMap<i64, i64>,
    /// Entries whose source a posting names.
    pub known: Vec<Entry>,
    pub changes: Changes,
}

/// What is to be written.
#[derive(Debug, Default)]
pub struct Changes {
    pub entries: Vec<Entry>,
    pub lots: BTreeSet<i64>,
    pub debts: BTreeSet<i64>,
    pub allocations: Vec<Allocation>,
    /// The row itself changed, even if no entry was made.
    pub touched: bool,
}

impl Account {
    pub fn new(
        member: MemberId,
        seq: i64,
        balance: Balance,
        next_change_at: Option<Timestamp>,
    ) -> Self {
        Self {
            member,
            seq,
            balance,
            next_change_at,
            lots: BTreeMap::new(),
            unseen_change_at: next_change_at,
            debts: BTreeMap::new(),
            taken: BTreeMap::new(),
            expired: BTreeMap::new(),
            known: Vec::new(),
            changes: Changes::default(),
        }
    }

    /// Whether something became due by itself.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.next_change_at.is_some_and(|at| at <= now)
    }

    /// Decides one posting; a refusal changes nothing.
    pub fn post(&mut self, posting: &Posting, now: Timestamp, chance: &Chance) -> Answer {
        self.settle(now, Timestamp::UNIX_EPOCH, chance);
        if let Some(first) = self.repeated(posting)? {
            return Ok(Posted { entry: Some(first), repeated: true, excused: 0 });
        }
        let posted = match posting.act {
            Act::Credit { kind, points, available_at, expires_at } => {
                let lot = Lot {
                    seq: self.seq + 1,
                    points,
                    remaining: points,
                    available_at,
                    expires_at,
                    matured: available_at <= now,
                };
                self.credit(posting, kind, lot, now, chance)?
            }
            Act::Debit { kind, points } => self.debit(posting, kind, points, now, chance)?,
            Act::Clawback { lot_seq, due, excused, forgive } => self.claw_back(
                posting,
                moves::ClawBack { lot_seq, due, excused, forgive },
                now,
                chance,
            ),
            Act::GiveBack { entry_seq } => self.give_back(posting, entry_seq, now, chance)?,
        };
        self.settle(now, posting.occurred_at, chance);
        Ok(posted)
    }

    /// The first entry of the same source, if there is one.
    fn repeated(&self, posting: &Posting) -> Result<Option<Entry>, Refusal> {
        let Some(source) = &posting.source else { return Ok(None) };
        let kind = posting.act.kind();
        let first = self
            .known
            .iter()
            .chain(&self.changes.entries)
            .find(|entry| entry.kind == kind && entry.source.as_ref() == Some(source));
        match first {
            Some(first) if posting.act.points().is_none_or(|points| points == first.points) => {
                Ok(Some(first.clone()))
            }
            Some(first) => Err(Refusal::SourceConflict(format!(
                "{} {} has an entry of {} points already",
                source.kind, source.id, first.points
            ))),
            None => Ok(None),
        }
    }

    /// Brings the account up to `now`: pending points mature, lots come to their end. No expiry is
    /// dated before `floor`.
    pub fn settle(&mut self, now: Timestamp, floor: Timestamp, chance: &Chance) {
        if !self.is_due(now) {
            return;
        }
        let mut ended = Vec::new();
        for lot in self.lots.values_mut().filter(|lot| lot.remaining > 0) {
            if !lot.matured && lot.available_at <= now {
                lot.matured = true;
                self.balance.pending -= lot.remaining;
                self.balance.available += lot.remaining;
                self.changes.lots.insert(lot.seq);
                self.changes.touched = true;
            }
            if let Some(end) = lot.expires_at.filter(|end| *end <= now) {
                ended.push((end.max(floor), lot.seq));
            }
        }
        ended.sort_unstable();
        for (end, lot_seq) in ended {
            self.expire(lot_seq, end, now, chance);
        }
        self.plan();
    }

    fn expire(&mut self, lot_seq: i64, end: Timestamp, now: Timestamp, chance: &Chance) {
        let seq = self.seq + 1;
        let points = self.take_from(lot_seq, i64::MAX, seq);
        self.balance.lifetime_expired += points;
        *self.expired.entry(lot_seq).or_default() += points;
        let posting = Posting {
            member: self.member,
            act: Act::Debit { kind: EntryKind::Expire, points },
            source: Some(Source::new("expiry", lot_seq).part(seq)),
            rule: Rule::Expiry { lot_seq },
            actor: "system".to_owned(),
            channel: None,
            reason: None,
            occurred_at: end,
        };
        self.enter(&posting, EntryKind::Expire, -points, posting.rule.clone(), now, chance);
    }

    /// Finds out when something happens by itself next.
    fn plan(&mut self) {
        let loaded = self.lots.values().filter_map(Lot::next_change_at);
        let next = loaded.chain(self.unseen_change_at).min();
        if next != self.next_change_at {
            self.next_change_at = next;
            self.changes.touched = true;
        }
    }

    fn enter(
        &mut self,
        posting: &Posting,
        kind: EntryKind,
        points: i64,
        rule: Rule,
        now: Timestamp,
        chance: &Chance,
    ) -> Entry {
        self.seq += 1;
        let Balance { available, pending, held, debt, .. } = self.balance;
        let (available_at, expires_at) = match posting.act {
            Act::Credit { available_at, expires_at, .. } => (Some(available_at), expires_at),
            _ => (None, None),
        };
        let entry = Entry {
            id: EntryId::new(now, chance),
            member: self.member,
            seq: self.seq,
            kind,
            points,
            balance_after: available + pending + held - debt,
            available_at,
            expires_at,
            source: posting.source.clone(),
            rule,
            actor: posting.actor.clone(),
            channel: posting.channel.clone(),
            reason: posting.reason.clone(),
            occurred_at: posting.occurred_at,
            recorded_at: now,
        };
        self.changes.entries.push(entry.clone());
        self.changes.touched = true;
        entry
    }
}

impl Act {
    /// The kind of the entry that it makes.
    #[must_use]
    pub const fn kind(&self) -> EntryKind {
        match self {
            Self::Credit { kind, .. } | Self::Debit { kind, .. } => *kind,
            Self::Clawback { .. } => EntryKind::Clawback,
            Self::GiveBack { .. } => EntryKind::Reversal,
        }
    }

    /// The signed points of its entry, where they are known beforehand.
    const fn points(&self) -> Option<i64> {
        match self {
            Self::Credit { points, .. } => Some(*points),
            Self::Debit { points, .. } => Some(-*points),
            Self::Clawback { .. } | Self::GiveBack { .. } => None,
        }
    }
}
