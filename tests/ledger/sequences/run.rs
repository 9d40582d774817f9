//! A sequence as it runs.

use std::collections::BTreeSet;

use std::time::Duration;

use platform::kernel::{
    clock::Timestamp,
    error::{Error, Refusal},
    id::{HoldId, MemberId},
    zone::Zone,
};
use program::ledger::{self, Posting, Transfer};
use proptest::prelude::*;

use super::{
    ops::{MEMBERS, Op, Sequence, Step, first_credits},
    outcome::Expected,
};
use crate::{
    model::{Line, Model},
    world::{HoldLine, World, at},
};

/// An order whose earn can be refunded.
pub struct Order {
    pub member: usize,
    pub seq: i64,
    pub earned: i64,
    pub total: i64,
    pub refunded: i64,
    pub clawed: i64,
    pub excused: i64,
}

pub struct Run<'w> {
    pub world: &'w World,
    pub zone: Zone,
    pub now: Timestamp,
    pub members: Vec<MemberId>,
    pub models: Vec<Model>,
    /// The ids of the models' holds.
    pub holds: Vec<Vec<HoldId>>,
    pub orders: Vec<Order>,
    /// Credits that can be reversed: whose, seq, and the reversal.
    pub reversible: Vec<(usize, i64, Option<i64>)>,
    /// Postings that were taken, with their member and entry.
    pub taken: Vec<(usize, Posting, i64)>,
    pub sources: u32,
}

impl<'w> Run<'w> {
    pub async fn new(world: &'w World, sequence: &Sequence) -> Self {
        let now = at(sequence.start);
        world.move_to(now);
        let mut members = world.members(MEMBERS).await;
        members.push(MemberId::new(now, world.store.chance())); // whom nobody knows
        Self {
            world,
            zone: sequence.zone.parse().unwrap(),
            now,
            members,
            models: vec![Model::default(); MEMBERS],
            holds: vec![Vec::new(); MEMBERS],
            orders: Vec::new(),
            reversible: Vec::new(),
            taken: Vec::new(),
            sources: 0,
        }
    }

    pub fn go(
        mut self,
        runtime: &tokio::runtime::Runtime,
        sequence: &Sequence,
    ) -> Result<(), TestCaseError> {
        runtime.block_on(self.post(&first_credits(sequence.credits)))?;
        for step in &sequence.steps {
            runtime.block_on(self.step(step))?;
        }
        runtime.block_on(self.compare())
    }

    async fn step(&mut self, step: &Step) -> Result<(), TestCaseError> {
        let seconds = |seconds: u64| Duration::from_secs(seconds);
        match step {
            Step::Post(ops) => self.post(ops).await?,
            Step::One(member, op) => self.post(&[(*member, op.clone())]).await?,
            Step::Transfer(from, points) => self.transfer(*from, *points).await?,
            Step::Settle(member) => {
                let id = self.members[*member];
                self.world.store.write(move |tx| ledger::settle(tx, &[id])).await.unwrap();
            }
            Step::Sweep => self.sweep().await?,
            Step::Minutes(minutes) => self.jump(self.now.plus(seconds(60 * u64::from(*minutes)))),
            Step::Hours(hours) => self.jump(self.now.plus(seconds(3600 * u64::from(*hours)))),
            Step::Days(days) => self.jump(self.zone.days_after(self.now, *days)),
            Step::Months(months) => self.jump(self.zone.end_of_day_after_months(self.now, *months)),
            Step::NewYear => {
                let year = self.zone.date(self.now).year();
                self.jump(self.zone.midnight(jiff::civil::date(year + 1, 1, 1)));
            }
            Step::Edge(member, micros) => {
                self.jump_to_edge(self.models[*member].next_change(self.now), *micros);
            }
            Step::Lapse(member, micros) => {
                self.jump_to_edge(self.models[*member].next_lapse(), *micros);
            }
            Step::Compare => self.compare().await?,
        }
        Ok(())
    }

    fn jump(&mut self, to: Timestamp) {
        self.now = to;
        self.world.move_to(to);
    }

    fn jump_to_edge(&mut self, edge: Option<Timestamp>, micros: i64) {
        if let Some(edge) = edge {
            let edge = Timestamp::from_microsecond(edge.as_microsecond() + micros).unwrap();
            self.jump(edge.max(self.now));
        }
    }

