//! Redemptions and the points that are held for them.

use serde_json::{Value, json};

use crate::{
    shop::{balance, codes, entries, eur, hold, id, order, rich, stock},
    support::{
        app::{Client, TestApp},
        both::both,
    },
};

const FIELDS: [&str; 3] = ["available", "held", "lifetime_redeemed"];

fn ask(member: &str, reward: &str, order_ref: &str) -> Value {
    json!({"member_id": member, "reward_id": reward, "order_ref": order_ref})
}

async fn read(shop: &Client, hold: &Value) -> Value {
    shop.get(&format!("/v1/holds/{}", id(hold))).await.expect(200)
}

both!(an_orders_own_hold_never_blocks_it);
async fn an_orders_own_hold_never_blocks_it(app: &TestApp) {
    let shop = app.storefront().await;
    let member = rich(app, 300).await;
    let reward = app.reward(json!({"cost_points": 100})).await;
    let placed = hold(&shop, &member, "cart-1", 300).await;
    assert_eq!(balance(app, &member, FIELDS).await, [0, 300, 0]);
    // to everyone else those points are not there
    let plain = json!({"member_id": member, "reward_id": reward});
    for other in [plain, ask(&member, &reward, "cart-2"), ask(&member, &reward, "CART-1")] {
        let problem = shop.post("/v1/redemptions", other).await;
        assert_eq!(problem.refused(409, "insufficient_points")["shortfall"], 100);
    }
    let own = ask(&member, &reward, "cart-1");
    let dry = shop.post("/v1/redemptions?dry_run=true", own.clone()).await.expect(200);
    assert_eq!((&dry["points"], &dry["id"]), (&json!(100), &json!(null)));
    assert_eq!(read(&shop, &placed).await, placed, "a dry run changes nothing");

    let redeemed = shop.post("/v1/redemptions", own.clone()).await.expect(201);
    assert_eq!(redeemed["points"], 100);
    let used = read(&shop, &placed).await;
    assert_eq!(
        (&used["state"], &used["captured_points"], &used["entry_seq"]),
        (&json!("captured"), &json!(100), &json!(2))
    );
    assert_eq!(balance(app, &member, FIELDS).await, [200, 0, 100], "the rest is back");
    let entry = &entries(app, &member).await[0];
    assert_eq!(entry["source"], json!({"type": "redemption", "id": redeemed["id"]}));
    // what was used can't be given back by the hold, nor captured: a till that asks for it must not
    // be told that it has the points
    let path = format!("/v1/holds/{}", id(&placed));
    shop.post(&format!("{path}/release"), json!({})).await.refused(409, "invalid_transition");
    for ask in [json!({}), json!({"points": 100}), json!({"points": 300})] {
        shop.post(&format!("{path}/capture"), ask).await.refused(409, "source_conflict");
    }
    assert_eq!(read(&shop, &placed).await, used);
    assert_eq!(balance(app, &member, FIELDS).await, [200, 0, 100]);

    // a repeat answers the first, and leaves a new hold of that order alone
    let again = hold(&shop, &member, "cart-1", 150).await;
    assert_eq!(shop.post("/v1/redemptions", own).await.expect(200), redeemed);
    assert_eq!(read(&shop, &again).await, again);
    shop.post(&format!("/v1/redemptions/{}/cancel", id(&redeemed)), json!({})).await.expect(200);
    assert_eq!(balance(app, &member, FIELDS).await, [150, 150, 0]);
}

both!(a_redemption_takes_what_is_held_first_and_then_the_rest);
async fn a_redemption_takes_what_is_held_first_and_then_the_rest(app: &TestApp) {
    let shop = app.storefront().await;
    let member = rich(app, 80).await;
    let reward = app.reward(json!({"cost_points": 100, "stock": 5})).await;
    let placed = hold(&shop, &member, "cart-1", 60).await;
    for (order_ref, shortfall) in [("cart-2", 80), ("cart-1", 20)] {
        let problem = shop.post("/v1/redemptions", ask(&member, &reward, order_ref)).await;
        let problem = problem.refused(409, "insufficient_points");
        assert_eq!(problem["shortfall"], shortfall, "{order_ref}");
    }
    assert_eq!(read(&shop, &placed).await, placed, "a refusal leaves it alone");
    assert_eq!(stock(app, &reward).await, 5);
    app.give(&member, 25).await;
    let redeemed = shop.post("/v1/redemptions", ask(&member, &reward, "cart-1")).await.expect(201);
    assert_eq!(balance(app, &member, FIELDS).await, [5, 0, 100]);
    let used = read(&shop, &placed).await;
    assert_eq!((&used["state"], &used["captured_points"]), (&json!("captured"), &json!(60)));
    assert_eq!(used["entry_seq"], entries(app, &member).await[0]["seq"]);
    // undone, it is all back
    shop.post(&format!("/v1/redemptions/{}/cancel", id(&redeemed)), json!({})).await.expect(200);
    assert_eq!(balance(app, &member, FIELDS).await, [105, 0, 0]);
    assert_eq!(read(&shop, &placed).await, used);
}

