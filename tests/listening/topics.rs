//! Topics: what members talk about.

use platform::{
    auth::Caller,
    kernel::{clock::Timestamp, id::TopicId},
};
use program::topics::{Subject, SubjectKind, service};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{
    app::{Client, TestApp},
    both::both,
};

/// Something that a member said at this instant.
pub fn said(app: &TestApp, member: &str, at: Timestamp, locale: &str) -> Subject {
    Subject {
        kind: SubjectKind::Answer,
        id: app.store().chance().uuid_v7(app.now()),
        member: member.parse().expect("a member"),
        raised_at: at,
        locale: locale.parse().expect("a locale"),
    }
}

/// Has staff say what it is about.
pub async fn confirm(app: &TestApp, subject: &Subject, topics: &[&str]) {
    let ids: Vec<TopicId> = topics.iter().map(|id| id.parse().expect("a topic")).collect();
    let subject = subject.clone();
    let confirmed = app
        .store()
        .write(move |tx| service::confirm(tx, &subject, &ids, &Caller::System))
        .await
        .expect("it is confirmed");
    assert!(confirmed.iter().all(|link| !link.suggested));
}

async fn suggest(app: &TestApp, subject: &Subject, words: &'static str) {
    let subject = subject.clone();
    let suggested = app.store().write(move |tx| service::suggest(tx, &subject, words)).await;
    suggested.expect("it is suggested");
}

/// A subject's topics, and whether each is only suggested.
async fn links(app: &TestApp, subject: Uuid) -> Vec<(String, bool)> {
    let found = app.store().read(move |tx| service::of_subjects(tx, &[subject])).await;
    let found = found.expect("the links").remove(&subject).unwrap_or_default();
    found.into_iter().map(|link| (link.topic_id.to_string(), link.suggested)).collect()
}

/// A topic; `more` adds to it or overrides.
pub async fn topic(staff: &Client, name: &str, more: Value) -> String {
    let mut topic = json!({"name": name});
    for (field, value) in more.as_object().expect("fields") {
        topic[field] = value.clone();
    }
    let made = staff.post("/v1/topics", topic).await.expect(201);
    made["id"].as_str().expect("an id").to_owned()
}

