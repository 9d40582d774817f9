//! Random courses: whatever is joined, bought, given back, decided and waited for, in any order, a
//! referral stands where a plain reckoning says, is paid once at most, and not if it is over.

use std::time::Duration;

use platform::kernel::chance::Chance;
use program::referrals::service::{self as referrals, Due};
use serde_json::{Value, json};
use vildar::chores;

use crate::{
    referrals::{brought, code_of},
    shop::{eur, id},
    support::{app::TestApp, both::both},
};

const HOUR: u64 = 3600;
const LEAST: i64 = 2000;
const HOLD: u64 = 14 * 24 * HOUR;
const WINDOW: u64 = 90 * 24 * HOUR;
const SEQUENCES: usize = 16;
const STEPS: usize = 70;
const FRIENDS: usize = 4;

struct Bought {
    id: String,
    at: u64,
    total: i64,
    refunded: i64,
    cancelled: bool,
}

/// What somebody with pen and paper knows of a friend.
struct Reckoned {
    id: String,
    joined_at: u64,
    orders: Vec<Bought>,
    doubted: bool,
    rejected: bool,
    appealed: bool,
    state: &'static str,
    paid_by: Option<usize>,
}

impl Reckoned {
    fn counts(&self, order: &Bought) -> bool {
        !order.cancelled
            && order.total - order.refunded >= LEAST
            && order.at < self.joined_at + WINDOW
    }

    fn look(&mut self, now: u64) {
        let first = self.orders.iter().position(|order| self.counts(order));
        self.state = match self.state {
            "lapsed" | "reversed" => self.state,
            "rewarded" => {
                let by = &self.orders[self.paid_by.expect("an order paid")];
                let stands = !by.cancelled && by.total - by.refunded >= LEAST;
                if stands { "rewarded" } else { "reversed" }
            }
            _ if self.rejected => "rejected",
            // who is looked at waits, whatever the time is
            "flagged" if self.doubted => "flagged",
            _ => match first {
                None if now >= self.joined_at + WINDOW => "lapsed",
                _ if self.doubted => "flagged",
                None => "joined",
                Some(order) if now >= self.orders[order].at + HOLD => {
                    self.paid_by = Some(order);
                    "rewarded"
                }
                Some(_) => "qualified",
            },
        };
    }
}

fn pick(chance: &Chance, below: usize) -> usize {
    let bytes: [u8; 8] = chance.bytes();
    usize::try_from(u64::from_le_bytes(bytes) % below as u64).expect("small")
}