both!(what_hinders_besides_counts_what_is_held);
async fn what_hinders_besides_counts_what_is_held(app: &TestApp) {
    let shop = app.storefront().await;
    let member = rich(app, 200).await;
    let reward = app.reward(json!({"cost_points": 100, "per_member_limit": 1})).await;
    shop.post("/v1/redemptions", ask(&member, &reward, "cart-0")).await.expect(201);
    let placed = hold(&shop, &member, "cart-1", 100).await;
    for (order_ref, reasons) in [
        ("cart-1", vec!["limit_reached"]),
        ("cart-2", vec!["insufficient_points", "limit_reached"]),
    ] {
        let problem = shop.post("/v1/redemptions", ask(&member, &reward, order_ref)).await;
        let problem = problem.refused(409, "reward_unavailable");
        let mut told = codes(&problem["reasons"]);
        told.sort_unstable();
        assert_eq!(told, reasons, "{order_ref}");
    }
    assert_eq!(read(&shop, &placed).await, placed);
}

both!(a_hold_that_is_over_covers_nothing);
async fn a_hold_that_is_over_covers_nothing(app: &TestApp) {
    let shop = app.storefront().await;
    let member = app.enrol("Jón").await;
    let gift = json!({
        "kind": "adjust", "points": 100, "reason": "a gift", "expires_at": "2026-11-21T12:10:00Z",
    });
    let path = format!("/v1/members/{member}/entries");
    app.admin().await.post(&path, gift).await.expect(201);
    let reward = app.reward(json!({"cost_points": 100})).await;
    let placed = hold(&shop, &member, "cart-1", 100).await;
    // held, they outlive their date, and may be spent
    app.travel_to("2026-11-21T12:29:59Z");
    let dry = ask(&member, &reward, "cart-1");
    shop.post("/v1/redemptions?dry_run=true", dry.clone()).await.expect(200);
    app.travel_to("2026-11-21T12:30:00Z");
    let problem = shop.post("/v1/redemptions", dry).await.refused(409, "insufficient_points");
    assert_eq!(problem["shortfall"], 100);
    assert_eq!(read(&shop, &placed).await["state"], "expired");
    assert_eq!(balance(app, &member, FIELDS).await, [0, 0, 0]);
    let gone = &entries(app, &member).await[0];
    assert_eq!(
        (&gone["kind"], &gone["points"], &gone["occurred_at"]),
        (&json!("expire"), &json!(-100), &json!("2026-11-21T12:30:00Z"))
    );
}

both!(several_rewards_share_an_orders_hold);
async fn several_rewards_share_an_orders_hold(app: &TestApp) {
    let shop = app.storefront().await;
    let member = rich(app, 100).await;
    let (cup, tea) = (
        app.reward(json!({"cost_points": 60, "name": "Cup"})).await,
        app.reward(json!({"cost_points": 40, "name": "Tea"})).await,
    );
    hold(&shop, &member, "cart-1", 100).await;
    shop.post("/v1/redemptions", ask(&member, &cup, "cart-1")).await.expect(201);
    assert_eq!(balance(app, &member, FIELDS).await, [40, 0, 60], "the first one ends the hold");
    shop.post("/v1/redemptions", ask(&member, &tea, "cart-1")).await.expect(201);
    assert_eq!(balance(app, &member, FIELDS).await, [0, 0, 100]);
}

