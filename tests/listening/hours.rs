//! Business hours as settings.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    app::{Client, Reply, TestApp},
    both::both,
};

async fn set(admin: &Client, changes: Value) -> Reply {
    let body = changes.to_string().into_bytes();
    admin.send(Method::PATCH, "/v1/settings", &[("if-match", "*")], Some(body)).await
}

both!(hours_are_set_and_shown);
async fn hours_are_set_and_shown(app: &TestApp) {
    let admin = app.admin().await;
    let settings = admin.get("/v1/settings").await.expect(200);
    assert_eq!(settings["care_hours"]["fri"], json!([["09:00", "17:00"]]));
    assert_eq!(settings["care_hours"]["sat"], json!([]));
    assert_eq!(settings["care_holidays"], "IS");
    assert_eq!(settings["thanks_policy"]["detractor"], "person");
    assert_eq!(settings["thanks_due_hours"]["detractor"], 8);
    let users = admin.get("/v1/users").await.expect(200);
    let user = users["data"][0]["id"].clone();
    let changes = json!({
        "care_hours": {"mon": [["09:00", "12:00"], ["13:00", "24:00"]]},
        "care_holidays": null,
        "care_closed": ["2027-05-03", "2027-05-03"],
        "care_open": [{"date": "2027-05-02", "hours": [["10:00", "11:00"]]}, {"date": "2027-05-03"}],
        "thanks_policy": {"mention": "letter"},
        "thanks_due_hours": {"detractor": 4},
        "thanks_rota": [user],
    });
    let settings = set(&admin, changes).await.expect(200);
    assert_eq!(settings["care_hours"]["mon"], json!([["09:00", "12:00"], ["13:00", "24:00"]]));
    assert_eq!(settings["care_hours"]["fri"], json!([]), "what is left out is closed");
    assert_eq!(settings["care_closed"], json!(["2027-05-03"]));
    assert_eq!(settings["care_open"][1], json!({"date": "2027-05-03"}));
    assert_eq!(settings["thanks_policy"]["mention"], "letter");
    assert_eq!(settings["thanks_policy"]["detractor"], "person", "the rest is as by default");
    assert_eq!(settings["thanks_due_hours"]["detractor"], 4);
    assert_eq!(settings["thanks_rota"], json!([user]));
}

both!(bad_hours_are_refused_where_they_stand);
async fn bad_hours_are_refused_where_they_stand(app: &TestApp) {
    let admin = app.admin().await;
    let before = admin.get("/v1/settings").await.expect(200);
    for (bad, pointer) in [
        (json!({"care_hours": []}), "/care_hours"),
        (json!({"care_hours": null}), "/care_hours"),
        (json!({"care_hours": {"monday": []}}), "/care_hours/monday"),
        (json!({"care_hours": {"mon": [["9:00", "17:00"]]}}), "/care_hours/mon/0"),
        (json!({"care_hours": {"mon": [["09:00", "25:00"]]}}), "/care_hours/mon/0"),
        (json!({"care_hours": {"mon": [["17:00", "09:00"]]}}), "/care_hours/mon/0"),
        (
            json!({"care_hours": {"mon": [["09:00", "17:00"], ["16:00", "18:00"]]}}),
            "/care_hours/mon",
        ),
        (json!({"care_hours": {"mon": [["09:00", 17]]}}), "/care_hours/mon/0/1"),
        (json!({"care_holidays": "JP"}), "/care_holidays"),
        (json!({"care_closed": ["2027-02-29"]}), "/care_closed/0"),
        (json!({"care_open": [{"hours": []}]}), "/care_open/0/date"),
        (json!({"care_open": ["2027-05-02"]}), "/care_open/0"),
        (json!({"care_open": [{"date": "2027-05-04"}, {"date": "2027-05-04"}]}), "/care_open"),
        // a Sunday
        (json!({"care_open": [{"date": "2027-05-02"}]}), "/care_open/0/hours"),
        (json!({"thanks_policy": {"detractor": "page"}}), "/thanks_policy/detractor"),
        (json!({"thanks_policy": ["letter"]}), "/thanks_policy"),
        (json!({"thanks_policy": {"praise": "letter"}}), "/thanks_policy/praise"),
        (json!({"thanks_due_hours": {"story": 0}}), "/thanks_due_hours/story"),
        (json!({"thanks_rota": ["usr_01m7zr0b7ee0tt0vrz3kxj2q8d"]}), "/thanks_rota/0"),
        (json!({"thanks_rota": [1]}), "/thanks_rota/0"),
    ] {
        let said = set(&admin, bad.clone()).await.refused(422, "invalid_request");
        let errors = said["errors"].as_array().expect("errors");
        assert!(errors.iter().any(|error| error["pointer"] == pointer), "{bad}: {said}");
    }
    let none = set(&admin, json!({"care_hours": {}})).await.refused(422, "no_opening_hours");
    assert_eq!(none["errors"][0]["pointer"], "/care_hours");
    let from: jiff::civil::Date = "2027-06-01".parse().expect("a date");
    let summer: Vec<String> =
        from.series(jiff::Span::new().days(1)).take(40).map(|date| date.to_string()).collect();
    set(&admin, json!({"care_closed": summer})).await.refused(422, "no_opening_hours");
    let open = json!({"care_closed": summer, "care_open": [{"date": "2027-06-21"}]});
    set(&admin, open).await.expect(200);
    let once = json!({"care_hours": {}, "care_open": [{"date": "2027-06-21", "hours": [["09:00", "10:00"]]}]});
    set(&admin, once).await.refused(422, "no_opening_hours");
    let back = set(&admin, json!({"care_closed": [], "care_open": []})).await.expect(200);
    assert_eq!(back["care_hours"], before["care_hours"]);
}
