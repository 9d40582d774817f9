//! Rewards that hand out the codes of an uploaded list.

use serde_json::{Value, json};

use crate::{
    shop::{balance, code, id, offer, redeem, rich, stock},
    support::{
        app::{Client, Reply, TestApp},
        both::both,
    },
};

async fn upload(admin: &Client, reward: &str, list: impl Into<Vec<u8>>) -> Reply {
    let path = format!("/v1/rewards/{reward}/codes");
    let csv = [("content-type", "text/csv; charset=utf-8")];
    admin.send(reqwest::Method::POST, &path, &csv, Some(list.into())).await
}

fn told(answer: &Value) -> Vec<(i64, &str)> {
    let errors = answer["errors"].as_array().expect("errors");
    let told = errors.iter().map(|error| {
        assert!(error["message"].as_str().is_some_and(|message| message.len() > 5), "{error}");
        (error["line"].as_i64().expect("a line"), error["code"].as_str().expect("a code"))
    });
    told.collect()
}

both!(each_code_of_a_list_is_handed_out_once);
async fn each_code_of_a_list_is_handed_out_once(app: &TestApp) {
    let (shop, admin) = (app.storefront().await, app.admin().await);
    let member = rich(app, 1000).await;
    let reward = app.reward(json!({"stock": 500})).await;
    let counts = format!("/v1/rewards/{reward}/codes");
    let none = json!({"uploaded": 0, "handed_out": 0, "left": 0});
    assert_eq!(admin.get(&counts).await.expect(200), none);
    let list = json!({"codes": ["Gift-0001 ilo", "GIFT-0002", "gift.0002"]});
    let answer = admin.post(&counts, list.clone()).await.expect(200);
    assert_eq!((&answer["taken"], &answer["not_taken"]), (&json!(2), &json!(1)));
    assert_eq!(told(&answer), [(3, "duplicate")]);
    assert!(!answer.to_string().contains("GIFT"), "no answer shows a code: {answer}");
    assert_eq!(stock(app, &reward).await, 2);
    let shown = offer(&shop, &member, &reward).await.expect("live");
    assert_eq!((&shown["has_codes"], &shown["stock"]), (&json!(true), &json!(2)));

    let ask = json!({"member_id": member, "reward_id": reward, "quantity": 2});
    let reply = shop.post("/v1/redemptions", ask).await;
    assert_eq!(reply.pointer(), "/quantity");
    reply.refused(422, "invalid_request");
    let dry = json!({"member_id": member, "reward_id": reward});
    let said = shop.post("/v1/redemptions?dry_run=true", dry.clone()).await.expect(200);
    assert_eq!(said["voucher"]["code"], Value::Null);
    let first = redeem(&shop, &member, &reward).await;
    assert_eq!(code(&first), "Gift-0001 ilo", "as it was uploaded");
    let letters = app.deliver_mail().await;
    let has = |text: &str| {
        letters.iter().any(|letter| letter.text.as_deref().is_some_and(|all| all.contains(text)))
    };
    assert!(has("Gift-0001 ilo"));
    // typed as people type
    let typed = shop.get("/v1/vouchers/gift%200001%20110").await.expect(200);
    assert_eq!((&typed["code"], &typed["state"]), (&json!("Gift-0001 ilo"), &json!("live")));
    let second = redeem(&shop, &member, &reward).await;
    assert_eq!(code(&second), "GIFT-0002");
    shop.post("/v1/redemptions", dry.clone()).await.refused(409, "out_of_stock");
    shop.post("/v1/vouchers/GIFT-0002/use", json!({})).await.expect(200);

    // what was handed out never comes back
    shop.post(&format!("/v1/redemptions/{}/cancel", id(&first)), json!({})).await.expect(200);
    assert_eq!(balance(app, &member, ["available"]).await, [900]);
    assert_eq!(stock(app, &reward).await, 0);
    let all = json!({"uploaded": 2, "handed_out": 2, "left": 0});
    assert_eq!(admin.get(&counts).await.expect(200), all);
    let again = admin.post(&counts, list).await.expect(200);
    assert_eq!((&again["taken"], &again["left"]), (&json!(0), &json!(0)));
    assert_eq!(told(&again), [(1, "already_there"), (2, "already_there"), (3, "duplicate")]);
    shop.post("/v1/redemptions", dry).await.refused(409, "out_of_stock");
    // more come behind
    let more = upload(&admin, &reward, "GIFT-0003\n").await.expect(200);
    assert_eq!((&more["uploaded"], &more["left"]), (&json!(3), &json!(1)));
    assert_eq!(code(&redeem(&shop, &member, &reward).await), "GIFT-0003");
}