both!(topics_are_kept_in_two_levels);
async fn topics_are_kept_in_two_levels(app: &TestApp) {
    let staff = app.staff().await;
    let words = json!({"en": ["queue", "wait*"], "is": ["biðr*"]});
    let made = staff.post("/v1/topics", json!({"name": " Waiting ", "words": words})).await;
    let made = made.expect(201);
    assert_eq!((&made["name"], &made["state"]), (&json!("Waiting"), &json!("open")));
    assert_eq!((&made["words"], &made["merged_into"]), (&words, &Value::Null));
    let waiting = made["id"].as_str().expect("an id").to_owned();
    let path = format!("/v1/topics/{waiting}");
    let part = topic(&staff, "At the till", json!({"parent_id": waiting})).await;
    let other = topic(&staff, "Price", json!({})).await;
    let bad = [
        (json!({"name": "WAITING"}), 422, "/name"),
        (json!({"name": "at the TILL", "parent_id": waiting}), 422, "/name"),
        (json!({"name": "x", "parent_id": part}), 422, "/parent_id"),
        (json!({"name": "x", "parent_id": "top_01m7zr0b7ee0tt0vrz3kxj2q8d"}), 404, "/parent_id"),
        (json!({"name": "x", "owner_id": "usr_01m7zr0b7ee0tt0vrz3kxj2q8d"}), 404, "/owner_id"),
        (json!({"name": "x", "owner_id": waiting}), 422, "/owner_id"),
        (json!({"name": "x", "state": "done"}), 422, "/state"),
        (json!({"name": "x", "colour": "red"}), 422, "/colour"),
        (json!({"name": ""}), 422, "/name"),
        (json!({"name": "x".repeat(81)}), 422, "/name"),
        (json!({"words": {}}), 422, "/name"),
        (json!({"name": "x", "words": []}), 422, "/words"),
        (json!({"name": "x", "words": {"klingon!": []}}), 422, "/words"),
        (json!({"name": "x", "words": {"en": "queue"}}), 422, "/words/en"),
        (json!({"name": "x", "words": {"en": ["a", "*"]}}), 422, "/words/en/1"),
        (json!({"name": "x", "words": {"en": ["x".repeat(61)]}}), 422, "/words/en/0"),
        (
            json!({"name": "x", "words": {"en": vec!["x"; 60].iter().enumerate()
            .map(|(n, x)| format!("{x}{n}")).collect::<Vec<_>>()}}),
            422,
            "/words/en",
        ),
    ];
    for (body, status, pointer) in bad {
        let reply = staff.post("/v1/topics", body.clone()).await;
        assert_eq!((reply.status, reply.pointer()), (status, pointer), "{body}: {}", reply.text);
    }
    // a name may be somebody else's elsewhere
    topic(&staff, "At the till", json!({})).await;

    let user = app.admin().await.get("/v1/users").await.expect(200)["data"][0]["id"].clone();
    let changed = staff.patch(&path, json!({"owner_id": user, "state": "planned"})).await;
    let changed = changed.expect(200);
    assert_eq!((&changed["owner_id"], &changed["state"]), (&user, &json!("planned")));
    assert_eq!(changed["words"], words, "the others stay");
    for (path, body, pointer) in [
        (&path, json!({"parent_id": other}), "/parent_id"),
        (&format!("/v1/topics/{other}"), json!({"parent_id": other}), "/parent_id"),
        (&format!("/v1/topics/{other}"), json!({"name": "waiting"}), "/name"),
    ] {
        let reply = staff.patch(path, body).await;
        assert_eq!(reply.pointer(), pointer, "{}", reply.text);
        reply.refused(422, "invalid_request");
    }
    let stale = staff.send(reqwest::Method::PATCH, &path, &[("if-match", "\"1\"")], None).await;
    assert_eq!(stale.status, 400, "no body");
    let body = Some(b"{\"name\": \"Queues\"}".to_vec());
    let stale = staff.send(reqwest::Method::PATCH, &path, &[("if-match", "\"1\"")], body).await;
    stale.refused(412, "precondition_failed");

    let listed = |query: &str| {
        let (staff, path) = (staff.clone(), format!("/v1/topics?{query}"));
        async move {
            let listed = staff.get(&path).await.expect(200);
            let rows = listed["data"].as_array().expect("topics").clone();
            rows.iter().map(|row| row["name"].as_str().expect("a name").to_owned()).collect()
        }
    };
    let all: Vec<String> = listed("").await;
    assert_eq!(all, ["At the till", "Price", "At the till", "Waiting"]);
    let parts: Vec<String> = listed(&format!("parent_id={waiting}")).await;
    assert_eq!(parts, ["At the till"]);
    let planned: Vec<String> = listed("state=planned").await;
    assert_eq!(planned, ["Waiting"]);
    app.storefront().await.get("/v1/topics").await.refused(403, "forbidden");
    app.anyone().get("/v1/topics").await.refused(401, "unauthenticated");
}

