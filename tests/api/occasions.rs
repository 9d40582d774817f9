//! Greetings on people's days: in their words, by their own clock, once, and never after "no".

use std::sync::atomic::{AtomicU32, Ordering};

use platform::{
    db::{Store, tx::Env},
    kernel::chance::Chance,
};
use serde_json::{Value, json};
use vildar::chores;

use crate::{
    shop::{balance, id},
    support::{
        app::TestApp,
        both::{Which, both},
        mail::Mail,
    },
};

/// Somebody in Reykjavík with consent, born on a day.
pub async fn born(app: &TestApp, day: &str, more: Value) -> String {
    static BORN: AtomicU32 = AtomicU32::new(0);
    let mut ask = json!({
        "email": format!("m{}@example.com", BORN.fetch_add(1, Ordering::Relaxed)),
        "given_name": "Þórdís", "locale": "is", "time_zone": "Atlantic/Reykjavik", "country": "IS",
        "birthday": day, "marketing_consent": true,
    });
    ask.as_object_mut().expect("fields").extend(more.as_object().expect("fields").clone());
    let shop = app.storefront().await;
    let member = id(&shop.post("/v1/members", ask).await.expect(201));
    app.deliver_mail().await;
    member
}

pub async fn occasion(app: &TestApp, fields: Value) -> Value {
    let mut new = json!({"active": true});
    new.as_object_mut().expect("fields").extend(fields.as_object().expect("fields").clone());
    app.admin().await.post("/v1/occasions", new).await.expect(201)
}

/// Does what is due now, and answers what was delivered.
pub async fn mail_at(app: &TestApp, instant: &str) -> Vec<Mail> {
    app.travel_to(instant);
    mail(app).await
}

pub async fn mail(app: &TestApp) -> Vec<Mail> {
    chores::run_all(app.store()).await.expect("the chores are done");
    app.deliver_mail().await
}

