//! Telling those who said something what became of it.

use std::time::Duration;

use diesel::prelude::*;
use platform::{
    auth::{Caller, Role},
    db::{
        schema::{announcement_letters, answer_versions, letters},
        types::RawId,
    },
    kernel::{
        clock::Timestamp,
        error::Error,
        id::{AnnouncementId, AnswerId},
        version::Versions,
    },
};
use program::announcements::service;
use serde_json::{Value, json};

use crate::{
    support::{
        app::{Client, TestApp},
        both::both,
        mail::Mail,
    },
    topics::{confirm, said, topic},
};

const DAY: Duration = Duration::from_hours(24);

/// An answer of a member, in these words one after the other.
async fn answer(app: &TestApp, member: &str, words: &'static [&'static str]) -> RawId {
    let (admin, staff) = (app.admin().await, app.staff().await);
    let survey = json!({
        "kind": "nps", "name": "By hand", "question": "Would you recommend us?",
        "trigger": {"on": "manual"},
    });
    let survey = admin.post("/v1/surveys", survey).await.expect(201)["id"].clone();
    let publish = format!("/v1/surveys/{}/publish", survey.as_str().expect("an id"));
    admin.post(&publish, json!({})).await.expect(200);
    let body = json!({
        "survey_id": survey, "member_id": member, "score": 3, "channel": "till",
        "comment": words[0],
    });
    let made = staff.post("/v1/answers", body).await.expect(201);
    let id: AnswerId = made["id"].as_str().and_then(|id| id.parse().ok()).expect("an answer");
    let edited = app.store().write(move |tx| {
        for (version, words) in (2_i64..).zip(&words[1..]) {
            diesel::insert_into(answer_versions::table)
                .values((
                    answer_versions::answer_id.eq(id),
                    answer_versions::version.eq(version),
                    answer_versions::score.eq(3_i64),
                    answer_versions::comment.eq(Some(*words).filter(|words| !words.is_empty())),
                    answer_versions::said_at.eq(tx.now),
                ))
                .execute(tx.conn)?;
        }
        Ok(())
    });
    edited.await.expect("its versions");
    RawId(id.uuid())
}

/// Has a member raise some topics at an instant.
async fn raise(app: &TestApp, member: &str, at: &str, topics: &[&str]) {
    let subject = said(app, member, at.parse().expect("an instant"), "en");
    confirm(app, &subject, topics).await;
}

/// A draft about these topics, of May 2026; `more` adds to it or overrides.
async fn draft(who: &Client, topics: &[&str], more: Value) -> String {
    let mut body = json!({
        "topic_ids": topics, "from": "2026-05-01", "to": "2026-06-01",
        "title": {"en": "Two tills at noon", "is": "Tveir kassar"},
        "body": {"en": "Both are open.", "is": "Báðir eru opnir."},
    });
    for (field, value) in more.as_object().expect("fields") {
        body[field] = value.clone();
    }
    let made = who.post("/v1/announcements", body).await.expect(201);
    assert_eq!(made["state"], "draft");
    made["id"].as_str().expect("an id").to_owned()
}

