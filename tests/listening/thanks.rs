//! Thanks owed: who is thanked how, by whom and by when.

use std::time::Duration;

use platform::{
    auth::Role,
    kernel::{clock::Timestamp, id::UserId},
};
use program::thanks::{Deed, DeedType, Owed, Thanks, ThanksCategory, digest, service};
use reqwest::Method;
use serde_json::{Value, json};
use vildar::chores;

use crate::support::{
    app::{Client, TestApp},
    both::both,
    mail::Mail,
};

const HOUR: Duration = Duration::from_hours(1);

/// A deed of nobody's room, thanked for by a category.
fn owed(app: &TestApp, member: &str, category: ThanksCategory) -> Owed {
    let id = app.store().chance().uuid_v7(app.now());
    let of = match category {
        ThanksCategory::Mention => DeedType::Mention,
        ThanksCategory::Story => DeedType::Story,
        _ => DeedType::Answer,
    };
    Owed {
        member: member.parse().expect("a member"),
        deed: Deed { of, id: platform::db::types::RawId(id) },
        category,
        topic_owner: None,
    }
}

async fn owe_this(app: &TestApp, owed: Owed) -> Thanks {
    app.store().write(move |tx| service::owe(tx, &owed)).await.expect("it is owed")
}

async fn owe(app: &TestApp, member: &str, category: ThanksCategory) -> String {
    owe_this(app, owed(app, member, category)).await.id.to_string()
}

async fn read(app: &TestApp, id: &str) -> Value {
    app.staff().await.get(&format!("/v1/thanks/{id}")).await.expect(200)
}

async fn thanks(app: &TestApp, query: &str) -> Vec<Value> {
    let listed = app.staff().await.get(&format!("/v1/thanks?{query}")).await.expect(200);
    listed["data"].as_array().expect("thanks").clone()
}

async fn switch(who: &Client, member: &str, switches: Value) {
    let path = format!("/v1/members/{member}/preferences");
    who.send(Method::PATCH, &path, &[("if-match", "*")], Some(switches.to_string().into_bytes()))
        .await
        .expect(200);
}

async fn user(app: &TestApp, email: &'static str) -> String {
    app.user(Role::Staff, email).await;
    let users = app.admin().await.get("/v1/users?limit=100").await.expect(200);
    let users = users["data"].as_array().expect("users").clone();
    let found = users.iter().find(|user| user["email"] == email).expect("the user");
    found["id"].as_str().expect("an id").to_owned()
}

fn text(mail: &Mail) -> &str {
    mail.text.as_deref().expect("a text")
}

/// A survey, published, whose answers anybody brings.
async fn survey(app: &TestApp, kind: &str) -> Value {
    let admin = app.admin().await;
    let new = json!({
        "kind": kind, "name": "How are we doing?",
        "question": {"en": "Would you recommend us?"}, "trigger": {"on": "manual"},
    });
    let survey = admin.post("/v1/surveys", new).await.expect(201);
    let path = format!("/v1/surveys/{}/publish", survey["id"].as_str().expect("an id"));
    admin.post(&path, json!({})).await.expect(200)["id"].clone()
}

