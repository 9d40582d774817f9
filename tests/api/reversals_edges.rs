//! Undoing what has expired, matured, been held, been owed or been anonymised meanwhile.

use diesel::prelude::*;
use platform::db::schema::idempotency_keys;
use serde_json::{Value, json};
use vildar::chores;

use crate::{
    reversals::{adds_up, earn, reversal_of, why},
    shop::{balance, entries, eur, hold, id, journal, lines, order, redeem, rich},
    support::{app::TestApp, both::both},
};

const FIELDS: [&str; 4] = ["available", "pending", "debt", "lifetime_expired"];

async fn adjust(app: &TestApp, member: &str, points: i64, more: Value) -> Value {
    let mut ask = json!({"kind": "adjust", "points": points, "reason": "a correction"});
    ask.as_object_mut().expect("fields").extend(more.as_object().expect("fields").clone());
    let path = format!("/v1/members/{member}/entries");
    app.admin().await.post(&path, ask).await.expect(201)
}

both!(points_that_went_return_to_their_lots_and_dates);
async fn points_that_went_return_to_their_lots_and_dates(app: &TestApp) {
    let member = app.enrol("Jón").await;
    adjust(app, &member, 40, json!({"expires_at": "2027-03-01T00:00:00Z"})).await;
    adjust(app, &member, 50, json!({"expires_at": "2027-01-01T00:00:00Z"})).await;
    adjust(app, &member, 60, json!({"expires_at": "2027-02-01T00:00:00Z"})).await;
    let before = app.balance(&member).await;
    let taken = adjust(app, &member, -130, json!({})).await;
    let expiring = app.balance(&member).await["expiring"].clone();
    assert_eq!(expiring, json!([{"points": 20, "expires_at": "2027-03-01T00:00:00Z"}]));
    let staff = app.admin().await;
    let reversal = staff.post(&reversal_of(&taken), why()).await.expect(201);
    assert_eq!((&reversal["points"], &reversal["balance_after"]), (&json!(130), &json!(150)));
    assert_eq!(
        reversal["explanation"]["text"],
        "Entry 4 was undone: 130 points are back, in entry 1 (20), entry 2 (50) and entry 3 (60)."
    );
    assert_eq!(app.balance(&member).await, before, "to the lot and to the day");
    assert_eq!(staff.post(&reversal_of(&taken), why()).await.expect(200), reversal);
    adds_up(app, &member).await;
}

both!(points_that_return_after_their_date_expire_at_once);
async fn points_that_return_after_their_date_expire_at_once(app: &TestApp) {
    let member = app.enrol("Jón").await;
    adjust(app, &member, 50, json!({"expires_at": "2026-12-01T00:00:00Z"})).await;
    adjust(app, &member, 60, json!({"expires_at": "2027-02-01T00:00:00Z"})).await;
    let taken = adjust(app, &member, -80, json!({})).await;
    app.travel_to("2026-12-24T18:00:00Z");
    chores::run_all(app.store()).await.expect("the sweep runs");
    assert_eq!(balance(app, &member, FIELDS).await, [30, 0, 0, 0]);
    let reversal = app.admin().await.post(&reversal_of(&taken), why()).await.expect(201);
    assert_eq!((&reversal["points"], &reversal["balance_after"]), (&json!(80), &json!(110)));
    assert_eq!(balance(app, &member, FIELDS).await, [60, 0, 0, 50]);
    let told = [("adjust", 50), ("adjust", 60), ("adjust", -80), ("reversal", 80), ("expire", -50)];
    assert_eq!(journal(app, &member).await, lines(&told));
    let expired = &entries(app, &member).await[0];
    assert_eq!(expired["occurred_at"], "2026-12-24T18:00:00Z", "not before it came back");
    assert_eq!(expired["balance_after"], 60);
    adds_up(app, &member).await;
}