/// Has it sent, and waits until all its letters are written.
async fn sent(app: &TestApp, id: &str) {
    let admin = app.admin().await;
    admin.post(&format!("/v1/announcements/{id}/send"), json!({})).await.expect(200);
    for _ in 0..200 {
        service::send_due(app.store()).await.expect("the letters");
        let read = admin.get(&format!("/v1/announcements/{id}")).await.expect(200);
        if read["state"] == "sent" {
            assert_eq!(read["sent_at"], app.now().to_string());
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{id} is not sent");
}

/// The letters about topics that went out since it was last asked.
async fn told(app: &TestApp) -> Vec<Mail> {
    let all = app.deliver_mail().await;
    all.into_iter().filter(|mail| !mail.subject.contains("Welcome")).collect()
}

async fn audience(who: &Client, id: &str) -> Value {
    who.get(&format!("/v1/announcements/{id}/audience")).await.expect(200)
}

async fn changed(staff: &Client, name: &str) -> String {
    topic(staff, name, json!({"state": "changed"})).await
}

both!(raised_in_two_merged_announced_twice_is_one_letter_each);
async fn raised_in_two_merged_announced_twice_is_one_letter_each(app: &TestApp) {
    let staff = app.staff().await;
    let (queue, waiting) = (changed(&staff, "Queue").await, changed(&staff, "Waiting").await);
    let (anna, bo, cy) = (app.enrol("Anna").await, app.enrol("Bo").await, app.enrol("Cy").await);
    raise(app, &anna, "2026-05-03T12:00:00Z", &[&queue, &waiting]).await;
    raise(app, &anna, "2026-05-04T12:00:00Z", &[&queue]).await;
    raise(app, &bo, "2026-05-03T12:00:00Z", &[&waiting]).await;
    // too early, and at the end, which is out
    raise(app, &cy, "2026-04-30T23:59:59Z", &[&queue]).await;
    raise(app, &cy, "2026-06-01T00:00:00Z", &[&queue]).await;
    told(app).await;

    let first = draft(&staff, &[&queue, &waiting], json!({})).await;
    assert_eq!(audience(&staff, &first).await["members"], 2);
    sent(app, &first).await;
    let mails = told(app).await;
    assert_eq!(mails.len(), 2, "{mails:#?}");
    for mail in &mails {
        assert_eq!(mail.subject, "You said it, we changed it: “Two tills at noon”");
        let text = mail.text.as_deref().expect("a text");
        assert!(text.contains("May 3, 2026") || text.contains("3 May 2026"), "{text}");
        assert!(text.contains("Both are open."), "{text}");
        assert!(mail.html.as_deref().is_some_and(|html| html.contains("Both are open.")));
        assert!(mail.header("list-unsubscribe").is_some(), "it can be switched off");
    }

    // merged, and announced again: nobody is told twice, and who was not told is told
    let merge = format!("/v1/topics/{queue}/merge");
    staff.post(&merge, json!({"into": waiting})).await.expect(200);
    let dag = app.enrol("Dag").await;
    raise(app, &dag, "2026-05-20T12:00:00Z", &[&waiting]).await;
    told(app).await;
    let second = draft(&staff, &[&waiting], json!({})).await;
    let counted = audience(&staff, &second).await;
    assert_eq!((&counted["members"], &counted["left_out"]["told_before"]), (&json!(1), &json!(2)));
    sent(app, &second).await;
    assert_eq!(told(app).await.len(), 1);
    assert_eq!(audience(&staff, &second).await, counted, "as it was");
    let again = draft(&staff, &[&waiting], json!({})).await;
    sent(app, &again).await;
    assert_eq!(told(app).await.len(), 0);
    // in another state there is something else to tell
    staff.patch(&format!("/v1/topics/{waiting}"), json!({"state": "declined"})).await.expect(200);
    let other = draft(&staff, &[&waiting], json!({})).await;
    sent(app, &other).await;
    assert_eq!(told(app).await.len(), 3);

    // a member's export says so
    let export = staff.get(&format!("/v1/members/{anna}/export")).await.expect(200);
    let named = export["announcements"].as_array().expect("announcements").clone();
    assert_eq!(named.len(), 2);
    assert_eq!(named[0]["announcement_id"], json!(first));
    assert_eq!(named[0]["title"]["en"], "Two tills at noon");
}

both!(merged_while_it_is_sent_is_told_of_the_one_that_stays);
async fn merged_while_it_is_sent_is_told_of_the_one_that_stays(app: &TestApp) {
    let staff = app.staff().await;
    let (queue, waiting) = (changed(&staff, "Queue").await, changed(&staff, "Waiting").await);
    let anna = app.enrol("Anna").await;
    raise(app, &anna, "2026-05-03T12:00:00Z", &[&queue]).await;
    told(app).await;
    let first = draft(&staff, &[&queue], json!({})).await;
    approve(app, &first).await;
    staff.post(&format!("/v1/topics/{queue}/merge"), json!({"into": waiting})).await.expect(200);
    sent(app, &first).await;
    assert_eq!(told(app).await.len(), 1);
    let second = draft(&staff, &[&waiting], json!({})).await;
    assert_eq!(audience(&staff, &second).await["left_out"]["told_before"], 1);
}

/// Has another person send it, without its letters being written yet.
async fn approve(app: &TestApp, id: &str) {
    let id: AnnouncementId = id.parse().expect("an announcement");
    let approved = app.store().write(move |tx| {
        service::send(tx, id, &Versions::Any, &Caller::System)?;
        Ok(())
    });
    approved.await.expect("it is approved");
}

both!(two_people_are_needed);
async fn two_people_are_needed(app: &TestApp) {
    let (staff, admin) = (app.staff().await, app.admin().await);
    let other = app.user(Role::Staff, "other@example.com").await;
    let queue = changed(&staff, "Queue").await;
    let id = draft(&admin, &[&queue], json!({})).await;
    let path = format!("/v1/announcements/{id}");
    let send = format!("{path}/send");
    admin.post(&send, json!({})).await.refused(409, "same_person");
    // who changed it wrote it
    let body = json!({"quote": true, "to": "2026-07-01"});
    staff.patch(&path, body).await.expect(200);
    staff.post(&send, json!({})).await.refused(409, "same_person");
    staff.patch(&path, json!({"quote": true})).await.expect(200);
    let done = other.post(&send, json!({})).await.expect(200);
    assert_eq!(done["state"], "approved");
    assert_ne!(done["approved_by"], done["written_by"]);
    // again, by anybody: it is on its way
    staff.post(&send, json!({})).await.expect(200);
    sent(app, &id).await;
    let late = staff.patch(&path, json!({"quote": false})).await;
    assert_eq!(late.refused(409, "invalid_transition")["from"], "sent");
    other.post(&format!("{path}/cancel"), json!({})).await.refused(409, "invalid_transition");

    let id = draft(&admin, &[&queue], json!({})).await;
    let path = format!("/v1/announcements/{id}");
    for _ in 0..2 {
        let cancelled = admin.post(&format!("{path}/cancel"), json!({})).await.expect(200);
        assert_eq!(cancelled["state"], "cancelled");
    }
    staff.post(&format!("{path}/send"), json!({})).await.refused(409, "invalid_transition");
    let listed = staff.get("/v1/announcements?state=cancelled").await.expect(200);
    assert_eq!(listed["data"][0]["id"], json!(id));
    assert_eq!(listed["data"].as_array().map(Vec::len), Some(1));
    // its topic is open again before anybody sends it
    let id = draft(&staff, &[&queue], json!({})).await;
    staff.patch(&format!("/v1/topics/{queue}"), json!({"state": "open"})).await.expect(200);
    let reply = other.post(&format!("/v1/announcements/{id}/send"), json!({})).await;
    assert_eq!(reply.pointer(), "/topic_ids/0");
    reply.refused(422, "invalid_request");
}

both!(who_is_left_out_is_counted_by_why);
async fn who_is_left_out_is_counted_by_why(app: &TestApp) {
    let (staff, shop) = (app.staff().await, app.storefront().await);
    let queue = changed(&staff, "Queue").await;
    let mut members = Vec::new();
    for name in ["Anna", "Off", "Gone", "Suspended", "Bounced", "Told"] {
        let member = app.enrol(name).await;
        raise(app, &member, "2026-05-03T12:00:00Z", &[&queue]).await;
        members.push(member);
    }
    let nobody = json!({"no_consent": 0, "switched_off": 0, "erased": 0, "suspended": 0,
        "told_before": 0});
    let id = draft(&staff, &[&queue], json!({})).await;
    assert_eq!(audience(&staff, &id).await, json!({"members": 6, "left_out": nobody}));
    // one of them is told first
    let alone = changed(&staff, "Alone").await;
    raise(app, &members[5], "2026-05-01T00:00:00Z", &[&alone]).await;
    let merge = format!("/v1/topics/{alone}/merge");
    let other = draft(&staff, &[&alone], json!({})).await;
    sent(app, &other).await;
    staff.post(&merge, json!({"into": queue})).await.expect(200);
    told(app).await;

    let off = format!("/v1/members/{}/preferences", members[1]);
    let body = Some(b"{\"thank_you\": false}".to_vec());
    shop.send(reqwest::Method::PATCH, &off, &[], body).await.expect(200);
    shop.delete(&format!("/v1/members/{}", members[2])).await.expect(204);
    let why = json!({"reason": "a look"});
    staff.post(&format!("/v1/members/{}/suspend", members[3]), why).await.expect(200);
    let address = shop.get(&format!("/v1/members/{}", members[4])).await.expect(200);
    let report = json!({"reports": [{"kind": "bounce", "email": address["email"]}]});
    app.anyone().reporting().post("/v1/mail-reports", report).await.expect(200);
    let expected = json!({"members": 1, "left_out": {"no_consent": 1, "switched_off": 1,
        "erased": 1, "suspended": 1, "told_before": 1}});
    assert_eq!(audience(&staff, &id).await, expected);
    sent(app, &id).await;
    let mails = told(app).await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to[0].name.as_deref(), Some("Anna"));
    assert_eq!(audience(&staff, &id).await, expected);
    // what was decided is decided
    shop.delete(&format!("/v1/members/{}", members[0])).await.expect(204);
    assert_eq!(audience(&staff, &id).await, expected);
    app.anyone()
        .get(&format!("/v1/announcements/{id}/audience"))
        .await
        .refused(401, "unauthenticated");
}

both!(each_reads_their_own_words_and_nobody_elses);
async fn each_reads_their_own_words_and_nobody_elses(app: &TestApp) {
    let (staff, shop) = (app.staff().await, app.storefront().await);
    let queue = changed(&staff, "Queue").await;
    let (anna, bo) = (app.enrol("Anna").await, app.enrol("Bo").await);
    let silent = app.enrol("Silent").await;
    // half past nine in the evening there, the day after here
    for (member, body) in [
        (&anna, json!({"time_zone": "America/New_York"})),
        (&bo, json!({"locale": "is", "time_zone": "Atlantic/Reykjavik"})),
    ] {
        let body = Some(body.to_string().into_bytes());
        let path = format!("/v1/members/{member}");
        shop.send(reqwest::Method::PATCH, &path, &[("if-match", "*")], body).await.expect(200);
    }
    let at: Timestamp = "2026-05-04T01:30:00Z".parse().expect("an instant");
    let later = at.plus(DAY);
    for (member, at, words) in [
        (&anna, at, &["The queue is long", "The <b>queue</b> is too long"][..]),
        (&anna, later, &["And still is"]),
        (&bo, at, &["Biðröðin er löng"]),
        (&silent, at, &["I said this first", ""]),
    ] {
        let RawId(id) = answer(app, member, words).await;
        let mut subject = said(app, member, at, "en");
        subject.id = id;
        confirm(app, &subject, &[&queue]).await;
    }
    told(app).await;
    let id = draft(&staff, &[&queue], json!({"quote": true})).await;
    let preview = format!("/v1/announcements/{id}/preview");
    let read = staff.get(&format!("{preview}?member_id={anna}")).await.expect(200);
    let text = read["text"].as_str().expect("a text").to_owned();
    assert!(text.contains("The <b>queue</b> is too long") && !text.contains("still"), "{text}");
    assert!(text.contains("May 3, 2026") || text.contains("3 May 2026"), "{text}");
    assert!(!text.contains("Biðröðin"), "{text}");
    assert!(read["html"].as_str().is_some_and(|html| html.contains("&lt;b&gt;queue")));
    let read = staff.get(&preview).await.expect(200);
    assert!(!read["text"].as_str().expect("a text").contains("queue"), "nobody's words");
    let stranger = app.enrol("Stranger").await;
    for (query, status) in [
        (format!("member_id={stranger}"), 422),
        ("member_id=mem_01m7zr0b7ee0tt0vrz3kxj2q8d".to_owned(), 404),
        ("member_id=x".to_owned(), 422),
    ] {
        let reply = staff.get(&format!("{preview}?{query}")).await;
        assert_eq!((reply.status, reply.pointer()), (status, "?member_id"), "{}", reply.text);
    }
    told(app).await;
    sent(app, &id).await;
    let mails = told(app).await;
    let of = |name: &str| {
        let mail = mails.iter().find(|mail| mail.to[0].name.as_deref() == Some(name));
        mail.expect("a letter").text.clone().expect("a text")
    };
    let (annas, bos, theirs) = (of("Anna"), of("Bo"), of("Silent"));
    assert_eq!(mails.len(), 3);
    assert!(annas.contains("The <b>queue</b> is too long"), "{annas}");
    assert!(bos.contains("Biðröðin er löng") && bos.contains("Báðir eru opnir."), "{bos}");
    assert!(bos.contains("4. maí 2026") && !bos.contains("queue"), "{bos}");
    // the latest version has no words
    assert!(!theirs.contains("I said") && theirs.contains("Both are open."), "{theirs}");
    // without being asked to, nobody is quoted
    let open = changed(&staff, "Other").await;
    let RawId(other) = answer(app, &anna, &["secret words"]).await;
    let mut subject = said(app, &anna, at, "en");
    subject.id = other;
    confirm(app, &subject, &[&open]).await;
    let id = draft(&staff, &[&open], json!({})).await;
    sent(app, &id).await;
    let mails = told(app).await;
    assert!(!mails[0].text.as_deref().expect("a text").contains("secret"));
}

both!(a_no_is_told_as_one_and_parts_count_for_their_topic);
async fn a_no_is_told_as_one_and_parts_count_for_their_topic(app: &TestApp) {
    let staff = app.staff().await;
    let hours = topic(&staff, "Hours", json!({"state": "declined"})).await;
    let part = json!({"parent_id": hours, "state": "open"});
    let sundays = topic(&staff, "Sundays", part).await;
    let oats = topic(&staff, "Oat milk", json!({"state": "planned"})).await;
    let anna = app.enrol("Anna").await;
    raise(app, &anna, "2026-05-03T12:00:00Z", &[&sundays, &oats]).await;
    told(app).await;
    let id =
        draft(&staff, &[&hours], json!({"title": "Open on Sundays", "body": "We rest."})).await;
    sent(app, &id).await;
    let mails = told(app).await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].subject, "An answer to what you told us: “Open on Sundays”");
    let text = mails[0].text.as_deref().expect("a text");
    assert!(text.contains("we won’t change it") && text.contains("We rest."), "{text}");
    let id = draft(&staff, &[&oats], json!({"from": "2026-05-03T12:00:00Z"})).await;
    sent(app, &id).await;
    let mails = told(app).await;
    assert_eq!(mails[0].subject, "You said it, and we’re on it: “Two tills at noon”");
}

