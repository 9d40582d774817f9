//! Segments: kept strictly, judged when asked, and told why not.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    crowd::segment,
    support::{
        app::{Client, TestApp},
        both::both,
    },
};

async fn tagged(app: &TestApp, name: &str, tags: Value) -> String {
    let member = app.enrol(name).await;
    let shop = app.storefront().await;
    shop.patch(&format!("/v1/members/{member}"), json!({"tags": tags})).await.expect(200);
    member
}

async fn names(who: &Client, path: &str) -> Vec<String> {
    let listed = who.get(path).await.expect(200);
    let rows = listed["data"].as_array().expect("rows").clone();
    let name = |row: &Value| row["given_name"].as_str().or(row["name"].as_str()).map(str::to_owned);
    rows.iter().filter_map(name).collect()
}

both!(a_segment_is_who_is_in_it_now);
async fn a_segment_is_who_is_in_it_now(app: &TestApp) {
    let (admin, staff, shop) = (app.admin().await, app.staff().await, app.storefront().await);
    let anna = tagged(app, "Anna", json!(["wholesale"])).await;
    let bo = tagged(app, "Bo", json!(["wholesale", "press"])).await;
    tagged(app, "Cleo", json!([])).await;
    let wanted = json!({"all": [
        {"field": "tag", "op": "eq", "value": "Wholesale"},
        {"not": {"field": "tag", "op": "in", "value": ["press"]}},
    ]});
    let made = admin.post("/v1/segments", json!({"name": "Traders", "where": wanted})).await;
    let made = made.expect(201);
    assert_eq!(made["where"]["all"][0]["value"], "wholesale", "as tags are kept");
    let path = format!("/v1/segments/{}", made["id"].as_str().expect("an id"));
    assert_eq!(staff.get(&path).await.expect(200), made);
    assert_eq!(names(&staff, &format!("{path}/members")).await, ["Anna"]);
    let count = staff.get(&format!("{path}/count")).await.expect(200);
    assert_eq!((&count["count"], &count["as_of"]), (&json!(1), &json!("2026-11-21T12:00:00Z")));

    // judged when asked: who leaves it is out, who is suspended is in nobody's audience
    shop.patch(&format!("/v1/members/{bo}"), json!({"tags": ["wholesale"]})).await.expect(200);
    assert_eq!(names(&staff, &format!("{path}/members")).await, ["Bo", "Anna"]);
    let page = staff.get(&format!("{path}/members?limit=1")).await.expect(200);
    let cursor = page["next_cursor"].as_str().expect("a next page");
    let next = format!("{path}/members?limit=1&cursor={cursor}");
    assert_eq!(names(&staff, &next).await, ["Anna"]);
    let why = json!({"reason": "why"});
    staff.post(&format!("/v1/members/{anna}/suspend"), why).await.expect(200);
    assert_eq!(names(&staff, &format!("{path}/members")).await, ["Bo"]);
    let told = staff.get(&format!("{path}/members/{anna}")).await.expect(200);
    assert_eq!(told, json!({"matches": false, "reasons": [{"code": "not_active"}]}));
    let told = staff.get(&format!("{path}/members/{bo}")).await.expect(200);
    assert_eq!(told, json!({"matches": true, "reasons": []}));

    // changed by the version that was seen
    let reply = admin.patch(&path, json!({"name": "All traders"})).await;
    assert_eq!(reply.header("etag").as_deref(), Some("\"2\""));
    assert_eq!(reply.expect(200)["where"], made["where"]);
    let body = Some(json!({"name": "Others"}).to_string().into_bytes());
    let late = admin.send(Method::PATCH, &path, &[("if-match", "\"1\"")], body.clone()).await;
    late.refused(412, "precondition_failed");
    admin.send(Method::PATCH, &path, &[], body).await.refused(428, "precondition_required");
    let same = admin.patch(&path, json!({"name": "All traders"})).await;
    assert_eq!(same.header("etag").as_deref(), Some("\"2\""), "nothing changed");
    assert_eq!(names(&staff, "/v1/segments").await, ["All traders"]);
    admin.delete(&path).await.expect(204);
    admin.get(&path).await.refused(404, "not_found");
    admin.delete(&path).await.refused(404, "not_found");
}

both!(it_is_told_why_a_member_is_not_in_it);
async fn it_is_told_why_a_member_is_not_in_it(app: &TestApp) {
    let (admin, staff, shop) = (app.admin().await, app.staff().await, app.storefront().await);
    let anna = app.enrol("Anna").await;
    let order = json!({
        "external_id": "O-1", "member_id": anna, "total": {"amount": 900, "currency": "EUR"},
    });
    shop.post("/v1/orders", order).await.expect(201);
    let fans = json!({"field": "tag", "op": "eq", "value": "fan"});
    let fans = segment(&admin, "Fans", fans).await;
    let wanted = json!({"all": [
        {"field": "orders", "op": "gte", "value": 3, "window": {"months": 12}},
        {"field": "country", "op": "eq", "value": "IS"},
        {"field": "segment", "op": "eq", "value": fans},
        {"field": "marketing_consent", "op": "ne", "value": true},
    ]});
    let regulars = segment(&admin, "Regulars", wanted).await;
    let path = format!("/v1/segments/{regulars}/members/{anna}");
    app.travel(std::time::Duration::from_secs(1)); // what happens now is not counted yet
    let told = staff.get(&path).await.expect(200);
    assert_eq!(told["matches"], false);
    let reasons = told["reasons"].as_array().expect("reasons");
    assert_eq!(reasons.len(), 4, "{told}");
    assert_eq!(
        reasons[0],
        json!({
            "code": "condition", "pointer": "/all/0", "segment_id": null, "field": "orders",
            "have": 1,
            "need": {"not": false, "op": "gte", "value": 3, "window": {"months": 12}},
        })
    );
    assert_eq!((&reasons[1]["have"], &reasons[1]["pointer"]), (&Value::Null, &json!("/all/1")));
    assert_eq!(reasons[3]["segment_id"], fans.as_str());
    assert_eq!(reasons[3]["have"], json!([]));
    staff.get(&format!("/v1/segments/{regulars}/members/mem_x")).await.refused(404, "not_found");
    let nobody = "mem_01m7zr0b7ee0tt0vrz3kxj2q8d";
    let path = format!("/v1/segments/{regulars}/members/{nobody}");
    staff.get(&path).await.refused(404, "not_found");
}

