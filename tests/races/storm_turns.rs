//! What the callers of a storm do, by the roll of dice, and what they may be told.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use platform::kernel::clock::Clock;
use serde_json::{Value, json};

use crate::support::app::{Client, Reply};

/// Numbers that look like chance.
pub struct Dice(u64);

impl Dice {
    pub const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(7919).wrapping_add(1))
    }

    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from((self.0 >> 33) % sides as u64).expect("small")
    }

    fn pick(&mut self, from: &[String]) -> Option<String> {
        if from.is_empty() { None } else { Some(from[self.roll(from.len())].clone()) }
    }

    fn minutes(&mut self, most: usize) -> Duration {
        Duration::from_mins(1 + self.roll(most) as u64)
    }
}

/// What the callers share.
pub struct Storm {
    pub members: Vec<String>,
    pub rewards: Vec<String>,
    admin: Mutex<Client>,
    clock: Clock,
    orders: Mutex<Vec<String>>,
    redemptions: Mutex<Vec<String>>,
    holds: Mutex<Vec<String>>,
    /// Entries that were posted by hand.
    posted: Mutex<Vec<String>>,
    /// What staff took away and did not give back.
    taken: AtomicI64,
    /// How often each answer came.
    answers: Mutex<BTreeMap<String, u32>>,
}

impl Storm {
    pub fn new(members: Vec<String>, rewards: Vec<String>, admin: Client, clock: Clock) -> Self {
        Self {
            members,
            rewards,
            admin: Mutex::new(admin),
            clock,
            orders: Mutex::default(),
            redemptions: Mutex::default(),
            holds: Mutex::default(),
            posted: Mutex::default(),
            taken: AtomicI64::new(0),
            answers: Mutex::default(),
        }
    }

    /// Tokens end while the clock runs on.
    pub fn sign_in(&self, admin: Client) {
        *self.admin.lock().expect("no panic") = admin;
    }

    pub fn redemptions(&self) -> Vec<String> {
        self.redemptions.lock().expect("no panic").clone()
    }

    pub fn taken_by_staff(&self) -> i64 {
        self.taken.load(Ordering::SeqCst)
    }

    /// How many calls were answered.
    pub fn turns(&self) -> u32 {
        self.answers.lock().expect("no panic").values().sum()
    }

    pub fn answers(&self) -> BTreeMap<String, u32> {
        self.answers.lock().expect("no panic").clone()
    }

    /// A POST of the admin's, at the server that `beside` calls.
    async fn as_admin(&self, beside: &Client, path: &str, ask: Value) -> Reply {
        let mut tries = 0;
        loop {
            let mut admin = beside.clone();
            admin.token.clone_from(&self.admin.lock().expect("no panic").token);
            let reply = admin.post(path, ask.clone()).await;
            tries += 1;
            // the clock ran past the token's end on the way
            if reply.status != 401 || tries == 5 {
                return reply;
            }
        }
    }

    pub async fn turn(&self, shop: &Client, dice: &mut Dice, name: &str) {
        let Some((what, reply)) = self.act(shop, dice, name).await else { return };
        let code = reply.json["code"].as_str().unwrap_or_default();
        let fine = match (reply.status, code) {
            (200 | 201, _)
            | (409, "insufficient_points" | "invalid_transition")
            // a refund beyond the rest, a capture beyond the hold, a date that the clock passed
            | (422, "invalid_request") => true,
            (409, "out_of_stock") => what == "redeem",
            // an order_ref that came before with another number, a capture of other points than
            // before, or of what a redemption used
            (409, "source_conflict") => matches!(what, "redeem" | "hold" | "capture"),
            _ => false,
        };
        assert!(fine, "{what}: {}: {}", reply.status, reply.text);
        let answer = format!("{what} {} {code}", reply.status);
        *self.answers.lock().expect("no panic").entry(answer).or_default() += 1;
    }