both!(words_suggest_and_people_confirm);
async fn words_suggest_and_people_confirm(app: &TestApp) {
    let staff = app.staff().await;
    let words = json!({"en": ["queue"], "is": ["biðr*"]});
    let waiting = topic(&staff, "Waiting", json!({"words": words})).await;
    let words = json!({"words": {"en": ["price", "too dear"]}});
    let price = topic(&staff, "Price", words).await;
    let taste = topic(&staff, "Taste", json!({})).await;
    let anna = app.enrol("Anna").await;
    let answer = said(app, &anna, app.now(), "en");
    suggest(app, &answer, "Queues are fine, the queue is not; and TOO DEAR!").await;
    assert_eq!(links(app, answer.id).await, [(waiting.clone(), true), (price.clone(), true)]);
    let read = staff.get(&format!("/v1/topics/{waiting}")).await.expect(200);
    assert_eq!((&read["raised"]["times"], &read["raised"]["suggested"]), (&json!(0), &json!(1)));

    // what is confirmed is all: suggestions that are not named vanish
    confirm(app, &answer, &[&price, &taste]).await;
    assert_eq!(links(app, answer.id).await, [(price.clone(), false), (taste.clone(), false)]);
    let read = staff.get(&format!("/v1/topics/{price}")).await.expect(200);
    assert_eq!((&read["raised"]["times"], &read["raised"]["members"]), (&json!(1), &json!(1)));
    let months = read["raised"]["by_month"].as_array().expect("months");
    assert_eq!(months.len(), 12);
    assert_eq!(months[11], json!({"month": "2026-11", "times": 1}));
    assert_eq!(months[0], json!({"month": "2025-12", "times": 0}));

    // edited words are looked at anew, and what was confirmed stays
    suggest(app, &answer, "no more words").await;
    assert_eq!(links(app, answer.id).await, [(price.clone(), false), (taste.clone(), false)]);
    suggest(app, &answer, "the price, the queue").await;
    let both = [(waiting.clone(), true), (price.clone(), false), (taste, false)];
    assert_eq!(links(app, answer.id).await, both);
    confirm(app, &answer, &[]).await;
    assert_eq!(links(app, answer.id).await, []);

    let icelandic = said(app, &anna, app.now(), "is");
    suggest(app, &icelandic, "BIÐRÖÐIN var löng").await;
    assert_eq!(links(app, icelandic.id).await, [(waiting.clone(), true)]);

    // exported by name
    confirm(app, &icelandic, &[&price]).await;
    let export = staff.get(&format!("/v1/members/{anna}/export")).await.expect(200);
    let told = &export["topics"][0];
    assert_eq!((&told["topic_id"], &told["name"]), (&json!(price), &json!("Price")));
    assert_eq!((&told["confirmed"], &told["times"]), (&json!(true), &json!(1)));
    // and counted when nobody is named any more
    let unseen = said(app, &anna, app.now(), "en");
    suggest(app, &unseen, "the queue").await;
    staff.delete(&format!("/v1/members/{anna}")).await.expect(204);
    let read = staff.get(&format!("/v1/topics/{price}")).await.expect(200);
    assert_eq!(read["raised"]["members"], 1);
    assert_eq!(links(app, unseen.id).await, []);
}

both!(an_owner_sees_to_what_a_topic_is_about);
async fn an_owner_sees_to_what_a_topic_is_about(app: &TestApp) {
    let admin = app.admin().await;
    app.staff().await;
    let users = admin.get("/v1/users").await.expect(200);
    let users = users["data"].as_array().expect("users").clone();
    let with = |role: &str| {
        let user = users.iter().find(|user| user["role"] == role).expect("a user");
        user["id"].as_str().expect("an id").to_owned()
    };
    let (stays, leaves) = (with("admin"), with("staff"));
    let above = topic(&admin, "Shop", json!({"owner_id": stays})).await;
    let part = topic(&admin, "Till", json!({"parent_id": above})).await;
    let words = json!({"owner_id": leaves, "words": {"en": ["price"]}});
    let price = topic(&admin, "Price", words).await;
    let anna = app.enrol("Anna").await;
    let owner = |subject: Uuid| async move {
        let owner = app.store().read(move |tx| service::owner_for(tx, subject)).await;
        owner.expect("an owner").map(|user| user.to_string())
    };
    let answer = said(app, &anna, app.now(), "en");
    assert_eq!(owner(answer.id).await, None);
    suggest(app, &answer, "the price").await;
    assert_eq!(owner(answer.id).await, Some(leaves.clone()));
    // what was confirmed goes before what was suggested; a part has its parent's
    confirm(app, &answer, &[&part]).await;
    suggest(app, &answer, "the price").await;
    assert_eq!(owner(answer.id).await, Some(stays.clone()));
    confirm(app, &answer, &[&price]).await;
    assert_eq!(owner(answer.id).await, Some(leaves.clone()));
    admin.delete(&format!("/v1/users/{leaves}")).await.expect(204);
    assert_eq!(owner(answer.id).await, None, "they left");
    // what is changed besides is no question of the owner
    let path = format!("/v1/topics/{price}");
    admin.patch(&path, json!({"state": "planned"})).await.expect(200);
}

