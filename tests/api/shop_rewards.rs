//! The catalogue: who sees and writes it, and why a member can or can't have a reward.

use reqwest::Method;
use serde_json::json;

use crate::{
    shop::{code, codes, offer, redeem, rich, stock},
    support::{app::TestApp, both::both},
};

both!(every_reason_is_named_at_once);
async fn every_reason_is_named_at_once(app: &TestApp) {
    let (shop, staff) = (app.storefront().await, app.staff().await);
    let member = rich(app, 30).await;
    let reward = app
        .reward(json!({
            "cost_points": 100, "stock": 0, "tiers": ["platinum"], "starts_at": "2027-01-01T00:00:00Z",
        }))
        .await;
    let because = json!({"reason": "a test"});
    staff.post(&format!("/v1/members/{member}/suspend"), because.clone()).await.expect(200);

    let all = ["insufficient_points", "out_of_stock", "tier_required", "not_started"];
    let all = [&all[..], &["member_suspended"]].concat();
    let shown = offer(&shop, &member, &reward).await.expect("live");
    assert_eq!(shown["available"], false);
    assert_eq!(codes(&shown["reasons"]), all);
    assert_eq!(shown["reasons"][0], json!({"code": "insufficient_points", "shortfall": 70}));
    assert_eq!(shown["cost_points"], 100);

    let ask = json!({"member_id": member, "reward_id": reward, "quantity": 2});
    let problem = shop.post("/v1/redemptions", ask).await.refused(409, "reward_unavailable");
    assert_eq!(codes(&problem["reasons"]), all);
    assert_eq!(problem["reasons"][0]["shortfall"], 170, "of both units");

    staff.post(&format!("/v1/members/{member}/reinstate"), because).await.expect(200);
    let shown = offer(&shop, &member, &reward).await.expect("live");
    assert_eq!(codes(&shown["reasons"]), all[..4]);
    let over = app.reward(json!({"cost_points": 30, "ends_at": "2026-11-21T12:00:00Z"})).await;
    let shown = offer(&shop, &member, &over).await.expect("live");
    assert_eq!(shown["reasons"], json!([{"code": "ended"}]), "its end is exclusive");
}

both!(a_reward_starts_and_ends_to_the_second);
async fn a_reward_starts_and_ends_to_the_second(app: &TestApp) {
    let shop = app.storefront().await;
    let member = rich(app, 300).await;
    let reward = app
        .reward(json!({"starts_at": "2026-11-22T09:00:00Z", "ends_at": "2026-11-23T09:00:00Z"}))
        .await;
    for (now, reason) in [
        ("2026-11-22T08:59:59Z", Some("not_started")),
        ("2026-11-22T09:00:00Z", None),
        ("2026-11-23T08:59:59Z", None),
        ("2026-11-23T09:00:00Z", Some("ended")),
    ] {
        app.travel_to(now);
        let shown = offer(&shop, &member, &reward).await.expect("live");
        assert_eq!(codes(&shown["reasons"]), Vec::from_iter(reason), "{now}");
        assert_eq!(shown["available"], reason.is_none(), "{now}");
        let ask = json!({"member_id": member, "reward_id": reward});
        let reply = shop.post("/v1/redemptions", ask).await;
        match reason {
            None => assert_eq!(reply.expect(201)["placed_at"], now),
            Some(reason) => {
                let problem = reply.refused(409, "reward_unavailable");
                assert_eq!(codes(&problem["reasons"]), [reason], "{now}");
            }
        }
    }
}

both!(a_member_has_no_more_than_the_limit);
async fn a_member_has_no_more_than_the_limit(app: &TestApp) {
    let shop = app.storefront().await;
    let (first, second) = (rich(app, 1000).await, rich(app, 1000).await);
    let reward = app.reward(json!({"per_member_limit": 2})).await;
    let ask = |member: &str, quantity: i64| json!({"member_id": member, "reward_id": reward, "quantity": quantity});
    let too_many = shop.post("/v1/redemptions", ask(&first, 3)).await;
    let problem = too_many.refused(409, "reward_unavailable");
    assert_eq!(codes(&problem["reasons"]), ["limit_reached"]);

    let both = shop.post("/v1/redemptions", ask(&first, 2)).await.expect(201);
    assert_eq!((&both["points"], &both["quantity"]), (&json!(200), &json!(2)));
    let shown = offer(&shop, &first, &reward).await.expect("live");
    assert_eq!(codes(&shown["reasons"]), ["limit_reached"]);
    shop.post("/v1/redemptions", ask(&first, 1)).await.refused(409, "reward_unavailable");
    redeem(&shop, &second, &reward).await;

    // what was used counts, and what was cancelled does not
    let cancel = format!("/v1/redemptions/{}/cancel", both["id"].as_str().expect("an id"));
    shop.post(&cancel, json!({})).await.expect(200);
    let one = redeem(&shop, &first, &reward).await;
    let used = format!("/v1/vouchers/{}/use", code(&one));
    shop.post(&used, json!({})).await.expect(200);
    redeem(&shop, &first, &reward).await;
    shop.post("/v1/redemptions", ask(&first, 1)).await.refused(409, "reward_unavailable");
}

