//! One member's points as API.md tells them: a list of lots and a list of entries. Slow, obvious,
//! and written without a look at the ledger's code.

use vildar::{
    kernel::clock::Timestamp,
    program::ledger::{Balance, EntryKind},
};

#[derive(Clone, Debug)]
struct Lot {
    seq: i64,
    left: i64,
    available_at: Timestamp,
    expires_at: Option<Timestamp>,
}

/// An entry, as far as the model tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    pub kind: EntryKind,
    pub points: i64,
    pub balance_after: i64,
    pub occurred_at: Timestamp,
}

#[derive(Clone, Debug, Default)]
pub struct Model {
    lots: Vec<Lot>,
    pub lines: Vec<Line>,
    /// Clawbacks that are still owed: seq, points.
    owed: Vec<(i64, i64)>,
    /// What each debit took: its seq, the lot, points.
    taken: Vec<(i64, i64, i64)>,
    redeemed: i64,
}

impl Model {
    pub fn next_seq(&self) -> i64 {
        i64::try_from(self.lines.len()).unwrap() + 1
    }

    fn write(&mut self, kind: EntryKind, points: i64, occurred_at: Timestamp) -> i64 {
        let balance_after = self.lines.last().map_or(0, |line| line.balance_after) + points;
        self.lines.push(Line { kind, points, balance_after, occurred_at });
        self.next_seq() - 1
    }

    /// Lots whose end has come expire, soonest first, ties by age; not dated before `floor`.
    pub fn settle(&mut self, now: Timestamp, floor: Option<Timestamp>) {
        let mut ended: Vec<(Timestamp, i64)> = Vec::new();
        for lot in self.lots.iter().filter(|lot| lot.left > 0) {
            if let Some(end) = lot.expires_at.filter(|end| *end <= now) {
                ended.push((floor.map_or(end, |floor| floor.max(end)), lot.seq));
            }
        }
        ended.sort();
        for (end, seq) in ended {
            let left = self.take(self.next_seq(), seq, i64::MAX);
            self.write(EntryKind::Expire, -left, end);
        }
    }

    pub fn credit(
        &mut self,
        kind: EntryKind,
        points: i64,
        at: Timestamp,
        available_at: Timestamp,
        expires_at: Option<Timestamp>,
    ) -> i64 {
        let seq = self.write(kind, points, at);
        self.lots.push(Lot { seq, left: points, available_at, expires_at });
        self.pay(seq);
        seq
    }

    /// What is owed is paid at once with what the lot has, oldest debt first.
    fn pay(&mut self, lot: i64) {
        for debt in 0..self.owed.len() {
            let (clawback, owed) = self.owed[debt];
            self.owed[debt].1 -= self.take(clawback, lot, owed);
        }
        self.owed.retain(|(_, owed)| *owed > 0);
    }

    /// Refused with the shortfall.
    pub fn debit(
        &mut self,
        kind: EntryKind,
        points: i64,
        at: Timestamp,
        now: Timestamp,
    ) -> Result<i64, i64> {
        let available = self.balance(now).available;
        if points > available {
            return Err(points - available);
        }
        let left = self.spend(self.next_seq(), points, |lot| lot.available_at <= now);
        assert_eq!(left, 0);
        if kind == EntryKind::Redeem {
            self.redeemed += points;
        }
        Ok(self.write(kind, -points, at))
    }

    /// Takes `due` back of a credit: from its own lot; what expired of it, beyond what was
    /// `excused` before, is let go; from other available lots, from other pending ones; the rest
    /// is owed or forgiven. Answers the entry, if anything moved, and what was let go this time.
    pub fn claw_back(
        &mut self,
        own: i64,
        due: i64,
        excused: i64,
        forgive: bool,
        at: Timestamp,
        now: Timestamp,
    ) -> (Option<i64>, i64) {
        let seq = self.next_seq();
        let mut left = due - self.take(seq, own, due);
        let expired: i64 = (self.taken.iter())
            .filter(|(debit, lot, _)| *lot == own && self.kind(*debit) == Some(EntryKind::Expire))
            .map(|(_, _, points)| points)
            .sum();
        let let_go = left.min(expired - excused).max(0);
        left -= let_go;
        left = self.spend(seq, left, |lot| lot.available_at <= now);
        left = self.spend(seq, left, |lot| lot.available_at > now);
        let forgiven = if forgive { left } else { 0 };
        let moved = due - let_go - forgiven;
        if moved == 0 {
            return (None, let_go);
        }
        if left > forgiven {
            self.owed.push((seq, left));
        }
        (Some(self.write(EntryKind::Clawback, -moved, at)), let_go)
    }

