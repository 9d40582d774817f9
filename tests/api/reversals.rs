//! Entries that staff undo: once, and everything else where it came from.

use serde_json::{Value, json};

use crate::{
    shop::{balance, entries, eur, hold, id, journal, lines, order, redeem, rich},
    support::{
        app::{Client, TestApp},
        both::both,
    },
};

const FIELDS: [&str; 4] = ["available", "pending", "debt", "lifetime_earned"];

pub async fn earn(shop: &Client, member: &str, points: i64) -> Value {
    let ask = json!({"kind": "earn", "points": points, "reason": "a visit"});
    shop.post(&format!("/v1/members/{member}/entries"), ask).await.expect(201)
}

pub fn reversal_of(entry: &Value) -> String {
    format!("/v1/entries/{}/reverse", id(entry))
}

pub fn why() -> Value {
    json!({"reason": "posted to the wrong member"})
}

/// That the statement of all time opens at nothing and closes at the balance.
pub async fn adds_up(app: &TestApp, member: &str) {
    let path = format!("/v1/members/{member}/statement?from=2020-01-01T00:00:00Z&to={}", app.now());
    let said = app.admin().await.get(&path).await.expect(200);
    // what happened this very moment is beyond `to`, and listed all the same
    let lines = entries(app, member).await;
    let now: i64 = lines
        .iter()
        .filter(|line| line["occurred_at"] == json!(app.now()))
        .map(|line| line["points"].as_i64().expect("points"))
        .sum();
    let [available, pending, held, debt] =
        balance(app, member, ["available", "pending", "held", "debt"]).await;
    assert_eq!(said["opening_balance"], 0);
    assert_eq!(said["closing_balance"], available + pending + held - debt - now, "{said:#}");
    assert_eq!(lines[0]["balance_after"], available + pending + held - debt);
}

both!(an_earn_that_was_not_spent_leaves);
async fn an_earn_that_was_not_spent_leaves(app: &TestApp) {
    let shop = app.storefront().await;
    app.settings(json!({"pending_days": 0})).await;
    let member = rich(app, 50).await;
    let earned = earn(&shop, &member, 100).await;
    app.travel_to("2026-11-22T12:00:00Z");
    let staff = app.staff().await;
    let reversal = staff.post(&reversal_of(&earned), why()).await.expect(201);
    assert_eq!(
        (&reversal["kind"], &reversal["points"], &reversal["balance_after"]),
        (&json!("reversal"), &json!(-100), &json!(50))
    );
    assert_eq!(reversal["source"], json!({"type": "entry", "id": earned["id"]}));
    assert_eq!(reversal["reason"], why()["reason"]);
    assert_eq!(reversal["occurred_at"], "2026-11-22T12:00:00Z");
    assert_eq!(reversal["explanation"]["text"], "Entry 2 was undone: 100 points were taken back.");
    assert_eq!(balance(app, &member, FIELDS).await, [50, 0, 0, 50]);
    assert_eq!(entries(app, &member).await[1], earned, "what was posted stays as it was");

    // again: the first, whoever asks and why
    app.travel_to("2026-11-23T12:00:00Z");
    for who in [app.staff().await, app.admin().await] {
        let again = who.post(&reversal_of(&earned), json!({"reason": "again"})).await.expect(200);
        assert_eq!(again, reversal);
    }
    assert_eq!(journal(app, &member).await.len(), 3);
    adds_up(app, &member).await;
}

both!(an_earn_that_is_pending_leaves_before_it_matures);
async fn an_earn_that_is_pending_leaves_before_it_matures(app: &TestApp) {
    let shop = app.storefront().await;
    let member = app.enrol("Jón").await;
    let earned = earn(&shop, &member, 100).await;
    earn(&shop, &member, 7).await;
    assert_eq!(balance(app, &member, FIELDS).await, [0, 107, 0, 107]);
    app.staff().await.post(&reversal_of(&earned), why()).await.expect(201);
    assert_eq!(balance(app, &member, FIELDS).await, [0, 7, 0, 7]);
    app.travel_to("2026-12-05T12:00:00Z");
    assert_eq!(balance(app, &member, FIELDS).await, [7, 0, 0, 7]);
    adds_up(app, &member).await;
}

