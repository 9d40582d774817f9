//! Points set aside for an order.

use vildar::{
    kernel::{clock::Timestamp, error::Refusal, id::HoldId, id::MemberId},
    program::ledger::{self, Act, EntryKind, HoldState, Posting},
};

use super::{DAY, claw_back, give_back, lines, seq, sums};
use crate::world::{World, earn, on_both, posting, redeem};

on_both!(
    a_hold_that_lapses_returns_to_the_very_lots,
    what_comes_back_after_its_end_expires_as_the_hold_lapses,
    a_lapse_comes_before_an_end_of_the_same_instant,
    what_is_released_after_its_end_expires_at_once,
    what_is_held_does_not_expire,
    a_refund_while_points_are_held_ends_in_debt_that_the_release_pays,
    a_lapse_pays_debts_of_long_ago,
    a_part_is_captured_from_what_ends_first,
    holds_lapse_in_order,
    one_live_hold_an_order,
    an_order_is_held_for_anew_in_one_batch,
    a_redemption_takes_its_own_hold_first,
    a_captured_hold_that_is_given_back,
    another_members_hold_is_not_found,
    a_hold_that_is_over_before_it_begins,
);

fn id(world: &World) -> HoldId {
    HoldId::new(world.clock.now(), world.store.chance())
}

fn hold(member: MemberId, id: HoldId, order: &str, points: i64, until: Timestamp) -> Posting {
    let now = until.minus(DAY);
    let act = Act::Hold { id, order_ref: order.to_owned(), points, expires_at: until };
    posting(member, act, now)
}

fn capture(member: MemberId, hold: HoldId, points: Option<i64>, now: Timestamp) -> Posting {
    posting(member, Act::Capture { hold, points }, now)
}

fn release(member: MemberId, hold: HoldId, now: Timestamp) -> Posting {
    posting(member, Act::Release { hold }, now)
}

fn redeem_for(member: MemberId, order: &str, points: i64, now: Timestamp) -> Posting {
    let order_ref = Some(order.to_owned());
    posting(member, Act::Debit { kind: EntryKind::Redeem, points, order_ref }, now)
}

async fn all_taken(world: &World, postings: Vec<Posting>) {
    let answers = world.post_all(postings).await;
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
}

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

