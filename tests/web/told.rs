//! Sorting what members say, and telling them what became of it, by forms alone.

use reqwest::{StatusCode, header};
use serde_json::{Value, json};

use crate::{
    console::{desk, field, link},
    demo::{Demo, Visitor, location},
};

/// The shop's own programs, with the admin's token.
async fn post(demo: &Demo, token: &str, path: &str, body: Value) -> Value {
    let ask = demo.visitor().http.post(format!("{}{path}", demo.url));
    let ask = ask.header(header::CONTENT_TYPE, "application/json").body(body.to_string());
    let ask = if token.is_empty() { ask } else { ask.bearer_auth(token) };
    let answer = ask.send().await.expect("an answer");
    assert!(answer.status().is_success(), "{path}: {}", answer.status());
    serde_json::from_str(&answer.text().await.expect("a text")).expect("JSON")
}

/// What a form that is refused comes back with.
async fn refused(desk: &Visitor, path: &str, form: &str, status: StatusCode) -> String {
    let answer = desk.post(path, form).await;
    assert_eq!(answer.status(), status, "{path}");
    answer.text().await.expect("a page")
}

#[actix_web::test]
async fn what_is_said_is_sorted_and_answered_by_two_people() {
    let demo = Demo::start();
    let (admin, staff) = (desk(&demo, "admin").await, desk(&demo, "staff").await);
    let form = "name=Zebra+queue&state=changed&words%3Aen=zebraqueue*%0D%0Atoo+long&words%3Ais=";
    assert_eq!(location(&staff.post("/console/topics", form).await), "/console/topics?done=saved");
    let again = refused(&staff, "/console/topics", form, StatusCode::UNPROCESSABLE_ENTITY).await;
    assert!(again.contains("role=\"alert\"") && again.contains("value=\"Zebra queue\""), "{again}");
    staff.post("/console/topics", "name=Zebra+waiting&state=changed").await;
    let list = staff.read("/console/topics?state=changed").await;
    assert!(list.contains("Zebra waiting") && list.contains("zebraqueue*\ntoo long"), "{list}");
    assert!(!staff.read("/console/topics?state=declined").await.contains("Zebra queue</summary"));

    // what a member says by the till
    let in_as = json!({"email": "admin@example.com", "password": "bok-og-kaffi", "realm": "staff"});
    let session = post(&demo, "", "/v1/sessions", in_as).await;
    let token = session["access_token"].as_str().expect("a token").to_owned();
    let survey = json!({
        "kind": "nps", "name": "By hand", "trigger": {"on": "manual"},
        "question": {"en": "Would you recommend us?", "is": "Myndir þú mæla með okkur?"},
    });
    let survey = post(&demo, &token, "/v1/surveys", survey).await["id"].clone();
    let publish = format!("/v1/surveys/{}/publish", survey.as_str().expect("an id"));
    post(&demo, &token, &publish, json!({})).await;
    let answer = json!({
        "survey_id": survey, "member_id": demo.members[1], "score": 4, "channel": "till",
        "comment": "These zebraqueues <b>are</b> long",
    });
    let answer = post(&demo, &token, "/v1/answers", answer).await;
    let answer = answer["id"].as_str().expect("an id").to_owned();
    let sorting = staff.read("/console/topics/answers").await;
    let form = format!("/console/topics/answers/{answer}");
    let (_, card) = sorting.split_once(&form).expect("the answer");
    assert!(sorting.contains("zebraqueues &lt;b&gt;are"), "{sorting}");
    let tick = card.split_once("name=\"topic:").expect("a tick").1;
    let topic = tick.split('"').next().expect("an id").to_owned();
    let sorted = staff.post(&form, &format!("topic%3A{topic}=on&other=")).await;
    assert_eq!(location(&sorted), "/console/topics/answers?done=sorted");
    assert!(!staff.read("/console/topics/answers").await.contains(&form), "it is sorted");

    // merged, it keeps who raised it
    let (_, other) = list.split_once("Zebra waiting <span").expect("the other topic");
    let other = link(other, "/console/topics/top_").replace("/console/topics/", "");
    let merge = format!("/console/topics/{topic}/merge");
    let nowhere = refused(&staff, &merge, "into=", StatusCode::UNPROCESSABLE_ENTITY).await;
    assert!(nowhere.contains("Merge into"), "{nowhere}");
    let merged = staff.post(&merge, &format!("into={other}")).await;
    assert_eq!(location(&merged), "/console/topics?done=topic_merged");
    assert!(staff.read("/console/topics").await.contains("1 answer by 1 member"));

    // written by one, sent by another
    let body = format!(
        "topic%3A{other}=on&from=2000-01-01&to=2100-01-01&title%3Ais=Biglaust&body%3Ais=N%C3%BA+er+\
         opi%C3%B0.&title%3Aen=No+queue&body%3Aen=Both+are+open.&quote=on"
    );
    let empty = body.replace("2100", "1999");
    let path = "/console/announcements";
    let fault = refused(&staff, path, &empty, StatusCode::UNPROCESSABLE_ENTITY).await;
    assert!(fault.contains("value=\"No queue\"") && fault.contains("1999-01-01"), "{fault}");
    let made = location(&staff.post(path, &body).await);
    let path = made.split('?').next().expect("a path").to_owned();
    let page = staff.read(&path).await;
    assert!(page.contains("1 member gets a letter.") && page.contains("You wrote this last"));
    assert!(!page.contains(&format!("{path}/send")), "no button for who wrote it");
    let own = format!("version={}", field(&page, "class=\"editor\"", "version"));
    let own = refused(&staff, &format!("{path}/send"), &own, StatusCode::CONFLICT).await;
    assert!(own.contains("somebody else reads it"), "{own}");
    let letter = staff.read(&format!("{path}/letter?member_id={}", demo.members[1])).await;
    assert!(letter.contains("zebraqueues &lt;b&gt;are"), "{letter}");

    let read = admin.read(&path).await;
    let version = field(&read, &format!("{path}/send"), "version");
    // changed in the meantime: what was read is not what would go out
    let edit = format!("{body}&version={version}").replace("Both", "All");
    assert_eq!(location(&staff.post(&path, &edit).await), format!("{path}?done=saved"));
    let send = format!("{path}/send");
    let stale = format!("version={version}");
    refused(&admin, &send, &stale, StatusCode::PRECONDITION_FAILED).await;
    let version = field(&admin.read(&path).await, &send, "version");
    let sent = admin.post(&send, &format!("version={version}")).await;
    assert_eq!(location(&sent), format!("{path}?done=announcement_sent"));
    for _ in 0..100 {
        if admin.read(&path).await.contains("1 member got a letter.") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    let page = admin.read(&path).await;
    assert!(
        page.contains("1 member got a letter.") && page.contains("<fieldset disabled"),
        "{page}"
    );
    let listed = admin.read("/console/announcements?state=sent").await;
    assert!(listed.contains(&path) && listed.contains("Zebra waiting"), "{listed}");
    let late = refused(&admin, &format!("{path}/cancel"), "", StatusCode::CONFLICT).await;
    assert!(late.contains("not possible any more"), "{late}");
}
