//! One member's account in memory: decides postings by its lots, with no database in sight.

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
            Act::Clawback { lot_seq, due, excused, forgive } => {
                self.claw_back(posting, ClawBack { lot_seq, due, excused, forgive }, now, chance)
            }
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

    fn credit(
        &mut self,
        posting: &Posting,
        kind: EntryKind,
        mut lot: Lot,
        now: Timestamp,
        chance: &Chance,
    ) -> Result<Posted, Refusal> {
        let points = lot.points;
        self.check_room(points)?;
        if counts_as_earned(kind) {
            self.balance.lifetime_earned += points;
        }
        lot.remaining -= self.pay_debts(lot.seq, points, lot.seq);
        if lot.matured {
            self.balance.available += lot.remaining;
        } else {
            self.balance.pending += lot.remaining;
        }
        self.next_change_at = self.next_change_at.into_iter().chain(lot.next_change_at()).min();
        self.changes.lots.insert(lot.seq);
        let mut posting = posting.clone();
        posting.act = Act::Credit {
            kind,
            points,
            available_at: lot.available_at,
            expires_at: lot.expires_at,
        };
        self.lots.insert(lot.seq, lot);
        let rule = posting.rule.clone();
        let entry = self.enter(&posting, kind, points, rule, now, chance);
        Ok(Posted { entry: Some(entry), repeated: false, excused: 0 })
    }

    fn debit(
        &mut self,
        posting: &Posting,
        kind: EntryKind,
        points: i64,
        now: Timestamp,
        chance: &Chance,
    ) -> Result<Posted, Refusal> {
        if points > self.balance.available {
            let shortfall = points - self.balance.available;
            return Err(Refusal::InsufficientPoints { shortfall });
        }
        let seq = self.seq + 1;
        let missing = self.take_in_order(points, seq, |lot| lot.matured);
        debug_assert_eq!(missing, 0, "available points have lots");
        if kind == EntryKind::Redeem {
            self.balance.lifetime_redeemed += points;
        }
        self.plan();
        let entry = self.enter(posting, kind, -points, posting.rule.clone(), now, chance);
        Ok(Posted { entry: Some(entry), repeated: false, excused: 0 })
    }

    fn claw_back(
        &mut self,
        posting: &Posting,
        ask: ClawBack,
        now: Timestamp,
        chance: &Chance,
    ) -> Posted {
        let seq = self.seq + 1;
        let mut due = ask.due;
        due -= self.take_from(ask.lot_seq, due, seq);
        let expired = self.expired.get(&ask.lot_seq).copied().unwrap_or(0);
        let excused = due.min(expired - ask.excused).max(0);
        due -= excused;
        due = self.take_in_order(due, seq, |lot| lot.matured);
        due = self.take_in_order(due, seq, |lot| !lot.matured);
        let (forgiven, debt) = if ask.forgive { (due, 0) } else { (0, due) };
        self.plan();
        let moved = ask.due - excused - forgiven;
        if moved == 0 {
            return Posted { entry: None, repeated: false, excused };
        }
        if debt > 0 {
            self.debts.insert(seq, Debt { seq, points: debt, remaining: debt });
            self.changes.debts.insert(seq);
            self.balance.debt += debt;
        }
        self.balance.lifetime_earned -= moved;
        let rule = match posting.rule.clone() {
            Rule::Refund { order, due, .. } => Rule::Refund { order, due, excused, forgiven, debt },
            rule => rule,
        };
        let entry = self.enter(posting, EntryKind::Clawback, -moved, rule, now, chance);
        Posted { entry: Some(entry), repeated: false, excused }
    }

    fn give_back(
        &mut self,
        posting: &Posting,
        entry_seq: i64,
        now: Timestamp,
        chance: &Chance,
    ) -> Result<Posted, Refusal> {
        let (kind, kept) = self.kept(entry_seq);
        let points: i64 = kept.values().sum();
        if points == 0 {
            return Ok(Posted { entry: None, repeated: false, excused: 0 });
        }
        self.check_room(points)?;
        let seq = self.seq + 1;
        for (lot_seq, points) in kept {
            self.allocate(entry_seq, lot_seq, seq, -points);
            let paid = self.pay_debts(lot_seq, points, seq);
            let Some(lot) = self.lots.get_mut(&lot_seq) else { continue };
            lot.remaining += points - paid;
            if lot.matured {
                self.balance.available += points - paid;
            } else {
                self.balance.pending += points - paid;
            }
            self.changes.lots.insert(lot_seq);
        }
        if kind == Some(EntryKind::Redeem) {
            self.balance.lifetime_redeemed -= points;
        }
        self.plan();
        let rule = posting.rule.clone();
        let entry = self.enter(posting, EntryKind::Reversal, points, rule, now, chance);
        Ok(Posted { entry: Some(entry), repeated: false, excused: 0 })
    }

    /// What a debit of before or of this batch has still taken, by lot, and its kind.
    fn kept(&self, debit_seq: i64) -> (Option<EntryKind>, BTreeMap<i64, i64>) {
        let before = self.taken.get(&debit_seq);
        let now = self.changes.allocations.iter().filter(|part| part.debit_seq == debit_seq);
        let parts = before.into_iter().flat_map(|taken| taken.parts.iter().copied());
        let mut kept: BTreeMap<i64, i64> = BTreeMap::new();
        for (lot_seq, points) in parts.chain(now.map(|part| (part.lot_seq, part.points))) {
            *kept.entry(lot_seq).or_default() += points;
        }
        kept.retain(|_, points| *points != 0);
        let entry = self.changes.entries.iter().find(|entry| entry.seq == debit_seq);
        (before.map(|taken| taken.kind).or(entry.map(|entry| entry.kind)), kept)
    }

    /// Pays what is owed with up to `points` of a lot, oldest debt first; answers how many it took.
    fn pay_debts(&mut self, lot_seq: i64, points: i64, cause_seq: i64) -> i64 {
        let mut paid = 0;
        let mut payments = Vec::new();
        for debt in self.debts.values_mut() {
            let part = debt.remaining.min(points - paid);
            if part > 0 {
                debt.remaining -= part;
                paid += part;
                payments.push((debt.seq, part));
            }
        }
        for (debt_seq, part) in payments {
            self.balance.debt -= part;
            self.changes.debts.insert(debt_seq);
            self.allocate(debt_seq, lot_seq, cause_seq, part);
        }
        paid
    }

    /// Takes `points` from the lots that `wanted` picks, in the order of spending; answers how many
    /// it did not find.
    fn take_in_order(&mut self, points: i64, debit_seq: i64, wanted: impl Fn(&Lot) -> bool) -> i64 {
        let mut order: Vec<&Lot> =
            self.lots.values().filter(|lot| lot.remaining > 0 && wanted(lot)).collect();
        order.sort_unstable_by_key(|lot| lot.spending_order());
        let order: Vec<i64> = order.into_iter().map(|lot| lot.seq).collect();
        let mut missing = points;
        for lot_seq in order {
            if missing == 0 {
                break;
            }
            missing -= self.take_from(lot_seq, missing, debit_seq);
        }
        missing
    }

    /// Takes up to `points` from one lot; answers how many it had.
    fn take_from(&mut self, lot_seq: i64, points: i64, debit_seq: i64) -> i64 {
        let Some(lot) = self.lots.get_mut(&lot_seq) else { return 0 };
        let part = lot.remaining.min(points);
        if part == 0 {
            return 0;
        }
        lot.remaining -= part;
        if lot.matured {
            self.balance.available -= part;
        } else {
            self.balance.pending -= part;
        }
        self.changes.lots.insert(lot_seq);
        self.allocate(debit_seq, lot_seq, debit_seq, part);
        part
    }

    fn allocate(&mut self, debit_seq: i64, lot_seq: i64, cause_seq: i64, points: i64) {
        self.changes.allocations.push(Allocation { debit_seq, lot_seq, cause_seq, points });
    }

    /// Sums must stay within 64 bits, with room to spare.
    fn check_room(&self, points: i64) -> Result<(), Refusal> {
        const MOST: i64 = 1_000_000_000_000_000_000;
        let Balance { available, pending, held, lifetime_earned, .. } = self.balance;
        let fits = [available, pending, held, points]
            .iter()
            .try_fold(0i64, |sum, part| sum.checked_add(*part))
            .is_some_and(|sum| sum <= MOST && lifetime_earned <= MOST - points);
        if fits { Ok(()) } else { Err(Refusal::LimitReached("the balance is full".to_owned())) }
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

#[derive(Clone, Copy)]
struct ClawBack {
    lot_seq: i64,
    due: i64,
    excused: i64,
    forgive: bool,
}

/// Whether a credit counts into `lifetime_earned` (clawbacks count against it).
const fn counts_as_earned(kind: EntryKind) -> bool {
    matches!(kind, EntryKind::Earn | EntryKind::Adjust | EntryKind::Perk | EntryKind::Referral)
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
