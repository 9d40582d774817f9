//! Thanks at the console, and the settings that they go by.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    console::{desk, field},
    demo::{Demo, location},
};

async fn api(demo: &Demo, bearer: &str, path: &str, body: Value) -> Value {
    let ask = reqwest::Client::new().request(Method::POST, format!("{}{path}", demo.url));
    let ask = if bearer.is_empty() { ask } else { ask.bearer_auth(bearer) };
    let answer = ask.body(body.to_string()).send().await.expect("an answer");
    let status = answer.status();
    let said: Value = answer.json().await.expect("JSON");
    assert!(status.is_success(), "{path}: {said}");
    said
}

#[actix_web::test]
async fn staff_thank_who_is_not_happy() {
    let demo = Demo::start();
    let signed_in =
        json!({"email": "admin@example.com", "password": "bok-og-kaffi", "realm": "staff"});
    let token = api(&demo, "", "/v1/sessions", signed_in).await["access_token"].clone();
    let token = token.as_str().expect("a token");
    let survey = json!({
        "kind": "nps", "name": "How are we doing?", "trigger": {"on": "manual"},
        "question": {"en": "Would you recommend us?", "is": "Myndir þú mæla með okkur?"},
    });
    let survey = api(&demo, token, "/v1/surveys", survey).await["id"].clone();
    let path = format!("/v1/surveys/{}/publish", survey.as_str().expect("an id"));
    api(&demo, token, &path, json!({})).await;
    let said = "The stairs <b>are</b> steep.";
    let mut paths = Vec::new();
    for member in &demo.members[..2] {
        let answer = json!({
            "survey_id": survey, "member_id": member, "score": 3, "comment": said,
            "channel": "till",
        });
        let answer = api(&demo, token, "/v1/answers", answer).await["id"].clone();
        let found = reqwest::Client::new()
            .get(format!("{}/v1/thanks?for={}", demo.url, answer.as_str().expect("an id")))
            .bearer_auth(token)
            .send()
            .await
            .expect("an answer");
        let found: Value = found.json().await.expect("JSON");
        let id = found["data"][0]["id"].as_str().expect("one each").to_owned();
        paths.push(format!("/console/thanks/{id}"));
    }
    let (staff, admin) = (desk(&demo, "staff").await, desk(&demo, "admin").await);
    let queue = staff.read("/console/thanks").await;
    assert!(paths.iter().all(|path| queue.contains(path)), "{queue}");
    let overdue = staff.read("/console/thanks?overdue=true").await;
    assert!(!paths.iter().any(|path| overdue.contains(path)), "{overdue}");
    let page = staff.read(&paths[0]).await;
    for words in ["3 of 10", "The stairs &lt;b&gt;are&lt;&#x2f;b&gt; steep.", "How are we doing?"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("/waive"), "an admin's");
    // an empty message is refused, and what was typed stays
    let refused = staff.post(&format!("{}/give", paths[0]), "message=&how=other&points=5").await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let refused = refused.text().await.expect("a page");
    assert!(refused.contains("name=\"points\" value=\"5\""), "{refused}");
    let words = "message=I+rang+her.&how=other&points=5";
    let given = staff.post(&format!("{}/give", paths[0]), words).await;
    assert_eq!(location(&given), format!("{}?done=thanks_given", paths[0]));
    let page = staff.read(&paths[0]).await;
    assert!(page.contains("I rang her.") && !page.contains("name=\"message\""), "{page}");
    assert!(staff.read("/console/thanks?state=given").await.contains(&paths[0]));
    let again = staff.post(&format!("{}/give", paths[0]), "message=Again&how=other").await;
    assert_eq!(again.status(), StatusCode::CONFLICT);

    let waive = format!("{}/waive", paths[1]);
    assert_eq!(staff.post(&waive, "reason=why").await.status(), StatusCode::FORBIDDEN);
    let assign = format!("{}/assign", paths[1]);
    let owner = staff.post(&assign, "owner_id=x").await;
    assert_eq!(owner.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let waived = admin.post(&waive, "reason=asked+us+not+to").await;
    assert_eq!(location(&waived), format!("{}?done=thanks_waived", paths[1]));
    assert!(admin.read(&paths[1]).await.contains("asked us not to"));
    assert!(!admin.read("/console/thanks").await.contains(&paths[1]));
    let sheet = admin.read("/console/thanks.csv?state=waived").await;
    assert!(sheet.contains("detractor") && sheet.lines().count() == 2, "{sheet}");
}

#[actix_web::test]
async fn an_admin_says_when_it_is_open() {
    let demo = Demo::start();
    let admin = desk(&demo, "admin").await;
    let page = admin.read("/console/settings").await;
    let version = field(&page, "/console/settings", "version");
    assert!(page.contains("name=\"care_hours.mon\" value=\"09:00–17:00\""), "{page}");
    assert!(page.contains("name=\"thanks_policy.detractor\""), "{page}");
    let bad = format!("version={version}&care_hours.mon=nine");
    let refused = admin.post("/console/settings", &bad).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let refused = refused.text().await.expect("a page");
    assert!(refused.contains("name=\"care_hours.mon\" value=\"nine\""), "{refused}");
    let never = ["mon", "tue", "wed", "thu", "fri"].map(|day| format!("&care_hours.{day}="));
    let never = format!("version={version}{}", never.concat());
    let refused = admin.post("/console/settings", &never).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let good = format!(
        "version={version}&care_hours.mon=09:00-12:00,+13:00-24:00&care_holidays=\
         &care_closed=2027-12-23%0D%0A2027-12-30&care_open=2027-12-19+10:00-14:00\
         &thanks_policy.mention=letter&thanks_due_hours.detractor=4"
    );
    let saved = admin.post("/console/settings", &good).await;
    assert_eq!(location(&saved), "/console/settings?done=saved");
    let page = admin.read("/console/settings").await;
    for words in [
        "name=\"care_hours.mon\" value=\"09:00–12:00, 13:00–24:00\"",
        "2027-12-23\n2027-12-30",
        "2027-12-19 10:00–14:00",
        "name=\"thanks_due_hours.detractor\" value=\"4\"",
        "<option value=\"letter\" selected",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
}
