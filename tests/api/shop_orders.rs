//! Orders: what they earn, once, and how they stand as time goes by.

use std::time::Duration;

use platform::{
    auth::Caller,
    db::Store,
    kernel::money::{Currency, Money},
};
use program::{
    members::likeness::Hints,
    orders::service::{Buyer, NewOrder, place_all as place},
};
use serde_json::{Value, json};

use crate::{
    shop::{balance, entries, eur, id, order},
    support::{app::TestApp, both::both},
};

both!(each_order_is_rounded_down_by_itself);
async fn each_order_is_rounded_down_by_itself(app: &TestApp) {
    let shop = app.storefront().await;
    let member = app.enrol("Jón").await;
    for (number, (amount, points)) in
        [(0, 0), (1, 0), (99, 0), (100, 1), (199, 1), (19_999, 199)].into_iter().enumerate()
    {
        let made = order(&shop, &member, &format!("A-{number}"), amount).await;
        assert_eq!(made["earned"]["points"], points, "{amount}");
        assert_eq!(made["refunded"], eur(0));
        if points == 0 {
            assert_eq!(made["state"], "settled");
            let earned = json!({
                "points": 0, "available_at": null, "expires_at": null, "explanation": [],
            });
            assert_eq!(made["earned"], earned);
        } else {
            assert_eq!(made["state"], "open");
            assert_eq!(made["earned"]["available_at"], "2026-12-05T12:00:00Z");
            assert_eq!(made["earned"]["expires_at"], "2028-11-22T00:00:00Z");
            let rule = &made["earned"]["explanation"][0]["rule"];
            assert_eq!((&rule["rule"], &rule["amount"]), (&json!("order"), &json!(amount)));
        }
    }
    assert_eq!(balance(app, &member, ["pending", "lifetime_earned"]).await, [201, 201]);
    assert_eq!(entries(app, &member).await.len(), 3, "nothing earned is no entry");

    app.settings(json!({"earn_points": 3, "earn_per_minor_units": 250, "pending_days": 0})).await;
    let made = order(&shop, &member, "B-1", 749).await;
    assert_eq!((&made["earned"]["points"], &made["state"]), (&json!(6), &json!("settled")));
    assert_eq!(balance(app, &member, ["available"]).await, [6]);
}

both!(a_repeat_is_answered_whatever_the_settings_say_now);
async fn a_repeat_is_answered_whatever_the_settings_say_now(app: &TestApp) {
    let shop = app.storefront().await;
    let member = app.enrol("Anna").await;
    let made = order(&shop, &member, "A-1", 500).await;
    app.settings(json!({"currency": "ISK"})).await;
    let again = json!({"external_id": "A-1", "member_id": member, "total": eur(500)});
    assert_eq!(shop.post("/v1/orders", again).await.expect(200), made);
    let new = json!({"external_id": "A-2", "member_id": member, "total": eur(500)});
    shop.post("/v1/orders", new).await.refused(422, "invalid_request");
}

both!(the_buyer_is_named_by_id_or_by_address);
async fn the_buyer_is_named_by_id_or_by_address(app: &TestApp) {
    let shop = app.storefront().await;
    let anna = json!({"email": "Anna@Example.com", "given_name": "Anna"});
    let member = id(&shop.post("/v1/members", anna).await.expect(201));
    let ask = json!({"external_id": "A-1", "email": " anna@EXAMPLE.com", "total": eur(500)});
    let made = shop.post("/v1/orders", ask).await.expect(201);
    assert_eq!(made["member_id"], member.as_str());
    let by_id = json!({"external_id": "A-1", "member_id": member, "total": eur(500)});
    assert_eq!(shop.post("/v1/orders", by_id).await.expect(200), made, "the same buyer");

    let nobody = "mem_01m7zr4g2tfw1b4ww8pvq0tkz1";
    for (ask, status, code, pointer) in [
        (json!({"email": "nobody@example.com"}), 404, "not_found", "/email"),
        (json!({"member_id": nobody}), 404, "not_found", "/member_id"),
        (json!({"member_id": "nobody"}), 422, "invalid_request", "/member_id"),
        (json!({}), 422, "invalid_request", "/member_id"),
        (
            json!({"member_id": member, "email": "anna@example.com"}),
            422,
            "invalid_request",
            "/email",
        ),
    ] {
        let mut order = json!({"external_id": "A-2", "total": eur(500)});
        order.as_object_mut().expect("fields").extend(ask.as_object().expect("fields").clone());
        let reply = shop.post("/v1/orders", order).await;
        assert_eq!(reply.pointer(), pointer, "{ask}: {}", reply.text);
        reply.refused(status, code);
    }
}

