//! A crowd of members with some years behind them, and chance to make it by.

use std::time::Duration;

use diesel::prelude::*;
use platform::{db::schema::members, kernel::id::MemberId};
use serde_json::{Value, json};
use vildar::chores;

use crate::support::app::{Client, TestApp};

/// Chance of a test, from a seed that it prints where it fails.
pub struct Dice(pub u64);

impl Dice {
    fn next(&mut self) -> u64 {
        // SplitMix64
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to `most`, which is one of them.
    pub fn upto(&mut self, most: u64) -> u64 {
        self.next() % (most + 1)
    }

    /// One time in so many.
    pub fn once_in(&mut self, times: u64) -> bool {
        self.upto(times - 1) == 0
    }

    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        let place = self.upto(u64::try_from(of.len()).expect("few") - 1);
        &of[usize::try_from(place).expect("few")]
    }
}

pub const COUNTRIES: [&str; 4] = ["IS", "DE", "GB", "NZ"];
pub const LOCALES: [&str; 6] = ["is", "en", "en-GB", "en-US", "de", "de-AT"];
pub const TAGS: [&str; 4] = ["wholesale", "regular", "press", "þorrablót"];
pub const TIERS: [&str; 3] = ["member", "silver", "gold"];
pub const BIRTHDAYS: [&str; 8] =
    ["02-29", "1988-02-29", "02-28", "03-01", "12-31", "01-01", "1970-06-15", "11-24"];

/// Enrols them over two years, has them buy, give back, spend and bring friends; answers their ids.
pub async fn gather(app: &TestApp, dice: &mut Dice, of: usize) -> Vec<String> {
    app.settings(json!({
        "mail_from": null, "referral_hold_days": 0, "referral_min_order_minor_units": 1000,
        "referral_flag_weight": 1000, "referral_referrer_points": 50, "referral_referee_points": 20,
    }))
    .await;
    let reward = app.reward(json!({"kind": "product", "cost_points": 50})).await;
    let mut ids = Vec::new();
    let mut orders: Vec<String> = Vec::new();
    let rounds = 4;
    for round in 0..rounds {
        let currency = if round % 3 == 1 { "ISK" } else { "EUR" };
        app.settings(json!({"currency": currency})).await;
        let shop = app.storefront().await;
        for _ in 0..of / rounds {
            app.travel(Duration::from_secs(3600 * (1 + dice.upto(40))));
            let member = enrol(&shop, dice, &ids).await;
            ids.push(member);
        }
        let gifts: Vec<Value> = ids[round * (of / rounds)..]
            .iter()
            .map(|id| json!({"member_id": id, "kind": "adjust", "points": 300, "reason": "a gift"}))
            .collect();
        app.admin().await.post("/v1/entries:batch", json!({"entries": gifts})).await.expect(200);
        let mut deeds = Deeds { app, shop: &shop, reward: &reward, currency, dice };
        for _ in 0..of {
            deeds.one(&ids, &mut orders).await;
        }
        app.travel(Duration::from_hours(24 * (30 + dice.upto(90))));
        chores::run_all(app.store()).await.expect("the chores are done");
    }
    leave_some(app, &ids).await;
    ids
}

async fn enrol(shop: &Client, dice: &mut Dice, others: &[String]) -> String {
    let number = others.len();
    let mut new = json!({
        "email": format!("p{number}-{}@example.com", dice.upto(u64::MAX - 1)),
        "given_name": format!("P{number}"), "locale": dice.pick(&LOCALES),
        "marketing_consent": dice.once_in(2),
    });
    if !dice.once_in(4) {
        new["country"] = json!(dice.pick(&COUNTRIES));
    }
    if !dice.once_in(3) {
        new["birthday"] = json!(dice.pick(&BIRTHDAYS));
    }
    if !others.is_empty() && dice.once_in(3) {
        // a few bring many
        let friend = dice.pick(&others[..others.len().min(8)]);
        let path = format!("/v1/members/{friend}/referral-code");
        new["referral_code"] = shop.get(&path).await.expect(200)["code"].clone();
    }
    let member = shop.post("/v1/members", new).await.expect(201);
    let member = member["id"].as_str().expect("an id").to_owned();
    let mut tags: Vec<&str> = Vec::new();
    for tag in TAGS {
        if dice.once_in(3) {
            tags.push(tag);
        }
    }
    if !tags.is_empty() {
        shop.patch(&format!("/v1/members/{member}"), json!({"tags": tags})).await.expect(200);
    }
    member
}

struct Deeds<'a> {
    app: &'a TestApp,
    shop: &'a Client,
    reward: &'a str,
    currency: &'static str,
    dice: &'a mut Dice,
}

