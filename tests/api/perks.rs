//! Perks: what staff give, within limits, with another pair of eyes above them, and back again.

use std::time::Duration;

use serde_json::{Value, json};
use vildar::auth::Role;

use crate::{
    shop::{balance, code, entries, id, journal, lines, offer, redeem, rich, stock},
    support::{
        app::{Client, TestApp},
        both::both,
    },
    world::rows,
};

/// Points for a member, as a clerk asks for them.
pub fn points(member: &str, points: i64) -> Value {
    json!({
        "member_id": member, "kind": "points", "points": points, "title": "Takk fyrir komuna",
        "reason": "waited an hour", "send_letter": true,
    })
}

fn reward(member: &str, reward: &str) -> Value {
    json!({
        "member_id": member, "kind": "reward", "reward_id": reward, "title": "On the house",
        "reason": "a cold coffee", "send_letter": true,
    })
}

async fn give(by: &Client, ask: Value) -> Value {
    by.post("/v1/perks", ask).await.expect(201)
}

fn step(perk: &Value, what: &str) -> String {
    format!("/v1/perks/{}/{what}", id(perk))
}

fn why() -> Value {
    json!({"reason": "a mistake"})
}

async fn left(by: &Client) -> Value {
    by.get("/v1/perks/budget").await.expect(200)["left_points"].clone()
}

/// The subjects of the letters that went out.
async fn subjects(app: &TestApp) -> Vec<String> {
    app.deliver_mail().await.into_iter().map(|mail| mail.subject).collect()
}

both!(points_come_at_once_and_say_why);
async fn points_come_at_once_and_say_why(app: &TestApp) {
    let (staff, member) = (app.staff().await, app.enrol("Jón").await);
    app.deliver_mail().await;
    let before = rows(app).await;
    let dry = staff.post("/v1/perks?dry_run=true", points(&member, 200)).await.expect(200);
    assert_eq!((&dry["id"], &dry["state"]), (&Value::Null, &json!("granted")));
    assert_eq!(rows(app).await, before, "a dry run leaves nothing");

    let perk = staff.post_keyed("/v1/perks", "k-1", points(&member, 200)).await.expect(201);
    let again = staff.post_keyed("/v1/perks", "k-1", points(&member, 200)).await.expect(201);
    assert_eq!(perk, again);
    assert_eq!((&perk["state"], &perk["points"]), (&json!("granted"), &json!(200)));
    assert_eq!(
        (&perk["proposed_by"], &perk["granted_at"]),
        (&perk["granted_by"], &perk["proposed_at"])
    );
    assert_eq!(perk["budget_user_id"], perk["granted_by"]);
    assert_eq!(staff.get(&format!("/v1/perks/{}", id(&perk))).await.expect(200), perk);
    assert_eq!(balance(app, &member, ["available", "lifetime_earned"]).await, [200, 200]);
    let entry = &entries(app, &member).await[0];
    assert_eq!((&entry["kind"], &entry["seq"]), (&json!("perk"), &perk["entry_seq"]));
    assert_eq!(entry["source"], json!({"type": "perk", "id": perk["id"]}));
    assert_eq!(
        entry["explanation"]["text"],
        "“Takk fyrir komuna”, a gift from us: 200 points, expire after 21 November 2028."
    );
    // it is undone as a perk, and not as an entry
    let path = format!("/v1/entries/{}/reverse", id(entry));
    let problem = app.admin().await.post(&path, why()).await.refused(409, "reverse_at_source");
    assert_eq!(problem["source"], json!({"type": "perk", "id": perk["id"]}));
    assert_eq!(subjects(app).await, ["Something for you: “Takk fyrir komuna”"]);

    let silent = json!({
        "member_id": member, "kind": "invitation", "title": "Come and see us",
        "reason": "asked for a tour", "send_letter": false,
    });
    let silent = give(&staff, silent).await;
    assert_eq!((&silent["state"], &silent["cost_points"]), (&json!("granted"), &json!(0)));
    assert!(subjects(app).await.is_empty(), "no letter was wanted");
    assert_eq!(left(&staff).await, 9800);
    let mine = format!("/v1/perks?staff={}", perk["granted_by"].as_str().expect("an id"));
    for (list, found) in [
        (format!("/v1/perks?member_id={member}"), 2),
        ("/v1/perks?state=granted".to_owned(), 2),
        ("/v1/perks?state=proposed".to_owned(), 0),
        (mine, 2),
        ("/v1/perks?staff=usr_01m7zr0b7ee0tt0vrz3kxj2q8d&limit=1".to_owned(), 0),
    ] {
        let listed = staff.get(&list).await.expect(200);
        assert_eq!(listed["data"].as_array().map(Vec::len), Some(found), "{list}");
    }
    for bad in ["state=given", "member_id=x", "staff=x", "granted=1", "limit=0"] {
        staff.get(&format!("/v1/perks?{bad}")).await.refused(422, "invalid_request");
    }
}

