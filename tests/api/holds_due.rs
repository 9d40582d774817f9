//! Holds that end by the clock, and what becomes of points that lose their date, their debt or
//! their owner while they are held.

use std::time::Duration;

use serde_json::{Value, json};
use vildar::chores;

use crate::{
    shop::{balance, entries, eur, hold, id, journal, lines, order, rich},
    support::{
        app::{Client, TestApp},
        both::both,
    },
};

const FIELDS: [&str; 4] = ["available", "held", "debt", "lifetime_expired"];

async fn hold_for(shop: &Client, member: &str, order_ref: &str, points: i64, ttl: i64) -> Value {
    let ask = json!({"points": points, "order_ref": order_ref, "ttl_seconds": ttl});
    shop.post(&format!("/v1/members/{member}/holds"), ask).await.expect(201)
}

async fn give_until(app: &TestApp, member: &str, points: i64, expires_at: &str) {
    let ask = json!({
        "kind": "adjust", "points": points, "reason": "a gift", "expires_at": expires_at,
    });
    let path = format!("/v1/members/{member}/entries");
    app.admin().await.post(&path, ask).await.expect(201);
}

both!(time_runs_out_to_the_second_whoever_looks);
async fn time_runs_out_to_the_second_whoever_looks(app: &TestApp) {
    let shop = app.storefront().await;
    for swept in [false, true] {
        let member = rich(app, 100).await;
        let mut holds = Vec::new();
        for order_ref in ["captured", "released", "read", "balance"] {
            holds.push(id(&hold_for(&shop, &member, order_ref, 20, 60).await));
        }
        let end = app.now().plus(Duration::from_mins(1));
        app.travel(Duration::from_micros(59_999_999));
        if swept {
            chores::run_all(app.store()).await.expect("the sweep runs");
        }
        assert_eq!(balance(app, &member, FIELDS).await, [20, 80, 0, 0], "to the last moment");
        app.travel(Duration::from_micros(1));
        if swept {
            chores::run_all(app.store()).await.expect("the sweep runs");
        }
        for (call, hold, to) in
            [("capture", &holds[0], "captured"), ("release", &holds[1], "released")]
        {
            let problem = shop.post(&format!("/v1/holds/{hold}/{call}"), json!({})).await;
            let problem = problem.refused(409, "invalid_transition");
            let said = (&problem["from"], &problem["to"], &problem["allowed"]);
            assert_eq!(said, (&json!("expired"), &json!(to), &json!([])), "{swept}");
        }
        for hold in &holds {
            let read = shop.get(&format!("/v1/holds/{hold}")).await.expect(200);
            assert_eq!(
                (&read["state"], &read["ended_at"], &read["expires_at"], &read["entry_seq"]),
                (&json!("expired"), &json!(end), &json!(end), &json!(null)),
                "{swept}"
            );
        }
        assert_eq!(balance(app, &member, FIELDS).await, [100, 0, 0, 0]);
        assert_eq!(entries(app, &member).await.len(), 1);
    }
}

both!(a_read_alone_sees_that_time_is_out);
async fn a_read_alone_sees_that_time_is_out(app: &TestApp) {
    let shop = app.storefront().await;
    let member = rich(app, 100).await;
    let long_ago = hold_for(&shop, &member, "cart-1", 100, 2_592_000).await;
    assert_eq!(long_ago["expires_at"], "2026-12-21T12:00:00Z");
    app.travel_to("2027-01-01T00:00:00Z");
    let read = shop.get(&format!("/v1/holds/{}", id(&long_ago))).await.expect(200);
    assert_eq!(
        (&read["state"], &read["ended_at"]),
        (&json!("expired"), &json!("2026-12-21T12:00:00Z")),
        "it ended when it was due"
    );
    hold_for(&shop, &member, "cart-2", 100, 1).await;
    app.travel(Duration::from_secs(1));
    assert_eq!(balance(app, &member, FIELDS).await, [100, 0, 0, 0]);
    // nobody reads: what is spent next finds the points
    hold_for(&shop, &member, "cart-3", 100, 1).await;
    app.travel(Duration::from_secs(1));
    let down = json!({"kind": "adjust", "points": -100, "reason": "a mistake"});
    let path = format!("/v1/members/{member}/entries");
    app.admin().await.post(&path, down).await.expect(201);
}