both!(an_order_is_taken_once);
async fn an_order_is_taken_once(app: &TestApp) {
    let shop = app.storefront().await;
    let (member, other) = (app.enrol("Jón").await, app.enrol("Ari").await);
    let first = json!({
        "external_id": "A-1", "member_id": member, "total": eur(5000), "channel": "web",
        "lines": [{"name": "tea", "quantity": 2}], "placed_at": "2026-11-20T10:00:00Z",
    });
    let made = shop.post("/v1/orders", first.clone()).await.expect(201);
    assert_eq!(made["earned"]["available_at"], "2026-12-04T10:00:00Z");
    app.travel(Duration::from_hours(1));
    assert_eq!(shop.post("/v1/orders", first.clone()).await.expect(200), made);
    let mut turned = first.clone();
    turned["lines"] = json!([{"quantity": 2, "name": "tea"}]);
    turned["placed_at"] = json!("2026-11-20T11:00:00+01:00");
    assert_eq!(shop.post("/v1/orders", turned).await.expect(200), made, "says the same");
    for (field, value) in [
        ("total", eur(5001)),
        ("member_id", json!(other)),
        ("channel", json!("till")),
        ("lines", json!([{"name": "tea", "quantity": 3}])),
        ("placed_at", json!("2026-11-20T10:00:01Z")),
    ] {
        let mut changed = first.clone();
        changed[field] = value;
        shop.post("/v1/orders", changed).await.refused(409, "external_id_conflict");
    }
    assert_eq!(balance(app, &member, ["pending"]).await, [50]);
    assert_eq!(balance(app, &other, ["pending"]).await, [0]);
}

both!(an_order_that_can_not_be_is_refused);
async fn an_order_that_can_not_be_is_refused(app: &TestApp) {
    let shop = app.storefront().await;
    let member = app.enrol("Jón").await;
    for (field, wrong, pointer) in [
        ("total", json!({"amount": 100, "currency": "USD"}), "/total/currency"),
        ("total", json!({"amount": -1, "currency": "EUR"}), "/total/amount"),
        ("total", json!({"amount": 1.5, "currency": "EUR"}), "/total/amount"),
        ("total", json!({"amount": "100", "currency": "EUR"}), "/total/amount"),
        ("total", json!({"amount": 100_100_000_000_i64, "currency": "EUR"}), "/total/amount"),
        ("total", json!(100), "/total"),
        ("placed_at", json!("2026-11-21T12:00:01Z"), "/placed_at"),
        ("placed_at", json!("2026-11-21"), "/placed_at"),
        ("external_id", json!(""), "/external_id"),
        ("lines", json!(["tea"]), "/lines/0"),
        ("points", json!(1000), "/points"),
    ] {
        let mut ask = json!({"external_id": "A-1", "member_id": member, "total": eur(100)});
        ask[field] = wrong.clone();
        let reply = shop.post("/v1/orders", ask).await;
        assert_eq!(reply.pointer(), pointer, "{field} {wrong}: {}", reply.text);
        reply.refused(422, "invalid_request");
    }
    let none = shop.get("/v1/orders?external_id=A-1").await.expect(200);
    assert_eq!(none["data"], json!([]));
    assert!(entries(app, &member).await.is_empty());
    // the greatest that is taken
    let most = order(&shop, &member, "A-1", 100_000_000_000).await;
    assert_eq!(most["earned"]["points"], 1_000_000_000);
}

both!(an_order_settles_by_the_clock);
async fn an_order_settles_by_the_clock(app: &TestApp) {
    let shop = app.storefront().await;
    let member = app.enrol("Jón").await;
    let made = order(&shop, &member, "A-1", 10_000).await;
    let path = format!("/v1/orders/{}", id(&made));
    let state = async || shop.get(&path).await.expect(200)["state"].clone();
    app.travel_to("2026-12-05T11:59:59Z");
    assert_eq!(state().await, "open");
    assert_eq!(balance(app, &member, ["available", "pending"]).await, [0, 100]);
    app.travel_to("2026-12-05T12:00:00Z");
    assert_eq!(state().await, "settled");
    assert_eq!(balance(app, &member, ["available", "pending"]).await, [100, 0]);

    let problem = shop.post(&format!("{path}/cancel"), json!({})).await;
    let problem = problem.refused(409, "invalid_transition");
    assert_eq!((&problem["from"], &problem["to"]), (&json!("settled"), &json!("cancelled")));
    assert_eq!(problem["allowed"], json!(["partially_refunded", "refunded"]));
    for (external_id, amount, then) in [("R-1", 1, "partially_refunded"), ("R-2", 9999, "refunded")]
    {
        let refund = json!({"external_id": external_id, "amount": eur(amount)});
        let refunded = shop.post(&format!("{path}/refunds"), refund).await.expect(201);
        assert_eq!((&refunded["state"], &state().await), (&json!(then), &json!(then)));
        let problem = shop.post(&format!("{path}/cancel"), json!({})).await;
        let problem = problem.refused(409, "invalid_transition");
        assert_eq!((&problem["from"], &problem["to"]), (&json!(then), &json!("cancelled")));
    }
    assert_eq!(balance(app, &member, ["available", "debt"]).await, [0, 0]);
}

