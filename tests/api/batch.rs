//! Many entries in one call: each decided on its own, in order.

use platform::auth::Scope;
use serde_json::{Value, json};

use crate::{
    shop::{balance, entries, rich},
    support::{app::TestApp, both::both},
};

const PATH: &str = "/v1/entries:batch";

fn earn(member: &str, points: i64, source: &str) -> Value {
    json!({
        "member_id": member, "kind": "earn", "points": points, "reason": "a visit",
        "source": {"type": "visit", "id": source},
    })
}

fn adjust(member: &str, points: i64) -> Value {
    json!({"member_id": member, "kind": "adjust", "points": points, "reason": "sorry"})
}

fn batch(rows: &[Value]) -> Value {
    json!({"entries": rows})
}

/// Points of what was posted, codes of what was refused.
fn told(answer: &Value) -> Vec<Value> {
    let results = answer["results"].as_array().expect("results");
    let one = |result: &Value| {
        assert_eq!(result.as_object().expect("an object").len(), 1, "{result}");
        match result.get("entry") {
            Some(entry) => entry["points"].clone(),
            None => result["error"]["code"].clone(),
        }
    };
    results.iter().map(one).collect()
}

both!(each_entry_is_decided_on_its_own_in_order);
async fn each_entry_is_decided_on_its_own_in_order(app: &TestApp) {
    let shop = app.storefront().await;
    let (anna, ari) = (app.enrol("Anna").await, app.enrol("Ari").await);
    let nobody = "mem_01m7zr4g2tfw1b4ww8pvq0tkz1";
    let rows = [
        earn(&anna, 10, "1"),
        earn(&ari, 20, "1"),
        earn(&anna, 10, "1"),
        earn(&anna, 11, "1"),
        earn(nobody, 5, "1"),
        earn(&anna, 0, "2"),
        earn(&anna, 30, "2"),
        adjust(&anna, 40),
        earn(&ari, -1, "3"),
        earn(&ari, 50, "3"),
    ];
    let answer = shop.post(PATH, batch(&rows)).await.expect(200);
    let refused = ["source_conflict", "not_found", "invalid_request", "forbidden"];
    assert_eq!(
        told(&answer),
        [
            json!(10),
            json!(20),
            json!(10),
            json!(refused[0]),
            json!(refused[1]),
            json!(refused[2]),
            json!(30),
            json!(refused[3]),
            json!(refused[2]),
            json!(50),
        ]
    );
    let results = &answer["results"];
    assert_eq!(results[0], results[2], "a source that came before is the first entry again");
    assert_eq!(results[6]["entry"]["balance_after"], 40);
    assert_eq!(results[6]["entry"]["seq"], 2);
    for (row, pointer) in
        [(4, "/entries/4/member_id"), (5, "/entries/5/points"), (8, "/entries/8/points")]
    {
        let error = &results[row]["error"];
        assert_eq!(error["errors"][0]["pointer"], pointer, "{error}");
    }
    for field in ["type", "title", "status", "detail", "code", "request_id"] {
        assert!(!results[5]["error"][field].is_null(), "{field}");
    }
    // each is what the call for one entry answers and lists
    let listed = entries(app, &anna).await;
    assert_eq!(listed, [results[6]["entry"].clone(), results[0]["entry"].clone()]);
    assert_eq!(balance(app, &anna, ["pending"]).await, [40]);
    assert_eq!(balance(app, &ari, ["pending"]).await, [70]);
    // all of it again posts nothing twice
    let again = shop.post(PATH, batch(&rows)).await.expect(200);
    assert_eq!(told(&again), told(&answer));
    assert_eq!(entries(app, &anna).await, listed);
}

both!(staff_have_their_limit_budget_and_role_row_by_row);
async fn staff_have_their_limit_budget_and_role_row_by_row(app: &TestApp) {
    app.settings(json!({"staff_perk_budget_points_per_month": 1200})).await;
    let (anna, ari) = (app.enrol("Anna").await, rich(app, 5).await);
    let mut first = adjust(&anna, 500);
    first["source"] = json!({"type": "ticket", "id": "7"});
    let rows = [
        first.clone(),
        adjust(&ari, 500),
        adjust(&anna, 501),
        adjust(&anna, 201),
        adjust(&ari, -1),
        earn(&ari, 1, "1"),
        adjust(&anna, 200),
        adjust(&anna, 1),
        first,
    ];
    let answer = app.staff().await.post(PATH, batch(&rows)).await.expect(200);
    let (limit, role) = (json!("limit_reached"), json!("forbidden"));
    assert_eq!(
        told(&answer),
        [
            json!(500),
            json!(500),
            limit.clone(),
            limit.clone(),
            role.clone(),
            role.clone(),
            json!(200),
            limit,
            json!(500),
        ]
    );
    assert_eq!(answer["results"][8], answer["results"][0], "what is given is given");
    assert_eq!(balance(app, &anna, ["available"]).await, [700]);
    assert_eq!(balance(app, &ari, ["available"]).await, [505]);
    // … also where nothing more could be
    app.settings(json!({"staff_perk_budget_points_per_month": 100})).await;
    let rows = [rows[0].clone(), adjust(&anna, 1)];
    let again = app.staff().await.post(PATH, batch(&rows)).await.expect(200);
    assert_eq!(told(&again), [json!(500), json!("limit_reached")]);
    // an admin has no limit, and takes points too; each row sees what those before it did
    let rows = [adjust(&ari, -505), adjust(&ari, -1), adjust(&ari, 9000), adjust(&ari, -8999)];
    let answer = app.admin().await.post(PATH, batch(&rows)).await.expect(200);
    assert_eq!(
        told(&answer),
        [json!(-505), json!("insufficient_points"), json!(9000), json!(-8999)]
    );
    assert_eq!(answer["results"][1]["error"]["shortfall"], 1);
    assert_eq!(balance(app, &ari, ["available"]).await, [1]);
}

