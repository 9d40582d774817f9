//! Holds, transfers and reversals that are asked for at the same moment.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::{
    crowd::{Crowd, raced, won_and_lost},
    support::app::{Client, Reply},
};

raced!(
    two_hundred_on_one_balance,
    one_key_on_each_lane,
    to_and_fro,
    in_a_ring,
    one_hold_for_all,
    one_live_hold,
    one_reversal,
    a_days_limit,
);

async fn rich(crowd: &Crowd<'_>, points: i64) -> String {
    let member = crowd.app.enrol("Ari").await;
    crowd.app.give(&member, points).await;
    member
}

async fn available(crowd: &Crowd<'_>, member: &str) -> i64 {
    crowd.app.balance(member).await["available"].as_i64().expect("points")
}

async fn hold(shop: &Client, member: &str, points: i64) -> String {
    let ask = json!({"points": points, "order_ref": "cart-1", "ttl_seconds": 600});
    let placed = shop.post(&format!("/v1/members/{member}/holds"), ask).await.expect(201);
    format!("/v1/holds/{}", placed["id"].as_str().expect("an id"))
}

/// How many entries a member has, of up to a hundred.
async fn entries(crowd: &Crowd<'_>, member: &str) -> usize {
    let path = format!("/v1/members/{member}/entries?limit=100");
    let listed = crowd.app.admin().await.get(&path).await.expect(200);
    listed["data"].as_array().expect("entries").len()
}

async fn two_hundred_on_one_balance(crowd: &Crowd<'_>) {
    let member = rich(crowd, 3799).await;
    let reward = crowd.app.reward(json!({"kind": "product", "stock": 1000})).await;
    let shop = crowd.app.storefront().await;
    let ask = json!({"member_id": member, "reward_id": reward});
    let replies = crowd.post_all(&shop, vec![("/v1/redemptions".to_owned(), ask); 200]).await;
    for reply in replies.iter().filter(|reply| reply.status != 201) {
        assert_eq!(reply.json["shortfall"], 1, "{}", reply.text);
    }
    let (won, lost) = won_and_lost(replies, 201, &["insufficient_points"]);
    assert_eq!((won.len(), lost), (37, 163));
    assert_eq!(available(crowd, &member).await, 99);
    assert_eq!(entries(crowd, &member).await, 38);
}

async fn one_key_on_each_lane(crowd: &Crowd<'_>) {
    crowd.app.settings(json!({"transfers_enabled": true, "pending_days": 0})).await;
    let (member, other) = (rich(crowd, 1000).await, crowd.app.enrol("Bo").await);
    let reward = crowd.app.reward(json!({})).await;
    let (shop, admin) = (crowd.app.storefront().await, crowd.app.admin().await);
    let held = hold(&shop, &member, 50).await;
    let gift = json!({"kind": "adjust", "points": 10, "reason": "a gift"});
    let members = format!("/v1/members/{member}");
    let gift = admin.post(&format!("{members}/entries"), gift).await.expect(201);
    let gift = gift["id"].as_str().expect("an id");
    let total = json!({"amount": 500, "currency": "EUR"});
    let calls: [(&Client, String, Value, i64); 7] = [
        (
            &shop,
            format!("{members}/entries"),
            json!({"kind": "earn", "points": 7, "reason": "a visit"}),
            7,
        ),
        (
            &shop,
            "/v1/orders".to_owned(),
            json!({"external_id": "A-1", "member_id": member, "total": total}),
            5,
        ),
        (
            &shop,
            "/v1/redemptions".to_owned(),
            json!({"member_id": member, "reward_id": reward}),
            -100,
        ),
        // twenty of the fifty that are held are back
        (&shop, format!("{held}/capture"), json!({"points": 30}), 20),
        (
            &shop,
            format!("{members}/holds"),
            json!({"points": 3, "order_ref": "cart-2", "ttl_seconds": 60}),
            -3,
        ),
        (
            &admin,
            format!("{members}/transfers"),
            json!({"to_member_id": other, "points": 11, "reason": "a birthday"}),
            -11,
        ),
        (&admin, format!("/v1/entries/{gift}/reverse"), json!({"reason": "a mistake"}), -10),
    ];
    for (who, path, ask, moved) in calls {
        let before = available(crowd, &member).await;
        let asks = vec![(path.clone(), Some("k-1".to_owned()), ask); 100];
        let replies = crowd.post_all_keyed(who, asks).await;
        let answers: HashSet<(u16, &str)> =
            replies.iter().map(|reply| (reply.status, reply.text.as_str())).collect();
        assert_eq!(answers.len(), 1, "{path}: {answers:?}");
        assert!(matches!(replies[0].status, 200 | 201), "{path}: {}", replies[0].text);
        let replayed = |reply: &&Reply| reply.header("idempotent-replayed").is_some();
        assert_eq!(replies.iter().filter(replayed).count(), 99, "{path}");
        assert_eq!(available(crowd, &member).await - before, moved, "{path}");
    }
    assert_eq!(entries(crowd, &member).await, 8);
}

