//! Surveys that come again and again, to many: planned at once, sent so many a local day.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use diesel::prelude::*;
use platform::{
    auth::Caller,
    db::{Tx, schema},
    kernel::{clock::Timestamp, zone::Zone},
};
use program::{
    enrolment::{Enrolment, Letters, service as enrolment},
    members::likeness::Hints,
    surveys,
};
use serde_json::{Value, json};

use crate::{
    support::{app::TestApp, both::both},
    world::{DAY, asks, codes, id, mail, order, reader, survey},
};

both!(many_are_asked_so_many_a_day_across_the_change_of_clocks);
async fn many_are_asked_so_many_a_day_across_the_change_of_clocks(app: &TestApp) {
    const MANY: usize = 120;
    // the clocks go forward on 28 March 2027
    app.settings(json!({"time_zone": "Europe/Berlin"})).await;
    app.travel_to("2026-12-20T10:00:00Z");
    let mut members = Vec::new();
    for _ in 0..MANY {
        members.push(reader(app, json!({"time_zone": "Europe/Berlin"})).await);
    }
    app.travel_to("2027-03-26T09:00:00Z");
    let every = json!({
        "trigger": {"on": "relational", "every_months": 3}, "max_per_day": 25, "sample_percent": 90,
    });
    survey(app, every).await;
    let mut by_day: BTreeMap<String, usize> = BTreeMap::new();
    for hour in 0..24 * 8 {
        let letters = mail(app).await;
        if !letters.is_empty() {
            let zone: Zone = "Europe/Berlin".parse().expect("a zone");
            let local = zone.local(app.now());
            assert!((8..21).contains(&local.hour()), "at {local}");
            *by_day.entry(local.date().to_string()).or_default() += letters.len();
        }
        assert!(hour < 24 * 7 || letters.is_empty());
        app.travel(Duration::from_hours(1));
    }
    let sent: usize = by_day.values().sum();
    assert!(by_day.values().all(|count| *count <= 25), "{by_day:?}");
    assert_eq!(by_day.keys().next().map(String::as_str), Some("2027-03-26"), "{by_day:?}");
    assert_eq!(by_day.len(), sent.div_ceil(25), "each day is full but the last: {by_day:?}");
    let not_sampled = asks(app, "state=dropped").await;
    assert!(not_sampled.iter().all(|ask| codes(ask) == ["not_sampled"]));
    assert_eq!(not_sampled.len() + sent, MANY, "nobody is forgotten");
    assert!((1..40).contains(&not_sampled.len()), "about a tenth: {}", not_sampled.len());
    // three months after they were asked it is their turn again, drawn anew
    app.travel_to("2027-06-26T09:00:00Z");
    assert_eq!(mail(app).await.len(), 25);
}

/// Enrols so many members, by hundreds.
async fn crowd(app: &TestApp, many: usize) {
    for hundred in 0..many.div_ceil(100) {
        let enrol = move |tx: &mut Tx<'_>| {
            for number in hundred * 100..many.min(hundred * 100 + 100) {
                let enrolment = Enrolment {
                    email: format!("round{number}@example.com").parse().expect("an address"),
                    given_name: "Ari".parse().expect("a name"),
                    family_name: None,
                    locale: None,
                    time_zone: Some("Europe/Berlin".parse().expect("a zone")),
                    country: None,
                    birthday: None,
                    external_id: None,
                    referral_code: None,
                    hints: Hints::default(),
                    marketing_consent: true,
                    enrolled_at: None,
                    password_hash: None,
                };
                enrolment::enrol(tx, &enrolment, &Caller::System, Letters::None)?;
            }
            Ok(())
        };
        app.store().write(enrol).await.expect("they are enrolled");
    }
}

/// Of 2,000 members, or as many as `VILDAR_ROUND` says, such as 100000.
fn size_of_a_round() -> usize {
    std::env::var("VILDAR_ROUND").ok().and_then(|text| text.parse().ok()).unwrap_or(2_000)
}

