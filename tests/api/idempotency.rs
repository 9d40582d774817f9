//! `Idempotency-Key`: one effect, one answer.

use std::time::Duration;

use diesel::prelude::*;
use platform::db::schema::idempotency_keys;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    support::{
        app::{Client, Reply, TestApp},
        both::both,
    },
    world::{World, rows},
};

fn replayed(reply: &Reply) -> bool {
    reply.header("idempotent-replayed").as_deref() == Some("true")
}

fn order(external_id: &str, member: &str) -> Value {
    json!({
        "external_id": external_id, "member_id": member,
        "total": {"amount": 5000, "currency": "EUR"},
    })
}

async fn kept(app: &TestApp) -> i64 {
    app.store()
        .read(|tx| Ok(idempotency_keys::table.count().get_result(tx.conn)?))
        .await
        .expect("counted")
}

both!(the_same_request_gets_the_first_answer);
async fn the_same_request_gets_the_first_answer(app: &TestApp) {
    let world = World::on(app).await;
    let World { shop, admin, member_id: id, .. } = &world;
    let entries = format!("/v1/members/{id}/entries");
    let gift = json!({"kind": "adjust", "points": 7, "reason": "why"});
    let first = admin.post_keyed(&entries, "k-1", gift.clone()).await;
    assert_eq!((first.status, replayed(&first)), (201, false), "{}", first.text);
    let before = rows(app).await;
    let balance = app.balance(id).await;
    for _ in 0..3 {
        let again = admin.post_keyed(&entries, "k-1", gift.clone()).await;
        assert_eq!((again.status, replayed(&again)), (201, true));
        assert_eq!(again.text, first.text, "byte for byte");
        assert_eq!(again.header("content-type"), first.header("content-type"));
        assert_ne!(again.header("x-request-id"), first.header("x-request-id"));
    }
    assert_eq!(rows(app).await, before);
    assert_eq!(app.balance(id).await["available"], balance["available"]);
    // body and query count, byte by byte
    for other in [json!({"kind": "adjust", "points": 8, "reason": "why"}), json!({})] {
        let reply = admin.post_keyed(&entries, "k-1", other.clone()).await;
        if other == json!({}) {
            reply.refused(422, "invalid_request");
        } else {
            reply.refused(422, "idempotency_key_reused");
        }
    }
    let spaced = serde_json::to_string_pretty(&gift).expect("JSON").into_bytes();
    let headers = [("idempotency-key", "k-1")];
    let reply = admin.send(Method::POST, &entries, &headers, Some(spaced)).await;
    reply.refused(422, "idempotency_key_reused");
    let query = format!("{entries}?dry_run=false");
    admin.post_keyed(&query, "k-1", gift.clone()).await.refused(422, "idempotency_key_reused");
    // another caller, another path, another key: another request
    let earn = json!({"kind": "earn", "points": 7, "reason": "why"});
    let by_shop = shop.post_keyed(&entries, "k-1", earn).await;
    assert!(!replayed(&by_shop));
    by_shop.expect(201);
    let other = app.enrol("Cleo").await;
    let elsewhere = format!("/v1/members/{other}/entries");
    let reply = admin.post_keyed(&elsewhere, "k-1", gift.clone()).await;
    assert!(!replayed(&reply));
    reply.expect(201);
    let longest = "k".repeat(255);
    for key in ["K-1", "~!\"#", longest.as_str()] {
        let reply = admin.post_keyed(&entries, key, gift.clone()).await;
        assert!(!replayed(&reply), "{key}");
        reply.expect(201);
    }
}

both!(refusals_of_the_use_case_are_kept_and_others_are_not);
async fn refusals_of_the_use_case_are_kept_and_others_are_not(app: &TestApp) {
    let world = World::on(app).await;
    let World { shop, admin, reward, .. } = &world;
    let poor = app.enrol("Dora").await;
    let redeem = json!({"member_id": poor, "reward_id": reward});
    let refused = shop.post_keyed("/v1/redemptions", "r-1", redeem.clone()).await;
    let first = refused.text.clone();
    refused.refused(409, "insufficient_points");
    app.give(&poor, 1000).await;
    let again = shop.post_keyed("/v1/redemptions", "r-1", redeem.clone()).await;
    assert!(replayed(&again), "a 409 is kept: {}", again.text);
    assert_eq!((again.status, again.text.as_str()), (409, first.as_str()));
    assert_eq!(again.header("content-type").as_deref(), Some("application/problem+json"));
    let unknown = order("F-1", "mem_01m7zr0b7ee0tt0vrz3kxj2q8d");
    let first = shop.post_keyed("/v1/orders", "r-2", unknown.clone()).await;
    let text = first.text.clone();
    first.refused(404, "not_found");
    let again = shop.post_keyed("/v1/orders", "r-2", unknown).await;
    assert!(replayed(&again), "a 404 is kept");
    assert_eq!((again.status, again.text), (404, text));
    let before = kept(app).await;
    // not kept: what is wrong with the request itself, and what was never done
    let future = json!({
        "external_id": "F-2", "member_id": poor, "placed_at": "2027-01-01T00:00:00Z",
        "total": {"amount": 5000, "currency": "EUR"},
    });
    shop.post_keyed("/v1/orders", "r-3", future).await.refused(422, "invalid_request");
    shop.post_keyed("/v1/orders?dry_run=true", "r-3", order("F-2", &poor)).await.expect(200);
    admin.post_keyed("/v1/orders", "r-3", order("F-2", &poor)).await.refused(403, "forbidden");
    assert_eq!(kept(app).await, before, "none of these is kept");
    let fresh = shop.post_keyed("/v1/orders", "r-3", order("F-2", &poor)).await;
    assert!(!replayed(&fresh));
    fresh.expect(201);
}

