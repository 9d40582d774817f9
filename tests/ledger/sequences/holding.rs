//! Holds, as the model has them.

use std::time::Duration;

use platform::kernel::{clock::Timestamp, id::HoldId};
use program::ledger::{Act, HoldState, Posting};

use super::{
    expect::Asked,
    ops::{MEMBERS, Much},
    outcome::{Done, Expected},
    run::Run,
};
use crate::{model::Capture, world::posting};

impl Run<'_> {
    pub fn new_hold(&self, order: u8, points: i64, expires_at: Timestamp) -> Act {
        let id = HoldId::new(self.now, self.world.store.chance());
        Act::Hold { id, order_ref: order_name(order), points, expires_at }
    }

    pub fn hold(
        &mut self,
        member: usize,
        order: u8,
        points: Much,
        minutes: u32,
    ) -> (Posting, Expected) {
        let live = self.models[member].live(&order_name(order));
        let aside = live.map_or(0, |hold| self.models[member].holds[hold].points);
        let points = self.points(member, points, aside);
        let until = self.now.plus(Duration::from_secs(60 * u64::from(minutes)));
        let act = self.new_hold(order, points, until);
        let expected = if let Some(live) = live {
            if aside == points {
                let hold = Some(self.stands(member, live));
                Expected::Done(Done { repeated: true, hold, ..Done::default() })
            } else {
                Expected::Conflict
            }
        } else {
            match self.models[member].hold(&order_name(order), points, until, self.now) {
                Ok(()) => {
                    let Act::Hold { id, .. } = act else { unreachable!() };
                    self.holds[member].push(id);
                    let hold = Some(self.stands(member, self.holds[member].len() - 1));
                    Expected::Done(Done { hold, ..Done::default() })
                }
                Err(shortfall) => Expected::Short { shortfall },
            }
        };
        (posting(self.members[member], act, self.now), expected)
    }

    /// Mostly a live hold; now and then one that ended, or another member's.
    fn pick_hold(&self, member: usize, pick: usize) -> Option<(usize, usize)> {
        let whose = if pick % 16 == 5 { (member + 1) % MEMBERS } else { member };
        let holds = self.models[whose].holds.iter().enumerate();
        let live: Vec<usize> =
            holds.filter(|(_, hold)| hold.is_live()).map(|(index, _)| index).collect();
        let all: Vec<usize> = (0..self.models[whose].holds.len()).collect();
        let among = if !pick.is_multiple_of(4) && !live.is_empty() { live } else { all };
        Some((whose, *among.get(pick / 16 % among.len().max(1))?))
    }

    pub fn capture(&mut self, member: usize, pick: usize, points: Much) -> Asked {
        let (whose, hold) = self.pick_hold(member, pick)?;
        let aside = self.models[whose].holds[hold].points;
        let points = match points {
            Much::Held(0) => None,
            much => Some(self.points(whose, much, aside)),
        };
        let id = self.holds[whose][hold];
        let posting = posting(self.members[member], Act::Capture { hold: id, points }, self.now);
        if whose != member {
            return Some((posting, Expected::NotFound));
        }
        let captured = self.models[member].capture(hold, points, self.now);
        let stands = Some(self.stands(member, hold));
        let expected = match captured {
            Capture::Entry(seq) => {
                Expected::Done(Done { entry: Some(seq), hold: stands, ..Done::default() })
            }
            Capture::Repeated => {
                Expected::Done(Done { repeated: true, hold: stands, ..Done::default() })
            }
            Capture::Conflict => Expected::Conflict,
            Capture::Over => Expected::Over,
            Capture::TooMuch => Expected::TooMuch,
        };
        Some((posting, expected))
    }

    pub fn release(&mut self, member: usize, pick: usize) -> Asked {
        let (whose, hold) = self.pick_hold(member, pick)?;
        let act = Act::Release { hold: self.holds[whose][hold] };
        let posting = posting(self.members[member], act, self.now);
        if whose != member {
            return Some((posting, Expected::NotFound));
        }
        let repeated = !self.models[member].holds[hold].is_live();
        let expected = if self.models[member].release(hold, self.now) {
            let hold = Some(self.stands(member, hold));
            Expected::Done(Done { repeated, hold, ..Done::default() })
        } else {
            Expected::Over
        };
        Some((posting, expected))
    }

    pub fn stands(&self, member: usize, hold: usize) -> (usize, HoldState, i64) {
        let found = &self.models[member].holds[hold];
        (hold + 1, found.state, found.captured)
    }
}

pub fn order_name(order: u8) -> String {
    format!("cart-{order}")
}
