//! What rewards are called, in whose language; and what was changed of them.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    shop::{balance, eur, id, offer, order, redeem, rich},
    support::{app::TestApp, both::both},
};

/// A member who reads Icelandic, with points.
async fn icelander(app: &TestApp) -> String {
    let member = rich(app, 1000).await;
    let is = json!({"locale": "is-IS"});
    app.admin().await.patch(&format!("/v1/members/{member}"), is).await.expect(200);
    member
}

fn in_both() -> Value {
    json!({
        "name": {"en": "Coffee", "is": "Kaffi"},
        "description": {"en": "Any cup", "is": "Hvaða bolli sem er"},
        "terms": {"en": "Until six", "is": "Til klukkan sex"},
    })
}

both!(each_reader_has_their_own_language);
async fn each_reader_has_their_own_language(app: &TestApp) {
    let (shop, admin, member) = (app.storefront().await, app.admin().await, icelander(app).await);
    let reward = app.reward(in_both()).await;
    let path = format!("/v1/rewards/{reward}");

    let own = app.member(&member).await.get(&path).await.expect(200);
    let texts = |shown: &Value| ["name", "description", "terms"].map(|name| shown[name].clone());
    let icelandic = texts(&json!({
        "name": "Kaffi", "description": "Hvaða bolli sem er", "terms": "Til klukkan sex",
    }));
    assert_eq!(texts(&own), icelandic);
    let for_them = offer(&shop, &member, &reward).await.expect("live");
    assert_eq!(texts(&for_them), icelandic, "whoever asks for the member");
    assert_eq!(for_them.get("translations"), None, "the language is known");

    // a storefront says what it wants, else the program's
    assert_eq!(shop.get(&path).await.expect(200)["name"], "Coffee");
    for (asked, name) in [("is", "Kaffi"), ("de, is; q=0.5, en;q=0.4", "Kaffi"), ("fr", "Coffee")] {
        let reply = shop.send(Method::GET, &path, &[("accept-language", asked)], None).await;
        let shown = reply.expect(200);
        assert_eq!(shown["name"], name, "{asked}");
        assert_eq!(shown["translations"]["name"], in_both()["name"], "all of them are there");
    }
    let listed = shop.send(Method::GET, "/v1/rewards", &[("accept-language", "is")], None).await;
    assert_eq!(listed.expect(200)["data"][0]["name"], "Kaffi");

    // what the member reads of it later
    redeem(&shop, &member, &reward).await;
    let letters = app.deliver_mail().await;
    assert!(letters.iter().any(|letter| letter.subject.contains("Kaffi")), "{letters:?}");
    let entries = format!("/v1/members/{member}/entries");
    let entries = app.member(&member).await.get(&entries).await.expect(200);
    assert!(entries["data"][0].to_string().contains("Kaffi"), "{}", entries["data"][0]);
    let other = rich(app, 1000).await;
    redeem(&shop, &other, &reward).await;
    let entries = admin.get(&format!("/v1/members/{other}/entries")).await.expect(200);
    assert!(entries["data"][0].to_string().contains("Coffee"), "{}", entries["data"][0]);
}

both!(the_programs_language_is_required);
async fn the_programs_language_is_required(app: &TestApp) {
    let (admin, member) = (app.admin().await, icelander(app).await);
    for (fields, pointer) in [
        (json!({"name": {"is": "Kaffi"}}), "/name"),
        (json!({"description": {"is": "Bolli"}}), "/description"),
        (json!({"terms": {"is": "Til sex"}}), "/terms"),
        (json!({"name": {"en": "Coffee", "is": ""}}), "/name/is"),
        (json!({"name": {"en": "Coffee", "íslenska": "Kaffi"}}), "/name"),
        (json!({"name": {}}), "/name"),
        (json!({"name": 7}), "/name"),
        (json!({"name": null}), "/name"),
        (json!({"name": {"en": "x".repeat(101)}}), "/name/en"),
    ] {
        let mut new = json!({"name": "Coffee", "kind": "voucher", "cost_points": 100});
        new.as_object_mut().expect("fields").extend(fields.as_object().expect("one").clone());
        let reply = admin.post("/v1/rewards", new).await;
        assert_eq!(reply.pointer(), pointer, "{fields}: {}", reply.text);
        reply.refused(422, "invalid_request");
    }
    // a text alone is in the program's language, and stays so when that becomes another
    let plain = app.reward(json!({})).await;
    let path = format!("/v1/rewards/{plain}");
    let shown = admin.get(&path).await.expect(200);
    assert_eq!(shown["translations"]["name"], json!({"en": "Coffee"}));
    app.settings(json!({"locale": "is"})).await;
    let own = app.member(&member).await;
    assert_eq!(own.get(&path).await.expect(200)["name"], "Coffee", "better than nothing");
    let cheaper = admin.patch(&path, json!({"cost_points": 50})).await.expect(200);
    assert_eq!(cheaper["name"], "Coffee", "what is not touched is not judged again");
    let reply = admin.patch(&path, json!({"name": {"en": "Espresso"}})).await;
    assert_eq!(reply.pointer(), "/name", "now it is to be said in the new one: {}", reply.text);
    let both = in_both()["name"].clone();
    let all = json!({"name": both, "description": {"is": "Bolli"}, "cost_points": 50});
    assert_eq!(admin.patch(&path, all).await.expect(200)["name"], "Kaffi");
    // one text for all replaces them all
    let one = admin.patch(&path, json!({"name": "Kaffibolli"})).await.expect(200);
    assert_eq!(one["translations"]["name"], json!({"is": "Kaffibolli"}));
}