both!(what_has_expired_of_an_earn_is_not_charged_again);
async fn what_has_expired_of_an_earn_is_not_charged_again(app: &TestApp) {
    let shop = app.storefront().await;
    let reward = app.reward(json!({"cost_points": 30})).await;
    let member = app.enrol("Jón").await;
    let given = adjust(app, &member, 100, json!({"expires_at": "2026-12-01T00:00:00Z"})).await;
    redeem(&shop, &member, &reward).await;
    adjust(app, &member, 500, json!({})).await;
    app.travel_to("2026-12-01T00:00:00Z");
    // 70 of it expire before anybody looks
    let reversal = app.admin().await.post(&reversal_of(&given), why()).await.expect(201);
    assert_eq!(reversal["points"], 0, "nothing of it is left");
    let told = [
        ("adjust", 100),
        ("redeem", -30),
        ("adjust", 500),
        ("expire", -70),
        ("reversal", 0),
        ("clawback", -30),
    ];
    assert_eq!(journal(app, &member).await, lines(&told), "what was spent is taken back");
    let clawback = &entries(app, &member).await[0]["explanation"]["text"];
    assert_eq!(clawback, "Entry 1 was undone: 30 points of it that had been used were taken back.");
    assert_eq!(balance(app, &member, FIELDS).await, [470, 0, 0, 70]);
    let again = app.admin().await.post(&reversal_of(&given), why()).await.expect(200);
    assert_eq!(again["id"], reversal["id"]);
    adds_up(app, &member).await;

    // all of it had expired
    let member = app.enrol("Ari").await;
    let given = adjust(app, &member, 100, json!({"expires_at": "2026-12-02T00:00:00Z"})).await;
    app.travel_to("2027-01-01T00:00:00Z");
    app.admin().await.post(&reversal_of(&given), why()).await.expect(201);
    let told = [("adjust", 100), ("expire", -100), ("reversal", 0)];
    assert_eq!(journal(app, &member).await, lines(&told));
    assert_eq!(balance(app, &member, FIELDS).await, [0, 0, 0, 100]);
    adds_up(app, &member).await;
}

both!(an_earn_that_was_spent_whole_is_owed);
async fn an_earn_that_was_spent_whole_is_owed(app: &TestApp) {
    let shop = app.storefront().await;
    app.settings(json!({"pending_days": 0})).await;
    let reward = app.reward(json!({"cost_points": 100, "kind": "product"})).await;
    let member = app.enrol("Jón").await;
    let earned = earn(&shop, &member, 100).await;
    let redeemed = redeem(&shop, &member, &reward).await;
    app.staff().await.post(&reversal_of(&earned), why()).await.expect(201);
    assert_eq!(balance(app, &member, FIELDS).await, [0, 0, 100, 0]);
    // the next points pay it, and so do points that come back
    earn(&shop, &member, 30).await;
    assert_eq!(balance(app, &member, FIELDS).await, [0, 0, 70, 0]);
    shop.post(&format!("/v1/redemptions/{}/cancel", id(&redeemed)), json!({})).await.expect(200);
    assert_eq!(balance(app, &member, FIELDS).await, [30, 0, 0, 0]);
    adds_up(app, &member).await;

    // forgiven: nothing is left to take, and nothing is owed
    app.settings(json!({"negative_policy": "clamp"})).await;
    let member = app.enrol("Ari").await;
    let earned = earn(&shop, &member, 100).await;
    redeem(&shop, &member, &reward).await;
    app.staff().await.post(&reversal_of(&earned), why()).await.expect(201);
    assert_eq!(balance(app, &member, FIELDS).await, [0, 0, 0, 0]);
    adds_up(app, &member).await;
}

