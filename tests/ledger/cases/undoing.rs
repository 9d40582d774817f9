//! Refunds, and what is given back.

use program::ledger::{Act, EntryKind};

use super::{DAY, claw_back, give_back, seq, sums};
use crate::world::{World, earn, on_both, posting, redeem};

on_both!(
    gives_back_once,
    gives_back_within_a_batch,
    gives_a_part_back_to_what_lasts_longest,
    an_adjustment_given_back_was_no_redemption,
    gives_back_to_a_pending_lot,
    what_expired_is_not_charged_again,
    what_is_given_back_pays_debts,
    the_oldest_debt_is_paid_first,
    a_series_of_refunds_adds_up,
    forgives,
);

async fn gives_back_once(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    world.post_all(vec![earn(member, 100, now, None), redeem(member, 60, now)]).await;
    world.post(give_back(member, 2, now)).await.unwrap();
    let again = world.post(give_back(member, 2, now)).await.unwrap();
    assert_eq!(again.entry, None);
    let within_a_batch =
        world.post_all(vec![redeem(member, 1, now), give_back(member, 2, now)]).await;
    assert_eq!(within_a_batch[1].as_ref().unwrap().entry, None);
    assert_eq!(sums(world, member).await, (99, 0, 0));
}

async fn gives_a_part_back_to_what_lasts_longest(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    let (soon, late) = (now.plus(DAY), now.plus(3 * DAY));
    world
        .post_all(vec![
            earn(member, 30, now, Some(late)),
            earn(member, 30, now, Some(soon)),
            earn(member, 30, now, None),
            redeem(member, 80, now),
        ])
        .await;
    let part = |points| posting(member, Act::GiveBack { entry_seq: 4, points: Some(points) }, now);
    let back = world.post(part(25)).await.unwrap().entry.unwrap();
    assert_eq!((back.points, world.balance(member).await.lifetime_redeemed), (25, 55));
    // 20 had been taken of what never expires; 5 go to what expires late
    assert_eq!(world.open_lots_and_debts(member).await.0, [(1, 5), (3, 30)]);
    world.post(part(40)).await.unwrap();
    assert_eq!(world.open_lots_and_debts(member).await.0, [(1, 30), (2, 15), (3, 30)]);
    // more than is left is what is left, and then nothing
    assert_eq!(world.post(part(40)).await.unwrap().entry.unwrap().points, 15);
    assert_eq!(world.post(part(1)).await.unwrap().entry, None);
    assert_eq!(world.post(give_back(member, 4, now)).await.unwrap().entry, None);
    assert_eq!(sums(world, member).await, (90, 0, 0));
    world.assert_adds_up().await;
}

async fn gives_back_within_a_batch(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    let answers = world
        .post_all(vec![
            earn(member, 100, now, None),
            redeem(member, 60, now),
            give_back(member, 2, now),
            give_back(member, 2, now),
        ])
        .await;
    assert_eq!(seq(&answers[2]), 3);
    assert_eq!(answers[3].as_ref().unwrap().entry, None);
    assert_eq!(sums(world, member).await, (100, 0, 0));
}

async fn an_adjustment_given_back_was_no_redemption(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    let down = Act::Debit { kind: EntryKind::Adjust, points: 30, order_ref: None };
    world.post_all(vec![earn(member, 100, now, None), posting(member, down, now)]).await;
    world.post(give_back(member, 2, now)).await.unwrap();
    assert_eq!(world.balance(member).await.lifetime_redeemed, 0);
    assert_eq!(sums(world, member).await, (100, 0, 0));
}

async fn gives_back_to_a_pending_lot(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    let mut pending = earn(member, 100, now, None);
    if let Act::Credit { available_at, .. } = &mut pending.act {
        *available_at = now.plus(DAY);
    }
    world.post_all(vec![pending, claw_back(member, 1, 100, 0, now)]).await;
    assert_eq!(sums(world, member).await, (0, 0, 0));
    world.post(give_back(member, 2, now)).await.unwrap();
    assert_eq!(sums(world, member).await, (0, 100, 0));
    world.move_to(now.plus(DAY));
    assert_eq!(sums(world, member).await, (100, 0, 0));
}

async fn what_expired_is_not_charged_again(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    let end = now.plus(DAY);
    world.post_all(vec![earn(member, 100, now, Some(end)), redeem(member, 30, now)]).await;
    world.post(earn(member, 500, now, None)).await.unwrap();
    world.move_to(end);
    assert_eq!(world.balance(member).await.lifetime_expired, 70);
    // 70 expired: the first 70 of the clawback are let go, 10 come from the other lot
    let first = world.post(claw_back(member, 1, 80, 0, end)).await.unwrap();
    assert_eq!((first.excused, first.entry.unwrap().points), (70, -10));
    let second = world.post(claw_back(member, 1, 20, 70, end)).await.unwrap();
    assert_eq!((second.excused, second.entry.unwrap().points), (0, -20));
    assert_eq!(sums(world, member).await, (470, 0, 0));
}

async fn what_is_given_back_pays_debts(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    let end = now.plus(DAY);
    world.post_all(vec![earn(member, 100, now, Some(end)), redeem(member, 100, now)]).await;
    world.move_to(end);
    world.post(claw_back(member, 1, 30, 0, end)).await.unwrap();
    assert_eq!(sums(world, member).await, (0, 0, 30));
    world.post(give_back(member, 2, end)).await.unwrap();
    let balance = world.balance(member).await;
    assert_eq!((balance.lifetime_expired, balance.debt, balance.available), (70, 0, 0));
    world.assert_adds_up().await;
}

async fn the_oldest_debt_is_paid_first(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    let spent = [earn(member, 50, now, None), redeem(member, 50, now)];
    let owed = [claw_back(member, 1, 20, 0, now), claw_back(member, 1, 30, 0, now)];
    world.post_all([spent, owed].concat()).await;
    world.post(earn(member, 25, now, None)).await.unwrap();
    assert_eq!(world.open_lots_and_debts(member).await, (vec![], vec![(4, 25)]));
    assert_eq!(sums(world, member).await, (0, 0, 25));
}

async fn a_series_of_refunds_adds_up(world: &World) {
    let now = world.clock.now();
    for (earned, total) in [(1, 40), (7, 90), (100, 3), (99, 100), (13, 37)] {
        let member = world.members(1).await[0];
        world.post(earn(member, earned, now, None)).await.unwrap();
        let mut clawed = 0;
        for refunded in 1..=total {
            let due = earned * refunded / total - clawed;
            clawed += due;
            if due > 0 {
                world.post(claw_back(member, 1, due, 0, now)).await.unwrap();
            }
        }
        assert_eq!(world.balance(member).await.available, 0);
        assert_eq!(world.balance(member).await.lifetime_earned, 0);
    }
    world.assert_adds_up().await;
}

async fn forgives(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    let act = Act::Clawback { lot_seq: 1, due: 100, excused: 0, forgive: true };
    let answers = world
        .post_all(vec![
            earn(member, 100, now, None),
            redeem(member, 80, now),
            posting(member, act.clone(), now),
            posting(member, act, now),
        ])
        .await;
    assert_eq!(answers[2].as_ref().unwrap().entry.as_ref().unwrap().points, -20);
    assert_eq!(answers[3].as_ref().unwrap().entry, None, "nothing was there to take");
    assert_eq!(sums(world, member).await, (0, 0, 0));
}
