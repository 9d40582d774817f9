//! What an order takes of what was held for it.

use platform::kernel::error::Refusal;
use program::{
    due,
    ledger::{self, Act, HoldState},
};

use super::holding::{all_taken, capture, hold, id, redeem_for, release};
use super::{DAY, give_back, seq, sums};
use crate::world::{World, earn, on_both, posting, redeem};

on_both!(
    a_part_is_captured_from_what_ends_first,
    one_live_hold_an_order,
    an_order_is_held_for_anew_in_one_batch,
    a_redemption_takes_its_own_hold_first,
    a_captured_hold_that_is_given_back,
    what_a_redemption_used_is_no_capture_to_be_repeated,
    what_was_owed_for_held_points_is_forgiven_once_they_are_used,
    another_members_hold_is_not_found,
);

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
    let kept =
        due::read(&world.store, member, move |tx, of| ledger::hold(tx, of, first)).await.unwrap();
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
            capture(member, held, None, now),
            capture(member, held, Some(20), now),
            release(member, held, now),
        ])
        .await;
    assert!(matches!(answers[0], Err(Refusal::Invalid { .. })));
    assert_eq!(seq(&answers[1]), 2);
    // other points than were taken are no repeat, nor is all of it
    assert!(matches!(answers[2], Err(Refusal::SourceConflict(_))));
    assert!(matches!(answers[3], Err(Refusal::SourceConflict(_))));
    let again = answers[4].as_ref().unwrap();
    assert!(again.repeated && again.hold.as_ref().unwrap().captured_points == 20);
    assert!(matches!(answers[5], Err(Refusal::InvalidTransition { .. })));
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

async fn what_a_redemption_used_is_no_capture_to_be_repeated(world: &World) {
    let member = world.members(1).await[0];
    let (now, held) = (world.clock.now(), id(world));
    all_taken(
        world,
        vec![
            earn(member, 100, now, None),
            hold(member, held, "cart", 60, now.plus(DAY)),
            redeem_for(member, "cart", 60, now),
        ],
    )
    .await;
    for points in [Some(60), Some(20), None] {
        let again = world.post(capture(member, held, points, now)).await;
        assert!(matches!(again, Err(Refusal::SourceConflict(_))), "{points:?}: {again:?}");
    }
    assert_eq!(sums(world, member).await, (40, 0, 0));
}

/// Under `clamp` a refund forgives what it does not find, but for what is held: that is owed while
/// it is held, and no longer.
async fn what_was_owed_for_held_points_is_forgiven_once_they_are_used(world: &World) {
    let (now, until) = (world.clock.now(), world.clock.now().plus(DAY));
    // by a capture of it all, of a part, by a redemption; with another hold beside it
    for (asides, how, debt_before, debt_after, left) in [
        (vec![60], Some(None), 60, 0, 0),
        (vec![60], Some(Some(25)), 60, 0, 0),
        (vec![60], None, 60, 0, 0),
        (vec![60, 30], Some(None), 90, 30, 0),
    ] {
        let member = world.members(1).await[0];
        all_taken(world, vec![earn(member, 100, now, None)]).await;
        let mut held = Vec::new();
        for (cart, points) in asides.iter().enumerate() {
            held.push(id(world));
            let order = format!("cart-{cart}");
            all_taken(world, vec![hold(member, held[cart], &order, *points, until)]).await;
        }
        let claw = Act::Clawback { lot_seq: 1, due: 100, excused: 0, forgive: true };
        all_taken(world, vec![posting(member, claw, now)]).await;
        assert_eq!(world.balance(member).await.debt, debt_before);
        let used = match how {
            Some(points) => capture(member, held[0], points, now),
            None => redeem_for(member, "cart-0", 60, now),
        };
        all_taken(world, vec![used]).await;
        assert_eq!(sums(world, member).await, (left, 0, debt_after), "{asides:?} {how:?}");
        // what is earned next is the member's own
        all_taken(world, vec![earn(member, 50, now, None)]).await;
        assert_eq!(sums(world, member).await.0, (50 - debt_after).max(0));
        world.assert_adds_up().await;
    }
}
