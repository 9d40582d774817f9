//! Sums that are too large for anyone.

use platform::kernel::{
    error::{Error, Refusal},
    id::HoldId,
};
use program::ledger::{self, Act, EntryKind, Transfer};

use super::{DAY, give_back, sums};
use crate::world::{World, earn, on_both, posting, redeem};

on_both!(
    sums_stay_within_bounds,
    what_is_held_counts_into_the_bound,
    points_come_back_to_a_full_account,
    a_transfer_to_a_full_account_leaves_both_as_they_are,
);

const MOST: i64 = 1_000_000_000_000_000_000;

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

async fn what_is_held_counts_into_the_bound(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    let id = HoldId::new(now, world.store.chance());
    let hold = |points, order: &str| {
        let (order_ref, expires_at) = (order.to_owned(), now.plus(DAY));
        posting(member, Act::Hold { id, order_ref, points, expires_at }, now)
    };
    world.post_all(vec![earn(member, MOST, now, None), hold(MOST, "cart")]).await;
    let transfer = EntryKind::Transfer;
    let act = Act::Credit { kind: transfer, points: 1, available_at: now, expires_at: None };
    let answers = world.post_all(vec![posting(member, act, now), hold(i64::MAX, "other")]).await;
    assert!(matches!(answers[0], Err(Refusal::LimitReached(_))), "{answers:?}");
    assert_eq!(answers[1], Err(Refusal::InsufficientPoints { shortfall: i64::MAX }));
    world.move_to(now.plus(DAY));
    assert_eq!(sums(world, member).await, (MOST, 0, 0));
}

async fn points_come_back_to_a_full_account(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    world.post_all(vec![earn(member, MOST, now, None), redeem(member, 70, now)]).await;
    // a cancelled redemption earns nothing
    world.post(give_back(member, 2, now)).await.unwrap();
    assert_eq!(sums(world, member).await, (MOST, 0, 0));
}

async fn a_transfer_to_a_full_account_leaves_both_as_they_are(world: &World) {
    let members = world.members(2).await;
    let now = world.clock.now();
    let full = [earn(members[0], MOST, now, None), earn(members[1], 50, now, None)];
    world.post_all(full.to_vec()).await;
    let ask = Transfer {
        from: members[1],
        to: members[0],
        points: 1,
        id: "t-1".to_owned(),
        actor: "test".to_owned(),
        reason: None,
    };
    let unknown = platform::kernel::id::MemberId::new(now, world.store.chance());
    for (to, what) in [(members[0], "limit_reached"), (unknown, "not_found")] {
        let ask = Transfer { to, ..ask.clone() };
        let refused = world.store.write(move |tx| ledger::transfer(tx, &ask)).await;
        let found = match refused {
            Err(Error::Refused(Refusal::LimitReached(_))) => "limit_reached",
            Err(Error::Refused(Refusal::NotFound { errors, .. }))
                if errors[0].pointer == "/to_member_id" =>
            {
                "not_found"
            }
            other => panic!("{other:?}"),
        };
        assert_eq!(found, what);
    }
    assert_eq!(sums(world, members[0]).await, (MOST, 0, 0));
    assert_eq!(sums(world, members[1]).await, (50, 0, 0));
}