both!(an_earn_that_paid_a_debt_is_owed_again);
async fn an_earn_that_paid_a_debt_is_owed_again(app: &TestApp) {
    let shop = app.storefront().await;
    app.settings(json!({"pending_days": 0})).await;
    let reward = app.reward(json!({"cost_points": 100})).await;
    let member = app.enrol("Jón").await;
    let bought = order(&shop, &member, "A-1", 10_000).await;
    redeem(&shop, &member, &reward).await;
    let refund = json!({"external_id": "R-1", "amount": eur(10_000)});
    shop.post(&format!("/v1/orders/{}/refunds", id(&bought)), refund).await.expect(201);
    let earned = earn(&shop, &member, 140).await;
    assert_eq!(balance(app, &member, FIELDS).await, [40, 0, 0, 0]);
    app.staff().await.post(&reversal_of(&earned), why()).await.expect(201);
    assert_eq!(balance(app, &member, FIELDS).await, [0, 0, 100, 0]);
    adds_up(app, &member).await;
}

both!(what_is_held_of_an_earn_stays_held);
async fn what_is_held_of_an_earn_stays_held(app: &TestApp) {
    let shop = app.storefront().await;
    app.settings(json!({"pending_days": 0})).await;
    let member = app.enrol("Jón").await;
    let earned = earn(&shop, &member, 100).await;
    let placed = hold(&shop, &member, "cart-1", 70).await;
    let reversal = app.staff().await.post(&reversal_of(&earned), why()).await.expect(201);
    assert_eq!(reversal["points"], -30);
    let fields = ["available", "held", "debt"];
    assert_eq!(balance(app, &member, fields).await, [0, 70, 70]);
    shop.post(&format!("/v1/holds/{}/release", id(&placed)), json!({})).await.expect(200);
    assert_eq!(balance(app, &member, fields).await, [0, 0, 0]);
    adds_up(app, &member).await;
}

both!(a_storefronts_lines_of_years_are_undone_in_any_order);
async fn a_storefronts_lines_of_years_are_undone_in_any_order(app: &TestApp) {
    let shop = app.storefront().await;
    app.settings(json!({"pending_days": 0})).await;
    let member = app.enrol("Jón").await;
    let first = earn(&shop, &member, 100).await;
    let down = adjust(app, &member, -60, json!({})).await;
    let second = earn(&shop, &member, 10).await;
    let staff = app.admin().await;
    for entry in [&first, &down, &second] {
        staff.post(&reversal_of(entry), why()).await.expect(201);
    }
    // 40 left and 60 were spent: 10 of the second, 50 owed, which the 60 that came back paid
    let told = [
        ("earn", 100),
        ("adjust", -60),
        ("earn", 10),
        ("reversal", -40),
        ("clawback", -60),
        ("reversal", 60),
        ("reversal", 0),
        ("clawback", -10),
    ];
    assert_eq!(journal(app, &member).await, lines(&told));
    assert_eq!(balance(app, &member, FIELDS).await, [0, 0, 0, 0]);
    adds_up(app, &member).await;
}

both!(an_erased_persons_reversal_is_forgotten_with_it);
async fn an_erased_persons_reversal_is_forgotten_with_it(app: &TestApp) {
    let shop = app.storefront().await;
    let member = rich(app, 10).await;
    let earned = earn(&shop, &member, 100).await;
    let names = json!({"reason": "Jón Jónsson asked for it"});
    let admin = app.admin().await;
    admin.post_keyed(&reversal_of(&earned), "k-1", names).await.expect(201);
    admin.delete(&format!("/v1/members/{member}")).await.expect(204);
    let kept: Vec<Vec<u8>> = app
        .store()
        .read(|tx| Ok(idempotency_keys::table.select(idempotency_keys::body).load(tx.conn)?))
        .await
        .expect("the answers");
    for body in kept {
        let body = String::from_utf8_lossy(&body).into_owned();
        assert!(!body.contains("Jónsson"), "{body}");
    }
    let listed = entries(app, &member).await;
    assert!(listed.iter().all(|entry| entry["reason"].is_null()), "{listed:#?}");
}
