//! Referrals where several things happen at once: each is paid once or not at all, has one referrer,
//! and goes round in no circle.

use std::{collections::BTreeMap, time::Duration};

use futures_util::future::join_all;
use program::referrals::service::{self as referrals, Due};
use serde_json::{Value, json};

use crate::support::{
    app::{Client, TestApp},
    both::both,
    second::SecondServer,
};

const DAY: Duration = Duration::from_hours(24);

async fn code_of(app: &TestApp, member: &str) -> String {
    let path = format!("/v1/members/{member}/referral-code");
    let code = app.storefront().await.get(&path).await.expect(200);
    code["code"].as_str().expect("a code").to_owned()
}

async fn brought(shop: &Client, name: &str, code: &str) -> String {
    let friend = json!({
        "email": format!("{name}@{name}.example.com"), "given_name": name, "referral_code": code,
    });
    let friend = shop.post("/v1/members", friend).await.expect(201);
    friend["id"].as_str().expect("an id").to_owned()
}

async fn order(shop: &Client, member: &str, external_id: &str) -> String {
    let total = json!({"amount": 3000, "currency": "EUR"});
    let order = json!({"external_id": external_id, "member_id": member, "total": total});
    let order = shop.post("/v1/orders", order).await.expect(201);
    order["id"].as_str().expect("an id").to_owned()
}

async fn referral(app: &TestApp, friend: &str) -> Value {
    let path = format!("/v1/members/{friend}/referral");
    app.admin().await.get(&path).await.expect(200)
}

async fn available(app: &TestApp, member: &str) -> i64 {
    app.balance(member).await["available"].as_i64().expect("points")
}

both!(an_order_its_refund_and_the_pay_out_at_once_end_with_nothing);
async fn an_order_its_refund_and_the_pay_out_at_once_end_with_nothing(app: &TestApp) {
    app.settings(
        json!({"referral_hold_days": 0, "referral_joins_per_day": 1000, "earn_points": 0}),
    )
    .await;
    let shop = app.storefront().await;
    let second = SecondServer::beside(app);
    for round in 0..12 {
        let anna = app.enrol("Anna").await;
        let friend = brought(&shop, &format!("f{round}"), &code_of(app, &anna).await).await;
        let bought = order(&shop, &friend, &format!("O-{round}")).await;
        let refund = json!({
            "external_id": "R", "amount": {"amount": 2000, "currency": "EUR"},
        });
        let path = format!("/v1/orders/{bought}/refunds");
        let back = async {
            // now sooner, now later than the pay-out
            tokio::time::sleep(Duration::from_micros(300 * round)).await;
            shop.post(&path, refund).await.expect(201);
        };
        let pay = || referrals::advance_due(app.store(), Due::All);
        let ((), one, two) = tokio::join!(back, pay(), pay());
        one.and(two).expect("looked at");
        pay().await.expect("looked at");
        let state = referral(app, &friend).await;
        let ended = state["state"].as_str().expect("a state");
        assert!(["joined", "reversed"].contains(&ended), "round {round}: {state}");
        assert_eq!((available(app, &anna).await, available(app, &friend).await), (0, 0));
    }
    second.stop().await;
}

both!(of_several_codes_at_the_same_moment_one_stands);
async fn of_several_codes_at_the_same_moment_one_stands(app: &TestApp) {
    let shop = app.storefront().await;
    let mut codes = Vec::new();
    for _ in 0..4 {
        let referrer = app.enrol("Anna").await;
        codes.push(code_of(app, &referrer).await);
    }
    for _ in 0..10 {
        let friend = app.enrol("Bo").await;
        let path = format!("/v1/members/{friend}/referral");
        let claim = async |code: &String| {
            let reply = shop.post(&path, json!({"referral_code": code})).await;
            assert!([200, 409].contains(&reply.status), "{}", reply.text);
            (reply.status == 200).then(|| reply.json["referrer_id"].clone())
        };
        let answers = join_all(codes.iter().chain(&codes).map(claim)).await;
        let stands = referral(app, &friend).await["referrer_id"].clone();
        let won: Vec<Value> = answers.into_iter().flatten().collect();
        assert!(!won.is_empty() && won.iter().all(|one| *one == stands), "{won:?}, {stands}");
    }
}

both!(no_circle_is_closed_however_many_try);
async fn no_circle_is_closed_however_many_try(app: &TestApp) {
    let shop = app.storefront().await;
    for round in 0..8 {
        let mut ring = Vec::new();
        for _ in 0..5 {
            let member = app.enrol("Anna").await;
            ring.push((member.clone(), code_of(app, &member).await));
        }
        let claim = async |place: usize| {
            let (member, _) = &ring[place];
            let (_, code) = &ring[(place + 1) % ring.len()];
            let path = format!("/v1/members/{member}/referral");
            let reply = shop.post(&path, json!({"referral_code": code})).await;
            assert!([200, 422].contains(&reply.status), "round {round}: {}", reply.text);
            (member.clone(), reply.json["referrer_id"].as_str().map(str::to_owned))
        };
        let answers = join_all((0..ring.len()).map(claim)).await;
        let above: BTreeMap<String, String> =
            answers.into_iter().filter_map(|(member, above)| Some((member, above?))).collect();
        assert!(above.len() < ring.len(), "round {round}: all five went through");
        for (start, _) in &ring {
            let (mut at, mut steps) = (start, 0);
            while let Some(next) = above.get(at) {
                (at, steps) = (next, steps + 1);
                assert!(steps < ring.len(), "round {round}: a circle through {start}");
            }
        }
    }
}

both!(a_pay_out_that_is_cut_off_and_done_again_pays_once);
async fn a_pay_out_that_is_cut_off_and_done_again_pays_once(app: &TestApp) {
    app.settings(json!({
        "referral_joins_per_day": 1000, "referral_limit_per_month": 1000, "earn_points": 0,
        "referral_steps": "10:50",
    }))
    .await;
    let shop = app.storefront().await;
    let anna = app.enrol("Anna").await;
    let code = code_of(app, &anna).await;
    let friends = 60;
    for number in 0..friends {
        let friend = brought(&shop, &format!("f{number}"), &code).await;
        order(&shop, &friend, &format!("O-{number}")).await;
    }
    referrals::advance_due(app.store(), Due::All).await.expect("looked at");
    app.travel(DAY * 14);
    let second = SecondServer::beside(app);
    let mut cut = 0;
    for round in 0..40_u64 {
        let store = app.store().clone();
        let run = tokio::spawn(async move { referrals::advance_due(&store, Due::All).await });
        tokio::time::sleep(Duration::from_micros(400 + 700 * (round % 7))).await;
        run.abort();
        cut += usize::from(run.await.is_err());
    }
    assert!(cut > 0, "none was cut off");
    let all = (0..4).map(|_| referrals::advance_due(app.store(), Due::All));
    for outcome in join_all(all).await {
        outcome.expect("looked at");
    }
    assert_eq!(available(app, &anna).await, friends * 500 + 50);
    let stats = app.staff().await.get("/v1/referrals/stats").await.expect(200);
    assert_eq!((&stats["rewarded"], &stats["points_paid"]), (&json!(60), &json!(60 * 700 + 50)));
    second.stop().await;
}