both!(what_is_open_can_be_cancelled);
async fn what_is_open_can_be_cancelled(app: &TestApp) {
    let shop = app.storefront().await;
    let member = app.enrol("Jón").await;
    let made = order(&shop, &member, "A-1", 10_000).await;
    let path = format!("/v1/orders/{}", id(&made));
    let cancelled = shop.post(&format!("{path}/cancel"), json!({})).await.expect(200);
    assert_eq!(cancelled["state"], "cancelled");
    assert_eq!(shop.post(&format!("{path}/cancel"), json!({})).await.expect(200), cancelled);
    assert_eq!(balance(app, &member, ["pending", "lifetime_earned", "debt"]).await, [0, 0, 0]);
    for (amount, to) in [(10_000, "refunded"), (1, "partially_refunded")] {
        let refund = json!({"external_id": "R-1", "amount": eur(amount)});
        let problem = shop.post(&format!("{path}/refunds"), refund).await;
        let problem = problem.refused(409, "invalid_transition");
        assert_eq!((&problem["from"], &problem["to"]), (&json!("cancelled"), &json!(to)));
        assert_eq!(problem["allowed"], json!([]));
    }
    app.travel_to("2027-01-01T00:00:00Z");
    assert_eq!(shop.get(&path).await.expect(200)["state"], "cancelled");
    // the same order again does not bring it back
    let again = json!({"external_id": "A-1", "member_id": member, "total": eur(10_000)});
    assert_eq!(shop.post("/v1/orders", again).await.expect(200)["state"], "cancelled");
}

both!(a_dry_run_of_an_order_takes_nothing);
async fn a_dry_run_of_an_order_takes_nothing(app: &TestApp) {
    let shop = app.storefront().await;
    let member = app.enrol("Jón").await;
    let ask = json!({"external_id": "A-1", "member_id": member, "total": eur(1000)});
    let said = shop.post("/v1/orders?dry_run=true", ask.clone()).await.expect(200);
    assert_eq!((&said["id"], &said["earned"]["points"]), (&Value::Null, &json!(10)));
    assert!(entries(app, &member).await.is_empty());
    let made = shop.post("/v1/orders", ask).await.expect(201);
    let refund = json!({"external_id": "R-1", "amount": eur(500)});
    let path = format!("/v1/orders/{}/refunds", id(&made));
    let said = shop.post(&format!("{path}?dry_run=true"), refund.clone()).await.expect(200);
    assert_eq!(
        (&said["refund"]["id"], &said["refund"]["clawed_points"]),
        (&Value::Null, &json!(5))
    );
    assert_eq!(balance(app, &member, ["pending"]).await, [10]);
    shop.post(&path, refund).await.expect(201);
    assert_eq!(balance(app, &member, ["pending"]).await, [5]);
}

both!(orders_are_found_and_members_see_their_own);
async fn orders_are_found_and_members_see_their_own(app: &TestApp) {
    let (shop, staff) = (app.storefront().await, app.staff().await);
    let (one, two) = (app.enrol("Jón").await, app.enrol("Ari").await);
    let (mine, theirs) =
        (order(&shop, &one, "A-1", 1000).await, order(&shop, &two, "A-2", 2000).await);
    let member = app.member(&one).await;
    for who in [&shop, &staff] {
        let found = who.get("/v1/orders?external_id=A-2").await.expect(200);
        assert_eq!(found["data"], json!([theirs]));
        let found = who.get(&format!("/v1/orders?member_id={one}")).await.expect(200);
        assert_eq!(found["data"], json!([mine]));
        who.get("/v1/orders").await.refused(422, "invalid_request");
    }
    assert_eq!(member.get("/v1/orders").await.expect(200)["data"], json!([mine]));
    let other = member.get("/v1/orders?external_id=A-2").await.expect(200);
    assert_eq!(other["data"], json!([]));
    member.get(&format!("/v1/orders?member_id={two}")).await.refused(404, "not_found");
    member.get(&format!("/v1/orders/{}", id(&theirs))).await.refused(404, "not_found");
    let ask = json!({"external_id": "A-3", "member_id": one, "total": eur(1000)});
    for who in [&member, &staff] {
        who.post("/v1/orders", ask.clone()).await.refused(403, "forbidden");
    }
}

