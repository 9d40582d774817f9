//! A source counts once: the same again is the first entry, with anything else it conflicts.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    shop::{balance, entries},
    support::{
        app::{Client, TestApp},
        both::both,
    },
};

/// With these fields changed.
fn with(ask: &Value, more: &Value) -> Value {
    let mut ask = ask.clone();
    ask.as_object_mut().expect("fields").extend(more.as_object().expect("fields").clone());
    ask
}

fn visit() -> Value {
    json!({
        "kind": "earn", "points": 10, "reason": "a visit", "channel": "web",
        "source": {"type": "visit", "id": "v-1"},
    })
}

/// Both calls that post entries answer `ask` by the same code; `None` where they take it.
async fn refused(by: &Client, member: &str, ask: &Value) -> Option<String> {
    let one = by.post(&format!("/v1/members/{member}/entries"), ask.clone()).await;
    let code = one.json["code"].as_str().map(str::to_owned);
    let row = with(ask, &json!({"member_id": member}));
    let many = by.post("/v1/entries:batch", json!({"entries": [row]})).await.expect(200);
    let result = &many["results"][0];
    assert_eq!(result["error"]["code"].as_str().map(str::to_owned), code, "{ask}: {many}");
    if code.is_none() {
        assert_eq!(result["entry"]["id"], one.json["id"], "{ask}");
    }
    code
}

both!(another_value_is_a_conflict);
async fn another_value_is_a_conflict(app: &TestApp) {
    let shop = app.storefront().await;
    let member = app.enrol("Jón").await;
    let path = format!("/v1/members/{member}/entries");
    let first = shop.post(&path, visit()).await.expect(201);
    for more in [
        json!({"points": 11}),
        json!({"reason": "another visit"}),
        json!({"channel": "till"}),
        json!({"channel": null}),
        // even where they say what is so without them
        json!({"available_at": first["available_at"]}),
        json!({"expires_at": first["expires_at"]}),
        json!({"occurred_at": first["occurred_at"]}),
    ] {
        let other = with(&visit(), &more);
        assert_eq!(
            refused(&shop, &member, &other).await.as_deref(),
            Some("source_conflict"),
            "{more}"
        );
    }
    assert_eq!(refused(&shop, &member, &visit()).await, None);
    let dry = shop.post(&format!("{path}?dry_run=true"), visit()).await.expect(200);
    assert_eq!(dry["seq"], first["seq"], "a rehearsal knows it too");
    assert_eq!(entries(app, &member).await, [first]);
}

both!(given_dates_are_values_too);
async fn given_dates_are_values_too(app: &TestApp) {
    let shop = app.storefront().await;
    let member = app.enrol("Jón").await;
    let path = format!("/v1/members/{member}/entries");
    let dates = json!({
        "occurred_at": "2026-11-01T00:00:00Z", "available_at": "2026-11-30T00:00:00Z",
        "expires_at": "2026-12-24T00:00:00Z",
    });
    let ask = with(&visit(), &dates);
    let first = shop.post(&path, ask.clone()).await.expect(201);
    for date in ["occurred_at", "available_at", "expires_at"] {
        let mut less = ask.clone();
        less.as_object_mut().expect("fields").remove(date);
        assert_eq!(
            refused(&shop, &member, &less).await.as_deref(),
            Some("source_conflict"),
            "{date}"
        );
        let day_later = dates[date].as_str().expect("an instant").replace("T00:", "T01:");
        let other = with(&ask, &json!({date: day_later}));
        assert_eq!(
            refused(&shop, &member, &other).await.as_deref(),
            Some("source_conflict"),
            "{date}"
        );
    }
    // the same instant, written otherwise
    let turned = with(&ask, &json!({"available_at": "2026-11-30T01:00:00+01:00"}));
    assert_eq!(shop.post(&path, turned).await.expect(200), first);
    // it is the first for good, when its dates are long past
    for now in ["2026-12-01T00:00:00Z", "2027-06-01T00:00:00Z"] {
        app.travel_to(now);
        assert_eq!(shop.post(&path, ask.clone()).await.expect(200), first, "{now}");
    }
    assert_eq!(balance(app, &member, ["available", "lifetime_expired"]).await, [0, 10]);
}

both!(a_repeat_comes_late_and_is_the_first);
async fn a_repeat_comes_late_and_is_the_first(app: &TestApp) {
    let (shop, admin) = (app.storefront().await, app.admin().await);
    let member = app.enrol("Jón").await;
    let path = format!("/v1/members/{member}/entries");
    let plain = visit();
    // without `occurred_at`, these dates were fine when they were first sent
    let soon = with(
        &plain,
        &json!({
            "source": {"type": "visit", "id": "v-2"}, "available_at": "2026-11-22T00:00:00Z",
        }),
    );
    let short = with(
        &plain,
        &json!({
            "source": {"type": "visit", "id": "v-3"}, "expires_at": "2026-11-23T00:00:00Z",
        }),
    );
    let late = with(
        &plain,
        &json!({
            "source": {"type": "visit", "id": "v-4"}, "available_at": "2027-11-22T00:00:00Z",
        }),
    );
    let gift = with(&soon, &json!({"kind": "adjust"}));
    let mut first = Vec::new();
    for (by, ask) in
        [(&shop, &plain), (&shop, &soon), (&shop, &short), (&shop, &late), (&admin, &gift)]
    {
        first.push(by.post(&path, ask.clone()).await.expect(201));
    }
    app.travel(Duration::from_hours(24 * 30));
    app.settings(json!({"pending_days": 0, "expiry_months": 1, "time_zone": "Asia/Tokyo"})).await;
    let admin = app.admin().await;
    for ((by, ask), first) in
        [(&shop, &plain), (&shop, &soon), (&shop, &short), (&shop, &late), (&admin, &gift)]
            .into_iter()
            .zip(&first)
    {
        let again = by.post(&path, ask.clone()).await.expect(200);
        for field in ["id", "seq", "points", "available_at", "expires_at", "occurred_at"] {
            assert_eq!(again[field], first[field], "{field} of {ask}");
        }
        assert_eq!(refused(by, &member, ask).await, None);
        let other = with(ask, &json!({"points": 11}));
        assert_eq!(refused(by, &member, &other).await.as_deref(), Some("source_conflict"));
        // what never was is judged by the clock of today
        let fresh = with(ask, &json!({"source": {"type": "visit", "id": "fresh"}}));
        let dated = !ask["available_at"].is_null() || !ask["expires_at"].is_null();
        if dated {
            let code = refused(by, &member, &fresh).await;
            assert_eq!(code.as_deref(), Some("invalid_request"), "{ask}");
        }
    }
}

