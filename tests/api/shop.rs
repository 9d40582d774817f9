//! What the tests of rewards, redemptions and orders say often.

use serde_json::{Value, json};

use crate::support::app::{Client, TestApp};

/// The id in an answer.
#[track_caller]
pub fn id(answer: &Value) -> String {
    answer["id"].as_str().unwrap_or_else(|| panic!("no id: {answer}")).to_owned()
}

/// The code of a redemption's voucher.
#[track_caller]
pub fn code(redemption: &Value) -> String {
    let code = redemption["voucher"]["code"].as_str();
    code.unwrap_or_else(|| panic!("no code: {redemption}")).to_owned()
}

/// The codes of a list of reasons.
#[track_caller]
pub fn codes(reasons: &Value) -> Vec<&str> {
    let reasons = reasons.as_array().expect("reasons");
    reasons.iter().map(|reason| reason["code"].as_str().expect("a code")).collect()
}

pub fn eur(amount: i64) -> Value {
    json!({"amount": amount, "currency": "EUR"})
}

/// An order of a member, now.
pub async fn order(shop: &Client, member: &str, external_id: &str, amount: i64) -> Value {
    let order = json!({"external_id": external_id, "member_id": member, "total": eur(amount)});
    shop.post("/v1/orders", order).await.expect(201)
}

/// One unit of a reward for a member.
pub async fn redeem(by: &Client, member: &str, reward: &str) -> Value {
    let ask = json!({"member_id": member, "reward_id": reward});
    by.post("/v1/redemptions", ask).await.expect(201)
}

/// A member with points that are available.
pub async fn rich(app: &TestApp, points: i64) -> String {
    let member = app.enrol("Jón").await;
    app.give(&member, points).await;
    member
}

/// One of the rewards that are shown to a member; `None` where it is not.
pub async fn offer(by: &Client, member: &str, reward: &str) -> Option<Value> {
    let listed = by.get(&format!("/v1/members/{member}/rewards")).await.expect(200);
    let offers = listed["data"].as_array().expect("rewards");
    offers.iter().find(|offer| offer["id"] == reward).cloned()
}

/// What a balance says of these fields.
pub async fn balance<const N: usize>(app: &TestApp, member: &str, fields: [&str; N]) -> [i64; N] {
    let balance = app.balance(member).await;
    fields.map(|field| balance[field].as_i64().expect(field))
}

/// A member's entries, newest first.
pub async fn entries(app: &TestApp, member: &str) -> Vec<Value> {
    let path = format!("/v1/members/{member}/entries?limit=100");
    let listed = app.admin().await.get(&path).await.expect(200);
    listed["data"].as_array().expect("entries").clone()
}

/// Points set aside for an order, for half an hour.
pub async fn hold(shop: &Client, member: &str, order_ref: &str, points: i64) -> Value {
    let ask = json!({"points": points, "order_ref": order_ref, "ttl_seconds": 1800});
    shop.post(&format!("/v1/members/{member}/holds"), ask).await.expect(201)
}

/// Kinds and points of a member's entries, oldest first.
pub async fn journal(app: &TestApp, member: &str) -> Vec<(String, i64)> {
    let told = |entry: &Value| {
        let kind = entry["kind"].as_str().expect("a kind").to_owned();
        (kind, entry["points"].as_i64().expect("points"))
    };
    entries(app, member).await.iter().rev().map(told).collect()
}

/// The same, as a test says it.
pub fn lines(expected: &[(&str, i64)]) -> Vec<(String, i64)> {
    expected.iter().map(|(kind, points)| ((*kind).to_owned(), *points)).collect()
}

/// How many units are left.
pub async fn stock(app: &TestApp, reward: &str) -> Value {
    app.admin().await.get(&format!("/v1/rewards/{reward}")).await.expect(200)["stock"].clone()
}

/// A whole list, page by page; `path` ends where a parameter can follow.
pub async fn walk(by: &Client, path: &str, limit: usize) -> Vec<Value> {
    let mut all = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = by.get(&format!("{path}limit={limit}{cursor}")).await.expect(200);
        let data = page["data"].as_array().expect("data");
        assert!(data.len() <= limit, "{} of {limit}", data.len());
        all.extend_from_slice(data);
        match page["next_cursor"].as_str() {
            None => return all,
            Some(next) => {
                assert_eq!(data.len(), limit, "a page that is not the last is full");
                cursor = format!("&cursor={next}");
            }
        }
    }
}
