//! Points set aside for an order.

use platform::kernel::clock::Timestamp;
use program::ledger::{EntryKind, HoldState};

use super::{
    DAY, claw_back, give_back,
    holding::{all_taken, capture, hold, id, release},
    lines, sums,
};
use crate::world::{World, earn, on_both};

on_both!(
    a_hold_that_lapses_returns_to_the_very_lots,
    what_comes_back_after_its_end_expires_as_the_hold_lapses,
    a_lapse_comes_before_an_end_of_the_same_instant,
    what_is_released_after_its_end_expires_at_once,
    a_release_told_of_late_expires_when_it_came_back,
    what_is_held_does_not_expire,
    a_refund_while_points_are_held_ends_in_debt_that_the_release_pays,
    a_lapse_pays_debts_of_long_ago,
    holds_lapse_in_order,
    a_hold_that_is_over_before_it_begins,
);

async fn a_hold_that_lapses_returns_to_the_very_lots(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    let until = now.plus(DAY);
    let ends = [Some(now.plus(DAY * 9)), None, Some(now.plus(DAY * 5))];
    all_taken(world, ends.iter().map(|end| earn(member, 100, now, *end)).collect()).await;
    world.post(hold(member, id(world), "cart", 250, until)).await.unwrap();
    assert_eq!(world.open_lots_and_debts(member).await.0, [(2, 50)]);
    let balance = world.balance(member).await;
    assert_eq!((balance.available, balance.held), (50, 250));
    assert_eq!(world.sheet(member).await.expiring, []);
    world.move_to(until.minus(std::time::Duration::from_micros(1)));
    assert_eq!(world.balance(member).await.held, 250);
    world.move_to(until);
    assert_eq!(sums(world, member).await, (300, 0, 0));
    assert_eq!(world.open_lots_and_debts(member).await.0, [(1, 100), (2, 100), (3, 100)]);
    let expiring = [(100, now.plus(DAY * 5)), (100, now.plus(DAY * 9))];
    assert_eq!(world.sheet(member).await.expiring, expiring);
    let stood = &world.holds(member).await[0];
    assert_eq!((stood.state, stood.ended_at), (HoldState::Expired, Some(until)));
    assert_eq!(world.entries(member).await.len(), 3, "a hold makes no entry");
}

async fn what_comes_back_after_its_end_expires_as_the_hold_lapses(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    let (end, until) = (now.plus(DAY), now.plus(DAY * 3));
    all_taken(
        world,
        vec![earn(member, 100, now, Some(end)), hold(member, id(world), "cart", 60, until)],
    )
    .await;
    world.move_to(now.plus(DAY * 30));
    assert_eq!(sums(world, member).await, (0, 0, 0));
    let entries = world.entries(member).await;
    let told: Vec<(i64, Timestamp)> =
        entries[1..].iter().map(|entry| (entry.points, entry.occurred_at)).collect();
    assert_eq!(told, [(-40, end), (-60, until)]);
}

async fn a_lapse_comes_before_an_end_of_the_same_instant(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    let end = now.plus(DAY);
    all_taken(
        world,
        vec![earn(member, 100, now, Some(end)), hold(member, id(world), "cart", 60, end)],
    )
    .await;
    world.move_to(end);
    assert_eq!(sums(world, member).await, (0, 0, 0));
    let entries = world.entries(member).await;
    assert_eq!(entries.len(), 2, "one expiry of it all");
    assert_eq!((entries[1].points, entries[1].occurred_at), (-100, end));
}

async fn what_is_released_after_its_end_expires_at_once(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    let (end, later) = (now.plus(DAY), now.plus(DAY * 2));
    let (one, other) = (id(world), id(world));
    all_taken(
        world,
        vec![
            earn(member, 100, now, Some(end)),
            hold(member, one, "one", 60, now.plus(DAY * 9)),
            hold(member, other, "other", 40, now.plus(DAY * 9)),
        ],
    )
    .await;
    world.move_to(later);
    world.post(release(member, one, later)).await.unwrap();
    world.post(capture(member, other, Some(15), later)).await.unwrap();
    assert_eq!(sums(world, member).await, (0, 0, 0));
    let entries = world.entries(member).await;
    let told: Vec<(EntryKind, i64, Timestamp)> =
        entries[1..].iter().map(|entry| (entry.kind, entry.points, entry.occurred_at)).collect();
    assert_eq!(
        told,
        [
            (EntryKind::Expire, -60, later),
            (EntryKind::Redeem, -15, later),
            (EntryKind::Expire, -25, later)
        ]
    );
}

