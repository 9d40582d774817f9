//! Many connections at once.

use std::collections::BTreeSet;

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use platform::{
    db::Store,
    kernel::{
        clock::Clock,
        error::{Error, Refusal},
        id::{HoldId, MemberId},
    },
};
use program::{
    due,
    ledger::{self, Act, Answer, EntryKind, Posting, Transfer},
};
use tokio::task::JoinSet;

use crate::world::{World, earn, on_both, posting, redeem, sourced};

on_both!(
    a_balance_that_covers_one,
    a_balance_that_covers_seven,
    one_source_at_once,
    batches_in_any_order,
    everything_at_once,
);

/// Each posting in a transaction of its own, all at once.
async fn at_once(world: &World, postings: Vec<Posting>) -> Vec<Answer> {
    let mut tasks = JoinSet::new();
    for posting in postings {
        let store = world.store.clone();
        tasks.spawn(async move {
            let answers =
                store.write(move |tx| ledger::post(tx, std::slice::from_ref(&posting))).await;
            answers.unwrap().remove(0)
        });
    }
    tasks.join_all().await
}

async fn a_balance_that_covers_one(world: &World) {
    spend(world, 100, 1).await;
}

async fn a_balance_that_covers_seven(world: &World) {
    spend(world, 799, 7).await;
}

async fn spend(world: &World, balance: i64, covers: usize) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    // in several lots
    for part in 0..4 {
        world.post(earn(member, balance / 4 + balance % 4 * (part / 3), now, None)).await.unwrap();
    }
    let answers = at_once(world, vec![redeem(member, 100, now); 200]).await;
    let (paid, refused): (Vec<Answer>, Vec<Answer>) = answers.into_iter().partition(Result::is_ok);
    assert_eq!((paid.len(), refused.len()), (covers, 200 - covers));
    let short = |answer: &Answer| matches!(answer, Err(Refusal::InsufficientPoints { .. }));
    assert!(refused.iter().all(short), "{refused:?}");
    world.assert_adds_up().await;
}

async fn one_source_at_once(world: &World) {
    let member = world.members(1).await[0];
    let posting = sourced(earn(member, 100, world.clock.now(), None), "till", "r-1");
    let answers = at_once(world, vec![posting; 100]).await;
    let answers: Vec<ledger::Posted> = answers.into_iter().map(Result::unwrap).collect();
    assert_eq!(answers.iter().filter(|posted| !posted.repeated).count(), 1);
    assert_eq!(world.entries(member).await.len(), 1);
    let id = world.entries(member).await[0].id;
    assert!(answers.iter().all(|posted| posted.entry.as_ref().unwrap().id == id));
    world.assert_adds_up().await;
}

async fn batches_in_any_order(world: &World) {
    let members = world.members(12).await;
    let now = world.clock.now();
    let mut tasks = JoinSet::new();
    for turn in 0..80usize {
        let mut members = members.clone();
        members.rotate_left(turn % 12);
        if turn % 2 == 0 {
            members.reverse();
        }
        let postings: Vec<Posting> = members[..8]
            .iter()
            .flat_map(|member| [earn(*member, 10, now, None), redeem(*member, 5, now)])
            .collect();
        let store = world.store.clone();
        tasks.spawn(async move {
            let answers = store.write(move |tx| ledger::post(tx, &postings)).await.unwrap();
            assert!(answers.iter().all(Result::is_ok));
        });
    }
    tasks.join_all().await;
    let mut left = 0;
    for member in members {
        left += world.balance(member).await.available;
    }
    assert_eq!(left, 80 * 8 * 5);
    world.assert_adds_up().await;
}

/// What the storm's tasks share.
struct Storm {
    store: Store,
    clock: Clock,
    members: Vec<MemberId>,
    redeemed: Mutex<Vec<(MemberId, i64)>>,
    earned: Mutex<Vec<(MemberId, i64, i64)>>,
    held: Mutex<Vec<(MemberId, HoldId)>>,
}

async fn everything_at_once(world: &World) {
    let storm = Arc::new(Storm {
        store: world.store.clone(),
        clock: world.clock.clone(),
        members: world.members(20).await,
        redeemed: Mutex::default(),
        earned: Mutex::default(),
        held: Mutex::default(),
    });
    let end = Instant::now() + Duration::from_secs(5);
    let mut tasks = JoinSet::new();
    for task in 0..14u64 {
        let storm = Arc::clone(&storm);
        tasks.spawn(async move {
            let mut dice = task * 7919 + 1;
            let mut done = 0u32;
            while Instant::now() < end {
                storm.turn(&mut dice).await;
                done += 1;
            }
            done
        });
    }
    let turns: u32 = tasks.join_all().await.iter().sum();
    assert!(turns > 200, "only {turns} turns");
    world.assert_adds_up().await;
    while world.store.write(|tx| ledger::sweep(tx, 7, &BTreeSet::new())).await.unwrap() > 0 {}
    world.assert_adds_up().await;
}

