//! Points that one member sends another.

use serde_json::{Value, json};

use crate::{
    reversals::adds_up,
    shop::{balance, entries, eur, hold, id, journal, lines, order, rich},
    support::{
        app::{Client, TestApp},
        both::both,
    },
};

const FIELDS: [&str; 4] = ["available", "pending", "held", "debt"];

/// With transfers switched on, as an admin does it.
pub async fn switched_on(app: &TestApp) {
    let admin = app.admin().await;
    admin.patch("/v1/settings", json!({"transfers_enabled": true})).await.expect(200);
}

pub fn send(to: &str, points: i64) -> Value {
    json!({"to_member_id": to, "points": points, "reason": "Happy birthday"})
}

pub fn path(from: &str) -> String {
    format!("/v1/members/{from}/transfers")
}

async fn give_until(app: &TestApp, member: &str, points: i64, expires_at: Option<&str>) {
    let ask = json!({
        "kind": "adjust", "points": points, "reason": "a gift", "expires_at": expires_at,
    });
    let entries = format!("/v1/members/{member}/entries");
    app.admin().await.post(&entries, ask).await.expect(201);
}

both!(transfers_are_off_until_an_admin_says_otherwise);
async fn transfers_are_off_until_an_admin_says_otherwise(app: &TestApp) {
    let (from, to) = (rich(app, 100).await, app.enrol("Ari").await);
    let (own, staff, admin) = (app.member(&from).await, app.staff().await, app.admin().await);
    for who in [&own, &staff, &admin] {
        let problem = who.post(&path(&from), send(&to, 10)).await.refused(403, "forbidden");
        assert_eq!(problem["detail"], "transfers are off in this program");
        let dry = format!("{}?dry_run=true", path(&from));
        who.post(&dry, send(&to, 10)).await.refused(403, "forbidden");
    }
    switched_on(app).await;
    own.post(&path(&from), send(&to, 10)).await.expect(201);
    staff.post(&path(&from), send(&to, 10)).await.expect(201);
    admin.patch("/v1/settings", json!({"transfers_enabled": false})).await.expect(200);
    own.post(&path(&from), send(&to, 10)).await.refused(403, "forbidden");
    assert_eq!(balance(app, &to, FIELDS).await, [20, 0, 0, 0]);
}

both!(points_keep_their_dates_on_the_way);
async fn points_keep_their_dates_on_the_way(app: &TestApp) {
    let (from, to) = (app.enrol("Jón").await, app.enrol("Ari").await);
    app.settings(json!({"transfers_enabled": true, "expiry_months": "none"})).await;
    give_until(app, &from, 40, Some("2027-03-01T00:00:00Z")).await;
    give_until(app, &from, 30, Some("2027-01-01T00:00:00Z")).await;
    give_until(app, &from, 20, Some("2027-03-01T00:00:00Z")).await;
    give_until(app, &from, 90, None).await;
    app.travel_to("2026-12-01T00:00:00Z");
    let own = app.member(&from).await;
    let sent = own.post(&path(&from), send(&to, 100)).await.expect(201);
    assert_eq!(
        (&sent["kind"], &sent["points"], &sent["balance_after"], &sent["reason"]),
        (&json!("transfer"), &json!(-100), &json!(80), &json!("Happy birthday"))
    );
    assert_eq!(sent["actor"], from.as_str());
    assert_eq!(entries(app, &from).await[0], sent);
    assert_eq!(app.balance(&from).await["expiring"], json!([]), "what lasts goes last");

    let got = entries(app, &to).await;
    let mut dates: Vec<(i64, Value)> = got
        .iter()
        .map(|entry| {
            assert_eq!((&entry["kind"], &entry["source"]), (&sent["kind"], &sent["source"]));
            assert_eq!((&entry["reason"], &entry["actor"]), (&sent["reason"], &sent["actor"]));
            assert_eq!(entry["available_at"], "2026-12-01T00:00:00Z");
            (entry["points"].as_i64().expect("points"), entry["expires_at"].clone())
        })
        .collect();
    dates.sort_by_key(|(points, _)| *points);
    let expected = [
        (10, Value::Null),
        (30, json!("2027-01-01T00:00:00Z")),
        (60, json!("2027-03-01T00:00:00Z")),
    ];
    assert_eq!(dates, expected);
    let theirs = app.balance(&to).await;
    assert_eq!(
        theirs["expiring"],
        json!([
            {"points": 30, "expires_at": "2027-01-01T00:00:00Z"},
            {"points": 60, "expires_at": "2027-03-01T00:00:00Z"},
        ])
    );
    // a gift between members is earned by neither
    assert_eq!((&theirs["lifetime_earned"], &theirs["available"]), (&json!(0), &json!(100)));
    let fields = ["available", "lifetime_earned", "lifetime_redeemed"];
    assert_eq!(balance(app, &from, fields).await, [80, 180, 0]);
    adds_up(app, &from).await;
    adds_up(app, &to).await;

    app.travel_to("2027-03-01T00:00:00Z");
    let fields = ["available", "lifetime_expired"];
    assert_eq!(balance(app, &to, fields).await, [10, 90]);
    assert_eq!(balance(app, &from, fields).await, [80, 0]);
}

