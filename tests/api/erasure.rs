//! Erasing a person: the name goes, everywhere.

use diesel::prelude::*;
use platform::db::schema::{idempotency_keys, letters, order_lines};
use serde_json::{Value, json};

use crate::{
    people::patch,
    shop::eur,
    support::{app::TestApp, both::both},
};

both!(an_erased_member_is_gone_and_the_numbers_stay);
async fn an_erased_member_is_gone_and_the_numbers_stay(app: &TestApp) {
    let (staff, shop, anyone) = (app.staff().await, app.storefront().await, app.anyone());
    let anna = json!({
        "email": "anna@example.com", "given_name": "Anna", "family_name": "Jónsdóttir",
        "country": "IS", "birthday": "02-29", "external_id": "c-1", "password": "long enough",
        "marketing_consent": true, "locale": "is", "time_zone": "Atlantic/Reykjavik",
    });
    let id = shop.post("/v1/members", anna.clone()).await.expect(201)["id"].clone();
    let path = format!("/v1/members/{}", id.as_str().expect("an id"));
    app.give(id.as_str().expect("an id"), 500).await;
    let order = json!({
        "external_id": "A-1", "member_id": id, "total": eur(99), "lines": [{"sku": "ring"}],
    });
    shop.post("/v1/orders", order.clone()).await.expect(201);
    let lines = async || {
        let count =
            app.store().read(|tx| Ok(order_lines::table.count().get_result::<i64>(tx.conn)?));
        count.await.expect("the lines")
    };
    assert_eq!(lines().await, 1);
    let sign_in = json!({"email": "anna@example.com", "password": "long enough"});
    let session = anyone.post("/v1/sessions", sign_in.clone()).await.expect(201);
    let member = app.with_token(session["access_token"].as_str().expect("a token"));
    let reset = json!({"email": "anna@example.com"});
    anyone.post("/v1/password-resets", reset).await.expect(202);
    let before = staff.get(&format!("{path}/entries")).await.expect(200);
    let export = member.get(&format!("{path}/export")).await.expect(200);
    for part in [
        "member",
        "preferences",
        "balance",
        "entries",
        "orders",
        "redemptions",
        "referrals",
        "letters",
    ] {
        assert!(!export[part].is_null(), "{part}: {export}");
    }
    assert_eq!(export["member"]["given_name"], "Anna");
    assert_eq!(export["entries"][0]["points"], 500);
    assert_eq!(export["letters"].as_array().map(Vec::len), Some(2), "{export}");

    for _ in 0..2 {
        staff.delete(&path).await.expect(204);
    }
    for who in [&staff, &shop] {
        let erased = who.get(&path).await.expect(200);
        assert_eq!(erased["status"], "erased");
        for field in ["email", "given_name", "family_name", "country", "birthday", "external_id"] {
            assert_eq!(erased[field], Value::Null, "{field}");
        }
        assert_eq!(erased["marketing_consent"], false);
        assert!(!erased.to_string().contains("Reykjavik"));
    }
    let after = staff.get(&format!("{path}/entries")).await.expect(200);
    assert_eq!(after["data"].as_array().map(Vec::len), Some(1));
    for field in ["id", "seq", "kind", "points", "balance_after", "occurred_at"] {
        assert_eq!(after["data"][0][field], before["data"][0][field]);
    }
    assert_eq!(after["data"][0]["reason"], Value::Null, "a reason may name somebody");
    let states: Vec<(String, String)> = app
        .store()
        .read(|tx| {
            Ok(letters::table.select((letters::state, letters::to_address)).load(tx.conn)?)
        })
        .await
        .expect("the letters");
    let suppressed = ("suppressed".to_owned(), String::new());
    assert_eq!(states, [suppressed.clone(), suppressed]);
    assert!(app.deliver_mail().await.is_empty());

    // what it bought is forgotten, and nothing comes after
    assert_eq!(lines().await, 0);
    let earn = json!({"kind": "earn", "points": 1, "reason": "why"});
    shop.post(&format!("{path}/entries"), earn).await.refused(404, "not_found");
    let adjust = json!({"kind": "adjust", "points": 1, "reason": "why"});
    staff.post(&format!("{path}/entries"), adjust).await.refused(404, "not_found");
    let new = json!({"external_id": "A-2", "member_id": id, "total": eur(99)});
    for order in [order, new] {
        shop.post("/v1/orders", order).await.refused(404, "not_found");
    }

    // nothing of it opens a door any more
    for gone in [path.clone(), "/v1/members/me".into(), format!("{path}/export")] {
        member.get(&gone).await.refused(401, "unauthenticated");
    }
    anyone.post("/v1/sessions", sign_in).await.refused(401, "unauthenticated");
    let refresh = json!({"refresh_token": session["refresh_token"]});
    anyone.post("/v1/sessions/refresh", refresh).await.refused(401, "unauthenticated");
    shop.post(&format!("{path}/sessions"), json!({})).await.refused(404, "not_found");
    let why = json!({"reason": "why"});
    for to in ["suspend", "reinstate"] {
        let reply = staff.post(&format!("{path}/{to}"), why.clone()).await;
        reply.refused(409, "invalid_transition");
    }
    staff.patch(&path, json!({"given_name": "Anna"})).await.refused(409, "invalid_transition");
    let switch =
        patch(&staff, &format!("{path}/preferences"), None, json!({"marketing": true})).await;
    switch.refused(404, "not_found");
    let found = staff.get("/v1/members?q=anna").await.expect(200);
    assert_eq!(found["data"], json!([]));
    let again = shop.post("/v1/members", anna).await.expect(201);
    assert_ne!(again["id"], id, "e-mail and external id are free again");
}