both!(a_large_round_is_planned_within_a_minute_and_sent_by_days);
async fn a_large_round_is_planned_within_a_minute_and_sent_by_days(app: &TestApp) {
    let (many, zone) = (size_of_a_round(), "Europe/Berlin".parse::<Zone>().expect("a zone"));
    let most = many.div_ceil(4);
    app.settings(json!({"time_zone": "Europe/Berlin"})).await;
    app.travel_to("2026-12-20T10:00:00Z");
    crowd(app, many).await;
    app.travel_to("2027-03-26T09:00:00Z");
    let trigger = json!({"on": "relational", "every_months": 3});
    survey(app, json!({"trigger": trigger, "max_per_day": most})).await;
    let begun = Instant::now();
    surveys::plan_due(app.store()).await.expect("planned");
    let took = begun.elapsed();
    println!("{many} members: planned in {took:.1?}");
    assert!(took < Duration::from_mins(1), "{many} members took {took:?}");
    // over the night in which the clocks go forward
    for _ in 0..24 * 5 {
        surveys::sending::send_due(app.store()).await.expect("sent");
        app.travel(Duration::from_hours(1));
    }
    let sent = |tx: &mut Tx<'_>| {
        let sent = schema::asks::table.filter(schema::asks::sent_at.is_not_null());
        let rows: Vec<Option<Timestamp>> = sent.select(schema::asks::sent_at).load(tx.conn)?;
        Ok(rows.into_iter().flatten().collect::<Vec<_>>())
    };
    let mut by_day: BTreeMap<String, usize> = BTreeMap::new();
    for at in app.store().read(sent).await.expect("the asks") {
        let local = zone.local(at);
        assert!((8..21).contains(&local.hour()), "at {local}");
        *by_day.entry(local.date().to_string()).or_default() += 1;
    }
    let days = ["2027-03-26", "2027-03-27", "2027-03-28", "2027-03-29"];
    let expected = days.map(|day| (day.to_owned(), most));
    assert_eq!(by_day.into_iter().collect::<Vec<_>>(), expected, "each local day is full");
}

both!(two_that_fall_due_at_once_make_one_ask);
async fn two_that_fall_due_at_once_make_one_ask(app: &TestApp) {
    let member = reader(app, json!({})).await;
    survey(app, json!({"trigger": {"on": "order_placed", "after_days": 3}})).await;
    let second = json!({"kind": "csat", "trigger": {"on": "order_placed", "after_days": 3}});
    survey(app, second).await;
    app.travel(DAY * 7);
    order(app, &member).await;
    mail(app).await;
    app.travel(DAY * 3);
    // by two servers at the same moment
    let (one, two) = tokio::join!(
        surveys::sending::send_due(app.store()),
        surveys::sending::send_due(app.store()),
    );
    one.expect("sent");
    two.expect("sent");
    assert_eq!(app.deliver_mail().await.len(), 1);
    let all = asks(app, &format!("member_id={member}")).await;
    let of =
        |state: &str| all.iter().filter(|ask| ask["state"] == state).cloned().collect::<Vec<_>>();
    assert_eq!((of("sent").len(), of("dropped").len()), (1, 1), "{all:?}");
    // a quarter later nobody would remember the order
    assert_eq!(codes(&of("dropped")[0]), ["quiet_any", "quiet_kind", "other_first", "too_late"]);
}

both!(a_letter_that_never_arrives_gives_the_time_back);
async fn a_letter_that_never_arrives_gives_the_time_back(app: &TestApp) {
    let member = reader(app, json!({})).await;
    survey(app, json!({"trigger": {"on": "order_placed"}})).await;
    app.travel(DAY * 7);
    order(app, &member).await;
    vildar::chores::run_all(app.store()).await.expect("the chores are done");
    // the member says no before the courier comes by
    let next = || async {
        let path = format!("/v1/members/{member}/asks/next?channel=page");
        app.staff().await.get(&path).await.expect(200)["data"][0].clone()
    };
    assert_eq!(codes(&next().await), ["quiet_any", "quiet_kind"]);
    let marketing = json!({"marketing": false}).to_string().into_bytes();
    let path = format!("/v1/members/{member}/preferences");
    let any = [("if-match", "*")];
    app.member(&member).await.send(reqwest::Method::PATCH, &path, &any, Some(marketing)).await;
    assert_eq!(app.deliver_mail().await.len(), 0);
    let after = next().await;
    assert_eq!((&after["allowed"], codes(&after)), (&json!(true), vec![]));
}