async fn a_part_is_captured_from_what_ends_first(world: &World) {
    let now = world.clock.now();
    for in_one_batch in [true, false] {
        let member = world.members(1).await[0];
        let held = id(world);
        // the younger ends first
        let first = vec![
            earn(member, 100, now, None),
            earn(member, 100, now, Some(now.plus(DAY * 9))),
            earn(member, 100, now, Some(now.plus(DAY * 5))),
            hold(member, held, "cart", 300, now.plus(DAY)),
        ];
        let second = vec![capture(member, held, Some(150), now)];
        if in_one_batch {
            all_taken(world, [first, second].concat()).await;
        } else {
            all_taken(world, first).await;
            all_taken(world, second).await;
        }
        assert_eq!(world.open_lots_and_debts(member).await.0, [(1, 100), (2, 50)]);
    }
    world.assert_adds_up().await;
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

async fn one_live_hold_an_order(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    let (until, first, other) = (now.plus(DAY), id(world), id(world));
    let answers = world
        .post_all(vec![
            earn(member, 100, now, None),
            hold(member, first, "cart", 60, until),
            hold(member, other, "cart", 60, until.plus(DAY)),
            hold(member, other, "cart", 61, until),
            hold(member, other, "cart-2", 41, until),
            release(member, first, now),
            release(member, first, now),
            capture(member, first, None, now),
        ])
        .await;
    let again = answers[2].as_ref().unwrap();
    assert!(again.repeated);
    assert_eq!(again.hold.as_ref().unwrap().id, first);
    assert!(matches!(answers[3], Err(Refusal::SourceConflict(_))));
    assert_eq!(answers[4], Err(Refusal::InsufficientPoints { shortfall: 1 }));
    assert!(answers[6].as_ref().unwrap().repeated);
    let over = Refusal::InvalidTransition {
        what: "the hold",
        from: "released",
        to: "captured",
        allowed: &[],
    };
    assert_eq!(answers[7], Err(over));
    assert_eq!(sums(world, member).await, (100, 0, 0));
    let kept = world.store.read(move |tx| ledger::hold(tx, first)).await.unwrap();
    assert_eq!((kept.state, kept.expires_at), (HoldState::Released, until));
}

async fn an_order_is_held_for_anew_in_one_batch(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    let until = now.plus(DAY);
    // ids come from several servers: the later hold may have the smaller one
    let (smaller, larger) = (id(world), id(world));
    all_taken(world, vec![earn(member, 100, now, None), hold(member, larger, "cart", 60, until)])
        .await;
    all_taken(world, vec![release(member, larger, now), hold(member, smaller, "cart", 70, until)])
        .await;
    assert_eq!(world.balance(member).await.held, 70);
    world.assert_adds_up().await;
}

async fn a_redemption_takes_its_own_hold_first(world: &World) {
    let now = world.clock.now();
    for (points, left, captured) in [(30, 170, 30), (60, 140, 60), (150, 50, 60)] {
        let member = world.members(1).await[0];
        all_taken(
            world,
            vec![
                earn(member, 100, now, Some(now.plus(DAY * 2))),
                hold(member, id(world), "cart", 60, now.plus(DAY)),
                earn(member, 100, now, Some(now.plus(DAY * 3))),
            ],
        )
        .await;
        let answer = world.post(redeem_for(member, "cart", points, now)).await.unwrap();
        let stood = answer.hold.unwrap();
        assert_eq!((stood.state, stood.captured_points), (HoldState::Captured, captured));
        assert_eq!(stood.entry_seq, Some(3));
        assert_eq!(sums(world, member).await, (left, 0, 0));
        assert_eq!(world.balance(member).await.lifetime_redeemed, points);
        world.post(give_back(member, 3, now)).await.unwrap();
        assert_eq!(sums(world, member).await, (200, 0, 0));
    }
    let member = world.members(1).await[0];
    all_taken(
        world,
        vec![earn(member, 100, now, None), hold(member, id(world), "cart", 60, now.plus(DAY))],
    )
    .await;
    let answers = world
        .post_all(vec![
            redeem_for(member, "cart", 101, now),
            redeem_for(member, "another", 41, now),
            redeem(member, 41, now),
        ])
        .await;
    for answer in answers {
        assert_eq!(answer, Err(Refusal::InsufficientPoints { shortfall: 1 }));
    }
    assert_eq!(world.balance(member).await.held, 60, "a refusal changes nothing");
}

async fn a_captured_hold_that_is_given_back(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    let held = id(world);
    all_taken(
        world,
        vec![earn(member, 100, now, None), hold(member, held, "cart", 60, now.plus(DAY))],
    )
    .await;
    let answers = world
        .post_all(vec![
            capture(member, held, Some(61), now),
            capture(member, held, Some(20), now),
            capture(member, held, Some(60), now),
            release(member, held, now),
        ])
        .await;
    assert!(matches!(answers[0], Err(Refusal::Invalid(_))));
    assert_eq!(seq(&answers[1]), 2);
    let again = answers[2].as_ref().unwrap();
    assert!(again.repeated && again.hold.as_ref().unwrap().captured_points == 20);
    assert!(matches!(answers[3], Err(Refusal::InvalidTransition { .. })));
    world.post(give_back(member, 2, now)).await.unwrap();
    assert_eq!(sums(world, member).await, (100, 0, 0));
    assert_eq!(world.balance(member).await.lifetime_redeemed, 0);
}

async fn another_members_hold_is_not_found(world: &World) {
    let members = world.members(2).await;
    let now = world.clock.now();
    let held = id(world);
    all_taken(
        world,
        vec![
            earn(members[0], 100, now, None),
            earn(members[1], 100, now, None),
            hold(members[0], held, "cart", 60, now.plus(DAY)),
        ],
    )
    .await;
    let answers = world
        .post_all(vec![
            capture(members[1], held, None, now),
            release(members[1], held, now),
            redeem_for(members[1], "cart", 101, now),
            release(members[0], held, now),
        ])
        .await;
    assert!(matches!(answers[0], Err(Refusal::NotFound { .. })));
    assert!(matches!(answers[1], Err(Refusal::NotFound { .. })));
    assert_eq!(answers[2], Err(Refusal::InsufficientPoints { shortfall: 1 }));
    assert!(answers[3].is_ok());
    world.assert_adds_up().await;
}

async fn a_hold_that_is_over_before_it_begins(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    all_taken(world, vec![earn(member, 100, now, None), hold(member, id(world), "cart", 60, now)])
        .await;
    assert_eq!(sums(world, member).await, (100, 0, 0));
    assert_eq!(world.holds(member).await[0].state, HoldState::Expired);
}
