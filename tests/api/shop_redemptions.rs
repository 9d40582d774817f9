//! Redemptions: made once, handed over, cancelled by whoever may, expired; and their vouchers.

use std::time::Duration;

use platform::auth::Scope;
use serde_json::{Value, json};

use crate::{
    shop::{balance, entries, id, redeem, rich, stock},
    support::{
        app::{Client, TestApp},
        both::both,
    },
};

both!(a_dry_run_changes_nothing);
async fn a_dry_run_changes_nothing(app: &TestApp) {
    let shop = app.storefront().await;
    let member = rich(app, 150).await;
    let reward = app.reward(json!({"stock": 1})).await;
    app.deliver_mail().await;
    let before = app.balance(&member).await;
    let ask = json!({"member_id": member, "reward_id": reward, "order_ref": "cart-1"});
    let said = shop.post("/v1/redemptions?dry_run=true", ask.clone()).await.expect(200);
    assert_eq!((&said["id"], &said["voucher"]["code"]), (&Value::Null, &Value::Null));
    assert_eq!(said["voucher"]["qr_svg_url"], Value::Null);
    assert_eq!(said["voucher"]["expires_at"], "2027-11-22T00:00:00Z");
    assert_eq!((&said["state"], &said["points"]), (&json!("fulfilled"), &json!(100)));
    assert_eq!((&said["member_id"], &said["reward_id"]), (&json!(member), &json!(reward)));

    assert_eq!(app.balance(&member).await, before);
    assert_eq!(stock(app, &reward).await, 1);
    assert_eq!(entries(app, &member).await.len(), 1);
    assert!(app.deliver_mail().await.is_empty());
    let listed = shop.get(&format!("/v1/redemptions?member_id={member}")).await.expect(200);
    assert_eq!(listed["data"], json!([]));

    let done = shop.post("/v1/redemptions", ask).await.expect(201);
    assert_eq!(done["order_ref"], "cart-1");
    let more = json!({"member_id": member, "reward_id": reward});
    shop.post("/v1/redemptions?dry_run=true", more.clone()).await.refused(409, "out_of_stock");
    let odd = shop.post("/v1/redemptions?dry_run=maybe", more).await;
    odd.refused(422, "invalid_request");
    let cancel = format!("/v1/redemptions/{}/cancel?dry_run=true", id(&done));
    shop.post(&cancel, json!({})).await.refused(422, "invalid_request");
}

both!(an_order_ref_redeems_a_reward_once);
async fn an_order_ref_redeems_a_reward_once(app: &TestApp) {
    let (shop, admin) = (app.storefront().await, app.admin().await);
    let (member, other) = (rich(app, 250).await, rich(app, 100).await);
    let reward = app.reward(json!({})).await;
    let second = app.reward(json!({"name": "Tea"})).await;
    let ask = json!({"member_id": member, "reward_id": reward, "order_ref": "cart-1"});
    let first = shop.post("/v1/redemptions", ask.clone()).await.expect(201);
    assert_eq!(shop.post("/v1/redemptions", ask.clone()).await.expect(200), first);
    let mut three = ask.clone();
    three["quantity"] = json!(3);
    shop.post("/v1/redemptions", three).await.refused(409, "source_conflict");
    let mut tea = ask.clone();
    tea["reward_id"] = json!(second);
    assert_ne!(shop.post("/v1/redemptions", tea).await.expect(201)["id"], first["id"]);
    let mut theirs = ask.clone();
    theirs["member_id"] = json!(other);
    assert_ne!(shop.post("/v1/redemptions", theirs).await.expect(201)["id"], first["id"]);
    assert_eq!(balance(app, &member, ["available", "lifetime_redeemed"]).await, [50, 200]);

    // even where it could not be had any more
    admin.patch(&format!("/v1/rewards/{reward}"), json!({"state": "paused"})).await.expect(200);
    assert_eq!(shop.post("/v1/redemptions", ask.clone()).await.expect(200), first);
    let cancel = format!("/v1/redemptions/{}/cancel", id(&first));
    let cancelled = shop.post(&cancel, json!({})).await.expect(200);
    assert_eq!(shop.post("/v1/redemptions", ask).await.expect(200), cancelled);
    assert_eq!(balance(app, &member, ["available"]).await, [150]);
}

