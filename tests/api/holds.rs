//! Points set aside for an order: held, captured, released.

use std::time::Duration;

use platform::auth::Scope;
use serde_json::{Value, json};

use crate::{
    shop::{balance, entries, hold, id, journal, lines, rich},
    support::{
        app::{Client, TestApp},
        both::both,
    },
};

const FIELDS: [&str; 3] = ["available", "held", "lifetime_redeemed"];

async fn act(shop: &Client, hold: &Value, what: &str) -> Value {
    shop.post(&format!("/v1/holds/{}/{what}", id(hold)), json!({})).await.expect(200)
}

/// What a hold that has ended in one way says to ending in another.
async fn refuses(shop: &Client, hold: &Value, what: &str, from: &str, to: &str) {
    let problem = shop.post(&format!("/v1/holds/{}/{what}", id(hold)), json!({})).await;
    let problem = problem.refused(409, "invalid_transition");
    let said = (&problem["from"], &problem["to"], &problem["allowed"]);
    assert_eq!(said, (&json!(from), &json!(to), &json!([])));
}

both!(a_hold_is_captured_whole);
async fn a_hold_is_captured_whole(app: &TestApp) {
    let shop = app.storefront().await;
    let member = rich(app, 500).await;
    let placed = hold(&shop, &member, "cart-1", 300).await;
    let told = json!({
        "id": placed["id"], "member_id": member, "order_ref": "cart-1", "points": 300,
        "captured_points": 0, "state": "live", "entry_seq": null, "ended_at": null,
        "placed_at": "2026-11-21T12:00:00Z", "expires_at": "2026-11-21T12:30:00Z",
    });
    assert_eq!(placed, told);
    let path = format!("/v1/holds/{}", id(&placed));
    for who in [&shop, &app.staff().await, &app.admin().await] {
        assert_eq!(who.get(&path).await.expect(200), told);
    }
    assert_eq!(balance(app, &member, FIELDS).await, [200, 300, 0]);
    assert_eq!(app.balance(&member).await["expiring"][0]["points"], 200);
    assert_eq!(entries(app, &member).await.len(), 1, "a hold makes no entry");

    app.travel(Duration::from_mins(10));
    let captured = act(&shop, &placed, "capture").await;
    let mut told = told;
    told["state"] = json!("captured");
    told["captured_points"] = json!(300);
    told["entry_seq"] = json!(2);
    told["ended_at"] = json!("2026-11-21T12:10:00Z");
    assert_eq!(captured, told);
    assert_eq!(balance(app, &member, FIELDS).await, [200, 0, 300]);
    let entry = &entries(app, &member).await[0];
    assert_eq!(
        (&entry["kind"], &entry["points"], &entry["balance_after"], &entry["seq"]),
        (&json!("redeem"), &json!(-300), &json!(200), &json!(2))
    );
    assert_eq!(entry["source"], json!({"type": "hold", "id": placed["id"]}));
    let why = &entry["explanation"]["text"];
    assert_eq!(why, "Order cart-1 took 300 points of 300 that were held for it, from entry 1.");

    app.travel(Duration::from_hours(1));
    assert_eq!(act(&shop, &placed, "capture").await, captured, "as it is");
    let same = shop.post(&format!("{path}/capture"), json!({"points": 300})).await;
    assert_eq!(same.expect(200), captured);
    for other in [7, 299, 301] {
        let other = shop.post(&format!("{path}/capture"), json!({"points": other})).await;
        other.refused(409, "source_conflict");
    }
    refuses(&shop, &placed, "release", "captured", "released").await;
    assert_eq!(shop.get(&path).await.expect(200), captured);
    assert_eq!(balance(app, &member, FIELDS).await, [200, 0, 300]);
}