both!(a_topic_is_merged_and_keeps_who_raised_it);
async fn a_topic_is_merged_and_keeps_who_raised_it(app: &TestApp) {
    let staff = app.staff().await;
    let queue = topic(&staff, "Queue", json!({"words": {"en": ["queue"]}})).await;
    let waiting = topic(&staff, "Waiting", json!({"words": {"en": ["wait"]}})).await;
    let part = topic(&staff, "At the till", json!({"parent_id": queue})).await;
    let (anna, bo) = (app.enrol("Anna").await, app.enrol("Bo").await);
    let alone = said(app, &anna, app.now(), "en");
    confirm(app, &alone, &[&queue]).await;
    // confirmed there, suggested here
    let both = said(app, &bo, app.now(), "en");
    confirm(app, &both, &[&queue]).await;
    suggest(app, &both, "wait").await;
    // suggested there, confirmed here
    let other = said(app, &bo, app.now(), "en");
    confirm(app, &other, &[&waiting]).await;
    suggest(app, &other, "queue").await;
    let unseen = said(app, &bo, app.now(), "en");
    suggest(app, &unseen, "queue").await;

    let path = format!("/v1/topics/{queue}/merge");
    let nobody = "top_01m7zr0b7ee0tt0vrz3kxj2q8d";
    for (body, status, pointer) in [
        (json!({"into": queue}), 422, "/into"),
        (json!({"into": part}), 422, "/into"),
        (json!({"into": nobody}), 404, "/into"),
        (json!({"into": 1}), 422, "/into"),
        (json!({}), 422, "/into"),
        (json!({"into": waiting, "why": "same"}), 422, "/why"),
    ] {
        let reply = staff.post(&path, body.clone()).await;
        assert_eq!((reply.status, reply.pointer()), (status, pointer), "{body}: {}", reply.text);
    }
    let clash = topic(&staff, "AT THE TILL", json!({"parent_id": waiting})).await;
    let reply = staff.post(&path, json!({"into": waiting})).await;
    assert_eq!(reply.pointer(), "/into", "two parts of one name");
    let into_part = staff.post(&path, json!({"into": clash})).await;
    assert_eq!(into_part.pointer(), "/into", "it has parts");
    let merge = format!("/v1/topics/{clash}/merge");
    staff.post(&merge, json!({"into": part})).await.expect(200);

    let merged = staff.post(&path, json!({"into": waiting})).await.expect(200);
    assert_eq!((&merged["id"], &merged["merged_into"]), (&json!(queue), &json!(waiting)));
    let again = staff.post(&path, json!({"into": waiting})).await.expect(200);
    assert_eq!(again, merged);
    assert_eq!(links(app, alone.id).await, [(waiting.clone(), false)]);
    assert_eq!(links(app, both.id).await, [(waiting.clone(), false)]);
    assert_eq!(links(app, other.id).await, [(waiting.clone(), false)]);
    assert_eq!(links(app, unseen.id).await, [(waiting.clone(), true)]);
    let read = staff.get(&format!("/v1/topics/{waiting}")).await.expect(200);
    assert_eq!((&read["raised"]["members"], &read["raised"]["times"]), (&json!(2), &json!(3)));
    let moved = staff.get(&format!("/v1/topics/{part}")).await.expect(200);
    assert_eq!(moved["parent_id"], json!(waiting));

    // it takes no more links, and is not listed but by itself
    suggest(app, &unseen, "the queue").await;
    assert_eq!(links(app, unseen.id).await, []);
    let read = staff.get(&format!("/v1/topics/{queue}")).await.expect(200);
    assert_eq!((&read["merged_into"], &read["raised"]["times"]), (&json!(waiting), &json!(0)));
    let listed = staff.get("/v1/topics?merged=true").await.expect(200);
    assert_eq!(listed["data"].as_array().map(Vec::len), Some(2));
    let ids = vec![queue.parse::<TopicId>().expect("a topic")];
    let confirmed =
        app.store().write(move |tx| service::confirm(tx, &unseen, &ids, &Caller::System)).await;
    assert!(confirmed.expect_err("it is refused").to_string().contains("/topic_ids/0"));
    let third = topic(&staff, "Third", json!({})).await;
    staff.post(&path, json!({"into": third})).await.refused(409, "invalid_transition");
    let reply = staff.post(&format!("/v1/topics/{third}/merge"), json!({"into": queue})).await;
    assert_eq!(reply.pointer(), "/into");
    let late = staff.patch(&format!("/v1/topics/{queue}"), json!({"state": "changed"})).await;
    late.refused(409, "invalid_transition");
    // its name is free
    topic(&staff, "queue", json!({})).await;
}

