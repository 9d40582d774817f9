//! Greetings that had to wait, and days that come one upon another.

use serde_json::json;

use crate::{
    occasions::{born, mail, mail_at, occasion},
    support::{app::TestApp, both::both},
};

both!(a_greeting_that_waited_does_not_say_that_it_is_today);
async fn a_greeting_that_waited_does_not_say_that_it_is_today(app: &TestApp) {
    let anna = born(app, "12-24", json!({"locale": "en", "given_name": "Anna"})).await;
    occasion(app, json!({"kind": "birthday"})).await;
    let eve = json!({"kind": "holiday", "rule": {"holiday": "christmas_eve"}});
    occasion(app, eve).await;
    mail_at(app, "2026-12-24T08:00:00Z").await;
    app.mail.down();
    assert_eq!(mail_at(app, "2026-12-24T09:00:00Z").await.len(), 0);
    assert_eq!(mail_at(app, "2026-12-26T12:00:00Z").await.len(), 0);
    app.mail.up();
    app.travel(std::time::Duration::from_mins(1));
    let mut letters = mail(app).await;
    letters.sort_by(|a, b| a.subject.cmp(&b.subject));
    let subjects: Vec<&str> = letters.iter().map(|letter| letter.subject.as_str()).collect();
    let late = [
        "Belated happy birthday, Anna!",
        "Christmas Eve: our best wishes come a little late, Anna",
    ];
    assert_eq!(subjects, late);
    // staff see what went out
    let listed = app.staff().await.get(&format!("/v1/letters?member_id={anna}")).await.expect(200);
    let listed: Vec<&str> = listed["data"]
        .as_array()
        .expect("letters")
        .iter()
        .filter_map(|one| one["subject"].as_str())
        .collect();
    assert!(late.iter().all(|subject| listed.contains(subject)), "{listed:?}");
}

both!(a_greeting_that_waited_for_too_long_stays_here);
async fn a_greeting_that_waited_for_too_long_stays_here(app: &TestApp) {
    app.settings(json!({"greeting_late_days": 2})).await;
    let anna = born(app, "12-24", json!({"time_zone": "Pacific/Honolulu"})).await;
    occasion(app, json!({"kind": "birthday"})).await;
    mail_at(app, "2026-12-24T18:00:00Z").await;
    app.mail.down();
    // nine in the morning in Honolulu, and then the last minute of the second day after it
    for instant in ["2026-12-24T19:00:00Z", "2026-12-27T09:59:00Z"] {
        assert_eq!(mail_at(app, instant).await.len(), 0);
    }
    app.travel_to("2026-12-27T10:00:30Z");
    app.mail.up();
    assert_eq!(mail(app).await.len(), 0);
    let letters = app.staff().await.get(&format!("/v1/letters?member_id={anna}")).await.expect(200);
    let greeting = &letters["data"][0];
    assert_eq!(greeting["template"], "birthday");
    assert_eq!(greeting["state"], "suppressed", "{greeting}");
    assert!(greeting["last_error"].to_string().contains("its day is over"), "{greeting}");
}

both!(a_newer_day_counts_for_those_whom_it_is_for);
async fn a_newer_day_counts_for_those_whom_it_is_for(app: &TestApp) {
    let [here, there] = ["here", "there"]
        .map(|name| json!({"email": format!("{name}@example.com"), "locale": "en"}));
    let here = born(app, "05-05", here).await;
    let tags = json!({"tags": ["vip"]});
    app.storefront().await.patch(&format!("/v1/members/{here}"), tags).await.expect(200);
    born(app, "05-05", there).await;
    let day = |name: &str, date: &str| json!({"kind": "date", "name": {"en": name}, "rule": {"date": date}});
    occasion(app, day("Open house", "2027-03-01")).await;
    let mut second = day("A day for a few", "2027-03-02");
    second["audience"] = json!({"tags": ["vip"]});
    occasion(app, second).await;
    mail_at(app, "2027-02-27T12:00:00Z").await;
    // the server was off on the first day
    let letters = mail_at(app, "2027-03-02T12:00:00Z").await;
    let mut told: Vec<(&str, &str)> =
        letters.iter().map(|one| (one.to[0].address.as_str(), one.subject.as_str())).collect();
    told.sort_unstable();
    assert_eq!(
        told,
        [("here@example.com", "A day for a few"), ("there@example.com", "Open house")]
    );
}

both!(a_newer_day_of_others_keeps_nobody_from_what_came_late);
async fn a_newer_day_of_others_keeps_nobody_from_what_came_late(app: &TestApp) {
    let day = |name: &str, date: &str| json!({"kind": "date", "name": {"en": name}, "rule": {"date": date}});
    occasion(app, day("Open house", "2027-03-01")).await;
    let mut second = day("A day for a few", "2027-03-02");
    second["audience"] = json!({"tags": ["vip"]});
    occasion(app, second).await;
    let anna = born(app, "05-05", json!({"locale": "en", "time_zone": "Pacific/Honolulu"})).await;
    mail_at(app, "2027-03-01T18:00:00Z").await;
    // to where it was nine in the morning long ago, and the day after
    let east = json!({"time_zone": "Pacific/Auckland"});
    app.storefront().await.patch(&format!("/v1/members/{anna}"), east).await.expect(200);
    let letters = mail_at(app, "2027-03-02T00:00:00Z").await;
    let subjects: Vec<&str> = letters.iter().map(|letter| letter.subject.as_str()).collect();
    assert_eq!(subjects, ["Open house"]);
}
