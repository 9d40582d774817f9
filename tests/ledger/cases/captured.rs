//! What an order takes of what was held for it.

use vildar::{
    kernel::error::Refusal,
    program::ledger::{self, HoldState},
};

use super::holding::{all_taken, capture, hold, id, redeem_for, release};
use super::{DAY, give_back, seq, sums};
use crate::world::{World, earn, on_both, redeem};

on_both!(
    a_part_is_captured_from_what_ends_first,
    one_live_hold_an_order,
    an_order_is_held_for_anew_in_one_batch,
    a_redemption_takes_its_own_hold_first,
    a_captured_hold_that_is_given_back,
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