both!(what_does_not_go_together_is_refused_by_name);
async fn what_does_not_go_together_is_refused_by_name(app: &TestApp) {
    let (staff, member) = (app.staff().await, app.enrol("Jón").await);
    let coffee = app.reward(json!({})).await;
    let before = rows(app).await;
    for (field, value) in [("points", Value::Null), ("reward_id", json!(coffee))] {
        let mut ask = points(&member, 5);
        ask[field] = value;
        let reply = staff.post("/v1/perks", ask).await;
        assert_eq!(reply.pointer(), format!("/{field}"));
        reply.refused(422, "invalid_request");
    }
    for (field, value) in [("points", json!(5)), ("reward_id", Value::Null)] {
        let mut ask = reward(&member, &coffee);
        ask[field] = value;
        let reply = staff.post("/v1/perks", ask).await;
        assert_eq!(reply.pointer(), format!("/{field}"));
        reply.refused(422, "invalid_request");
    }
    let (nobody, nothing) = ("mem_01m7zr4g2tfw1b4ww8pvq0tkz1", "rwd_01m7zr4g2tfw1b4ww8pvq0tkz1");
    let reply = staff.post("/v1/perks", points(nobody, 5)).await;
    assert_eq!(reply.pointer(), "/member_id");
    reply.refused(404, "not_found");
    let reply = staff.post("/v1/perks", reward(&member, nothing)).await;
    assert_eq!(reply.pointer(), "/reward_id");
    reply.refused(404, "not_found");
    staff.get("/v1/perks/prk_01m7zr4g2tfw1b4ww8pvq0tkz1").await.refused(404, "not_found");
    for what in ["approve", "decline", "revoke"] {
        let body = if what == "approve" { json!({}) } else { why() };
        let path = format!("/v1/perks/prk_01m7zr4g2tfw1b4ww8pvq0tkz1/{what}");
        staff.post(&path, body).await.refused(404, "not_found");
    }
    assert_eq!(rows(app).await, before);
}

