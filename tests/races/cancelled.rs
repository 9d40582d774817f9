//! A redemption that several end at the same moment: its points and units come back once.

use program::redemptions::service::{self as redemptions, Due};
use serde_json::{Value, json};
use vildar::chores;

use crate::{
    crowd::{Crowd, raced},
    support::app::{Client, Reply},
};

raced!(by_all_who_may_and_by_the_clock, used_or_cancelled, part_by_part);

/// A member with points, and what it redeemed, as the storefront placed it.
async fn redeemed(crowd: &Crowd<'_>, shop: &Client, reward: Value, quantity: i64) -> [Value; 3] {
    let member = crowd.app.enrol("Ari").await;
    crowd.app.give(&member, 1000).await;
    let reward = crowd.app.reward(reward).await;
    let ask = json!({"member_id": member, "reward_id": reward, "quantity": quantity});
    let placed = shop.post("/v1/redemptions", ask).await.expect(201);
    [json!(member), json!(reward), placed]
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

/// How often something was given back, and that all came back.
async fn gave_back(crowd: &Crowd<'_>, member: &Value, reward: &Value) -> usize {
    let admin = crowd.app.admin().await;
    let stock = admin.get(&format!("/v1/rewards/{}", text(reward))).await.expect(200);
    assert_eq!(stock["stock"], 5);
    let balance = crowd.app.balance(text(member)).await;
    assert_eq!((&balance["available"], &balance["lifetime_redeemed"]), (&json!(1000), &json!(0)));
    let entries = admin.get(&format!("/v1/members/{}/entries?limit=100", text(member))).await;
    let entries = entries.expect(200);
    let entries = entries["data"].as_array().expect("entries");
    entries.iter().filter(|entry| entry["kind"] == "reversal").count()
}

async fn by_all_who_may_and_by_the_clock(crowd: &Crowd<'_>) {
    let shop = crowd.app.storefront().await;
    let reward = json!({"stock": 5, "kind": "product"});
    let [member, reward, placed] = redeemed(crowd, &shop, reward, 2).await;
    let path = format!("/v1/redemptions/{}/cancel", text(&placed["id"]));
    // the instant at which it expires, seen by some and not yet by others
    crowd.app.travel_to("2026-11-24T11:59:59Z");
    let callers = [shop, crowd.app.member(text(&member)).await, crowd.app.staff().await];
    let asks = (0..30).map(|turn| {
        let body = if turn % 2 == 0 {
            json!({"reason": "no more"})
        } else {
            json!({"reason": "no more", "quantity": 2})
        };
        (callers[turn % 3].clone(), path.clone(), None, body)
    });
    let store = crowd.app.store();
    let clock = async {
        crowd.app.travel_to("2026-11-24T12:00:00Z");
        let sweeps = (0..4).map(|_| redemptions::expire_due(store, Due::All));
        for sweep in sweeps {
            sweep.await.expect("it expires");
        }
        chores::run_all(store).await.expect("chores");
    };
    let (replies, ()) = tokio::join!(crowd.post_all_as(asks.collect()), clock);
    let path = format!("/v1/redemptions/{}", text(&placed["id"]));
    let ended = crowd.app.admin().await.get(&path).await.expect(200)["state"].clone();
    for reply in &replies {
        match reply.status {
            200 => assert_eq!(reply.json["state"], "cancelled", "{}", reply.text),
            _ => assert_eq!(reply.json["from"], "expired", "{}", reply.text),
        }
    }
    let cancelled = replies.iter().any(|reply| reply.status == 200);
    assert_eq!(ended, if cancelled { "cancelled" } else { "expired" });
    assert_eq!(gave_back(crowd, &member, &reward).await, 1);
}

/// One that is used is never cancelled, and the other way round.
async fn used_or_cancelled(crowd: &Crowd<'_>) {
    let (shop, staff) = (crowd.app.storefront().await, crowd.app.staff().await);
    for _ in 0..5 {
        let [member, _, placed] = redeemed(crowd, &shop, json!({"stock": 5}), 1).await;
        let cancel = format!("/v1/redemptions/{}/cancel", text(&placed["id"]));
        let using = format!("/v1/vouchers/{}/use", text(&placed["voucher"]["code"]));
        let asks = (0..10).map(|turn| match turn % 2 {
            0 => (staff.clone(), cancel.clone(), None, json!({"reason": "no more"})),
            _ => (shop.clone(), using.clone(), None, json!({})),
        });
        let replies = crowd.post_all_as(asks.collect()).await;
        let won = |replies: &[Reply], of: usize| {
            replies.iter().skip(of).step_by(2).filter(|reply| reply.status == 200).count()
        };
        let (cancelled, used) = (won(&replies, 0), won(&replies, 1));
        assert!((cancelled, used) == (5, 0) || (cancelled, used) == (0, 1), "{cancelled}, {used}");
        let left = crowd.app.balance(text(&member)).await["available"].clone();
        assert_eq!(left, if used == 1 { 900 } else { 1000 });
    }
}

/// More parts than there are units: as many as there are come back.
async fn part_by_part(crowd: &Crowd<'_>) {
    let shop = crowd.app.storefront().await;
    let [member, reward, placed] = redeemed(crowd, &shop, json!({"stock": 5}), 4).await;
    let path = format!("/v1/redemptions/{}/cancel", text(&placed["id"]));
    let asks = vec![(path, json!({"quantity": 1})); 20];
    let replies = crowd.post_all(&shop, asks).await;
    assert!(replies.iter().all(|reply| reply.status == 200));
    let still = replies.iter().filter(|reply| reply.json["state"] == "fulfilled").count();
    assert_eq!(still, 3, "the others ended it, or found it over");
    assert_eq!(gave_back(crowd, &member, &reward).await, 4);
}
