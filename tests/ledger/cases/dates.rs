//! Days that are shorter, longer or rarer than others.

use std::time::Duration;

use platform::kernel::{clock::Timestamp, id::HoldId, zone::Zone};
use program::ledger::{Act, EntryKind};

use super::{DAY, lines, sums};
use crate::world::{World, at, earn, on_both, posting};

on_both!(
    ends_at_the_right_midnight,
    becomes_available_at_the_same_local_time,
    a_hold_counts_seconds
);

/// Zone, when it was earned, months, and when it ends: 00:00 there of the day after.
const ENDS: &[(&str, &str, u16, &str)] = &[
    ("UTC", "2024-02-29T23:59:59.999999Z", 12, "2025-03-01T00:00:00Z"),
    ("UTC", "2024-02-29T00:00:00Z", 48, "2028-03-01T00:00:00Z"),
    ("UTC", "2024-08-31T12:00:00Z", 6, "2025-03-01T00:00:00Z"),
    ("UTC", "2023-08-31T12:00:00Z", 6, "2024-03-01T00:00:00Z"),
    ("UTC", "2023-12-31T12:00:00Z", 12, "2025-01-01T00:00:00Z"),
    ("Atlantic/Reykjavik", "2023-12-30T23:59:59Z", 1, "2024-01-31T00:00:00Z"),
    // half past midnight on New Year's Day there
    ("Europe/Berlin", "2023-12-31T23:30:00Z", 1, "2024-02-01T23:00:00Z"),
    // the day has 23 hours
    ("Europe/Berlin", "2024-02-29T12:00:00Z", 1, "2024-03-29T23:00:00Z"),
    ("Europe/Berlin", "2024-02-29T23:30:00Z", 1, "2024-04-01T22:00:00Z"),
    // the day has 25
    ("Europe/Berlin", "2024-09-27T12:00:00Z", 1, "2024-10-27T23:00:00Z"),
    ("America/New_York", "2024-10-03T03:59:59Z", 1, "2024-11-03T04:00:00Z"),
    ("America/New_York", "2024-10-03T04:00:00Z", 1, "2024-11-04T05:00:00Z"),
    // by half an hour
    ("Australia/Lord_Howe", "2024-03-06T12:00:00Z", 1, "2024-04-06T13:00:00Z"),
    // midnight was skipped
    ("America/Sao_Paulo", "2018-10-03T12:00:00Z", 1, "2018-11-04T03:00:00Z"),
];

async fn ends_at_the_right_midnight(world: &World) {
    for (zone, earned, months, ends) in ENDS {
        let (zone, earned, ends): (Zone, _, _) = (zone.parse().unwrap(), at(earned), at(ends));
        let end = zone.end_of_day_after_months(earned, *months);
        assert_eq!(end, ends, "{} {earned}", zone.name());
        world.move_to(earned);
        let member = world.members(1).await[0];
        world.post(earn(member, 10, earned, Some(end))).await.unwrap();
        world.move_to(end.minus(Duration::from_micros(1)));
        assert_eq!(world.sheet(member).await.balance.available, 10);
        world.move_to(end);
        assert_eq!(world.sheet(member).await.balance.available, 0);
        let last = world.entries(member).await.pop().unwrap();
        assert_eq!((last.kind, last.occurred_at), (EntryKind::Expire, ends));
    }
    world.assert_adds_up().await;
}

async fn becomes_available_at_the_same_local_time(world: &World) {
    let zone: Zone = "Europe/Berlin".parse().unwrap();
    // over the night that has an hour less, and over the one that has one more
    for (earned, days, available) in [
        ("2024-03-30T12:00:00Z", 1, "2024-03-31T11:00:00Z"),
        ("2024-10-26T12:00:00Z", 1, "2024-10-27T13:00:00Z"),
        ("2024-03-30T01:30:00Z", 1, "2024-03-31T01:30:00Z"),
        ("2024-02-15T12:00:00Z", 14, "2024-02-29T12:00:00Z"),
    ] {
        let (earned, available) = (at(earned), at(available));
        let available_at = zone.days_after(earned, days);
        assert_eq!(available_at, available, "{earned}");
        world.move_to(earned);
        let member = world.members(1).await[0];
        let kind = EntryKind::Earn;
        let act = Act::Credit { kind, points: 10, available_at, expires_at: None };
        world.post(posting(member, act, earned)).await.unwrap();
        world.move_to(available.minus(Duration::from_micros(1)));
        assert_eq!(sums(world, member).await, (0, 10, 0));
        world.move_to(available);
        assert_eq!(sums(world, member).await, (10, 0, 0));
    }
}

async fn a_hold_counts_seconds(world: &World) {
    let now = at("2024-12-31T23:59:59.999999Z");
    world.move_to(now);
    let member = world.members(1).await[0];
    let until: Timestamp = now.plus(DAY * 60);
    let id = HoldId::new(now, world.store.chance());
    let order_ref = "cart".to_owned();
    let hold = Act::Hold { id, order_ref, points: 10, expires_at: until };
    let leap_day = at("2025-03-01T00:00:00Z");
    world.post_all(vec![earn(member, 10, now, Some(leap_day)), posting(member, hold, now)]).await;
    assert_eq!(until, at("2025-03-01T23:59:59.999999Z"));
    world.move_to(until);
    assert_eq!(lines(world, member).await.len(), 1, "nothing is settled yet");
    assert_eq!(sums(world, member).await, (0, 0, 0));
    assert_eq!(world.entries(member).await[1].occurred_at, until);
}
