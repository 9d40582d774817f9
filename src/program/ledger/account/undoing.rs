//! Taking movements back: clawback, reversal, give-back.

use std::collections::BTreeMap;

use super::{Account, Debt, Lot, Moment};
use crate::ledger::{Entry, EntryKind, Posted, Posting, Rule, Source};
use platform::kernel::{error::Refusal, id::HoldId};

#[derive(Clone, Copy)]
pub(super) struct ClawBack {
    pub(super) lot_seq: i64,
    pub(super) due: i64,
    pub(super) excused: i64,
    pub(super) forgive: bool,
}

impl Account {
    /// Takes `due` points of a credit back; [`super::super::Act::Clawback`] says from where.
    pub(super) fn claw_back(
        &mut self,
        posting: &Posting,
        ask: ClawBack,
        moment: Moment<'_>,
    ) -> Posted {
        let seq = self.seq + 1;
        let mut due = ask.due;
        let own = self.take_from(ask.lot_seq, due);
        if own > 0 {
            self.allocate(seq, ask.lot_seq, seq, own);
        }
        due -= own;
        let expired = self.expired.get(&ask.lot_seq).copied().unwrap_or(0);
        let excused = due.min(expired - ask.excused).max(0);
        due -= excused;
        due = self.spend(due, seq, |lot| lot.matured);
        due = self.spend(due, seq, |lot| !lot.matured);
        let debt = if ask.forgive { due.min(self.held_beyond_debt()) } else { due };
        let forgiven = due - debt;
        self.plan();
        let moved = ask.due - excused - forgiven;
        if moved == 0 {
            return Posted { excused, ..Posted::nothing() };
        }
        if debt > 0 {
            let while_held = ask.forgive;
            let owed = Debt { seq, points: debt, remaining: debt, cancelled: 0, while_held };
            self.debts.insert(seq, owed);
            self.changes.debts.insert(seq);
            self.balance.debt += debt;
        }
        self.balance.lifetime_earned -= moved;
        let rule = posting.rule.clone().found(excused, forgiven, debt);
        let entry = self.enter(posting, EntryKind::Clawback, -moved, rule, moment);
        Posted { excused, ..Posted::entry(entry) }
    }

    /// What is held and not owed already. It is not forgiven, for it may come back: then it pays.
    const fn held_beyond_debt(&self) -> i64 {
        let beyond = self.balance.held - self.balance.debt;
        if beyond > 0 { beyond } else { 0 }
    }

    /// What was owed only while it was held, and can't come back to pay since the hold was captured,
    /// is forgiven: an entry for each debt.
    pub(super) fn forgive_what_was_held(
        &mut self,
        posting: &Posting,
        hold: HoldId,
        moment: Moment<'_>,
    ) {
        let owed = self.debts.values().filter(|debt| debt.while_held);
        let mut beyond = owed.map(|debt| debt.remaining).sum::<i64>() - self.balance.held;
        let mut forgiven = Vec::new();
        for debt in self.debts.values_mut().filter(|debt| debt.while_held) {
            let part = debt.remaining.min(beyond);
            if part > 0 {
                beyond -= part;
                debt.remaining -= part;
                debt.cancelled += part;
                forgiven.push((debt.seq, part));
            }
        }
        for (entry_seq, part) in forgiven {
            self.changes.debts.insert(entry_seq);
            self.balance.debt -= part;
            self.balance.lifetime_earned += part;
            let rule = Rule::Forgiven { entry_seq };
            let source = Some(Source::new("hold", hold).part(entry_seq));
            let posting = Posting { source, reason: None, ..posting.clone() };
            self.enter(&posting, EntryKind::Reversal, part, rule, moment);
        }
    }

    /// Undoes a credit: what is left of it leaves by a reversal, what was spent by a clawback.
    pub(super) fn reverse(
        &mut self,
        posting: &Posting,
        mut ask: ClawBack,
        moment: Moment<'_>,
    ) -> Posted {
        let ClawBack { lot_seq, due: points, .. } = ask;
        let reversal = self.take_what_is_left(posting, lot_seq, moment);
        let due = points + reversal.points;
        if due == 0 {
            return Posted::entry(reversal);
        }
        let (excused, forgiven, debt) = (0, 0, 0);
        let mut spent = posting.clone();
        spent.rule = Rule::SpentReversal { entry_seq: lot_seq, due, excused, forgiven, debt };
        ask.due = due;
        let posted = self.claw_back(&spent, ask, moment);
        Posted { entry: Some(reversal), clawback: posted.entry.clone(), ..posted }
    }