    async fn sweep(&self) -> Result<(), TestCaseError> {
        for _ in 0..100 {
            if self.world.store.write(|tx| ledger::sweep(tx, 500, &BTreeSet::new())).await.unwrap()
                == 0
            {
                return Ok(());
            }
        }
        Err(TestCaseError::fail("a sweep that never ends"))
    }

    async fn post(&mut self, ops: &[(usize, Op)]) -> Result<(), TestCaseError> {
        let (postings, expected): (Vec<Posting>, Vec<Expected>) =
            ops.iter().filter_map(|(member, op)| self.expect(*member, op)).unzip();
        let asked = format!("{postings:?}");
        let found: Vec<Expected> =
            self.world.post_all(postings).await.iter().map(Expected::from).collect();
        prop_assert_eq!(expected, found, "{}", asked);
        Ok(())
    }

    /// Twice, as one that asks again: it happens once.
    async fn transfer(&mut self, from: usize, points: Option<i64>) -> Result<(), TestCaseError> {
        let now = self.now;
        let to = (from + 1) % MEMBERS;
        for model in &mut self.models {
            model.settle(now, None);
        }
        let points = points.unwrap_or(self.models[from].balance(now).available).max(1);
        let (sender, receiver) = self.models.split_at_mut(1);
        let (sender, receiver) = match from {
            0 => (&mut sender[0], &mut receiver[0]),
            _ => (&mut receiver[0], &mut sender[0]),
        };
        let expected = sender.transfer(receiver, points, now);
        self.sources += 1;
        let ask = Transfer {
            from: self.members[from],
            to: self.members[to],
            points,
            id: format!("t-{}", self.sources),
            actor: "test".to_owned(),
            reason: None,
        };
        for _ in 0..2 {
            let ask = ask.clone();
            let found = self.world.store.write(move |tx| ledger::transfer(tx, &ask)).await;
            let found = match found {
                Ok(entry) => Ok(entry.seq),
                Err(Error::Refused(Refusal::InsufficientPoints { shortfall })) => Err(shortfall),
                Err(other) => panic!("{other}"),
            };
            prop_assert_eq!(expected, found, "{:?}", points);
        }
        Ok(())
    }

    /// Everything that is read is what the model says, and the audit is content.
    async fn compare(&mut self) -> Result<(), TestCaseError> {
        for (member, model) in self.members.iter().zip(&mut self.models) {
            model.settle(self.now, None);
            let sheet = self.world.sheet(*member).await;
            prop_assert_eq!(model.balance(self.now), sheet.balance, "balance of {}", member);
            prop_assert_eq!(model.expiring(), sheet.expiring, "what of {} expires", member);
            prop_assert!(self.world.next_change(*member).await.is_none_or(|at| at > self.now));
            let lines: Vec<Line> = (self.world.entries(*member).await.iter())
                .map(|entry| Line {
                    kind: entry.kind,
                    points: entry.points,
                    balance_after: entry.balance_after,
                    occurred_at: entry.occurred_at,
                })
                .collect();
            prop_assert_eq!(&model.lines, &lines, "entries of {}", member);
            let open = self.world.open_lots_and_debts(*member).await;
            prop_assert_eq!(model.open(), open, "open lots and debts of {}", member);
            let holds: Vec<HoldLine> = (model.holds.iter().cloned())
                .map(|hold| HoldLine {
                    order: hold.order,
                    points: hold.points,
                    captured: hold.captured,
                    state: hold.state,
                    entry: hold.entry,
                    until: hold.until,
                    ended_at: hold.ended_at,
                })
                .collect();
            prop_assert_eq!(holds, self.world.holds(*member).await, "holds of {}", member);
        }
        let members = self.members.clone();
        let audit = move |tx: &mut platform::db::Tx<'_>| {
            let mut found = Vec::new();
            ledger::audit_of(tx, &members, &mut |difference| found.push(difference))?;
            Ok(found)
        };
        let found = self.world.store.snapshot(audit).await.unwrap();
        prop_assert_eq!(found, []);
        for order in self.orders.iter().filter(|order| order.refunded == order.total) {
            prop_assert_eq!(order.clawed, order.earned, "refunded in full, clawed back in full");
        }
        Ok(())
    }
}