both!(what_an_ask_may_say);
async fn what_an_ask_may_say(app: &TestApp) {
    let shop = app.storefront().await;
    let member = rich(app, 250).await;
    let reward = app.reward(json!({})).await;
    let nobody = "mem_01m7zr4g2tfw1b4ww8pvq0tkz1";
    let nothing = "rwd_01m7zr4g2tfw1b4ww8pvq0tkz1";
    for (ask, status, code, pointer) in [
        (json!({"member_id": nobody, "reward_id": reward}), 404, "not_found", "/member_id"),
        (json!({"member_id": member, "reward_id": nothing}), 404, "not_found", "/reward_id"),
        (json!({"member_id": member, "reward_id": member}), 422, "invalid_request", "/reward_id"),
        (json!({"member_id": member}), 422, "invalid_request", "/reward_id"),
        (
            json!({"member_id": member, "reward_id": reward, "quantity": 0}),
            422,
            "invalid_request",
            "/quantity",
        ),
        (
            json!({"member_id": member, "reward_id": reward, "quantity": "1"}),
            422,
            "invalid_request",
            "/quantity",
        ),
        (
            json!({"member_id": member, "reward_id": reward, "order_ref": ""}),
            422,
            "invalid_request",
            "/order_ref",
        ),
        (
            json!({"member_id": member, "reward_id": reward, "points": 1}),
            422,
            "invalid_request",
            "/points",
        ),
    ] {
        let reply = shop.post("/v1/redemptions", ask.clone()).await;
        assert_eq!(reply.pointer(), pointer, "{ask}: {}", reply.text);
        reply.refused(status, code);
    }
    assert_eq!(balance(app, &member, ["available"]).await, [250]);
}

/// Asks for a step and answers `from`, `to` and `allowed` of its refusal.
async fn impossible(by: &Client, step: &str, body: Value) -> [Value; 3] {
    let problem = by.post(step, body).await.refused(409, "invalid_transition");
    ["from", "to", "allowed"].map(|field| problem[field].clone())
}

both!(each_caller_cancels_what_it_may);
async fn each_caller_cancels_what_it_may(app: &TestApp) {
    let (shop, other_shop) = (app.storefront().await, app.storefront().await);
    let staff = app.staff().await;
    let id_of = rich(app, 1000).await;
    let (member, stranger) = (app.member(&id_of).await, app.enrol("Ari").await);
    let stranger = app.member(&stranger).await;
    let voucher = app.reward(json!({"stock": 10})).await;
    let product = app.reward(json!({"kind": "product", "stock": 10})).await;
    let path = |redemption: &Value| format!("/v1/redemptions/{}/cancel", id(redemption));

    // a member: what is placed, and nobody else's
    let placed = redeem(&member, &id_of, &product).await;
    stranger.post(&path(&placed), json!({})).await.refused(404, "not_found");
    let cancelled = member.post(&path(&placed), json!({})).await.expect(200);
    assert_eq!(
        (&cancelled["state"], &cancelled["cancelled_at"]),
        (&json!("cancelled"), &json!("2026-11-21T12:00:00Z"))
    );
    assert_eq!(member.post(&path(&placed), json!({})).await.expect(200), cancelled);
    assert_eq!(balance(app, &id_of, ["available", "lifetime_redeemed"]).await, [1000, 0]);
    assert_eq!(stock(app, &product).await, 10);
    let by_code = redeem(&member, &id_of, &voucher).await;
    let no = impossible(&member, &path(&by_code), json!({})).await;
    assert_eq!(no, [json!("fulfilled"), json!("cancelled"), json!(["used"])]);

    // a storefront: what it placed itself
    shop.post(&path(&by_code), json!({})).await.refused(403, "forbidden");
    let sold = redeem(&shop, &id_of, &voucher).await;
    other_shop.post(&path(&sold), json!({})).await.refused(403, "forbidden");
    assert_eq!(shop.post(&path(&sold), json!({})).await.expect(200)["state"], "cancelled");
    let used = redeem(&shop, &id_of, &voucher).await;
    shop.post(&format!("/v1/vouchers/{}/use", crate::shop::code(&used)), json!({}))
        .await
        .expect(200);
    let no = impossible(&shop, &path(&used), json!({})).await;
    assert_eq!(no, [json!("used"), json!("cancelled"), json!([])]);

    // staff: either, with a reason
    let reply = staff.post(&path(&by_code), json!({})).await;
    assert_eq!(reply.pointer(), "/reason");
    reply.refused(422, "invalid_request");
    let because = json!({"reason": "ordered twice"});
    assert_eq!(
        staff.post(&path(&by_code), because.clone()).await.expect(200)["state"],
        "cancelled"
    );
    let no = impossible(&staff, &path(&used), because.clone()).await;
    assert_eq!(no, [json!("used"), json!("cancelled"), json!([])]);
    let placed = redeem(&shop, &id_of, &product).await;
    staff.post(&path(&placed), because).await.expect(200);

    assert_eq!(balance(app, &id_of, ["available", "lifetime_redeemed"]).await, [900, 100]);
    assert_eq!((stock(app, &voucher).await, stock(app, &product).await), (json!(9), json!(10)));
    let newest = &entries(app, &id_of).await[0];
    assert_eq!((&newest["kind"], &newest["points"]), (&json!("reversal"), &json!(100)));
    assert_eq!(newest["source"], json!({"type": "redemption", "id": placed["id"]}));
}

