//! Accounts with so many entries that only a part of their lots is loaded.

use platform::kernel::{clock::Timestamp, error::Refusal, id::MemberId};
use program::ledger::{Act, EntryKind, Posting};

use super::{DAY, claw_back, give_back, sums};
use crate::world::{World, earn, on_both, posting, redeem};

on_both!(
    what_ripens_now_is_not_counted_as_pending,
    many_lots_are_spent_at_once,
    a_batch_spends_what_it_gives_back,
    the_plan_of_a_large_account_stays_right,
);

fn pending(member: MemberId, points: i64, from: Timestamp, until: Option<Timestamp>) -> Posting {
    let (kind, available_at) = (EntryKind::Earn, from);
    let act = Act::Credit { kind, points, available_at, expires_at: until };
    posting(member, act, from.minus(DAY * 30))
}

/// A member with 300 entries, and nothing left of them.
async fn busy(world: &World) -> MemberId {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    let credits: Vec<Posting> = (0..299).map(|_| earn(member, 2, now, None)).collect();
    world.post_all(credits).await;
    world.post(redeem(member, 598, now)).await.unwrap();
    member
}

async fn what_ripens_now_is_not_counted_as_pending(world: &World) {
    let member = busy(world).await;
    let now = world.clock.now();
    let ripe = now.plus(DAY);
    // more than are read at a time, and all of them end before the last
    let mut credits = vec![pending(member, 2, ripe, Some(now.plus(DAY * 40))); 70];
    credits.push(pending(member, 100, now.plus(DAY * 20), Some(now.plus(DAY * 50))));
    world.post_all(credits).await;
    world.move_to(ripe);
    // those are spent; the last is there for the clawback
    let answers =
        world.post_all(vec![redeem(member, 140, ripe), claw_back(member, 1, 2, 0, ripe)]).await;
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(sums(world, member).await, (0, 98, 0));
}

async fn many_lots_are_spent_at_once(world: &World) {
    let member = busy(world).await;
    let now = world.clock.now();
    let ends = |index: u32| (index < 300).then(|| now.plus(DAY * (600 - index)));
    // the younger end first; then those that never do, the older first
    let credits: Vec<Posting> = (0..900).map(|index| earn(member, 1, now, ends(index))).collect();
    world.post_all(credits).await;
    world.post(redeem(member, 250, now)).await.unwrap();
    let left = world.open_lots_and_debts(member).await.0;
    assert_eq!(left.len(), 650);
    assert_eq!((left[49], left[50]), ((350, 1), (601, 1)));
    world.post(redeem(member, 600, now)).await.unwrap();
    let left = world.open_lots_and_debts(member).await.0;
    let last: Vec<(i64, i64)> = (1151..=1200).map(|seq| (seq, 1)).collect();
    assert_eq!(left, last);
    let answer = world.post(redeem(member, 51, now)).await;
    assert_eq!(answer, Err(Refusal::InsufficientPoints { shortfall: 1 }));
    world.post_all(vec![give_back(member, 1201, now), redeem(member, 300, now)]).await;
    assert_eq!(sums(world, member).await, (0, 0, 0));
}

async fn a_batch_spends_what_it_gives_back(world: &World) {
    let member = busy(world).await;
    let now = world.clock.now();
    world.post(earn(member, 10, now, Some(now.plus(DAY)))).await.unwrap();
    let answers = world
        .post_all(vec![
            redeem(member, 10, now),
            give_back(member, 300, now),
            redeem(member, 100, now),
            claw_back(member, 1, 2, 0, now),
            redeem(member, 497, now),
            redeem(member, 496, now),
            give_back(member, 302, now),
            redeem(member, 10, now),
        ])
        .await;
    let short = Err(Refusal::InsufficientPoints { shortfall: 1 });
    assert_eq!(answers[4], short);
    assert_eq!(answers.iter().filter(|answer| answer.is_err()).count(), 1, "{answers:?}");
    assert_eq!(sums(world, member).await, (0, 0, 0));
}

async fn the_plan_of_a_large_account_stays_right(world: &World) {
    let member = busy(world).await;
    let now = world.clock.now();
    let days = |days: u32| now.plus(DAY * days);
    world
        .post_all(vec![
            earn(member, 10, now, Some(days(5))),
            pending(member, 10, days(3), Some(days(90))),
            earn(member, 10, now, Some(days(8))),
            earn(member, 10, now, None),
        ])
        .await;
    let plan = |day: u32| (days(day), world.next_change(member));
    let (at, next) = plan(3);
    assert_eq!(next.await, Some(at));
    world.post(redeem(member, 15, now)).await.unwrap();
    let (at, next) = plan(3);
    assert_eq!(next.await, Some(at));
    world.move_to(days(3));
    assert_eq!(sums(world, member).await, (25, 0, 0));
    let (at, next) = plan(8);
    assert_eq!(next.await, Some(at));
    world.post(redeem(member, 5, days(3))).await.unwrap();
    let (at, next) = plan(90);
    assert_eq!(next.await, Some(at));
    world.move_to(days(90));
    assert_eq!(sums(world, member).await, (10, 0, 0));
    assert_eq!(world.next_change(member).await, None);
}