both!(what_was_spent_of_an_earn_is_clawed_back);
async fn what_was_spent_of_an_earn_is_clawed_back(app: &TestApp) {
    let shop = app.storefront().await;
    app.settings(json!({"pending_days": 0})).await;
    let reward = app.reward(json!({"cost_points": 60})).await;
    // with other points to take it from, with some, with none; and forgiven
    for (policy, others, then, lost, text) in [
        (
            "debt",
            80,
            [20, 0, 0, 80],
            -60,
            "60 points of it that had been used were taken back, from entry 3.",
        ),
        (
            "debt",
            25,
            [0, 0, 35, 25],
            -60,
            "60 points of it that had been used were taken back; of them 35 are owed and will be \
             paid by what is earned next.",
        ),
        (
            "clamp",
            25,
            [0, 0, 0, 60],
            -25,
            "60 points of it that had been used were taken back; of them 35 were waived.",
        ),
    ] {
        app.settings(json!({"negative_policy": policy})).await;
        let member = app.enrol("Jón").await;
        let earned = earn(&shop, &member, 100).await;
        redeem(&shop, &member, &reward).await;
        earn(&shop, &member, others).await;
        let reversal = app.staff().await.post(&reversal_of(&earned), why()).await.expect(201);
        assert_eq!((&reversal["kind"], &reversal["points"]), (&json!("reversal"), &json!(-40)));
        let taken = &entries(app, &member).await[0];
        assert_eq!(&reversal["clawback"], taken, "the answer tells the clawback too");
        let told = [("earn", 100), ("redeem", -60), ("earn", others), ("reversal", -40)];
        let mut told = lines(&told);
        told.push(("clawback".to_owned(), lost));
        assert_eq!(journal(app, &member).await, told, "{policy}");
        let clawback = &entries(app, &member).await[0];
        assert_eq!(clawback["source"], json!({"type": "entry", "id": earned["id"]}));
        assert_eq!(clawback["reason"], why()["reason"]);
        let said = clawback["explanation"]["text"].as_str().expect("a sentence");
        assert_eq!(said, format!("Entry 1 was undone: {text}"));
        assert_eq!(balance(app, &member, FIELDS).await, then, "{policy}");
        // undone before, the first reversal answers, and nothing more is taken
        let again = app.staff().await.post(&reversal_of(&earned), why()).await.expect(200);
        assert_eq!(again, reversal);
        assert_eq!(balance(app, &member, FIELDS).await, then, "{policy}");
        adds_up(app, &member).await;
    }
}

