//! What ends at once: a role, a session, the letters of a password that was set since. And HEAD.

use reqwest::Method;
use serde_json::{Value, json};
use vildar::auth::Role;

use crate::support::{
    app::{Client, TestApp},
    both::both,
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
