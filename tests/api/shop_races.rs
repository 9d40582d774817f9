//! Many at once, and only one of them first.

use platform::auth::Caller;
use program::redemptions;
use serde_json::{Value, json};

use crate::{
    shop::{balance, code, entries, eur, id, order, redeem, rich, stock},
    support::{
        app::{Client, Reply, TestApp},
        both::both,
    },
};

/// How many call at once.
const MANY: usize = 12;

/// Sends each request on a connection of its own, all at the same time.
async fn at_once(by: &Client, requests: Vec<(String, Value)>) -> Vec<Reply> {
    let sent: Vec<_> = requests
        .into_iter()
        .map(|(path, body)| {
            let by = by.clone();
            actix_web::rt::spawn(async move { by.post(&path, body).await })
        })
        .collect();
    let mut replies = Vec::new();
    for reply in sent {
        replies.push(reply.await.expect("a reply"));
    }
    replies
}

/// How many replies have this status; the others must have `other`.
#[track_caller]
fn count(replies: &[Reply], status: u16, other: u16) -> usize {
    for reply in replies {
        assert!([status, other].contains(&reply.status), "{}: {}", reply.status, reply.text);
    }
    replies.iter().filter(|reply| reply.status == status).count()
}

both!(the_last_units_are_sold_once);
async fn the_last_units_are_sold_once(app: &TestApp) {
    let shop = app.storefront().await;
    let reward = app.reward(json!({"stock": 3, "kind": "product"})).await;
    let mut asks = Vec::new();
    for _ in 0..MANY {
        let ask = json!({"member_id": rich(app, 100).await, "reward_id": reward});
        asks.push(("/v1/redemptions".to_owned(), ask));
    }
    let replies = at_once(&shop, asks).await;
    assert_eq!(count(&replies, 201, 409), 3);
    assert_eq!(stock(app, &reward).await, 0);
    // and come back once, however often they are cancelled
    let first = replies.iter().find(|reply| reply.status == 201).expect("one");
    let path = format!("/v1/redemptions/{}/cancel", id(&first.json));
    let replies = at_once(&shop, vec![(path, json!({})); MANY]).await;
    assert_eq!(count(&replies, 200, 200), MANY);
    assert_eq!(stock(app, &reward).await, 1);
}

both!(the_last_points_are_spent_once);
async fn the_last_points_are_spent_once(app: &TestApp) {
    let shop = app.storefront().await;
    let member = rich(app, 399).await;
    let reward = app.reward(json!({})).await;
    let ask = json!({"member_id": member, "reward_id": reward});
    let replies = at_once(&shop, vec![("/v1/redemptions".to_owned(), ask); MANY]).await;
    assert_eq!(count(&replies, 201, 409), 3);
    assert_eq!(balance(app, &member, ["available", "lifetime_redeemed"]).await, [99, 300]);
}

both!(a_limit_holds_in_a_crowd);
async fn a_limit_holds_in_a_crowd(app: &TestApp) {
    let shop = app.storefront().await;
    let member = rich(app, 5000).await;
    let reward = app.reward(json!({"per_member_limit": 2})).await;
    let ask = json!({"member_id": member, "reward_id": reward});
    let replies = at_once(&shop, vec![("/v1/redemptions".to_owned(), ask); MANY]).await;
    assert_eq!(count(&replies, 201, 409), 2);
    assert_eq!(balance(app, &member, ["available"]).await, [4800]);
}

both!(what_is_sent_many_times_happens_once);
async fn what_is_sent_many_times_happens_once(app: &TestApp) {
    let shop = app.storefront().await;
    let member = rich(app, 5000).await;
    let reward = app.reward(json!({})).await;
    let ask = json!({"member_id": member, "reward_id": reward, "order_ref": "cart-1"});
    let replies = at_once(&shop, vec![("/v1/redemptions".to_owned(), ask); MANY]).await;
    assert_eq!(count(&replies, 201, 200), 1);
    assert!(replies.iter().all(|reply| reply.json == replies[0].json));

    let ask = json!({"external_id": "A-1", "member_id": member, "total": eur(10_000)});
    let replies = at_once(&shop, vec![("/v1/orders".to_owned(), ask); MANY]).await;
    assert_eq!(count(&replies, 201, 200), 1);
    assert!(replies.iter().all(|reply| reply.json == replies[0].json));

    let refund = format!("/v1/orders/{}/refunds", id(&replies[0].json));
    let ask = json!({"external_id": "R-1", "amount": eur(2000)});
    let replies = at_once(&shop, vec![(refund.clone(), ask); MANY]).await;
    assert_eq!(count(&replies, 201, 200), 1);
    let parts = (2..2 + MANY)
        .map(|n| json!({"external_id": format!("R-{n}"), "amount": eur(3000)}))
        .map(|ask| (refund.clone(), ask));
    assert_eq!(count(&at_once(&shop, parts.collect()).await, 201, 422), 2, "8000 are left");
    assert_eq!(balance(app, &member, ["available", "pending", "debt"]).await, [4900, 20, 0]);

    let source = json!({"type": "visit", "id": "1"});
    let ask = json!({"kind": "earn", "points": 7, "reason": "a visit", "source": source});
    let path = format!("/v1/members/{member}/entries");
    let replies = at_once(&shop, vec![(path, ask); MANY]).await;
    assert_eq!(count(&replies, 201, 200), 1);
    assert_eq!(balance(app, &member, ["pending"]).await, [27]);
    let listed = entries(app, &member).await;
    let seqs: Vec<i64> = listed.iter().map(|entry| entry["seq"].as_i64().expect("seq")).collect();
    assert_eq!(seqs, (1..=7).rev().collect::<Vec<_>>(), "no gaps");
}