both!(what_came_from_somewhere_is_undone_there);
async fn what_came_from_somewhere_is_undone_there(app: &TestApp) {
    let shop = app.storefront().await;
    app.settings(json!({"pending_days": 0, "transfers_enabled": true, "expiry_months": 1})).await;
    let member = app.enrol("Jón").await;
    let other = app.enrol("Ari").await;
    let bought = order(&shop, &member, "A-1", 50_000).await;
    let reward = app.reward(json!({})).await;
    let redeemed = redeem(&shop, &member, &reward).await;
    let undone = redeem(&shop, &member, &reward).await;
    shop.post(&format!("/v1/redemptions/{}/cancel", id(&undone)), json!({})).await.expect(200);
    let held = hold(&shop, &member, "cart-1", 20).await;
    shop.post(&format!("/v1/holds/{}/capture", id(&held)), json!({})).await.expect(200);
    let gift = json!({"to_member_id": other, "points": 30, "reason": "a birthday"});
    let own = app.member(&member).await;
    let sent = own.post(&format!("/v1/members/{member}/transfers"), gift).await.expect(201);
    let refund = json!({"external_id": "R-1", "amount": eur(1000)});
    shop.post(&format!("/v1/orders/{}/refunds", id(&bought)), refund).await.expect(201);
    let earned = earn(&shop, &member, 5).await;
    let staff = app.staff().await;
    let reversal = staff.post(&reversal_of(&earned), why()).await.expect(201);
    app.travel_to("2027-03-01T00:00:00Z");
    let staff = app.staff().await;

    let mut listed = entries(app, &member).await;
    listed.extend(entries(app, &other).await);
    let mut seen = Vec::new();
    for entry in listed.iter().filter(|entry| entry["id"] != earned["id"]) {
        let problem = staff.post(&reversal_of(entry), why()).await;
        let problem = problem.refused(409, "reverse_at_source");
        let source = problem["source"].clone();
        assert_eq!(source, entry["source"], "{entry}");
        seen.push(format!(
            "{} {}",
            entry["kind"].as_str().expect("a kind"),
            source["type"].as_str().expect("a type")
        ));
        let expected = match source["type"].as_str().expect("a type") {
            "order" => id(&bought),
            "hold" => id(&held),
            "transfer" => sent["source"]["id"].as_str().expect("an id").to_owned(),
            "entry" => id(&earned),
            "redemption" if entry["kind"] == "redeem" && entry["seq"] == 2 => id(&redeemed),
            "redemption" => id(&undone),
            _ => continue,
        };
        assert_eq!(source["id"], expected.as_str(), "{entry}");
    }
    seen.sort_unstable();
    seen.dedup();
    let all = [
        "clawback order",
        "earn order",
        "expire expiry",
        "redeem hold",
        "redeem redemption",
        "reversal entry",
        "reversal redemption",
        "transfer transfer",
    ];
    assert_eq!(seen, all);
    assert_eq!(reversal["points"], -5);
    assert_eq!(entries(app, &member).await.len() + entries(app, &other).await.len(), listed.len());
    adds_up(app, &member).await;
}

both!(a_reversal_is_staffs_and_has_a_reason);
async fn a_reversal_is_staffs_and_has_a_reason(app: &TestApp) {
    let (shop, staff) = (app.storefront().await, app.staff().await);
    let member = app.enrol("Jón").await;
    let earned = earn(&shop, &member, 100).await;
    let path = reversal_of(&earned);
    for who in [&shop, &app.member(&member).await] {
        who.post(&path, why()).await.refused(403, "forbidden");
    }
    app.anyone().post(&path, why()).await.refused(401, "unauthenticated");
    for reason in [json!({}), json!({"reason": ""}), json!({"reason": "  "}), json!({"reason": 1})]
    {
        let reply = staff.post(&path, reason.clone()).await;
        assert_eq!(reply.pointer(), "/reason", "{reason}");
        reply.refused(422, "invalid_request");
    }
    for nothing in ["ent_01m7zr4g2tfw1b4ww8pvq0tkz1", "ent_", &member, "x"] {
        let reply = staff.post(&format!("/v1/entries/{nothing}/reverse"), why()).await;
        reply.refused(404, "not_found");
    }
    let dry = staff.post(&format!("{path}?dry_run=true"), why()).await.expect(200);
    assert_eq!((&dry["id"], &dry["points"]), (&Value::Null, &json!(-100)));
    assert_eq!(entries(app, &member).await, [earned]);

    let first = staff.post_keyed(&path, "k-1", why()).await;
    assert_eq!(first.status, 201, "{}", first.text);
    let again = staff.post_keyed(&path, "k-1", why()).await;
    assert_eq!((again.status, &again.text), (201, &first.text), "the first answer");
    assert_eq!(again.header("idempotent-replayed").as_deref(), Some("true"));
    assert_eq!(staff.post_keyed(&path, "k-2", why()).await.expect(200), first.json);
    assert_eq!(entries(app, &member).await.len(), 2);
}