both!(random_courses_agree_with_a_plain_reckoning);
async fn random_courses_agree_with_a_plain_reckoning(app: &TestApp) {
    let seed: u64 =
        std::env::var("VILDAR_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(app.seed);
    println!("VILDAR_SEED={seed}");
    let chance = Chance::seeded(seed);
    app.settings(json!({"referral_limit_per_month": 1000, "pending_days": 3650})).await;
    let mut came = std::collections::BTreeSet::new();
    for sequence in 0..SEQUENCES {
        one(app, &chance, sequence, &mut came).await;
    }
    for state in ["joined", "qualified", "rewarded", "flagged", "rejected", "lapsed", "reversed"] {
        assert!(came.contains(state), "no course came to {state}: {came:?}");
    }
}

fn seconds(app: &TestApp) -> u64 {
    u64::try_from(app.now().as_second()).expect("after 1970")
}

async fn one(
    app: &TestApp,
    chance: &Chance,
    sequence: usize,
    came: &mut std::collections::BTreeSet<&'static str>,
) {
    let anna = app.enrol("Anna").await;
    let code = code_of(app, &anna).await;
    let mut friends: Vec<Reckoned> = Vec::new();
    for step in 0..STEPS {
        let shop = app.storefront().await;
        let now = seconds(app);
        let deed = if friends.is_empty() { 0 } else { pick(chance, 12) };
        if deed == 0 && friends.len() < FRIENDS {
            let number = friends.len();
            let email = format!("s{sequence}f{number}@s{sequence}f{number}.example.com");
            let friend = brought(&shop, &email, &code).await;
            friends.push(Reckoned {
                id: friend,
                joined_at: now,
                orders: Vec::new(),
                doubted: false,
                rejected: false,
                appealed: false,
                state: "joined",
                paid_by: None,
            });
        } else {
            let place = pick(chance, friends.len());
            act(app, chance, (sequence, step, deed), &mut friends[place]).await;
        }
        referrals::advance_due(app.store(), Due::All).await.expect("looked at");
        let now = seconds(app);
        let mut points = 0;
        for friend in &mut friends {
            friend.look(now);
            came.insert(friend.state);
            points += if friend.state == "rewarded" { 500 } else { 0 };
            let path = format!("/v1/members/{}/referral", friend.id);
            let told = app.staff().await.get(&path).await.expect(200);
            assert_eq!(told["state"], friend.state, "sequence {sequence}, step {step}: {told}");
            let rewards = told["rewards"].as_array().expect("rewards");
            let live = rewards.iter().filter(|one| one["reversed_at"].is_null()).count();
            let expected = if friend.state == "rewarded" { 2 } else { 0 };
            assert_eq!(live, expected, "sequence {sequence}, step {step}: {told}");
            assert!(rewards.len() <= 2, "paid once: {told}");
        }
        let balance = app.balance(&anna).await;
        let own = balance["available"].as_i64().expect("points")
            - balance["debt"].as_i64().expect("points");
        assert_eq!(own, points, "sequence {sequence}, step {step}");
    }
    chores::run_all(app.store()).await.expect("all chores");
}

async fn act(
    app: &TestApp,
    chance: &Chance,
    (sequence, step, deed): (usize, usize, usize),
    friend: &mut Reckoned,
) {
    let (shop, staff) = (app.storefront().await, app.staff().await);
    let now = seconds(app);
    let referral = async || -> Value {
        let path = format!("/v1/members/{}/referral", friend.id);
        app.staff().await.get(&path).await.expect(200)
    };
    match deed {
        0..=3 => {
            let total = [500, 1999, 2000, 2001, 5000][pick(chance, 5)];
            // now and then by a device that somebody else uses too
            let doubtful = pick(chance, 6) == 0;
            let mut order = json!({
                "external_id": format!("{sequence}-{step}"), "member_id": friend.id,
                "total": eur(total),
            });
            if doubtful {
                let device = format!("d-{}", friend.id);
                let other = json!({
                    "email": format!("o{sequence}x{step}@o{sequence}x{step}.example.com"),
                    "given_name": "O", "hints": {"device": device},
                });
                shop.post("/v1/members", other).await.expect(201);
                order["hints"] = json!({"device": device});
            }
            let placed = shop.post("/v1/orders", order).await.expect(201);
            // what was looked at and cleared, or is over, is not doubted for the same again
            let moves = ["joined", "qualified"].contains(&friend.state);
            if doubtful && moves && !friend.appealed && friend.state != "flagged" {
                friend.doubted |= !cleared(&referral().await);
            }
            friend.orders.push(Bought {
                id: id(&placed),
                at: now,
                total,
                refunded: 0,
                cancelled: false,
            });
        }
        4 | 5 if !friend.orders.is_empty() => {
            let place = pick(chance, friend.orders.len());
            let order = &mut friend.orders[place];
            let left = order.total - order.refunded;
            if order.cancelled || left == 0 {
                return;
            }
            if pick(chance, 3) == 0 && order.refunded == 0 {
                let path = format!("/v1/orders/{}/cancel", order.id);
                // what earned nothing is settled at once, and then it is a refund
                if shop.post(&path, json!({})).await.status == 200 {
                    order.cancelled = true;
                }
                return;
            }
            let amount = [1, left / 2, left][pick(chance, 3)].max(1);
            let refund = json!({"external_id": format!("r{step}"), "amount": eur(amount)});
            shop.post(&format!("/v1/orders/{}/refunds", order.id), refund).await.expect(201);
            order.refunded += amount;
        }
        6..=8 => {
            let hours = [1, 24, 24 * 5, 24 * 14, 24 * 30][pick(chance, 5)];
            app.travel(Duration::from_secs(hours * HOUR));
        }
        9 if friend.state == "flagged" => {
            let path = format!("/v1/referrals/{}/approve", id(&referral().await));
            staff.post(&path, json!({})).await.expect(200);
            friend.doubted = false;
            friend.state = "joined";
        }
        10 if friend.state == "flagged" => {
            let path = format!("/v1/referrals/{}/reject", id(&referral().await));
            staff.post(&path, json!({"reason": "no"})).await.expect(200);
            friend.rejected = true;
        }
        11 if friend.state == "rejected" => {
            let path = format!("/v1/referrals/{}/appeal", id(&referral().await));
            let reply = staff.post(&path, json!({"reason": "please"})).await;
            if friend.appealed {
                reply.refused(409, "limit_reached");
            } else {
                reply.expect(200);
                friend.rejected = false;
                friend.appealed = true;
                friend.state = "flagged";
            }
        }
        _ => {}
    }
}

/// Whether the device was found before, and cleared.
fn cleared(referral: &Value) -> bool {
    let flags = referral["flags"].as_array().expect("flags");
    flags.iter().any(|flag| flag["code"] == "same_device" && !flag["cleared_at"].is_null())
}