both!(an_audience_is_asked_by_hand_once_a_day);
async fn an_audience_is_asked_by_hand_once_a_day(app: &TestApp) {
    let iceland = reader(app, json!({})).await;
    let norway = reader(app, json!({"country": "NO"})).await;
    let fields = json!({
        "trigger": {"on": "manual"}, "points": 0,
        "audience": {"field": "country", "op": "eq", "value": "NO"},
    });
    let survey = survey(app, fields).await;
    app.travel(DAY * 8);
    let path = format!("/v1/surveys/{survey}/send");
    let staff = app.staff().await;
    let rehearsed = staff.post(&format!("{path}?dry_run=true"), json!({"audience": true})).await;
    assert_eq!(rehearsed.expect(200)["members"], 1);
    assert_eq!(mail(app).await.len(), 0, "a rehearsal asks nobody");
    let sent = staff.post(&path, json!({"audience": true})).await.expect(200);
    assert_eq!(sent, json!({"members": 1, "planned": null}));
    assert_eq!(mail(app).await.len(), 1);
    staff.post(&path, json!({"audience": true})).await.expect(200);
    assert_eq!(mail(app).await.len(), 0);
    assert_eq!(asks(app, &format!("member_id={iceland}")).await.len(), 0);
    assert_eq!(asks(app, &format!("member_id={norway}")).await.len(), 1);
    let both = json!({"member_ids": [iceland, norway]});
    let sent = staff.post(&path, both).await.expect(200);
    assert_eq!(sent, json!({"members": 2, "planned": 1}), "by name whoever is named");
}

both!(a_survey_that_comes_again_is_sent_by_hand_too);
async fn a_survey_that_comes_again_is_sent_by_hand_too(app: &TestApp) {
    let member = reader(app, json!({})).await;
    let survey = survey(app, json!({"trigger": {"on": "relational", "every_months": 6}})).await;
    app.travel(DAY * 8);
    assert_eq!(mail(app).await.len(), 0, "its turn is in half a year");
    let path = format!("/v1/surveys/{survey}/send");
    app.staff().await.post(&path, json!({"audience": true})).await.expect(200);
    assert_eq!(mail(app).await.len(), 1);
    // and the calendar goes on from there
    app.travel(DAY * 180);
    assert_eq!(mail(app).await.len(), 0);
    app.travel(DAY * 8);
    assert_eq!(mail(app).await.len(), 1);
    assert_eq!(asks(app, &format!("member_id={member}&state=sent")).await.len(), 1);
}

both!(who_waits_for_a_full_day_is_told_until_when);
async fn who_waits_for_a_full_day_is_told_until_when(app: &TestApp) {
    for _ in 0..3 {
        reader(app, json!({})).await;
    }
    let fields = json!({"trigger": {"on": "manual"}, "max_per_day": 2});
    let survey = survey(app, fields).await;
    app.travel(DAY * 8);
    let path = format!("/v1/surveys/{survey}/send");
    app.staff().await.post(&path, json!({"audience": true})).await.expect(200);
    assert_eq!(mail(app).await.len(), 2);
    let waiting = asks(app, "state=postponed").await;
    assert_eq!(waiting.len(), 1);
    assert_eq!(codes(&waiting[0]), ["day_full"]);
    let until = waiting[0]["reasons"][0]["until"].as_str().expect("an end");
    assert_eq!(waiting[0]["send_at"], until);
    app.travel_to(until);
    assert_eq!(mail(app).await.len(), 1, "then, and not a minute later");
}

both!(what_happened_while_a_survey_was_paused_is_not_asked_about);
async fn what_happened_while_a_survey_was_paused_is_not_asked_about(app: &TestApp) {
    let (early, amid) = (reader(app, json!({})).await, reader(app, json!({})).await);
    let late = reader(app, json!({})).await;
    let survey = survey(app, json!({"trigger": {"on": "order_placed", "after_days": 1}})).await;
    app.travel(DAY * 8);
    order(app, &early).await;
    mail(app).await;
    let turn = async |to: &str| {
        app.admin().await.post(&format!("/v1/surveys/{survey}/{to}"), json!({})).await.expect(200);
    };
    turn("pause").await;
    app.travel(DAY);
    order(app, &amid).await;
    assert_eq!(mail(app).await.len(), 0, "what was planned waits, too");
    app.travel(DAY);
    turn("publish").await;
    app.travel(DAY);
    order(app, &late).await;
    app.travel(DAY * 2);
    let letters = mail(app).await;
    let asked = [&early, &amid, &late].map(|member| async move {
        asks(app, &format!("member_id={member}&state=sent")).await.len()
    });
    let [early, amid, late] = asked;
    assert_eq!((early.await, amid.await, late.await), (1, 0, 1), "{} letters", letters.len());
}