both!(above_the_limit_another_person_decides);
async fn above_the_limit_another_person_decides(app: &TestApp) {
    app.settings(json!({"staff_perk_budget_points_per_month": 700})).await;
    let (staff, admin) = (app.staff().await, app.admin().await);
    let other = app.user(Role::Staff, "other@example.com").await;
    let member = app.enrol("Jón").await;
    app.deliver_mail().await;
    let proposed = give(&staff, points(&member, 501)).await;
    assert_eq!((&proposed["state"], &proposed["granted_by"]), (&json!("proposed"), &Value::Null));
    assert_eq!(left(&staff).await, 700, "what waits counts on nobody's budget");
    assert!(subjects(app).await.is_empty());
    assert_eq!(balance(app, &member, ["available"]).await, [0]);
    for (what, body) in [("approve", json!({})), ("decline", why())] {
        let problem = staff.post(&step(&proposed, what), body).await.refused(403, "forbidden");
        assert!(problem["detail"].as_str().is_some_and(|words| words.contains("another person")));
    }
    let problem =
        other.post(&step(&proposed, "revoke"), why()).await.refused(409, "invalid_transition");
    assert_eq!(problem["allowed"], json!(["granted", "declined"]));

    let granted = other.post(&step(&proposed, "approve"), json!({})).await.expect(200);
    assert_eq!(granted["state"], "granted");
    assert_ne!(granted["granted_by"], granted["proposed_by"]);
    assert_eq!(granted["budget_user_id"], granted["granted_by"]);
    assert_eq!((left(&staff).await, left(&other).await), (json!(700), json!(199)));
    assert_eq!(subjects(app).await, ["Something for you: “Takk fyrir komuna”"]);
    assert_eq!(balance(app, &member, ["available"]).await, [501]);
    // once more answers as it is, and a decided one is not declined
    assert_eq!(other.post(&step(&proposed, "approve"), json!({})).await.expect(200), granted);
    other.post(&step(&proposed, "decline"), why()).await.refused(409, "invalid_transition");

    // beyond the budget of who approves; an admin has none
    let second = give(&staff, points(&member, 600)).await;
    other.post(&step(&second, "approve"), json!({})).await.refused(409, "limit_reached");
    assert_eq!(balance(app, &member, ["available"]).await, [501]);
    let granted = admin.post(&step(&second, "approve"), json!({})).await.expect(200);
    assert_eq!(granted["budget_user_id"], Value::Null);
    let unbound = admin.get("/v1/perks/budget").await.expect(200);
    assert_eq!(
        unbound,
        json!({"limit_points": null, "budget_points": null, "spent_points": 0,
            "left_points": null, "month": "2026-11"})
    );
    assert_eq!(give(&admin, points(&member, 5000)).await["state"], "granted");

    let third = give(&staff, points(&member, 700)).await;
    let declined = other.post(&step(&third, "decline"), why()).await.expect(200);
    assert_eq!(
        (&declined["state"], &declined["ended_reason"]),
        (&json!("declined"), &json!("a mistake"))
    );
    assert_eq!(admin.post(&step(&third, "decline"), why()).await.expect(200), declined);
    admin.post(&step(&third, "approve"), json!({})).await.refused(409, "invalid_transition");
}

both!(one_budget_is_for_perks_and_adjustments);
async fn one_budget_is_for_perks_and_adjustments(app: &TestApp) {
    let budget = json!({"staff_perk_budget_points_per_month": 1000, "time_zone": "Europe/Berlin"});
    app.settings(budget).await;
    let (staff, member) = (app.staff().await, app.enrol("Jón").await);
    let path = format!("/v1/members/{member}/entries");
    let adjust = |points: i64| json!({"kind": "adjust", "points": points, "reason": "sorry"});
    staff.post(&path, adjust(400)).await.expect(201);
    let perk = give(&staff, points(&member, 400)).await;
    assert_eq!(
        staff.get("/v1/perks/budget").await.expect(200),
        json!({"limit_points": 500, "budget_points": 1000, "spent_points": 800,
            "left_points": 200, "month": "2026-11"})
    );
    staff.post("/v1/perks", points(&member, 201)).await.refused(409, "limit_reached");
    staff.post(&path, adjust(201)).await.refused(409, "limit_reached");
    // a reward counts for what it costs
    let dear = app.reward(json!({"cost_points": 201})).await;
    staff.post("/v1/perks", reward(&member, &dear)).await.refused(409, "limit_reached");
    give(&staff, points(&member, 200)).await;
    let words = json!({
        "member_id": member, "kind": "thank_you", "title": "Thanks", "reason": "kind words",
        "send_letter": true,
    });
    give(&staff, words).await;
    assert_eq!(left(&staff).await, 0);
    // what is taken back may be given again
    staff.post(&step(&perk, "revoke"), why()).await.expect(200);
    assert_eq!(left(&staff).await, 400);
    staff.post(&path, adjust(400)).await.expect(201);
    // months turn where the program is
    app.travel_to("2026-11-30T22:59:59Z");
    app.staff().await.post("/v1/perks", points(&member, 1)).await.refused(409, "limit_reached");
    app.travel_to("2026-11-30T23:00:00Z");
    let staff = app.staff().await;
    assert_eq!(staff.get("/v1/perks/budget").await.expect(200)["month"], "2026-12");
    assert_eq!(left(&staff).await, 1000);
    give(&staff, points(&member, 1)).await;
}

