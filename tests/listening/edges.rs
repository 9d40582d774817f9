//! Edges that readers and strangers found: each was wrong once.

use platform::auth::Role;
use reqwest::Method;
use serde_json::json;

use crate::{
    segments_console::desk,
    support::{app::TestApp, both::both},
    world::{
        DAY, answers, asks, codes, id, link, look, mail, mail_after, order, reader, say, survey,
    },
};

both!(who_answers_at_the_till_is_not_asked_again);
async fn who_answers_at_the_till_is_not_asked_again(app: &TestApp) {
    let (anna, bo) = (reader(app, json!({})).await, reader(app, json!({})).await);
    let fields = json!({"trigger": {"on": "manual"}, "points": 10, "remind_after_days": 2});
    let survey = survey(app, fields).await;
    app.travel(DAY * 8);
    let send = json!({"member_ids": [anna, bo]});
    app.staff().await.post(&format!("/v1/surveys/{survey}/send"), send).await.expect(200);
    let told = |member: &str, score: i64| json!({"survey_id": survey, "member_id": member, "score": score, "channel": "till"});
    // Bo's letter waits still
    let early = app.storefront().await.post("/v1/answers", told(&bo, 9)).await.expect(201);
    assert_eq!(early["ask_id"], asks(app, &format!("member_id={bo}")).await[0]["id"]);
    let letters = mail(app).await;
    let mut questions = letters.iter().filter(|mail| mail.subject.contains("question"));
    let letter = questions.next().expect("a question");
    assert!(questions.next().is_none(), "to Anna alone");
    let late = app.storefront().await.post("/v1/answers", told(&anna, 3)).await.expect(201);
    let [ask] = &asks(app, &format!("member_id={anna}")).await[..] else { panic!("one ask") };
    assert_eq!((&late["ask_id"], &ask["state"]), (&ask["id"], &json!("answered")));
    // the link changes that answer, and brings nothing more
    app.travel(std::time::Duration::from_secs(10));
    say(app, &link(letter), 4, "").await;
    let [answer] = &answers(app, &format!("member_id={anna}")).await[..] else { panic!("one") };
    assert_eq!((&answer["score"], &answer["versions"]), (&json!(4), &json!(2)));
    assert_eq!(app.balance(&anna).await["available"], 10, "once an answer");
    let later = mail_after(app, DAY * 3).await;
    let subjects: Vec<&str> = later.iter().map(|mail| mail.subject.as_str()).collect();
    assert!(!subjects.iter().any(|one| one.contains("tell us")), "no reminder: {subjects:?}");
    let stats =
        app.staff().await.get(&format!("/v1/stats/nps?survey_id={survey}")).await.expect(200);
    assert_eq!(stats["data"][0]["answers"], 2);
}

both!(a_survey_that_is_paused_is_in_nobodys_way);
async fn a_survey_that_is_paused_is_in_nobodys_way(app: &TestApp) {
    let member = reader(app, json!({})).await;
    let survey = survey(app, json!({"trigger": {"on": "order_placed", "after_days": 1}})).await;
    app.travel(DAY * 8);
    order(app, &member).await;
    program::surveys::plan_due(app.store()).await.expect("planned");
    app.travel(DAY * 2);
    let review = json!({"member_id": member, "kind": "review", "ref": "PC-1", "channel": "page"});
    let shop = app.storefront().await;
    let next = async |kind: &str| {
        let path = format!("/v1/members/{member}/asks/next?channel=page");
        let told = app.staff().await.get(&path).await.expect(200);
        let all = told["data"].as_array().expect("kinds").clone();
        all.into_iter().find(|one| one["kind"] == kind).expect("the kind")
    };
    // what is due goes first, and the page of what may be asked says so
    assert_eq!(codes(&next("review").await), ["other_first"]);
    shop.post("/v1/asks", review.clone()).await.refused(409, "ask_refused");
    let turn = async |to: &str| {
        let path = format!("/v1/surveys/{survey}/{to}");
        app.admin().await.post(&path, json!({})).await.expect(200);
    };
    turn("pause").await;
    assert_eq!(next("review").await["allowed"], true);
    shop.post("/v1/asks", review).await.expect(201);
    // half a year later nobody remembers the order
    app.travel(DAY * 180);
    turn("publish").await;
    assert_eq!(mail(app).await.len(), 0);
    let [ask] = &asks(app, &format!("member_id={member}&kind=survey")).await[..] else {
        panic!("one")
    };
    assert_eq!((&ask["state"], codes(ask)), (&json!("dropped"), vec!["too_late"]));
}

both!(without_quiet_days_there_is_still_one_ask_at_a_time);
async fn without_quiet_days_there_is_still_one_ask_at_a_time(app: &TestApp) {
    app.settings(json!({"ask_quiet_days": 0, "ask_quiet_days_by_kind": {"survey": 0}})).await;
    let member = reader(app, json!({})).await;
    for kind in ["nps", "ces"] {
        survey(app, json!({"kind": kind, "trigger": {"on": "order_placed"}})).await;
    }
    app.travel(DAY * 8);
    order(app, &member).await;
    assert_eq!(mail(app).await.len(), 1);
    let waiting = asks(app, &format!("member_id={member}&state=postponed")).await;
    assert_eq!(codes(&waiting[0]), ["other_first"]);
    assert_eq!(mail_after(app, DAY).await.len(), 1);
}