both!(staffs_gift_repeats_beyond_its_limit_and_late);
async fn staffs_gift_repeats_beyond_its_limit_and_late(app: &TestApp) {
    let member = app.enrol("Jón").await;
    let path = format!("/v1/members/{member}/entries");
    let gift = json!({
        "kind": "adjust", "points": 500, "reason": "sorry", "expires_at": "2026-11-30T00:00:00Z",
        "source": {"type": "ticket", "id": "7"},
    });
    let first = app.staff().await.post(&path, gift.clone()).await.expect(201);
    app.settings(json!({"staff_perk_limit_points": 10})).await;
    app.travel(Duration::from_hours(24 * 30));
    let staff = app.staff().await;
    assert_eq!(staff.post(&path, gift.clone()).await.expect(200)["id"], first["id"]);
    assert_eq!(refused(&staff, &member, &gift).await, None);
    let other = with(&gift, &json!({"reason": "very sorry"}));
    assert_eq!(refused(&staff, &member, &other).await.as_deref(), Some("source_conflict"));
    let fresh = with(&gift, &json!({"source": {"type": "ticket", "id": "8"}}));
    assert_eq!(refused(&staff, &member, &fresh).await.as_deref(), Some("invalid_request"));
}

both!(a_source_is_of_a_member_a_kind_and_a_type);
async fn a_source_is_of_a_member_a_kind_and_a_type(app: &TestApp) {
    let (shop, admin) = (app.storefront().await, app.admin().await);
    let (member, other) = (app.enrol("Jón").await, app.enrol("Ari").await);
    let to = |member: &str| format!("/v1/members/{member}/entries");
    let mut ids = Vec::new();
    for (by, whose, ask) in [
        (&shop, &member, visit()),
        (&shop, &other, visit()),
        (&shop, &member, with(&visit(), &json!({"source": {"type": "call", "id": "v-1"}}))),
        (&shop, &member, with(&visit(), &json!({"source": {"type": "visit", "id": "v-2"}}))),
        (&shop, &member, with(&visit(), &json!({"source": {"type": "visit", "id": "V-1"}}))),
        (&shop, &member, with(&visit(), &json!({"source": {"type": "visi", "id": "tv-1"}}))),
        (&admin, &member, with(&visit(), &json!({"kind": "adjust"}))),
        // not one of the server's own, however it sounds
        (&shop, &member, with(&visit(), &json!({"source": {"type": "Order", "id": "v-1"}}))),
        (&shop, &member, with(&visit(), &json!({"source": {"type": "entry", "id": "v-1"}}))),
        (&shop, &member, with(&visit(), &json!({"source": null}))),
        (&shop, &member, with(&visit(), &json!({"source": null}))),
    ] {
        ids.push(by.post(&to(whose), ask).await.expect(201)["id"].clone());
    }
    let distinct: std::collections::HashSet<&Value> = ids.iter().collect();
    assert_eq!(distinct.len(), ids.len());
    // up and down are one kind, and other values
    let down = with(&visit(), &json!({"kind": "adjust", "points": -10}));
    assert_eq!(refused(&admin, &member, &down).await.as_deref(), Some("source_conflict"));
    for own in ["order", "redemption", "hold", "perk", "referral", "occasion", "transfer", "expiry"]
    {
        let ask = with(&visit(), &json!({"source": {"type": own, "id": "v-1"}}));
        assert_eq!(
            refused(&shop, &member, &ask).await.as_deref(),
            Some("invalid_request"),
            "{own}"
        );
    }
}

both!(a_source_that_was_reversed_stays_taken);
async fn a_source_that_was_reversed_stays_taken(app: &TestApp) {
    let (shop, admin) = (app.storefront().await, app.admin().await);
    let member = app.enrol("Jón").await;
    let path = format!("/v1/members/{member}/entries");
    let first = shop.post(&path, visit()).await.expect(201);
    let reverse = format!("/v1/entries/{}/reverse", first["id"].as_str().expect("an id"));
    admin.post(&reverse, json!({"reason": "a mistake"})).await.expect(201);
    assert_eq!(shop.post(&path, visit()).await.expect(200), first);
    assert_eq!(balance(app, &member, ["pending", "available"]).await, [0, 0]);
    // a source of the caller's that is called as the reversal's own is another kind of entry
    let ask = with(&visit(), &json!({"source": {"type": "entry", "id": first["id"]}}));
    let earned = shop.post(&path, ask).await.expect(201);
    let reverse = format!("/v1/entries/{}/reverse", earned["id"].as_str().expect("an id"));
    admin.post(&reverse, json!({"reason": "a mistake"})).await.expect(201);
    assert_eq!(entries(app, &member).await.len(), 4);
}