both!(revoking_takes_what_is_still_there_and_never_owes);
async fn revoking_takes_what_is_still_there_and_never_owes(app: &TestApp) {
    let (staff, shop) = (app.staff().await, app.storefront().await);
    let coffee = app.reward(json!({})).await;
    let member = rich(app, 50).await;
    app.travel(Duration::from_secs(1));
    let perk = give(&staff, points(&member, 200)).await;
    // 50 of before and 50 of the perk
    redeem(&shop, &member, &coffee).await;
    app.give(&member, 30).await;
    let revoked = staff.post(&step(&perk, "revoke"), why()).await.expect(200);
    assert_eq!(
        (&revoked["state"], &revoked["ended_reason"]),
        (&json!("revoked"), &json!("a mistake"))
    );
    assert_eq!((&revoked["taken_back_points"], &revoked["kept_points"]), (&json!(150), &json!(50)));
    assert_eq!(balance(app, &member, ["available", "debt"]).await, [30, 0], "other points stay");
    let told = lines(&[
        ("adjust", 50),
        ("perk", 200),
        ("redeem", -100),
        ("adjust", 30),
        ("reversal", -150),
    ]);
    assert_eq!(journal(app, &member).await, told);
    assert_eq!(
        entries(app, &member).await[0]["explanation"]["text"],
        "Our gift in entry 2 was withdrawn: 150 points were taken back."
    );
    assert_eq!(staff.post(&step(&perk, "revoke"), why()).await.expect(200), revoked);
    assert_eq!(left(&staff).await, 10_000 - 50, "what was spent stays given");
    staff.post(&step(&perk, "approve"), json!({})).await.refused(403, "forbidden");
    let admin = app.admin().await;
    admin.post(&step(&perk, "approve"), json!({})).await.refused(409, "invalid_transition");

    // all spent: nothing moves
    let spent = app.enrol("Ari").await;
    let perk = give(&staff, points(&spent, 100)).await;
    redeem(&shop, &spent, &coffee).await;
    let revoked = staff.post(&step(&perk, "revoke"), why()).await.expect(200);
    assert_eq!((&revoked["taken_back_points"], &revoked["kept_points"]), (&json!(0), &json!(100)));
    assert_eq!(journal(app, &spent).await, lines(&[("perk", 100), ("redeem", -100)]));
    // held points are not there either
    let held = app.enrol("Bo").await;
    let perk = give(&staff, points(&held, 100)).await;
    crate::shop::hold(&shop, &held, "cart", 60).await;
    let revoked = staff.post(&step(&perk, "revoke"), why()).await.expect(200);
    assert_eq!(revoked["taken_back_points"], 40);
    assert_eq!(balance(app, &held, ["available", "held", "debt"]).await, [0, 60, 0]);
}

