//! A database in which everything that can happen to points has happened.

use std::time::Duration;

use serde_json::{Value, json};
use vildar::chores;

use crate::support::app::{Client, TestApp};

fn id(made: &Value) -> &str {
    made["id"].as_str().expect("an id")
}

fn eur(amount: i64) -> Value {
    json!({"amount": amount, "currency": "EUR"})
}

const DAY: Duration = Duration::from_hours(24);

pub async fn fill(app: &TestApp) {
    let shop = app.storefront().await;
    let reward = app.reward(json!({})).await;
    for name in ["Anna", "Bo"] {
        let member = app.enrol(name).await;
        let order = order(&shop, &member, name, 50_000, json!({})).await;
        app.give(&member, 300).await;
        let ask = json!({"member_id": member, "reward_id": reward});
        shop.post("/v1/redemptions", ask).await.expect(201);
        if name == "Bo" {
            // he spends all, then returns what he bought: a debt
            app.travel(DAY * 20);
            let all = json!({"member_id": member, "reward_id": reward, "quantity": 7});
            app.storefront().await.post("/v1/redemptions", all).await.expect(201);
            refund(&shop, &order, "r", 50_000).await;
            assert_eq!(app.balance(&member).await["debt"], 500);
        } else {
            let hold = json!({"points": 30, "order_ref": "cart", "ttl_seconds": 86_400 * 30});
            shop.post(&format!("/v1/members/{member}/holds"), hold).await.expect(201);
            app.enrol("Carl").await;
        }
    }
    let last = app.enrol("Dora").await;
    order(&shop, &last, "Dora", 10_000, json!({})).await;
    let eva = app.enrol("Eva").await;
    app.settings(json!({"transfers_enabled": true})).await;
    orders(app, &eva).await;
    redemptions(app, &eva, &reward).await;
    holds(app, &eva, &reward).await;
    transfer(app, &eva, &last).await;
    by_hand(app).await;
    perks(app, &reward).await;
    lists(app, &reward).await;
    // nobody fulfilled one of them
    app.travel(DAY * 4);
    chores::run_all(app.store()).await.expect("the sweep runs");
}

async fn order(shop: &Client, member: &str, name: &str, amount: i64, more: Value) -> Value {
    let mut order = json!({"external_id": name, "member_id": member, "total": eur(amount)});
    for (field, value) in more.as_object().expect("fields") {
        order[field] = value.clone();
    }
    shop.post("/v1/orders", order).await.expect(201)
}

async fn refund(shop: &Client, order: &Value, name: &str, amount: i64) {
    let ask = json!({"external_id": name, "amount": eur(amount)});
    shop.post(&format!("/v1/orders/{}/refunds", id(order)), ask).await.expect(201);
}

/// Refunded in parts, cancelled, too small to earn; and one whose points had expired.
async fn orders(app: &TestApp, member: &str) {
    let shop = app.storefront().await;
    let lines = json!([{"sku": "tea", "quantity": 2}]);
    let parts = order(&shop, member, "parts", 20_000, json!({"lines": lines, "channel": "web"}));
    let parts = parts.await;
    refund(&shop, &parts, "one", 3_333).await;
    refund(&shop, &parts, "two", 1_000).await;
    let cancelled = order(&shop, member, "cancelled", 10_000, json!({})).await;
    shop.post(&format!("/v1/orders/{}/cancel", id(&cancelled)), json!({})).await.expect(200);
    order(&shop, member, "small", 50, json!({})).await;
    let dated = json!({"placed_at": "2026-11-01T12:00:00Z"});
    order(&shop, member, "small of old", 60, dated).await;
    let dated = json!({"placed_at": "2020-11-01T12:00:00Z", "channel": "till"});
    let old = order(&shop, member, "old", 7_000, dated).await;
    refund(&shop, &old, "three", 3_000).await;
}

/// Of each state, with and without a voucher.
async fn redemptions(app: &TestApp, member: &str, voucher: &str) {
    let (shop, admin) = (app.storefront().await, app.admin().await);
    app.give(member, 3000).await;
    let product = json!({"kind": "product", "name": "Mug", "cost_points": 50, "stock": 40});
    let product = app.reward(product).await;
    let redeem = async |reward: &str| {
        let ask = json!({"member_id": member, "reward_id": reward, "quantity": 2});
        shop.post("/v1/redemptions", ask).await.expect(201)
    };
    let (used, cancelled) = (redeem(voucher).await, redeem(voucher).await);
    redeem(voucher).await;
    let code = used["voucher"]["code"].as_str().expect("a code");
    let till = json!({"channel": "till", "location": "Laugavegur 1"});
    shop.post(&format!("/v1/vouchers/{code}/use"), till).await.expect(200);
    let (handed, back, _waiting) =
        (redeem(&product).await, redeem(&product).await, redeem(&product).await);
    let fulfilled = redeem(&product).await;
    for one in [&handed, &fulfilled] {
        let path = format!("/v1/redemptions/{}/fulfil", id(one));
        shop.post(&path, json!({})).await.expect(200);
    }
    for one in [&cancelled, &handed, &back] {
        let path = format!("/v1/redemptions/{}/cancel", id(one));
        admin.post(&path, json!({"reason": "broken"})).await.expect(200);
    }
}