both!(a_hold_is_captured_in_part_and_never_beyond);
async fn a_hold_is_captured_in_part_and_never_beyond(app: &TestApp) {
    let shop = app.storefront().await;
    let member = rich(app, 500).await;
    let placed = hold(&shop, &member, "cart-1", 300).await;
    let capture = format!("/v1/holds/{}/capture", id(&placed));
    let reply = shop.post(&capture, json!({"points": 301})).await;
    assert_eq!(reply.pointer(), "/points");
    assert!(reply.text.contains("300"), "the fix is named: {}", reply.text);
    reply.refused(422, "invalid_request");
    assert_eq!(balance(app, &member, FIELDS).await, [200, 300, 0], "it is as it was");

    let captured = shop.post(&capture, json!({"points": 120})).await.expect(200);
    assert_eq!((&captured["points"], &captured["captured_points"]), (&json!(300), &json!(120)));
    assert_eq!(balance(app, &member, FIELDS).await, [380, 0, 120]);
    let entry = &entries(app, &member).await[0];
    assert_eq!((&entry["points"], &entry["balance_after"]), (&json!(-120), &json!(380)));
    let why = &entry["explanation"]["text"];
    assert_eq!(why, "Order cart-1 took 120 points of 300 that were held for it, from entry 1.");

    // to the point, and without a body
    let whole = hold(&shop, &member, "cart-2", 380).await;
    assert_eq!(balance(app, &member, FIELDS).await, [0, 380, 120]);
    let capture = format!("/v1/holds/{}/capture", id(&whole));
    let bare = shop.send(reqwest::Method::POST, &capture, &[], None).await.expect(200);
    assert_eq!((&bare["state"], &bare["captured_points"]), (&json!("captured"), &json!(380)));
    assert_eq!(balance(app, &member, FIELDS).await, [0, 0, 500]);
}

both!(a_hold_is_released);
async fn a_hold_is_released(app: &TestApp) {
    let shop = app.storefront().await;
    let member = rich(app, 500).await;
    let placed = hold(&shop, &member, "cart-1", 500).await;
    app.travel(Duration::from_mins(10));
    let released = act(&shop, &placed, "release").await;
    assert_eq!(
        (&released["state"], &released["ended_at"], &released["captured_points"]),
        (&json!("released"), &json!("2026-11-21T12:10:00Z"), &json!(0))
    );
    assert_eq!(balance(app, &member, FIELDS).await, [500, 0, 0]);
    app.travel(Duration::from_hours(1));
    assert_eq!(act(&shop, &placed, "release").await, released, "as it is");
    refuses(&shop, &placed, "capture", "released", "captured").await;
    assert_eq!(journal(app, &member).await, lines(&[("adjust", 500)]));
    assert_eq!(app.balance(&member).await["expiring"][0]["points"], 500);
}

both!(an_order_has_one_live_hold);
async fn an_order_has_one_live_hold(app: &TestApp) {
    let shop = app.storefront().await;
    let (member, other) = (rich(app, 500).await, rich(app, 500).await);
    let holds = format!("/v1/members/{member}/holds");
    let ask = |points: i64, ttl: i64| json!({"points": points, "order_ref": "cart-1", "ttl_seconds": ttl});
    let first = shop.post(&holds, ask(300, 60)).await.expect(201);
    app.travel(Duration::from_secs(10));
    // whoever asks, and for however long
    let another_key = app.storefront().await;
    assert_eq!(another_key.post(&holds, ask(300, 900)).await.expect(200), first);
    for points in [299, 301, 100_000] {
        shop.post(&holds, ask(points, 60)).await.refused(409, "source_conflict");
    }
    assert_eq!(balance(app, &member, FIELDS).await, [200, 300, 0]);
    // another member's order may be called the same
    assert_ne!(id(&hold(&shop, &other, "cart-1", 300).await), id(&first));

    // after it ended, in each of the ways, there may be a new one
    act(&shop, &first, "release").await;
    let second = shop.post(&holds, ask(200, 60)).await.expect(201);
    assert_ne!(id(&second), id(&first));
    act(&shop, &second, "capture").await;
    let third = shop.post(&holds, ask(200, 60)).await.expect(201);
    app.travel(Duration::from_mins(1));
    let fourth = shop.post(&holds, ask(250, 60)).await.expect(201);
    for (hold, state) in
        [(&first, "released"), (&second, "captured"), (&third, "expired"), (&fourth, "live")]
    {
        let read = shop.get(&format!("/v1/holds/{}", id(hold))).await.expect(200);
        assert_eq!(read["state"], state);
    }
    assert_eq!(balance(app, &member, FIELDS).await, [50, 250, 200]);
}

both!(a_hold_takes_what_is_available_alone);
async fn a_hold_takes_what_is_available_alone(app: &TestApp) {
    let shop = app.storefront().await;
    let member = rich(app, 100).await;
    crate::shop::order(&shop, &member, "A-1", 10_000).await;
    let holds = format!("/v1/members/{member}/holds");
    let ask = |points: i64, order_ref: &str| json!({"points": points, "order_ref": order_ref, "ttl_seconds": 60});
    let problem = shop.post(&holds, ask(101, "a")).await.refused(409, "insufficient_points");
    assert_eq!(problem["shortfall"], 1, "pending ones are not there yet");
    hold(&shop, &member, "a", 60).await;
    let problem = shop.post(&holds, ask(41, "b")).await.refused(409, "insufficient_points");
    assert_eq!(problem["shortfall"], 1);
    hold(&shop, &member, "b", 40).await;
    // what is held can't be taken by staff, nor spent
    let down = json!({"kind": "adjust", "points": -1, "reason": "a mistake"});
    let entries = format!("/v1/members/{member}/entries");
    let problem = app.admin().await.post(&entries, down).await;
    assert_eq!(problem.refused(409, "insufficient_points")["shortfall"], 1);
    let all = balance(app, &member, ["available", "pending", "held"]).await;
    assert_eq!(all, [0, 100, 100]);
}

