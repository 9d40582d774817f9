//! What one member was asked and said: on the console's page, and from another system's file.

use std::path::Path;

use platform::auth::Role;
use serde_json::{Value, json};
use vildar::cli::import;

use crate::{
    segments_console::desk,
    support::{app::TestApp, both::both},
    world::{DAY, answers, id, link, mail, order, reader, say, survey},
};

both!(the_members_page_tells_what_was_asked_and_said);
async fn the_members_page_tells_what_was_asked_and_said(app: &TestApp) {
    let member = reader(app, json!({})).await;
    survey(app, json!({"trigger": {"on": "order_placed"}})).await;
    let second = json!({"name": "Was it easy?", "kind": "ces", "trigger": {"on": "order_placed"}});
    survey(app, second).await;
    app.travel(DAY * 8);
    order(app, &member).await;
    let letters = mail(app).await;
    let [letter] = &letters[..] else { panic!("one of the two: {letters:?}") };
    say(app, &link(letter), 3, "Það kom of seint <b>").await;
    let desk = desk(app, Role::Staff).await;
    let page = desk.read(&format!("/console/members/{member}")).await;
    for told in [
        "What they told us",
        "3 of 10",
        "Það kom of seint &lt;b&gt;",
        "thanks owed",
        "What they are asked",
        "After the parcel",
        "Was it easy?",
        "was asked something a short while ago",
        "something else goes first",
    ] {
        assert!(page.contains(told), "{told} is not on {page}");
    }
}

fn file(content: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), content).expect("written");
    file
}

async fn imported(app: &TestApp, path: &Path, dry_run: bool) -> Value {
    let report = import::answers_of(app.store(), path, dry_run).await.expect("a table");
    serde_json::to_value(report).expect("JSON")
}

both!(answers_of_another_system_count_in_their_own_months);
async fn answers_of_another_system_count_in_their_own_months(app: &TestApp) {
    let anna = reader(app, json!({"external_id": "anna"})).await;
    reader(app, json!({"external_id": "bo"})).await;
    let survey = survey(app, json!({"trigger": {"on": "manual"}, "points": 50})).await;
    let draft = json!({
        "kind": "nps", "name": "Not yet", "question": {"en": "Would you recommend us?"},
        "trigger": {"on": "manual"},
    });
    let draft = id(&app.admin().await.post("/v1/surveys", draft).await.expect(201));
    let before = app.balance(&anna).await;
    let head = "external_id,survey_id,member_external_id,answered_at,score,channel,comment\n";
    let good = file(&format!(
        "{head}a,{survey},anna,2026-03-05,9,letter,Frábært\n\
             b,{survey},bo,2026-04-05T10:00:00Z,2,phone,\n"
    ));
    let told = |imported: i64, already_there: i64| json!({"imported": imported, "already_there": already_there, "refused": 0, "errors": []});
    assert_eq!(self::imported(app, good.path(), true).await, told(2, 0));
    assert_eq!(answers(app, "").await.len(), 0, "a dry run records nothing");
    assert_eq!(self::imported(app, good.path(), false).await, told(2, 0));
    assert_eq!(self::imported(app, good.path(), false).await, told(0, 2));
    let bad = file(&format!(
        "{head}a,{survey},anna,2026-03-05,8,letter,Frábært\n\
             c,{draft},anna,2026-03-05,8,letter,\n\
             d,{survey},nobody,2026-03-05,x,pigeon,\n\
             e,{survey},anna,2036-03-05,11,letter,\n\
             f,{survey},anna,2036-03-05,10,letter,\n\
             g,srv_01m7zr0b7ee0tt0vrz3kxj2q8d,anna,2026-03-05,10,letter,\n"
    ));
    let report = self::imported(app, bad.path(), false).await;
    assert_eq!((&report["imported"], &report["refused"]), (&json!(0), &json!(6)));
    let errors = report["errors"].as_array().expect("errors").iter();
    let errors: Vec<(u64, &str)> = errors
        .map(|error| {
            (error["line"].as_u64().expect("a line"), error["column"].as_str().expect("a column"))
        })
        .collect();
    assert_eq!(
        errors,
        [
            (2, "external_id"),
            (3, "survey_id"),
            (4, "member_external_id"),
            (4, "score"),
            (4, "channel"),
            (5, "score"),
            (6, "answered_at"),
            (7, "survey_id"),
        ],
        "{report}"
    );
    let path = format!("/v1/stats/nps?survey_id={survey}&by=month&from=2026-03-01&to=2026-05-01");
    let months = app.staff().await.get(&path).await.expect(200)["data"].clone();
    let scores: Vec<&Value> = (0..2).map(|month| &months[month]["score"]).collect();
    assert_eq!(scores, [&json!(100.0), &json!(-100.0)]);
    assert_eq!(app.balance(&anna).await, before, "nobody is paid for what they said then");
    assert_eq!(mail(app).await.len(), 0, "nor written to");
    let all = answers(app, &format!("member_id={anna}")).await;
    assert_eq!((&all[0]["comment"], &all[0]["thanks_id"]), (&json!("Frábært"), &Value::Null));
}