/// Orders for 10.00 by external id and member, placed in one slice; `None` where one was refused,
/// else whether it was there before.
async fn place_all(store: Store, orders: Vec<(String, String, i64)>) -> Vec<Option<bool>> {
    let asks: Vec<(NewOrder, Caller)> = orders
        .into_iter()
        .map(|(external_id, member, amount)| {
            let order = NewOrder {
                external_id,
                buyer: Buyer::Id(member.parse().expect("an id")),
                total: Money { amount, currency: Currency::EUR },
                lines: Some(json!([{"name": "tea"}])),
                placed_at: None,
                channel: None,
                hints: Hints::default(),
            };
            (order, Caller::System)
        })
        .collect();
    let placed = store.write(move |tx| place(tx, &asks)).await.expect("placed");
    placed.into_iter().map(|answer| Some(answer.ok()?.already_there)).collect()
}

both!(a_slice_of_orders_is_decided_in_order);
async fn a_slice_of_orders_is_decided_in_order(app: &TestApp) {
    let (jon, ari) = (app.enrol("Jón").await, app.enrol("Ari").await);
    let nobody = "mem_01m7zr4g2tfw1b4ww8pvq0tkz1".to_owned();
    let too_much = 100_100_000_000;
    let row = |external_id: &str, member: &String, amount| {
        (external_id.to_owned(), member.clone(), amount)
    };
    let told = place_all(
        app.store().clone(),
        vec![
            row("B", &jon, 1000),
            row("A", &nobody, 1000),
            row("A", &jon, too_much),
            row("A", &ari, 1000),
            row("A", &ari, 1000),
            row("A", &jon, 1000),
            row("0", &jon, 0),
            row("B", &jon, 1000),
            row("C", &ari, 2000),
        ],
    )
    .await;
    let (new, there) = (Some(false), Some(true));
    assert_eq!(told, [new, None, None, new, there, None, new, there, new]);
    assert_eq!(balance(app, &jon, ["pending"]).await, [10]);
    assert_eq!(balance(app, &ari, ["pending"]).await, [30]);
    assert_eq!(entries(app, &ari).await.len(), 2);
    // each order has its own entry
    let shop = app.storefront().await;
    for (external_id, points) in [("A", 10), ("B", 10), ("C", 20), ("0", 0)] {
        let path = format!("/v1/orders?external_id={external_id}");
        let found = shop.get(&path).await.expect(200)["data"][0].clone();
        assert_eq!(found["earned"]["points"], points);
        let explained = found["earned"]["explanation"].as_array().expect("a list");
        assert_eq!(explained.len(), usize::from(points > 0));
        if points > 0 {
            assert_eq!(explained[0]["rule"]["order"], external_id);
        }
    }
}

both!(slices_that_want_the_same_orders_place_each_once);
async fn slices_that_want_the_same_orders_place_each_once(app: &TestApp) {
    let mut members = Vec::new();
    for _ in 0..8 {
        members.push(app.enrol("Jón").await);
    }
    // every member wants every order, each in an order of its own
    let slices = members.iter().enumerate().map(|(turn, member)| {
        let mut rows: Vec<_> =
            (0..30).map(|number| (format!("A-{number}"), member.clone(), 1000)).collect();
        rows.rotate_left(turn * 4);
        if turn % 2 == 0 {
            rows.reverse();
        }
        actix_web::rt::spawn(place_all(app.store().clone(), rows))
    });
    let mut told = Vec::new();
    for slice in slices.collect::<Vec<_>>() {
        told.push(slice.await.expect("placed"));
    }
    let placed = told.iter().flatten().filter(|answer| **answer == Some(false)).count();
    let refused = told.iter().flatten().filter(|answer| answer.is_none()).count();
    assert_eq!((placed, refused), (30, 7 * 30), "each is somebody's, and nobody else's");
    let mut points = 0;
    for (member, told) in members.iter().zip(&told) {
        let won = told.iter().flatten().count();
        assert_eq!(entries(app, member).await.len(), won, "who loses has posted nothing");
        points += balance(app, member, ["pending"]).await[0];
    }
    assert_eq!(points, 300);
}
