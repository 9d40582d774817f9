//! Points set aside for an order: held, captured, given back.

use super::{Account, Held, Lot, Moment};
use crate::ledger::{EntryKind, Hold, HoldState, Posted, Posting};
use platform::kernel::{clock::Timestamp, error::Refusal, id::HoldId};

/// What is to be held.
pub(super) struct Ask<'a> {
    pub(super) id: HoldId,
    pub(super) order_ref: &'a str,
    pub(super) points: i64,
    pub(super) until: Timestamp,
}

impl Account {
    pub(super) fn live_holds(&self) -> impl Iterator<Item = &Held> {
        self.holds.values().filter(|held| held.hold.state == HoldState::Live)
    }

    /// Brings the parts of holds, which were read in any order, into the order of spending.
    pub fn order_held(&mut self) {
        let Self { holds, lots, .. } = self;
        for held in holds.values_mut() {
            held.parts.sort_by_key(|(lot_seq, _)| lots.get(lot_seq).map(Lot::spending_order));
        }
    }

    /// The one live hold of an order.
    pub fn live_hold(&self, order_ref: &str) -> Option<&Held> {
        self.live_holds().find(|held| held.hold.order_ref == order_ref)
    }

    /// What an order may spend: what is available, and what is held for it.
    pub fn spendable(&self, order_ref: Option<&str>) -> i64 {
        let held = order_ref.and_then(|order_ref| self.live_hold(order_ref));
        self.balance.available + held.map_or(0, |held| held.hold.points)
    }

    /// Takes points out of what is available, soonest to expire first; no entry.
    pub(super) fn hold(&mut self, posting: &Posting, ask: &Ask<'_>) -> Result<Posted, Refusal> {
        if let Some(Held { hold, .. }) = self.live_hold(ask.order_ref) {
            if hold.points == ask.points {
                return Ok(Posted {
                    repeated: true,
                    hold: Some(hold.clone()),
                    ..Posted::nothing()
                });
            }
            let message = format!("{} holds {} points already", ask.order_ref, hold.points);
            return Err(Refusal::SourceConflict(message));
        }
        if ask.points > self.balance.available {
            let shortfall = ask.points - self.balance.available;
            return Err(Refusal::InsufficientPoints { shortfall });
        }
        let parts = self.take_in_order(ask.points, |lot| lot.matured);
        self.changes.is_short |= parts.iter().map(|(_, part)| part).sum::<i64>() != ask.points;
        self.balance.held += ask.points;
        self.hold_seq += 1;
        let hold = Hold {
            id: ask.id,
            member: self.member,
            seq: self.hold_seq,
            order_ref: ask.order_ref.to_owned(),
            points: ask.points,
            captured_points: 0,
            state: HoldState::Live,
            entry_seq: None,
            placed_by: posting.actor.clone(),
            placed_at: posting.occurred_at,
            expires_at: ask.until,
            ended_at: None,
        };
        self.changes.holds.insert(ask.id);
        self.changes.new_holds.insert(ask.id, parts.clone());
        self.holds.insert(ask.id, Held { hold: hold.clone(), parts });
        self.changes.touched = true;
        self.plan();
        Ok(Posted { hold: Some(hold), ..Posted::nothing() })
    }

    /// Takes what is held, or a part of it, by one `redeem`; gives back the rest.
    pub(super) fn capture(
        &mut self,
        posting: &Posting,
        id: HoldId,
        points: Option<i64>,
        moment: Moment<'_>,
    ) -> Result<Posted, Refusal> {
        let hold = self.named(id)?;
        match hold.state {
            HoldState::Live => {}
            HoldState::Captured => return self.captured_before(posting, hold, points),
            state => return Err(cannot_become(state, HoldState::Captured)),
        }
        let points = points.unwrap_or(hold.points);
        if points > hold.points {
            let message = format!("must be at most {}, what is held", hold.points);
            return Err(Refusal::field("/points", message));
        }
        let hold = self.consume(id, points, moment.now);
        self.balance.lifetime_redeemed += points;
        self.plan();
        let rule = posting.rule.clone();
        let entry = self.enter(posting, EntryKind::Redeem, -points, rule, moment);
        self.forgive_what_was_held(posting, id, moment);
        Ok(Posted { hold, ..Posted::entry(entry) })
    }

