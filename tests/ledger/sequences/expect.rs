//! Lets the model do what is asked of the ledger, and says what is to come of it.

use std::time::Duration;

use platform::kernel::clock::Timestamp;
use program::ledger::{Act, EntryKind, GivenDates, Posting, Rule};

use super::{
    holding::order_name,
    ops::{Changed, MEMBERS, Much, Op},
    outcome::{Done, Expected},
    run::{Order, Run},
};
use crate::{
    model::ClawBack,
    world::{posting, sourced},
};

pub type Asked = Option<(Posting, Expected)>;

impl Run<'_> {
    /// Lets the model do it; answers the posting and what comes of it.
    pub fn expect(&mut self, member: usize, op: &Op) -> Asked {
        let now = self.now;
        if member == MEMBERS {
            let act = match op {
                Op::Hold { .. } => self.new_hold(0, 1, now.plus(Duration::from_secs(1))),
                _ => Act::Debit { kind: EntryKind::Redeem, points: 1, order_ref: None },
            };
            return Some((posting(self.members[member], act, now), Expected::NotFound));
        }
        self.models[member].settle(now, None);
        let (mut posting, expected) = match *op {
            Op::Credit { .. } => self.credit(member, op)?,
            Op::Debit { kind, points, order } => self.debit(member, kind, points, order),
            Op::Hold { order, points, minutes } => self.hold(member, order, points, minutes),
            Op::Capture { pick, points } => self.capture(member, pick, points)?,
            Op::Release { pick } => self.release(member, pick)?,
            Op::GiveBack { pick, points } => self.give_back(member, pick, points)?,
            Op::Reverse { pick, forgive } => self.reverse(member, pick, forgive)?,
            Op::Refund { pick, percent, forgive } => self.refund(member, pick, percent, forgive)?,
            Op::Again { pick, changed } => return self.again(member, pick, changed),
        };
        self.models[member].settle(now, Some(posting.occurred_at));
        self.sources += 1;
        if posting.source.is_none() && !self.sources.is_multiple_of(3) {
            posting = sourced(posting, "till", self.sources);
            posting.channel = self.sources.is_multiple_of(2).then(|| "till".to_owned());
            posting.reason = Some("because".to_owned());
        }
        let has_kind = posting.act.kind().is_some();
        if let (Some(_), true, Expected::Done(Done { entry: Some(seq), repeated: false, .. })) =
            (&posting.source, has_kind, &expected)
        {
            self.taken.push((member, posting.clone(), *seq));
        }
        Some((posting, expected))
    }

    fn credit(&mut self, member: usize, op: &Op) -> Asked {
        let Op::Credit { kind, points, days_ago, pending, months, given, order } = *op else {
            return None;
        };
        let ago = Duration::from_secs(86_400 * u64::from(days_ago));
        let occurred_at = self.now.minus(ago);
        let available_at = self.zone.days_after(occurred_at, pending);
        let expires_at =
            months.map(|months| self.zone.end_of_day_after_months(occurred_at, months));
        let model = &mut self.models[member];
        let seq = model.credit(kind, points, occurred_at, available_at, expires_at);
        if order {
            let total = points * 7 + 3;
            let (earned, refunded, clawed, excused) = (points, 0, 0, 0);
            self.orders.push(Order { member, seq, earned, total, refunded, clawed, excused });
        } else if matches!(kind, EntryKind::Earn | EntryKind::Adjust) {
            self.reversible.push((member, seq, None));
        }
        let act = Act::Credit { kind, points, available_at, expires_at };
        let mut posting = posting(self.members[member], act, occurred_at);
        let given = GivenDates { available_at: given, expires_at: given, occurred_at: given };
        posting.rule = Rule::Earn { given };
        Some((posting, Expected::entry(seq)))
    }

    /// So many points, `held` being what the hold in question has.
    pub fn points(&self, member: usize, much: Much, held: i64) -> i64 {
        let available = self.models[member].balance(self.now).available;
        let points = match much {
            Much::Points(points) => points,
            Much::All(more) => available + more,
            Much::Held(more) => held + more,
        };
        points.max(1)
    }

    fn debit(
        &mut self,
        member: usize,
        kind: EntryKind,
        points: Much,
        order: Option<u8>,
    ) -> (Posting, Expected) {
        let order_ref = order.map(order_name);
        let hold = order_ref.as_deref().and_then(|order| self.models[member].live(order));
        let aside = hold.map_or(0, |hold| self.models[member].holds[hold].points);
        let points = self.points(member, points, aside);
        let model = &mut self.models[member];
        let expected = match model.debit(kind, points, order_ref.as_deref(), self.now, self.now) {
            Ok(seq) => {
                let hold = hold.map(|hold| self.stands(member, hold));
                Expected::Done(Done { entry: Some(seq), hold, ..Done::default() })
            }
            Err(shortfall) => Expected::Short { shortfall },
        };
        let act = Act::Debit { kind, points, order_ref };
        (posting(self.members[member], act, self.now), expected)
    }

    fn give_back(&mut self, member: usize, pick: usize, points: Option<i64>) -> Asked {
        let model = &mut self.models[member];
        let debits: Vec<i64> = (1..model.next_seq())
            .filter(|seq| model.line(*seq).points < 0)
            .filter(|seq| {
                let kind = model.line(*seq).kind;
                matches!(kind, EntryKind::Redeem | EntryKind::Adjust | EntryKind::Clawback)
            })
            .collect();
        let entry_seq = *debits.get(pick % debits.len().max(1))?;
        let expected = match model.give_back(entry_seq, points, self.now) {
            Some(seq) => Expected::entry(seq),
            None => Expected::Done(Done::default()),
        };
        let act = Act::GiveBack { entry_seq, points };
        Some((posting(self.members[member], act, self.now), expected))
    }

    fn reverse(&mut self, member: usize, pick: usize, forgive: bool) -> Asked {
        let mut mine: Vec<&mut (usize, i64, Option<i64>)> =
            self.reversible.iter_mut().filter(|(whose, ..)| *whose == member).collect();
        let chosen = pick % mine.len().max(1);
        let (_, lot_seq, reversal) = mine.get_mut(chosen)?;
        let points = self.models[member].line(*lot_seq).points;
        let act = Act::Reverse { lot_seq: *lot_seq, points, forgive };
        let posting = sourced(posting(self.members[member], act, self.now), "undo", *lot_seq);
        let expected = if let Some(first) = *reversal {
            Expected::again(first)
        } else {
            let (seq, excused) = self.models[member].reverse(*lot_seq, forgive, self.now);
            *reversal = Some(seq);
            Expected::Done(Done { entry: Some(seq), excused, ..Done::default() })
        };
        Some((posting, expected))
    }

    fn refund(&mut self, member: usize, pick: usize, percent: i64, forgive: bool) -> Asked {
        let mut orders: Vec<&mut Order> =
            self.orders.iter_mut().filter(|order| order.member == member).collect();
        let chosen = pick % orders.len().max(1);
        let order = orders.get_mut(chosen)?;
        let left = order.total - order.refunded;
        order.refunded += (left * percent / 100).max(1).min(left);
        let due = order.earned * order.refunded / order.total - order.clawed;
        order.clawed += due;
        if due == 0 {
            return None;
        }
        let Order { seq: own, excused, .. } = **order;
        let ask = ClawBack { own, due, excused, forgive };
        let (entry, let_go) = self.models[member].claw_back(ask, self.now);
        order.excused += let_go;
        let act = Act::Clawback { lot_seq: own, due, excused, forgive };
        let expected = Expected::Done(Done { entry, excused: let_go, ..Done::default() });
        Some((posting(self.members[member], act, self.now), expected))
    }

    fn again(&mut self, member: usize, pick: usize, changed: Option<Changed>) -> Asked {
        let mine: Vec<&(usize, Posting, i64)> =
            self.taken.iter().filter(|(whose, ..)| *whose == member).collect();
        let (_, first, seq) = mine.get(pick % mine.len().max(1))?;
        let mut again = first.clone();
        let differs = changed.is_some_and(|changed| change(&mut again, changed));
        Some((again, if differs { Expected::Conflict } else { Expected::again(*seq) }))
    }
}

