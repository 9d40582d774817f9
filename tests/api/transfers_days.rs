//! How much a member sends in a day, where the program's day begins and ends.

use platform::auth::Role;
use serde_json::json;

use crate::{
    shop::{balance, entries, rich},
    support::{app::TestApp, both::both},
    transfers::{path, send},
};

/// Whether one more point may be sent, without sending it.
async fn has_room(app: &TestApp, from: &str, to: &str) -> bool {
    let own = app.member(from).await;
    let reply = own.post(&format!("{}?dry_run=true", path(from)), send(to, 1)).await;
    if reply.status == 200 {
        return true;
    }
    reply.refused(409, "limit_reached");
    false
}

both!(a_day_has_its_limit_and_staff_keep_it);
async fn a_day_has_its_limit_and_staff_keep_it(app: &TestApp) {
    let limits = json!({"transfers_enabled": true, "transfer_limit_points_per_day": 100});
    app.settings(limits).await;
    let (from, to, third) = (rich(app, 1000).await, rich(app, 1000).await, rich(app, 10).await);
    let (own, staff) = (app.member(&from).await, app.user(Role::Staff, "s@example.com").await);
    let problem = own.post(&path(&from), send(&to, 101)).await.refused(409, "limit_reached");
    let detail = problem["detail"].as_str().expect("words");
    assert!(detail.contains("at most 100 points a day, and 0 are sent today"), "{detail}");
    own.post(&path(&from), send(&to, 60)).await.expect(201);
    // whoever the receiver is, and whoever sends for the member
    for (who, to) in [(&own, &to), (&own, &third), (&staff, &third)] {
        let problem = who.post(&path(&from), send(to, 41)).await.refused(409, "limit_reached");
        assert!(problem["detail"].to_string().contains("60 are sent today"), "{problem}");
    }
    // short of points is said first
    own.post(&path(&from), send(&to, 941)).await.refused(409, "insufficient_points");
    staff.post(&path(&from), send(&third, 40)).await.expect(201);
    assert!(!has_room(app, &from, &to).await);
    // what comes back makes no room, and what others send is theirs
    app.member(&to).await.post(&path(&to), send(&from, 100)).await.expect(201);
    assert!(!has_room(app, &from, &to).await);
    app.admin().await.post(&path(&from), send(&to, 500)).await.expect(201);
    assert_eq!(balance(app, &from, ["available"]).await, [500]);
    assert_eq!(entries(app, &from).await.len(), 5);

    app.settings(json!({"transfer_limit_points_per_day": 0})).await;
    app.travel_to("2026-11-22T00:00:00Z");
    assert!(!has_room(app, &from, &to).await, "none at all");
}

both!(the_day_is_the_programs);
async fn the_day_is_the_programs(app: &TestApp) {
    // where no clock changes; where the clock skips midnight itself; where it goes back over it;
    // and a summer's day of 23 hours with the change in the morning
    for (zone, sent_at, still_full, room_from) in [
        ("Asia/Tokyo", "2026-11-22T14:00:00Z", "2026-11-22T14:59:59Z", "2026-11-22T15:00:00Z"),
        (
            "America/New_York",
            "2027-03-14T05:00:00Z",
            "2027-03-15T03:59:59Z",
            "2027-03-15T04:00:00Z",
        ),
        ("Africa/Cairo", "2027-04-28T22:00:00Z", "2027-04-29T21:59:59Z", "2027-04-29T22:00:00Z"),
        ("Africa/Cairo", "2027-10-27T21:00:00Z", "2027-10-28T21:59:59Z", "2027-10-28T22:00:00Z"),
    ] {
        app.settings(json!({
            "transfers_enabled": true, "transfer_limit_points_per_day": 100, "time_zone": zone,
        }))
        .await;
        app.travel_to(sent_at);
        let (from, to) = (rich(app, 1000).await, app.enrol("Ari").await);
        app.member(&from).await.post(&path(&from), send(&to, 100)).await.expect(201);
        app.travel_to(still_full);
        assert!(!has_room(app, &from, &to).await, "{zone} {still_full}");
        app.travel_to(room_from);
        assert!(has_room(app, &from, &to).await, "{zone} {room_from}");
        app.member(&from).await.post(&path(&from), send(&to, 100)).await.expect(201);
        assert!(!has_room(app, &from, &to).await, "{zone}");
    }
}