/// Sends all of it at once, and answers how many were sent; the others were short of points.
async fn sent(crowd: &Crowd<'_>, pairs: Vec<(&String, &String, i64)>) -> usize {
    let admin = crowd.app.admin().await;
    let asks = pairs
        .into_iter()
        .map(|(from, to, points)| {
            let ask = json!({"to_member_id": to, "points": points, "reason": "to and fro"});
            (format!("/v1/members/{from}/transfers"), ask)
        })
        .collect();
    let replies = crowd.post_all(&admin, asks).await;
    won_and_lost(replies, 201, &["insufficient_points"]).0.len()
}

async fn to_and_fro(crowd: &Crowd<'_>) {
    crowd.app.settings(json!({"transfers_enabled": true})).await;
    let (anna, bo) = (rich(crowd, 300).await, rich(crowd, 300).await);
    let pairs = (0..200).map(|turn| match turn % 2 {
        0 => (&anna, &bo, 1 + turn % 7),
        _ => (&bo, &anna, 1 + turn % 5),
    });
    assert!(sent(crowd, pairs.collect()).await > 100);
    assert_eq!(available(crowd, &anna).await + available(crowd, &bo).await, 600);
}

async fn in_a_ring(crowd: &Crowd<'_>) {
    crowd.app.settings(json!({"transfers_enabled": true})).await;
    let mut members = Vec::new();
    for _ in 0..5 {
        members.push(rich(crowd, 100).await);
    }
    let pairs = (0..200).map(|turn| {
        let (from, step) = (turn % 5, 1 + turn % 4);
        (&members[from], &members[(from + step) % 5], 10)
    });
    assert!(sent(crowd, pairs.collect()).await > 50);
    let mut sum = 0;
    for member in &members {
        sum += available(crowd, member).await;
    }
    assert_eq!(sum, 500);
}

async fn one_hold_for_all(crowd: &Crowd<'_>) {
    let member = rich(crowd, 100).await;
    let reward = crowd.app.reward(json!({"kind": "product"})).await;
    let shop = crowd.app.storefront().await;
    let held = hold(&shop, &member, 100).await;
    let asks = (0..100)
        .map(|turn| {
            let redeem = json!({"member_id": member, "reward_id": reward});
            let mut own = redeem.clone();
            own["order_ref"] = json!("cart-1");
            match turn % 4 {
                0 => (format!("{held}/capture"), json!({"points": 60})),
                1 => (format!("{held}/release"), json!({})),
                2 => ("/v1/redemptions".to_owned(), own),
                _ => ("/v1/redemptions".to_owned(), redeem),
            }
        })
        .collect();
    let replies = crowd.post_all(&shop, asks).await;
    for (turn, reply) in replies.iter().enumerate() {
        let code = reply.json["code"].as_str().unwrap_or_default();
        let fine = matches!(
            (turn % 4, reply.status, code),
            (_, 200, _)
                | (2 | 3, 201, _)
                | (0 | 1, 409, "invalid_transition")
                // a redemption used it
                | (0, 409, "source_conflict")
        );
        assert!(fine || (turn % 4 > 1 && code == "insufficient_points"), "{}", reply.text);
    }
    let balance = crowd.app.balance(&member).await;
    let field = |name: &str| balance[name].as_i64().expect("points");
    let ended = shop.get(&held).await.expect(200);
    let redeemed = replies.iter().filter(|reply| reply.status == 201).count();
    let spent = match (ended["state"].as_str(), ended["captured_points"].as_i64(), redeemed) {
        (Some("captured"), Some(60), 0) => 60,
        (Some("captured"), Some(100), 1) | (Some("released"), Some(0), 1) => 100,
        (Some("released"), Some(0), 0) => 0,
        other => panic!("{other:?}: {ended}"),
    };
    assert_eq!((field("lifetime_redeemed"), field("held")), (spent, 0));
    assert_eq!(field("available"), 100 - spent);
}