both!(a_reward_is_a_redemption_that_costs_nothing);
async fn a_reward_is_a_redemption_that_costs_nothing(app: &TestApp) {
    let (staff, shop) = (app.staff().await, app.storefront().await);
    let member = app.enrol("Jón").await;
    app.deliver_mail().await;
    let more = json!({"stock": 2, "per_member_limit": 1, "tiers": ["gold"], "name": "Kaffi"});
    let coffee = app.reward(more).await;
    let perk = give(&staff, reward(&member, &coffee)).await;
    assert_eq!((&perk["state"], &perk["cost_points"]), (&json!("granted"), &json!(100)));
    let path = format!("/v1/redemptions/{}", perk["redemption_id"].as_str().expect("an id"));
    let gift = staff.get(&path).await.expect(200);
    assert_eq!((&gift["points"], &gift["state"]), (&json!(0), &json!("fulfilled")));
    assert_eq!(stock(app, &coffee).await, 1);
    assert_eq!(journal(app, &member).await, lines(&[]));
    let mail = app.deliver_mail().await;
    assert_eq!(mail.len(), 1, "{mail:#?}");
    let text = mail[0].text.as_deref().expect("text");
    assert!(text.contains(&code(&gift)) && text.contains("“Kaffi”"), "{text}");
    assert_eq!(mail[0].inline.len(), 1, "its QR code");
    // a gift takes nobody's own turn
    let offer = offer(&shop, &member, &coffee).await.expect("an offer");
    assert!(!crate::shop::codes(&offer["reasons"]).contains(&"limit_reached"));

    let revoked = staff.post(&step(&perk, "revoke"), why()).await.expect(200);
    assert_eq!((&revoked["taken_back_points"], &revoked["kept_points"]), (&json!(100), &json!(0)));
    assert_eq!(staff.get(&path).await.expect(200)["state"], "cancelled");
    assert_eq!(stock(app, &coffee).await, 2);
    assert_eq!(subjects(app).await, ["“Kaffi” was cancelled"]);
    assert_eq!(left(&staff).await, 10_000);

    // used: it stays, and stays given
    let perk = give(&staff, reward(&member, &coffee)).await;
    let path = format!("/v1/redemptions/{}", perk["redemption_id"].as_str().expect("an id"));
    let used = code(&shop.get(&path).await.expect(200));
    shop.post(&format!("/v1/vouchers/{used}/use"), json!({})).await.expect(200);
    let revoked = staff.post(&step(&perk, "revoke"), why()).await.expect(200);
    assert_eq!((&revoked["taken_back_points"], &revoked["kept_points"]), (&json!(0), &json!(100)));
    assert_eq!(stock(app, &coffee).await, 1);

    // what is handed over: placed, in the member's hands to cancel, for nothing
    let bag = app.reward(json!({"kind": "product", "name": "Bag", "stock": 1})).await;
    let perk = give(&staff, reward(&member, &bag)).await;
    let path = format!("/v1/redemptions/{}", perk["redemption_id"].as_str().expect("an id"));
    staff.post("/v1/perks", reward(&member, &bag)).await.refused(409, "out_of_stock");
    app.travel(Duration::from_hours(72));
    let (staff, admin) = (app.staff().await, app.admin().await);
    assert_eq!(admin.get(&path).await.expect(200)["state"], "expired");
    assert_eq!(stock(app, &bag).await, 1);
    let second = give(&staff, reward(&member, &bag)).await;
    let path = format!("/v1/redemptions/{}", second["redemption_id"].as_str().expect("an id"));
    let who = app.member(&member).await;
    assert_eq!(who.post(&format!("{path}/cancel"), json!({})).await.expect(200)["points"], 0);
    assert_eq!(balance(app, &member, ["available", "lifetime_redeemed"]).await, [0, 0]);
    for gone in [&perk, &second] {
        let revoked = staff.post(&step(gone, "revoke"), why()).await.expect(200);
        assert_eq!(revoked["taken_back_points"], 0);
    }
    // what nobody can have is no gift either
    admin.patch(&format!("/v1/rewards/{bag}"), json!({"state": "retired"})).await.expect(200);
    let reply = staff.post("/v1/perks", reward(&member, &bag)).await;
    assert_eq!(reply.json["reasons"], json!([{"code": "ended"}]));
    reply.refused(409, "reward_unavailable");
}

