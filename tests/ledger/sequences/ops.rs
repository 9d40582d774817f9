//! What may happen, and how often.

use program::ledger::EntryKind;
use proptest::{collection::vec, option, prelude::*, strategy::Union};

pub const MEMBERS: usize = 2;

#[derive(Clone, Debug)]
pub struct Sequence {
    pub zone: &'static str,
    pub start: &'static str,
    /// How many credits the first member has from the start.
    pub credits: u16,
    pub steps: Vec<Step>,
}

#[derive(Clone, Debug)]
pub enum Step {
    Post(Vec<(usize, Op)>),
    One(usize, Op),
    /// From a member to the other: so many points, or all there are.
    Transfer(usize, Option<i64>),
    Settle(usize),
    Sweep,
    Minutes(u16),
    Hours(u16),
    Days(u16),
    Months(u16),
    NewYear,
    /// To a member's next change, or a microsecond before or after.
    Edge(usize, i64),
    /// The same for the next lapse of a hold.
    Lapse(usize, i64),
    Compare,
}

#[derive(Clone, Debug)]
pub enum Op {
    Credit {
        kind: EntryKind,
        points: i64,
        days_ago: u16,
        pending: u16,
        months: Option<u16>,
        /// Whether the caller gave the dates.
        given: bool,
        /// Of an order: refunded, never reversed.
        order: bool,
    },
    /// Of so many points, or of all there are; for an order or for none.
    Debit {
        kind: EntryKind,
        points: Much,
        order: Option<u8>,
    },
    Hold {
        order: u8,
        points: Much,
        minutes: u32,
    },
    /// Of one of the member's holds: so many points, or all of it.
    Capture {
        pick: usize,
        points: Much,
    },
    Release {
        pick: usize,
    },
    /// Of one of the member's debits: all of it, or so many points.
    GiveBack {
        pick: usize,
        points: Option<i64>,
    },
    /// Of one of the member's credits that are no order's.
    Reverse {
        pick: usize,
        forgive: bool,
    },
    /// Of so many percent of what is left of one of the member's orders.
    Refund {
        pick: usize,
        percent: i64,
        forgive: bool,
    },
    /// The same posting again, or with another value.
    Again {
        pick: usize,
        changed: Option<Changed>,
    },
}

/// How many points.
#[derive(Clone, Copy, Debug)]
pub enum Much {
    Points(i64),
    /// All there are, and so many more.
    All(i64),
    /// What is held, and so many more.
    Held(i64),
}

#[derive(Clone, Copy, Debug)]
pub enum Changed {
    Points,
    Channel,
    Reason,
    AvailableAt,
    ExpiresAt,
    OccurredAt,
}

fn much() -> impl Strategy<Value = Much> {
    prop_oneof![
        5 => (1..250i64).prop_map(Much::Points),
        2 => prop_oneof![3 => Just(0i64), 1 => -3..3i64].prop_map(Much::All),
        3 => (-40..40i64).prop_map(Much::Held),
        1 => Just(Much::Held(0)),
    ]
}

fn credit() -> impl Strategy<Value = Op> {
    let kinds = prop_oneof![
        6 => Just(EntryKind::Earn), 2 => Just(EntryKind::Adjust),
        1 => Just(EntryKind::Perk), 1 => Just(EntryKind::Referral)
    ];
    let days_ago = prop_oneof![3 => Just(0u16), 1 => 1..60u16, 1 => 300..1200u16];
    let pending = prop_oneof![2 => Just(0u16), 1 => 1..40u16];
    let months = option::weighted(0.8, 1..15u16);
    (kinds, 1..300i64, days_ago, pending, months, any::<bool>(), any::<bool>()).prop_map(
        |(kind, points, days_ago, pending, months, given, order)| Op::Credit {
            kind,
            points,
            days_ago,
            pending,
            months,
            given,
            order: order && kind == EntryKind::Earn,
        },
    )
}

