//! The four movements: credit, debit, clawback, give-back.

use std::collections::BTreeMap;

use super::{Account, Debt, Lot};
use crate::{
    kernel::{chance::Chance, clock::Timestamp, error::Refusal},
    program::ledger::{Act, Balance, EntryKind, Posted, Posting, Rule},
};

#[derive(Clone, Copy)]
pub(super) struct ClawBack {
    pub(super) lot_seq: i64,
    pub(super) due: i64,
    pub(super) excused: i64,
    pub(super) forgive: bool,
}

impl Account {
    pub(super) fn credit(
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

    pub(super) fn debit(
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

    pub(super) fn claw_back(
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
            Rule::OrderCancelled { order, due, .. } => {
                Rule::OrderCancelled { order, due, excused, forgiven, debt }
            }
            rule => rule,
        };
        let entry = self.enter(posting, EntryKind::Clawback, -moved, rule, now, chance);
        Posted { entry: Some(entry), repeated: false, excused }
    }

    pub(super) fn give_back(
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
    pub(super) fn kept(&self, debit_seq: i64) -> (Option<EntryKind>, BTreeMap<i64, i64>) {
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
}

/// Whether a credit counts into `lifetime_earned` (clawbacks count against it).
const fn counts_as_earned(kind: EntryKind) -> bool {
    matches!(kind, EntryKind::Earn | EntryKind::Adjust | EntryKind::Perk | EntryKind::Referral)
}