both!(what_was_changed_is_told);
async fn what_was_changed_is_told(app: &TestApp) {
    let (admin, shop) = (app.admin().await, app.storefront().await);
    let reward = app.reward(json!({"stock": 5})).await;
    let path = format!("/v1/rewards/{reward}");
    let history = format!("{path}/history");
    let before = admin.get(&path).await.header("etag");
    for nothing in [json!({}), json!({"cost_points": 100})] {
        let same = admin.patch(&path, nothing).await;
        assert_eq!((same.status, same.header("etag")), (200, before.clone()), "{}", same.text);
    }
    admin.patch(&path, json!({"cost_points": 150, "state": "paused"})).await.expect(200);
    admin.patch(&path, json!({"name": {"en": "Coffee", "is": "Kaffi"}})).await.expect(200);
    admin.patch(&path, json!({"state": "live"})).await.expect(200);
    let member = rich(app, 1000).await;
    redeem(&shop, &member, &reward).await;
    admin.patch(&path, json!({"stock": 9})).await.expect(200);
    let stale = [("if-match", "\"1\"")];
    let body = Some(br#"{"stock": 1}"#.to_vec());
    admin.send(Method::PATCH, &path, &stale, body).await.refused(412, "precondition_failed");

    let told = app.staff().await.get(&history).await.expect(200);
    let told = told["data"].as_array().expect("changes");
    let versions: Vec<_> = told.iter().map(|one| one["version"].as_i64()).collect();
    assert_eq!(versions, [5, 4, 3, 2, 1].map(Some));
    assert_eq!(told[0]["changes"], json!([{"field": "stock", "from": 4, "to": 9}]));
    let names = json!([
        {"field": "name", "from": {"en": "Coffee"}, "to": {"en": "Coffee", "is": "Kaffi"}}
    ]);
    assert_eq!(told[2]["changes"], names);
    assert_eq!(
        told[3]["changes"],
        json!([
            {"field": "cost_points", "from": 100, "to": 150},
            {"field": "state", "from": "live", "to": "paused"},
        ])
    );
    assert!(told[3]["actor"].as_str().is_some_and(|who| who.starts_with("usr_")), "{}", told[3]);
    let first = told[4]["changes"].as_array().expect("fields");
    assert!(first.contains(&json!({"field": "stock", "from": null, "to": 5})), "{first:?}");
    assert!(first.iter().all(|change| change["to"] != Value::Null), "{first:?}");

    let page = admin.get(&format!("{history}?limit=2")).await.expect(200);
    let next = page["next_cursor"].as_str().expect("more");
    let rest = admin.get(&format!("{history}?limit=3&cursor={next}")).await.expect(200);
    assert_eq!((&rest["data"][0], &rest["next_cursor"]), (&told[2], &Value::Null));

    // codes that are uploaded are a change too
    let listed = app.reward(json!({})).await;
    let codes = json!({"codes": ["GIFT-0001", "GIFT-0002"]});
    admin.post(&format!("/v1/rewards/{listed}/codes"), codes).await.expect(200);
    let told = admin.get(&format!("/v1/rewards/{listed}/history")).await.expect(200);
    assert_eq!(told["data"][0]["changes"], json!([{"field": "codes", "from": null, "to": 2}]));
    assert!(!told.to_string().contains("GIFT"), "no answer shows a code");

    let nobodys = "/v1/rewards/rwd_01m7zr4g2tfw1b4ww8pvq0tkz1/history";
    admin.get(nobodys).await.refused(404, "not_found");
    shop.get(&history).await.refused(403, "forbidden");
}

both!(who_goes_on_earning_is_told_about_when_it_is_enough);
async fn who_goes_on_earning_is_told_about_when_it_is_enough(app: &TestApp) {
    let shop = app.storefront().await;
    app.settings(json!({"pending_days": 0})).await;
    let (member, idle) = (app.enrol("Jón").await, app.enrol("Anna").await);
    let reward = app.reward(json!({"cost_points": 130})).await;
    let by = async |member: &str| {
        let shown = offer(&shop, member, &reward).await.expect("live");
        (shown["reasons"].clone(), shown["enough_by"].clone())
    };
    assert_eq!(by(&member).await.1, Value::Null, "nothing was earned yet");
    order(&shop, &member, "o-1", 3000).await;
    let short = json!([{"code": "insufficient_points", "shortfall": 100}]);
    // 30 points in the month that is looked at, at least
    assert_eq!(by(&member).await, (short.clone(), json!("2027-03-01")));
    assert_eq!(by(&idle).await.1, Value::Null);
    // what staff gave is no pace
    app.give(&idle, 30).await;
    assert_eq!(by(&idle).await, (short, Value::Null));
    // what comes back is not earned
    let refund = json!({"external_id": "r-1", "amount": eur(3000)});
    let listed = shop.get(&format!("/v1/orders?member_id={member}")).await.expect(200);
    let placed = id(&listed["data"][0]);
    shop.post(&format!("/v1/orders/{placed}/refunds"), refund).await.expect(201);
    assert_eq!(by(&member).await.1, Value::Null);
    order(&shop, &member, "o-2", 13_000).await;
    assert_eq!(by(&member).await, (json!([]), Value::Null), "there is enough");
    assert_eq!(balance(app, &member, ["available"]).await, [130]);
}