both!(the_stock_runs_out_and_no_form_goes_stale);
async fn the_stock_runs_out_and_no_form_goes_stale(app: &TestApp) {
    let (shop, admin) = (app.storefront().await, app.admin().await);
    let member = rich(app, 1000).await;
    let reward = app.reward(json!({"stock": 3})).await;
    let path = format!("/v1/rewards/{reward}");
    let etag = admin.get(&path).await.header("etag").expect("an ETag");
    let ask =
        |quantity: i64| json!({"member_id": member, "reward_id": reward, "quantity": quantity});
    shop.post("/v1/redemptions", ask(4)).await.refused(409, "out_of_stock");
    shop.post("/v1/redemptions", ask(2)).await.expect(201);
    assert_eq!(stock(app, &reward).await, 1);
    shop.post("/v1/redemptions", ask(2)).await.refused(409, "out_of_stock");
    shop.post("/v1/redemptions", ask(1)).await.expect(201);
    let shown = offer(&shop, &member, &reward).await.expect("live");
    assert_eq!(codes(&shown["reasons"]), ["out_of_stock"]);
    shop.post("/v1/redemptions", ask(1)).await.refused(409, "out_of_stock");

    let body = json!({"name": "Kaffi"}).to_string().into_bytes();
    let headers = [("if-match", etag.as_str())];
    let renamed = admin.send(Method::PATCH, &path, &headers, Some(body.clone())).await.expect(200);
    assert_eq!((&renamed["name"], &renamed["stock"]), (&json!("Kaffi"), &json!(0)));
    admin
        .send(Method::PATCH, &path, &headers, Some(body.clone()))
        .await
        .refused(412, "precondition_failed");
    admin.send(Method::PATCH, &path, &[], Some(body)).await.refused(428, "precondition_required");
    let endless = admin.patch(&path, json!({"stock": null})).await.expect(200);
    assert!(endless["stock"].is_null());
    shop.post("/v1/redemptions", ask(1)).await.expect(201);
}

both!(points_are_short_by_so_many);
async fn points_are_short_by_so_many(app: &TestApp) {
    let shop = app.storefront().await;
    let member = rich(app, 99).await;
    let reward = app.reward(json!({"stock": 5})).await;
    let ask = json!({"member_id": member, "reward_id": reward});
    let problem = shop.post("/v1/redemptions", ask).await.refused(409, "insufficient_points");
    assert_eq!(problem["shortfall"], 1);
    assert_eq!(stock(app, &reward).await, 5, "what was taken from the shelf is back");
    let shown = offer(&shop, &member, &reward).await.expect("live");
    assert_eq!(shown["reasons"], json!([{"code": "insufficient_points", "shortfall": 1}]));
    app.give(&member, 1).await;
    let shown = offer(&shop, &member, &reward).await.expect("live");
    assert_eq!((&shown["available"], &shown["reasons"]), (&json!(true), &json!([])));
}

both!(a_tier_opens_what_is_for_it);
async fn a_tier_opens_what_is_for_it(app: &TestApp) {
    let shop = app.storefront().await;
    let member = rich(app, 1000).await;
    let tier = shop.get(&format!("/v1/members/{member}")).await.expect(200)["tier"].clone();
    let mine = app.reward(json!({"tiers": ["platinum", tier]})).await;
    redeem(&shop, &member, &mine).await;
    let theirs = app.reward(json!({"tiers": ["platinum"]})).await;
    let ask = json!({"member_id": member, "reward_id": theirs});
    let problem = shop.post("/v1/redemptions", ask).await.refused(409, "reward_unavailable");
    assert_eq!(problem["reasons"], json!([{"code": "tier_required"}]));
}