/// Changes a value; answers whether the source conflicts then.
fn change(posting: &mut Posting, changed: Changed) -> bool {
    let asked = matches!(posting.act, Act::Credit { .. } | Act::Debit { .. });
    let given = matches!(posting.rule, Rule::Earn { given } if given != GivenDates::default());
    let (soon, next) =
        (Duration::from_micros(1), |at: Timestamp| at.plus(Duration::from_micros(1)));
    match (changed, &mut posting.act) {
        (Changed::Points, Act::Credit { points, .. } | Act::Debit { points, .. }) => {
            *points += 1;
            true
        }
        (Changed::AvailableAt, Act::Credit { available_at, .. }) => {
            *available_at = next(*available_at);
            given
        }
        (Changed::ExpiresAt, Act::Credit { expires_at, .. }) => {
            *expires_at = expires_at.map_or(Some(Timestamp::UNIX_EPOCH), |_| None);
            given
        }
        (Changed::Channel, _) => {
            posting.channel = Some("elsewhere".to_owned());
            asked
        }
        (Changed::Reason, _) => {
            posting.reason = Some("or not".to_owned());
            asked
        }
        (Changed::OccurredAt, _) => {
            posting.occurred_at = posting.occurred_at.minus(soon);
            given
        }
        _ => false,
    }
}