both!(an_answer_is_thanked_for_by_what_it_says);
async fn an_answer_is_thanked_for_by_what_it_says(app: &TestApp) {
    let anna = app.enrol("Anna").await;
    app.deliver_mail().await;
    for (kind, scores) in [("nps", [10, 7, 6]), ("csat", [4, 3, 2]), ("ces", [5, 4, 3])] {
        let survey = survey(app, kind).await;
        for (score, category) in scores.into_iter().zip(["promoter", "passive", "detractor"]) {
            let answer = json!({
                "survey_id": survey, "member_id": anna, "score": score, "channel": "till",
            });
            let answer = app.staff().await.post("/v1/answers", answer).await.expect(201);
            let id = answer["id"].as_str().expect("an id");
            let [owed] = &thanks(app, &format!("for={id}")).await[..] else { panic!("one each") };
            assert_eq!(owed["for"], json!({"type": "answer", "id": id}));
            assert_eq!(answer["thanks_id"], owed["id"]);
            assert_eq!((&owed["category"], &owed["member_id"]), (&json!(category), &json!(anna)));
            let mail = app.deliver_mail().await;
            if category == "detractor" {
                assert_eq!((&owed["state"], &owed["way"]), (&json!("owed"), &json!("person")));
                assert_eq!(owed["given_at"], Value::Null);
                // Saturday noon, and eight hours from Monday at nine
                assert_eq!(owed["due_at"], "2026-11-23T17:00:00Z");
                assert!(mail.is_empty(), "a person writes: {mail:?}");
            } else {
                assert_eq!((&owed["state"], &owed["way"]), (&json!("given"), &json!("letter")));
                assert_eq!((&owed["given_by"], &owed["late"]), (&json!("system"), &json!(false)));
                let [letter] = &mail[..] else { panic!("one letter: {mail:?}") };
                assert_eq!(letter.subject, "Thank you for your answer");
                assert!(text(letter).contains("Anna"), "{}", text(letter));
                // the foot has addresses with numbers in them
                let said = text(letter).split("Thank you for being").next().expect("a text");
                assert!(!said.contains(&score.to_string()), "no score: {said}");
            }
        }
    }
}

both!(who_takes_no_letters_is_thanked_on_the_page);
async fn who_takes_no_letters_is_thanked_on_the_page(app: &TestApp) {
    let anna = app.enrol("Anna").await;
    app.deliver_mail().await;
    switch(&app.staff().await, &anna, json!({"thank_you": false})).await;
    let promoter = read(app, &owe(app, &anna, ThanksCategory::Promoter).await).await;
    assert_eq!((&promoter["state"], &promoter["way"]), (&json!("given"), &json!("page")));
    let all = json!({"thanks_policy": {"detractor": "letter"}});
    app.settings(all).await;
    let detractor = owe(app, &anna, ThanksCategory::Detractor).await;
    let owed = read(app, &detractor).await;
    assert_eq!((&owed["state"], &owed["way"]), (&json!("owed"), &json!("person")), "not by a page");
    assert!(app.deliver_mail().await.is_empty());
    // and no letter reaches them
    let path = format!("/v1/thanks/{detractor}/give");
    let ask = json!({"message": "We are sorry.", "send_letter": true});
    let refused = app.staff().await.post(&path, ask).await;
    assert_eq!(refused.pointer(), "/send_letter");
    refused.refused(422, "invalid_request");
    let ask = json!({"message": "I rang her.", "send_letter": false});
    let given = app.staff().await.post(&path, ask).await.expect(200);
    assert_eq!((&given["state"], &given["way"]), (&json!("given"), &json!("person")));
    // with her switch on, the policy's letter goes
    switch(&app.staff().await, &anna, json!({"thank_you": true})).await;
    let given = read(app, &owe(app, &anna, ThanksCategory::Detractor).await).await;
    assert_eq!((&given["state"], &given["way"]), (&json!("given"), &json!("letter")));
    assert_eq!(app.deliver_mail().await.len(), 1);
}

both!(a_deed_is_thanked_for_once);
async fn a_deed_is_thanked_for_once(app: &TestApp) {
    let anna = app.enrol("Anna").await;
    app.deliver_mail().await;
    let deed = owed(app, &anna, ThanksCategory::Promoter);
    let first = owe_this(app, deed).await;
    let again = owe_this(app, deed).await;
    assert_eq!(first.id, again.id);
    assert_eq!(app.deliver_mail().await.len(), 1);
    let story = owe_this(app, owed(app, &anna, ThanksCategory::Story)).await;
    assert_eq!(thanks(app, "for=story").await[0]["for"]["id"], json!(story.deed().to_string()));
    assert_eq!(thanks(app, "for=story").await.len(), 1);
}