both!(a_birthday_is_greeted_once_with_a_gift);
async fn a_birthday_is_greeted_once_with_a_gift(app: &TestApp) {
    let member = born(app, "1988-12-24", json!({})).await;
    let fields = json!({
        "kind": "birthday", "gift": {"points": 100},
        "message": {"en": "Cake!", "is": "Kaka <b>handa þér</b>!"},
    });
    occasion(app, fields).await;
    assert_eq!(mail_at(app, "2026-12-24T08:59:59Z").await.len(), 0, "not before nine");
    let letters = mail_at(app, "2026-12-24T09:00:00Z").await;
    assert_eq!(letters.len(), 1, "{letters:?}");
    let letter = &letters[0];
    assert_eq!(letter.subject, "Til hamingju með afmælið, Þórdís!");
    let text = letter.text.as_deref().expect("a text");
    for part in ["100 punktar", "Kaka <b>handa þér</b>!", "/unsubscribe/"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(letter.header("List-Unsubscribe-Post").is_some());
    assert_eq!(balance(app, &member, ["available"]).await, [100]);
    let entries = app.member(&member).await.get(&format!("/v1/members/{member}/entries")).await;
    let entry = &entries.expect(200)["data"][0];
    assert_eq!((&entry["kind"], &entry["actor"]), (&json!("perk"), &json!("system")));
    assert!(entry["explanation"]["text"].to_string().contains("afmælið"), "{entry}");
    // neither again today, nor where it is still the day before
    assert_eq!(mail_at(app, "2026-12-24T10:00:00Z").await.len(), 0);
    let move_to = json!({"time_zone": "Pacific/Honolulu"});
    app.storefront().await.patch(&format!("/v1/members/{member}"), move_to).await.expect(200);
    for instant in ["2026-12-24T19:30:00Z", "2026-12-25T12:00:00Z"] {
        assert_eq!(mail_at(app, instant).await.len(), 0, "{instant}");
    }
    assert_eq!(balance(app, &member, ["available"]).await, [100]);
    let next = mail_at(app, "2027-12-24T19:00:00Z").await;
    assert_eq!(next.len(), 1, "a year later, at nine in Honolulu");
}

both!(a_birthday_said_today_is_greeted_today_and_none_is_for_yesterday);
async fn a_birthday_said_today_is_greeted_today_and_none_is_for_yesterday(app: &TestApp) {
    occasion(app, json!({"kind": "birthday", "gift": {"points": 100}})).await;
    app.travel_to("2026-12-10T15:00:00Z");
    mail(app).await;
    let today = born(app, "12-10", json!({})).await;
    let letters = mail(app).await;
    assert_eq!(letters.len(), 1, "{letters:?}");
    assert_eq!(balance(app, &today, ["available"]).await, [0], "a gift is for who said it before");
    born(app, "12-09", json!({})).await;
    assert_eq!(mail(app).await.len(), 0, "never for yesterday");
    // at night nobody is disturbed, and in the morning it is over
    app.travel_to("2026-12-11T21:30:00Z");
    born(app, "12-11", json!({})).await;
    assert_eq!(mail(app).await.len(), 0);
    assert_eq!(mail_at(app, "2026-12-12T12:00:00Z").await.len(), 0);
}

both!(what_was_missed_is_made_up_for_within_days);
async fn what_was_missed_is_made_up_for_within_days(app: &TestApp) {
    born(app, "12-12", json!({})).await;
    born(app, "12-16", json!({"email": "late@example.com"})).await;
    occasion(app, json!({"kind": "birthday"})).await;
    for key in ["christmas_eve", "christmas_day"] {
        occasion(app, json!({"kind": "holiday", "rule": {"holiday": key}})).await;
    }
    assert_eq!(mail(app).await.len(), 0);
    // the server was off for a week, and comes back at night
    let asleep = mail_at(app, "2026-12-18T23:00:00Z").await;
    assert_eq!(asleep.len(), 0, "it is quiet: {asleep:?}");
    let letters = mail_at(app, "2026-12-19T08:00:00Z").await;
    let subjects: Vec<&str> = letters.iter().map(|letter| letter.subject.as_str()).collect();
    assert_eq!(subjects, ["Síðbúnar afmæliskveðjur, Þórdís!"], "the one of six days ago is over");
    assert_eq!(mail_at(app, "2026-12-23T09:00:00Z").await.len(), 0);
    // of two holidays the newer one
    let letters = mail_at(app, "2026-12-25T12:00:00Z").await;
    assert_eq!(letters.len(), 2, "{letters:?}");
    assert!(letters.iter().all(|letter| letter.subject.contains("jóladagur")), "{letters:?}");
}

both!(nobody_is_greeted_who_said_no);
async fn nobody_is_greeted_who_said_no(app: &TestApp) {
    let (shop, staff) = (app.storefront().await, app.staff().await);
    let of = |name: &str| json!({"email": format!("{name}@example.com"), "given_name": name});
    let mut members = Vec::new();
    for name in ["Yes", "NoConsent", "NoGreetings", "NoChristmas", "Suspended", "Later"] {
        let mut more = of(name);
        more["marketing_consent"] = json!(name != "NoConsent");
        members.push(born(app, "01-01", more).await);
    }
    let prefer = |member: &str| format!("/v1/members/{member}/preferences");
    let put = |path: String, body: Value| {
        let shop = shop.clone();
        async move {
            let body = Some(body.to_string().into_bytes());
            shop.send(reqwest::Method::PATCH, &path, &[], body).await
        }
    };
    put(prefer(&members[2]), json!({"occasions": false})).await.expect(200);
    let told = put(prefer(&members[3]), json!({"holidays": {"christmas_eve": false}})).await;
    assert_eq!(told.expect(200)["holidays"], json!({"christmas_eve": false}));
    let unknown = put(prefer(&members[3]), json!({"holidays": {"doomsday": false}})).await;
    assert_eq!(unknown.pointer(), "/holidays/doomsday");
    let because = json!({"reason": "a test"});
    staff.post(&format!("/v1/members/{}/suspend", members[4]), because).await.expect(200);
    let eve = json!({"kind": "holiday", "rule": {"holiday": "christmas_eve"}});
    let eve = occasion(app, eve).await;
    app.settings(json!({"greetings_per_minute": 1})).await;
    let letters = mail_at(app, "2026-12-24T09:00:00Z").await;
    let to =
        |letters: &[Mail]| letters.iter().map(|one| one.to[0].address.clone()).collect::<Vec<_>>();
    assert_eq!(to(&letters), ["Yes@example.com"], "one a minute, and nobody who said no");
    // who says so while the letter waits
    put(prefer(&members[5]), json!({"occasions": false})).await.expect(200);
    assert_eq!(to(&mail_at(app, "2026-12-24T09:05:00Z").await), Vec::<String>::new());
    put(prefer(&members[3]), json!({"holidays": {"christmas_eve": true}})).await.expect(200);
    assert_eq!(
        to(&mail_at(app, "2026-12-24T12:00:00Z").await),
        Vec::<String>::new(),
        "it is over for today"
    );
    let path = format!("/v1/occasions/{}", id(&eve));
    app.admin().await.patch(&path, json!({"active": false})).await.expect(200);
    assert_eq!(
        to(&mail_at(app, "2027-12-24T12:00:00Z").await),
        Vec::<String>::new(),
        "switched off"
    );
}

both!(an_audience_and_its_anniversary);
async fn an_audience_and_its_anniversary(app: &TestApp) {
    let shop = app.storefront().await;
    let joined = born(app, "05-05", json!({"email": "old@example.com"})).await;
    let abroad = json!({
        "email": "abroad@example.com", "country": "NO", "locale": "nb", "tags": ["wholesale"],
        "time_zone": "Europe/Oslo",
    });
    let mut tagged = abroad.clone();
    tagged.as_object_mut().expect("fields").remove("tags");
    let abroad_id = born(app, "05-05", tagged).await;
    let tags = json!({"tags": abroad["tags"]});
    shop.patch(&format!("/v1/members/{abroad_id}"), tags).await.expect(200);
    let reward = app.reward(json!({"stock": 1})).await;
    let fields = json!({
        "kind": "anniversary", "gift": {"reward_id": reward}, "audience": {"countries": ["IS"]},
    });
    occasion(app, fields).await;
    for audience in [json!({"locales": ["nb"]}), json!({"tags": ["wholesale"]})] {
        let name = json!({"en": "Open evening"});
        let date = json!({"kind": "date", "name": name, "rule": {"date": "2027-03-01"}});
        let mut fields = date;
        fields["audience"] = audience;
        occasion(app, fields).await;
    }
    let letters = mail_at(app, "2027-03-01T12:00:00Z").await;
    let told: Vec<(String, &str)> =
        letters.iter().map(|one| (one.to[0].address.clone(), one.subject.as_str())).collect();
    let twice = ("abroad@example.com".to_owned(), "Open evening");
    assert_eq!(told, [twice.clone(), twice], "two occasions, and nobody else");
    let letters = mail_at(app, "2027-11-21T12:00:00Z").await;
    assert_eq!(letters.len(), 1, "{letters:?}");
    assert_eq!(letters[0].subject, "Eitt ár saman, Þórdís!");
    let admin = app.admin().await;
    let perks = admin.get(&format!("/v1/perks?member_id={joined}")).await.expect(200);
    assert_eq!(perks["data"][0]["title"], "Eitt ár saman");
    // a reward that ran out keeps nobody from the words
    let letters = mail_at(app, "2028-11-21T12:00:00Z").await;
    let subjects: Vec<&str> = letters.iter().map(|letter| letter.subject.as_str()).collect();
    assert!(subjects.contains(&"2 ár saman, Þórdís!"), "{subjects:?}");
}

both!(the_calendar_tells_what_is_to_come);
async fn the_calendar_tells_what_is_to_come(app: &TestApp) {
    let (staff, admin) = (app.staff().await, app.admin().await);
    let member = born(app, "02-29", json!({})).await;
    born(app, "12-01", json!({"email": "b@example.com", "marketing_consent": false})).await;
    let birthday = occasion(app, json!({"kind": "birthday", "gift": {"points": 5}})).await;
    let konudagur = json!({"holiday": "konudagur", "country": "IS"});
    let fields = json!({"kind": "holiday", "rule": konudagur, "send_at_local": "12:30"});
    let holiday = occasion(app, fields).await;
    occasion(app, json!({"kind": "anniversary", "active": false})).await;
    let path = "/v1/occasions/calendar?from=2027-01-01&to=2027-12-31";
    let all = staff.get(path).await.expect(200);
    let told: Vec<Value> = all["data"]
        .as_array()
        .expect("days")
        .iter()
        .map(|day| json!([day["date"], day["name"], day["members"], day["first_at"]]))
        .collect();
    let expected = [
        json!(["2027-02-21", "Konudagur", 1, "2027-02-21T12:30:00Z"]),
        json!(["2027-02-28", null, 1, "2027-02-28T09:00:00Z"]),
    ];
    assert_eq!(told[1], expected[1], "{told:?}");
    assert_eq!(told.len(), 2, "{told:?}");
    assert_eq!(
        (&told[0][0], &told[0][2], &told[0][3]),
        (&expected[0][0], &expected[0][2], &expected[0][3])
    );
    let own = format!("/v1/members/{member}/occasions?from=2027-01-01&to=2028-03-01");
    assert_eq!(staff.get(&own).await.pointer(), "?to", "too far ahead");
    let own = format!("/v1/members/{member}/occasions?from=2027-06-01&to=2028-04-01");
    let days = app.member(&member).await.get(&own).await.expect(200);
    assert_eq!(days["data"][0]["name"], "konudagur");
    assert_eq!(days["data"][1]["date"], "2028-02-29");
    assert_eq!(
        (&days["data"][1]["greeted"], &days["data"][1]["not_because"]),
        (&json!(false), &Value::Null)
    );
    let preview = format!("/v1/occasions/{}/preview?locale=is", id(&birthday));
    let letter = staff.get(&preview).await.expect(200);
    assert!(letter["text"].as_str().is_some_and(|text| text.contains("5 punktar")), "{letter}");
    let holidays = staff.get("/v1/holidays?country=IS&year=2027").await.expect(200);
    let listed = holidays["data"].as_array().expect("holidays");
    let summer = listed.iter().find(|one| one["holiday"] == "first_day_of_summer");
    assert_eq!(summer.expect("summer comes")["dates"], json!(["2027-04-22"]));
    // each thing at fault is named
    let absurd = |rrule: &str| {
        let rule = json!({"rrule": rrule, "from": "2027-01-01"});
        json!({"kind": "date", "name": "x", "rule": rule})
    };
    for (fields, pointer) in [
        (json!({"kind": "holiday"}), "/rule/holiday"),
        (
            json!({"kind": "holiday", "rule": {"holiday": "bondadagur", "country": "US"}}),
            "/rule/holiday",
        ),
        (json!({"kind": "birthday", "rule": {"date": "2027-01-01"}}), "/rule/date"),
        (json!({"kind": "date", "name": "x"}), "/rule"),
        (json!({"kind": "date", "rule": {"date": "2027-01-01"}}), "/name"),
        (
            json!({"kind": "date", "name": "x", "rule": {"rrule": "FREQ=HOURLY", "from": "2027-01-01"}}),
            "/rule/rrule",
        ),
        (absurd("FREQ=DAILY;BYSECOND=0,1"), "/rule/rrule"),
        (absurd("FREQ=DAILY;BYMINUTE=0,1"), "/rule/rrule"),
        (absurd("FREQ=DAILY;INTERVAL=0"), "/rule/rrule"),
        (absurd("FREQ=DAILY;COUNT=0"), "/rule/rrule"),
        (absurd("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"), "/rule/rrule"),
        (json!({"kind": "date", "name": "x", "rule": {"rrule": "FREQ=YEARLY"}}), "/rule/from"),
        (json!({"kind": "birthday", "send_at_local": "22:00"}), "/send_at_local"),
        (json!({"kind": "birthday", "send_at_local": "9"}), "/send_at_local"),
        (json!({"kind": "birthday", "gift": {}}), "/gift"),
        (
            json!({"kind": "birthday", "gift": {"reward_id": "rwd_01m7zr4g2tfw1b4ww8pvq0tkz1"}}),
            "/gift/reward_id",
        ),
        (json!({"kind": "birthday", "template": "holiday"}), "/template"),
        (json!({"kind": "birthday", "audience": {"countries": ["XX"]}}), "/audience/countries/0"),
        (json!({"kind": "easter"}), "/kind"),
    ] {
        let reply = admin.post("/v1/occasions", fields.clone()).await;
        assert_eq!(reply.pointer(), pointer, "{fields}: {}", reply.text);
    }
    let path = format!("/v1/occasions/{}", id(&holiday));
    admin.patch(&path, json!({"kind": "birthday"})).await.refused(422, "invalid_request");
    staff.post("/v1/occasions", json!({"kind": "birthday"})).await.refused(403, "forbidden");
}

/// Two servers on one database greet everybody once.
#[actix_web::test]
async fn two_servers_share_the_work() {
    let Some(app) = TestApp::on(Which::Postgres).await else { return };
    for number in 0..150 {
        let email = json!({"email": format!("m{number}@example.com"), "given_name": "Ari"});
        let shop = app.storefront().await;
        let mut ask = json!({"locale": "is", "birthday": "12-24", "marketing_consent": true});
        ask.as_object_mut().expect("fields").extend(email.as_object().expect("fields").clone());
        shop.post("/v1/members", ask).await.expect(201);
    }
    occasion(&app, json!({"kind": "birthday"})).await;
    app.deliver_mail().await;
    app.travel_to("2026-12-24T12:00:00Z");
    let env = Env { clock: app.clock.clone(), chance: Chance::seeded(app.seed + 1) };
    let second = Store::open(app.store().url().clone(), env, 4).expect("a store");
    let (one, two) = tokio::join!(chores::run_all(app.store()), chores::run_all(&second));
    one.expect("the one works");
    two.expect("the other works");
    chores::run_all(app.store()).await.expect("the rest is done");
    assert_eq!(app.deliver_mail().await.len(), 150);
    drop(second);
    app.finish().await;
}
