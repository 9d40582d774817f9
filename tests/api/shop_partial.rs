//! A part of a redemption's quantity is cancelled: its share comes back, the rest stays good.

use serde_json::{Value, json};

use crate::{
    shop::{balance, code, entries, id, rich, stock},
    support::{app::TestApp, both::both},
};

/// Three units of a reward, bought by the storefront.
async fn three(app: &TestApp, reward: &str) -> (String, Value) {
    let member = rich(app, 1000).await;
    let ask = json!({"member_id": member, "reward_id": reward, "quantity": 3});
    let redeemed = app.storefront().await.post("/v1/redemptions", ask).await;
    (member, redeemed.expect(201))
}

both!(a_part_comes_back_and_the_voucher_stays_good_for_the_rest);
async fn a_part_comes_back_and_the_voucher_stays_good_for_the_rest(app: &TestApp) {
    let (shop, staff) = (app.storefront().await, app.staff().await);
    let reward = app.reward(json!({"cost_points": 33, "stock": 10, "per_member_limit": 3})).await;
    let (member, redeemed) = three(app, &reward).await;
    assert_eq!(redeemed["cancelled_quantity"], 0);
    app.deliver_mail().await;
    let path = format!("/v1/redemptions/{}/cancel", id(&redeemed));
    let one = json!({"quantity": 1, "reason": "one was too many"});
    let after = staff.post_keyed(&path, "once", one.clone()).await.expect(200);
    assert_eq!(
        [&after["state"], &after["quantity"], &after["cancelled_quantity"], &after["points"]],
        [&json!("fulfilled"), &json!(3), &json!(1), &json!(99)]
    );
    assert_eq!(after["cancelled_at"], Value::Null);
    // the same again is the same
    let again = staff.post_keyed(&path, "once", one.clone()).await;
    assert_eq!(again.header("idempotent-replayed").as_deref(), Some("true"));
    assert_eq!(again.expect(200), after);
    assert_eq!(balance(app, &member, ["available", "lifetime_redeemed"]).await, [934, 66]);
    assert_eq!(stock(app, &reward).await, 8);
    let letters = app.deliver_mail().await;
    let [letter] = &*letters else { panic!("{letters:?}") };
    let text = letter.text.as_deref().unwrap_or_default();
    assert!(text.contains("33 points back"), "{text}");
    assert!(text.contains("The other 2 are still yours"), "{text}");
    // there is room for one under the limit again
    let more = json!({"member_id": member, "reward_id": reward, "quantity": 2});
    shop.post("/v1/redemptions", more).await.refused(409, "reward_unavailable");
    let another = json!({"member_id": member, "reward_id": reward});
    shop.post("/v1/redemptions", another).await.expect(201);

    let used = shop.post(&format!("/v1/vouchers/{}/use", code(&redeemed)), json!({})).await;
    let used = used.expect(200);
    assert_eq!(used["redemption"]["cancelled_quantity"], 1);
    staff.post(&path, one).await.refused(409, "invalid_transition");
}

both!(all_parts_add_up_to_the_whole);
async fn all_parts_add_up_to_the_whole(app: &TestApp) {
    let staff = app.staff().await;
    let reward = app.reward(json!({"cost_points": 33, "stock": 3})).await;
    let (member, redeemed) = three(app, &reward).await;
    let path = format!("/v1/redemptions/{}/cancel", id(&redeemed));
    let part = |quantity: i64| json!({"quantity": quantity, "reason": "less"});
    for (odd, status) in [(json!(0), 422), (json!(4), 422), (json!("1"), 422), (json!(101), 422)] {
        let reply = staff.post(&path, json!({"quantity": odd, "reason": "less"})).await;
        assert_eq!(reply.pointer(), "/quantity", "{}", reply.text);
        reply.refused(status, "invalid_request");
    }
    staff.post(&path, part(1)).await.expect(200);
    let reply = staff.post(&path, part(3)).await;
    assert_eq!(reply.pointer(), "/quantity");
    reply.refused(422, "invalid_request");
    staff.post(&path, part(1)).await.expect(200);
    let done = staff.post(&path, part(1)).await.expect(200);
    assert_eq!((&done["state"], &done["cancelled_quantity"]), (&json!("cancelled"), &json!(3)));
    assert_eq!(staff.post(&path, part(1)).await.expect(200), done, "it is over");
    assert_eq!(balance(app, &member, ["available", "lifetime_redeemed"]).await, [1000, 0]);
    assert_eq!(stock(app, &reward).await, 3);
    let back = entries(app, &member).await;
    let back: Vec<&Value> = back.iter().filter(|entry| entry["kind"] == "reversal").collect();
    assert_eq!(back.len(), 3);
    assert!(back.iter().all(|entry| entry["points"] == 33), "{back:?}");
    let void = staff.get(&format!("/v1/vouchers/{}", code(&redeemed))).await.expect(200);
    assert_eq!(void["state"], "void");
}

both!(what_lasts_longest_comes_back_first);
async fn what_lasts_longest_comes_back_first(app: &TestApp) {
    let shop = app.storefront().await;
    let member = app.enrol("Anna").await;
    for end in ["2027-03-01T00:00:00Z", "2027-01-01T00:00:00Z"] {
        let credit = json!({
            "kind": "earn", "points": 100, "reason": "a gift", "expires_at": end,
            "available_at": "2026-11-21T12:00:00Z",
        });
        shop.post(&format!("/v1/members/{member}/entries"), credit).await.expect(201);
    }
    let reward = app.reward(json!({"cost_points": 50})).await;
    let ask = json!({"member_id": member, "reward_id": reward, "quantity": 3});
    let redeemed = shop.post("/v1/redemptions", ask).await.expect(201);
    let path = format!("/v1/redemptions/{}/cancel", id(&redeemed));
    shop.post(&path, json!({"quantity": 2})).await.expect(200);
    let expiring = app.balance(&member).await["expiring"].clone();
    assert_eq!(
        expiring,
        json!([
            {"points": 50, "expires_at": "2027-01-01T00:00:00Z"},
            {"points": 100, "expires_at": "2027-03-01T00:00:00Z"},
        ])
    );
}

both!(what_expires_gives_back_what_was_left);
async fn what_expires_gives_back_what_was_left(app: &TestApp) {
    let shop = app.storefront().await;
    let reward = app.reward(json!({"kind": "product", "stock": 3})).await;
    let (id_of, redeemed) = three(app, &reward).await;
    let member = app.member(&id_of).await;
    let path = format!("/v1/redemptions/{}/cancel", id(&redeemed));
    let after = member.post(&path, json!({"quantity": 1})).await.expect(200);
    assert_eq!((&after["state"], &after["cancelled_quantity"]), (&json!("placed"), &json!(1)));
    app.travel_to("2026-11-24T12:00:00Z");
    let over = shop.get(&format!("/v1/redemptions/{}", id(&redeemed))).await.expect(200);
    assert_eq!((&over["state"], &over["cancelled_quantity"]), (&json!("expired"), &json!(1)));
    assert_eq!(balance(app, &id_of, ["available"]).await, [1000]);
    assert_eq!(stock(app, &reward).await, 3);
}
