//! What comes to its end, and when that is noticed.

use std::collections::BTreeSet;

use diesel::{connection::SimpleConnection, prelude::*};
use platform::db::schema::accounts;
use program::ledger::{self, Act, EntryKind};
use vildar::chores;

use super::{DAY, claw_back, give_back, lines, sums};
use crate::world::{World, at, earn, on_both, posting, redeem};

on_both!(
    a_credit_that_is_over_at_once_leaves_the_plan_right,
    a_sweep_ends,
    a_plan_that_is_too_early_mends_itself,
    a_clock_that_goes_back_undoes_nothing,
    a_lot_that_ended_meanwhile_ends_again_at_once,
    an_old_credit_pays_its_debt_before_it_ends,
    what_happened_before_the_last_entry_follows_it,
    a_broken_account_keeps_no_other_from_its_end,
    what_took_ten_thousand_lots_goes_back,
);

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
    let sweep = || world.store.write(|tx| ledger::sweep(tx, 5, &BTreeSet::new()));
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
    let sweep = || world.store.write(|tx| ledger::sweep(tx, 5, &BTreeSet::new()));
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

async fn what_happened_before_the_last_entry_follows_it(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    let before = |days: u32| now.minus(DAY * days);
    world.post_all(vec![earn(member, 100, now, None), redeem(member, 60, now)]).await;
    // one that still lasts, one that has ended since, and a redemption of old
    let answers = world
        .post_all(vec![
            earn(member, 10, before(9), Some(now.plus(DAY))),
            earn(member, 5, before(9), Some(before(3))),
            redeem(member, 20, before(8)),
        ])
        .await;
    assert!(answers.iter().all(Result::is_ok));
    let entries = world.entries(member).await;
    let told: Vec<_> = entries.iter().map(|e| (e.points, e.balance_after, e.occurred_at)).collect();
    assert_eq!(
        told,
        [
            (100, 100, now),
            (-60, 40, now),
            (10, 50, before(9)),
            (5, 55, before(9)),
            (-5, 50, before(3)),
            (-20, 30, before(8)),
        ]
    );
    assert!(entries.iter().all(|entry| entry.recorded_at == now));
    assert_eq!(world.open_lots_and_debts(member).await.0, [(1, 30)]);
    assert_eq!(sums(world, member).await, (30, 0, 0));
}

async fn a_broken_account_keeps_no_other_from_its_end(world: &World) {
    let members = world.members(3).await;
    let now = world.clock.now();
    for (days, member) in (1..).zip(&members) {
        let end = now.plus(DAY * days);
        world.post(earn(*member, 5, now, Some(end))).await.unwrap();
    }
    // the one that is due for longest can't be settled: it would have less than nothing
    let broken = members[0];
    let spoil = move |tx: &mut platform::db::Tx<'_>| {
        let account = accounts::table.find(broken);
        Ok(diesel::update(account).set(accounts::available.eq(0)).execute(tx.conn)?)
    };
    world.store.write(spoil).await.unwrap();
    world.move_to(now.plus(DAY * 4));
    chores::run_all(&world.store).await.unwrap();
    for member in &members[1..] {
        let kinds: Vec<EntryKind> =
            world.entries(*member).await.iter().map(|entry| entry.kind).collect();
        assert_eq!(kinds, [EntryKind::Earn, EntryKind::Expire]);
    }
    assert_eq!(world.entries(broken).await.len(), 1);
}

async fn what_took_ten_thousand_lots_goes_back(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    for _ in 0..10 {
        let many = vec![earn(member, 1, now, None); 1000];
        world.post_all(many).await;
    }
    let spent = world.post(redeem(member, 10_000, now)).await.unwrap().entry.unwrap();
    let back = posting(member, Act::GiveBack { entry_seq: spent.seq, points: None }, now);
    assert_eq!(world.post(back).await.unwrap().entry.unwrap().points, 10_000);
    assert_eq!(sums(world, member).await, (10_000, 0, 0));
    // and every entry is told
    assert_eq!(world.entries(member).await.len(), 10_002);
    world.assert_adds_up().await;
}
