//! Refunds: what an order earned is taken back in step, to the last point.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    shop::{balance, entries, eur, id, order, redeem},
    support::{
        app::{Client, Reply, TestApp},
        both::both,
    },
};

async fn refund(shop: &Client, order: &Value, external_id: &str, amount: i64) -> Reply {
    let ask = json!({"external_id": external_id, "amount": eur(amount)});
    shop.post(&format!("/v1/orders/{}/refunds", id(order)), ask).await
}

both!(many_parts_add_up_to_the_whole);
async fn many_parts_add_up_to_the_whole(app: &TestApp) {
    let shop = app.storefront().await;
    let member = app.enrol("Jón").await;
    app.settings(json!({"earn_points": 7})).await;
    let made = order(&shop, &member, "A-1", 1000).await;
    assert_eq!(made["earned"]["points"], 70);
    let mut refunded = 0;
    let mut clawed = 0;
    for part in 0.. {
        let amount = 33.min(1000 - refunded);
        let answer = refund(&shop, &made, &format!("R-{part}"), amount).await.expect(201);
        refunded += amount;
        let taken = answer["refund"]["clawed_points"].as_i64().expect("points");
        clawed += taken;
        assert_eq!(clawed, 70 * refunded / 1000, "after {refunded}");
        assert_eq!(answer["refunded"], eur(refunded));
        assert_eq!(balance(app, &member, ["pending", "debt"]).await, [70 - clawed, 0]);
        if refunded == 1000 {
            assert_eq!(answer["state"], "refunded");
            break;
        }
        assert_eq!(answer["state"], "partially_refunded");
    }
    let listed = entries(app, &member).await;
    assert!(listed[..listed.len() - 1].iter().all(|entry| entry["kind"] == "clawback"));
    assert_eq!(listed[0]["balance_after"], 0);
    assert_eq!(balance(app, &member, ["lifetime_earned", "debt"]).await, [0, 0]);
}

both!(a_refund_that_can_not_be_is_refused);
async fn a_refund_that_can_not_be_is_refused(app: &TestApp) {
    let shop = app.storefront().await;
    let member = app.enrol("Jón").await;
    let made = order(&shop, &member, "A-1", 1000).await;
    let reply = refund(&shop, &made, "R-1", 1001).await;
    assert_eq!(reply.pointer(), "/amount/amount");
    reply.refused(422, "invalid_request");
    let first = refund(&shop, &made, "R-1", 600).await.expect(201);
    app.travel(Duration::from_mins(1));
    let again = refund(&shop, &made, "R-1", 600).await.expect(200);
    assert_eq!(again, first, "the first refund again");
    refund(&shop, &made, "R-1", 601).await.refused(409, "external_id_conflict");
    let reply = refund(&shop, &made, "R-2", 401).await;
    assert_eq!(reply.pointer(), "/amount/amount");
    reply.refused(422, "invalid_request");
    for amount in [0, -1] {
        let reply = refund(&shop, &made, "R-2", amount).await;
        assert_eq!(reply.pointer(), "/amount/amount");
        reply.refused(422, "invalid_request");
    }
    let path = format!("/v1/orders/{}/refunds", id(&made));
    let dollars = json!({"external_id": "R-2", "amount": {"amount": 1, "currency": "USD"}});
    let reply = shop.post(&path, dollars).await;
    assert_eq!(reply.pointer(), "/amount/currency");
    reply.refused(422, "invalid_request");
    assert_eq!(balance(app, &member, ["pending"]).await, [4]);

    refund(&shop, &made, "R-2", 400).await.expect(201);
    refund(&shop, &made, "R-3", 1).await.refused(422, "invalid_request");
    let again = refund(&shop, &made, "R-1", 600).await.expect(200);
    assert_eq!((&again["refund"], &again["state"]), (&first["refund"], &json!("refunded")));
    assert_eq!(balance(app, &member, ["pending", "debt"]).await, [0, 0]);
    // the ids of refunds are each order's own
    let other = order(&shop, &member, "A-2", 1000).await;
    refund(&shop, &other, "R-1", 700).await.expect(201);
    let nowhere = "/v1/orders/ord_01m7zr4g2tfw1b4ww8pvq0tkz1/refunds";
    let ask = json!({"external_id": "R-1", "amount": eur(1)});
    shop.post(nowhere, ask).await.refused(404, "not_found");
}

/// A member who has spent all the 100 points that an order earned.
async fn spent(app: &TestApp, shop: &Client) -> (String, Value, Value) {
    let member = app.enrol("Jón").await;
    let made = order(shop, &member, "A-1", 10_000).await;
    app.travel_to("2026-12-05T12:00:00Z");
    let reward = app.reward(json!({})).await;
    let redeemed = redeem(shop, &member, &reward).await;
    (member, made, redeemed)
}

