//! Corners of the ledger, one by one.

use std::time::Duration;

use diesel::connection::SimpleConnection;
use vildar::{
    kernel::{clock::Timestamp, error::Refusal, id::MemberId},
    program::ledger::{self, Act, Answer, EntryKind, Posting},
};

use crate::world::{World, at, earn, on_both, posting, redeem, sourced};

const DAY: Duration = Duration::from_hours(24);

on_both!(
    a_credit_that_is_over_at_once_leaves_the_plan_right,
    a_sweep_ends,
    a_plan_that_is_too_early_mends_itself,
    a_clock_that_goes_back_undoes_nothing,
    a_lot_that_ended_meanwhile_ends_again_at_once,
    gives_back_once,
    gives_back_within_a_batch,
    an_adjustment_given_back_was_no_redemption,
    gives_back_to_a_pending_lot,
    an_old_credit_pays_its_debt_before_it_ends,
    what_expired_is_not_charged_again,
    what_is_given_back_pays_debts,
    the_oldest_debt_is_paid_first,
    a_series_of_refunds_adds_up,
    forgives,
    sums_stay_within_bounds,
    a_source_stands_for_one_entry,
);

fn give_back(member: MemberId, entry_seq: i64, now: Timestamp) -> Posting {
    posting(member, Act::GiveBack { entry_seq }, now)
}

fn claw_back(member: MemberId, lot_seq: i64, due: i64, excused: i64, now: Timestamp) -> Posting {
    posting(member, Act::Clawback { lot_seq, due, excused, forgive: false }, now)
}

fn seq(answer: &Answer) -> i64 {
    answer.as_ref().unwrap().entry.as_ref().unwrap().seq
}

async fn sums(world: &World, member: MemberId) -> (i64, i64, i64) {
    let balance = world.balance(member).await;
    world.assert_adds_up().await;
    (balance.available, balance.pending, balance.debt)
}

async fn lines(world: &World, member: MemberId) -> Vec<(EntryKind, i64)> {
    world.entries(member).await.iter().map(|entry| (entry.kind, entry.points)).collect()
}

async fn a_credit_that_is_over_at_once_leaves_the_plan_right(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    let later = now.plus(DAY * 30);
    world.post(earn(member, 10, now, Some(later))).await.unwrap();
    // the first lot is not in memory, and the second is over before it begins
    let long_ago = now.minus(DAY * 100);
    world
        .post_all(vec![
            earn(member, 20, long_ago, Some(now.minus(DAY))),
            earn(member, 3, now, Some(later.plus(DAY))),
        ])
        .await;
    world.assert_adds_up().await;
    assert_eq!(sums(world, member).await, (13, 0, 0));
    world.move_to(later);
    assert_eq!(sums(world, member).await, (3, 0, 0));
    assert_eq!(world.entries(member).await.last().unwrap().occurred_at, later);
}

async fn a_sweep_ends(world: &World) {
    let members = world.members(7).await;
    let now = world.clock.now();
    let end = now.plus(DAY);
    for member in &members {
        // over at once, alone: nothing else has been loaded
        world.post(earn(*member, 5, now.minus(DAY), Some(now))).await.unwrap();
        world.post(earn(*member, 5, now, Some(end))).await.unwrap();
    }
    let sweep = || world.store.write(|tx| ledger::sweep(tx, 5));
    assert_eq!(sweep().await.unwrap(), 0, "nothing is due");
    world.move_to(end);
    assert_eq!(sweep().await.unwrap(), 5);
    assert_eq!(sweep().await.unwrap(), 2);
    assert_eq!(sweep().await.unwrap(), 0);
    world.assert_adds_up().await;
}

async fn a_plan_that_is_too_early_mends_itself(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    world.post(earn(member, 5, now, Some(now.plus(DAY)))).await.unwrap();
    let too_early = "UPDATE accounts SET next_change_at = (SELECT enrolled_at FROM members)";
    world.store.write(move |tx| Ok(tx.conn.batch_execute(too_early)?)).await.unwrap();
    let sweep = || world.store.write(|tx| ledger::sweep(tx, 5));
    assert_eq!(sweep().await.unwrap(), 1);
    assert_eq!(sweep().await.unwrap(), 0);
    world.assert_adds_up().await;
}