both!(what_is_held_does_not_expire_and_goes_when_it_is_back);
async fn what_is_held_does_not_expire_and_goes_when_it_is_back(app: &TestApp) {
    const LAPSES: &str = "2026-12-20T12:00:00Z";
    const ENDED: &str = "2026-12-10T09:00:00Z";
    let shop = app.storefront().await;
    let mut held = Vec::new();
    for end in ["release", "capture", "lapse"] {
        let member = app.enrol("Jón").await;
        give_until(app, &member, 50, "2027-06-01T00:00:00Z").await;
        give_until(app, &member, 100, "2026-12-01T00:00:00Z").await;
        let placed = hold_for(&shop, &member, "cart-1", 100, 29 * 24 * 3600).await;
        assert_eq!(placed["expires_at"], LAPSES);
        let left = json!([{"points": 50, "expires_at": "2027-06-01T00:00:00Z"}]);
        let expiring = app.balance(&member).await["expiring"].clone();
        assert_eq!(expiring, left, "soonest to expire is held first");
        held.push((end, member, placed));
    }
    app.travel_to(ENDED);
    chores::run_all(app.store()).await.expect("the sweep runs");
    for (end, member, placed) in &held {
        assert_eq!(balance(app, member, FIELDS).await, [50, 100, 0, 0], "{end}");
        let path = format!("/v1/holds/{}/{end}", id(placed));
        match *end {
            "release" => drop(shop.post(&path, json!({})).await.expect(200)),
            "capture" => drop(shop.post(&path, json!({"points": 30})).await.expect(200)),
            _ => {}
        }
    }
    app.travel_to("2027-01-01T00:00:00Z");
    let gone = [(100, ENDED), (70, ENDED), (100, LAPSES)];
    for ((end, member, _), (points, when)) in held.iter().zip(gone) {
        assert_eq!(balance(app, member, FIELDS).await, [50, 0, 0, points], "{end}");
        let last = &entries(app, member).await[0];
        assert_eq!((&last["kind"], &last["points"]), (&json!("expire"), &json!(-points)), "{end}");
        assert_eq!(last["occurred_at"], when, "{end}: when it came back, not before");
        assert_eq!((&last["source"]["type"], &last["actor"]), (&json!("expiry"), &json!("system")));
        let why = last["explanation"]["text"].as_str().expect("a sentence");
        assert!(
            why.starts_with(&format!("{points} points from entry 2 came to their end")),
            "{why}"
        );
    }
}

both!(what_is_held_pays_the_debt_when_it_is_back);
async fn what_is_held_pays_the_debt_when_it_is_back(app: &TestApp) {
    let shop = app.storefront().await;
    app.settings(json!({"pending_days": 0})).await;
    for (number, (end, then)) in [
        ("release", [0, 0, 0, 0]),
        ("lapse", [0, 0, 0, 0]),
        ("capture", [0, 0, 100, 0]),
        ("a part", [0, 0, 40, 0]),
    ]
    .into_iter()
    .enumerate()
    {
        let member = app.enrol("Jón").await;
        let made = order(&shop, &member, &format!("A-{number}"), 10_000).await;
        let placed = hold(&shop, &member, "cart-1", 100).await;
        let refund = json!({"external_id": "R-1", "amount": eur(10_000)});
        shop.post(&format!("/v1/orders/{}/refunds", id(&made)), refund).await.expect(201);
        assert_eq!(balance(app, &member, FIELDS).await, [0, 100, 100, 0], "{end}");
        let path = format!("/v1/holds/{}", id(&placed));
        match end {
            "release" => drop(shop.post(&format!("{path}/release"), json!({})).await.expect(200)),
            "lapse" => app.travel(Duration::from_mins(30)),
            "capture" => drop(shop.post(&format!("{path}/capture"), json!({})).await.expect(200)),
            _ => {
                let part = json!({"points": 40});
                shop.post(&format!("{path}/capture"), part).await.expect(200);
            }
        }
        assert_eq!(balance(app, &member, FIELDS).await, then, "{end}");
        let listed = entries(app, &member).await;
        assert_eq!(listed[0]["balance_after"], -then[2], "{end}");
    }
}

both!(who_is_suspended_or_gone_places_no_hold);
async fn who_is_suspended_or_gone_places_no_hold(app: &TestApp) {
    let (shop, admin) = (app.storefront().await, app.admin().await);
    let (suspended, erased) = (rich(app, 100).await, rich(app, 100).await);
    let ask = json!({"points": 10, "order_ref": "cart-2", "ttl_seconds": 60});
    let captured = hold(&shop, &suspended, "cart-1", 60).await;
    let why = json!({"reason": "a quarrel"});
    admin.post(&format!("/v1/members/{suspended}/suspend"), why.clone()).await.expect(200);
    let holds = format!("/v1/members/{suspended}/holds");
    let problem = shop.post(&holds, ask.clone()).await.refused(403, "forbidden");
    assert!(problem["detail"].to_string().contains("suspended"), "{problem}");
    // an order that was placed before may still be paid
    shop.post(&format!("/v1/holds/{}/capture", id(&captured)), json!({})).await.expect(200);
    admin.post(&format!("/v1/members/{suspended}/reinstate"), why).await.expect(200);
    shop.post(&holds, ask.clone()).await.expect(201);

    let first = hold(&shop, &erased, "cart-1", 60).await;
    let second = hold(&shop, &erased, "cart-2", 30).await;
    admin.delete(&format!("/v1/members/{erased}")).await.expect(204);
    let holds = format!("/v1/members/{erased}/holds");
    shop.post(&holds, ask).await.refused(404, "not_found");
    assert_eq!(balance(app, &erased, FIELDS).await, [10, 90, 0, 0], "the numbers stay");
    shop.post(&format!("/v1/holds/{}/capture", id(&first)), json!({})).await.expect(200);
    app.travel(Duration::from_mins(30));
    let read = shop.get(&format!("/v1/holds/{}", id(&second))).await.expect(200);
    assert_eq!(read["state"], "expired");
    assert_eq!(journal(app, &erased).await, lines(&[("adjust", 100), ("redeem", -60)]));

    let ask = json!({"points": 10, "order_ref": "cart-1", "ttl_seconds": 60});
    for nobody in ["mem_01m7zr4g2tfw1b4ww8pvq0tkz1", "mem_x", "hld_01m7zr4g2tfw1b4ww8pvq0tkz1"] {
        let path = format!("/v1/members/{nobody}/holds");
        shop.post(&path, ask.clone()).await.refused(404, "not_found");
    }
}