    /// The same capture again answers the first. One of other points, or of a hold that a redemption
    /// used, would answer for points that it did not take.
    fn captured_before(
        &self,
        posting: &Posting,
        hold: Hold,
        points: Option<i64>,
    ) -> Result<Posted, Refusal> {
        if !self.has_entry(EntryKind::Redeem, posting.source.as_ref()) {
            return Err(Refusal::SourceConflict(format!(
                "a redemption for {} used {} points of this hold",
                hold.order_ref, hold.captured_points
            )));
        }
        let asked = points.unwrap_or(hold.points);
        if asked != hold.captured_points {
            return Err(Refusal::SourceConflict(format!(
                "{} points of this hold were captured before, not {asked}",
                hold.captured_points
            )));
        }
        Ok(Posted { repeated: true, hold: Some(hold), ..Posted::nothing() })
    }

    /// Gives back what is held.
    pub(super) fn release(&mut self, id: HoldId, now: Timestamp) -> Result<Posted, Refusal> {
        let hold = self.named(id)?;
        match hold.state {
            HoldState::Live => {}
            HoldState::Released => {
                return Ok(Posted { repeated: true, hold: Some(hold), ..Posted::nothing() });
            }
            state => return Err(cannot_become(state, HoldState::Released)),
        }
        self.end_hold(id, HoldState::Released, now);
        self.plan();
        Ok(Posted { hold: Some(self.named(id)?), ..Posted::nothing() })
    }

    fn named(&self, id: HoldId) -> Result<Hold, Refusal> {
        let held = self.holds.get(&id).ok_or_else(|| Refusal::not_found("hold"))?;
        Ok(held.hold.clone())
    }

    /// Lets the entry that comes next take `points` of what a live hold has; the rest comes back.
    pub(super) fn consume(&mut self, id: HoldId, points: i64, now: Timestamp) -> Option<Hold> {
        let seq = self.seq + 1;
        let held = self.holds.get_mut(&id)?;
        let mut missing = points;
        let mut taken = Vec::new();
        for (lot_seq, part) in &mut held.parts {
            let own = missing.min(*part);
            if own > 0 {
                *part -= own;
                missing -= own;
                taken.push((*lot_seq, own));
            }
        }
        held.hold.captured_points = points;
        held.hold.entry_seq = Some(seq);
        self.balance.held -= points;
        for (lot_seq, part) in taken {
            self.allocate(seq, lot_seq, seq, part);
        }
        self.end_hold(id, HoldState::Captured, now);
        self.holds.get(&id).map(|held| held.hold.clone())
    }

    /// Ends a live hold: what is left of it comes back to the lots it came from, which are answered.
    pub(super) fn end_hold(&mut self, id: HoldId, state: HoldState, at: Timestamp) -> Vec<i64> {
        let Some(held) = self.holds.get_mut(&id) else { return Vec::new() };
        held.hold.state = state;
        held.hold.ended_at = Some(at);
        let hold_seq = held.hold.seq;
        let parts: Vec<(i64, i64)> =
            held.parts.drain(..).filter(|(_, points)| *points > 0).collect();
        self.changes.holds.insert(id);
        self.changes.touched = true;
        for (lot_seq, points) in &parts {
            self.balance.held -= points;
            self.bring_back(*lot_seq, *points, -hold_seq);
        }
        parts.into_iter().map(|(lot_seq, _)| lot_seq).collect()
    }
}

fn cannot_become(from: HoldState, to: HoldState) -> Refusal {
    let (from, to, allowed) = (from.as_str(), to.as_str(), from.allowed());
    Refusal::InvalidTransition { what: "the hold", from, to, allowed }
}
