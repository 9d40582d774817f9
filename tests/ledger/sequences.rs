//! Random operations against the model, on both databases, through the ledger's own functions.
//!
//! `VILDAR_SEQUENCES=10000` runs so many sequences instead of some hundreds, `VILDAR_SEED=7` runs
//! others. A failure is shrunk, and told with its seed.

use proptest::{
    collection::vec,
    option,
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use vildar::{
    kernel::{clock::Timestamp, error::Refusal, id::MemberId, zone::Zone},
    program::ledger::{self, Act, Answer, EntryKind, Posting},
};

use crate::{
    model::{Line, Model},
    support::both::Which,
    world::{World, at, posting, sourced},
};

const MEMBERS: usize = 2;

#[derive(Clone, Debug)]
struct Sequence {
    zone: &'static str,
    start: &'static str,
    steps: Vec<Step>,
}

#[derive(Clone, Debug)]
enum Step {
    Post(Vec<(usize, Op)>),
    One(usize, Op),
    Settle(usize),
    Sweep,
    Hours(u16),
    Days(u16),
    Months(u16),
    NewYear,
    /// To a member's next change, or a microsecond before or after.
    Edge(usize, i64),
    Compare,
}

#[derive(Clone, Debug)]
enum Op {
    Credit {
        kind: EntryKind,
        points: i64,
        days_ago: u16,
        pending: u16,
        months: Option<u16>,
    },
    /// Of so many points, or of all there are.
    Debit {
        kind: EntryKind,
        points: Option<i64>,
    },
    /// Of one of the member's debits.
    GiveBack {
        pick: usize,
    },
    /// Of so many percent of what is left of one of the member's orders.
    Refund {
        pick: usize,
        percent: i64,
        forgive: bool,
    },
    /// The same posting again, or with other points.
    Again {
        pick: usize,
        changed: bool,
    },
}

fn op() -> impl Strategy<Value = (usize, Op)> {
    let credits = prop_oneof![
        6 => Just(EntryKind::Earn), 1 => Just(EntryKind::Adjust),
        1 => Just(EntryKind::Perk), 1 => Just(EntryKind::Referral)
    ];
    let debits = prop_oneof![4 => Just(EntryKind::Redeem), 1 => Just(EntryKind::Adjust)];
    let days_ago = prop_oneof![3 => Just(0u16), 1 => 1..60u16, 1 => 300..1200u16];
    let pending = prop_oneof![2 => Just(0u16), 1 => 1..40u16];
    let what = prop_oneof![
        5 => (credits, 1..300i64, days_ago, pending, option::weighted(0.8, 1..15u16)).prop_map(
            |(kind, points, days_ago, pending, months)| Op::Credit {
                kind, points, days_ago, pending, months
            }
        ),
        5 => (debits, option::weighted(0.7, 1..250i64)).prop_map(|(kind, points)| Op::Debit { kind, points }),
        3 => any::<usize>().prop_map(|pick| Op::GiveBack { pick }),
        6 => (any::<usize>(), prop_oneof![1..100i64, Just(100)], proptest::bool::weighted(0.2))
            .prop_map(|(pick, percent, forgive)| Op::Refund { pick, percent, forgive }),
        1 => (any::<usize>(), any::<bool>())
            .prop_map(|(pick, changed)| Op::Again { pick, changed }),
    ];
    (prop_oneof![30 => 0..MEMBERS, 1 => Just(MEMBERS)], what)
}

fn sequence() -> impl Strategy<Value = Sequence> {
    let step = prop_oneof![
        10 => op().prop_map(|(member, op)| Step::One(member, op)),
        10 => vec(op(), 1..9).prop_map(Step::Post),
        1 => (0..MEMBERS).prop_map(Step::Settle),
        1 => Just(Step::Sweep),
        1 => (1..50u16).prop_map(Step::Hours),
        1 => (1..40u16).prop_map(Step::Days),
        1 => (1..14u16).prop_map(Step::Months),
        1 => Just(Step::NewYear),
        3 => (0..MEMBERS, -1..=1i64).prop_map(|(member, micros)| Step::Edge(member, micros)),
        1 => Just(Step::Compare),
    ];
    let zone = proptest::sample::select(vec![
        "UTC",
        "Atlantic/Reykjavik",
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "America/Sao_Paulo",
    ]);
    let start = proptest::sample::select(vec![
        "2023-12-30T22:30:00Z",
        "2024-02-28T22:00:00Z",
        "2024-03-30T12:00:00Z",
        "2024-10-26T23:59:59.999999Z",
        "2026-11-21T18:51:00Z",
    ]);
    (zone, start, vec(step, 1..longest())).prop_map(|(zone, start, steps)| Sequence {
        zone,
        start,
        steps,
    })
}

fn asked_for() -> Option<u32> {
    std::env::var("VILDAR_SEQUENCES").ok()?.parse().ok()
}

/// Long runs have long sequences too.
fn longest() -> usize {
    if asked_for().is_some() { 100 } else { 70 }
}

#[test]
fn random_sequences_agree_with_the_model_on_sqlite() {
    run(Which::Sqlite, 500);
}

#[test]
fn random_sequences_agree_with_the_model_on_postgres() {
    run(Which::Postgres, 300);
}

fn run(which: Which, cases: u32) {
    let Some(world) = World::on(which) else { return };
    let seed: u64 = std::env::var("VILDAR_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(1);
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config {
        cases: asked_for().unwrap_or(cases),
        failure_persistence: None,
        max_shrink_iters: 3000,
        ..Config::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
    let outcome = TestRunner::new_with_rng(config, rng).run(&sequence(), |sequence| {
        runtime.block_on(Run::new(&world, &sequence)).go(&runtime, &sequence.steps)
    });
    if let Err(error) = outcome {
        panic!("with VILDAR_SEED={seed}: {error}");
    }
    runtime.block_on(world.assert_adds_up());
}

/// An order whose earn can be refunded.
struct Order {
    member: usize,
    seq: i64,
    earned: i64,
    total: i64,
    refunded: i64,
    clawed: i64,
    excused: i64,
}

struct Run<'w> {
    world: &'w World,
    zone: Zone,
    now: Timestamp,
    members: Vec<MemberId>,
    models: Vec<Model>,
    orders: Vec<Order>,
    /// Postings that were taken, with their member and entry.
    taken: Vec<(usize, Posting, i64)>,
    sources: u32,
}

/// What the model says comes of a posting.
#[derive(Debug, PartialEq)]
enum Expected {
    Entry { seq: i64, repeated: bool, excused: i64 },
    Nothing { excused: i64 },
    Short { shortfall: i64 },
    Conflict,
    NotFound,
}

impl From<&Answer> for Expected {
    fn from(answer: &Answer) -> Self {
        match answer {
            Ok(posted) => match &posted.entry {
                Some(entry) => Self::Entry {
                    seq: entry.seq,
                    repeated: posted.repeated,
                    excused: posted.excused,
                },
                None => Self::Nothing { excused: posted.excused },
            },
            Err(Refusal::InsufficientPoints { shortfall }) => Self::Short { shortfall: *shortfall },
            Err(Refusal::SourceConflict(_)) => Self::Conflict,
            Err(Refusal::NotFound { .. }) => Self::NotFound,
            Err(other) => panic!("{other}"),
        }
    }
}

impl<'w> Run<'w> {
    async fn new(world: &'w World, sequence: &Sequence) -> Self {
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
            orders: Vec::new(),
            taken: Vec::new(),
            sources: 0,
        }
    }

    fn go(
        mut self,
        runtime: &tokio::runtime::Runtime,
        steps: &[Step],
    ) -> Result<(), TestCaseError> {
        for step in steps {
            runtime.block_on(self.step(step))?;
        }
        runtime.block_on(self.compare())
    }

    async fn step(&mut self, step: &Step) -> Result<(), TestCaseError> {
        match step {
            Step::Post(ops) => self.post(ops).await?,
            Step::One(member, op) => self.post(&[(*member, op.clone())]).await?,
            Step::Settle(member) => {
                let id = self.members[*member];
                self.world.store.write(move |tx| ledger::settle(tx, &[id])).await.unwrap();
            }
            Step::Sweep => self.sweep().await?,
            Step::Hours(hours) => {
                self.jump(self.now.plus(std::time::Duration::from_secs(3600 * u64::from(*hours))));
            }
            Step::Days(days) => self.jump(self.zone.days_after(self.now, *days)),
            Step::Months(months) => self.jump(self.zone.end_of_day_after_months(self.now, *months)),
            Step::NewYear => {
                let year = self.zone.date(self.now).year();
                self.jump(self.zone.midnight(jiff::civil::date(year + 1, 1, 1)));
            }
            Step::Edge(member, micros) => {
                if let Some(edge) = self.models[*member].next_change(self.now) {
                    let edge = Timestamp::from_microsecond(edge.as_microsecond() + micros).unwrap();
                    self.jump(edge.max(self.now));
                }
            }
            Step::Compare => self.compare().await?,
        }
        Ok(())
    }

    fn jump(&mut self, to: Timestamp) {
        self.now = to;
        self.world.move_to(to);
    }

    async fn sweep(&self) -> Result<(), TestCaseError> {
        for _ in 0..100 {
            if self.world.store.write(|tx| ledger::sweep(tx, 500)).await.unwrap() == 0 {
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

    /// Lets the model do it; answers the posting and what comes of it.
    fn expect(&mut self, member: usize, op: &Op) -> Option<(Posting, Expected)> {
        let id = self.members[member];
        let now = self.now;
        if member == MEMBERS {
            let act = Act::Debit { kind: EntryKind::Redeem, points: 1, order_ref: None };
            return Some((posting(id, act, now), Expected::NotFound));
        }
        let model = &mut self.models[member];
        model.settle(now, None);
        let entry = |seq| Expected::Entry { seq, repeated: false, excused: 0 };
        let (posting, expected) = match *op {
            Op::Credit { kind, points, days_ago, pending, months } => {
                let ago = std::time::Duration::from_secs(86_400 * u64::from(days_ago));
                let occurred_at = now.minus(ago);
                let available_at = self.zone.days_after(occurred_at, pending);
                let expires_at =
                    months.map(|months| self.zone.end_of_day_after_months(occurred_at, months));
                let seq = model.credit(kind, points, occurred_at, available_at, expires_at);
                if kind == EntryKind::Earn {
                    self.orders.push(Order {
                        member,
                        seq,
                        earned: points,
                        total: points * 7 + 3,
                        refunded: 0,
                        clawed: 0,
                        excused: 0,
                    });
                }
                let act = Act::Credit { kind, points, available_at, expires_at };
                (posting(id, act, occurred_at), entry(seq))
            }
            Op::Debit { kind, points } => {
                let points = points.unwrap_or(model.balance(now).available).max(1);
                let expected = match model.debit(kind, points, now, now) {
                    Ok(seq) => entry(seq),
                    Err(shortfall) => Expected::Short { shortfall },
                };
                (posting(id, Act::Debit { kind, points, order_ref: None }, now), expected)
            }
            Op::GiveBack { pick } => {
                let debits: Vec<i64> = (1..model.next_seq())
                    .filter(|seq| model.lines[usize::try_from(seq - 1).unwrap()].points < 0)
                    .filter(|seq| {
                        matches!(model.kind(*seq), Some(EntryKind::Redeem | EntryKind::Adjust))
                    })
                    .collect();
                let entry_seq = *debits.get(pick % debits.len().max(1))?;
                let expected = match model.give_back(entry_seq, now) {
                    Some(seq) => entry(seq),
                    None => Expected::Nothing { excused: 0 },
                };
                (posting(id, Act::GiveBack { entry_seq }, now), expected)
            }
            Op::Refund { pick, percent, forgive } => {
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
                let Order { seq: lot_seq, excused, .. } = **order;
                let (seq, let_go) = model.claw_back(lot_seq, due, excused, forgive, now, now);
                order.excused += let_go;
                let expected = match seq {
                    Some(seq) => Expected::Entry { seq, repeated: false, excused: let_go },
                    None => Expected::Nothing { excused: let_go },
                };
                (posting(id, Act::Clawback { lot_seq, due, excused, forgive }, now), expected)
            }
            Op::Again { pick, changed } => {
                let mine: Vec<&(usize, Posting, i64)> =
                    self.taken.iter().filter(|(whose, ..)| *whose == member).collect();
                let (_, first, seq) = mine.get(pick % mine.len().max(1))?;
                let mut again = first.clone();
                let mut expected = Expected::Entry { seq: *seq, repeated: true, excused: 0 };
                if let (true, Act::Credit { points, .. } | Act::Debit { points, .. }) =
                    (changed, &mut again.act)
                {
                    *points += 1;
                    expected = Expected::Conflict;
                }
                return Some((again, expected));
            }
        };
        model.settle(now, Some(posting.occurred_at));
        self.sources += 1;
        let posting = if self.sources.is_multiple_of(3) {
            posting
        } else {
            sourced(posting, "till", self.sources)
        };
        if let (Some(_), Expected::Entry { seq, .. }) = (&posting.source, &expected) {
            self.taken.push((member, posting.clone(), *seq));
        }
        Some((posting, expected))
    }

    /// Balances, open lots, debts and every entry are what the model says, and the audit is content.
    async fn compare(&mut self) -> Result<(), TestCaseError> {
        for (member, model) in self.members.iter().zip(&mut self.models) {
            model.settle(self.now, None);
            let found = self.world.balance(*member).await;
            prop_assert_eq!(model.balance(self.now), found, "balance of {}", member);
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
        }
        let members = self.members.clone();
        let audit = move |tx: &mut vildar::db::Tx<'_>| {
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