    /// Takes what is left of a credit, and makes no entry where that is nothing.
    pub(super) fn take_back(
        &mut self,
        posting: &Posting,
        lot_seq: i64,
        moment: Moment<'_>,
    ) -> Posted {
        if self.lots.get(&lot_seq).is_none_or(|lot| lot.remaining == 0) {
            return Posted::nothing();
        }
        Posted::entry(self.take_what_is_left(posting, lot_seq, moment))
    }

    /// The reversal of what is left of a credit, though it be nothing.
    fn take_what_is_left(&mut self, posting: &Posting, lot_seq: i64, moment: Moment<'_>) -> Entry {
        let seq = self.seq + 1;
        let left = self.take_from(lot_seq, i64::MAX);
        if left > 0 {
            self.allocate(seq, lot_seq, seq, left);
        }
        self.balance.lifetime_earned -= left;
        self.plan();
        let rule = posting.rule.clone();
        self.enter(posting, EntryKind::Reversal, -left, rule, moment)
    }

    /// Gives back what a debit took, or up to `most` points of it; of a clawback, what is still owed
    /// is owed no more.
    pub(super) fn give_back(
        &mut self,
        posting: &Posting,
        entry_seq: i64,
        most: Option<i64>,
        moment: Moment<'_>,
    ) -> Result<Posted, Refusal> {
        let (kind, mut kept) = self.kept(entry_seq);
        let owed = self.debts.get(&entry_seq).map_or(0, |debt| debt.remaining);
        let owed = most.map_or(owed, |most| owed.min(most));
        if let Some(most) = most {
            self.keep_last(&mut kept, most - owed);
        }
        let points = kept.values().sum::<i64>() + owed;
        if points == 0 {
            return Ok(Posted::nothing());
        }
        let earned = if kind == Some(EntryKind::Clawback) { points } else { 0 };
        self.check_room(points, earned)?;
        let seq = self.seq + 1;
        if let Some(debt) = self.debts.get_mut(&entry_seq).filter(|_| owed > 0) {
            debt.remaining -= owed;
            debt.cancelled += owed;
            self.balance.debt -= owed;
            self.changes.debts.insert(entry_seq);
        }
        for (lot_seq, points) in kept {
            self.allocate(entry_seq, lot_seq, seq, -points);
            self.bring_back(lot_seq, points, seq);
        }
        match kind {
            Some(EntryKind::Redeem) => self.balance.lifetime_redeemed -= points,
            Some(EntryKind::Clawback) => self.balance.lifetime_earned += points,
            _ => {}
        }
        self.plan();
        let rule = posting.rule.clone();
        let entry = self.enter(posting, EntryKind::Reversal, points, rule, moment);
        Ok(Posted::entry(entry))
    }

    /// Keeps up to `most` points of parts of lots, those that are spent last.
    fn keep_last(&self, parts: &mut BTreeMap<i64, i64>, most: i64) {
        let order = |seq: &i64| self.lots.get(seq).map(Lot::spending_order);
        let mut lots: Vec<i64> = parts.keys().copied().collect();
        lots.sort_unstable_by_key(order);
        let mut left = most;
        for lot in lots.into_iter().rev() {
            if let Some(part) = parts.get_mut(&lot) {
                *part = left.min(*part);
                left -= *part;
            }
        }
        parts.retain(|_, part| *part > 0);
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
}

impl Rule {
    /// With what a clawback found filled in.
    fn found(mut self, points_excused: i64, points_forgiven: i64, points_owed: i64) -> Self {
        if let Self::Refund { excused, forgiven, debt, .. }
        | Self::OrderCancelled { excused, forgiven, debt, .. }
        | Self::SpentReversal { excused, forgiven, debt, .. }
        | Self::ReferralReversed { excused, forgiven, debt, .. } = &mut self
        {
            (*excused, *forgiven, *debt) = (points_excused, points_forgiven, points_owed);
        }
        self
    }
}