both!(points_come_back_with_their_own_expiry);
async fn points_come_back_with_their_own_expiry(app: &TestApp) {
    let (shop, admin) = (app.storefront().await, app.admin().await);
    let member = app.enrol("Jón").await;
    for (points, expires_at) in [(60, "2026-12-01T00:00:00Z"), (70, "2027-06-01T00:00:00Z")] {
        let gift = json!({"kind": "adjust", "points": points, "reason": "a gift", "expires_at": expires_at});
        admin.post(&format!("/v1/members/{member}/entries"), gift).await.expect(201);
    }
    let before = app.balance(&member).await;
    let reward = app.reward(json!({})).await;
    let cancel = |redemption: &Value| format!("/v1/redemptions/{}/cancel", id(redemption));
    let first = redeem(&shop, &member, &reward).await;
    let left = app.balance(&member).await;
    assert_eq!(left["expiring"], json!([{"points": 30, "expires_at": "2027-06-01T00:00:00Z"}]));
    shop.post(&cancel(&first), json!({})).await.expect(200);
    assert_eq!(app.balance(&member).await, before);

    // those whose time is over meanwhile are back for no moment at all
    let second = redeem(&shop, &member, &reward).await;
    app.travel_to("2026-12-01T00:00:00Z");
    shop.post(&cancel(&second), json!({})).await.expect(200);
    let fields = ["available", "lifetime_expired", "lifetime_redeemed"];
    assert_eq!(balance(app, &member, fields).await, [70, 60, 0]);
    let newest = entries(app, &member).await;
    assert_eq!((&newest[0]["kind"], &newest[0]["points"]), (&json!("expire"), &json!(-60)));
    assert_eq!((&newest[1]["kind"], &newest[1]["points"]), (&json!("reversal"), &json!(100)));
}

both!(what_is_placed_is_handed_over_or_expires);
async fn what_is_placed_is_handed_over_or_expires(app: &TestApp) {
    let shop = app.storefront().await;
    let member = rich(app, 500).await;
    let reward = app.reward(json!({"kind": "experience", "stock": 5})).await;
    let step =
        |redemption: &Value, step: &str| format!("/v1/redemptions/{}/{step}", id(redemption));
    let handed = redeem(&shop, &member, &reward).await;
    assert_eq!((&handed["state"], &handed["voucher"]), (&json!("placed"), &Value::Null));
    assert_eq!(handed["fulfilled_at"], Value::Null);
    let waiting = redeem(&shop, &member, &reward).await;
    app.travel(Duration::from_hours(1));
    let fulfilled = shop.post(&step(&handed, "fulfil"), json!({})).await.expect(200);
    assert_eq!(
        (&fulfilled["state"], &fulfilled["fulfilled_at"]),
        (&json!("fulfilled"), &json!("2026-11-21T13:00:00Z"))
    );
    assert_eq!(shop.post(&step(&handed, "fulfil"), json!({})).await.expect(200), fulfilled);

    app.travel_to("2026-11-24T11:59:59Z");
    assert_eq!(
        shop.get(&format!("/v1/redemptions/{}", id(&waiting))).await.expect(200)["state"],
        "placed"
    );
    assert_eq!(balance(app, &member, ["available"]).await, [300]);
    app.travel_to("2026-11-24T12:00:00Z");
    let expired = shop.get(&format!("/v1/redemptions/{}", id(&waiting))).await.expect(200);
    assert_eq!((&expired["state"], &expired["cancelled_at"]), (&json!("expired"), &Value::Null));
    assert_eq!(balance(app, &member, ["available", "lifetime_redeemed"]).await, [400, 100]);
    assert_eq!(stock(app, &reward).await, 4);
    for (name, to, body) in [("fulfil", "fulfilled", json!({})), ("cancel", "cancelled", json!({}))]
    {
        let no = impossible(&shop, &step(&waiting, name), body).await;
        assert_eq!(no, [json!("expired"), json!(to), json!([])]);
    }
    let listed = shop.get(&format!("/v1/redemptions?member_id={member}&state=expired")).await;
    assert_eq!(listed.expect(200)["data"], json!([expired]));

    // whoever notices late, it is dated when it fell due
    let late = redeem(&shop, &member, &reward).await;
    app.travel_to("2026-12-24T18:00:00Z");
    shop.get(&format!("/v1/redemptions/{}", id(&late))).await.expect(200);
    let newest = &entries(app, &member).await[0];
    assert_eq!(
        (&newest["kind"], &newest["occurred_at"]),
        (&json!("reversal"), &json!("2026-11-27T12:00:00Z"))
    );
    assert_eq!(newest["actor"], "system");
    assert_eq!(balance(app, &member, ["available"]).await, [400]);
    let cancelled = redeem(&shop, &member, &reward).await;
    shop.post(&step(&cancelled, "cancel"), json!({})).await.expect(200);
    let no = impossible(&shop, &step(&cancelled, "fulfil"), json!({})).await;
    assert_eq!(no, [json!("cancelled"), json!("fulfilled"), json!([])]);
}