both!(killed_in_the_middle_it_goes_on);
async fn killed_in_the_middle_it_goes_on(app: &TestApp) {
    let staff = app.staff().await;
    let queue = changed(&staff, "Queue").await;
    for _ in 0..60 {
        let member = app.enrol("Anna").await;
        raise(app, &member, "2026-05-03T12:00:00Z", &[&queue]).await;
    }
    told(app).await;
    let id = draft(&staff, &[&queue], json!({})).await;
    approve(app, &id).await;
    let this: AnnouncementId = id.parse().expect("an announcement");
    let killed = app.store().write(move |tx| {
        service::work(tx, this)?;
        Err::<(), _>(Error::internal("killed"))
    });
    killed.await.expect_err("it is killed");
    assert_eq!(written(app).await, (0, 0));
    // some are written, and the server goes down
    let worked = app.store().write(move |tx| service::work(tx, this)).await;
    assert!(worked.expect("a chunk"));
    assert_eq!(written(app).await, (50, 50));
    let read = staff.get(&format!("/v1/announcements/{id}")).await.expect(200);
    assert_eq!(read["state"], "sending");
    let counted = audience(&staff, &id).await;
    assert_eq!(counted["members"], 60);
    // two take it up at once
    let (one, other) = tokio::join!(service::send_due(app.store()), async {
        tokio::time::sleep(Duration::from_millis(1)).await;
        service::send_due(app.store()).await
    });
    one.and(other).expect("the letters");
    sent(app, &id).await;
    assert_eq!(written(app).await, (60, 60));
    assert_eq!(told(app).await.len(), 60);
    assert_eq!(audience(&staff, &id).await, counted);
}

