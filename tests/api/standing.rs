//! What ends at once: a role, a session, the letters of a password that was set since. And HEAD.

use std::time::Duration;

use platform::auth::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    app::{Client, TestApp},
    both::both,
    second::SecondServer,
};

async fn sign_in(app: &TestApp, realm: &str, email: &str, password: &str) -> (Client, Value) {
    let ask = json!({"realm": realm, "email": email, "password": password});
    let session = app.anyone().post("/v1/sessions", ask).await.expect(201);
    (app.with_token(session["access_token"].as_str().expect("a token")), session)
}

both!(a_role_that_ends_ends_at_once);
async fn a_role_that_ends_ends_at_once(app: &TestApp) {
    let admin = app.admin().await;
    let other = app.user(Role::Admin, "other@example.com").await;
    other.get("/v1/settings").await.expect(200);
    let users = admin.get("/v1/users").await.expect(200);
    let users = users["data"].as_array().expect("users");
    let id = users
        .iter()
        .find(|user| user["email"] == "other@example.com")
        .and_then(|user| user["id"].as_str())
        .expect("the other admin");
    let path = format!("/v1/users/{id}");
    admin.patch(&path, json!({"role": "staff"})).await.expect(200);
    other.get("/v1/settings").await.refused(403, "forbidden");
    other.get("/v1/members").await.expect(200);
    admin.delete(&path).await.expect(204);
    other.get("/v1/members").await.refused(401, "unauthenticated");
}

both!(signing_out_ends_the_access_token_too);
async fn signing_out_ends_the_access_token_too(app: &TestApp) {
    let shop = app.storefront().await;
    let ask =
        json!({"email": "anna@example.com", "given_name": "Anna", "password": "correct horse"});
    shop.post("/v1/members", ask).await.expect(201);
    let (anna, _) = sign_in(app, "member", "anna@example.com", "correct horse").await;
    anna.get("/v1/members/me").await.expect(200);
    anna.delete("/v1/sessions/current").await.expect(204);
    anna.get("/v1/members/me").await.refused(401, "unauthenticated");
}

both!(a_new_password_voids_the_letters_before_it);
async fn a_new_password_voids_the_letters_before_it(app: &TestApp) {
    let shop = app.storefront().await;
    shop.post("/v1/members", json!({"email": "anna@example.com", "given_name": "Anna"}))
        .await
        .expect(201);
    app.deliver_mail().await;
    let reset = json!({"email": "anna@example.com", "realm": "member"});
    let mut tokens = Vec::new();
    for _ in 0..2 {
        app.anyone().post("/v1/password-resets", reset.clone()).await.expect(202);
        let mail = app.deliver_mail().await.remove(0);
        let text = mail.text.expect("a text");
        let token = text.split("token=").nth(1).expect("a link");
        let token: String =
            token.chars().take_while(|c| c.is_alphanumeric() || "_-".contains(*c)).collect();
        tokens.push(token);
    }
    let confirm = |token: &str| json!({"token": token, "password": "another horse"});
    let path = "/v1/password-resets/confirm";
    app.anyone().post(path, confirm(&tokens[0])).await.expect(200);
    app.anyone().post(path, confirm(&tokens[1])).await.refused(422, "invalid_request");
}

both!(head_is_get_without_the_body);
async fn head_is_get_without_the_body(app: &TestApp) {
    for path in ["/livez", "/openapi.json", "/.well-known/jwks.json", "/docs/problems"] {
        let head = app.anyone().send(Method::HEAD, path, &[], None).await;
        assert_eq!((head.status, head.text.as_str()), (200, ""), "{path}");
        let get = app.anyone().get(path).await;
        assert_eq!(head.header("content-type"), get.header("content-type"), "{path}");
    }
}

both!(nobody_is_born_tomorrow);
async fn nobody_is_born_tomorrow(app: &TestApp) {
    let shop = app.storefront().await;
    let ask = |day: &str| json!({"email": format!("a{day}@example.com"), "given_name": "Anna", "birthday": day});
    let late = shop.post("/v1/members", ask("2026-11-22")).await;
    assert_eq!(late.pointer(), "/birthday");
    late.refused(422, "invalid_request");
    shop.post("/v1/members", ask("2026-11-21")).await.expect(201);
}

both!(points_become_available_before_they_expire);
async fn points_become_available_before_they_expire(app: &TestApp) {
    let member = app.enrol("Anna").await;
    let shop = app.storefront().await;
    let path = format!("/v1/members/{member}/entries");
    let ask = |available: &str, expires: &str| {
        json!({
            "kind": "earn", "points": 5, "reason": "x",
            "available_at": available, "expires_at": expires,
        })
    };
    let bad = shop.post(&path, ask("2028-01-01T00:00:00Z", "2027-01-01T00:00:00Z")).await;
    assert_eq!(bad.pointer(), "/available_at");
    bad.refused(422, "invalid_request");
    shop.post(&path, ask("2027-01-01T00:00:00Z", "2028-01-01T00:00:00Z")).await.expect(201);
}

/// A member with a password, and three sessions: one of its own, one that a storefront opened, and
/// one that nobody has called with yet. The first two are known at both servers.
struct Signed {
    id: String,
    email: String,
    own: Client,
    minted: Client,
    unseen: Client,
}