    async fn act(
        &self,
        shop: &Client,
        dice: &mut Dice,
        name: &str,
    ) -> Option<(&'static str, Reply)> {
        let member = &self.members[dice.roll(self.members.len())];
        let one_of =
            |ids: &Mutex<Vec<String>>, dice: &mut Dice| dice.pick(&ids.lock().expect("no panic"));
        Some(match dice.roll(20) {
            0..=3 => ("redeem", self.redeem(shop, member, dice).await),
            4 | 5 => {
                let path = format!("/v1/redemptions/{}/cancel", one_of(&self.redemptions, dice)?);
                ("cancel", shop.post(&path, json!({"reason": "a change of mind"})).await)
            }
            6 | 7 => {
                let total = json!({"amount": 100 + dice.roll(20_000), "currency": "EUR"});
                let ask = json!({"external_id": name, "member_id": member, "total": total});
                let reply = shop.post("/v1/orders", ask).await;
                keep(&self.orders, &reply);
                ("order", reply)
            }
            8 => {
                let path = format!("/v1/orders/{}/refunds", one_of(&self.orders, dice)?);
                let amount = json!({"amount": 1 + dice.roll(9_000), "currency": "EUR"});
                ("refund", shop.post(&path, json!({"external_id": name, "amount": amount})).await)
            }
            9 => {
                let path = format!("/v1/orders/{}/cancel", one_of(&self.orders, dice)?);
                ("order cancel", shop.post(&path, json!({})).await)
            }
            10 | 11 => ("adjust", self.adjust(shop, member, dice).await),
            12 | 13 => {
                let ask = json!({
                    "points": 1 + dice.roll(120), "order_ref": format!("o{}", dice.roll(9)),
                    "ttl_seconds": 1 + dice.roll(1200),
                });
                let reply = shop.post(&format!("/v1/members/{member}/holds"), ask).await;
                keep(&self.holds, &reply);
                ("hold", reply)
            }
            14 | 15 => {
                let path = format!("/v1/holds/{}/capture", one_of(&self.holds, dice)?);
                let points = json!({"points": 1 + dice.roll(100)});
                let ask = if dice.roll(2) == 0 { json!({}) } else { points };
                ("capture", shop.post(&path, ask).await)
            }
            16 => {
                let path = format!("/v1/holds/{}/release", one_of(&self.holds, dice)?);
                ("release", shop.post(&path, json!({})).await)
            }
            17 => {
                let to = self.members.iter().filter(|to| *to != member).cloned();
                let to = dice.pick(&to.collect::<Vec<_>>())?;
                let points = 1 + dice.roll(150);
                let ask = json!({"to_member_id": to, "points": points, "reason": "a storm"});
                let path = format!("/v1/members/{member}/transfers");
                ("transfer", self.as_admin(shop, &path, ask).await)
            }
            18 => ("reverse", self.reverse(shop, &one_of(&self.posted, dice)?).await),
            _ => ("read", self.read(shop, member).await),
        })
    }

    async fn redeem(&self, shop: &Client, member: &str, dice: &mut Dice) -> Reply {
        let reward = &self.rewards[dice.roll(self.rewards.len())];
        let quantity = 1 + dice.roll(3);
        let mut ask = json!({"member_id": member, "reward_id": reward, "quantity": quantity});
        if dice.roll(2) == 0 {
            // of the orders that points are held for
            ask["order_ref"] = json!(format!("o{}", dice.roll(9)));
        }
        let reply = shop.post("/v1/redemptions", ask).await;
        keep(&self.redemptions, &reply);
        reply
    }

    /// Up or down; some of it can't be used yet, and some will end while it blows.
    async fn adjust(&self, shop: &Client, member: &str, dice: &mut Dice) -> Reply {
        let points = i64::try_from(dice.roll(400)).expect("small") - 130;
        let points = if points == 0 { 1 } else { points };
        let mut ask = json!({"kind": "adjust", "points": points, "reason": "a storm"});
        if points > 0 && dice.roll(2) == 0 {
            let end = self.clock.now().plus(dice.minutes(40));
            ask["expires_at"] = json!(end);
            if dice.roll(2) == 0 {
                ask["available_at"] = json!(end.minus(Duration::from_secs(30)));
            }
        }
        let reply = self.as_admin(shop, &format!("/v1/members/{member}/entries"), ask).await;
        if reply.status == 201 {
            keep(&self.posted, &reply);
            self.taken.fetch_add((-points).max(0), Ordering::SeqCst);
        }
        reply
    }

    async fn reverse(&self, shop: &Client, entry: &str) -> Reply {
        let path = format!("/v1/entries/{entry}/reverse");
        let reply = self.as_admin(shop, &path, json!({"reason": "a storm"})).await;
        if reply.status == 201 {
            let points = reply.json["points"].as_i64().expect("points");
            self.taken.fetch_sub(points.max(0), Ordering::SeqCst);
        }
        reply
    }

    /// Whoever looks meanwhile sees numbers that can be.
    async fn read(&self, shop: &Client, member: &str) -> Reply {
        let reply = shop.get(&format!("/v1/members/{member}/balance")).await;
        let field = |name: &str| reply.json[name].as_i64().unwrap_or(-1);
        for name in ["available", "pending", "held", "debt"] {
            assert!(field(name) >= 0, "{}", reply.text);
        }
        assert!(field("debt") == 0 || field("available") + field("pending") == 0, "{}", reply.text);
        reply
    }
}

fn keep(ids: &Mutex<Vec<String>>, reply: &Reply) {
    if let (201, Some(id)) = (reply.status, reply.json["id"].as_str()) {
        ids.lock().expect("no panic").push(id.to_owned());
    }
}