fn op() -> impl Strategy<Value = (usize, Op)> {
    let debits = prop_oneof![4 => Just(EntryKind::Redeem), 1 => Just(EntryKind::Adjust)];
    let percent = prop_oneof![1..100i64, Just(100)];
    let forgive = || proptest::bool::weighted(0.2);
    let pick = any::<usize>;
    let changed = proptest::sample::select(vec![
        Changed::Points,
        Changed::Channel,
        Changed::Reason,
        Changed::AvailableAt,
        Changed::ExpiresAt,
        Changed::OccurredAt,
    ]);
    // so long that days go by, and so short that hours do
    let minutes = prop_oneof![1..120u32, 600..6000u32, 30_000..300_000u32];
    let what = prop_oneof![
        5 => credit(),
        4 => (debits, much(), option::weighted(0.5, 0..3u8))
            .prop_map(|(kind, points, order)| {
                // only a redemption names an order
                let order = order.filter(|_| kind == EntryKind::Redeem);
                Op::Debit { kind, points, order }
            }),
        4 => (0..3u8, much(), minutes)
            .prop_map(|(order, points, minutes)| Op::Hold { order, points, minutes }),
        2 => (pick(), option::weighted(0.6, much())).prop_map(|(pick, points)| Op::Capture {
            pick,
            points: points.unwrap_or(Much::Held(0)),
        }),
        2 => pick().prop_map(|pick| Op::Release { pick }),
        5 => (pick(), option::weighted(0.4, 1..120i64))
            .prop_map(|(pick, points)| Op::GiveBack { pick, points }),
        2 => (pick(), forgive()).prop_map(|(pick, forgive)| Op::Reverse { pick, forgive }),
        5 => (pick(), percent, forgive())
            .prop_map(|(pick, percent, forgive)| Op::Refund { pick, percent, forgive }),
        1 => (pick(), option::of(changed)).prop_map(|(pick, changed)| Op::Again { pick, changed }),
    ];
    (prop_oneof![30 => 0..MEMBERS, 1 => Just(MEMBERS)], what)
}

fn step() -> impl Strategy<Value = Step> {
    let member = || 0..MEMBERS;
    prop_oneof![
        10 => op().prop_map(|(member, op)| Step::One(member, op)),
        10 => vec(op(), 1..9).prop_map(Step::Post),
        2 => (member(), option::of(1..250i64))
            .prop_map(|(member, points)| Step::Transfer(member, points)),
        1 => member().prop_map(Step::Settle),
        1 => Just(Step::Sweep),
        1 => (1..90u16).prop_map(Step::Minutes),
        1 => (1..50u16).prop_map(Step::Hours),
        1 => (1..40u16).prop_map(Step::Days),
        1 => (1..14u16).prop_map(Step::Months),
        1 => Just(Step::NewYear),
        3 => (member(), -1..=1i64).prop_map(|(member, micros)| Step::Edge(member, micros)),
        2 => (member(), -1..=1i64).prop_map(|(member, micros)| Step::Lapse(member, micros)),
        1 => Just(Step::Compare),
    ]
}

/// Of up to `longest` steps, the first member's account having some credits from the start.
pub fn sequence(longest: usize, credits: std::ops::Range<u16>) -> impl Strategy<Value = Sequence> {
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
    let steps = vec(Union::new([step()]), 1..longest);
    (zone, start, credits, steps).prop_map(|(zone, start, credits, steps)| Sequence {
        zone,
        start,
        credits,
        steps,
    })
}

/// The credits that an account has from the start: small, some pending, ending on many days, and a
/// quarter of them never.
pub fn first_credits(count: u16) -> Vec<(usize, Op)> {
    let credit = |index: u16| Op::Credit {
        kind: if index.is_multiple_of(7) { EntryKind::Adjust } else { EntryKind::Earn },
        points: 1 + i64::from(index * 7 % 13),
        days_ago: if index.is_multiple_of(11) { 20 } else { 0 },
        pending: if index.is_multiple_of(3) { 1 + index % 37 } else { 0 },
        months: (!index.is_multiple_of(4)).then_some(1 + index * 5 % 14),
        given: false,
        order: index % 7 > 3,
    };
    (0..count).map(|index| (0, credit(index))).collect()
}