both!(members_and_storefronts_see_what_is_live);
async fn members_and_storefronts_see_what_is_live(app: &TestApp) {
    let (shop, admin, staff) = (app.storefront().await, app.admin().await, app.staff().await);
    let id = rich(app, 1000).await;
    let member = app.member(&id).await;
    let live = app.reward(json!({})).await;
    for state in ["draft", "paused", "retired"] {
        let hidden = app.reward(json!({"state": state})).await;
        let path = format!("/v1/rewards/{hidden}");
        for who in [&member, &shop] {
            who.get(&path).await.refused(404, "not_found");
            let listed = who.get("/v1/rewards").await.expect(200);
            assert_eq!(listed["data"].as_array().map(Vec::len), Some(1), "{state}");
            assert_eq!(listed["data"][0]["id"], live.as_str());
            let narrowed = who.get(&format!("/v1/rewards?state={state}")).await.expect(200);
            assert_eq!(narrowed["data"], json!([]));
        }
        staff.get(&path).await.expect(200);
        assert!(offer(&member, &id, &hidden).await.is_none(), "{state}");
        let ask = json!({"member_id": id, "reward_id": hidden});
        shop.post("/v1/redemptions", ask).await.refused(409, "reward_unavailable");
        let listed = admin.get(&format!("/v1/rewards?state={state}")).await.expect(200);
        assert_eq!(listed["data"][0]["id"], hidden.as_str());
        if state == "retired" {
            let problem = admin.patch(&path, json!({"state": "live"})).await;
            let problem = problem.refused(409, "invalid_transition");
            assert_eq!(problem["from"], "retired");
            assert_eq!((&problem["to"], &problem["allowed"]), (&json!("live"), &json!([])));
        } else {
            admin.patch(&path, json!({"state": "retired"})).await.expect(200);
        }
    }
    admin.get("/v1/rewards?state=sold").await.refused(422, "invalid_request");
    app.anyone().get("/v1/rewards").await.refused(401, "unauthenticated");
    let new = json!({"name": "Tea", "kind": "voucher", "cost_points": 10});
    for who in [&member, &shop, &staff] {
        who.post("/v1/rewards", new.clone()).await.refused(403, "forbidden");
    }
    assert_eq!(admin.post("/v1/rewards", new).await.expect(201)["state"], "draft");
}

both!(a_reward_that_makes_no_sense_is_refused);
async fn a_reward_that_makes_no_sense_is_refused(app: &TestApp) {
    let admin = app.admin().await;
    for (field, wrong, pointer) in [
        ("cost_points", json!(0), "/cost_points"),
        ("cost_points", json!(1_000_000_001), "/cost_points"),
        ("cost_points", json!(1.5), "/cost_points"),
        ("cost_points", json!("100"), "/cost_points"),
        ("name", json!("  "), "/name"),
        ("kind", json!("toaster"), "/kind"),
        ("state", json!("gone"), "/state"),
        ("stock", json!(-1), "/stock"),
        ("per_member_limit", json!(0), "/per_member_limit"),
        ("tiers", json!(["Gold!"]), "/tiers/0"),
        ("value", json!({"amount": 0, "currency": "EUR"}), "/value/amount"),
        ("value", json!({"amount": 1, "currency": "euro"}), "/value/currency"),
        ("image_url", json!("http://shop.example/a.jpg"), "/image_url"),
        ("image_url", json!("javascript:alert(1)"), "/image_url"),
        ("ends_at", json!("2026-11-21T12:00:00Z"), "/ends_at"),
        ("colour", json!("red"), "/colour"),
    ] {
        let mut new = json!({
            "name": "Tea", "kind": "voucher", "cost_points": 10, "starts_at": "2026-11-21T12:00:00Z",
        });
        new[field] = wrong.clone();
        let reply = admin.post("/v1/rewards", new).await;
        assert_eq!(reply.pointer(), pointer, "{field} {wrong}: {}", reply.text);
        reply.refused(422, "invalid_request");
    }
    let none = admin.get("/v1/rewards").await.expect(200);
    assert_eq!(none["data"], json!([]));
}

both!(nobody_pays_more_than_they_were_shown);
async fn nobody_pays_more_than_they_were_shown(app: &TestApp) {
    let (shop, admin) = (app.storefront().await, app.admin().await);
    let member = rich(app, 1000).await;
    let reward = app.reward(json!({"cost_points": 100})).await;
    let path = format!("/v1/rewards/{reward}");
    let ask = |order_ref: &str| json!({"member_id": member, "reward_id": reward, "order_ref": order_ref, "max_points": 100});
    let first = shop.post("/v1/redemptions", ask("o-1")).await.expect(201);
    admin.patch(&path, json!({"cost_points": 120})).await.expect(200);
    let dearer = shop.post("/v1/redemptions", ask("o-2")).await.refused(409, "price_changed");
    assert_eq!(dearer["points"], 120);
    assert_eq!(app.balance(&member).await["available"], 900, "nothing was taken");
    // what was redeemed before is answered as it was
    assert_eq!(shop.post("/v1/redemptions", ask("o-1")).await.expect(200), first);
    admin.patch(&path, json!({"cost_points": 80})).await.expect(200);
    let cheaper = shop.post("/v1/redemptions", ask("o-3")).await.expect(201);
    assert_eq!(cheaper["points"], 80);
    let mut two = ask("o-4");
    two["quantity"] = json!(2);
    let both = shop.post("/v1/redemptions", two).await.refused(409, "price_changed");
    assert_eq!(both["points"], 160, "of all units");
    // without it the price of the moment counts
    let any = json!({"member_id": member, "reward_id": reward});
    assert_eq!(shop.post("/v1/redemptions", any).await.expect(201)["points"], 80);
}