both!(members_see_and_do_only_what_is_theirs);
async fn members_see_and_do_only_what_is_theirs(app: &TestApp) {
    let shop = app.storefront().await;
    let (one, two) = (rich(app, 300).await, rich(app, 300).await);
    let (first, second) = (app.member(&one).await, app.member(&two).await);
    let reward = app.reward(json!({"kind": "product"})).await;
    let mine = redeem(&first, &one, &reward).await;
    let theirs = redeem(&shop, &two, &reward).await;
    first.get(&format!("/v1/redemptions/{}", id(&mine))).await.expect(200);
    first.get(&format!("/v1/redemptions/{}", id(&theirs))).await.refused(404, "not_found");
    first.get(&format!("/v1/redemptions?member_id={two}")).await.refused(404, "not_found");
    first.get(&format!("/v1/members/{two}/rewards")).await.refused(404, "not_found");
    assert_eq!(first.get("/v1/redemptions").await.expect(200)["data"], json!([mine]));
    let ask = json!({"member_id": two, "reward_id": reward});
    let reply = first.post("/v1/redemptions", ask.clone()).await;
    assert_eq!(reply.pointer(), "/member_id");
    reply.refused(404, "not_found");
    let fulfil = format!("/v1/redemptions/{}/fulfil", id(&mine));
    first.post(&fulfil, json!({})).await.refused(403, "forbidden");
    second.post(&fulfil, json!({})).await.refused(403, "forbidden");
    first.get("/v1/vouchers/K7Q0-1122-ZZ9A").await.refused(403, "forbidden");
    first.post("/v1/vouchers/K7Q0-1122-ZZ9A/use", json!({})).await.refused(403, "forbidden");
    app.anyone().post("/v1/redemptions", ask.clone()).await.refused(401, "unauthenticated");

    let reader = app.storefront_with(&[Scope::MembersRead]).await;
    reader.get(&format!("/v1/redemptions/{}", id(&theirs))).await.expect(200);
    reader.post("/v1/redemptions", ask).await.refused(403, "forbidden");
    reader.post(&fulfil, json!({})).await.refused(403, "forbidden");
    let writer = app.storefront_with(&[Scope::OrdersWrite]).await;
    writer.get("/v1/redemptions").await.refused(403, "forbidden");
}

both!(rewards_in_reach_come_first_page_by_page);
async fn rewards_in_reach_come_first_page_by_page(app: &TestApp) {
    let shop = app.storefront().await;
    let member = rich(app, 100).await;
    let mut rewards = Vec::new();
    for (cost, stock) in [(500, 1), (90, 1), (150, 1), (100, 1), (50, 0), (150, 1)] {
        rewards.push(app.reward(json!({"cost_points": cost, "stock": stock})).await);
    }
    // can be had, the newer before the older; then what nothing is short of; then by shortfall
    let expected = [3, 1, 4, 5, 2, 0].map(|place| rewards[place].clone());
    for limit in [1, 2, 4, 6, 100] {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let path = format!("/v1/members/{member}/rewards?limit={limit}{cursor}");
            let page = shop.get(&path).await.expect(200);
            let data = page["data"].as_array().expect("rewards");
            assert!(data.len() <= limit);
            seen.extend(data.iter().map(id));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen, expected, "{limit} a page");
    }
    let path = format!("/v1/members/{member}/rewards?cursor=eA");
    shop.get(&path).await.refused(422, "invalid_request");
}
