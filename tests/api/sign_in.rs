//! Sessions, passwords and public keys.

use std::time::Duration;

use jsonwebtoken::{Algorithm, DecodingKey, Validation, jwk::JwkSet};
use platform::auth::Role;
use serde_json::{Value, json};

use crate::support::{app::TestApp, both::both, mail::Mail};

/// The one-time token of a letter.
pub fn token_in(mail: &Mail) -> String {
    let text = mail.text.as_deref().expect("a text part");
    let start = text.find("token=").expect("a token") + "token=".len();
    text[start..].chars().take_while(|c| c.is_ascii_alphanumeric() || "_-".contains(*c)).collect()
}

fn credentials(email: &str, password: &str, realm: &str) -> Value {
    json!({"email": email, "password": password, "realm": realm})
}

/// A member and a staff user of one e-mail, each with a password of its own.
async fn two_of_one_name(app: &TestApp) -> String {
    let anna = json!({
        "email": "anna@example.com", "given_name": "Anna", "password": "the members own",
    });
    let member = app.storefront().await.post("/v1/members", anna).await.expect(201);
    app.user(Role::Staff, "anna@example.com").await;
    app.deliver_mail().await;
    let ask = json!({"email": "anna@example.com", "realm": "staff"});
    app.anyone().post("/v1/password-resets", ask).await.expect(202);
    let token = token_in(&app.deliver_mail().await[0]);
    let confirm = json!({"token": token, "password": "the users own"});
    let set = app.anyone().post("/v1/password-resets/confirm", confirm).await.expect(200);
    assert_eq!(set, json!({"realm": "staff"}));
    member["id"].as_str().expect("an id").to_owned()
}

both!(two_realms_are_two_worlds);
async fn two_realms_are_two_worlds(app: &TestApp) {
    let id = two_of_one_name(app).await;
    let anyone = app.anyone();
    let member = json!({"email": "ANNA@example.com", "password": "the members own"});
    let reply = anyone.post("/v1/sessions", member).await;
    assert_eq!(reply.header("cache-control").as_deref(), Some("no-store"));
    let session = reply.expect(201);
    assert_eq!((&session["token_type"], &session["expires_in"]), (&json!("Bearer"), &json!(900)));
    let member = app.with_token(session["access_token"].as_str().expect("a token"));
    assert_eq!(member.get("/v1/members/me").await.expect(200)["id"], id.as_str());
    member.get("/v1/members").await.refused(403, "forbidden");
    member.get("/v1/settings").await.refused(403, "forbidden");
    for (password, realm) in [("the users own", "member"), ("the members own", "staff")] {
        let body = credentials("anna@example.com", password, realm);
        anyone.post("/v1/sessions", body).await.refused(401, "unauthenticated");
    }
    let body = credentials("anna@example.com", "the users own", "staff");
    let session = anyone.post("/v1/sessions", body).await.expect(201);
    let staff = app.with_token(session["access_token"].as_str().expect("a token"));
    staff.get("/v1/members").await.expect(200);
    staff.get("/v1/members/me").await.refused(403, "forbidden");
    staff.get("/v1/settings").await.refused(403, "forbidden");
}