/// For how many members something was decided, and how many letters were written of it.
async fn written(app: &TestApp) -> (i64, i64) {
    let counted = app.store().read(|tx| {
        let about = letters::table.filter(letters::dedupe_key.like("announcement:%"));
        Ok((
            announcement_letters::table.count().get_result(tx.conn)?,
            about.count().get_result(tx.conn)?,
        ))
    });
    counted.await.expect("the rows")
}

both!(two_about_one_topic_at_once_tell_each_once);
async fn two_about_one_topic_at_once_tell_each_once(app: &TestApp) {
    let staff = app.staff().await;
    let queue = changed(&staff, "Queue").await;
    for _ in 0..8 {
        let member = app.enrol("Anna").await;
        raise(app, &member, "2026-05-03T12:00:00Z", &[&queue]).await;
    }
    told(app).await;
    let mut ids = Vec::new();
    for _ in 0..2 {
        let id = draft(&staff, &[&queue], json!({})).await;
        approve(app, &id).await;
        ids.push(id.parse::<AnnouncementId>().expect("an announcement"));
    }
    let work = |id| app.store().write(move |tx| service::work(tx, id));
    let (one, other) = tokio::join!(work(ids[0]), work(ids[1]));
    one.and(other).expect("both are worked off");
    assert_eq!(written(app).await, (16, 8));
    assert_eq!(told(app).await.len(), 8);
}

