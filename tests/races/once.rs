//! What may happen once, however many ask for it.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::{
    crowd::{Crowd, raced, won_and_lost},
    support::app::Reply,
};

raced!(
    one_voucher,
    one_email,
    one_external_id,
    one_order_ref,
    one_idempotency_key,
    one_key_for_two_requests,
    one_refusal_under_one_key,
    one_cancelling,
);

async fn one_voucher(crowd: &Crowd<'_>) {
    let member = crowd.app.enrol("Ari").await;
    crowd.app.give(&member, 100).await;
    let reward = crowd.app.reward(json!({})).await;
    let shop = crowd.app.storefront().await;
    let ask = json!({"member_id": member, "reward_id": reward});
    let redeemed = shop.post("/v1/redemptions", ask).await.expect(201);
    let code = redeemed["voucher"]["code"].as_str().expect("a code");
    let uses = (0..50)
        .map(|turn| {
            let channel = format!("till {turn}");
            (format!("/v1/vouchers/{code}/use"), json!({"channel": channel}))
        })
        .collect();
    let replies = crowd.post_all(&shop, uses).await;
    let winner = replies.iter().position(|reply| reply.status == 200).expect("one wins");
    for reply in replies.iter().filter(|reply| reply.status == 409) {
        assert_eq!(reply.json["channel"], format!("till {winner}"));
    }
    let (won, lost) = won_and_lost(replies, 200, &["voucher_used"]);
    assert_eq!((won.len(), lost), (1, 49));
}

async fn one_email(crowd: &Crowd<'_>) {
    let shop = crowd.app.storefront().await;
    let enrolments = (0..50)
        .map(|turn| {
            let email = ["anna@example.com", "Anna@EXAMPLE.com", " anna@example.com "][turn % 3];
            ("/v1/members".to_owned(), json!({"email": email, "given_name": "Anna"}))
        })
        .collect();
    let replies = crowd.post_all(&shop, enrolments).await;
    let (won, lost) = won_and_lost(replies, 201, &["email_taken"]);
    assert_eq!((won.len(), lost), (1, 49));
    let letters = crowd.app.deliver_mail().await;
    assert_eq!(letters.len(), 1, "one welcome");
}

/// Of answers that are all the same resource: how often it was made.
fn made_once(replies: &[Reply]) -> usize {
    let ids: HashSet<&Value> = replies.iter().map(|reply| &reply.json["id"]).collect();
    assert_eq!(ids.len(), 1, "{ids:?}");
    for reply in replies {
        assert!(matches!(reply.status, 200 | 201), "{}: {}", reply.status, reply.text);
    }
    replies.iter().filter(|reply| reply.status == 201).count()
}

async fn one_external_id(crowd: &Crowd<'_>) {
    let member = crowd.app.enrol("Ari").await;
    let shop = crowd.app.storefront().await;
    let total = json!({"amount": 10_000, "currency": "EUR"});
    let ask = json!({"external_id": "1", "member_id": member, "total": total});
    let replies = crowd.post_all(&shop, vec![("/v1/orders".to_owned(), ask); 50]).await;
    assert_eq!(made_once(&replies), 1);
    assert_eq!(crowd.app.balance(&member).await["pending"], 100);
}

async fn one_order_ref(crowd: &Crowd<'_>) {
    let member = crowd.app.enrol("Ari").await;
    crowd.app.give(&member, 1000).await;
    let reward = crowd.app.reward(json!({"stock": 10})).await;
    let shop = crowd.app.storefront().await;
    let ask = json!({"member_id": member, "reward_id": reward, "order_ref": "basket-1"});
    let replies = crowd.post_all(&shop, vec![("/v1/redemptions".to_owned(), ask); 50]).await;
    assert_eq!(made_once(&replies), 1);
    assert_eq!(crowd.app.balance(&member).await["available"], 900);
}

