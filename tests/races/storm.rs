//! Everything at once, for a while: then the ledger adds up, and so does the stock.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::{
    crowd::{Crowd, raced},
    support::app::{Client, Reply},
};

const MEMBERS: usize = 10;
const CALLERS: u64 = 12;
const STOCK: i64 = 60;
const TIME: Duration = Duration::from_secs(3);

raced!(everything_at_once);

/// What the callers share.
struct Storm {
    members: Vec<String>,
    rewards: Vec<String>,
    orders: Mutex<Vec<String>>,
    redemptions: Mutex<Vec<String>>,
    /// How often each answer came.
    answers: Mutex<BTreeMap<String, u32>>,
}

/// Numbers that look like chance.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from((self.0 >> 33) % sides as u64).expect("small")
    }

    fn pick(&mut self, from: &[String]) -> Option<String> {
        if from.is_empty() { None } else { Some(from[self.roll(from.len())].clone()) }
    }
}

impl Storm {
    async fn turn(&self, shop: &Client, admin: &Client, dice: &mut Dice, name: &str) {
        let member = &self.members[dice.roll(MEMBERS)];
        let reward = &self.rewards[dice.roll(self.rewards.len())];
        let (what, reply) = match dice.roll(10) {
            0..=2 => {
                let quantity = 1 + dice.roll(3);
                let ask = json!({"member_id": member, "reward_id": reward, "quantity": quantity});
                let reply = shop.post("/v1/redemptions", ask).await;
                keep(&self.redemptions, &reply);
                ("redeem", reply)
            }
            3 | 4 => {
                let id = dice.pick(&self.redemptions.lock().expect("no panic"));
                let Some(id) = id else { return };
                let path = format!("/v1/redemptions/{id}/cancel");
                ("cancel", shop.post(&path, json!({"reason": "a change of mind"})).await)
            }
            5 | 6 => {
                let total = json!({"amount": 100 + dice.roll(20_000), "currency": "EUR"});
                let ask = json!({"external_id": name, "member_id": member, "total": total});
                let reply = shop.post("/v1/orders", ask).await;
                keep(&self.orders, &reply);
                ("order", reply)
            }
            7 => {
                let id = dice.pick(&self.orders.lock().expect("no panic"));
                let Some(id) = id else { return };
                let amount = json!({"amount": 1 + dice.roll(9_000), "currency": "EUR"});
                let ask = json!({"external_id": name, "amount": amount});
                ("refund", shop.post(&format!("/v1/orders/{id}/refunds"), ask).await)
            }
            8 => {
                let id = dice.pick(&self.orders.lock().expect("no panic"));
                let Some(id) = id else { return };
                ("order cancel", shop.post(&format!("/v1/orders/{id}/cancel"), json!({})).await)
            }
            _ => {
                let points = i64::try_from(dice.roll(400)).expect("small") - 150;
                let points = if points == 0 { 1 } else { points };
                let ask = json!({"kind": "adjust", "points": points, "reason": "a storm"});
                ("adjust", admin.post(&format!("/v1/members/{member}/entries"), ask).await)
            }
        };
        let code = reply.json["code"].as_str().unwrap_or_default();
        assert!(
            matches!(
                (reply.status, code),
                (200 | 201, _)
                    | (409, "insufficient_points" | "out_of_stock" | "invalid_transition")
                    | (422, "invalid_request")
            ),
            "{what}: {}: {}",
            reply.status,
            reply.text
        );
        let answer = format!("{what} {} {code}", reply.status);
        *self.answers.lock().expect("no panic").entry(answer).or_default() += 1;
    }
}

fn keep(ids: &Mutex<Vec<String>>, reply: &Reply) {
    if let (201, Some(id)) = (reply.status, reply.json["id"].as_str()) {
        ids.lock().expect("no panic").push(id.to_owned());
    }
}

async fn everything_at_once(crowd: &Crowd<'_>) {
    // orders earn at once, so that refunds meet what was spent
    crowd.app.settings(json!({"pending_days": 0})).await;
    let mut members = Vec::new();
    for _ in 0..MEMBERS {
        let member = crowd.app.enrol("Ari").await;
        crowd.app.give(&member, 300).await;
        members.push(member);
    }
    let mut rewards = Vec::new();
    for (kind, cost) in [("product", 20), ("voucher", 35), ("donation", 50)] {
        let reward = json!({"kind": kind, "cost_points": cost, "stock": STOCK, "name": kind});
        rewards.push(crowd.app.reward(reward).await);
    }
    let storm = Arc::new(Storm {
        members,
        rewards,
        orders: Mutex::default(),
        redemptions: Mutex::default(),
        answers: Mutex::default(),
    });
    let (shop, admin) = (crowd.app.storefront().await, crowd.app.admin().await);
    let end = Instant::now() + TIME;
    let mut tasks = JoinSet::new();
    for caller in 0..CALLERS {
        let at = usize::try_from(caller).expect("small");
        let (shop, admin) = (crowd.client(&shop, at), crowd.client(&admin, at));
        let storm = Arc::clone(&storm);
        tasks.spawn(async move {
            let mut dice = Dice(caller * 7919 + 1);
            let mut turns = 0;
            while Instant::now() < end {
                storm.turn(&shop, &admin, &mut dice, &format!("{caller}-{turns}")).await;
                turns += 1;
            }
            turns
        });
    }
    let turns: u32 = tasks.join_all().await.iter().sum();
    assert!(turns > 100, "only {turns} turns");
    let answers = storm.answers.lock().expect("no panic").clone();
    for what in ["redeem 201 ", "cancel 200 ", "order 201 ", "refund 201 ", "adjust 201 "] {
        assert!(answers.contains_key(what), "{answers:?}");
    }

    let mut out: BTreeMap<String, i64> = BTreeMap::new();
    let ids = storm.redemptions.lock().expect("no panic").clone();
    for id in ids {
        let redemption = shop.get(&format!("/v1/redemptions/{id}")).await.expect(200);
        if redemption["state"] != "cancelled" {
            let reward = redemption["reward_id"].as_str().expect("an id").to_owned();
            *out.entry(reward).or_default() += redemption["quantity"].as_i64().expect("a number");
        }
    }
    for reward in &storm.rewards {
        let shown: Value = admin.get(&format!("/v1/rewards/{reward}")).await.expect(200);
        let stock = shown["stock"].as_i64().expect("a number");
        assert_eq!(stock + out.get(reward).copied().unwrap_or(0), STOCK, "{reward}");
    }
}