both!(turns_go_round_and_on_when_somebody_leaves);
async fn turns_go_round_and_on_when_somebody_leaves(app: &TestApp) {
    let anna = app.enrol("Anna").await;
    let nobody = read(app, &owe(app, &anna, ThanksCategory::Detractor).await).await;
    assert_eq!(nobody["owner_id"], Value::Null);
    let (a, b, c) = (
        user(app, "a@example.com").await,
        user(app, "b@example.com").await,
        user(app, "c@example.com").await,
    );
    app.settings(json!({"thanks_rota": [a, b, c]})).await;
    let mut owners = Vec::new();
    for _ in 0..4 {
        app.travel(Duration::from_secs(1));
        let id = owe(app, &anna, ThanksCategory::Detractor).await;
        owners.push(read(app, &id).await["owner_id"].as_str().expect("an owner").to_owned());
    }
    assert_eq!(owners, [&*a, &*b, &*c, &*a]);
    // who has the topic goes before
    let owner: UserId = c.parse().expect("a user");
    let topical = Owed { topic_owner: Some(owner), ..owed(app, &anna, ThanksCategory::Mention) };
    app.travel(Duration::from_secs(1));
    assert_eq!(owe_this(app, topical).await.owner_id, Some(owner));
    let before = thanks(app, &format!("owner_id={a}")).await.len();
    assert_eq!(before, 2);
    app.admin().await.delete(&format!("/v1/users/{a}")).await.expect(204);
    chores::run_all(app.store()).await.expect("the chores");
    assert_eq!(thanks(app, &format!("owner_id={a}")).await.len(), 0);
    let rest = thanks(app, "state=owed").await;
    let of = |user: &str| rest.iter().filter(|one| one["owner_id"] == user).count();
    assert_eq!((of(&b), of(&c)), (2, 3), "theirs went round");
    // nobody left: what comes is nobody's in particular
    for user in [&b, &c] {
        app.admin().await.delete(&format!("/v1/users/{user}")).await.expect(204);
    }
    let nobody = read(app, &owe(app, &anna, ThanksCategory::Detractor).await).await;
    assert_eq!(nobody["owner_id"], Value::Null);
}

both!(a_person_thanks_in_their_own_words);
async fn a_person_thanks_in_their_own_words(app: &TestApp) {
    let anna = app.enrol("Anna").await;
    let id = owe(app, &anna, ThanksCategory::Detractor).await;
    app.deliver_mail().await;
    let (staff, path) = (app.staff().await, format!("/v1/thanks/{id}/give"));
    let ask = json!({
        "message": "You were right about the stairs.\nThere is a ramp now.", "send_letter": true,
        "perk": {"points": 50},
    });
    let balance = app.balance(&anna).await["available"].as_i64().expect("points");
    let given = staff.post(&path, ask.clone()).await.expect(200);
    assert_eq!((&given["state"], &given["way"]), (&json!("given"), &json!("perk")));
    assert_eq!((&given["late"], &given["overdue"]), (&json!(false), &json!(false)));
    assert_eq!(given["message"], ask["message"]);
    assert_eq!(app.balance(&anna).await["available"], json!(balance + 50));
    let perk = given["perk_id"].as_str().expect("a perk").to_owned();
    let perk = staff.get(&format!("/v1/perks/{perk}")).await.expect(200);
    assert_eq!((&perk["reason"], &perk["state"]), (&json!("thank_you"), &json!("granted")));
    let mail = app.deliver_mail().await;
    let [letter] = &mail[..] else { panic!("one letter: {mail:?}") };
    let said = text(letter);
    for words in ["You were right about the stairs.", "There is a ramp now.", "Sigga", "50 points"]
    {
        assert!(said.contains(words), "{words}: {said}");
    }
    // the same again is the same; other words come too late
    assert_eq!(staff.post(&path, ask.clone()).await.expect(200), given);
    let other = json!({"message": "Sorry.", "send_letter": true});
    staff.post(&path, other).await.refused(409, "invalid_transition");
    assert_eq!(app.balance(&anna).await["available"], json!(balance + 50), "once");
    assert!(app.deliver_mail().await.is_empty());
    let waive = json!({"reason": "why"});
    let waived = app.admin().await.post(&format!("/v1/thanks/{id}/waive"), waive).await;
    waived.refused(409, "invalid_transition");
}