both!(a_wrong_e_mail_and_a_wrong_password_answer_alike);
async fn a_wrong_e_mail_and_a_wrong_password_answer_alike(app: &TestApp) {
    two_of_one_name(app).await;
    let mut answers = Vec::new();
    for (email, password, realm) in [
        ("anna@example.com", "wrong password", "member"),
        ("nobody@example.com", "the members own", "member"),
        ("anna@example.com", "x", "member"),
        ("anna@example.com", "", "staff"),
        ("nobody@example.com", "wrong password", "staff"),
    ] {
        let reply = app.anyone().post("/v1/sessions", credentials(email, password, realm)).await;
        let request_id = reply.header("x-request-id").expect("a request id");
        let headers: Vec<String> = reply.headers.keys().map(ToString::to_string).collect();
        answers.push((reply.text.replace(&request_id, "-"), headers));
        reply.refused(401, "unauthenticated");
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
}

both!(the_eleventh_try_of_a_minute_waits);
async fn the_eleventh_try_of_a_minute_waits(app: &TestApp) {
    two_of_one_name(app).await;
    let anyone = app.anyone();
    let right = credentials("anna@example.com", "the members own", "member");
    for left in (0..10).rev() {
        let reply = anyone.post("/v1/sessions", right.clone()).await;
        assert_eq!(reply.header("ratelimit"), Some(format!("\"sign-in\";r={left}")));
        assert_eq!(reply.header("ratelimit-policy").as_deref(), Some("\"sign-in\";q=10;w=60"));
        reply.expect(201);
    }
    let other_spelling = credentials("ANNA@EXAMPLE.COM", "the members own", "member");
    let reply = anyone.post("/v1/sessions", other_spelling).await;
    assert_eq!(reply.header("retry-after").as_deref(), Some("6"));
    reply.refused(429, "too_many_requests");
    // those who get it right don't use up their address
    let staff = credentials("anna@example.com", "the users own", "staff");
    anyone.post("/v1/sessions", staff.clone()).await.expect(201);
    app.travel(Duration::from_secs(6));
    anyone.post("/v1/sessions", right).await.expect(201);
    for nobody in 0..10 {
        let body = credentials(&format!("nobody{nobody}@example.com"), "wrong one", "member");
        anyone.post("/v1/sessions", body).await.refused(401, "unauthenticated");
    }
    anyone.post("/v1/sessions", staff).await.refused(429, "too_many_requests");
}

both!(a_refresh_token_is_good_for_one_refresh);
async fn a_refresh_token_is_good_for_one_refresh(app: &TestApp) {
    two_of_one_name(app).await;
    let anyone = app.anyone();
    let right = credentials("anna@example.com", "the members own", "member");
    let first = anyone.post("/v1/sessions", right.clone()).await.expect(201);
    let refresh = |session: &Value| json!({"refresh_token": session["refresh_token"]});
    let second = anyone.post("/v1/sessions/refresh", refresh(&first)).await.expect(200);
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    let third = anyone.post("/v1/sessions/refresh", refresh(&second)).await.expect(200);
    let other = anyone.post("/v1/sessions", right.clone()).await.expect(201);
    // the second comes again: its whole family ends, and no other
    for spent in [&second, &third, &first] {
        let reply = anyone.post("/v1/sessions/refresh", refresh(spent)).await;
        reply.refused(401, "unauthenticated");
    }
    let other = anyone.post("/v1/sessions/refresh", refresh(&other)).await.expect(200);
    app.travel(Duration::from_hours(30 * 24));
    let late = anyone.post("/v1/sessions/refresh", refresh(&other)).await;
    late.refused(401, "unauthenticated");
    // signing out ends a session
    let session = anyone.post("/v1/sessions", right).await.expect(201);
    let member = app.with_token(session["access_token"].as_str().expect("a token"));
    member.delete("/v1/sessions/current").await.expect(204);
    member.delete("/v1/sessions/current").await.refused(401, "unauthenticated");
    let reply = anyone.post("/v1/sessions/refresh", refresh(&session)).await;
    reply.refused(401, "unauthenticated");
    anyone.delete("/v1/sessions/current").await.refused(401, "unauthenticated");
}

both!(a_forgotten_password_is_set_by_mail);
async fn a_forgotten_password_is_set_by_mail(app: &TestApp) {
    two_of_one_name(app).await;
    let anyone = app.anyone();
    let right = credentials("anna@example.com", "the members own", "member");
    let session = anyone.post("/v1/sessions", right.clone()).await.expect(201);
    let ask = |email: &str| json!({"email": email});
    let known = anyone.post("/v1/password-resets", ask("anna@example.com")).await;
    let unknown = anyone.post("/v1/password-resets", ask("nobody@example.com")).await;
    assert_eq!((known.status, &known.text), (202, &unknown.text));
    assert_eq!(unknown.status, 202);
    let mail = app.deliver_mail().await;
    assert_eq!(mail.len(), 1, "nobody gets none");
    let token = token_in(&mail[0]);
    let confirm = |token: &str| json!({"token": token, "password": "a new password"});
    anyone.post("/v1/members/confirm", confirm(&token)).await.refused(422, "invalid_request");
    anyone.post("/v1/password-resets/confirm", confirm(&token)).await.expect(200);
    let again = anyone.post("/v1/password-resets/confirm", confirm(&token)).await;
    assert_eq!(again.pointer(), "/token");
    again.refused(422, "invalid_request");
    anyone.post("/v1/sessions", right).await.refused(401, "unauthenticated");
    let new = credentials("anna@example.com", "a new password", "member");
    anyone.post("/v1/sessions", new).await.expect(201);
    let refresh = json!({"refresh_token": session["refresh_token"]});
    anyone.post("/v1/sessions/refresh", refresh).await.refused(401, "unauthenticated");
    anyone.post("/v1/password-resets", ask("anna@example.com")).await.expect(202);
    let token = token_in(&app.deliver_mail().await[0]);
    app.travel(Duration::from_hours(1));
    let late = anyone.post("/v1/password-resets/confirm", confirm(&token)).await;
    late.refused(422, "invalid_request");
}

both!(the_public_keys_check_a_token);
async fn the_public_keys_check_a_token(app: &TestApp) {
    let id = two_of_one_name(app).await;
    let shop = app.storefront().await;
    let session = shop.post(&format!("/v1/members/{id}/sessions"), json!({})).await.expect(201);
    assert_eq!(session.get("refresh_token"), None, "short-lived");
    let token = session["access_token"].as_str().expect("a token");
    let keys = app.anyone().get("/.well-known/jwks.json").await.expect(200);
    assert!(keys["keys"][0].get("d").is_none(), "the private part stays here");
    let keys: JwkSet = serde_json::from_value(keys).expect("a JWK set");
    let kid = jsonwebtoken::decode_header(token).expect("a header").kid.expect("a kid");
    let key = DecodingKey::from_jwk(keys.find(&kid).expect("the key")).expect("a key");
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.validate_exp = false; // the tests' clock stands in 2026
    validation.set_audience(&["member"]);
    validation.set_issuer(&[&app.url]);
    let claims =
        jsonwebtoken::decode::<Value>(token, &key, &validation).expect("it verifies").claims;
    assert_eq!(claims["sub"], id.as_str());
    let lasts = claims["exp"].as_i64().expect("exp") - claims["iat"].as_i64().expect("iat");
    assert!((1..=900).contains(&lasts));
    validation.set_audience(&["staff"]);
    assert!(jsonwebtoken::decode::<Value>(token, &key, &validation).is_err());
    let member = app.with_token(token);
    assert_eq!(member.get("/v1/members/me").await.expect(200)["id"], id.as_str());
}
