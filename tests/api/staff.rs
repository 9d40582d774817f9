//! What admins hand out: API keys and staff users.

use std::time::Duration;

use platform::auth::{Role, Scope};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    sign_in::token_in,
    support::{app::TestApp, both::both},
};

both!(each_scope_opens_its_own_door);
async fn each_scope_opens_its_own_door(app: &TestApp) {
    let id = app.enrol("Anna").await;
    app.give(&id, 1000).await;
    let reward = app.reward(json!({})).await;
    let money = json!({"amount": 100, "currency": "EUR"});
    let member = format!("/v1/members/{id}");
    let doors = [
        (Scope::MembersRead, Method::GET, member.clone(), json!({}), 200),
        (Scope::MembersRead, Method::GET, format!("{member}/balance"), json!({}), 200),
        (Scope::MembersRead, Method::GET, format!("{member}/entries"), json!({}), 200),
        (Scope::MembersRead, Method::GET, format!("{member}/rewards"), json!({}), 200),
        (Scope::MembersRead, Method::GET, format!("{member}/preferences"), json!({}), 200),
        (Scope::MembersRead, Method::GET, format!("{member}/referrals"), json!({}), 200),
        (Scope::MembersRead, Method::GET, "/v1/members?external_id=1".into(), json!({}), 200),
        (
            Scope::MembersWrite,
            Method::POST,
            "/v1/members".into(),
            json!({"email": "b@example.com", "given_name": "B"}),
            201,
        ),
        (
            Scope::MembersWrite,
            Method::PATCH,
            format!("{member}/preferences"),
            json!({"surveys": false}),
            200,
        ),
        (
            Scope::OrdersWrite,
            Method::POST,
            "/v1/orders".into(),
            json!({"external_id": "1", "member_id": id, "total": money}),
            201,
        ),
        (
            Scope::EntriesEarn,
            Method::POST,
            format!("{member}/entries"),
            json!({"kind": "earn", "points": 5, "reason": "why"}),
            201,
        ),
        (
            Scope::RedemptionsWrite,
            Method::POST,
            "/v1/redemptions".into(),
            json!({"member_id": id, "reward_id": reward}),
            201,
        ),
        (Scope::SessionsCreate, Method::POST, format!("{member}/sessions"), json!({}), 201),
    ];
    for (scope, method, path, body, status) in doors {
        let others: Vec<Scope> =
            Scope::ALL.iter().copied().filter(|other| *other != scope).collect();
        let without = app.storefront_with(&others).await;
        let body = Some(body.to_string().into_bytes());
        let reply = without.send(method.clone(), &path, &[], body.clone()).await;
        let problem = reply.refused(403, "forbidden");
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains(scope.as_str())));
        let with = app.storefront_with(&[scope]).await;
        with.send(method, &path, &[], body).await.expect(status);
    }
    let nothing_more = app.storefront_with(&[Scope::HoldsWrite]).await;
    nothing_more.get("/v1/rewards").await.expect(200);
    for path in ["/v1/settings", "/v1/users", "/v1/api-keys", "/v1/referrals"] {
        app.storefront().await.get(path).await.refused(403, "forbidden");
    }
}

both!(a_key_ends_when_it_is_revoked_and_when_its_time_is_over);
async fn a_key_ends_when_it_is_revoked_and_when_its_time_is_over(app: &TestApp) {
    let admin = app.admin().await;
    let ask = |end: Value| json!({"name": "Shop", "scopes": ["members:read", "members:read"], "expires_at": end});
    let made = admin.post("/v1/api-keys", ask(Value::Null)).await;
    assert_eq!(made.header("cache-control").as_deref(), Some("no-store"));
    let made = made.expect(201);
    assert_eq!(made["scopes"], json!(["members:read"]));
    let secret = made["secret"].as_str().expect("a secret");
    assert!(secret.starts_with("vk_"));
    let shop = app.with_token(secret);
    shop.get("/v1/rewards").await.expect(200);
    let listed = admin.get("/v1/api-keys").await;
    assert!(!listed.text.contains(secret) && !listed.text.contains("secret"));
    let path = format!("/v1/api-keys/{}", made["id"].as_str().expect("an id"));
    for _ in 0..2 {
        admin.delete(&path).await.expect(204);
        shop.get("/v1/rewards").await.refused(401, "unauthenticated");
    }
    let listed = admin.get("/v1/api-keys").await.expect(200);
    assert!(listed["data"][0]["revoked_at"].is_string(), "revoked, and still listed");

    let brief = admin.post("/v1/api-keys", ask(json!("2026-11-21T12:00:10Z"))).await.expect(201);
    let shop = app.with_token(brief["secret"].as_str().expect("a secret"));
    shop.get("/v1/rewards").await.expect(200);
    app.travel(Duration::from_secs(9));
    shop.get("/v1/rewards").await.expect(200);
    app.travel(Duration::from_secs(1));
    shop.get("/v1/rewards").await.refused(401, "unauthenticated");
    // pages
    for _ in 0..3 {
        admin.post("/v1/api-keys", ask(Value::Null)).await.expect(201);
    }
    let mut seen = Vec::new();
    let mut path = "/v1/api-keys?limit=2".to_owned();
    loop {
        let page = admin.get(&path).await.expect(200);
        seen.extend(
            page["data"].as_array().expect("a page").iter().map(|key| key["id"].to_string()),
        );
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/v1/api-keys?limit=2&cursor={cursor}");
    }
    assert_eq!(seen.len(), 5);
    assert!(seen.is_sorted_by(|newer, older| newer > older), "newest first: {seen:?}");
}