/// A task that read the clock before another moved it: the race that CI met once.
async fn a_release_told_of_late_expires_when_it_came_back(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    let (end, until, id) = (now.plus(DAY), now.plus(DAY * 9), id(world));
    all_taken(world, vec![earn(member, 100, now, Some(end)), hold(member, id, "cart", 60, until)])
        .await;
    let released_at = now.plus(DAY * 3);
    world.move_to(released_at);
    all_taken(world, vec![release(member, id, now.plus(DAY * 2))]).await;
    assert_eq!(sums(world, member).await, (0, 0, 0));
    let last = world.entries(member).await.pop().unwrap();
    assert_eq!((last.points, last.occurred_at), (-60, released_at));
}

async fn what_is_held_does_not_expire(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    let held = id(world);
    all_taken(
        world,
        vec![
            earn(member, 100, now, Some(now.plus(DAY))),
            hold(member, held, "cart", 100, now.plus(DAY * 9)),
        ],
    )
    .await;
    let later = now.plus(DAY * 8);
    world.move_to(later);
    assert_eq!(world.balance(member).await.held, 100);
    world.post(capture(member, held, None, later)).await.unwrap();
    assert_eq!(lines(world, member).await[1..], [(EntryKind::Redeem, -100)]);
    assert_eq!(world.balance(member).await.lifetime_expired, 0);
    world.assert_adds_up().await;
}

async fn a_refund_while_points_are_held_ends_in_debt_that_the_release_pays(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    let held = id(world);
    all_taken(
        world,
        vec![
            earn(member, 100, now, None),
            hold(member, held, "cart", 80, now.plus(DAY)),
            claw_back(member, 1, 70, 0, now),
        ],
    )
    .await;
    assert_eq!(sums(world, member).await, (0, 0, 50));
    assert_eq!(world.balance(member).await.held, 80);
    // it may be earned meanwhile, too
    world.post(earn(member, 20, now, None)).await.unwrap();
    assert_eq!(sums(world, member).await, (0, 0, 30));
    world.post(release(member, held, now)).await.unwrap();
    assert_eq!(sums(world, member).await, (50, 0, 0));
    assert_eq!(world.open_lots_and_debts(member).await, (vec![(1, 50)], vec![]));
    // and who undoes the refund finds what paid it
    world.post(give_back(member, 2, now)).await.unwrap();
    assert_eq!(world.open_lots_and_debts(member).await.0, [(1, 100), (3, 20)]);
    assert_eq!(sums(world, member).await, (120, 0, 0));
    assert_eq!(world.balance(member).await.lifetime_earned, 120);
}

async fn a_lapse_pays_debts_of_long_ago(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    let (end, until) = (now.plus(DAY), now.plus(DAY * 2));
    all_taken(
        world,
        vec![
            earn(member, 100, now, Some(end)),
            hold(member, id(world), "cart", 100, until),
            claw_back(member, 1, 30, 0, now),
        ],
    )
    .await;
    world.move_to(until);
    // 30 pay the debt, and the others had ended
    assert_eq!(sums(world, member).await, (0, 0, 0));
    let last = world.entries(member).await.pop().unwrap();
    assert_eq!((last.kind, last.points, last.occurred_at), (EntryKind::Expire, -70, until));
}

async fn holds_lapse_in_order(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    let until = [now.plus(DAY * 3), now.plus(DAY)];
    all_taken(
        world,
        vec![
            earn(member, 50, now, None),
            hold(member, id(world), "late", 50, until[0]),
            earn(member, 50, now, None),
            hold(member, id(world), "soon", 50, until[1]),
            claw_back(member, 1, 40, 0, now),
        ],
    )
    .await;
    world.move_to(now.plus(DAY * 9));
    // the one that lapses first pays
    assert_eq!(sums(world, member).await, (60, 0, 0));
    assert_eq!(world.open_lots_and_debts(member).await.0, [(1, 50), (2, 10)]);
}

async fn a_hold_that_is_over_before_it_begins(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    all_taken(world, vec![earn(member, 100, now, None), hold(member, id(world), "cart", 60, now)])
        .await;
    assert_eq!(sums(world, member).await, (100, 0, 0));
    assert_eq!(world.holds(member).await[0].state, HoldState::Expired);
}
