//! Segments in the console: forms without JSON, and why somebody is not in one.

use platform::auth::{Realm, Role, passwords, users};
use reqwest::Method;
use serde_json::json;

use crate::{
    crowd::segment,
    support::{
        app::{Client, Reply, TestApp},
        both::both,
    },
};

/// Somebody of the staff with a browser.
pub struct Desk<'a> {
    app: &'a TestApp,
    anyone: Client,
    cookie: String,
}

impl Desk<'_> {
    pub async fn post(&self, path: &str, form: &str) -> Reply {
        let headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("origin", self.app.url.as_str()),
            ("cookie", self.cookie.as_str()),
        ];
        self.anyone.send(Method::POST, path, &headers, Some(form.as_bytes().to_vec())).await
    }

    pub async fn read(&self, path: &str) -> String {
        let mut page = String::new();
        for language in ["is", "en"] {
            let headers = [("cookie", self.cookie.as_str()), ("accept-language", language)];
            let reply = self.anyone.send(Method::GET, path, &headers, None).await;
            assert_eq!(reply.status, 200, "{path}: {}", reply.text);
            page = reply.text;
        }
        page
    }
}

pub async fn desk(app: &TestApp, role: Role) -> Desk<'_> {
    let email = if role == Role::Admin { "admin@example.com" } else { "staff@example.com" };
    app.user(role, email).await;
    let password = "bok-og-kaffi".parse().expect("a password");
    let hash = passwords::hash(password, app.store().chance()).await.expect("hashed");
    app.store()
        .write(move |tx| {
            let known = users::list(tx, &platform::kernel::page::Page::first(100), |all| all)?.data;
            let user = known.into_iter().find(|user| user.email == email).expect("the user");
            passwords::set(tx, Realm::Staff, user.id.uuid(), &hash)
        })
        .await
        .expect("a password is set");
    let mut desk = Desk { app, anyone: app.anyone(), cookie: String::new() };
    let form = format!("email={}&password=bok-og-kaffi", email.replace('@', "%40"));
    let reply = desk.post("/console/sign-in", &form).await;
    assert_eq!(reply.status, 303, "{}", reply.text);
    let cookie = reply.header("set-cookie").expect("a cookie");
    cookie.split(';').next().unwrap_or_default().clone_into(&mut desk.cookie);
    desk
}

both!(a_segment_is_made_and_read_without_json);
async fn a_segment_is_made_and_read_without_json(app: &TestApp) {
    let anna = app.enrol("Anna").await;
    app.enrol("Bo").await;
    let shop = app.storefront().await;
    shop.patch(&format!("/v1/members/{anna}"), json!({"tags": ["fan"]})).await.expect(200);
    let desk = desk(app, Role::Admin).await;
    assert!(desk.read("/console/segments").await.contains("There is no segment yet"));

    // what is wrong is said, and what was typed stays
    let bad = "name=Fans&join=all&field%3A0=tag&op%3A0=lt&value%3A0=fan&window%3A0=";
    let reply = desk.post("/console/segments", bad).await;
    assert_eq!(reply.status, 422);
    assert!(reply.text.contains("value=\"fan\""), "{}", reply.text);
    let good = "name=Fans&join=any&field%3A0=tag&op%3A0=in&value%3A0=fan%2C+press&window%3A0=\
        &field%3A3=orders&op%3A3=gte&value%3A3=2&window%3A3=months%3A12&field%3A4=&op%3A4=eq";
    let reply = desk.post("/console/segments", good).await;
    assert_eq!(reply.status, 303, "{}", reply.text);
    let path = reply.header("location").expect("a path").replace("?done=saved", "");
    let made = app.admin().await.get(&path.replace("/console", "/v1")).await.expect(200);
    assert_eq!(
        made["where"],
        json!({"any": [
            {"field": "tag", "op": "in", "value": ["fan", "press"]},
            {"field": "orders", "op": "gte", "value": 2, "window": {"months": 12}},
        ]})
    );

    let list = desk.read("/console/segments").await;
    assert!(list.contains("Fans</a></th><td>1</td>"), "{list}");
    let page = desk.read(&path).await;
    assert!(page.contains("Anna") && !page.contains(">Bo<"), "{page}");
    assert!(page.contains("in the last 12 months"), "{page}");
    let email = app.admin().await.get("/v1/members?q=bo").await.expect(200);
    let email = email["data"][0]["email"].as_str().expect("an e-mail").replace('@', "%40");
    let why = desk.read(&format!("{path}?who={email}")).await;
    assert!(why.contains("not in it") && why.contains("has 0 "), "{why}");
    assert!(desk.read(&format!("{path}?who=nobody%40example.com")).await.contains("Nobody"));
    assert!(desk.read(&format!("{path}/members.csv")).await.contains(&anna));

    // changed by the version that was seen
    let change =
        "version=1&name=Fans+of+ours&join=all&field%3A0=tag&op%3A0=eq&value%3A0=fan&window%3A0=";
    assert_eq!(desk.post(&path, change).await.status, 303);
    let late = desk.post(&path, change).await;
    assert_eq!(late.status, 412);

    // a deeper tree is read, and keeps its conditions when it is renamed
    let deep = json!({"all": [{"not": {"field": "tag", "op": "eq", "value": "fan"}}]});
    let deep = segment(&app.admin().await, "Others", deep).await;
    let deep = format!("/console/segments/{deep}");
    let page = desk.read(&deep).await;
    assert!(page.contains("deeper than this form") && page.contains("Not:"), "{page}");
    assert_eq!(desk.post(&deep, "version=1&name=The+others").await.status, 303);
    assert!(desk.read(&deep).await.contains("Not:"));
    assert_eq!(desk.post(&format!("{deep}/delete"), "").await.status, 303);
    assert!(!desk.read("/console/segments").await.contains("The others"));
}

both!(staff_read_segments_and_do_not_change_them);
async fn staff_read_segments_and_do_not_change_them(app: &TestApp) {
    let fans = json!({"field": "tag", "op": "eq", "value": "fan"});
    let fans = segment(&app.admin().await, "Fans", fans).await;
    let desk = desk(app, Role::Staff).await;
    assert!(
        !desk
            .read("/console/segments")
            .await
            .contains("<form method=\"post\" action=\"/console/segments")
    );
    let path = format!("/console/segments/{fans}");
    assert!(!desk.read(&path).await.contains("/delete"));
    assert_eq!(desk.post(&path, "version=1&name=Mine").await.status, 403);
    assert_eq!(desk.post(&format!("{path}/delete"), "").await.status, 403);
    assert_eq!(desk.post("/console/segments", "name=Mine&join=all").await.status, 403);
}