    /// Gives what a debit took back to the lots that it took it from; `None` the second time.
    pub fn give_back(&mut self, debit: i64, at: Timestamp) -> Option<i64> {
        let (mine, others): (Vec<_>, Vec<_>) =
            self.taken.drain(..).partition(|(seq, _, _)| *seq == debit);
        self.taken = others;
        let points: i64 = mine.iter().map(|(_, _, points)| points).sum();
        if points == 0 {
            return None;
        }
        if self.kind(debit) == Some(EntryKind::Redeem) {
            self.redeemed -= points;
        }
        let seq = self.write(EntryKind::Reversal, points, at);
        let mut lots: Vec<(i64, i64)> =
            mine.iter().map(|(_, lot, points)| (*lot, *points)).collect();
        lots.sort_unstable();
        for (lot, points) in lots {
            self.lot(lot).left += points;
            self.pay(lot);
        }
        Some(seq)
    }

    /// Takes up to `points` from the lots that `wanted` picks, soonest to expire first, ties by
    /// age; answers what is still missing.
    fn spend(&mut self, debit: i64, points: i64, wanted: impl Fn(&Lot) -> bool) -> i64 {
        let mut order: Vec<Lot> = self.lots.iter().filter(|lot| wanted(lot)).cloned().collect();
        order.sort_by_key(|lot| {
            (lot.expires_at.map_or(i64::MAX, Timestamp::as_microsecond), lot.seq)
        });
        order.iter().fold(points, |missing, lot| missing - self.take(debit, lot.seq, missing))
    }

    fn take(&mut self, debit: i64, lot: i64, points: i64) -> i64 {
        let part = self.lot(lot).left.min(points);
        self.lot(lot).left -= part;
        self.taken.push((debit, lot, part));
        part
    }

    fn lot(&mut self, seq: i64) -> &mut Lot {
        self.lots.iter_mut().find(|lot| lot.seq == seq).expect("a lot")
    }

    pub fn kind(&self, seq: i64) -> Option<EntryKind> {
        Some(self.lines.get(usize::try_from(seq).ok()?.checked_sub(1)?)?.kind)
    }

    /// Lots that have points left, and debts that are owed: seq, points.
    pub fn open(&self) -> (Vec<(i64, i64)>, Vec<(i64, i64)>) {
        let lots = self.lots.iter().filter(|lot| lot.left > 0).map(|lot| (lot.seq, lot.left));
        (lots.collect(), self.owed.clone())
    }

    /// When a lot matures or ends next.
    pub fn next_change(&self, now: Timestamp) -> Option<Timestamp> {
        let open = self.lots.iter().filter(|lot| lot.left > 0);
        open.flat_map(|lot| [Some(lot.available_at), lot.expires_at])
            .flatten()
            .filter(|at| *at > now)
            .min()
    }

    pub fn balance(&self, now: Timestamp) -> Balance {
        let lots = |pending: bool| {
            let lots = self.lots.iter().filter(|lot| (lot.available_at > now) == pending);
            lots.map(|lot| lot.left).sum()
        };
        let lines = |wanted: fn(&Line) -> bool| -> i64 {
            self.lines.iter().filter(|line| wanted(line)).map(|line| line.points).sum()
        };
        Balance {
            available: lots(false),
            pending: lots(true),
            held: 0,
            debt: self.owed.iter().map(|(_, owed)| owed).sum(),
            lifetime_earned: lines(|line| match line.kind {
                EntryKind::Earn | EntryKind::Perk | EntryKind::Referral => true,
                EntryKind::Adjust => line.points > 0,
                kind => kind == EntryKind::Clawback,
            }),
            lifetime_redeemed: self.redeemed,
            lifetime_expired: -lines(|line| line.kind == EntryKind::Expire),
        }
    }
}
