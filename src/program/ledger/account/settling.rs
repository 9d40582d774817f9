//! What happens by itself: pending points mature, holds lapse, lots come to their end. Each is
//! dated by when it fell due, in that order, whenever it is noticed.

use std::collections::BTreeSet;

use super::{Account, Lot, Moment};
use crate::ledger::{Act, EntryKind, HoldState, Posting, Rule, Source};
use platform::kernel::{clock::Timestamp, id::HoldId};

/// What falls due; of one instant, in this order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    Lapse(HoldId),
    End(i64),
}

impl Account {
    /// Whether something became due by itself.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.next_change_at.is_some_and(|at| at <= now)
    }

    /// Brings the account up to now. No expiry is dated before `floor`.
    pub fn settle(&mut self, moment: Moment<'_>, floor: Timestamp) {
        if !self.is_due(moment.now) {
            return;
        }
        self.mature(moment.now);
        let mut agenda = self.agenda(moment.now, floor);
        while let Some((at, due)) = agenda.pop_first() {
            match due {
                Due::End(lot_seq) => self.expire(lot_seq, at, moment),
                Due::Lapse(id) => {
                    for lot_seq in self.end_hold(id, HoldState::Expired, at) {
                        // what comes back after its date expires at once
                        let end = self.lots.get(&lot_seq).and_then(|lot| lot.expires_at);
                        if let Some(end) = end.filter(|end| *end <= moment.now) {
                            agenda.insert((end.max(at), Due::End(lot_seq)));
                        }
                    }
                }
            }
        }
        self.plan();
    }

    fn mature(&mut self, now: Timestamp) {
        let ripe = |lot: &&mut Lot| lot.remaining > 0 && !lot.matured && lot.available_at <= now;
        for lot in self.lots.values_mut().filter(ripe) {
            lot.matured = true;
            self.balance.pending -= lot.remaining;
            self.balance.available += lot.remaining;
            self.changes.lots.insert(lot.seq);
            self.changes.touched = true;
        }
    }

    fn agenda(&self, now: Timestamp, floor: Timestamp) -> BTreeSet<(Timestamp, Due)> {
        let ends = self.lots.values().filter(|lot| lot.remaining > 0).filter_map(|lot| {
            let end = lot.expires_at.filter(|end| *end <= now)?;
            Some((end.max(floor), Due::End(lot.seq)))
        });
        let lapses = self.live_holds().map(|held| &held.hold);
        let lapses = lapses.filter(|hold| hold.expires_at <= now);
        ends.chain(lapses.map(|hold| (hold.expires_at, Due::Lapse(hold.id)))).collect()
    }

    fn expire(&mut self, lot_seq: i64, end: Timestamp, moment: Moment<'_>) {
        let seq = self.seq + 1;
        let points = self.take_from(lot_seq, i64::MAX);
        if points == 0 {
            return;
        }
        self.allocate(seq, lot_seq, seq, points);
        self.balance.lifetime_expired += points;
        *self.expired.entry(lot_seq).or_default() += points;
        let posting = Posting {
            member: self.member,
            act: Act::Debit { kind: EntryKind::Expire, points, order_ref: None },
            source: Some(Source::new("expiry", lot_seq).part(seq)),
            rule: Rule::Expiry { lot_seq },
            actor: "system".to_owned(),
            channel: None,
            reason: None,
            occurred_at: end,
        };
        self.enter(&posting, EntryKind::Expire, -points, posting.rule.clone(), moment);
    }

    /// Finds out when something happens by itself next, as far as that was loaded.
    pub(super) fn plan(&mut self) {
        let lots = self.lots.values().filter_map(Lot::next_change_at);
        let holds = self.live_holds().map(|held| held.hold.expires_at);
        let next = lots.chain(holds).chain(self.unseen_change_at).min();
        if next != self.next_change_at {
            self.next_change_at = next;
            self.changes.touched = true;
        }
    }
}
