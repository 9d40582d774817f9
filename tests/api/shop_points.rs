//! Points by the calendar, by hand, and page by page.

use std::time::Duration;

use platform::auth::Role;
use serde_json::{Value, json};

use crate::{
    shop::{balance, entries, eur, id, order, redeem, rich, walk},
    support::{app::TestApp, both::both},
};

both!(local_days_and_months_hold_over_a_clock_change);
async fn local_days_and_months_hold_over_a_clock_change(app: &TestApp) {
    let shop = app.storefront().await;
    app.settings(json!({"time_zone": "Europe/Berlin", "expiry_months": 1})).await;
    app.travel_to("2027-03-28T12:00:00Z");
    let member = app.enrol("Jón").await;
    for (placed_at, available_at, expires_at) in [
        // 11:30 in winter is 11:30 in summer; summer's midnight is at 22:00 by UTC
        ("2027-03-20T10:30:00Z", "2027-04-03T09:30:00Z", "2027-04-20T22:00:00Z"),
        // half past midnight belongs to the new day
        ("2027-03-27T23:30:00Z", "2027-04-10T22:30:00Z", "2027-04-28T22:00:00Z"),
        // 02:30 did not take place on the 28th
        ("2027-03-14T01:30:00Z", "2027-03-28T01:30:00Z", "2027-04-14T22:00:00Z"),
        // the 31st of February is its 28th: over by now
        ("2027-01-31T12:00:00Z", "2027-02-14T12:00:00Z", "2027-02-28T23:00:00Z"),
    ] {
        let ask = json!({
            "external_id": placed_at, "member_id": member, "total": eur(1000), "placed_at": placed_at,
        });
        let made = shop.post("/v1/orders", ask).await.expect(201);
        assert_eq!(made["earned"]["available_at"], available_at, "{placed_at}");
        assert_eq!(made["earned"]["expires_at"], expires_at, "{placed_at}");
    }
    let fields = ["available", "pending", "lifetime_expired"];
    assert_eq!(balance(app, &member, fields).await, [10, 20, 10]);
    for (now, then) in [
        ("2027-04-03T09:29:59Z", [10, 20, 10]),
        ("2027-04-03T09:30:00Z", [20, 10, 10]),
        ("2027-04-10T22:29:59Z", [20, 10, 10]),
        ("2027-04-10T22:30:00Z", [30, 0, 10]),
        ("2027-04-14T21:59:59Z", [30, 0, 10]),
        ("2027-04-14T22:00:00Z", [20, 0, 20]),
    ] {
        app.travel_to(now);
        assert_eq!(balance(app, &member, fields).await, then, "{now}");
    }
    // nobody looks for a while: each is dated when it fell due
    app.travel_to("2027-06-01T00:00:00Z");
    let listed = entries(app, &member).await;
    let expired: Vec<&Value> = listed.iter().filter(|entry| entry["kind"] == "expire").collect();
    let when: Vec<&Value> = expired.iter().map(|entry| &entry["occurred_at"]).collect();
    assert_eq!(
        when,
        [
            "2027-04-28T22:00:00Z",
            "2027-04-20T22:00:00Z",
            "2027-04-14T22:00:00Z",
            "2027-02-28T23:00:00Z"
        ]
    );
    for entry in &expired {
        assert_eq!((&entry["points"], &entry["actor"]), (&json!(-10), &json!("system")));
        assert_eq!(entry["source"]["type"], "expiry");
    }
    assert_eq!(expired[0]["recorded_at"], "2027-06-01T00:00:00Z");
    assert_eq!(balance(app, &member, fields).await, [0, 0, 40]);
}