both!(what_arrives_after_a_survey_began_is_asked_about);
async fn what_arrives_after_a_survey_began_is_asked_about(app: &TestApp) {
    let (before, after) = (reader(app, json!({})).await, reader(app, json!({})).await);
    app.travel(DAY * 8);
    let (first, second) = (order(app, &before).await, order(app, &after).await);
    let fulfil = async |order: &str| {
        let path = format!("/v1/orders/{order}/fulfil");
        app.storefront().await.post(&path, json!({})).await.expect(200);
    };
    app.travel(DAY);
    fulfil(&first).await;
    app.travel(DAY);
    survey(app, json!({"trigger": {"on": "order_fulfilled", "after_days": 1}})).await;
    app.travel(DAY);
    fulfil(&second).await;
    mail(app).await;
    mail_after(app, DAY * 2).await;
    let asked = async |member: &str| asks(app, &format!("member_id={member}")).await.len();
    assert_eq!((asked(&before).await, asked(&after).await), (0, 1));
}

both!(saying_the_same_again_is_answered_as_the_first_time);
async fn saying_the_same_again_is_answered_as_the_first_time(app: &TestApp) {
    let member = reader(app, json!({})).await;
    survey(app, json!({"trigger": {"on": "order_placed"}, "edit_days": 1})).await;
    app.travel(DAY * 8);
    order(app, &member).await;
    let path = link(&mail(app).await[0]);
    let one = async || answers(app, &format!("member_id={member}")).await[0].clone();
    say(app, &path, 9, "Frábært").await;
    assert!(look(app, &path).await.text.contains("words of before stay"));
    // an empty box keeps the words, which nobody sees here
    say(app, &path, 3, "").await;
    assert_eq!(
        (&one().await["comment"], &one().await["state"]),
        (&json!("Frábært"), &json!("suspect"))
    );
    // the same again, and meant
    app.travel(std::time::Duration::from_secs(10));
    assert_eq!(say(app, &path, 3, "").await.status, 200);
    assert_eq!((&one().await["state"], &one().await["versions"]), (&json!("active"), &json!(2)));
    app.travel(DAY * 2);
    assert_eq!(say(app, &path, 3, "").await.status, 200, "the button was pressed again");
    assert_eq!(say(app, &path, 4, "").await.status, 410);
    assert_eq!(one().await["score"], 3);
}

both!(objects_are_objects_however_deep);
async fn objects_are_objects_however_deep(app: &TestApp) {
    let admin = app.admin().await;
    let new = |field: &str, value: serde_json::Value| {
        let mut new = json!({
            "kind": "nps", "name": "A name", "question": {"en": "Would you recommend us?"},
            "trigger": {"on": "manual"},
        });
        new[field] = value;
        new
    };
    for (field, value) in [
        ("trigger", json!(["order_placed", 3, null])),
        ("follow_ups", json!(["a", "b", "c"])),
        ("follow_ups", json!([])),
    ] {
        let refused = admin.post("/v1/surveys", new(field, value)).await;
        assert_eq!(refused.pointer(), format!("/{field}"));
        assert!(refused.text.contains("must be a JSON object"), "{}", refused.text);
    }
    let settings = json!({"ask_quiet_days_by_kind": [1, 2, 3]}).to_string().into_bytes();
    let any = [("if-match", "*")];
    let refused = admin.send(Method::PATCH, "/v1/settings", &any, Some(settings)).await;
    assert_eq!(refused.pointer(), "/ask_quiet_days_by_kind");
    let survey = admin.post("/v1/surveys", new("name", json!("A name"))).await.expect(201);
    let path = format!("/v1/surveys/{}?locale=en", id(&survey));
    assert_eq!(admin.get(&path).await.expect(200)["question"], "Would you recommend us?");
}

both!(a_form_that_was_refused_keeps_its_audience);
async fn a_form_that_was_refused_keeps_its_audience(app: &TestApp) {
    let audience = json!({"any": [
        {"field": "country", "op": "eq", "value": "NO"}, {"field": "tag", "op": "eq", "value": "x"},
    ]});
    let fields = json!({"trigger": {"on": "manual"}, "audience": audience});
    let survey = survey(app, fields).await;
    let desk = desk(app, Role::Admin).await;
    let path = format!("/console/surveys/{survey}");
    let form = |sample: &str, version: i64| {
        format!(
            "kind=nps&name=After+the+parcel&on=manual&question%3Aen=Would+you+recommend+us%3F\
             &question%3Ais=Myndir+%C3%BE%C3%BA+m%C3%A6la+me%C3%B0+okkur%3F&points=0\
             &answer_within_days=30&sample_percent={sample}&segment_id=keep&version={version}"
        )
    };
    let refused = desk.post(&path, &form("101", 2)).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(refused.text.contains(r#"<option value="keep" selected>"#), "{}", refused.text);
    let saved = desk.post(&path, &form("50", 2)).await;
    assert_eq!(saved.status, 303, "{}", saved.text);
    let now = app.admin().await.get(&format!("/v1/surveys/{survey}")).await.expect(200);
    assert_eq!((&now["audience"], &now["sample_percent"]), (&audience, &json!(50)));
}
