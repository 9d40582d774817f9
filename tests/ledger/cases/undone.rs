//! Credits that are reversed, and clawbacks that are undone.

use program::ledger::{Act, EntryKind, Rule};

use super::{DAY, claw_back, give_back, lines, reverse, seq, sums};
use crate::world::{World, earn, on_both, posting, redeem, sourced};

on_both!(
    undoing_a_clawback_finds_the_lots_that_paid,
    a_clawback_that_found_nothing_is_undone,
    undoing_a_clawback_pays_another_debt,
    a_spent_earn_is_reversed,
    a_half_spent_earn_is_reversed_from_others,
    an_earn_that_had_expired_is_excused,
    a_reversal_forgives,
    an_earn_that_paid_a_debt_is_reversed,
    a_pending_earn_is_reversed,
    a_reversal_happens_once,
    what_is_taken_back_is_what_is_left_and_nothing_else,
);

async fn undoing_a_clawback_finds_the_lots_that_paid(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    let end = Some(now.plus(DAY));
    // 20 from its own lot, 10 from another, 30 of debt paid by two later ones, 40 still owed
    let answers = world
        .post_all(vec![
            earn(member, 100, now, None),
            redeem(member, 80, now),
            earn(member, 10, now, None),
            claw_back(member, 1, 100, 0, now),
            earn(member, 25, now, end),
            earn(member, 5, now, None),
        ])
        .await;
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(sums(world, member).await, (0, 0, 40));
    let undone = world.post(give_back(member, 4, now)).await.unwrap();
    assert_eq!(undone.entry.unwrap().points, 100);
    let lots = vec![(1, 20), (3, 10), (5, 25), (6, 5)];
    assert_eq!(world.open_lots_and_debts(member).await, (lots, vec![]));
    assert_eq!(world.sheet(member).await.expiring, [(25, now.plus(DAY))]);
    assert_eq!(world.balance(member).await.lifetime_earned, 140);
    assert_eq!(world.post(give_back(member, 4, now)).await.unwrap().entry, None);
    assert_eq!(sums(world, member).await, (60, 0, 0));
}

async fn a_clawback_that_found_nothing_is_undone(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    let spent = [earn(member, 50, now, None), redeem(member, 50, now)];
    world.post_all(spent.to_vec()).await;
    world.post(claw_back(member, 1, 50, 0, now)).await.unwrap();
    assert_eq!(sums(world, member).await, (0, 0, 50));
    assert_eq!(world.balance(member).await.lifetime_earned, 0);
    world.post(give_back(member, 3, now)).await.unwrap();
    assert_eq!(sums(world, member).await, (0, 0, 0));
    assert_eq!(world.balance(member).await.lifetime_earned, 50);
}

async fn undoing_a_clawback_pays_another_debt(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    world
        .post_all(vec![
            earn(member, 60, now, None),
            claw_back(member, 1, 30, 0, now),
            redeem(member, 30, now),
            claw_back(member, 1, 20, 0, now),
        ])
        .await;
    assert_eq!(sums(world, member).await, (0, 0, 20));
    world.post(give_back(member, 2, now)).await.unwrap();
    assert_eq!(sums(world, member).await, (10, 0, 0));
    // the one that paid is undone: what paid comes back
    world.post(give_back(member, 4, now)).await.unwrap();
    assert_eq!(sums(world, member).await, (30, 0, 0));
    assert_eq!(world.balance(member).await.lifetime_earned, 60);
}

async fn a_spent_earn_is_reversed(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    world.post_all(vec![earn(member, 100, now, None), redeem(member, 100, now)]).await;
    world.post(reverse(member, 1, 100, now)).await.unwrap();
    let told = [
        (EntryKind::Earn, 100),
        (EntryKind::Redeem, -100),
        (EntryKind::Reversal, 0),
        (EntryKind::Clawback, -100),
    ];
    assert_eq!(lines(world, member).await, told);
    let clawback = world.entries(member).await.pop().unwrap();
    let (excused, forgiven) = (0, 0);
    let rule = Rule::SpentReversal { entry_seq: 1, due: 100, excused, forgiven, debt: 100 };
    assert_eq!(clawback.rule, rule);
    assert_eq!(sums(world, member).await, (0, 0, 100));
    // the redemption is cancelled: nothing is owed any more
    world.post(give_back(member, 2, now)).await.unwrap();
    assert_eq!(sums(world, member).await, (0, 0, 0));
    let balance = world.balance(member).await;
    assert_eq!((balance.lifetime_earned, balance.lifetime_redeemed), (0, 0));
}