async fn one_live_hold(crowd: &Crowd<'_>) {
    let member = rich(crowd, 1000).await;
    let shop = crowd.app.storefront().await;
    let path = format!("/v1/members/{member}/holds");
    let asks = (0..100)
        .map(|turn| {
            let ask = json!({"points": 10 + turn % 2, "order_ref": "cart-1", "ttl_seconds": 60});
            (path.clone(), ask)
        })
        .collect();
    let replies = crowd.post_all(&shop, asks).await;
    assert_eq!(replies.iter().filter(|reply| reply.status == 201).count(), 1);
    let (held, refused): (Vec<&Reply>, Vec<&Reply>) =
        replies.iter().partition(|reply| reply.status < 300);
    let ids: HashSet<&Value> = held.iter().map(|reply| &reply.json["id"]).collect();
    assert_eq!((ids.len(), held.len()), (1, 50));
    assert!(refused.iter().all(|reply| reply.json["code"] == "source_conflict"));
    assert_eq!(available(crowd, &member).await, 1000 - held[0].json["points"].as_i64().expect("n"));
}

async fn one_reversal(crowd: &Crowd<'_>) {
    let member = rich(crowd, 1000).await;
    let reward = crowd.app.reward(json!({})).await;
    let (shop, admin) = (crowd.app.storefront().await, crowd.app.admin().await);
    let ask = json!({"member_id": member, "reward_id": reward});
    shop.post("/v1/redemptions", ask).await.expect(201);
    let listed = admin.get(&format!("/v1/members/{member}/entries")).await.expect(200);
    let gift = listed["data"][1]["id"].as_str().expect("an id");
    let path = format!("/v1/entries/{gift}/reverse");
    let replies = crowd.post_all(&admin, vec![(path, json!({"reason": "a mistake"})); 100]).await;
    let ids: HashSet<&Value> = replies.iter().map(|reply| &reply.json["id"]).collect();
    assert_eq!(ids.len(), 1, "{ids:?}");
    let made = |status| replies.iter().filter(|reply| reply.status == status).count();
    assert_eq!((made(201), made(200)), (1, 99));
    assert_eq!(crowd.app.balance(&member).await["debt"], 100);
    assert_eq!(entries(crowd, &member).await, 4, "and the clawback of what was spent");
}

async fn a_days_limit(crowd: &Crowd<'_>) {
    let limit = json!({"transfers_enabled": true, "transfer_limit_points_per_day": 55});
    crowd.app.settings(limit).await;
    let (from, to) = (rich(crowd, 1000).await, crowd.app.enrol("Bo").await);
    let own = crowd.app.member(&from).await;
    let ask = json!({"to_member_id": to, "points": 10, "reason": "a birthday"});
    let asks = vec![(format!("/v1/members/{from}/transfers"), ask); 100];
    let (won, lost) = won_and_lost(crowd.post_all(&own, asks).await, 201, &["limit_reached"]);
    assert_eq!((won.len(), lost), (5, 95));
    assert_eq!(available(crowd, &to).await, 50);
}
