//! Tags: words by which the shop groups its members.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    app::{Client, Reply, TestApp},
    both::both,
};

async fn tag(who: &Client, member: &str, tags: Value) -> Reply {
    let path = format!("/v1/members/{member}");
    let body = json!({"tags": tags}).to_string().into_bytes();
    who.send(Method::PATCH, &path, &[("if-match", "*")], Some(body)).await
}

async fn found(staff: &Client, query: &str) -> Vec<String> {
    let listed = staff.get(&format!("/v1/members?{query}")).await.expect(200);
    let rows = listed["data"].as_array().expect("members").clone();
    rows.iter().map(|row| row["given_name"].as_str().expect("a name").to_owned()).collect()
}

both!(members_have_tags_and_are_found_by_them);
async fn members_have_tags_and_are_found_by_them(app: &TestApp) {
    let (shop, staff) = (app.storefront().await, app.staff().await);
    let (anna, bo) = (app.enrol("Anna").await, app.enrol("Bo").await);
    let anna_path = format!("/v1/members/{anna}");
    assert_eq!(shop.get(&anna_path).await.expect(200)["tags"], json!([]));

    // set as a whole, each once, in lower case, by storefront and staff
    let set =
        tag(&shop, &anna, json!([" Wholesale ", "Þorrablót", "wholesale", "ÞORRABLÓT"])).await;
    let etag = set.header("etag");
    assert_eq!(set.expect(200)["tags"], json!(["wholesale", "þorrablót"]));
    let read = app.member(&anna).await.get(&anna_path).await;
    assert_eq!(read.header("etag"), etag);
    assert_eq!(read.expect(200)["tags"], json!(["wholesale", "þorrablót"]));
    tag(&staff, &bo, json!(["wholesale", "regular"])).await.expect(200);

    // another change leaves them
    let body = Some(b"{\"family_name\": \"J\"}".to_vec());
    let changed = shop.send(Method::PATCH, &anna_path, &[("if-match", "*")], body).await;
    assert_eq!(changed.expect(200)["tags"], json!(["wholesale", "þorrablót"]));

    assert_eq!(found(&staff, "tag=WHOLESALE").await, ["Bo", "Anna"]);
    assert_eq!(found(&staff, "tag=regular").await, ["Bo"]);
    assert_eq!(found(&staff, "tag=wholesale&q=anna").await, ["Anna"]);
    assert_eq!(found(&staff, "tag=nobody").await, Vec::<String>::new());
    let page = staff.get("/v1/members?tag=wholesale&limit=1").await.expect(200);
    let cursor = page["next_cursor"].as_str().expect("a next page");
    assert_eq!(found(&staff, &format!("tag=wholesale&limit=1&cursor={cursor}")).await, ["Anna"]);

    // exported, and erased
    let export = staff.get(&format!("{anna_path}/export")).await.expect(200);
    assert_eq!(export["member"]["tags"], json!(["wholesale", "þorrablót"]));
    staff.delete(&anna_path).await.expect(204);
    assert_eq!(staff.get(&anna_path).await.expect(200)["tags"], json!([]));
    assert_eq!(found(&staff, "tag=wholesale").await, ["Bo"]);

    tag(&shop, &bo, json!([])).await.expect(200);
    assert_eq!(found(&staff, "tag=wholesale").await, Vec::<String>::new());
}

both!(bad_tags_are_refused_and_change_nothing);
async fn bad_tags_are_refused_and_change_nothing(app: &TestApp) {
    let (shop, staff) = (app.storefront().await, app.staff().await);
    let anna = app.enrol("Anna").await;
    let fifty: Vec<String> = (0..50).map(|number| format!("t{number}")).collect();
    tag(&shop, &anna, json!(fifty)).await.expect(200);
    let long = "x".repeat(51);
    let mut many = fifty.clone();
    many.push("one more".to_owned());
    for (bad, pointer) in [
        (json!(many), "/tags"),
        (Value::Null, "/tags"),
        (json!("wholesale"), "/tags"),
        (json!(["fine", ""]), "/tags/1"),
        (json!([long]), "/tags/0"),
        (json!(["a\nb"]), "/tags/0"),
        (json!([1]), "/tags/0"),
    ] {
        let reply = tag(&shop, &anna, bad).await;
        assert_eq!(reply.pointer(), pointer, "{}", reply.text);
        reply.refused(422, "invalid_request");
    }
    let reply = tag(&app.member(&anna).await, &anna, json!(["vip"])).await;
    assert_eq!(reply.pointer(), "/tags");
    reply.refused(422, "invalid_request");
    let reply = shop.get("/v1/members?tag=t1").await;
    assert_eq!(reply.pointer(), "?tag");
    reply.refused(422, "invalid_request");
    let kept = staff.get(&format!("/v1/members/{anna}")).await.expect(200);
    assert_eq!(kept["tags"].as_array().map(Vec::len), Some(50));
}
