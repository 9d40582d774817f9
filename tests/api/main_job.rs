//! The main job: enrol, earn, redeem, be thanked.

use serde_json::json;

use crate::support::{app::TestApp, both::both};

both!(enrol_earn_redeem_be_thanked);
async fn enrol_earn_redeem_be_thanked(app: &TestApp) {
    let shop = app.storefront().await;
    let member = shop
        .post(
            "/v1/members",
            json!({
                "email": "thordis@example.com", "given_name": "Þórdís",
                "family_name": "Ævarsdóttir", "locale": "is",
            }),
        )
        .await
        .expect(201);
    let id = member["id"].as_str().expect("an id");

    let order = json!({
        "external_id": "1001", "member_id": id, "total": {"amount": 19_999, "currency": "EUR"},
    });
    let order = shop.post("/v1/orders", order).await.expect(201);
    assert_eq!(order["earned"]["points"], 199);
    assert_eq!(order["state"], "open");
    let balance = app.balance(id).await;
    assert_eq!((&balance["available"], &balance["pending"]), (&json!(0), &json!(199)));

    app.travel_to("2026-12-05T12:00:00Z");
    let balance = app.balance(id).await;
    assert_eq!((&balance["available"], &balance["pending"]), (&json!(199), &json!(0)));

    let reward = app.reward(json!({})).await;
    let redeemed = shop
        .post("/v1/redemptions", json!({"member_id": id, "reward_id": reward}))
        .await
        .expect(201);
    assert_eq!(redeemed["state"], "fulfilled");
    assert_eq!(redeemed["points"], 100);
    let code = redeemed["voucher"]["code"].as_str().expect("a code");

    let letters = app.deliver_mail().await;
    let subjects: Vec<&str> = letters.iter().map(|mail| mail.subject.as_str()).collect();
    assert_eq!(letters.len(), 2, "{subjects:?}");
    // they go out side by side, and either can be there first
    let thanks = letters.iter().find(|mail| mail.inline("voucher-qr").is_some());
    let thanks = thanks.expect("the letter with the code");
    assert_eq!(thanks.from.name.as_deref(), Some("Kaffi Lóa"));
    assert_eq!(thanks.to[0].name.as_deref(), Some("Þórdís Ævarsdóttir"));
    assert!(thanks.html.as_deref().is_some_and(|html| html.contains("lang=\"is\"")));
    let text = thanks.text.as_deref().expect("a text part");
    assert!(text.contains("Þórdís"), "{text}");
    assert!(text.replace('-', "").contains(&code.replace('-', "")), "{text}");

    let used = shop.post(&format!("/v1/vouchers/{code}/use"), json!({"channel": "till"})).await;
    used.expect(200);
    let again = shop.post(&format!("/v1/vouchers/{code}/use"), json!({"channel": "till"})).await;
    let problem = again.refused(409, "voucher_used");
    assert_eq!(problem["channel"], "till");
}