both!(segments_name_each_other_and_never_in_circles);
async fn segments_name_each_other_and_never_in_circles(app: &TestApp) {
    let admin = app.admin().await;
    tagged(app, "Anna", json!(["fan"])).await;
    tagged(app, "Bo", json!([])).await;
    let of = |id: &str| json!({"field": "segment", "op": "eq", "value": id});
    let fans = segment(&admin, "Fans", json!({"field": "tag", "op": "eq", "value": "fan"})).await;
    let others = segment(&admin, "Others", json!({"not": of(&fans)})).await;
    assert_eq!(names(&admin, &format!("/v1/segments/{others}/members")).await, ["Bo"]);

    // a circle, itself, and one that there is not
    let path = format!("/v1/segments/{fans}");
    let circle = admin.patch(&path, json!({"where": {"any": [of(&others)]}})).await;
    assert_eq!(circle.pointer(), "/where/any/0/value");
    circle.refused(422, "invalid_request");
    admin.patch(&path, json!({"where": of(&fans)})).await.refused(422, "invalid_request");
    let unknown = of("seg_01m7zr0b7ee0tt0vrz3kxj2q8d");
    let reply = admin.post("/v1/segments", json!({"name": "X", "where": unknown})).await;
    assert_eq!(reply.pointer(), "/where/value");
    reply.refused(404, "not_found");

    // too deep, found where the inner one grows
    let mut last = others.clone();
    for name in ["A", "B", "C", "D"] {
        last = segment(&admin, name, of(&last)).await;
    }
    let deep = admin.post("/v1/segments", json!({"name": "F", "where": of(&last)})).await;
    assert_eq!(deep.pointer(), "/where/value");
    let one_more = segment(&admin, "E", json!({"field": "tag", "op": "eq", "value": "x"})).await;
    let grown = admin.patch(&path, json!({"where": of(&one_more)})).await;
    assert_eq!(grown.pointer(), "/where");
    grown.refused(422, "invalid_request");

    // one that is named stays
    let refused = admin.delete(&path).await.refused(409, "in_use");
    assert_eq!(refused["by"], json!([{"type": "segment", "id": others}]));
}

both!(a_name_is_one_segments);
async fn a_name_is_one_segments(app: &TestApp) {
    let admin = app.admin().await;
    let wanted = json!({"field": "country", "op": "eq", "value": "IS"});
    let first = segment(&admin, "Íslendingar", wanted.clone()).await;
    let same = json!({"name": "íslendingar", "where": wanted});
    let reply = admin.post("/v1/segments", same).await;
    assert_eq!(reply.pointer(), "/name");
    reply.refused(422, "invalid_request");
    let second = segment(&admin, "Others", wanted).await;
    let path = format!("/v1/segments/{second}");
    let reply = admin.patch(&path, json!({"name": "ÍSLENDINGAR"})).await;
    assert_eq!(reply.pointer(), "/name");
    let own = format!("/v1/segments/{first}");
    admin.patch(&own, json!({"name": "ÍSLENDINGAR"})).await.expect(200);
}

both!(what_can_not_be_asked_is_refused_with_its_pointer);
async fn what_can_not_be_asked_is_refused_with_its_pointer(app: &TestApp) {
    let admin = app.admin().await;
    let good = json!({"field": "country", "op": "eq", "value": "IS"});
    let leaf =
        |field: &str, op: &str, value: Value| json!({"field": field, "op": op, "value": value});
    for (wanted, pointer) in [
        (json!({"all": [good, leaf("colour", "eq", json!(1))]}), "/where/all/1/field"),
        (json!({"all": [good, leaf("score", "gte", json!(9))]}), "/where/all/1/field"),
        (json!({"any": [{"not": leaf("tier", "lt", json!("x"))}]}), "/where/any/0/not/op"),
        (json!({"any": [good, leaf("orders", "gte", json!("3"))]}), "/where/any/1/value"),
        (json!({"all": []}), "/where/all"),
        (json!({"all": [good], "any": [good]}), "/where"),
        (json!({"any": vec![good.clone(); 51]}), "/where"),
        (json!(null), "/where"),
    ] {
        let body = json!({"name": "X", "where": wanted});
        let reply = admin.post("/v1/segments", body).await;
        assert_eq!(reply.pointer(), pointer, "{}", reply.text);
        reply.refused(422, "invalid_request");
    }
    let two = json!({"all": [leaf("colour", "eq", json!(1)), leaf("tier", "lt", json!("x"))]});
    let reply = admin.post("/v1/segments", json!({"name": "", "where": two})).await;
    let told = reply.refused(422, "invalid_request");
    assert_eq!(told["errors"].as_array().map(Vec::len), Some(3), "all at once: {told}");
    assert_eq!(names(&admin, "/v1/segments").await, Vec::<String>::new());
}
