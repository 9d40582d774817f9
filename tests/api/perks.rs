//! Perks: what staff give, within limits, with another pair of eyes above them, and back again.

use platform::auth::Role;
use serde_json::{Value, json};

use crate::{
    shop::{balance, entries, id},
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

pub fn reward(member: &str, reward: &str) -> Value {
    json!({
        "member_id": member, "kind": "reward", "reward_id": reward, "title": "On the house",
        "reason": "a cold coffee", "send_letter": true,
    })
}

pub async fn give(by: &Client, ask: Value) -> Value {
    by.post("/v1/perks", ask).await.expect(201)
}

pub fn step(perk: &Value, what: &str) -> String {
    format!("/v1/perks/{}/{what}", id(perk))
}

pub fn why() -> Value {
    json!({"reason": "a mistake"})
}

pub async fn left(by: &Client) -> Value {
    by.get("/v1/perks/budget").await.expect(200)["left_points"].clone()
}

/// The subjects of the letters that went out.
pub async fn subjects(app: &TestApp) -> Vec<String> {
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