both!(points_of_thanks_are_within_limit_and_budget);
async fn points_of_thanks_are_within_limit_and_budget(app: &TestApp) {
    let anna = app.enrol("Anna").await;
    app.settings(json!({
        "staff_perk_limit_points": 100, "staff_perk_budget_points_per_month": 150,
    }))
    .await;
    app.deliver_mail().await;
    let (staff, before) = (app.staff().await, app.balance(&anna).await["available"].clone());
    let give = |id: String, points: i64| {
        let (staff, path) = (staff.clone(), format!("/v1/thanks/{id}/give"));
        let ask = json!({
            "message": "Thank you for saying so.", "send_letter": true,
            "perk": {"points": points},
        });
        async move { staff.post(&path, ask).await }
    };
    // above the limit another person decides on the points; the thanks are given
    let above = owe(app, &anna, ThanksCategory::Detractor).await;
    let given = give(above, 101).await.expect(200);
    let path = format!("/v1/perks/{}", given["perk_id"].as_str().expect("a perk"));
    assert_eq!(staff.get(&path).await.expect(200)["state"], "proposed");
    assert_eq!(app.balance(&anna).await["available"], before);
    let mail = app.deliver_mail().await;
    assert!(!text(&mail[0]).contains("points for you"), "{}", text(&mail[0]));
    let first = owe(app, &anna, ThanksCategory::Detractor).await;
    give(first, 100).await.expect(200);
    let second = owe(app, &anna, ThanksCategory::Detractor).await;
    give(second.clone(), 51).await.refused(409, "limit_reached");
    assert_eq!(read(app, &second).await["state"], "owed", "nothing was done");
    assert_eq!(app.deliver_mail().await.len(), 1);
    give(second, 50).await.expect(200);
}

both!(thanks_are_assigned_and_waived);
async fn thanks_are_assigned_and_waived(app: &TestApp) {
    let anna = app.enrol("Anna").await;
    let id = owe(app, &anna, ThanksCategory::Mention).await;
    let (staff, admin) = (app.staff().await, app.admin().await);
    let someone = user(app, "a@example.com").await;
    let path = |what: &str| format!("/v1/thanks/{id}/{what}");
    let to = json!({"owner_id": someone});
    assert_eq!(
        staff.post(&path("assign"), to.clone()).await.expect(200)["owner_id"],
        to["owner_id"]
    );
    assert_eq!(
        staff.post(&path("assign"), to.clone()).await.expect(200)["owner_id"],
        to["owner_id"]
    );
    let nobody = json!({"owner_id": "usr_01m7zr0b7ee0tt0vrz3kxj2q8d"});
    let refused = staff.post(&path("assign"), nobody).await;
    assert_eq!(refused.pointer(), "/owner_id");
    refused.refused(404, "not_found");
    let why = json!({"reason": "asked us not to"});
    staff.post(&path("waive"), why.clone()).await.refused(403, "forbidden");
    let waived = admin.post(&path("waive"), why.clone()).await.expect(200);
    assert_eq!((&waived["state"], &waived["waive_reason"]), (&json!("waived"), &why["reason"]));
    assert_eq!(admin.post(&path("waive"), why).await.expect(200), waived);
    staff.post(&path("assign"), to).await.refused(409, "invalid_transition");
    let give = json!({"message": "Thank you.", "send_letter": false});
    staff.post(&path("give"), give).await.refused(409, "invalid_transition");
}

