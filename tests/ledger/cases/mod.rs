//! Corners of the ledger, one by one.

mod bounds;
mod captured;
mod dates;
mod ending;
mod held;
mod holding;
mod large;
mod looking;
mod sources;
mod undoing;
mod undone;

use std::time::Duration;

use platform::kernel::{clock::Timestamp, id::MemberId};
use program::ledger::{Act, Answer, EntryKind, Posting};

use crate::world::{World, posting};

const DAY: Duration = Duration::from_hours(24);

fn give_back(member: MemberId, entry_seq: i64, now: Timestamp) -> Posting {
    posting(member, Act::GiveBack { entry_seq, points: None }, now)
}

fn claw_back(member: MemberId, lot_seq: i64, due: i64, excused: i64, now: Timestamp) -> Posting {
    posting(member, Act::Clawback { lot_seq, due, excused, forgive: false }, now)
}

fn reverse(member: MemberId, lot_seq: i64, points: i64, now: Timestamp) -> Posting {
    posting(member, Act::Reverse { lot_seq, points, forgive: false }, now)
}

fn seq(answer: &Answer) -> i64 {
    answer.as_ref().unwrap().entry.as_ref().unwrap().seq
}

/// Available, pending, debt.
async fn sums(world: &World, member: MemberId) -> (i64, i64, i64) {
    let balance = world.balance(member).await;
    world.assert_adds_up().await;
    (balance.available, balance.pending, balance.debt)
}

async fn lines(world: &World, member: MemberId) -> Vec<(EntryKind, i64)> {
    world.entries(member).await.iter().map(|entry| (entry.kind, entry.points)).collect()
}