both!(staff_give_within_a_limit_and_a_budget);
async fn staff_give_within_a_limit_and_a_budget(app: &TestApp) {
    let budget = json!({"staff_perk_budget_points_per_month": 1200, "time_zone": "Europe/Berlin"});
    app.settings(budget).await;
    let member = app.enrol("Jón").await;
    let path = format!("/v1/members/{member}/entries");
    let gift = |points: i64| json!({"kind": "adjust", "points": points, "reason": "sorry"});
    let staff = app.staff().await;
    staff.post(&path, gift(501)).await.refused(409, "limit_reached");
    staff.post(&path, gift(500)).await.expect(201);
    staff.post(&format!("{path}?dry_run=true"), gift(500)).await.expect(200);
    staff.post(&path, gift(500)).await.expect(201);
    staff.post(&path, gift(201)).await.refused(409, "limit_reached");
    staff.post(&path, gift(200)).await.expect(201);
    staff.post(&path, gift(1)).await.refused(409, "limit_reached");
    // the budget is each one's own, and no admin's
    app.user(Role::Staff, "other@example.com").await.post(&path, gift(500)).await.expect(201);
    app.admin().await.post(&path, gift(5000)).await.expect(201);
    // months turn where the program is
    app.travel_to("2026-11-30T22:59:59Z");
    app.staff().await.post(&path, gift(1)).await.refused(409, "limit_reached");
    app.travel_to("2026-11-30T23:00:00Z");
    app.staff().await.post(&path, gift(1)).await.expect(201);
    assert_eq!(balance(app, &member, ["available"]).await, [6701]);
}

both!(an_adjustment_never_takes_more_than_there_is);
async fn an_adjustment_never_takes_more_than_there_is(app: &TestApp) {
    let (shop, staff, admin) = (app.storefront().await, app.staff().await, app.admin().await);
    let member = rich(app, 100).await;
    order(&shop, &member, "A-1", 10_000).await;
    let path = format!("/v1/members/{member}/entries");
    let adjust = |points: i64| json!({"kind": "adjust", "points": points, "reason": "a mistake"});
    let problem = admin.post(&path, adjust(-101)).await.refused(409, "insufficient_points");
    assert_eq!(problem["shortfall"], 1, "pending ones are not there yet");
    let taken = admin.post(&path, adjust(-100)).await.expect(201);
    assert_eq!((&taken["points"], &taken["balance_after"]), (&json!(-100), &json!(100)));
    assert_eq!(taken["reason"], "a mistake");
    admin.post(&path, adjust(-1)).await.refused(409, "insufficient_points");
    staff.post(&path, adjust(-1)).await.refused(403, "forbidden");
    shop.post(&path, adjust(1)).await.refused(403, "forbidden");
    let earn = |points: i64| json!({"kind": "earn", "points": points, "reason": "a visit"});
    staff.post(&path, earn(1)).await.refused(403, "forbidden");
    app.member(&member).await.post(&path, earn(1)).await.refused(403, "forbidden");
    for points in [json!(-1), json!(0), json!(1.5), json!("7"), json!(1_000_000_001)] {
        let mut ask = earn(1);
        ask["points"] = points;
        let reply = shop.post(&path, ask).await;
        assert_eq!(reply.pointer(), "/points");
        reply.refused(422, "invalid_request");
    }
    assert_eq!(balance(app, &member, ["available", "pending"]).await, [0, 100]);
}

both!(a_source_counts_once);
async fn a_source_counts_once(app: &TestApp) {
    let shop = app.storefront().await;
    let (member, other) = (app.enrol("Jón").await, app.enrol("Ari").await);
    let path = format!("/v1/members/{member}/entries");
    let ask = |points: i64, kind: &str| {
        let source = json!({"type": kind, "id": "autumn-1"});
        json!({"kind": "earn", "points": points, "reason": "a visit", "source": source})
    };
    let first = shop.post(&path, ask(10, "promotion")).await.expect(201);
    assert_eq!(first["source"], json!({"type": "promotion", "id": "autumn-1"}));
    assert_eq!(first["available_at"], "2026-12-05T12:00:00Z");
    let again = shop.post(&path, ask(10, "promotion")).await.expect(200);
    assert_eq!((&again["id"], &again["seq"]), (&first["id"], &first["seq"]));
    shop.post(&path, ask(11, "promotion")).await.refused(409, "source_conflict");
    shop.post(&path, ask(11, "visit")).await.expect(201);
    let theirs = format!("/v1/members/{other}/entries");
    assert_eq!(shop.post(&theirs, ask(12, "promotion")).await.expect(201)["points"], 12);
    let mut adjust = ask(13, "promotion");
    adjust["kind"] = json!("adjust");
    app.staff().await.post(&path, adjust).await.expect(201);
    for own in ["order", "redemption", "hold", "perk", "referral", "occasion", "transfer", "expiry"]
    {
        let reply = shop.post(&path, ask(1, own)).await;
        assert_eq!(reply.pointer(), "/source/type", "{own}");
        reply.refused(422, "invalid_request");
    }
    assert_eq!(balance(app, &member, ["available", "pending"]).await, [13, 21]);
}