both!(who_is_gone_is_owed_nothing);
async fn who_is_gone_is_owed_nothing(app: &TestApp) {
    let (anna, bo) = (app.enrol("Anna").await, app.enrol("Bo").await);
    let staff = app.staff().await;
    let why = json!({"reason": "why"});
    let id = owe(app, &anna, ThanksCategory::Detractor).await;
    staff.post(&format!("/v1/members/{anna}/suspend"), why.clone()).await.expect(200);
    let gone = read(app, &id).await;
    assert_eq!((&gone["state"], &gone["waive_reason"]), (&json!("waived"), &json!("member_gone")));
    let meanwhile = read(app, &owe(app, &anna, ThanksCategory::Promoter).await).await;
    assert_eq!(meanwhile["state"], "waived");
    staff.post(&format!("/v1/members/{anna}/reinstate"), why.clone()).await.expect(200);
    assert_eq!(read(app, &id).await["state"], "waived", "it does not come back");

    let (first, second) = (
        owe(app, &bo, ThanksCategory::Detractor).await,
        owe(app, &bo, ThanksCategory::Mention).await,
    );
    let ask = json!({"message": "Bo, you were right.", "send_letter": false});
    staff.post(&format!("/v1/thanks/{first}/give"), ask).await.expect(200);
    let export = staff.get(&format!("/v1/members/{bo}/export")).await.expect(200);
    assert_eq!(export["thanks"].as_array().expect("thanks").len(), 2);
    assert_eq!(export["thanks"][0]["message"], "Bo, you were right.");
    staff.delete(&format!("/v1/members/{bo}")).await.expect(204);
    let (first, second) = (read(app, &first).await, read(app, &second).await);
    assert_eq!((&first["state"], &first["message"]), (&json!("given"), &Value::Null));
    assert_eq!(
        (&second["state"], &second["waive_reason"]),
        (&json!("waived"), &json!("member_gone"))
    );
}

both!(an_answer_that_worsens_is_owed_anew);
async fn an_answer_that_worsens_is_owed_anew(app: &TestApp) {
    let anna = app.enrol("Anna").await;
    let someone = user(app, "a@example.com").await;
    app.settings(json!({"thanks_rota": [someone]})).await;
    app.deliver_mail().await;
    let deed = owed(app, &anna, ThanksCategory::Promoter);
    let first = owe_this(app, deed).await;
    assert_eq!(first.given_by.as_deref(), Some("system"));
    app.deliver_mail().await;
    app.travel_to("2026-11-23T10:00:00Z");
    let worse = Owed { category: ThanksCategory::Detractor, ..deed };
    let anew = app.store().write(move |tx| service::owe_anew(tx, &worse)).await.expect("owed anew");
    assert_eq!(anew.id, first.id);
    let shown = read(app, &first.id.to_string()).await;
    assert_eq!((&shown["state"], &shown["way"]), (&json!("owed"), &json!("person")));
    assert_eq!((&shown["category"], &shown["owner_id"]), (&json!("detractor"), &json!(someone)));
    assert_eq!(
        (&shown["due_at"], &shown["given_at"]),
        (&json!("2026-11-24T10:00:00Z"), &Value::Null)
    );
    // said once more while it is owed: the moment stays
    app.travel(HOUR);
    let again = app.store().write(move |tx| service::owe_anew(tx, &worse)).await.expect("owed");
    assert_eq!(again.due_at, anew.due_at);
    assert_eq!(thanks(app, "").await.len(), 1);
    assert!(app.deliver_mail().await.is_empty());
    let path = format!("/v1/thanks/{}/give", first.id);
    app.travel_to("2026-11-24T10:00:00Z");
    let ask = json!({"message": "We are sorry.", "send_letter": true});
    let given = app.staff().await.post(&path, ask).await.expect(200);
    assert_eq!(given["late"], true, "when it is due is too late");
    assert_eq!(app.deliver_mail().await.len(), 1);
}

/// When the next digest is due.
async fn next(app: &TestApp, until: &str) -> Option<String> {
    let until: Timestamp = until.parse().expect("an instant");
    let found = app.store().read(move |tx| digest::next(tx, until)).await.expect("a moment");
    found.map(|at| at.to_string())
}

async fn digests(app: &TestApp) -> Vec<Mail> {
    chores::run_all(app.store()).await.expect("the chores");
    app.deliver_mail().await
}