both!(what_is_wrong_with_a_list_is_told_by_line);
async fn what_is_wrong_with_a_list_is_told_by_line(app: &TestApp) {
    let (shop, admin) = (app.storefront().await, app.admin().await);
    let (reward, other) = (app.reward(json!({})).await, app.reward(json!({})).await);
    let drawn = code(&redeem(&shop, &rich(app, 100).await, &other).await);
    upload(&admin, &other, "TAKEN-0001").await.expect(200);
    let list = [
        b"\xef\xbb\xbfcode\r\nGIFT-0001\r\n\r\n\"GIFT-0002\"\r\ngift0001\r\nG\xc6FT-0003\r\n"
            .as_slice(),
        b"GIFT-0004,12\r\nabc\r\nTAKEN-0001\r\n",
        drawn.as_bytes(),
        b"\r\nK7Q0-1122-ZZ9A-M4XK2\r\nGIFT-0005",
    ]
    .concat();
    let answer = upload(&admin, &reward, list).await.expect(200);
    assert_eq!((&answer["taken"], &answer["not_taken"]), (&json!(3), &json!(8)));
    let expected = [
        (3, "blank"),
        (5, "duplicate"),
        (6, "not_utf8"),
        (7, "several_columns"),
        (8, "not_a_code"),
        (9, "taken"),
        (10, "taken"),
        (11, "ambiguous"),
    ];
    assert_eq!(told(&answer), expected);
    assert_eq!(stock(app, &reward).await, 3);
    for (body, pointer) in [("", "/codes"), ("code\n", "/codes"), ("\u{feff}", "/codes")] {
        let reply = upload(&admin, &reward, body).await;
        assert_eq!(reply.pointer(), pointer);
        reply.refused(422, "invalid_request");
    }
    upload(&admin, &reward, [0xff, 0xfe, b'A', 0]).await.refused(422, "invalid_request");
    let path = format!("/v1/rewards/{reward}/codes");
    for (body, pointer) in [
        (json!({"codes": [1]}), "/codes/0"),
        (json!({"codes": "A"}), "/codes"),
        (json!({}), "/codes"),
        (json!({"codes": [], "x": 1}), "/x"),
    ] {
        let reply = admin.post(&path, body).await;
        assert_eq!(reply.pointer(), pointer, "{}", reply.text);
        reply.refused(422, "invalid_request");
    }
    upload(&admin, &reward, vec![b'A'; 1024 * 1024 + 1]).await.refused(413, "body_too_large");
    // for what is no voucher there are none, and a list binds its reward
    let product = app.reward(json!({"kind": "product"})).await;
    upload(&admin, &product, "GIFT-0009").await.refused(422, "invalid_request");
    let path = format!("/v1/rewards/{reward}");
    for (change, pointer) in
        [(json!({"stock": 9}), "/stock"), (json!({"kind": "product"}), "/kind")]
    {
        let reply = admin.patch(&path, change).await;
        assert_eq!(reply.pointer(), pointer);
        reply.refused(422, "invalid_request");
    }
    admin.patch(&path, json!({"name": "Gift card"})).await.expect(200);
    assert_eq!(stock(app, &reward).await, 3);
}

both!(a_hundred_thousand_codes);
async fn a_hundred_thousand_codes(app: &TestApp) {
    let admin = app.admin().await;
    let reward = app.reward(json!({})).await;
    for part in 0..5 {
        let list: Vec<String> = (0..20_000).map(|n| format!("GIFT-{part}-{n:06}\n")).collect();
        let answer = upload(&admin, &reward, list.concat()).await.expect(200);
        assert_eq!((&answer["taken"], &answer["not_taken"]), (&json!(20_000), &json!(0)));
    }
    let list: Vec<String> = (0..20_000).map(|n| format!("GIFT-4-{n:06}\n\n")).collect();
    let answer = upload(&admin, &reward, list.concat()).await.expect(200);
    assert_eq!((&answer["taken"], &answer["not_taken"]), (&json!(0), &json!(40_000)));
    assert_eq!(answer["errors"].as_array().expect("errors").len(), 1000);
    assert_eq!(answer["left"], 100_000);
    let member = rich(app, 100).await;
    let redeemed = redeem(&app.storefront().await, &member, &reward).await;
    assert_eq!(code(&redeemed), "GIFT-0-000000");
}

both!(a_gift_has_a_code_of_the_list_too);
async fn a_gift_has_a_code_of_the_list_too(app: &TestApp) {
    let (admin, member) = (app.admin().await, app.enrol("Ari").await);
    let reward = app.reward(json!({})).await;
    let counts = format!("/v1/rewards/{reward}/codes");
    let codes = json!({"codes": ["GIFT-0001", "GIFT-0002", "GIFT-0003"]});
    admin.post(&counts, codes).await.expect(200);
    let perk = json!({
        "member_id": member, "kind": "reward", "reward_id": reward, "title": "Takk",
        "reason": "a kind word", "send_letter": false,
    });
    let given = admin.post("/v1/perks", perk).await.expect(201);
    let redemption = given["redemption_id"].as_str().expect("an id");
    let redemption = admin.get(&format!("/v1/redemptions/{redemption}")).await.expect(200);
    assert_eq!(code(&redemption), "GIFT-0001");
    let list = json!({
        "kind": "reward", "reward_id": reward, "title": "Takk", "reason": "a kind word",
        "send_letter": false, "members": [member],
    });
    let list = admin.post("/v1/perk-lists", list).await.expect(201);
    for _ in 0..200 {
        if admin.get(&format!("/v1/perk-lists/{}", id(&list))).await.expect(200)["state"] == "done"
        {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let told = json!({"uploaded": 3, "handed_out": 2, "left": 1});
    assert_eq!(admin.get(&counts).await.expect(200), told);
    assert_eq!(stock(app, &reward).await, 1);
}
