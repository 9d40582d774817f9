//! What is read of a member.

use platform::kernel::clock::Timestamp;
use program::ledger::{Balance, EntryKind};

use super::{Hold, Line, Model};

impl Model {
    /// Lots that have points left, and debts that are owed: seq, points.
    pub fn open(&self) -> (Vec<(i64, i64)>, Vec<(i64, i64)>) {
        let lots = self.lots.iter().filter(|lot| lot.left > 0).map(|lot| (lot.seq, lot.left));
        (lots.collect(), self.owed.iter().map(|owed| (owed.seq, owed.points)).collect())
    }

    /// What will expire when, soonest first, summed by instant; of the next twelve.
    pub fn expiring(&self) -> Vec<(i64, Timestamp)> {
        let mut ends: Vec<(i64, Timestamp)> = Vec::new();
        for lot in self.lots.iter().filter(|lot| lot.left > 0) {
            let Some(end) = lot.expires_at else { continue };
            match ends.iter_mut().find(|(_, at)| *at == end) {
                Some((points, _)) => *points += lot.left,
                None => ends.push((lot.left, end)),
            }
        }
        ends.sort_by_key(|(_, at)| *at);
        ends.truncate(12);
        ends
    }

    /// When a lot matures or ends, or a hold lapses, next.
    pub fn next_change(&self, now: Timestamp) -> Option<Timestamp> {
        let open = self.lots.iter().filter(|lot| lot.left > 0);
        let lots = open.flat_map(|lot| [Some(lot.available_at), lot.expires_at]).flatten();
        lots.chain(self.lapses()).filter(|at| *at > now).min()
    }

    /// When a hold lapses next.
    pub fn next_lapse(&self) -> Option<Timestamp> {
        self.lapses().min()
    }

    fn lapses(&self) -> impl Iterator<Item = Timestamp> {
        self.holds.iter().filter(|hold| hold.is_live()).map(|hold| hold.until)
    }

    pub fn balance(&self, now: Timestamp) -> Balance {
        let lots = |pending: bool| {
            let lots = self.lots.iter().filter(|lot| (lot.available_at > now) == pending);
            lots.map(|lot| lot.left).sum()
        };
        let lines = |wanted: fn(&Line) -> bool| -> i64 {
            self.lines.iter().filter(|line| wanted(line)).map(|line| line.points).sum()
        };
        let earned = lines(|line| match line.kind {
            EntryKind::Earn | EntryKind::Perk | EntryKind::Referral => true,
            EntryKind::Adjust => line.points > 0,
            EntryKind::Reversal => line.points < 0,
            kind => kind == EntryKind::Clawback,
        });
        Balance {
            available: lots(false),
            pending: lots(true),
            held: self
                .holds
                .iter()
                .filter(|hold| hold.is_live())
                .map(|hold: &Hold| hold.points)
                .sum(),
            debt: self.owed.iter().map(|owed| owed.points).sum(),
            lifetime_earned: earned + self.unclawed,
            lifetime_redeemed: self.redeemed,
            lifetime_expired: -lines(|line| line.kind == EntryKind::Expire),
        }
    }
}
