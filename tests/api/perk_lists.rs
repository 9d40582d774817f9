//! One perk for many members: looked through, charged as a whole, worked off.

use std::time::Duration;

use platform::{
    auth::{Caller, Role},
    db::Tx,
};
use program::perks::lists;
use serde_json::{Value, json};

use crate::{
    shop::{balance, id},
    support::{
        app::{Client, TestApp},
        both::both,
    },
};

#[expect(clippy::needless_pass_by_value, reason = "it reads better where it is called")]
fn list(members: &[String], more: Value) -> Value {
    let mut list = json!({
        "kind": "points", "points": 100, "title": "Takk fyrir komuna", "reason": "the reading",
        "send_letter": false, "members": members,
    });
    list.as_object_mut().expect("fields").extend(more.as_object().expect("fields").clone());
    list
}

async fn many(app: &TestApp, how_many: usize) -> Vec<String> {
    let mut all = Vec::new();
    for _ in 0..how_many {
        all.push(app.enrol("Ari").await);
    }
    all
}

/// The list when all of it is done.
async fn done(by: &Client, list: &Value) -> Value {
    let path = format!("/v1/perk-lists/{}", id(list));
    for _ in 0..200 {
        let now = by.get(&path).await.expect(200);
        if now["state"] == "done" {
            return now;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{list} is not done");
}

fn counts(list: &Value) -> [i64; 5] {
    ["total", "waiting", "given", "proposed", "failed"]
        .map(|name| list[name].as_i64().expect("a count"))
}

both!(each_line_gets_it_once_or_is_told_why_not);
async fn each_line_gets_it_once_or_is_told_why_not(app: &TestApp) {
    let (staff, admin, shop) = (app.staff().await, app.admin().await, app.storefront().await);
    let named = json!({"email": "anna@example.com", "given_name": "Anna", "external_id": "C-1042"});
    let anna = id(&shop.post("/v1/members", named).await.expect(201));
    let others = many(app, 2).await;
    let because = json!({"reason": "a test"});
    admin.post(&format!("/v1/members/{}/suspend", others[1]), because).await.expect(200);
    let members = [
        "ANNA@example.com",
        "nobody@example.com",
        "C-1042",
        &others[0],
        &others[1],
        "",
        &"x".repeat(201),
    ];
    let members = members.map(str::to_owned);
    let ask = list(&members, json!({"send_letter": true}));
    let dry = staff.post("/v1/perk-lists?dry_run=true", ask.clone()).await.expect(200);
    assert_eq!((&dry["id"], counts(&dry)), (&Value::Null, [7, 2, 0, 0, 5]));
    assert_eq!(dry["total_points"], 200);
    let faults: Vec<_> = dry["errors"].as_array().expect("errors").iter().collect();
    let faults: Vec<_> =
        faults.iter().map(|one| (one["line"].clone(), one["code"].clone())).collect();
    let expected =
        [(2, "unknown"), (3, "duplicate"), (5, "suspended"), (6, "unknown"), (7, "unreadable")];
    assert_eq!(faults, expected.map(|(line, code)| (json!(line), json!(code))));
    assert_eq!(balance(app, &anna, ["available"]).await, [0], "nothing happened");

    let made = staff.post_keyed("/v1/perk-lists", "once", ask.clone()).await.expect(201);
    let again = staff.post_keyed("/v1/perk-lists", "once", ask).await.expect(201);
    assert_eq!(id(&again), id(&made));
    let all = done(&admin, &made).await;
    assert_eq!(counts(&all), [7, 0, 2, 0, 5]);
    for member in [&anna, &others[0]] {
        assert_eq!(balance(app, member, ["available"]).await, [100]);
        let perks = admin.get(&format!("/v1/perks?member_id={member}")).await.expect(200);
        assert_eq!(perks["data"].as_array().map(Vec::len), Some(1));
        assert_eq!(perks["data"][0]["title"], "Takk fyrir komuna");
    }
    assert_eq!(balance(app, &others[1], ["available"]).await, [0]);
    let letters = app.deliver_mail().await;
    let told = letters.iter().filter(|letter| letter.subject.contains("Takk fyrir komuna")).count();
    assert_eq!(told, 2, "{letters:?}");
    let nobodys = "/v1/perk-lists/pkl_01m7zr4g2tfw1b4ww8pvq0tkz1";
    staff.get(nobodys).await.refused(404, "not_found");
}

both!(the_budget_has_room_for_all_or_for_none);
async fn the_budget_has_room_for_all_or_for_none(app: &TestApp) {
    let (staff, admin) = (app.staff().await, app.admin().await);
    let members = many(app, 21).await;
    let five_hundred = json!({"points": 500});
    let over = list(&members, five_hundred.clone());
    staff.post("/v1/perk-lists", over).await.refused(409, "limit_reached");
    let fits = list(&members[..20], five_hundred);
    let made = staff.post("/v1/perk-lists", fits).await.expect(201);
    // it is spent from now on, however far it is
    let budget = staff.get("/v1/perks/budget").await.expect(200);
    assert_eq!((&budget["spent_points"], &budget["left_points"]), (&json!(10_000), &json!(0)));
    let one = json!({
        "member_id": members[20], "kind": "points", "points": 1, "title": "x", "reason": "y",
        "send_letter": false,
    });
    staff.post("/v1/perks", one).await.refused(409, "limit_reached");
    assert_eq!(counts(&done(&staff, &made).await), [20, 0, 20, 0, 0]);
    let budget = staff.get("/v1/perks/budget").await.expect(200);
    assert_eq!(budget["spent_points"], 10_000);
    // above the limit another person decides on each; an admin is bound by nothing
    let large = list(&members, json!({"points": 501}));
    let made = staff.post("/v1/perk-lists", large.clone()).await.expect(201);
    assert_eq!(counts(&done(&staff, &made).await), [21, 0, 0, 21, 0]);
    let made = admin.post("/v1/perk-lists", large).await.expect(201);
    assert_eq!(counts(&done(&admin, &made).await), [21, 0, 21, 0, 0]);
}

both!(the_last_of_a_reward_goes_to_as_many_as_there_are);
async fn the_last_of_a_reward_goes_to_as_many_as_there_are(app: &TestApp) {
    let admin = app.admin().await;
    let reward = app.reward(json!({"stock": 21})).await;
    let members = many(app, 22).await;
    let gift = json!({"kind": "reward", "points": null, "reward_id": reward});
    for path in ["/v1/perk-lists", "/v1/perk-lists?dry_run=true"] {
        let reply = admin.post(path, list(&members, gift.clone())).await;
        assert_eq!((reply.status, reply.pointer()), (422, "/members"), "{}", reply.text);
        assert!(reply.text.contains("has 22 members, and there are 21"), "{}", reply.text);
    }
    // two at once fit, each by itself
    let half = list(&members[..15], gift.clone());
    let both = tokio::join!(
        admin.post("/v1/perk-lists", half.clone()),
        admin.post("/v1/perk-lists", half.clone())
    );
    let (mut given, mut failed) = (0, 0);
    for reply in [both.0, both.1] {
        if reply.status == 201 {
            let all = done(&admin, &reply.json).await;
            let [_, waiting, some, _, others] = counts(&all);
            (given, failed) = (given + some, failed + others);
            assert_eq!((some + others, waiting), (15, 0));
            let told = all["errors"].as_array().expect("errors");
            assert!(told.iter().all(|error| error["code"] == "unavailable"), "{told:?}");
        } else {
            assert_eq!(reply.pointer(), "/members", "{}", reply.text);
            failed += 6;
        }
    }
    assert!((given, failed) == (21, 9) || (given, failed) == (15, 6), "{given} {failed}");
    let paused = app.reward(json!({"state": "paused"})).await;
    let gift = json!({"kind": "reward", "points": null, "reward_id": paused});
    let ask = list(&members, gift);
    admin.post("/v1/perk-lists?dry_run=true", ask).await.refused(409, "reward_unavailable");
}

both!(what_was_looked_through_is_what_is_given);
async fn what_was_looked_through_is_what_is_given(app: &TestApp) {
    let (staff, admin) = (app.staff().await, app.admin().await);
    let reward = app.reward(json!({"cost_points": 100, "stock": 100})).await;
    let members = many(app, 60).await;
    let users = admin.get("/v1/users").await.expect(200);
    let users = users["data"].as_array().expect("users");
    let user = users.iter().find(|user| user["role"] == "staff").expect("one of the staff");
    let by = Caller::Staff { user: id(user).parse().expect("an id"), role: Role::Staff };
    let ask = list(&members, json!({"kind": "reward", "points": null, "reward_id": reward}));
    let perk: lists::NewPerkList = serde_json::from_value(ask).expect("a list");
    // taken on by a server that goes down before it begins
    let take_on = move |tx: &mut Tx<'_>| {
        let lines = lists::lines(&perk.members)?;
        lists::service::submit(tx, tx.new_id(), &perk, &lines, &by)
    };
    let made = app.store().write(take_on).await.expect("it is taken on");
    let made = json!({"id": made.id.to_string()});
    // dearer than the limit, and than what is left of the budget
    let path = format!("/v1/rewards/{reward}");
    admin.patch(&path, json!({"cost_points": 501})).await.expect(200);
    app.settings(json!({"staff_perk_budget_points_per_month": 200})).await;
    lists::service::work_off(app.store()).await.expect("it is worked off");
    assert_eq!(counts(&done(&staff, &made).await), [60, 0, 60, 0, 0]);
    let budget = staff.get("/v1/perks/budget").await.expect(200);
    assert_eq!(budget["spent_points"], 6_000);
}

both!(what_is_no_list_is_refused_by_name);
async fn what_is_no_list_is_refused_by_name(app: &TestApp) {
    let (staff, shop) = (app.staff().await, app.storefront().await);
    let member = many(app, 1).await;
    for (more, pointer) in [
        (json!({"members": []}), "/members"),
        (json!({"members": ["nobody"]}), "/members/0"),
        (json!({"members": vec!["x"; 10_001]}), "/members"),
        (json!({"members": "x"}), "/members"),
        (json!({"points": null}), "/points"),
        (json!({"points": 0}), "/points"),
        (json!({"kind": "reward"}), "/points"),
        (json!({"title": ""}), "/title"),
        (
            json!({"kind": "reward", "points": null, "reward_id": "rwd_01m7zr4g2tfw1b4ww8pvq0tkz1"}),
            "/reward_id",
        ),
    ] {
        let reply = staff.post("/v1/perk-lists", list(&member, more.clone())).await;
        assert_eq!(reply.pointer(), pointer, "{more}: {}", reply.text);
        assert!(reply.status == 422 || reply.status == 404, "{}", reply.text);
    }
    shop.post("/v1/perk-lists", list(&member, json!({}))).await.refused(403, "forbidden");
}