both!(a_bad_announcement_names_its_fault);
async fn a_bad_announcement_names_its_fault(app: &TestApp) {
    let staff = app.staff().await;
    let queue = changed(&staff, "Queue").await;
    let open = topic(&staff, "Open", json!({})).await;
    let planned = topic(&staff, "Planned", json!({"state": "planned"})).await;
    let merged = changed(&staff, "Merged").await;
    staff.post(&format!("/v1/topics/{merged}/merge"), json!({"into": queue})).await.expect(200);
    let nobody = "top_01m7zr0b7ee0tt0vrz3kxj2q8d";
    let many: Vec<String> =
        (0..21).map(|n| format!("top_01m7zr0b7ee0tt0vrz3kxj2q{n:02}")).collect();
    let good = json!({
        "topic_ids": [queue], "from": "2026-05-01", "to": "2026-06-01", "title": "x", "body": "y",
    });
    for (field, value, status, pointer) in [
        ("topic_ids", json!([]), 422, "/topic_ids"),
        ("topic_ids", json!(many), 422, "/topic_ids"),
        ("topic_ids", json!(queue), 422, "/topic_ids"),
        ("topic_ids", json!([queue, "x"]), 422, "/topic_ids/1"),
        ("topic_ids", json!([queue, nobody]), 404, "/topic_ids/1"),
        ("topic_ids", json!([queue, open]), 422, "/topic_ids/1"),
        ("topic_ids", json!([queue, planned]), 422, "/topic_ids/1"),
        ("topic_ids", json!([merged]), 422, "/topic_ids/0"),
        ("from", json!("May"), 422, "/from"),
        ("from", Value::Null, 422, "/from"),
        ("to", json!("2026-05-01"), 422, "/to"),
        ("to", json!("2026-04-30T23:59:59Z"), 422, "/to"),
        ("to", json!(7), 422, "/to"),
        ("title", json!(""), 422, "/title"),
        ("title", json!("x\ny"), 422, "/title"),
        ("title", json!("x".repeat(121)), 422, "/title"),
        ("title", json!({"is": "x"}), 422, "/title"),
        ("body", json!({"en": "y", "klingon!": "x"}), 422, "/body"),
        ("body", json!("x".repeat(4001)), 422, "/body"),
        ("quote", json!("yes"), 422, "/quote"),
        ("state", json!("sent"), 422, "/state"),
    ] {
        let mut body = good.clone();
        body[field] = value;
        let reply = staff.post("/v1/announcements", body.clone()).await;
        assert_eq!((reply.status, reply.pointer()), (status, pointer), "{body}: {}", reply.text);
    }
    let id = draft(&staff, &[&queue], json!({"body": "only this", "title": "x"})).await;
    let path = format!("/v1/announcements/{id}");
    for (body, pointer) in [
        (json!({"to": "2026-01-01"}), "/to"),
        (json!({"topic_ids": [open]}), "/topic_ids/0"),
        (json!({"title": null}), "/title"),
    ] {
        let reply = staff.patch(&path, body).await;
        assert_eq!(reply.pointer(), pointer, "{}", reply.text);
    }
    let read = staff.get(&path).await.expect(200);
    assert_eq!(read["body"], json!({"en": "only this"}));
    let read = staff.get(&format!("{path}?locale=is")).await.expect(200);
    assert_eq!(read["body"], "only this");
    assert_eq!(staff.get(&format!("{path}?locale=!")).await.pointer(), "?locale");
    assert_eq!(staff.get("/v1/announcements?state=x").await.pointer(), "?state");
    app.storefront().await.get(&path).await.refused(403, "forbidden");
}