impl Deeds<'_> {
    /// Something that a member does, or that is done to one; not all of it can be.
    async fn one(&mut self, ids: &[String], orders: &mut Vec<String>) {
        self.app.travel(Duration::from_secs(self.dice.upto(7200)));
        let member = self.dice.pick(ids).clone();
        match self.dice.upto(9) {
            0..=4 => {
                let back = if self.dice.once_in(2) { 24 * 60 } else { 0 };
                let back = Duration::from_hours(self.dice.upto(back));
                let currency = if self.dice.once_in(8) { "USD" } else { self.currency };
                let order = json!({
                    "external_id": format!("O-{}", self.dice.upto(u64::MAX - 1)),
                    "member_id": member,
                    "total": {"amount": 500 * (1 + self.dice.upto(20)), "currency": currency},
                    "placed_at": self.app.now().minus(back),
                });
                let reply = self.shop.post("/v1/orders", order).await;
                if reply.status == 201 {
                    orders.push(reply.json["id"].as_str().expect("an id").to_owned());
                }
            }
            5 if !orders.is_empty() => {
                let order = self.dice.pick(orders).clone();
                let path = format!("/v1/orders/{order}");
                let now = self.shop.get(&path).await.expect(200);
                if self.dice.once_in(3) {
                    self.shop.post(&format!("{path}/cancel"), json!({})).await;
                } else {
                    let amount = now["total"]["amount"].as_i64().expect("an amount") / 2;
                    let refund = json!({
                        "external_id": format!("R-{}", self.dice.upto(u64::MAX - 1)),
                        "amount": {"amount": amount, "currency": now["total"]["currency"]},
                    });
                    self.shop.post(&format!("{path}/refunds"), refund).await;
                }
            }
            6 | 7 => {
                let earn = json!({
                    "kind": "earn", "points": 1 + self.dice.upto(200), "reason": "a visit",
                    "available_at": self.app.now(),
                });
                let path = format!("/v1/members/{member}/entries");
                let entry = self.shop.post(&path, earn).await.expect(201);
                if self.dice.once_in(3) {
                    let entry = entry["id"].as_str().expect("an id");
                    let path = format!("/v1/entries/{entry}/reverse");
                    self.app
                        .admin()
                        .await
                        .post(&path, json!({"reason": "mistaken"}))
                        .await
                        .expect(201);
                }
            }
            8 => {
                let ask = json!({
                    "member_id": member, "reward_id": self.reward, "quantity": 1 + self.dice.upto(2),
                });
                let reply = self.shop.post("/v1/redemptions", ask).await;
                let what = self.dice.upto(3);
                if reply.status == 201 && what > 0 {
                    let id = reply.json["id"].as_str().expect("an id");
                    let (act, body) = match what {
                        1 => ("fulfil", json!({})),
                        2 => ("cancel", json!({"reason": "changed my mind"})),
                        _ => ("cancel", json!({"reason": "too many", "quantity": 1})),
                    };
                    self.shop.post(&format!("/v1/redemptions/{id}/{act}"), body).await;
                }
            }
            _ => {
                let hold = json!({
                    "points": 1 + self.dice.upto(40), "ttl_seconds": 86_400,
                    "order_ref": format!("H-{}", self.dice.upto(u64::MAX - 1)),
                });
                let reply = self.shop.post(&format!("/v1/members/{member}/holds"), hold).await;
                if reply.status == 201 && !self.dice.once_in(4) {
                    let id = reply.json["id"].as_str().expect("an id");
                    self.shop.post(&format!("/v1/holds/{id}/capture"), json!({})).await;
                }
            }
        }
    }
}

/// Some are suspended, some erased, and some of another tier.
async fn leave_some(app: &TestApp, ids: &[String]) {
    let admin = app.admin().await;
    for member in ids.iter().skip(3).step_by(17) {
        let why = json!({"reason": "a test"});
        admin.post(&format!("/v1/members/{member}/suspend"), why).await.expect(200);
    }
    for member in ids.iter().skip(5).step_by(29) {
        admin.delete(&format!("/v1/members/{member}")).await.expect(204);
    }
    for (place, tier) in TIERS.iter().enumerate().skip(1) {
        let some: Vec<MemberId> =
            ids.iter().skip(place).step_by(4).map(|id| id.parse().expect("an id")).collect();
        app.store()
            .write(move |tx| {
                let some = members::table.filter(members::id.eq_any(&some));
                Ok(diesel::update(some).set(members::tier.eq(*tier)).execute(tx.conn)?)
            })
            .await
            .expect("promoted");
    }
}

/// A segment; answers its id.
pub async fn segment(admin: &Client, name: &str, wanted: Value) -> String {
    let made = admin.post("/v1/segments", json!({"name": name, "where": wanted})).await;
    made.expect(201)["id"].as_str().expect("an id").to_owned()
}