both!(a_code_is_used_at_one_till);
async fn a_code_is_used_at_one_till(app: &TestApp) {
    let shop = app.storefront().await;
    let member = rich(app, 200).await;
    let reward = app.reward(json!({})).await;
    let path = format!("/v1/vouchers/{}/use", code(&redeem(&shop, &member, &reward).await));
    let asks = (0..MANY).map(|till| (path.clone(), json!({"channel": format!("till {till}")})));
    let replies = at_once(&shop, asks.collect()).await;
    assert_eq!(count(&replies, 200, 409), 1);
    let won = replies.iter().find(|reply| reply.status == 200).expect("one");
    for lost in replies.iter().filter(|reply| reply.status == 409) {
        assert_eq!(lost.json["code"], "voucher_used");
        assert_eq!(lost.json["channel"], won.json["channel"]);
    }

    // used or cancelled, and never both
    let redeemed = redeem(&shop, &member, &reward).await;
    let cancel = format!("/v1/redemptions/{}/cancel", id(&redeemed));
    let using = format!("/v1/vouchers/{}/use", code(&redeemed));
    let asks = [(cancel, json!({})), (using, json!({}))];
    let replies = at_once(&shop, asks.to_vec()).await;
    assert_eq!(count(&replies, 200, 409), 1);
    let kept = if replies[0].status == 200 { 100 } else { 0 };
    assert_eq!(balance(app, &member, ["available"]).await, [kept]);
}

both!(an_order_is_cancelled_or_refunded);
async fn an_order_is_cancelled_or_refunded(app: &TestApp) {
    let shop = app.storefront().await;
    let member = rich(app, 10).await;
    for round in 0..4 {
        let made = order(&shop, &member, &format!("A-{round}"), 10_000).await;
        let path = format!("/v1/orders/{}", id(&made));
        let refund = json!({"external_id": "R-1", "amount": eur(10_000)});
        let asks = [(format!("{path}/cancel"), json!({})), (format!("{path}/refunds"), refund)];
        let replies = at_once(&shop, asks.to_vec()).await;
        let done = replies.iter().filter(|reply| reply.status < 300).count();
        assert_eq!(done, 1, "{replies:#?}");
        assert!(replies.iter().any(|reply| reply.status == 409), "{replies:#?}");
        assert_eq!(balance(app, &member, ["available", "pending", "debt"]).await, [10, 0, 0]);
    }
}

both!(a_repeat_beside_the_first_has_its_code_too);
async fn a_repeat_beside_the_first_has_its_code_too(app: &TestApp) {
    let (member, other) = (rich(app, 500).await, rich(app, 500).await);
    let reward = app.reward(json!({"stock": 10})).await;
    let ask = |member: &str| redemptions::service::Ask {
        member_id: member.parse().expect("an id"),
        reward_id: reward.parse().expect("an id"),
        quantity: 1,
        order_ref: Some("cart-1".to_owned()),
        channel: None,
        max_points: None,
    };
    // as a busy server gets them: in one transaction
    let asks = [ask(&member), ask(&other), ask(&member), ask(&member)];
    let asks = asks.map(|ask| (ask, Caller::System));
    let answers = app.store().write(move |tx| redemptions::service::redeem_all(tx, &asks)).await;
    let told: Vec<_> = answers
        .expect("redeemed")
        .into_iter()
        .map(|answer| {
            let (redemption, repeated) = answer.expect("no refusal");
            let code = redemption.voucher.expect("a voucher").code;
            (redemption.id, code, repeated)
        })
        .collect();
    let (first, code, _) = told[0].clone();
    assert_eq!(told[2..], [(first, code.clone(), true), (first, code, true)]);
    assert!(!told[0].2 && !told[1].2 && told[1].0 != first);
}