impl Storm {
    async fn turn(&self, dice: &mut u64) {
        let mut roll = |sides: u64| {
            *dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (*dice >> 33) % sides
        };
        let now = self.clock.now();
        let hours = |hours: u64| Duration::from_secs(hours * 3600);
        let member = self.members[usize::try_from(roll(20)).unwrap()];
        let points = i64::try_from(roll(90) + 1).unwrap();
        let kind = roll(18);
        let posted = match kind {
            0..=3 => {
                let mut posting = earn(member, points, now, Some(now.plus(hours(1 + roll(60)))));
                if let Act::Credit { available_at, .. } = &mut posting.act {
                    *available_at = now.plus(hours(roll(3) * 7));
                }
                posting
            }
            4..=6 => redeem(member, points, now),
            7 | 8 => {
                // now and then a second task asks for the same
                let debit = {
                    let mut redeemed = self.redeemed.lock().unwrap();
                    let last = redeemed.last().copied();
                    if roll(3) > 0 { redeemed.pop() } else { last }
                };
                let Some((member, entry_seq)) = debit else { return };
                posting(member, Act::GiveBack { entry_seq, points: None }, now)
            }
            9 => {
                let Some((member, lot_seq, due)) = self.earned.lock().unwrap().pop() else {
                    return;
                };
                let forgive = roll(2) == 0;
                posting(member, Act::Clawback { lot_seq, due, excused: 0, forgive }, now)
            }
            11 => {
                let Some((member, lot_seq, points)) = self.earned.lock().unwrap().pop() else {
                    return;
                };
                posting(member, Act::Reverse { lot_seq, points, forgive: false }, now)
            }
            12 | 13 => {
                let id = HoldId::new(now, self.store.chance());
                self.held.lock().unwrap().push((member, id));
                let (order_ref, expires_at) = (roll(2).to_string(), now.plus(hours(1 + roll(9))));
                posting(member, Act::Hold { id, order_ref, points, expires_at }, now)
            }
            14 => {
                let Some((member, hold)) = self.held.lock().unwrap().pop() else { return };
                let capture = Act::Capture { hold, points: None };
                posting(member, if roll(2) == 0 { capture } else { Act::Release { hold } }, now)
            }
            15 => {
                let order_ref = Some(roll(2).to_string());
                let redeem = Act::Debit { kind: EntryKind::Redeem, points, order_ref };
                posting(member, redeem, now)
            }
            16 => {
                let to = self.members[usize::try_from(roll(20)).unwrap()];
                self.transfer(member, to, points, roll(u64::MAX >> 33)).await;
                return;
            }
            10 => {
                self.store.write(|tx| ledger::sweep(tx, 5, &BTreeSet::new())).await.unwrap();
                return;
            }
            _ => {
                assert!(self.clock.move_to(now.plus(hours(1))));
                due::settled(&self.store, member).await.unwrap();
                return;
            }
        };
        let member = posted.member;
        let answers =
            self.store.write(move |tx| ledger::post(tx, std::slice::from_ref(&posted))).await;
        match answers.unwrap().remove(0) {
            Ok(ledger::Posted { entry: Some(entry), .. }) if kind <= 3 => {
                self.earned.lock().unwrap().push((member, entry.seq, entry.points));
            }
            Ok(ledger::Posted { entry: Some(entry), .. }) if kind <= 6 => {
                self.redeemed.lock().unwrap().push((member, entry.seq));
            }
            Ok(_) | Err(Refusal::InsufficientPoints { .. }) => {}
            // another hold of the order, one that was never made, one that is over, and one that a
            // redemption used
            Err(Refusal::SourceConflict(_)) if matches!(kind, 12..=14) => {}
            Err(Refusal::NotFound { .. } | Refusal::InvalidTransition { .. }) if kind == 14 => {}
            Err(other) => panic!("{other}"),
        }
    }

    async fn transfer(&self, from: MemberId, to: MemberId, points: i64, dice: u64) {
        let (id, actor) = (format!("t-{dice}"), "test".to_owned());
        let ask = Transfer { from, to, points, id, actor, reason: None };
        if from == to {
            return;
        }
        match self.store.write(move |tx| ledger::transfer(tx, &ask)).await {
            Ok(_) | Err(Error::Refused(Refusal::InsufficientPoints { .. })) => {}
            Err(other) => panic!("{other}"),
        }
    }
}
