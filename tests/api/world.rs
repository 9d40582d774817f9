//! A small program to attack: somebody of each kind, and one of each thing.

use std::collections::BTreeSet;

use platform::db::types::RawId;
use program::thanks::{Deed, DeedType, Owed, ThanksCategory, service};
use serde_json::json;

use crate::{
    register::{columns, count},
    support::app::{Client, TestApp},
};

/// Somebody of each kind, and the ids of one of each thing.
pub struct World {
    pub shop: Client,
    pub admin: Client,
    pub staff: Client,
    pub member: Client,
    pub other: Client,
    pub anyone: Client,
    pub member_id: String,
    pub user_id: String,
    pub reward: String,
    pub order: String,
    /// Of kind `product`, thus `placed`.
    pub redemption: String,
    pub voucher: String,
    /// Live, of 50 points.
    pub hold: String,
    /// An entry that staff may undo.
    pub entry: String,
    pub other_id: String,
    /// Proposed by staff.
    pub perk: String,
    pub perk_list: String,
    /// Owed by nobody in particular.
    pub thanks: String,
    pub occasion: String,
    /// Live; by hand.
    pub survey: String,
    /// Of which nothing was published.
    pub draft_survey: String,
    /// To it, from the till.
    pub answer: String,
    pub segment: String,
    /// Of which there is something to tell, and another.
    pub topic: String,
    pub other_topic: String,
    /// A draft of the admin's.
    pub announcement: String,
    /// The newest.
    pub letter: String,
    /// Of nobody's address.
    pub suppression: String,
    /// Who reports what became of mail.
    pub reporter: Client,
}

impl World {
    pub async fn on(app: &TestApp) -> Self {
        let (shop, admin, staff) = (app.storefront().await, app.admin().await, app.staff().await);
        let (member_id, other_id) = (app.enrol("Anna").await, app.enrol("Bo").await);
        app.give(&member_id, 1000).await;
        let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
        let reward = app.reward(json!({})).await;
        let product = app.reward(json!({"kind": "product", "name": "Cup"})).await;
        let redeem = |reward: &str| json!({"member_id": member_id, "reward_id": reward});
        let voucher = shop.post("/v1/redemptions", redeem(&reward)).await.expect(201);
        let placed = shop.post("/v1/redemptions", redeem(&product)).await.expect(201);
        let order = json!({
            "external_id": "W-1", "member_id": member_id,
            "total": {"amount": 5000, "currency": "EUR"},
        });
        let order = shop.post("/v1/orders", order).await.expect(201);
        let hold = json!({"points": 50, "order_ref": "W-2", "ttl_seconds": 86_400});
        let hold = shop.post(&format!("/v1/members/{member_id}/holds"), hold).await.expect(201);
        let listed = admin.get(&format!("/v1/members/{member_id}/entries")).await.expect(200);
        let gift = listed["data"].as_array().and_then(|entries| entries.last()).expect("a gift");
        let perk = json!({
            "member_id": member_id, "kind": "points", "points": 501, "title": "Thanks",
            "reason": "why", "send_letter": false,
        });
        let perk = staff.post("/v1/perks", perk).await.expect(201);
        let perk_list = json!({
            "kind": "thank_you", "title": "Thanks", "reason": "why", "send_letter": false,
            "members": [member_id],
        });
        let perk_list = staff.post("/v1/perk-lists", perk_list).await.expect(201);
        let occasion = admin.post("/v1/occasions", json!({"kind": "birthday"})).await.expect(201);
        let survey = json!({
            "kind": "nps", "name": "S", "question": "How is it?", "trigger": {"on": "manual"},
        });
        let draft_survey = text(&admin.post("/v1/surveys", survey.clone()).await.expect(201)["id"]);
        let survey = text(&admin.post("/v1/surveys", survey).await.expect(201)["id"]);
        admin.post(&format!("/v1/surveys/{survey}/publish"), json!({})).await.expect(200);
        let answer = json!({
            "survey_id": survey, "member_id": member_id, "score": 9, "channel": "till",
        });
        let answer = text(&shop.post("/v1/answers", answer).await.expect(201)["id"]);
        let wanted = json!({"field": "country", "op": "eq", "value": "IS"});
        let segment = json!({"name": "Icelanders", "where": wanted});
        let segment = admin.post("/v1/segments", segment).await.expect(201);
        let queue = json!({"name": "Queue", "state": "changed"});
        let topic = staff.post("/v1/topics", queue).await.expect(201);
        let other_topic = staff.post("/v1/topics", json!({"name": "Price"})).await.expect(201);
        let told = json!({
            "topic_ids": [topic["id"]], "from": "2026-05-01", "to": "2026-06-01",
            "title": "Two tills", "body": "Both are open.",
        });
        let announcement = admin.post("/v1/announcements", told).await.expect(201);
        let owed = Owed {
            member: member_id.parse().expect("an id"),
            deed: Deed {
                of: DeedType::Mention,
                id: RawId(app.store().chance().uuid_v7(app.now())),
            },
            category: ThanksCategory::Mention,
            topic_owner: None,
        };
        let thanks = app.store().write(move |tx| service::owe(tx, &owed)).await.expect("owed");
        let letters = staff.get("/v1/letters?limit=1").await.expect(200);
        app.settings(json!({"transfers_enabled": true})).await;
        let reporter = app.anyone().reporting();
        let report = json!({"reports": [{"kind": "bounce", "email": "gone@example.com"}]});
        reporter.post("/v1/mail-reports", report).await.expect(200);
        let suppressed = admin.get("/v1/suppressions").await.expect(200);
        let users = admin.get("/v1/users").await.expect(200);
        Self {
            member: app.member(&member_id).await,
            other: app.member(&other_id).await,
            anyone: app.anyone(),
            user_id: text(&users["data"][0]["id"]),
            order: text(&order["id"]),
            redemption: text(&placed["id"]),
            voucher: text(&voucher["voucher"]["code"]),
            hold: text(&hold["id"]),
            entry: text(&gift["id"]),
            perk: text(&perk["id"]),
            perk_list: text(&perk_list["id"]),
            thanks: thanks.id.to_string(),
            occasion: text(&occasion["id"]),
            survey,
            draft_survey,
            answer,
            segment: text(&segment["id"]),
            topic: text(&topic["id"]),
            other_topic: text(&other_topic["id"]),
            announcement: text(&announcement["id"]),
            letter: text(&letters["data"][0]["id"]),
            suppression: text(&suppressed["data"][0]["id"]),
            reporter,
            other_id,
            shop,
            admin,
            staff,
            member_id,
            reward,
        }
    }
}

/// Tables that change by what is no deed of a request's: the program's own keys and marks.
const NOT_COUNTED: [&str; 2] = ["meta", "signing_keys"];

/// How many rows the tables have that a refused request must leave alone: all but few.
pub async fn rows(app: &TestApp) -> Vec<(String, i64)> {
    let tables: BTreeSet<String> =
        columns(app).await.into_iter().map(|column| column.in_table).collect();
    let mut counts = Vec::new();
    for table in tables {
        if !NOT_COUNTED.contains(&&*table) {
            let rows = count(app, format!("SELECT count(*) AS rows FROM {table}")).await;
            counts.push((table, rows));
        }
    }
    counts
}