both!(admins_are_told_once_of_what_is_overdue);
async fn admins_are_told_once_of_what_is_overdue(app: &TestApp) {
    let anna = app.enrol("Anna").await;
    app.user(Role::Admin, "boss@example.com").await;
    app.admin().await;
    app.staff().await;
    app.deliver_mail().await;
    assert_eq!(next(app, "2027-11-23T00:00:00Z").await, None);
    let first = owe(app, &anna, ThanksCategory::Detractor).await;
    owe(app, &anna, ThanksCategory::Detractor).await;
    owe(app, &anna, ThanksCategory::Mention).await;
    // due on Monday at five, told on Tuesday at nine
    let tuesday = Some("2026-11-24T09:00:00Z".to_owned());
    assert_eq!(next(app, "2026-12-23T00:00:00Z").await, tuesday);
    assert_eq!(next(app, "2026-11-24T08:00:00Z").await, None);
    app.travel_to("2026-11-23T18:00:00Z");
    assert_eq!(thanks(app, "overdue=true").await.len(), 2);
    assert_eq!(thanks(app, "overdue=false").await.len(), 1);
    assert!(digests(app).await.is_empty(), "not in the evening");
    let ask = json!({"message": "I rang her.", "send_letter": false});
    let given = app.staff().await.post(&format!("/v1/thanks/{first}/give"), ask).await.expect(200);
    assert_eq!((&given["late"], &given["overdue"]), (&json!(true), &json!(false)));
    app.travel_to("2026-11-24T08:59:59Z");
    assert!(digests(app).await.is_empty(), "not yet");
    app.travel_to("2026-11-24T09:00:00Z");
    let told = digests(app).await;
    let mut to: Vec<&str> = told.iter().map(|mail| &*mail.to[0].address).collect();
    to.sort_unstable();
    assert_eq!(to, ["admin@example.com", "boss@example.com"], "the admins, and nobody else");
    assert_eq!(told[0].subject, "A thank-you is overdue");
    assert!(text(&told[0]).contains("/console/thanks?overdue=true"), "{}", text(&told[0]));
    assert!(!text(&told[0]).contains("Anna"), "names nobody");
    for _ in 0..3 {
        app.travel(24 * HOUR);
        assert!(digests(app).await.is_empty(), "each once");
    }
    // the mention, 40 business hours after Monday at nine
    assert_eq!(next(app, "2026-12-23T00:00:00Z").await.as_deref(), Some("2026-11-28T09:00:00Z"));
    app.travel_to("2026-11-30T15:00:00Z");
    let told = digests(app).await;
    assert_eq!(told.len(), 2);
    assert!(text(&told[0]).contains("Mentions: 1"), "{}", text(&told[0]));
}

both!(thanks_are_counted);
async fn thanks_are_counted(app: &TestApp) {
    let anna = app.enrol("Anna").await;
    let someone = user(app, "a@example.com").await;
    owe(app, &anna, ThanksCategory::Promoter).await;
    app.settings(json!({"thanks_rota": [someone]})).await;
    app.travel_to("2026-11-23T10:00:00Z");
    let mut owed = Vec::new();
    for _ in 0..4 {
        owed.push(owe(app, &anna, ThanksCategory::Detractor).await);
    }
    let ask = json!({"message": "I rang her.", "send_letter": false});
    for (id, at) in [
        (&owed[0], "2026-11-23T10:30:00Z"),
        // three hours of business and 24 of the wall, then late
        (&owed[1], "2026-11-23T13:00:00Z"),
        (&owed[2], "2026-11-24T11:00:00Z"),
    ] {
        app.travel_to(at);
        app.staff().await.post(&format!("/v1/thanks/{id}/give"), ask.clone()).await.expect(200);
    }
    let figures = app.staff().await.get("/v1/stats/thanks").await.expect(200);
    let counts = |of: &Value| {
        ["owed", "given", "late", "waived", "overdue"]
            .map(|name| of[name].as_i64().expect("a number"))
    };
    assert_eq!(counts(&figures), [5, 4, 1, 0, 1]);
    assert_eq!(figures["median_business_minutes"], 180);
    assert_eq!(figures["median_minutes"], 180);
    let categories = figures["by_category"].as_array().expect("categories");
    assert_eq!(categories[0]["category"], "promoter");
    assert_eq!(counts(&categories[0]), [1, 1, 0, 0, 0]);
    assert_eq!(categories[0]["median_minutes"], Value::Null, "no person gave any");
    assert_eq!(counts(&categories[1]), [4, 3, 1, 0, 1]);
    let owners = figures["by_owner"].as_array().expect("owners");
    assert_eq!((&owners[0]["owner_id"], &owners[1]["owner_id"]), (&Value::Null, &json!(someone)));
    assert_eq!(counts(&owners[1]), [4, 3, 1, 0, 1]);
    let why = json!({"reason": "why"});
    let path = format!("/v1/thanks/{}/waive", owed[3]);
    app.admin().await.post(&path, why).await.expect(200);
    let figures = app.staff().await.get("/v1/stats/thanks?from=2026-11-23&to=2026-11-24").await;
    assert_eq!(counts(&figures.expect(200)), [4, 3, 1, 1, 0]);
    let none = app.staff().await.get("/v1/stats/thanks?from=2025-11-23&to=2025-11-24").await;
    let none = none.expect(200);
    assert_eq!((counts(&none), &none["median_minutes"]), ([0; 5], &Value::Null));
    let bad = app.staff().await.get("/v1/stats/thanks?from=2026-11-23&to=2026-11-23").await;
    bad.refused(422, "invalid_request");
}