// The customer knows the order's number. What the shop set aside for it is the shop's to take.
both!(a_member_does_not_get_at_what_is_held_for_an_order);
async fn a_member_does_not_get_at_what_is_held_for_an_order(app: &TestApp) {
    let shop = app.storefront().await;
    let member = rich(app, 100).await;
    let reward = app.reward(json!({"cost_points": 50})).await;
    let placed = hold(&shop, &member, "order-77", 80).await;
    let own = app.member(&member).await;
    for query in ["", "?dry_run=true"] {
        let path = format!("/v1/redemptions{query}");
        own.post(&path, ask(&member, &reward, "order-77")).await.refused(409, "source_conflict");
    }
    assert_eq!(read(&shop, &placed).await, placed);
    assert_eq!(balance(app, &member, FIELDS).await, [20, 80, 0]);
    // by another number the points are short; the shop gets what it set aside
    let other = own.post("/v1/redemptions", ask(&member, &reward, "order-78")).await;
    assert_eq!(other.refused(409, "insufficient_points")["shortfall"], 30);
    let path = format!("/v1/holds/{}/capture", id(&placed));
    let captured = shop.post(&path, json!({"points": 80})).await.expect(200);
    assert_eq!(captured["captured_points"], 80);
    assert_eq!(balance(app, &member, FIELDS).await, [20, 0, 80]);
    // with the hold gone, the number is a number like any other
    let cheap = app.reward(json!({"cost_points": 20})).await;
    own.post("/v1/redemptions", ask(&member, &cheap, "order-77")).await.expect(201);
}

// Somebody who guesses the next order's number must not have its reward redeemed, and used, before
// the shop does it for the order.
both!(what_a_member_redeemed_is_no_repeat_for_the_shop);
async fn what_a_member_redeemed_is_no_repeat_for_the_shop(app: &TestApp) {
    let shop = app.storefront().await;
    let member = rich(app, 300).await;
    let reward = app.reward(json!({"cost_points": 50})).await;
    let own = app.member(&member).await;
    let mine = own.post("/v1/redemptions", ask(&member, &reward, "order-79")).await.expect(201);
    for other in [&shop, &app.staff().await] {
        let again = other.post("/v1/redemptions", ask(&member, &reward, "order-79")).await;
        again.refused(409, "source_conflict");
    }
    let again = own.post("/v1/redemptions", ask(&member, &reward, "order-79")).await;
    assert_eq!(again.expect(200), mine);
    // and the other way round; the shop's other keys are the shop
    let its = shop.post("/v1/redemptions", ask(&member, &reward, "order-80")).await.expect(201);
    let again = own.post("/v1/redemptions", ask(&member, &reward, "order-80")).await;
    again.refused(409, "source_conflict");
    let till = app.storefront().await;
    let again = till.post("/v1/redemptions", ask(&member, &reward, "order-80")).await;
    assert_eq!(again.expect(200), its);
}

// A refund under `clamp` while points are held, and the hold captured.
both!(what_is_owed_for_held_points_is_waived_once_they_are_captured);
async fn what_is_owed_for_held_points_is_waived_once_they_are_captured(app: &TestApp) {
    let shop = app.storefront().await;
    app.settings(json!({"negative_policy": "clamp", "pending_days": 0})).await;
    let member = app.enrol("Jón").await;
    let bought = order(&shop, &member, "A-1", 10_000).await;
    let placed = hold(&shop, &member, "cart-1", 60).await;
    let refund = json!({"external_id": "R-1", "amount": eur(10_000)});
    shop.post(&format!("/v1/orders/{}/refunds", id(&bought)), refund).await.expect(201);
    let fields = ["available", "held", "debt", "lifetime_earned"];
    assert_eq!(balance(app, &member, fields).await, [0, 60, 60, 0]);
    let path = format!("/v1/holds/{}/capture", id(&placed));
    shop.post(&path, json!({})).await.expect(200);
    assert_eq!(balance(app, &member, fields).await, [0, 0, 0, 60]);
    let told = &entries(app, &member).await[0];
    assert_eq!((&told["kind"], &told["points"]), (&json!("reversal"), &json!(60)));
    assert_eq!(told["source"], json!({"type": "hold", "id": placed["id"]}));
    assert_eq!(
        told["explanation"]["text"],
        "The points held for an order were used: 60 points that entry 2 had left owing are waived."
    );
    order(&shop, &member, "A-2", 5000).await;
    assert_eq!(balance(app, &member, fields).await, [50, 0, 0, 110]);
}