both!(a_hold_is_the_storefronts);
async fn a_hold_is_the_storefronts(app: &TestApp) {
    let shop = app.storefront().await;
    let member = rich(app, 100).await;
    let placed = id(&hold(&shop, &member, "cart-1", 60).await);
    let scopes: Vec<Scope> =
        Scope::ALL.iter().copied().filter(|scope| *scope != Scope::HoldsWrite).collect();
    let unscoped = app.storefront_with(&scopes).await;
    let (staff, admin, own) = (app.staff().await, app.admin().await, app.member(&member).await);
    let ask = json!({"points": 1, "order_ref": "cart-2", "ttl_seconds": 60});
    let calls = [
        (format!("/v1/members/{member}/holds"), ask),
        (format!("/v1/holds/{placed}/capture"), json!({})),
        (format!("/v1/holds/{placed}/release"), json!({})),
    ];
    for (path, body) in &calls {
        for who in [&unscoped, &staff, &admin, &own] {
            let problem = who.post(path, body.clone()).await.refused(403, "forbidden");
            assert!(problem["detail"].to_string().contains("holds:write"), "{problem}");
        }
        app.anyone().post(path, body.clone()).await.refused(401, "unauthenticated");
    }
    let path = format!("/v1/holds/{placed}");
    for who in [&unscoped, &own] {
        who.get(&path).await.refused(403, "forbidden");
    }
    app.anyone().get(&path).await.refused(401, "unauthenticated");
    assert_eq!(balance(app, &member, FIELDS).await, [40, 60, 0]);
    let alone = app.storefront_with(&[Scope::HoldsWrite]).await;
    alone.get(&path).await.expect(200);
    alone.post(&format!("{path}/capture"), json!({})).await.expect(200);
}

both!(a_key_has_one_effect_on_each_call);
async fn a_key_has_one_effect_on_each_call(app: &TestApp) {
    let shop = app.storefront().await;
    let member = rich(app, 500).await;
    let place = format!("/v1/members/{member}/holds");
    let ask = json!({"points": 100, "order_ref": "cart-1", "ttl_seconds": 60});
    let first = shop.post_keyed(&place, "k-1", ask.clone()).await;
    let released = format!("/v1/holds/{}/release", id(&first.json));
    let first_release = shop.post_keyed(&released, "k-1", json!({})).await;
    let second = hold(&shop, &member, "cart-2", 100).await;
    let captured = format!("/v1/holds/{}/capture", id(&second));
    let first_capture = shop.post_keyed(&captured, "k-1", json!({"points": 30})).await;
    // a refusal is kept as well
    let refused = format!("/v1/holds/{}/capture", id(&first.json));
    let first_refusal = shop.post_keyed(&refused, "k-2", json!({})).await;
    assert_eq!(
        [&first, &first_release, &first_capture, &first_refusal].map(|reply| reply.status),
        [201, 200, 200, 409]
    );
    app.travel(Duration::from_hours(1));
    for (path, key, body, first) in [
        (&place, "k-1", ask, &first),
        (&released, "k-1", json!({}), &first_release),
        (&captured, "k-1", json!({"points": 30}), &first_capture),
        (&refused, "k-2", json!({}), &first_refusal),
    ] {
        let again = shop.post_keyed(path, key, body).await;
        assert_eq!(again.header("idempotent-replayed").as_deref(), Some("true"), "{path}");
        assert_eq!((again.status, &again.text), (first.status, &first.text), "{path}");
        let mut other = json!({"points": 31});
        if path == &place {
            other = json!({"points": 31, "order_ref": "cart-1", "ttl_seconds": 60});
        } else if path == &released {
            continue; // there is nothing else to ask for
        }
        let other = shop.post_keyed(path, key, other).await;
        other.refused(422, "idempotency_key_reused");
    }
    assert_eq!(balance(app, &member, FIELDS).await, [470, 0, 30]);
    for path in [&place, &captured, &released] {
        let dry = shop.post(&format!("{path}?dry_run=true"), json!({})).await;
        assert_eq!(dry.status, 422, "{}", dry.text);
    }
}
