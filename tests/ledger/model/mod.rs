//! One member's points as API.md tells them: a list of lots, a list of entries and a list of
//! holds. Slow, obvious, and written without a look at the ledger's code.

mod holds;
mod sheet;
mod undoing;

use platform::kernel::clock::Timestamp;
use program::ledger::EntryKind;

pub use self::{
    holds::{Capture, Hold},
    undoing::ClawBack,
};

#[derive(Clone, Debug)]
struct Lot {
    seq: i64,
    left: i64,
    available_at: Timestamp,
    expires_at: Option<Timestamp>,
}

impl Lot {
    /// Soonest to expire first, those that never do last, ties by age.
    fn order(&self) -> (i64, i64) {
        (self.expires_at.map_or(i64::MAX, Timestamp::as_microsecond), self.seq)
    }
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
    pub holds: Vec<Hold>,
    /// Clawbacks that are still owed.
    owed: Vec<Owed>,
    /// What each debit took: its seq, the lot, points.
    taken: Vec<(i64, i64, i64)>,
    redeemed: i64,
    /// What came back of clawbacks that were undone, or was forgiven.
    unclawed: i64,
}

#[derive(Clone, Copy, Debug)]
struct Owed {
    seq: i64,
    points: i64,
    /// Only because it was held: once that is captured, it is forgiven.
    while_held: bool,
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

    /// Holds lapse and lots come to their end, in order of time; of one instant, holds first, then
    /// the older first. No expiry is dated before `floor`, nor before a lapse that brought its
    /// points back.
    pub fn settle(&mut self, now: Timestamp, floor: Option<Timestamp>) {
        let mut earliest = floor.unwrap_or(Timestamp::UNIX_EPOCH);
        loop {
            let lapses = (self.holds.iter().enumerate())
                .filter(|(_, hold)| hold.is_live() && hold.until <= now)
                .map(|(index, hold)| (hold.until, 0, i64::try_from(index).unwrap()));
            let ends = (self.lots.iter().filter(|lot| lot.left > 0))
                .filter_map(|lot| Some((lot.expires_at.filter(|end| *end <= now)?, lot.seq)))
                .map(|(end, seq)| (end.max(earliest), 1, seq));
            match lapses.chain(ends).min() {
                Some((until, 0, index)) => {
                    self.lapse(usize::try_from(index).unwrap());
                    earliest = earliest.max(until);
                }
                Some((end, _, lot)) => {
                    let left = self.take(self.next_seq(), lot, i64::MAX);
                    self.write(EntryKind::Expire, -left, end);
                }
                None => return,
            }
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
            let Owed { seq, points, .. } = self.owed[debt];
            self.owed[debt].points -= self.take(seq, lot, points);
        }
        self.owed.retain(|owed| owed.points > 0);
    }

    /// What is held for the order goes first, and the rest of it comes back. Refused with the
    /// shortfall.
    pub fn debit(
        &mut self,
        kind: EntryKind,
        points: i64,
        order: Option<&str>,
        at: Timestamp,
        now: Timestamp,
    ) -> Result<i64, i64> {
        let hold = order.and_then(|order| self.live(order));
        let aside = hold.map_or(0, |hold| self.holds[hold].points);
        let available = self.balance(now).available;
        if points > available + aside {
            return Err(points - available - aside);
        }
        if let Some(hold) = hold {
            self.use_hold(hold, points.min(aside), now);
        }
        let left = (points - aside).max(0);
        let left = self.spend(self.next_seq(), left, |lot| lot.available_at <= now);
        assert_eq!(left, 0);
        if kind == EntryKind::Redeem {
            self.redeemed += points;
        }
        let seq = self.write(kind, -points, at);
        if hold.is_some() {
            self.forgive(at, now);
        }
        Ok(seq)
    }

    /// Sends points to another member, who gets an entry for each date on which they expire.
    pub fn transfer(&mut self, to: &mut Self, points: i64, now: Timestamp) -> Result<i64, i64> {
        let seq = self.debit(EntryKind::Transfer, points, None, now, now)?;
        let mut parts: Vec<(Option<Timestamp>, i64)> = Vec::new();
        for (_, lot, points) in self.taken.clone().iter().filter(|(debit, ..)| *debit == seq) {
            let end = self.lot(*lot).expires_at;
            match parts.iter_mut().find(|(date, _)| *date == end) {
                Some((_, sum)) => *sum += points,
                None => parts.push((end, *points)),
            }
        }
        parts.sort_unstable();
        for (end, points) in parts {
            to.credit(EntryKind::Transfer, points, now, now, end);
        }
        Ok(seq)
    }

    /// Takes up to `points` from the lots that `wanted` picks; answers what is still missing.
    fn spend(&mut self, debit: i64, points: i64, wanted: impl Fn(&Lot) -> bool) -> i64 {
        let mut order: Vec<&Lot> = self.lots.iter().filter(|lot| wanted(lot)).collect();
        order.sort_by_key(|lot| lot.order());
        let order: Vec<i64> = order.iter().map(|lot| lot.seq).collect();
        order.iter().fold(points, |missing, lot| missing - self.take(debit, *lot, missing))
    }

    fn take(&mut self, debit: i64, lot: i64, points: i64) -> i64 {
        let part = self.lot(lot).left.min(points);
        if part > 0 {
            self.lot(lot).left -= part;
            self.taken.push((debit, lot, part));
        }
        part
    }

    /// Points go back to a lot, and pay what is owed.
    fn bring_back(&mut self, lot: i64, points: i64) {
        self.lot(lot).left += points;
        self.pay(lot);
    }

    fn lot_of(&self, seq: i64) -> &Lot {
        let index = self.lots.binary_search_by_key(&seq, |lot| lot.seq).expect("a lot");
        &self.lots[index]
    }

    fn lot(&mut self, seq: i64) -> &mut Lot {
        let index = self.lots.binary_search_by_key(&seq, |lot| lot.seq).expect("a lot");
        &mut self.lots[index]
    }

    pub fn line(&self, seq: i64) -> Line {
        self.lines[usize::try_from(seq - 1).unwrap()]
    }
}