both!(the_score_is_told_apart_and_weighed);
async fn the_score_is_told_apart_and_weighed(app: &TestApp) {
    let survey = survey(app, json!({"trigger": {"on": "manual"}})).await;
    let shop = app.storefront().await;
    let (one, two) = (reader(app, json!({})).await, reader(app, json!({"country": "NO"})).await);
    let mut say = Vec::new();
    for (member, score) in [(&one, 10), (&one, 9), (&one, 0), (&two, 9)] {
        say.push(
            json!({"survey_id": survey, "member_id": member, "score": score, "channel": "till"}),
        );
    }
    for answer in say {
        shop.post("/v1/answers", answer).await.expect(201);
    }
    let void = json!({"survey_id": survey, "member_id": two, "score": 0, "channel": "phone"});
    let void = id(&shop.post("/v1/answers", void).await.expect(201));
    let reason = json!({"reason": "mistaken"});
    app.admin().await.post(&format!("/v1/answers/{void}/void"), reason).await.expect(200);
    let stats = |query: &str| {
        let path = format!("/v1/stats/nps?survey_id={survey}{query}");
        async move { app.staff().await.get(&path).await.expect(200)["data"].clone() }
    };
    let figures = |row: &Value| {
        ["answers", "promoters", "passives", "detractors"]
            .map(|field| row[field].as_i64().unwrap_or(-1))
    };
    let whole = &stats("").await[0];
    assert_eq!(figures(whole), [4, 3, 0, 1]);
    assert_eq!((&whole["score"], &whole["group"]), (&json!(50.0), &Value::Null));
    let members = &stats("&weigh=members").await[0];
    assert_eq!((figures(members), &members["score"]), ([2, 1, 0, 1], &json!(0.0)));
    let countries = stats("&by=country").await;
    assert_eq!((&countries[0]["group"], figures(&countries[0])), (&json!("IS"), [3, 2, 0, 1]));
    assert_eq!((&countries[1]["group"], figures(&countries[1])), (&json!("NO"), [1, 1, 0, 0]));
    assert_eq!((&countries[1]["low"], &countries[1]["high"]), (&json!(-48.5), &json!(98.5)));
    let segment =
        json!({"name": "Norway", "where": {"field": "country", "op": "eq", "value": "NO"}});
    let segment = id(&app.admin().await.post("/v1/segments", segment).await.expect(201));
    let segments = stats("&by=segment").await;
    assert_eq!((&segments[0]["group"], figures(&segments[0])), (&json!(segment), [1, 1, 0, 0]));
    // a month with nobody is told as such
    app.travel(DAY * 60);
    let again = json!({"survey_id": survey, "member_id": one, "score": 0, "channel": "till"});
    app.storefront().await.post("/v1/answers", again).await.expect(201);
    let months = stats("&by=month&from=2026-11-01&to=2027-02-01").await;
    let told: Vec<Value> =
        months.as_array().expect("months").iter().map(|row| row["change"].clone()).collect();
    assert_eq!(told, [json!(null), json!("unclear"), json!("unclear")]);
    assert_eq!((&months[1]["score"], figures(&months[1])), (&Value::Null, [0, 0, 0, 0]));
    let path = format!("/v1/stats/nps?survey_id={survey}&by=country");
    let csv = [("accept", "text/csv")];
    let sheet = app.staff().await.send(reqwest::Method::GET, &path, &csv, None).await;
    assert!(sheet.text.starts_with("group,answers,promoters"), "{}", sheet.text);
    assert!(sheet.text.contains("NO,1,1,0,0,100.0,-48.5,98.5,0,,"), "{}", sheet.text);
    let unknown = "/v1/stats/nps?survey_id=srv_01m7zr0b7ee0tt0vrz3kxj2q8d";
    app.staff().await.get(unknown).await.refused(404, "not_found");
}