both!(staff_users_are_invited_changed_and_deleted);
async fn staff_users_are_invited_changed_and_deleted(app: &TestApp) {
    let (admin, anyone) = (app.admin().await, app.anyone());
    let einar = json!({"email": "einar@shop.example.com", "name": "Einar", "role": "staff"});
    let made = admin.post("/v1/users", einar.clone()).await.expect(201);
    let again = json!({"email": "EINAR@shop.example.com", "name": "E", "role": "admin"});
    admin.post("/v1/users", again).await.refused(409, "email_taken");
    let sign_in =
        json!({"email": "einar@shop.example.com", "password": "long enough", "realm": "staff"});
    anyone.post("/v1/sessions", sign_in.clone()).await.refused(401, "unauthenticated");
    let mail = app.deliver_mail().await;
    assert_eq!((mail.len(), mail[0].to[0].address.as_str()), (1, "einar@shop.example.com"));
    let confirm = json!({"token": token_in(&mail[0]), "password": "long enough"});
    let set = anyone.post("/v1/password-resets/confirm", confirm).await.expect(200);
    assert_eq!(set["realm"], "staff");
    let session = anyone.post("/v1/sessions", sign_in.clone()).await.expect(201);
    let staff = app.with_token(session["access_token"].as_str().expect("a token"));
    staff.get("/v1/members").await.expect(200);
    staff.get("/v1/users").await.refused(403, "forbidden");

    let path = format!("/v1/users/{}", made["id"].as_str().expect("an id"));
    assert_eq!(admin.get(&path).await.expect(200), made);
    let body = || Some(br#"{"role":"admin"}"#.to_vec());
    let without = admin.send(Method::PATCH, &path, &[], body()).await;
    without.refused(428, "precondition_required");
    let stale = admin.send(Method::PATCH, &path, &[("if-match", "\"7\"")], body()).await;
    stale.refused(412, "precondition_failed");
    let changed = admin.patch(&path, json!({"role": "admin"})).await.expect(200);
    assert_eq!((&changed["role"], &changed["name"]), (&json!("admin"), &json!("Einar")));
    let refresh = json!({"refresh_token": session["refresh_token"]});
    let session = anyone.post("/v1/sessions/refresh", refresh).await.expect(200);
    let einar = app.with_token(session["access_token"].as_str().expect("a token"));
    einar.get("/v1/users").await.expect(200); // the role is read anew

    // with two admins one may go; the last one stays, and stays an admin
    let users = admin.get("/v1/users").await.expect(200);
    let first =
        users["data"].as_array().expect("users").iter().find(|user| user["id"] != made["id"]);
    let first =
        format!("/v1/users/{}", first.expect("the first admin")["id"].as_str().expect("an id"));
    einar.delete(&first).await.expect(204);
    einar.get(&first).await.refused(404, "not_found");
    einar.delete(&first).await.refused(404, "not_found");
    einar.delete(&path).await.refused(409, "limit_reached");
    einar.patch(&path, json!({"role": "staff"})).await.refused(409, "limit_reached");
    einar.patch(&path, json!({"role": "admin", "name": "Einar Þór"})).await.expect(200);
    app.user(Role::Admin, "another@example.com").await;
    einar.delete(&path).await.expect(204);
    anyone.post("/v1/sessions", sign_in).await.refused(401, "unauthenticated");
    let refresh = json!({"refresh_token": session["refresh_token"]});
    anyone.post("/v1/sessions/refresh", refresh).await.refused(401, "unauthenticated");
}