impl Signed {
    async fn at(app: &TestApp, second: &SecondServer) -> Self {
        let shop = app.storefront().await;
        let email = format!("{}@example.com", app.store().chance().uuid_v7(app.now()).simple());
        let ask = json!({"email": email, "given_name": "Anna", "password": "correct horse"});
        let id = shop.post("/v1/members", ask).await.expect(201)["id"].clone();
        let id = id.as_str().expect("an id").to_owned();
        let (own, _) = sign_in(app, "member", &email, "correct horse").await;
        let mint = async || {
            let path = format!("/v1/members/{id}/sessions");
            let session = shop.post(&path, json!({})).await.expect(201);
            app.with_token(session["access_token"].as_str().expect("a token"))
        };
        let (minted, unseen) = (mint().await, mint().await);
        let signed = Self { id, email, own, minted, unseen };
        for who in [&signed.own, &signed.minted] {
            who.get(&signed.balance()).await.expect(200);
            who.at(&second.url).get(&signed.balance()).await.expect(200);
        }
        signed
    }

    fn balance(&self) -> String {
        format!("/v1/members/{}/balance", self.id)
    }

    /// Nothing may be read or done by any of these, here at once, elsewhere within a minute.
    async fn refused(&self, app: &TestApp, second: &SecondServer, all: &[&Client]) {
        let paths = ["entries", "statement?from=2026-01-01&to=2026-02-01", "rewards", "balance"];
        for who in all {
            for path in paths {
                let path = format!("/v1/members/{}/{path}", self.id);
                who.get(&path).await.refused(401, "unauthenticated");
            }
            who.delete("/v1/sessions/current").await.refused(401, "unauthenticated");
        }
        app.travel(Duration::from_secs(59));
        for who in all {
            let there = who.at(&second.url);
            there.get(&self.balance()).await.refused(401, "unauthenticated");
        }
    }
}

both!(who_was_suspended_erased_or_has_a_new_password_is_signed_out_everywhere);
async fn who_was_suspended_erased_or_has_a_new_password_is_signed_out_everywhere(app: &TestApp) {
    let second = SecondServer::beside(app);
    for how in ["suspend", "erase", "password"] {
        let staff = app.staff().await;
        let signed = Signed::at(app, &second).await;
        let path = format!("/v1/members/{}", signed.id);
        match how {
            "suspend" => {
                let why = json!({"reason": "a quarrel"});
                staff.post(&format!("{path}/suspend"), why).await.expect(200);
            }
            "erase" => drop(staff.delete(&path).await.expect(204)),
            _ => {
                app.deliver_mail().await;
                let ask = json!({"email": signed.email, "realm": "member"});
                app.anyone().post("/v1/password-resets", ask).await.expect(202);
                let mail = app.deliver_mail().await.remove(0);
                let text = mail.text.expect("a text");
                let token: String = text.split("token=").nth(1).expect("a link").to_owned();
                let token: String = token
                    .chars()
                    .take_while(|c| c.is_alphanumeric() || "_-".contains(*c))
                    .collect();
                let ask = json!({"token": token, "password": "another horse"});
                app.anyone().post("/v1/password-resets/confirm", ask).await.expect(200);
            }
        }
        signed.refused(app, &second, &[&signed.own, &signed.minted, &signed.unseen]).await;
    }
    second.stop().await;
}

both!(signing_out_ends_that_session_everywhere_and_no_other);
async fn signing_out_ends_that_session_everywhere_and_no_other(app: &TestApp) {
    let second = SecondServer::beside(app);
    let signed = Signed::at(app, &second).await;
    signed.own.delete("/v1/sessions/current").await.expect(204);
    signed.refused(app, &second, &[&signed.own]).await;
    for who in [&signed.minted, &signed.unseen] {
        who.get(&signed.balance()).await.expect(200);
        who.at(&second.url).get(&signed.balance()).await.expect(200);
    }
    second.stop().await;
}

both!(a_user_who_is_deleted_or_a_key_that_is_revoked_ends_everywhere);
async fn a_user_who_is_deleted_or_a_key_that_is_revoked_ends_everywhere(app: &TestApp) {
    let second = SecondServer::beside(app);
    let admin = app.admin().await;
    let other = app.user(Role::Admin, "other@example.com").await;
    let ask = json!({"name": "Till", "scopes": ["members:read"]});
    let key = admin.post("/v1/api-keys", ask).await.expect(201);
    let till = app.with_token(key["secret"].as_str().expect("a secret"));
    let users = admin.get("/v1/users").await.expect(200);
    let users = users["data"].as_array().expect("users");
    let user = users.iter().find(|user| user["email"] == "other@example.com").expect("a user");
    let (other_path, till_path) = ("/v1/settings", "/v1/members?email=a@example.com");
    for url in [&app.url, &second.url] {
        other.at(url).get(other_path).await.expect(200);
        till.at(url).get(till_path).await.expect(200);
    }
    let id = |what: &Value| what["id"].as_str().expect("an id").to_owned();
    admin.delete(&format!("/v1/users/{}", id(user))).await.expect(204);
    admin.delete(&format!("/v1/api-keys/{}", id(&key))).await.expect(204);
    other.get(other_path).await.refused(401, "unauthenticated");
    till.get(till_path).await.refused(401, "unauthenticated");
    app.travel(Duration::from_secs(59));
    other.at(&second.url).get(other_path).await.refused(401, "unauthenticated");
    till.at(&second.url).get(till_path).await.refused(401, "unauthenticated");
    second.stop().await;
}