both!(a_row_that_cannot_be_read_stops_no_other);
async fn a_row_that_cannot_be_read_stops_no_other(app: &TestApp) {
    let shop = app.storefront().await;
    let anna = app.enrol("Anna").await;
    let good = earn(&anna, 1, "good").to_string();
    let with = |field: &str, value: &str| {
        let mut row = earn(&anna, 1, "bad");
        row[field] = json!("HERE");
        row.to_string().replace("\"HERE\"", value)
    };
    let cases = [
        ("null".to_owned(), ""),
        ("7".to_owned(), ""),
        ("\"=1+1\"".to_owned(), ""),
        ("[]".to_owned(), ""),
        ("{}".to_owned(), "/member_id"),
        (with("member_id", "\"mem_x\""), "/member_id"),
        (with("member_id", "\"ord_01m7zr4g2tfw1b4ww8pvq0tkz1\""), "/member_id"),
        (with("member_id", "7"), "/member_id"),
        (with("colour", "1"), "/colour"),
        (with("entries", "[]"), "/entries"),
        (with("a/b", "1"), "/a~1b"),
        (with("kind", "\"redeem\""), "/kind"),
        (with("points", "\"1\""), "/points"),
        (with("points", "1.0"), "/points"),
        (with("points", "1e2"), "/points"),
        (with("points", "99999999999999999999999"), "/points"),
        (with("points", "1000000001"), "/points"),
        (with("points", "-9223372036854775808"), "/points"),
        (with("points", "1,\"points\":2"), "/points"),
        (with("reason", "\"\""), "/reason"),
        (with("source", "{\"type\":\"order\",\"id\":\"1\"}"), "/source/type"),
        (with("source", "{\"type\":\"visit\"}"), "/source/id"),
        (with("source", "[\"visit\",\"1\"]"), "/source"),
        (with("occurred_at", "\"2026-11-21T12:00:01Z\""), "/occurred_at"),
        (with("expires_at", "\"2026-11-21T12:00:00Z\""), "/expires_at"),
        (with("available_at", "\"yesterday\""), "/available_at"),
        (with("channel", "\"a\\u0000b\""), "/channel"),
    ];
    let mut rows = vec![good.clone()];
    rows.extend(cases.iter().map(|(row, _)| row.clone()));
    rows.push(good);
    let body = format!("{{\"entries\":[{}]}}", rows.join(","));
    let reply = shop.send(reqwest::Method::POST, PATH, &[], Some(body.into_bytes())).await;
    let answer = reply.expect(200);
    let results = answer["results"].as_array().expect("results");
    assert_eq!(results.len(), cases.len() + 2);
    for (number, (row, pointer)) in cases.iter().enumerate() {
        let error = &results[number + 1]["error"];
        let place = format!("/entries/{}{pointer}", number + 1);
        assert_eq!(error["code"], "invalid_request", "{row}: {error}");
        assert_eq!(error["errors"][0]["pointer"], place.as_str(), "{row}: {error}");
        let detail = error["detail"].as_str().expect("a detail");
        assert!(detail.starts_with(&place), "{row}: {detail}");
    }
    assert_eq!(results[0], results[cases.len() + 1]);
    assert_eq!(entries(app, &anna).await.len(), 1);
}