both!(an_answer_is_sorted_by_staff);
async fn an_answer_is_sorted_by_staff(app: &TestApp) {
    let (admin, staff) = (app.admin().await, app.staff().await);
    let words = json!({"words": {"en": ["queue*"]}});
    let queue = topic(&staff, "Queue", words).await;
    let part = topic(&staff, "At the till", json!({"parent_id": queue})).await;
    let survey = json!({
        "kind": "nps", "name": "By hand", "question": "Would you recommend us?",
        "trigger": {"on": "manual"},
    });
    let survey = admin.post("/v1/surveys", survey).await.expect(201);
    let survey = survey["id"].as_str().expect("an id").to_owned();
    admin.post(&format!("/v1/surveys/{survey}/publish"), json!({})).await.expect(200);
    let (anna, bo) = (app.enrol("Anna").await, app.enrol("Bo").await);
    let mut answers = Vec::new();
    for (member, score, words) in [
        (&anna, 3, "Such queues!"),
        (&anna, 10, "The queue is gone."),
        (&bo, 6, "The till"),
        (&bo, 7, ""),
    ] {
        let mut body = json!({
            "survey_id": survey, "member_id": member, "score": score, "channel": "till",
        });
        if !words.is_empty() {
            body["comment"] = json!(words);
        }
        let made = staff.post("/v1/answers", body).await.expect(201);
        answers.push(made);
        app.travel(std::time::Duration::from_mins(1));
    }
    let id = |place: usize| answers[place]["id"].as_str().expect("an id").to_owned();
    assert_eq!(answers[0]["suggested_topics"], json!([queue]));
    assert_eq!((&answers[0]["topics"], &answers[2]["suggested_topics"]), (&json!([]), &json!([])));
    let open = staff.get("/v1/answers?suggested=true").await.expect(200);
    assert_eq!(open["data"].as_array().map(Vec::len), Some(2));

    let put = |who: &Client, answer: String, topics: Value| {
        let who = who.clone();
        async move {
            let body = Some(json!({"topic_ids": topics}).to_string().into_bytes());
            let path = format!("/v1/answers/{answer}/topics");
            who.send(reqwest::Method::PUT, &path, &[], body).await
        }
    };
    for _ in 0..2 {
        let sorted = put(&staff, id(0), json!([queue, queue])).await.expect(200);
        assert_eq!((&sorted["topics"], &sorted["suggested_topics"]), (&json!([queue]), &json!([])));
    }
    let sorted = put(&staff, id(1), json!([])).await.expect(200);
    assert_eq!((&sorted["topics"], &sorted["suggested_topics"]), (&json!([]), &json!([])));
    put(&staff, id(2), json!([part])).await.expect(200);
    let reply = put(&staff, id(2), json!([part, "top_01m7zr0b7ee0tt0vrz3kxj2q8d"])).await;
    assert_eq!(reply.pointer(), "/topic_ids/1");
    reply.refused(404, "not_found");
    put(&app.member(&anna).await, id(0), json!([])).await.refused(403, "forbidden");
    put(&staff, "ans_01m7zr0b7ee0tt0vrz3kxj2q8d".to_owned(), json!([]))
        .await
        .refused(404, "not_found");

    // those who raised it, parts too: each by what they said last
    let read = staff.get(&format!("/v1/topics/{queue}")).await.expect(200);
    let raised = &read["raised"];
    assert_eq!((&raised["members"], &raised["times"]), (&json!(2), &json!(2)), "{read}");
    let nps = &read["nps"];
    assert_eq!([&nps["promoters"], &nps["passives"], &nps["detractors"]], [1, 1, 0]);
    assert_eq!(nps["score"], 50.0);
    let read = staff.get(&format!("/v1/topics/{part}")).await.expect(200);
    assert_eq!([&read["nps"]["promoters"], &read["nps"]["passives"]], [0, 1]);
    let none = topic(&staff, "Nobody's", json!({})).await;
    let read = staff.get(&format!("/v1/topics/{none}")).await.expect(200);
    assert_eq!((&read["nps"]["score"], &read["nps"]["low"]), (&Value::Null, &Value::Null));

    // what never counted is about nothing
    admin.post(&format!("/v1/answers/{}/void", id(0)), json!({"reason": "test"})).await.expect(200);
    let read = staff.get(&format!("/v1/topics/{queue}")).await.expect(200);
    assert_eq!(read["raised"]["members"], 1);
    put(&staff, id(0), json!([queue])).await.refused(409, "invalid_transition");
}