/// A code of a list, and a redemption of which a part was cancelled.
async fn lists(app: &TestApp, voucher: &str) {
    let (shop, admin) = (app.storefront().await, app.admin().await);
    let member = app.enrol("Finn").await;
    app.give(&member, 500).await;
    let three = json!({"member_id": member, "reward_id": voucher, "quantity": 3});
    let three = shop.post("/v1/redemptions", three).await.expect(201);
    let path = format!("/v1/redemptions/{}/cancel", id(&three));
    shop.post(&path, json!({"quantity": 1})).await.expect(200);
    let card = app.reward(json!({"name": "Gift card", "cost_points": 50})).await;
    let codes = json!({"codes": ["GIFT-0001", "GIFT-0002"]});
    admin.post(&format!("/v1/rewards/{card}/codes"), codes).await.expect(200);
    let ask = json!({"member_id": member, "reward_id": card});
    shop.post("/v1/redemptions", ask).await.expect(201);
}

/// Captured in part, released, and taken by a redemption.
async fn holds(app: &TestApp, member: &str, reward: &str) {
    let shop = app.storefront().await;
    let hold = async |points: i64, order: &str| {
        let ask = json!({"points": points, "order_ref": order, "ttl_seconds": 86_400});
        shop.post(&format!("/v1/members/{member}/holds"), ask).await.expect(201)
    };
    let captured = hold(30, "one").await;
    let capture = format!("/v1/holds/{}/capture", id(&captured));
    shop.post(&capture, json!({"points": 10})).await.expect(200);
    let released = hold(40, "two").await;
    shop.post(&format!("/v1/holds/{}/release", id(&released)), json!({})).await.expect(200);
    hold(50, "three").await;
    let ask = json!({"member_id": member, "reward_id": reward, "order_ref": "three"});
    shop.post("/v1/redemptions", ask).await.expect(201);
}

/// Of points with two dates.
async fn transfer(app: &TestApp, from: &str, to: &str) {
    let admin = app.admin().await;
    let gift = json!({
        "kind": "adjust", "points": 60, "reason": "a gift", "expires_at": "2027-01-01T00:00:00Z",
    });
    admin.post(&format!("/v1/members/{from}/entries"), gift).await.expect(201);
    let ask = json!({"to_member_id": to, "points": 200, "reason": "Happy birthday"});
    admin.post(&format!("/v1/members/{from}/transfers"), ask).await.expect(201);
}

/// Given and taken, and both undone; of one given, a part was spent.
async fn by_hand(app: &TestApp) {
    let (shop, admin) = (app.storefront().await, app.admin().await);
    let member = app.enrol("Finn").await;
    let path = format!("/v1/members/{member}/entries");
    let earn = json!({
        "kind": "earn", "points": 80, "reason": "a visit", "occurred_at": "2026-11-20T12:00:00Z",
        "available_at": "2026-11-21T12:00:00Z", "source": {"type": "visit", "id": "v-1"},
    });
    let earned = shop.post(&path, earn).await.expect(201);
    let take = json!({"kind": "adjust", "points": -30, "reason": "a mistake"});
    admin.post(&path, take).await.expect(201);
    let take = json!({"kind": "adjust", "points": -20, "reason": "another mistake"});
    let taken = admin.post(&path, take).await.expect(201);
    for entry in [&taken, &earned] {
        let reverse = format!("/v1/entries/{}/reverse", id(entry));
        admin.post(&reverse, json!({"reason": "posted to the wrong member"})).await.expect(201);
    }
    assert_eq!(app.balance(&member).await["debt"], 30);
    let gift = json!({"kind": "adjust", "points": 5, "reason": "sorry"});
    admin.post(&path, gift).await.expect(201);
}

/// Points and rewards given, and some of both taken back; one waits, one was declined.
async fn perks(app: &TestApp, reward: &str) {
    let (shop, staff, admin) = (app.storefront().await, app.staff().await, app.admin().await);
    let member = app.enrol("Gunna").await;
    let give = async |by: &Client, kind: &str, field: &str, value: Value| {
        let mut ask = json!({
            "member_id": member, "kind": kind, "title": "Thanks", "reason": "a kind word",
            "send_letter": true,
        });
        ask[field] = value;
        by.post("/v1/perks", ask).await.expect(201)
    };
    let spent = give(&admin, "points", "points", json!(150)).await;
    let ask = json!({"member_id": member, "reward_id": reward});
    shop.post("/v1/redemptions", ask).await.expect(201);
    let coffee = give(&staff, "reward", "reward_id", json!(reward)).await;
    for perk in [&spent, &coffee] {
        let path = format!("/v1/perks/{}/revoke", id(perk));
        staff.post(&path, json!({"reason": "a mistake"})).await.expect(200);
    }
    give(&staff, "reward", "reward_id", json!(reward)).await;
    give(&staff, "points", "points", json!(40)).await;
    give(&staff, "points", "points", json!(600)).await;
    let much = give(&staff, "points", "points", json!(700)).await;
    let path = format!("/v1/perks/{}/decline", id(&much));
    admin.post(&path, json!({"reason": "too much"})).await.expect(200);
}