both!(a_call_that_is_no_batch_is_refused_whole);
async fn a_call_that_is_no_batch_is_refused_whole(app: &TestApp) {
    let shop = app.storefront().await;
    let anna = app.enrol("Anna").await;
    let rows: Vec<Value> = (0..1001).map(|n| earn(&anna, 1, &n.to_string())).collect();
    for (body, pointer) in [
        (batch(&[]), "/entries"),
        (batch(&rows), "/entries"),
        (json!({}), "/entries"),
        (json!({"entries": {}}), "/entries"),
        (json!({"entries": "all"}), "/entries"),
        (json!({"entries": [earn(&anna, 1, "1")], "dry_run": true}), "/dry_run"),
        (json!([earn(&anna, 1, "1")]), ""),
    ] {
        let reply = shop.post(PATH, body).await;
        assert_eq!(reply.pointer(), pointer, "{}", reply.text);
        reply.refused(422, "invalid_request");
    }
    let one = batch(&rows[..1]);
    let dry = shop.post(&format!("{PATH}?dry_run=true"), one.clone()).await;
    assert_eq!(dry.pointer(), "?dry_run");
    dry.refused(422, "invalid_request");
    let large = format!("{{\"entries\":[{}1]}}", " ".repeat(1 << 20));
    let reply = shop.send(reqwest::Method::POST, PATH, &[], Some(large.into_bytes())).await;
    reply.refused(413, "body_too_large");
    let cut = b"{\"entries\":[{}".to_vec();
    let reply = shop.send(reqwest::Method::POST, PATH, &[], Some(cut)).await;
    reply.refused(400, "malformed_json");

    app.anyone().post(PATH, one.clone()).await.refused(401, "unauthenticated");
    app.member(&anna).await.post(PATH, one.clone()).await.refused(403, "forbidden");
    let other = app.storefront_with(&[Scope::OrdersWrite, Scope::MembersRead]).await;
    other.post(PATH, one).await.refused(403, "forbidden");
    assert!(entries(app, &anna).await.is_empty());

    let most = shop.post(PATH, batch(&rows[..1000])).await.expect(200);
    assert_eq!(told(&most), vec![json!(1); 1000]);
    assert_eq!(balance(app, &anna, ["pending"]).await, [1000]);
}

both!(nothing_comes_to_the_erased);
async fn nothing_comes_to_the_erased(app: &TestApp) {
    let shop = app.storefront().await;
    let (anna, ari) = (app.enrol("Anna").await, app.enrol("Ari").await);
    app.admin().await.delete(&format!("/v1/members/{anna}")).await.expect(204);
    let rows = [earn(&anna, 1, "1"), earn(&ari, 2, "1")];
    let answer = shop.post(PATH, batch(&rows)).await.expect(200);
    assert_eq!(told(&answer), [json!("not_found"), json!(2)]);
    assert_eq!(answer["results"][0]["error"]["errors"][0]["pointer"], "/entries/0/member_id");
}

both!(a_key_has_one_effect_for_the_whole_call);
async fn a_key_has_one_effect_for_the_whole_call(app: &TestApp) {
    let admin = app.admin().await;
    let (anna, ari) = (app.enrol("Anna").await, app.enrol("Ari").await);
    // without a source: only the key keeps them from being posted again
    let rows = batch(&[adjust(&anna, 5), adjust(&ari, 0), adjust(&ari, 7)]);
    let sent: Vec<_> = (0..20)
        .map(|_| {
            let (admin, rows) = (admin.clone(), rows.clone());
            actix_web::rt::spawn(async move { admin.post_keyed(PATH, "k-1", rows).await })
        })
        .collect();
    let mut texts = Vec::new();
    let mut replayed = 0;
    for reply in sent {
        let reply = reply.await.expect("a reply");
        replayed += usize::from(reply.header("idempotent-replayed").is_some());
        assert_eq!(reply.status, 200, "{}", reply.text);
        texts.push(reply.text);
    }
    assert_eq!(replayed, 19);
    assert!(texts.iter().all(|text| *text == texts[0]), "byte for byte");
    assert_eq!(balance(app, &anna, ["available"]).await, [5]);
    assert_eq!(balance(app, &ari, ["available"]).await, [7]);
    let other = batch(&[adjust(&anna, 6)]);
    admin.post_keyed(PATH, "k-1", other).await.refused(422, "idempotency_key_reused");
}

both!(batches_that_cross_do_not_lock_each_other_out);
async fn batches_that_cross_do_not_lock_each_other_out(app: &TestApp) {
    let (shop, staff) = (app.storefront().await, app.staff().await);
    app.settings(json!({"staff_perk_budget_points_per_month": 1_000_000})).await;
    let mut members = Vec::new();
    for _ in 0..12 {
        members.push(app.enrol("Jón").await);
    }
    let mut sent = Vec::new();
    for turn in 0..16 {
        let mut order = members.clone();
        order.rotate_left(turn % 12);
        if turn % 2 == 0 {
            order.reverse();
        }
        let (by, rows): (_, Vec<Value>) = if turn % 4 == 0 {
            (staff.clone(), order.iter().map(|member| adjust(member, 1)).collect())
        } else {
            (shop.clone(), order.iter().map(|member| earn(member, 1, "once")).collect())
        };
        sent.push(actix_web::rt::spawn(async move { by.post(PATH, batch(&rows)).await }));
    }
    for reply in sent {
        let answer = reply.await.expect("a reply").expect(200);
        assert_eq!(told(&answer), vec![json!(1); 12]);
    }
    for member in &members {
        assert_eq!(balance(app, member, ["available", "pending"]).await, [4, 1]);
    }
}
