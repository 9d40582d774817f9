//! The two plain movements: credit and debit.

use super::{Account, Lot, Moment, counts_as_earned};
use crate::ledger::{Act, EntryKind, Posted, Posting};
use platform::kernel::error::Refusal;

impl Account {
    /// Opens a lot, after it has paid what is owed.
    pub(super) fn credit(
        &mut self,
        posting: &Posting,
        kind: EntryKind,
        moment: Moment<'_>,
    ) -> Result<Posted, Refusal> {
        let Act::Credit { points, available_at, expires_at, .. } = posting.act else {
            return Ok(Posted::nothing());
        };
        let earned = if counts_as_earned(kind) { points } else { 0 };
        self.check_room(points, earned)?;
        let seq = self.seq + 1;
        self.balance.lifetime_earned += earned;
        let lot = Lot {
            seq,
            points,
            remaining: points - self.pay_debts(seq, points, seq),
            was_open: 0,
            available_at,
            expires_at,
            matured: available_at <= moment.now,
        };
        if lot.matured {
            self.balance.available += lot.remaining;
        } else {
            self.balance.pending += lot.remaining;
        }
        self.next_change_at = self.next_change_at.into_iter().chain(lot.next_change_at()).min();
        self.changes.lots.insert(seq);
        self.lots.insert(seq, lot);
        let entry = self.enter(posting, kind, points, posting.rule.clone(), moment);
        Ok(Posted::entry(entry))
    }

    /// Takes what is available; what is held for `order_ref` goes first, and comes back where it
    /// is not needed.
    pub(super) fn debit(
        &mut self,
        posting: &Posting,
        kind: EntryKind,
        points: i64,
        order_ref: Option<&str>,
        moment: Moment<'_>,
    ) -> Result<Posted, Refusal> {
        let own = order_ref.and_then(|order_ref| self.live_hold(order_ref));
        let (id, held) = own.map_or((None, 0), |own| (Some(own.hold.id), own.hold.points));
        let room = self.spendable(order_ref);
        if points > room {
            return Err(Refusal::InsufficientPoints { shortfall: points - room });
        }
        let seq = self.seq + 1;
        let used = id.and_then(|id| self.consume(id, points.min(held), moment.now));
        let missing = self.spend(points - points.min(held), seq, |lot| lot.matured);
        self.changes.is_short |= missing != 0;
        if kind == EntryKind::Redeem {
            self.balance.lifetime_redeemed += points;
        }
        self.plan();
        let entry = self.enter(posting, kind, -points, posting.rule.clone(), moment);
        if let Some(id) = id {
            self.forgive_what_was_held(posting, id, moment);
        }
        Ok(Posted { hold: used, ..Posted::entry(entry) })
    }
}
