//! What there is too little of for all who ask.

use serde_json::{Value, json};

use crate::crowd::{Crowd, raced, won_and_lost};

raced!(
    the_last_item,
    a_balance_that_covers_one,
    a_limit_of_one,
    a_limit_of_one_a_month,
    all_three_at_once,
    the_last_codes_of_a_list,
    two_lists_at_once,
    refunds_beyond_the_total
);

/// Members with points.
async fn members(crowd: &Crowd<'_>, count: usize, points: i64) -> Vec<String> {
    let mut members = Vec::new();
    for _ in 0..count {
        let member = crowd.app.enrol("Ari").await;
        crowd.app.give(&member, points).await;
        members.push(member);
    }
    members
}

fn redemptions(members: &[String], reward: &str) -> Vec<(String, Value)> {
    (0..50)
        .map(|turn| {
            let member = &members[turn % members.len()];
            let ask = json!({"member_id": member, "reward_id": reward});
            ("/v1/redemptions".to_owned(), ask)
        })
        .collect()
}

async fn stock(crowd: &Crowd<'_>, reward: &str) -> Value {
    let reward = crowd.app.admin().await.get(&format!("/v1/rewards/{reward}")).await.expect(200);
    reward["stock"].clone()
}

async fn spent(crowd: &Crowd<'_>, members: &[String]) -> i64 {
    let mut spent = 0;
    for member in members {
        let balance = crowd.app.balance(member).await;
        spent += balance["lifetime_redeemed"].as_i64().expect("points");
    }
    spent
}

async fn the_last_item(crowd: &Crowd<'_>) {
    let members = members(crowd, 10, 1000).await;
    let reward = crowd.app.reward(json!({"stock": 1})).await;
    let shop = crowd.app.storefront().await;
    let replies = crowd.post_all(&shop, redemptions(&members, &reward)).await;
    let (won, lost) = won_and_lost(replies, 201, &["out_of_stock"]);
    assert_eq!((won.len(), lost), (1, 49));
    assert_eq!(stock(crowd, &reward).await, 0);
    assert_eq!(spent(crowd, &members).await, 100);
}

async fn a_balance_that_covers_one(crowd: &Crowd<'_>) {
    let members = members(crowd, 1, 199).await;
    let reward = crowd.app.reward(json!({"stock": 100})).await;
    let shop = crowd.app.storefront().await;
    let replies = crowd.post_all(&shop, redemptions(&members, &reward)).await;
    let (won, lost) = won_and_lost(replies, 201, &["insufficient_points"]);
    assert_eq!((won.len(), lost), (1, 49));
    assert_eq!(stock(crowd, &reward).await, 99);
    assert_eq!(spent(crowd, &members).await, 100);
}

async fn a_limit_of_one(crowd: &Crowd<'_>) {
    let members = members(crowd, 1, 10_000).await;
    let reward = crowd.app.reward(json!({"stock": 100, "per_member_limit": 1})).await;
    let shop = crowd.app.storefront().await;
    let replies = crowd.post_all(&shop, redemptions(&members, &reward)).await;
    for reply in replies.iter().filter(|reply| reply.status != 201) {
        assert_eq!(reply.json["reasons"], json!([{"code": "limit_reached"}]), "{}", reply.text);
    }
    let (won, lost) = won_and_lost(replies, 201, &["reward_unavailable"]);
    assert_eq!((won.len(), lost), (1, 49));
    assert_eq!(stock(crowd, &reward).await, 99);
    assert_eq!(spent(crowd, &members).await, 100);
}

async fn a_limit_of_one_a_month(crowd: &Crowd<'_>) {
    let members = members(crowd, 1, 10_000).await;
    let reward = crowd.app.reward(json!({"stock": 100, "per_member_month_limit": 1})).await;
    let shop = crowd.app.storefront().await;
    let replies = crowd.post_all(&shop, redemptions(&members, &reward)).await;
    for reply in replies.iter().filter(|reply| reply.status != 201) {
        let reached = json!([{"code": "limit_reached", "limit": "month"}]);
        assert_eq!(reply.json["reasons"], reached, "{}", reply.text);
    }
    let (won, lost) = won_and_lost(replies, 201, &["reward_unavailable"]);
    assert_eq!((won.len(), lost), (1, 49));
    assert_eq!(spent(crowd, &members).await, 100);
}

async fn all_three_at_once(crowd: &Crowd<'_>) {
    let members = members(crowd, 5, 150).await;
    let reward = crowd.app.reward(json!({"stock": 1, "per_member_limit": 1})).await;
    let shop = crowd.app.storefront().await;
    let replies = crowd.post_all(&shop, redemptions(&members, &reward)).await;
    let codes = ["out_of_stock", "insufficient_points", "reward_unavailable"];
    let (won, lost) = won_and_lost(replies, 201, &codes);
    assert_eq!((won.len(), lost), (1, 49));
    assert_eq!(stock(crowd, &reward).await, 0);
    assert_eq!(spent(crowd, &members).await, 100);
}