both!(what_was_spent_is_owed_and_the_next_order_pays);
async fn what_was_spent_is_owed_and_the_next_order_pays(app: &TestApp) {
    let shop = app.storefront().await;
    let (member, made, redeemed) = spent(app, &shop).await;
    refund(&shop, &made, "R-1", 10_000).await.expect(201);
    let fields = ["available", "pending", "debt"];
    assert_eq!(balance(app, &member, fields).await, [0, 0, 100]);
    let newest = &entries(app, &member).await[0];
    assert_eq!((&newest["kind"], &newest["points"]), (&json!("clawback"), &json!(-100)));
    assert_eq!(newest["balance_after"], -100);
    assert_eq!(newest["explanation"]["rule"]["debt"], 100);

    // pending points pay at once, too
    let second = order(&shop, &member, "A-2", 4000).await;
    assert_eq!((&second["earned"]["points"], &second["state"]), (&json!(40), &json!("open")));
    assert_eq!(balance(app, &member, fields).await, [0, 0, 60]);
    order(&shop, &member, "A-3", 10_000).await;
    assert_eq!(balance(app, &member, fields).await, [0, 40, 0]);
    // what came back for the voucher is free again
    shop.post(&format!("/v1/redemptions/{}/cancel", id(&redeemed)), json!({})).await.expect(200);
    assert_eq!(balance(app, &member, fields).await, [100, 40, 0]);
}

both!(points_that_come_back_pay_what_is_owed);
async fn points_that_come_back_pay_what_is_owed(app: &TestApp) {
    let shop = app.storefront().await;
    let (member, made, redeemed) = spent(app, &shop).await;
    refund(&shop, &made, "R-1", 5000).await.expect(201);
    assert_eq!(balance(app, &member, ["available", "debt"]).await, [0, 50]);
    shop.post(&format!("/v1/redemptions/{}/cancel", id(&redeemed)), json!({})).await.expect(200);
    assert_eq!(balance(app, &member, ["available", "debt"]).await, [50, 0]);
    let fields = ["lifetime_earned", "lifetime_redeemed"];
    assert_eq!(balance(app, &member, fields).await, [50, 0]);
}

both!(a_program_can_forgive_what_is_not_there);
async fn a_program_can_forgive_what_is_not_there(app: &TestApp) {
    let shop = app.storefront().await;
    app.settings(json!({"negative_policy": "clamp"})).await;
    let (member, made, _) = spent(app, &shop).await;
    app.give(&member, 30).await;
    let half = refund(&shop, &made, "R-1", 5000).await.expect(201);
    assert_eq!(
        (&half["state"], &half["refund"]["clawed_points"]),
        (&json!("partially_refunded"), &json!(50))
    );
    let newest = &entries(app, &member).await[0];
    assert_eq!((&newest["kind"], &newest["points"]), (&json!("clawback"), &json!(-30)));
    assert_eq!(newest["explanation"]["rule"]["forgiven"], 20);
    // the rest finds nothing at all: no entry, and the order is settled with
    let before = entries(app, &member).await.len();
    assert_eq!(refund(&shop, &made, "R-2", 5000).await.expect(201)["state"], "refunded");
    assert_eq!(entries(app, &member).await.len(), before);
    assert_eq!(balance(app, &member, ["available", "debt"]).await, [0, 0]);
    order(&shop, &member, "A-2", 4000).await;
    assert_eq!(balance(app, &member, ["pending", "debt"]).await, [40, 0]);
}

both!(a_refund_takes_its_own_points_first);
async fn a_refund_takes_its_own_points_first(app: &TestApp) {
    let shop = app.storefront().await;
    let member = app.enrol("Jón").await;
    app.give(&member, 50).await;
    let made = order(&shop, &member, "A-1", 10_000).await;
    refund(&shop, &made, "R-1", 4000).await.expect(201);
    assert_eq!(balance(app, &member, ["available", "pending"]).await, [50, 60]);

    app.travel_to("2026-12-05T12:00:00Z");
    let reward = app.reward(json!({"cost_points": 90})).await;
    redeem(&shop, &member, &reward).await;
    assert_eq!(balance(app, &member, ["available"]).await, [20]);
    let later = order(&shop, &member, "A-2", 1000).await;
    // 60 to take back: 20 available, then the 10 pending ones of another order, then debt
    refund(&shop, &made, "R-2", 6000).await.expect(201);
    assert_eq!(balance(app, &member, ["available", "pending", "debt"]).await, [0, 0, 30]);
    refund(&shop, &later, "R-1", 1000).await.expect(201);
    assert_eq!(balance(app, &member, ["available", "pending", "debt"]).await, [0, 0, 40]);
}

both!(what_has_expired_is_not_charged_again);
async fn what_has_expired_is_not_charged_again(app: &TestApp) {
    let shop = app.storefront().await;
    app.settings(json!({"expiry_months": 1})).await;
    let member = app.enrol("Jón").await;
    let made = order(&shop, &member, "A-1", 10_000).await;
    app.travel_to("2026-12-22T00:00:00Z");
    let fields = ["available", "debt", "lifetime_expired"];
    assert_eq!(balance(app, &member, fields).await, [0, 0, 100]);
    app.give(&member, 500).await;
    refund(&shop, &made, "R-1", 5000).await.expect(201);
    refund(&shop, &made, "R-2", 5000).await.expect(201);
    assert_eq!(balance(app, &member, fields).await, [500, 0, 100]);
}
