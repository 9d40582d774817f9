//! Refunds, reversals, and giving back.

use platform::kernel::clock::Timestamp;
use program::ledger::EntryKind;

use super::{Model, Owed};

/// Of the credit `own`; `excused` is what earlier clawbacks of it let go.
#[derive(Clone, Copy, Debug)]
pub struct ClawBack {
    pub own: i64,
    pub due: i64,
    pub excused: i64,
    pub forgive: bool,
}

impl Model {
    /// Takes `due` back of a credit: from its own lot; what expired of it, beyond what was
    /// `excused` before, is let go; from other available lots, from other pending ones; the rest
    /// is owed or forgiven. Answers the entry, if anything moved, and what was let go this time.
    pub fn claw_back(&mut self, ask: ClawBack, now: Timestamp) -> (Option<i64>, i64) {
        let ClawBack { own, due, excused, forgive } = ask;
        let seq = self.next_seq();
        let mut left = due - self.take(seq, own, due);
        let expired: i64 = (self.taken.iter())
            .filter(|(_, lot, _)| *lot == own)
            .filter(|(debit, ..)| *debit < seq && self.line(*debit).kind == EntryKind::Expire)
            .map(|(_, _, points)| points)
            .sum();
        let let_go = left.min(expired - excused).max(0);
        left -= let_go;
        left = self.spend(seq, left, |lot| lot.available_at <= now);
        left = self.spend(seq, left, |lot| lot.available_at > now);
        // what is held may come back: so much is owed even where the rest is forgiven
        let owed: i64 = self.owed.iter().map(|owed| owed.points).sum();
        let may_come_back = (self.balance(now).held - owed).max(0);
        let forgiven = if forgive { left - left.min(may_come_back) } else { 0 };
        let moved = due - let_go - forgiven;
        if moved == 0 {
            return (None, let_go);
        }
        if left > forgiven {
            self.owed.push(Owed { seq, points: left - forgiven, while_held: forgive });
        }
        (Some(self.write(EntryKind::Clawback, -moved, now)), let_go)
    }

    /// A hold was captured: what was owed only for what is held, and is more than is held now, is
    /// forgiven, oldest first, an entry each.
    pub(super) fn forgive(&mut self, at: Timestamp, now: Timestamp) {
        let held_for = self.owed.iter().filter(|owed| owed.while_held);
        let mut beyond = held_for.map(|owed| owed.points).sum::<i64>() - self.balance(now).held;
        for index in 0..self.owed.len() {
            let part = self.owed[index].points.min(beyond);
            if self.owed[index].while_held && part > 0 {
                self.owed[index].points -= part;
                beyond -= part;
                self.unclawed += part;
                self.write(EntryKind::Reversal, part, at);
            }
        }
        self.owed.retain(|owed| owed.points > 0);
    }

    /// Undoes a credit: what is left of it leaves, what was spent of it is clawed back. Answers the
    /// reversal, and what was let go.
    pub fn reverse(&mut self, own: i64, forgive: bool, now: Timestamp) -> (i64, i64) {
        let seq = self.next_seq();
        let points = self.line(own).points;
        let left = self.take(seq, own, points);
        self.write(EntryKind::Reversal, -left, now);
        if left == points {
            return (seq, 0);
        }
        let ask = ClawBack { own, due: points - left, excused: 0, forgive };
        (seq, self.claw_back(ask, now).1)
    }

    /// Gives what a debit took back to the lots that it took it from; what is still owed of a
    /// clawback is owed no more. At most so many points: what is owed first, then what lasts
    /// longest, a point at a time. `None` where there is nothing left.
    pub fn give_back(&mut self, debit: i64, most: Option<i64>, at: Timestamp) -> Option<i64> {
        let mut left = most.unwrap_or(i64::MAX);
        let mut points = 0;
        for owed in self.owed.iter_mut().filter(|owed| owed.seq == debit) {
            let part = owed.points.min(left);
            owed.points -= part;
            left -= part;
            points += part;
        }
        self.owed.retain(|owed| owed.points > 0);
        let mut mine: Vec<(i64, i64)> = Vec::new();
        while left > 0 {
            let taken = (0..self.taken.len()).filter(|index| self.taken[*index].0 == debit);
            let last = taken.max_by_key(|index| {
                let lot = self.taken[*index].1;
                self.lot_of(lot).order()
            });
            let Some(last) = last else { break };
            let (_, lot, part) = &mut self.taken[last];
            *part -= 1;
            mine.push((*lot, 1));
            left -= 1;
            points += 1;
            if *part == 0 {
                self.taken.remove(last);
            }
        }
        if points == 0 {
            return None;
        }
        match self.line(debit).kind {
            EntryKind::Redeem => self.redeemed -= points,
            EntryKind::Clawback => self.unclawed += points,
            _ => {}
        }
        let seq = self.write(EntryKind::Reversal, points, at);
        let mut lots: std::collections::BTreeMap<i64, i64> = std::collections::BTreeMap::new();
        for (lot, point) in mine {
            *lots.entry(lot).or_default() += point;
        }
        for (lot, points) in lots {
            self.bring_back(lot, points);
        }
        Some(seq)
    }
}