both!(a_transfer_that_can_not_be_moves_nothing);
async fn a_transfer_that_can_not_be_moves_nothing(app: &TestApp) {
    switched_on(app).await;
    let (from, to) = (rich(app, 100).await, app.enrol("Ari").await);
    let (gone, shop) = (rich(app, 100).await, app.storefront().await);
    let (own, admin) = (app.member(&from).await, app.admin().await);
    order(&shop, &from, "A-1", 10_000).await;
    admin.delete(&format!("/v1/members/{gone}")).await.expect(204);
    let placed = hold(&shop, &from, "cart-1", 40).await;

    let nobody = "mem_01m7zr4g2tfw1b4ww8pvq0tkz1";
    for (to, status, code) in [
        (from.as_str(), 422, "invalid_request"),
        ("x", 422, "invalid_request"),
        ("", 422, "invalid_request"),
        (nobody, 404, "not_found"),
        (&gone, 404, "not_found"),
    ] {
        for way in [path(&from), format!("{}?dry_run=true", path(&from))] {
            let reply = own.post(&way, send(to, 10)).await;
            assert_eq!(reply.pointer(), "/to_member_id", "{to}: {}", reply.text);
            reply.refused(status, code);
        }
    }
    // neither pending points nor held ones can be sent
    let problem = own.post(&path(&from), send(&to, 61)).await;
    assert_eq!(problem.refused(409, "insufficient_points")["shortfall"], 1);
    for points in [json!(0), json!(-1), json!(1.5), json!("10"), json!(1_000_000_001), Value::Null]
    {
        let mut ask = send(&to, 1);
        ask["points"] = points;
        let reply = own.post(&path(&from), ask).await;
        assert_eq!(reply.pointer(), "/points");
        reply.refused(422, "invalid_request");
    }
    for (who, from) in [(&admin, gone.as_str()), (&admin, nobody), (&admin, "mem_x")] {
        let reply = who.post(&path(from), send(&to, 10)).await;
        assert_eq!(reply.pointer(), "", "it is the path's");
        reply.refused(404, "not_found");
    }
    // whose they are, and who may
    let other = app.member(&to).await;
    other.post(&path(&from), send(&to, 10)).await.refused(404, "not_found");
    shop.post(&path(&from), send(&to, 10)).await.refused(403, "forbidden");
    app.anyone().post(&path(&from), send(&to, 10)).await.refused(401, "unauthenticated");

    assert_eq!(balance(app, &from, FIELDS).await, [60, 100, 40, 0]);
    assert_eq!(journal(app, &from).await, lines(&[("adjust", 100), ("earn", 100)]));
    assert!(entries(app, &to).await.is_empty());
    shop.post(&format!("/v1/holds/{}/release", id(&placed)), json!({})).await.expect(200);
    own.post(&path(&from), send(&to, 100)).await.expect(201);
    assert_eq!(balance(app, &from, FIELDS).await, [0, 100, 0, 0]);
}

both!(who_is_suspended_sends_nothing);
async fn who_is_suspended_sends_nothing(app: &TestApp) {
    switched_on(app).await;
    let (from, to) = (rich(app, 100).await, rich(app, 100).await);
    let (own, admin) = (app.member(&from).await, app.admin().await);
    let why = json!({"reason": "a quarrel"});
    admin.post(&format!("/v1/members/{from}/suspend"), why.clone()).await.expect(200);
    for who in [&own, &app.staff().await, &admin] {
        let reply = who.post(&path(&from), send(&to, 10)).await;
        assert!(matches!(reply.status, 401 | 403), "{}", reply.text);
    }
    assert_eq!(balance(app, &from, FIELDS).await, [100, 0, 0, 0]);
    admin.post(&format!("/v1/members/{from}/reinstate"), why).await.expect(200);
    app.member(&from).await.post(&path(&from), send(&to, 10)).await.expect(201);
}