async fn a_clock_that_goes_back_undoes_nothing(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    let mut pending = earn(member, 100, now, None);
    if let Act::Credit { available_at, .. } = &mut pending.act {
        *available_at = now.plus(DAY);
    }
    world.post_all(vec![pending, earn(member, 10, now, Some(now.plus(DAY)))]).await;
    world.move_to(now.plus(DAY));
    assert_eq!(sums(world, member).await, (100, 0, 0));
    world.move_to(now);
    assert_eq!(sums(world, member).await, (100, 0, 0));
    world.post_all(vec![redeem(member, 40, now), give_back(member, 4, now)]).await;
    assert_eq!(sums(world, member).await, (100, 0, 0));
}

async fn a_lot_that_ended_meanwhile_ends_again_at_once(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    let end = now.plus(DAY);
    world.post_all(vec![earn(member, 100, now, Some(end)), redeem(member, 60, now)]).await;
    let later = now.plus(DAY * 3);
    world.move_to(later);
    world.post(give_back(member, 2, later)).await.unwrap();
    assert_eq!(
        lines(world, member).await,
        [
            (EntryKind::Earn, 100),
            (EntryKind::Redeem, -60),
            (EntryKind::Expire, -40),
            (EntryKind::Reversal, 60),
            (EntryKind::Expire, -60),
        ]
    );
    let entries = world.entries(member).await;
    assert_eq!((entries[2].occurred_at, entries[4].occurred_at), (end, later));
    assert_eq!(sums(world, member).await, (0, 0, 0));
    let balance = world.balance(member).await;
    assert_eq!((balance.lifetime_redeemed, balance.lifetime_expired), (0, 100));
}

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

async fn an_old_credit_pays_its_debt_before_it_ends(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    world
        .post_all(vec![
            earn(member, 50, now, None),
            redeem(member, 50, now),
            claw_back(member, 1, 50, 0, now),
        ])
        .await;
    assert_eq!(sums(world, member).await, (0, 0, 50));
    world
        .post(earn(member, 80, at("2020-01-01T00:00:00Z"), Some(at("2021-01-01T00:00:00Z"))))
        .await
        .unwrap();
    let entries = world.entries(member).await;
    let last = entries.last().unwrap();
    assert_eq!((last.kind, last.points, last.balance_after), (EntryKind::Expire, -30, 0));
    assert_eq!(last.occurred_at, at("2021-01-01T00:00:00Z"));
    assert_eq!(sums(world, member).await, (0, 0, 0));
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

async fn sums_stay_within_bounds(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    let most = 1_000_000_000_000_000_000;
    world.post(earn(member, most, now, None)).await.unwrap();
    for points in [1, i64::MAX] {
        let answer = world.post(earn(member, points, now, None)).await;
        assert!(matches!(answer, Err(Refusal::LimitReached(_))), "{answer:?}");
    }
    let answer = world.post(redeem(member, i64::MAX, now)).await;
    assert_eq!(answer, Err(Refusal::InsufficientPoints { shortfall: i64::MAX - most }));
    assert_eq!(sums(world, member).await, (most, 0, 0));
}

async fn a_source_stands_for_one_entry(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    let first = sourced(earn(member, 100, now, None), "till", "r-1");
    let other_part = {
        let mut posting = first.clone();
        posting.source = posting.source.map(|source| source.part("2"));
        posting
    };
    let other_points = sourced(earn(member, 101, now, None), "till", "r-1");
    let other_kind = sourced(redeem(member, 1, now), "till", "r-1");
    let answers =
        world.post_all(vec![first.clone(), first, other_part, other_points, other_kind]).await;
    assert_eq!(seq(&answers[1]), 1);
    assert!(answers[1].as_ref().unwrap().repeated);
    assert_eq!(seq(&answers[2]), 2);
    assert!(matches!(answers[3], Err(Refusal::SourceConflict(_))));
    assert_eq!(seq(&answers[4]), 3);
    assert_eq!(sums(world, member).await, (199, 0, 0));
}
