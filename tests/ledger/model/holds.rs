//! Points set aside for an order.

use platform::kernel::clock::Timestamp;
use program::ledger::{EntryKind, HoldState};

use super::Model;

#[derive(Clone, Debug)]
pub struct Hold {
    pub order: String,
    pub points: i64,
    pub until: Timestamp,
    pub state: HoldState,
    pub captured: i64,
    pub entry: Option<i64>,
    /// It was captured itself, not used by a redemption.
    by_capture: bool,
    pub ended_at: Option<Timestamp>,
    /// The lots that it took its points from, soonest to expire first.
    parts: Vec<(i64, i64)>,
}

impl Hold {
    pub fn is_live(&self) -> bool {
        self.state == HoldState::Live
    }
}

/// What comes of a capture.
#[derive(Debug)]
pub enum Capture {
    Entry(i64),
    /// It was captured already, so many points of it.
    Repeated,
    /// Others were captured, or a redemption used it.
    Conflict,
    /// It was released, or has lapsed.
    Over,
    /// More than it holds.
    TooMuch,
}

impl Model {
    /// The live hold of an order, by its index.
    pub fn live(&self, order: &str) -> Option<usize> {
        self.holds.iter().position(|hold| hold.is_live() && hold.order == order)
    }

    /// Takes points out of what is available. Refused with the shortfall.
    pub fn hold(
        &mut self,
        order: &str,
        points: i64,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<(), i64> {
        let available = self.balance(now).available;
        if points > available {
            return Err(points - available);
        }
        // as a debit of no seq
        self.spend(0, points, |lot| lot.available_at <= now);
        let mut parts = Vec::new();
        self.taken.retain(|(debit, lot, points)| {
            if *debit == 0 {
                parts.push((*lot, *points));
            }
            *debit != 0
        });
        self.holds.push(Hold {
            order: order.to_owned(),
            points,
            until,
            state: HoldState::Live,
            captured: 0,
            entry: None,
            by_capture: false,
            ended_at: None,
            parts,
        });
        Ok(())
    }

    /// Of so many points, or of all.
    pub fn capture(&mut self, hold: usize, points: Option<i64>, now: Timestamp) -> Capture {
        let points = points.unwrap_or(self.holds[hold].points);
        match self.holds[hold].state {
            HoldState::Captured => {
                let hold = &self.holds[hold];
                let same = hold.by_capture && hold.captured == points;
                if same { Capture::Repeated } else { Capture::Conflict }
            }
            HoldState::Released | HoldState::Expired => Capture::Over,
            HoldState::Live if points > self.holds[hold].points => Capture::TooMuch,
            HoldState::Live => {
                self.use_hold(hold, points, now);
                self.holds[hold].by_capture = true;
                self.redeemed += points;
                let seq = self.write(EntryKind::Redeem, -points, now);
                self.forgive(now, now);
                Capture::Entry(seq)
            }
        }
    }

    /// Whether it is released now.
    pub fn release(&mut self, hold: usize, now: Timestamp) -> bool {
        if self.holds[hold].is_live() {
            self.end(hold, HoldState::Released, now);
        }
        self.holds[hold].state == HoldState::Released
    }

    pub(super) fn lapse(&mut self, hold: usize) {
        self.end(hold, HoldState::Expired, self.holds[hold].until);
    }

    /// The next entry takes `points` of what is held, soonest to expire first.
    pub(super) fn use_hold(&mut self, hold: usize, points: i64, now: Timestamp) {
        let entry = self.next_seq();
        self.holds[hold].captured = points;
        self.holds[hold].entry = Some(entry);
        let mut missing = points;
        for (lot, part) in &mut self.holds[hold].parts {
            let own = missing.min(*part);
            if own > 0 {
                self.taken.push((entry, *lot, own));
            }
            *part -= own;
            missing -= own;
        }
        self.end(hold, HoldState::Captured, now);
    }

    /// What is left of it goes back to where it came from.
    fn end(&mut self, hold: usize, state: HoldState, at: Timestamp) {
        self.holds[hold].state = state;
        self.holds[hold].ended_at = Some(at);
        for (lot, points) in std::mem::take(&mut self.holds[hold].parts) {
            self.bring_back(lot, points);
        }
    }
}