both!(an_entrys_instants_make_sense);
async fn an_entrys_instants_make_sense(app: &TestApp) {
    let shop = app.storefront().await;
    let member = app.enrol("Jón").await;
    let path = format!("/v1/members/{member}/entries");
    let ask = |more: Value| {
        let mut ask = json!({"kind": "earn", "points": 10, "reason": "a visit"});
        ask.as_object_mut().expect("fields").extend(more.as_object().expect("fields").clone());
        ask
    };
    for (more, pointer) in [
        (json!({"occurred_at": "2026-11-21T12:00:01Z"}), "/occurred_at"),
        (json!({"expires_at": "2026-11-21T12:00:00Z"}), "/expires_at"),
        (
            json!({"occurred_at": "2026-11-01T00:00:00Z", "expires_at": "2026-10-31T00:00:00Z"}),
            "/expires_at",
        ),
    ] {
        let reply = shop.post(&path, ask(more.clone())).await;
        assert_eq!(reply.pointer(), pointer, "{more}: {}", reply.text);
        reply.refused(422, "invalid_request");
    }
    let over = json!({"occurred_at": "2026-11-01T00:00:00Z", "expires_at": "2026-11-10T00:00:00Z"});
    let made = shop.post(&path, ask(over)).await.expect(201);
    assert_eq!((&made["points"], &made["balance_after"]), (&json!(10), &json!(10)));
    let listed = entries(app, &member).await;
    assert_eq!(
        (&listed[0]["kind"], &listed[0]["occurred_at"]),
        (&json!("expire"), &json!("2026-11-10T00:00:00Z"))
    );
    assert_eq!(
        balance(app, &member, ["available", "pending", "lifetime_expired"]).await,
        [0, 0, 10]
    );
}

both!(pages_join_without_gaps_or_repeats);
async fn pages_join_without_gaps_or_repeats(app: &TestApp) {
    let shop = app.storefront().await;
    app.settings(json!({"pending_days": 0})).await;
    let (member, other) = (app.enrol("Jón").await, rich(app, 100).await);
    let reward = app.reward(json!({"cost_points": 1})).await;
    let mut made = [Vec::new(), Vec::new()];
    for number in 0..23 {
        app.travel(Duration::from_secs(1));
        made[0].insert(0, id(&order(&shop, &member, &format!("A-{number}"), 1000).await));
        made[1].insert(0, id(&redeem(&shop, &member, &reward).await));
    }
    order(&shop, &other, "B-1", 1000).await;
    redeem(&shop, &other, &reward).await;
    for limit in [1, 7, 23, 100] {
        for (list, made) in ["orders", "redemptions"].iter().zip(&made) {
            let all = walk(&shop, &format!("/v1/{list}?member_id={member}&"), limit).await;
            assert_eq!(&all.iter().map(id).collect::<Vec<_>>(), made, "{list} by {limit}");
        }
        let all = walk(&shop, &format!("/v1/members/{member}/entries?"), limit).await;
        let seqs: Vec<i64> = all.iter().map(|entry| entry["seq"].as_i64().expect("seq")).collect();
        assert_eq!(seqs, (1..=46).rev().collect::<Vec<_>>(), "by {limit}");
        // each says what those before it add up to
        let sums: i64 = all.iter().map(|entry| entry["points"].as_i64().expect("points")).sum();
        assert_eq!(all[0]["balance_after"], sums);
    }
    // what comes on top meanwhile moves nothing
    let path = format!("/v1/orders?member_id={member}&limit=5");
    let page = shop.get(&path).await.expect(200);
    app.travel(Duration::from_secs(1));
    order(&shop, &member, "A-99", 1000).await;
    let cursor = page["next_cursor"].as_str().expect("more");
    let next = shop.get(&format!("{path}&cursor={cursor}")).await.expect(200);
    assert_eq!(id(&next["data"][0]), made[0][5]);
    for list in [
        format!("members/{member}/entries?"),
        format!("orders?member_id={member}&"),
        "redemptions?".into(),
    ] {
        for wrong in ["limit=0", "limit=101", "limit=x", "cursor=!", "cursor=bm9uZQ", "page=2"] {
            let reply = shop.get(&format!("/v1/{list}{wrong}")).await;
            assert_eq!(reply.status, 422, "{list}{wrong}: {}", reply.text);
            reply.refused(422, "invalid_request");
        }
    }
}