both!(a_rehearsal_and_a_key);
async fn a_rehearsal_and_a_key(app: &TestApp) {
    switched_on(app).await;
    let (from, to) = (rich(app, 100).await, app.enrol("Ari").await);
    let own = app.member(&from).await;
    let dry = own.post(&format!("{}?dry_run=true", path(&from)), send(&to, 60)).await.expect(200);
    assert_eq!((&dry["points"], &dry["balance_after"]), (&json!(-60), &json!(40)));
    assert_eq!((&dry["id"], &dry["source"]["id"]), (&Value::Null, &Value::Null));
    let too_many = own.post(&format!("{}?dry_run=true", path(&from)), send(&to, 101)).await;
    too_many.refused(409, "insufficient_points");
    assert_eq!(balance(app, &from, FIELDS).await, [100, 0, 0, 0]);
    assert!(entries(app, &to).await.is_empty());

    let first = own.post_keyed(&path(&from), "k-1", send(&to, 60)).await;
    assert_eq!(first.status, 201, "{}", first.text);
    let again = own.post_keyed(&path(&from), "k-1", send(&to, 60)).await;
    assert_eq!((again.status, &again.text), (201, &first.text));
    assert_eq!(again.header("idempotent-replayed").as_deref(), Some("true"));
    own.post_keyed(&path(&from), "k-1", send(&to, 61)).await.refused(422, "idempotency_key_reused");
    assert_eq!(balance(app, &from, FIELDS).await, [40, 0, 0, 0]);
    assert_eq!(balance(app, &to, FIELDS).await, [60, 0, 0, 0]);
}

both!(what_is_owed_is_paid_by_a_gift);
async fn what_is_owed_is_paid_by_a_gift(app: &TestApp) {
    app.settings(json!({"pending_days": 0, "transfers_enabled": true})).await;
    let (shop, from) = (app.storefront().await, rich(app, 100).await);
    let to = app.enrol("Ari").await;
    let bought = order(&shop, &to, "A-1", 7000).await;
    let reward = app.reward(json!({"cost_points": 70})).await;
    crate::shop::redeem(&shop, &to, &reward).await;
    let refund = json!({"external_id": "R-1", "amount": eur(7000)});
    shop.post(&format!("/v1/orders/{}/refunds", id(&bought)), refund).await.expect(201);
    assert_eq!(balance(app, &to, FIELDS).await, [0, 0, 0, 70]);
    let own = app.member(&from).await;
    own.post(&path(&from), send(&to, 50)).await.expect(201);
    assert_eq!(balance(app, &to, FIELDS).await, [0, 0, 0, 20]);
    own.post(&path(&from), send(&to, 50)).await.expect(201);
    assert_eq!(balance(app, &to, FIELDS).await, [30, 0, 0, 0]);
    assert_eq!(entries(app, &to).await[0]["balance_after"], 30);
    // who owes has nothing to send
    assert_eq!(balance(app, &from, FIELDS).await, [0, 0, 0, 0]);
    adds_up(app, &to).await;
}

async fn enrol_in(shop: &Client, given_name: &str, locale: &str) -> String {
    let email = format!("{locale}@example.com");
    let ask = json!({"email": email, "given_name": given_name, "locale": locale});
    id(&shop.post("/v1/members", ask).await.expect(201))
}

both!(each_is_told_in_its_own_language);
async fn each_is_told_in_its_own_language(app: &TestApp) {
    switched_on(app).await;
    let shop = app.storefront().await;
    let (from, to) = (enrol_in(&shop, "Þórdís", "is").await, enrol_in(&shop, "Anna", "en").await);
    app.give(&from, 100).await;
    let sent = app.staff().await.post(&path(&from), send(&to, 21)).await.expect(201);
    assert_eq!(sent["explanation"]["text"], "Sent öðrum félaga: 21 punktur, úr færslu 1.");
    assert_eq!(entries(app, &from).await[0]["explanation"], sent["explanation"]);
    let got = &entries(app, &to).await[0]["explanation"]["text"];
    assert_eq!(got, "From another member: 21 points, expire after 21 November 2028.");
    app.staff().await.post(&path(&to), send(&from, 1)).await.expect(201);
    let got = &entries(app, &from).await[0]["explanation"]["text"];
    assert_eq!(got, "Frá öðrum félaga: 1 punktur, gildir til og með 21. nóvember 2028.");
}

both!(the_words_of_a_transfer_go_with_either_side);
async fn the_words_of_a_transfer_go_with_either_side(app: &TestApp) {
    for erased in [0, 1] {
        let sides = [app.enrol("Zebulon").await, app.enrol("Ari").await];
        app.settings(json!({"transfers_enabled": true})).await;
        app.give(&sides[0], 100).await;
        give_until(app, &sides[0], 40, Some("2027-03-01T00:00:00Z")).await;
        let own = app.member(&sides[0]).await;
        own.post(&path(&sides[0]), send(&sides[1], 120)).await.expect(201);
        let told = async |of: usize| {
            let all = entries(app, &sides[of]).await;
            all.iter().filter(|entry| entry["reason"] == "Happy birthday").count()
        };
        assert_eq!((told(0).await, told(1).await), (1, 2));
        app.staff().await.delete(&format!("/v1/members/{}", sides[erased])).await.expect(204);
        assert_eq!((told(0).await, told(1).await), (0, 0), "{erased}");
        // the other's own words stay
        let kept = entries(app, &sides[1 - erased]).await;
        let reasons = kept.iter().filter(|entry| !entry["reason"].is_null()).count();
        assert_eq!(reasons, if erased == 0 { 0 } else { 2 });
    }
}