both!(after_two_days_a_key_is_new);
async fn after_two_days_a_key_is_new(app: &TestApp) {
    let world = World::on(app).await;
    let id = &world.member_id;
    let entries = format!("/v1/members/{id}/entries");
    let earn = json!({"kind": "earn", "points": 7, "reason": "why"});
    let first = world.shop.post_keyed(&entries, "t-1", earn.clone()).await.expect(201);
    app.travel(Duration::from_secs(48 * 3600 - 1));
    let again = world.shop.post_keyed(&entries, "t-1", earn.clone()).await;
    assert!(replayed(&again));
    app.travel(Duration::from_secs(1));
    let other = json!({"kind": "earn", "points": 8, "reason": "why"});
    let new = world.shop.post_keyed(&entries, "t-1", other).await;
    assert!(!replayed(&new), "forgotten, thus free for another request");
    assert_ne!(new.expect(201)["id"], first["id"]);
}

both!(twenty_at_once_have_one_effect);
async fn twenty_at_once_have_one_effect(app: &TestApp) {
    let world = World::on(app).await;
    let id = world.member_id.clone();
    let entries = format!("/v1/members/{id}/entries");
    let before: i64 = app.balance(&id).await["pending"].as_i64().expect("points");
    let rows_before = rows(app).await;
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let (shop, path): (Client, String) = (world.shop.clone(), entries.clone());
            actix_web::rt::spawn(async move {
                let earn = json!({"kind": "earn", "points": 9, "reason": "why"});
                shop.post_keyed(&path, "c-1", earn).await
            })
        })
        .collect();
    let mut replies = Vec::new();
    for task in tasks {
        replies.push(task.await.expect("no panic"));
    }
    assert!(replies.iter().all(|reply| reply.status == 201), "{replies:#?}");
    assert!(replies.iter().all(|reply| reply.text == replies[0].text));
    assert_eq!(replies.iter().filter(|reply| !replayed(reply)).count(), 1);
    let after: i64 = app.balance(&id).await["pending"].as_i64().expect("points");
    assert_eq!(after - before, 9);
    let added: Vec<_> = rows(app)
        .await
        .into_iter()
        .zip(rows_before)
        .filter(|(new, old)| new != old)
        .map(|((table, new), (_, old))| (table, new - old))
        .collect();
    let one = |table: &str| (table.to_owned(), 1);
    assert_eq!(added, ["entries", "entry_notes", "idempotency_keys", "lots"].map(one));
}

both!(what_holds_secrets_ignores_the_key);
async fn what_holds_secrets_ignores_the_key(app: &TestApp) {
    let world = World::on(app).await;
    let World { shop, admin, anyone, member_id, .. } = &world;
    let before = kept(app).await;
    let person = json!({
        "email": "eva@example.com", "given_name": "Eva", "password": "long enough",
    });
    shop.post("/v1/members", person.clone()).await.expect(201);
    let sign_in = json!({"email": "eva@example.com", "password": "long enough"});
    let key = json!({"name": "Shop", "scopes": ["members:read"]});
    let path = format!("/v1/members/{member_id}/sessions");
    let cases: [(&Client, &str, Value, u16); 4] = [
        (anyone, "/v1/sessions", sign_in, 201),
        (admin, "/v1/api-keys", key, 201),
        (anyone, "/v1/members", person, 202),
        (shop, &path, json!({}), 201),
    ];
    for (who, path, body, status) in cases {
        let first = who.post_keyed(path, "s-1", body.clone()).await;
        let again = who.post_keyed(path, "s-1", body).await;
        assert_eq!((first.status, again.status), (status, status), "{path}");
        assert!(!replayed(&again), "{path}");
        assert!(status == 202 || first.text != again.text, "{path}: a secret came twice");
    }
    assert_eq!(kept(app).await, before);
}

both!(erasing_a_member_deletes_its_answers);
async fn erasing_a_member_deletes_its_answers(app: &TestApp) {
    let world = World::on(app).await;
    let World { shop, admin, staff, member_id: id, reward, voucher, .. } = &world;
    let person = json!({"email": "fe@example.com", "given_name": "Fe"});
    shop.post_keyed("/v1/members", "e-0", person.clone()).await.expect(201);
    assert_eq!(kept(app).await, 1);
    let gift = json!({"kind": "adjust", "points": 7, "reason": "Anna's birthday"});
    let redeem = json!({"member_id": id, "reward_id": reward});
    let why = json!({"reason": "why"});
    for (who, path, body) in [
        (admin, format!("/v1/members/{id}/entries"), gift),
        (shop, "/v1/orders".to_owned(), order("E-1", id)),
        (shop, "/v1/redemptions".to_owned(), redeem),
        (shop, format!("/v1/vouchers/{voucher}/use"), json!({"location": "Laugavegur 1"})),
        (shop, format!("/v1/orders/{}/cancel", world.order), json!({})),
        (staff, format!("/v1/redemptions/{}/fulfil", world.redemption), json!({})),
        (staff, format!("/v1/members/{id}/suspend"), why),
    ] {
        assert!(who.post_keyed(&path, "e-1", body).await.status < 300, "{path}");
    }
    assert_eq!(kept(app).await, 8);
    staff.delete(&format!("/v1/members/{id}")).await.expect(204);
    assert_eq!(kept(app).await, 1, "only the other member's answer is left");
    let again = shop.post_keyed("/v1/members", "e-0", person).await;
    assert!(replayed(&again));
}