/// 500 members at once, and seven codes.
async fn the_last_codes_of_a_list(crowd: &Crowd<'_>) {
    let members = members(crowd, 500, 100).await;
    let reward = crowd.app.reward(json!({})).await;
    let codes: Vec<String> = (0..7).map(|code| format!("GIFT-{code:04}")).collect();
    let path = format!("/v1/rewards/{reward}/codes");
    crowd.app.admin().await.post(&path, json!({"codes": codes})).await.expect(200);
    let shop = crowd.app.storefront().await;
    let asks = members.iter().map(|member| {
        let ask = json!({"member_id": member, "reward_id": reward});
        ("/v1/redemptions".to_owned(), ask)
    });
    let replies = crowd.post_all(&shop, asks.collect()).await;
    let busy = replies.iter().filter(|reply| reply.status == 503).count();
    let (won, lost) = won_and_lost(replies, 201, &["out_of_stock", "overloaded"]);
    assert!(won.len() == 7 && lost == 493 && busy < 493, "{} {lost} {busy}", won.len());
    let mut given: Vec<&str> =
        won.iter().map(|reply| reply.json["voucher"]["code"].as_str().expect("a code")).collect();
    given.sort_unstable();
    assert_eq!(given, codes, "each once");
    assert_eq!(stock(crowd, &reward).await, 0);
    assert_eq!(spent(crowd, &members).await, 700);
    let counts = crowd.app.admin().await.get(&path).await.expect(200);
    assert_eq!(counts, json!({"uploaded": 7, "handed_out": 7, "left": 0}));
}

/// The same codes for two rewards, while others redeem: each code is one reward's.
async fn two_lists_at_once(crowd: &Crowd<'_>) {
    let members = members(crowd, 10, 1000).await;
    let (first, second) = (crowd.app.reward(json!({})).await, crowd.app.reward(json!({})).await);
    let codes: Vec<String> = (0..200).map(|code| format!("GIFT-{code:04}")).collect();
    let admin = crowd.app.admin().await;
    for reward in [&first, &second] {
        let own = json!({"codes": [format!("OWN-{reward}")]});
        admin.post(&format!("/v1/rewards/{reward}/codes"), own).await.expect(200);
    }
    let uploads = (0..8).map(|turn| {
        let reward = if turn % 2 == 0 { &first } else { &second };
        (format!("/v1/rewards/{reward}/codes"), json!({"codes": codes}))
    });
    let shop = crowd.app.storefront().await;
    let (uploaded, redeemed) = tokio::join!(
        crowd.post_all(&admin, uploads.collect()),
        crowd.post_all(&shop, redemptions(&members, &first)),
    );
    let taken: i64 =
        uploaded.iter().map(|reply| reply.json["taken"].as_i64().expect("a number")).sum();
    assert_eq!(taken, 200);
    let (won, _) = won_and_lost(redeemed, 201, &["out_of_stock"]);
    let mut given: Vec<&str> =
        won.iter().map(|reply| reply.json["voucher"]["code"].as_str().expect("a code")).collect();
    given.sort_unstable();
    given.dedup();
    assert_eq!(given.len(), won.len(), "each once");
}

async fn refunds_beyond_the_total(crowd: &Crowd<'_>) {
    let member = crowd.app.enrol("Ari").await;
    let shop = crowd.app.storefront().await;
    let total = json!({"amount": 10_000, "currency": "EUR"});
    let order = json!({"external_id": "1", "member_id": member, "total": total});
    let order = shop.post("/v1/orders", order).await.expect(201);
    let path = format!("/v1/orders/{}", order["id"].as_str().expect("an id"));
    let refunds = (0..30)
        .map(|turn| {
            let amount = json!({"amount": 700, "currency": "EUR"});
            let ask = json!({"external_id": format!("r{turn}"), "amount": amount});
            (format!("{path}/refunds"), ask)
        })
        .collect();
    let replies = crowd.post_all(&shop, refunds).await;
    let codes = ["invalid_request", "invalid_transition"];
    let (won, lost) = won_and_lost(replies, 201, &codes);
    // 14 × 7.00 fit into 100.00
    assert_eq!((won.len(), lost), (14, 16));
    let clawed: i64 = won
        .iter()
        .map(|reply| reply.json["refund"]["clawed_points"].as_i64().expect("points"))
        .sum();
    assert_eq!(clawed, 98);
    let balance = crowd.app.balance(&member).await;
    assert_eq!((&balance["pending"], &balance["debt"]), (&json!(2), &json!(0)));
    assert_eq!(shop.get(&path).await.expect(200)["state"], "partially_refunded");
}