both!(a_sign_up_that_was_never_confirmed_goes_too);
async fn a_sign_up_that_was_never_confirmed_goes_too(app: &TestApp) {
    let (shop, anyone) = (app.storefront().await, app.anyone());
    let ask = |email: &str| json!({"email": email, "given_name": "Eva", "password": "long enough"});
    for email in ["Eva@BÓKA.is", "eva@xn--bka-gna.is", "bo@example.com"] {
        anyone.post("/v1/members", ask(email)).await.expect(202);
    }
    let eva = json!({"email": "eva@bóka.is", "given_name": "Eva"});
    let id = shop.post("/v1/members", eva).await.expect(201)["id"].clone();
    shop.delete(&format!("/v1/members/{}", id.as_str().expect("an id"))).await.expect(204);
    let mail = app.deliver_mail().await;
    let to: Vec<&str> = mail.iter().map(|mail| mail.to[0].address.as_str()).collect();
    assert_eq!(to, ["bo@example.com"], "nothing is sent to Eva, however she was written");
}

both!(an_answer_that_tells_of_several_goes_with_any_of_them);
async fn an_answer_that_tells_of_several_goes_with_any_of_them(app: &TestApp) {
    let shop = app.storefront().await;
    let mut ids = Vec::new();
    for name in ["ada", "ben", "eva"] {
        let ask = json!({"email": format!("{name}@example.com"), "given_name": name});
        ids.push(shop.post("/v1/members", ask).await.expect(201)["id"].clone());
    }
    let rows: Vec<Value> = ids
        .iter()
        .map(|id| {
            json!({"member_id": id, "kind": "earn", "points": 5, "reason": "Thank you, dear Ben"})
        })
        .collect();
    shop.post_keyed("/v1/entries:batch", "a-batch", json!({"entries": rows})).await.expect(200);
    let kept = async || {
        let bodies = app.store().read(|tx| {
            Ok(idempotency_keys::table.select(idempotency_keys::body).load::<Vec<u8>>(tx.conn)?)
        });
        let bodies = bodies.await.expect("the answers");
        bodies.iter().filter(|body| String::from_utf8_lossy(body).contains("dear Ben")).count()
    };
    assert_eq!(kept().await, 1);
    let path = format!("/v1/members/{}", ids[1].as_str().expect("an id"));
    app.staff().await.delete(&path).await.expect(204);
    assert_eq!(kept().await, 0);
}