async fn a_half_spent_earn_is_reversed_from_others(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    world
        .post_all(vec![
            earn(member, 100, now, Some(now.plus(DAY))),
            redeem(member, 70, now),
            earn(member, 50, now, None),
        ])
        .await;
    world.post(reverse(member, 1, 100, now)).await.unwrap();
    let told = [(EntryKind::Reversal, -30), (EntryKind::Clawback, -70)];
    assert_eq!(lines(world, member).await[3..], told);
    assert_eq!(sums(world, member).await, (0, 0, 20));
    assert_eq!(world.sheet(member).await.expiring, []);
}

async fn an_earn_that_had_expired_is_excused(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    let end = now.plus(DAY);
    world.post_all(vec![earn(member, 100, now, Some(end)), redeem(member, 10, now)]).await;
    world.move_to(end);
    let answer = world.post(reverse(member, 1, 100, end)).await.unwrap();
    assert_eq!((answer.excused, answer.entry.unwrap().points), (90, 0));
    assert_eq!(lines(world, member).await[4..], [(EntryKind::Clawback, -10)]);
    assert_eq!(sums(world, member).await, (0, 0, 10));
}

async fn a_reversal_forgives(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    world.post_all(vec![earn(member, 100, now, None), redeem(member, 60, now)]).await;
    let act = Act::Reverse { lot_seq: 1, points: 100, forgive: true };
    world.post(posting(member, act, now)).await.unwrap();
    assert_eq!(lines(world, member).await[2..], [(EntryKind::Reversal, -40)]);
    assert_eq!(sums(world, member).await, (0, 0, 0));
}

async fn an_earn_that_paid_a_debt_is_reversed(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    world
        .post_all(vec![
            earn(member, 50, now, None),
            redeem(member, 50, now),
            claw_back(member, 1, 50, 0, now),
            earn(member, 80, now, None),
            reverse(member, 4, 80, now),
        ])
        .await;
    let told = [(EntryKind::Reversal, -30), (EntryKind::Clawback, -50)];
    assert_eq!(lines(world, member).await[4..], told);
    assert_eq!(sums(world, member).await, (0, 0, 50));
    assert_eq!(world.balance(member).await.lifetime_earned, -50 + 50);
}

async fn a_pending_earn_is_reversed(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    let mut pending = earn(member, 100, now, None);
    if let Act::Credit { available_at, .. } = &mut pending.act {
        *available_at = now.plus(DAY);
    }
    world.post_all(vec![pending, reverse(member, 1, 100, now)]).await;
    assert_eq!(sums(world, member).await, (0, 0, 0));
    world.move_to(now.plus(DAY));
    assert_eq!(sums(world, member).await, (0, 0, 0));
}

async fn a_reversal_happens_once(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    let undo = sourced(reverse(member, 1, 100, now), "entry", "e-1");
    world.post_all(vec![earn(member, 100, now, None), redeem(member, 30, now)]).await;
    let answers = world.post_all(vec![undo.clone(), undo.clone()]).await;
    let later = world.post(undo).await;
    for answer in [&answers[1], &later] {
        assert!(answer.as_ref().unwrap().repeated);
        assert_eq!(seq(answer), 3);
    }
    assert_eq!(sums(world, member).await, (0, 0, 30));
}

async fn what_is_taken_back_is_what_is_left_and_nothing_else(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    let take_back = |lot_seq: i64| posting(member, Act::TakeBack { lot_seq }, now);
    // 100 that are spent first, and 50 that are not touched
    world
        .post_all(vec![
            earn(member, 100, now, Some(now.plus(DAY))),
            earn(member, 50, now, None),
            redeem(member, 70, now),
        ])
        .await;
    let answers = world.post_all(vec![take_back(1), take_back(1)]).await;
    assert_eq!(answers[0].as_ref().unwrap().entry.as_ref().unwrap().points, -30);
    assert_eq!(answers[1].as_ref().unwrap().entry, None, "there is no more");
    assert_eq!(sums(world, member).await, (50, 0, 0));
    assert_eq!(world.balance(member).await.lifetime_earned, 120);
    assert_eq!(world.next_change(member).await, None, "nothing is left to expire");
    // of what was spent and came back, the rest
    world.post(give_back(member, 3, now)).await.unwrap();
    assert_eq!(sums(world, member).await, (120, 0, 0));
    world.post(take_back(1)).await.unwrap();
    assert_eq!(sums(world, member).await, (50, 0, 0));
    // what came pays what is owed first: that is gone
    let owing = world.members(1).await[0];
    let take_back = |lot_seq: i64| posting(owing, Act::TakeBack { lot_seq }, now);
    world
        .post_all(vec![
            earn(owing, 40, now, None),
            redeem(owing, 40, now),
            claw_back(owing, 1, 40, 0, now),
            earn(owing, 100, now, None),
        ])
        .await;
    world.post(take_back(4)).await.unwrap();
    assert_eq!(sums(world, owing).await, (0, 0, 0));
}
