//! What the tests of listening share: members who may be asked, surveys that ask, links that answer.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use reqwest::Method;
use serde_json::{Value, json};
use vildar::chores;

use crate::support::{
    app::{Reply, TestApp},
    mail::Mail,
};

pub const DAY: Duration = Duration::from_hours(24);

static NUMBER: AtomicU32 = AtomicU32::new(0);

#[track_caller]
pub fn id(answer: &Value) -> String {
    answer["id"].as_str().unwrap_or_else(|| panic!("no id: {answer}")).to_owned()
}

/// A member with consent, who joined long enough ago to be asked from tomorrow on.
pub async fn reader(app: &TestApp, more: Value) -> String {
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let mut ask = json!({
        "email": format!("reader-{number}@example.com"), "given_name": "Þórdís",
        "locale": "en", "time_zone": "Atlantic/Reykjavik", "country": "IS",
        "marketing_consent": true,
    });
    ask.as_object_mut().expect("fields").extend(more.as_object().expect("fields").clone());
    let member = id(&app.storefront().await.post("/v1/members", ask).await.expect(201));
    app.deliver_mail().await;
    member
}

/// A survey that is live; on the fulfilment of orders, unless `more` says otherwise.
pub async fn survey(app: &TestApp, more: Value) -> String {
    let mut new = json!({
        "kind": "nps", "name": "After the parcel",
        "question": {"en": "Would you recommend us?", "is": "Myndir þú mæla með okkur?"},
        "trigger": {"on": "order_placed", "after_days": 3},
    });
    new.as_object_mut().expect("fields").extend(more.as_object().expect("fields").clone());
    let admin = app.admin().await;
    let survey = id(&admin.post("/v1/surveys", new).await.expect(201));
    let live = admin.post(&format!("/v1/surveys/{survey}/publish"), json!({})).await.expect(200);
    assert_eq!(live["state"], "live");
    survey
}

pub async fn order(app: &TestApp, member: &str) -> String {
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let order = json!({
        "external_id": format!("PC-{number}"), "member_id": member,
        "total": {"amount": 4990, "currency": "EUR"},
    });
    id(&app.storefront().await.post("/v1/orders", order).await.expect(201))
}

/// Does what is due now, and answers what was delivered.
pub async fn mail(app: &TestApp) -> Vec<Mail> {
    chores::run_all(app.store()).await.expect("the chores are done");
    app.deliver_mail().await
}

/// The same so much later.
pub async fn mail_after(app: &TestApp, by: Duration) -> Vec<Mail> {
    app.travel(by);
    mail(app).await
}

/// The path of the page that a survey's letter opens, without a score.
#[track_caller]
pub fn link(letter: &Mail) -> String {
    let text = letter.text.as_deref().expect("a text");
    let from = text.find("/s/").unwrap_or_else(|| panic!("no link: {text}"));
    let token: String = text[from..].chars().take_while(|c| *c != '?').collect();
    assert_eq!(token.len(), 3 + 43, "{token}");
    token
}

/// Opens a page.
pub async fn look(app: &TestApp, path: &str) -> Reply {
    app.anyone().send(Method::GET, path, &[("accept", "text/html")], None).await
}

/// Sends the form of a survey's page.
pub async fn say(app: &TestApp, path: &str, score: i64, comment: &str) -> Reply {
    let form = format!("score={score}&comment={}", comment.replace(' ', "+"));
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    app.anyone().send(Method::POST, path, &headers, Some(form.into_bytes())).await
}

pub async fn answers(app: &TestApp, query: &str) -> Vec<Value> {
    let listed = app.staff().await.get(&format!("/v1/answers?limit=100&{query}")).await.expect(200);
    listed["data"].as_array().expect("answers").clone()
}

pub async fn asks(app: &TestApp, query: &str) -> Vec<Value> {
    let listed = app.staff().await.get(&format!("/v1/asks?limit=100&{query}")).await.expect(200);
    listed["data"].as_array().expect("asks").clone()
}

/// The codes of an ask's reasons.
pub fn codes(ask: &Value) -> Vec<&str> {
    let reasons = ask["reasons"].as_array().expect("reasons");
    reasons.iter().map(|reason| reason["code"].as_str().expect("a code")).collect()
}