both!(nobody_gives_to_who_is_suspended_or_gone);
async fn nobody_gives_to_who_is_suspended_or_gone(app: &TestApp) {
    let (staff, admin) = (app.staff().await, app.admin().await);
    let member = app.enrol("Jón").await;
    let proposed = give(&staff, points(&member, 501)).await;
    let granted = give(&staff, points(&member, 10)).await;
    let path = format!("/v1/members/{member}");
    staff.post(&format!("{path}/suspend"), json!({"reason": "a quarrel"})).await.expect(200);
    let problem =
        staff.post("/v1/perks", points(&member, 5)).await.refused(409, "invalid_transition");
    assert!(
        problem["detail"].as_str().is_some_and(|words| words.contains("suspended")),
        "{problem}"
    );
    let problem = admin.post(&step(&proposed, "approve"), json!({})).await;
    let problem = problem.refused(409, "invalid_transition");
    assert_eq!(problem["allowed"], json!(["declined"]));
    staff.post(&format!("{path}/reinstate"), json!({"reason": "made up"})).await.expect(200);

    let member_side = app.member(&member).await;
    let export = member_side.get(&format!("{path}/export")).await.expect(200);
    assert_eq!(export["perks"][0]["reason"], "waited an hour");
    assert_eq!(export["perks"].as_array().map(Vec::len), Some(2));
    staff.delete(&path).await.expect(204);
    let reply = staff.post("/v1/perks", points(&member, 5)).await;
    assert_eq!(reply.pointer(), "/member_id");
    reply.refused(404, "not_found");
    // the numbers stay, the words go; what waited is over
    let seen = staff.get(&format!("/v1/perks?member_id={member}")).await.expect(200);
    for (perk, state) in [(&seen["data"][0], "granted"), (&seen["data"][1], "declined")] {
        assert_eq!(perk["state"], state);
        for words in ["title", "reason", "message", "ended_reason"] {
            assert_eq!(perk[words], Value::Null, "{words}");
        }
        assert!(perk["points"].is_i64());
    }
    admin.post(&step(&proposed, "approve"), json!({})).await.refused(409, "invalid_transition");
    let revoked = staff.post(&step(&granted, "revoke"), why()).await.expect(200);
    assert_eq!(
        (&revoked["taken_back_points"], &revoked["ended_reason"]),
        (&json!(10), &Value::Null)
    );
}

both!(a_message_arrives_as_it_was_written);
async fn a_message_arrives_as_it_was_written(app: &TestApp) {
    let (shop, staff) = (app.storefront().await, app.staff().await);
    let thordis = json!({"email": "th@example.com", "given_name": "Þórdís", "locale": "is"});
    let member = id(&shop.post("/v1/members", thordis).await.expect(201));
    app.deliver_mail().await;
    let mut ask = points(&member, 2);
    ask["title"] = json!("Kæra <Þórdís>");
    ask["message"] =
        json!("Þú ert <b>best</b> & {{ 7 * 7 }}\n{% raw %} { $n } {$program}\n\nBaldur");
    give(&staff, ask).await;
    let mail = app.deliver_mail().await.remove(0);
    assert_eq!(mail.subject, "Svolítið handa þér: „Kæra <Þórdís>“");
    let [text, html] = [mail.text.as_deref().expect("text"), mail.html.as_deref().expect("html")];
    let text = text.replace("\r\n", "\n");
    assert!(
        text.contains("Þú ert <b>best</b> & {{ 7 * 7 }}\n{% raw %} { $n } {$program}\n\nBaldur"),
        "{text}"
    );
    assert!(text.contains("við gefum þér 2 punkta með kæru þakklæti"), "{text}");
    assert!(text.contains("Gildir til og með: 21. nóvember 2028"), "{text}");
    assert!(html.contains("Þú ert &lt;b&gt;best&lt;/b&gt; &amp; {{ 7 * 7 }}<br"), "{html}");
    assert!(html.contains("{% raw %} { $n } {$program}<br") && !html.contains("<b>"), "{html}");
    assert!(mail.header("List-Unsubscribe").is_some(), "a thank-you letter can be stopped");

    // who wants none gets none, and the points all the same
    let path = format!("/v1/members/{member}/preferences");
    shop.send(
        reqwest::Method::PATCH,
        &path,
        &[],
        Some(json!({"thank_you": false}).to_string().into_bytes()),
    )
    .await
    .expect(200);
    give(&staff, points(&member, 3)).await;
    assert!(subjects(app).await.is_empty());
    assert_eq!(balance(app, &member, ["available"]).await, [5]);
}