both!(thanks_are_listed_soonest_first);
async fn thanks_are_listed_soonest_first(app: &TestApp) {
    let (anna, bo) = (app.enrol("Anna").await, app.enrol("Bo").await);
    let mention = owe(app, &anna, ThanksCategory::Mention).await;
    let first = owe(app, &anna, ThanksCategory::Detractor).await;
    let second = owe(app, &bo, ThanksCategory::Detractor).await;
    let staff = app.staff().await;
    let mut found = Vec::new();
    let mut next = String::new();
    loop {
        let page = staff.get(&format!("/v1/thanks?limit=1{next}")).await.expect(200);
        found.push(page["data"][0]["id"].as_str().expect("one").to_owned());
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        next = format!("&cursor={cursor}");
    }
    assert_eq!(found, [first.clone(), second.clone(), mention]);
    assert_eq!(thanks(app, "for=mention").await.len(), 1);
    assert_eq!(thanks(app, "state=given").await.len(), 0);
    assert_eq!(thanks(app, &format!("member_id={bo}")).await.len(), 1);
    for (query, pointer) in [
        ("state=done", "?state"),
        ("owner_id=x", "?owner_id"),
        ("overdue=yes", "?overdue"),
        ("for=praise", "?for"),
        ("for=ans_x", "?for"),
        ("cursor=x", "?cursor"),
        ("colour=red", "?colour"),
    ] {
        let refused = staff.get(&format!("/v1/thanks?{query}")).await;
        assert_eq!(refused.pointer(), pointer, "{query}");
        refused.refused(422, "invalid_request");
    }
    for bad in ["x", "thx_01m7zr0b7ee0tt0vrz3kxj2q8d"] {
        staff.get(&format!("/v1/thanks/{bad}")).await.refused(404, "not_found");
        let ask = json!({"message": "Thank you.", "send_letter": false});
        staff.post(&format!("/v1/thanks/{bad}/give"), ask).await.refused(404, "not_found");
    }
    let path = format!("/v1/thanks/{first}/give");
    for (ask, pointer) in [
        (json!({"send_letter": true}), "/message"),
        (json!({"message": " ", "send_letter": true}), "/message"),
        (json!({"message": "x".repeat(4001), "send_letter": true}), "/message"),
        (json!({"message": "Thanks"}), "/send_letter"),
        (json!({"message": "Thanks", "send_letter": "yes"}), "/send_letter"),
        (json!({"message": "Thanks", "send_letter": true, "perk": {"points": 0}}), "/perk/points"),
        (json!({"message": "Thanks", "send_letter": true, "perk": {}}), "/perk/points"),
        (
            json!({"message": "Thanks", "send_letter": true, "perk": {"points": 1, "x": 1}}),
            "/perk/x",
        ),
        (json!({"message": "Thanks", "send_letter": true, "stars": 5}), "/stars"),
    ] {
        let refused = staff.post(&path, ask.clone()).await;
        assert_eq!(refused.pointer(), pointer, "{ask}");
        refused.refused(422, "invalid_request");
    }
    app.anyone().get("/v1/thanks").await.refused(401, "unauthenticated");
    app.member(&anna).await.get("/v1/thanks").await.refused(403, "forbidden");
}