async fn one_idempotency_key(crowd: &Crowd<'_>) {
    let member = crowd.app.enrol("Ari").await;
    crowd.app.give(&member, 5000).await;
    let reward = crowd.app.reward(json!({})).await;
    let shop = crowd.app.storefront().await;
    let redeem = json!({"member_id": member, "reward_id": reward});
    let earn = json!({"kind": "earn", "points": 7, "reason": "a visit"});
    let enrol = json!({"email": "anna@example.com", "given_name": "Anna"});
    for (path, ask) in [
        ("/v1/redemptions".to_owned(), redeem),
        (format!("/v1/members/{member}/entries"), earn),
        ("/v1/members".to_owned(), enrol),
    ] {
        let asks = vec![(path.clone(), Some("k-1".to_owned()), ask); 100];
        let replies = crowd.post_all_keyed(&shop, asks).await;
        let answers: HashSet<(u16, &str)> =
            replies.iter().map(|reply| (reply.status, reply.text.as_str())).collect();
        assert_eq!(answers.len(), 1, "{path}: {answers:?}");
        assert_eq!(replies[0].status, 201, "{}", replies[0].text);
        let replayed =
            replies.iter().filter(|reply| reply.header("idempotent-replayed").is_some()).count();
        assert_eq!(replayed, 99, "{path}");
    }
    let balance = crowd.app.balance(&member).await;
    assert_eq!((&balance["available"], &balance["pending"]), (&json!(4900), &json!(7)));
}

async fn one_key_for_two_requests(crowd: &Crowd<'_>) {
    let member = crowd.app.enrol("Ari").await;
    let shop = crowd.app.storefront().await;
    let path = format!("/v1/members/{member}/entries");
    let asks = (0..50)
        .map(|turn| {
            let ask = json!({"kind": "earn", "points": 1 + turn % 2, "reason": "a visit"});
            (path.clone(), Some("k-1".to_owned()), ask)
        })
        .collect();
    let replies = crowd.post_all_keyed(&shop, asks).await;
    let (won, lost) = won_and_lost(replies, 201, &["idempotency_key_reused"]);
    assert_eq!((won.len(), lost), (25, 25));
    assert_eq!(crowd.app.balance(&member).await["pending"], won[0].json["points"]);
}

async fn one_refusal_under_one_key(crowd: &Crowd<'_>) {
    let member = crowd.app.enrol("Ari").await;
    let reward = crowd.app.reward(json!({})).await;
    let shop = crowd.app.storefront().await;
    let ask = json!({"member_id": member, "reward_id": reward});
    let asks = vec![("/v1/redemptions".to_owned(), Some("k-1".to_owned()), ask); 50];
    let first = crowd.post_all_keyed(&shop, asks.clone()).await;
    // it is kept, though the points are there now
    crowd.app.give(&member, 100).await;
    let second = crowd.post_all_keyed(&shop, asks).await;
    let answers: HashSet<(u16, &str)> =
        first.iter().chain(&second).map(|reply| (reply.status, reply.text.as_str())).collect();
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert_eq!(first[0].json["code"], "insufficient_points");
    assert_eq!(crowd.app.balance(&member).await["available"], 100);
}

async fn one_cancelling(crowd: &Crowd<'_>) {
    let member = crowd.app.enrol("Ari").await;
    crowd.app.give(&member, 100).await;
    let reward = crowd.app.reward(json!({"stock": 5, "kind": "product"})).await;
    let shop = crowd.app.storefront().await;
    let ask = json!({"member_id": member, "reward_id": reward});
    let placed = shop.post("/v1/redemptions", ask).await.expect(201);
    let path = format!("/v1/redemptions/{}/cancel", placed["id"].as_str().expect("an id"));
    let replies = crowd.post_all(&shop, vec![(path, json!({"reason": "no more"})); 30]).await;
    for reply in &replies {
        assert_eq!(
            (reply.status, &reply.json["state"]),
            (200, &json!("cancelled")),
            "{}",
            reply.text
        );
    }
    let reward = crowd.app.admin().await.get(&format!("/v1/rewards/{reward}")).await.expect(200);
    assert_eq!(reward["stock"], 5);
    assert_eq!(crowd.app.balance(&member).await["available"], 100);
}