both!(a_dry_run_tells_the_clawback_too);
async fn a_dry_run_tells_the_clawback_too(app: &TestApp) {
    let shop = app.storefront().await;
    app.settings(json!({"pending_days": 0})).await;
    let reward = app.reward(json!({"cost_points": 60})).await;
    let member = app.enrol("Jón").await;
    let earned = earn(&shop, &member, 100).await;
    let staff = app.staff().await;
    let path = reversal_of(&earned);
    let dry = staff.post(&format!("{path}?dry_run=true"), why()).await.expect(200);
    assert_eq!((&dry["points"], &dry["clawback"]), (&json!(-100), &Value::Null));
    redeem(&shop, &member, &reward).await;
    let dry = staff.post(&format!("{path}?dry_run=true"), why()).await.expect(200);
    assert_eq!((&dry["points"], &dry["clawback"]["points"]), (&json!(-40), &json!(-60)));
    assert_eq!(dry["clawback"]["id"], Value::Null);
    assert_eq!(balance(app, &member, FIELDS).await, [40, 0, 0, 100], "nothing is done");
}

both!(staff_undo_earns_and_what_they_gave_themselves);
async fn staff_undo_earns_and_what_they_gave_themselves(app: &TestApp) {
    app.settings(json!({
        "staff_perk_limit_points": 500, "staff_perk_budget_points_per_month": 1000,
    }))
    .await;
    let member = app.enrol("Jón").await;
    let entries_path = format!("/v1/members/{member}/entries");
    let give = |points: i64| json!({"kind": "adjust", "points": points, "reason": "kindness"});
    let (admin, staff) = (app.admin().await, app.staff().await);
    let colleague = app.user(platform::auth::Role::Staff, "colleague@example.com").await;
    let up = admin.post(&entries_path, give(9000)).await.expect(201);
    let down = admin.post(&entries_path, give(-9000)).await.expect(201);
    let others = colleague.post(&entries_path, give(300)).await.expect(201);
    let before = balance(app, &member, FIELDS).await;
    for entry in [&up, &down, &others] {
        for query in ["", "?dry_run=true"] {
            let path = format!("{}{query}", reversal_of(entry));
            staff.post(&path, why()).await.refused(403, "forbidden");
        }
    }
    assert_eq!(balance(app, &member, FIELDS).await, before);
    // their own: the budget comes back, once
    let mut mine = Vec::new();
    for _ in 0..2 {
        mine.push(staff.post(&entries_path, give(500)).await.expect(201));
    }
    staff.post(&entries_path, give(1)).await.refused(409, "limit_reached");
    for _ in 0..2 {
        let reversal = staff.post(&reversal_of(&mine[0]), why()).await;
        assert!(matches!(reversal.status, 200 | 201), "{}", reversal.text);
    }
    staff.post(&entries_path, give(500)).await.expect(201);
    staff.post(&entries_path, give(1)).await.refused(409, "limit_reached");
    // an admin undoes all of them
    for entry in [&down, &others, &mine[1]] {
        admin.post(&reversal_of(entry), why()).await.expect(201);
    }
    adds_up(app, &member).await;
}

both!(what_was_waived_of_a_gift_stays_given);
async fn what_was_waived_of_a_gift_stays_given(app: &TestApp) {
    app.settings(json!({
        "staff_perk_budget_points_per_month": 500, "negative_policy": "clamp",
    }))
    .await;
    let (shop, staff) = (app.storefront().await, app.staff().await);
    let reward = app.reward(json!({"cost_points": 400})).await;
    let member = app.enrol("Jón").await;
    let path = format!("/v1/members/{member}/entries");
    let give = |points: i64| json!({"kind": "adjust", "points": points, "reason": "kindness"});
    let gift = staff.post(&path, give(500)).await.expect(201);
    redeem(&shop, &member, &reward).await;
    staff.post(&reversal_of(&gift), why()).await.expect(201);
    assert_eq!(balance(app, &member, ["available", "debt"]).await, [0, 0]);
    // 100 were taken back; the 400 that bought something are spent of the budget
    staff.post(&path, give(101)).await.refused(409, "limit_reached");
    staff.post(&path, give(100)).await.expect(201);
}
