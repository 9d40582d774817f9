//! What must add up when a storm is over, as a bookkeeper who only has the API would check it.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{storm::STOCK, storm_turns::Storm, support::app::Client};

/// The points of all members.
#[derive(Default)]
pub struct Sums {
    /// By the field of the balance.
    balances: BTreeMap<String, i64>,
    /// By the kind of the entry.
    entries: BTreeMap<String, i64>,
}

impl Sums {
    pub async fn of(admin: &Client, members: &[String]) -> Self {
        let mut sums = Self::default();
        for member in members {
            let balance = admin.get(&format!("/v1/members/{member}/balance")).await.expect(200);
            for (field, points) in balance.as_object().expect("fields") {
                let sum = sums.balances.entry(field.clone()).or_default();
                *sum += points.as_i64().unwrap_or(0);
            }
            sums.add_journal(admin, member, &balance).await;
        }
        sums
    }

    async fn add_journal(&mut self, admin: &Client, member: &str, balance: &Value) {
        let mut cursor = String::new();
        // newest first: what the line above says there was before it
        let field = |name: &str| balance[name].as_i64().expect("points");
        let mut after = field("available") + field("pending") + field("held") - field("debt");
        loop {
            let path = format!("/v1/members/{member}/entries?limit=100{cursor}");
            let page = admin.get(&path).await.expect(200);
            for entry in page["data"].as_array().expect("entries") {
                let points = entry["points"].as_i64().expect("points");
                assert_eq!(entry["balance_after"], after, "{entry}");
                after -= points;
                let kind = entry["kind"].as_str().expect("a kind").to_owned();
                *self.entries.entry(kind).or_default() += points;
            }
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(after, 0, "{member} began with nothing");
    }

    /// What members have, less what they owe.
    pub fn total(&self) -> i64 {
        let field = |name: &str| self.balances[name];
        field("available") + field("pending") + field("held") - field("debt")
    }

    /// All that there is was earned, and did not leave.
    pub fn agree(&self, taken_by_staff: i64) {
        let field = |name: &str| self.balances[name];
        let kind = |name: &str| self.entries.get(name).copied().unwrap_or(0);
        let left = field("lifetime_redeemed") + field("lifetime_expired") + taken_by_staff;
        assert_eq!(self.total(), field("lifetime_earned") - left, "{:?}", self.balances);
        assert_eq!(self.total(), self.entries.values().sum::<i64>(), "{:?}", self.entries);
        assert_eq!(kind("transfer"), 0, "what one sent another got");
        assert_eq!(kind("expire"), -field("lifetime_expired"));
        for gone in ["expire", "redeem", "clawback"] {
            assert!(kind(gone) < 0, "no {gone}: {:?}", self.entries);
        }
    }
}

/// What was not cancelled and did not expire is gone from the shelf, and nothing else is.
pub async fn stock_is_right(shop: &Client, admin: &Client, storm: &Storm) {
    let mut out: BTreeMap<String, i64> = BTreeMap::new();
    for id in storm.redemptions() {
        let redemption = shop.get(&format!("/v1/redemptions/{id}")).await.expect(200);
        if !matches!(redemption["state"].as_str(), Some("cancelled" | "expired")) {
            let reward = redemption["reward_id"].as_str().expect("an id").to_owned();
            *out.entry(reward).or_default() += redemption["quantity"].as_i64().expect("a number");
        }
    }
    for reward in &storm.rewards {
        let shown = admin.get(&format!("/v1/rewards/{reward}")).await.expect(200);
        let stock = shown["stock"].as_i64().expect("a number");
        assert_eq!(stock + out.get(reward).copied().unwrap_or(0), STOCK, "{reward}");
    }
}
