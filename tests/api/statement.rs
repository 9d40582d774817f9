//! Statements: they open, add up and close, over any period, as JSON and as CSV.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    shop::{entries, order, redeem, rich},
    support::{
        app::{Client, Reply, TestApp},
        both::both,
    },
};

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("no number: {value}"))
}

/// A statement that adds up; `query` is all that stands behind the path.
#[track_caller]
fn adds_up(statement: &Value) {
    let lines = statement["entries"].as_array().expect("entries");
    let moved: i64 = lines.iter().map(|line| number(&line["points"])).sum();
    let (opening, closing) =
        (number(&statement["opening_balance"]), number(&statement["closing_balance"]));
    assert_eq!(opening + moved, closing, "{statement:#}");
    let order: Vec<(&str, i64)> = lines
        .iter()
        .map(|line| (line["occurred_at"].as_str().expect("an instant"), number(&line["seq"])))
        .collect();
    assert!(order.is_sorted(), "{order:?}");
}

async fn statement(by: &Client, member: &str, query: &str) -> Value {
    let said = by.get(&format!("/v1/members/{member}/statement{query}")).await.expect(200);
    adds_up(&said);
    said
}

async fn csv(by: &Client, member: &str, query: &str) -> Reply {
    let path = format!("/v1/members/{member}/statement{query}");
    by.send(Method::GET, &path, &[("accept", "text/csv")], None).await
}

/// RFC 4180 to the letter: CRLF ends every record, quotes are doubled, all have as many fields.
#[track_caller]
fn strict(text: &str) -> Vec<Vec<String>> {
    let mut records = vec![vec![String::new()]];
    let mut rest = text.chars().peekable();
    let mut quoted = false;
    while let Some(c) = rest.next() {
        let record = records.last_mut().expect("a record");
        let at_start = record.last().is_some_and(String::is_empty);
        match c {
            '"' if quoted && rest.peek() == Some(&'"') => {
                rest.next();
                record.last_mut().expect("a field").push('"');
            }
            '"' if quoted => {
                quoted = false;
                assert!(matches!(rest.peek(), Some(',' | '\r')), "text behind a quote");
            }
            c if quoted => record.last_mut().expect("a field").push(c),
            '"' => {
                assert!(at_start, "a quote in the middle");
                quoted = true;
            }
            ',' => record.push(String::new()),
            '\r' => {
                assert_eq!(rest.next(), Some('\n'), "a bare CR");
                records.push(vec![String::new()]);
            }
            '\n' => panic!("a bare LF"),
            c => record.last_mut().expect("a field").push(c),
        }
    }
    assert!(!quoted, "a quote without an end");
    assert_eq!(records.pop(), Some(vec![String::new()]), "the last record ends too");
    assert!(records.iter().all(|record| record.len() == records[0].len()), "{records:?}");
    records
}

/// The records below the header, by its names.
#[track_caller]
fn table(text: &str) -> Vec<Value> {
    let records = strict(text);
    let named = |record: &Vec<String>| {
        let fields = records[0].iter().cloned().zip(record.iter().map(|cell| json!(cell)));
        Value::Object(fields.collect())
    };
    records[1..].iter().map(named).collect()
}

both!(a_statement_opens_adds_up_and_closes);
async fn a_statement_opens_adds_up_and_closes(app: &TestApp) {
    let (shop, staff) = (app.storefront().await, app.staff().await);
    app.travel_to("2026-10-10T12:00:00Z");
    let member = rich(app, 300).await;
    app.travel_to("2026-11-02T12:00:00Z");
    order(&shop, &member, "A-1", 5000).await;
    app.travel_to("2026-11-20T12:00:00Z");
    let reward = app.reward(json!({"cost_points": 120})).await;
    redeem(&shop, &member, &reward).await;

    let november = statement(&app.member(&member).await, &member, "").await;
    assert_eq!(november["from"], "2026-11-01T00:00:00Z");
    assert_eq!(november["to"], "2026-11-21T00:00:00Z");
    assert_eq!(
        (&november["opening_balance"], &november["closing_balance"]),
        (&json!(300), &json!(230))
    );
    let mut listed = entries(app, &member).await;
    listed.reverse();
    assert_eq!(november["entries"].as_array().expect("entries")[..], listed[1..]);
    let now = app.balance(&member).await;
    assert_eq!(november["expiring"], now["expiring"]);
    assert_eq!(number(&now["available"]) + number(&now["pending"]), 230);

    let october = statement(&staff, &member, "?from=2026-10-01&to=2026-11-01").await;
    assert_eq!(
        (&october["opening_balance"], &october["closing_balance"]),
        (&json!(0), &json!(300))
    );
    let before = statement(&staff, &member, "?to=2026-10-01").await;
    assert_eq!(before["from"], "2026-09-01T00:00:00Z");
    assert_eq!((&before["entries"], &before["closing_balance"]), (&json!([]), &json!(0)));
    // inclusive at its beginning, exclusive at its end
    let path = "?from=2026-11-02T12:00:00Z&to=2026-11-20T12:00:00Z";
    let between = statement(&staff, &member, path).await;
    assert_eq!(between["entries"].as_array().expect("entries").len(), 1);
    assert_eq!(between["closing_balance"], 350);
    // what has come due is in it, whoever looks first
    app.travel_to("2029-01-01T00:00:00Z");
    let staff = app.staff().await;
    let all = statement(&staff, &member, "?from=2020-01-01").await;
    assert_eq!(all["closing_balance"], 0);
    assert_eq!(all["expiring"], json!([]));
    let later = statement(&staff, &member, "?from=2026-12-01").await;
    assert_eq!((&later["opening_balance"], &later["closing_balance"]), (&json!(230), &json!(0)));
    let kinds: Vec<&Value> =
        later["entries"].as_array().expect("entries").iter().map(|entry| &entry["kind"]).collect();
    assert_eq!(kinds, ["expire", "expire"]);
}

both!(what_was_dated_back_stands_where_it_happened);
async fn what_was_dated_back_stands_where_it_happened(app: &TestApp) {
    let (shop, staff) = (app.storefront().await, app.staff().await);
    let member = rich(app, 100).await;
    let late = json!({
        "kind": "earn", "points": 7, "reason": "forgotten", "occurred_at": "2026-10-31T23:30:00Z",
    });
    shop.post(&format!("/v1/members/{member}/entries"), late).await.expect(201);
    let october = statement(&staff, &member, "?to=2026-11-01").await;
    assert_eq!(
        (&october["closing_balance"], &october["entries"][0]["seq"]),
        (&json!(7), &json!(2))
    );
    assert_eq!(october["entries"][0]["balance_after"], 107, "as it was recorded");
    let november = statement(&staff, &member, "").await;
    assert_eq!(
        (&november["opening_balance"], &november["closing_balance"]),
        (&json!(7), &json!(107))
    );
    // days are the program's
    app.settings(json!({"time_zone": "Europe/Berlin"})).await;
    let october = statement(&staff, &member, "?from=2026-10-01&to=2026-11-01").await;
    assert_eq!(october["from"], "2026-09-30T22:00:00Z");
    assert_eq!(october["to"], "2026-10-31T23:00:00Z");
    assert_eq!(october["closing_balance"], 0);
    let november = statement(&staff, &member, "?from=2026-11-01&to=2026-11-22").await;
    assert_eq!(november["entries"].as_array().expect("entries").len(), 2);
}

both!(any_periods_chain);
async fn any_periods_chain(app: &TestApp) {
    const START: i64 = 1_760_000_000; // 9 October 2025
    const SPAN: i64 = 34_000_000;
    let (shop, admin) = (app.storefront().await, app.admin().await);
    // a short life, so that points expire within the year
    app.settings(json!({"pending_days": 3, "expiry_months": 2})).await;
    let mut seed = app.seed;
    let mut below = |most: i64| {
        // xorshift
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(seed >> 33).expect("31 bits") % most
    };
    let at = |seconds: i64| {
        let instant = platform::kernel::clock::Timestamp::from_microsecond(seconds * 1_000_000);
        instant.expect("an instant").to_string()
    };
    let member = app.enrol("Jón").await;
    let mut rows = [Vec::new(), Vec::new()];
    for turn in 0..120 {
        // some at the same second
        let occurred_at = at(START + below(SPAN / 1000) * 1000);
        let (by, kind, points) = match below(3) {
            0 => (1, "adjust", -1 - below(40)),
            1 => (1, "adjust", 1 + below(200)),
            _ => (0, "earn", 1 + below(200)),
        };
        rows[by].push(json!({
            "member_id": member, "kind": kind, "points": points, "reason": "by chance",
            "occurred_at": occurred_at, "source": {"type": "test", "id": turn.to_string()},
        }));
    }
    for (by, rows) in [&shop, &admin].into_iter().zip(rows) {
        by.post("/v1/entries:batch", json!({"entries": rows})).await.expect(200);
        order(&shop, &member, &format!("A-{}", rows.len()), 12_345).await;
    }
    app.travel(Duration::from_hours(24 * 9));
    let admin = app.admin().await;

    let now = app.balance(&member).await;
    let [available, pending, held, debt] =
        ["available", "pending", "held", "debt"].map(|field| number(&now[field]));
    let whole = statement(&admin, &member, "?from=2000-01-01").await;
    assert_eq!(whole["opening_balance"], 0);
    assert_eq!(number(&whole["closing_balance"]), available + pending + held - debt);
    let all = whole["entries"].as_array().expect("entries");
    let kinds: Vec<&str> = all.iter().filter_map(|entry| entry["kind"].as_str()).collect();
    assert!(kinds.contains(&"expire") && kinds.contains(&"adjust") && kinds.contains(&"earn"));

    for round in 0..12 {
        let mut cuts: Vec<String> = (0..=round).map(|_| at(START + below(SPAN))).collect();
        // at the very instant of an entry, too
        let entry = usize::try_from(below(i64::try_from(all.len()).expect("few"))).expect("few");
        cuts.push(all[entry]["occurred_at"].as_str().expect("an instant").to_owned());
        cuts.extend(["2000-01-01T00:00:00Z".to_owned(), "2030-01-01T00:00:00Z".to_owned()]);
        cuts.sort();
        cuts.dedup();
        let (mut lines, mut sum) = (Vec::new(), 0);
        for period in cuts.windows(2) {
            let query = format!("?from={}&to={}", period[0], period[1]);
            let part = statement(&admin, &member, &query).await;
            assert_eq!(number(&part["opening_balance"]), sum, "seed {}: {query}", app.seed);
            sum = number(&part["closing_balance"]);
            lines.extend_from_slice(part["entries"].as_array().expect("entries"));
        }
        assert_eq!(sum, number(&whole["closing_balance"]), "seed {}: {cuts:?}", app.seed);
        assert!(lines == *all, "seed {}: {cuts:?}", app.seed);
    }
}

both!(as_csv_it_opens_adds_up_and_closes_too);
async fn as_csv_it_opens_adds_up_and_closes_too(app: &TestApp) {
    let (shop, admin) = (app.storefront().await, app.admin().await);
    let member = app.enrol("Jón").await;
    let path = format!("/v1/members/{member}/entries");
    let texts = [
        "=HYPERLINK(\"http://evil.example\",\"a\")",
        "+1",
        "-1",
        "@SUM(A1)",
        "＝1+1",
        "tea, \"twice\"; 'so'",
        "plain",
        "Þökk fyrir",
    ];
    for (number, text) in texts.iter().enumerate() {
        let ask = json!({
            "kind": "earn", "points": 10, "reason": text, "channel": "=1",
            "source": {"type": "@visit", "id": format!("-{number}")},
        });
        shop.post(&path, ask).await.expect(201);
    }
    app.settings(json!({"pending_days": 0})).await;
    shop.post(&path, json!({"kind": "earn", "points": 10, "reason": "now"})).await.expect(201);
    let taken = json!({"kind": "adjust", "points": -5, "reason": "a mistake"});
    admin.post(&path, taken).await.expect(201);

    let said = statement(&admin, &member, "").await;
    let reply = csv(&app.member(&member).await, &member, "").await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let kind = reply.header("content-type").expect("a type");
    assert!(kind.starts_with("text/csv; charset=utf-8"), "{kind}");
    assert_eq!(
        reply.header("content-disposition").expect("a disposition"),
        format!("attachment; filename=\"statement-{member}-2026-11-01-2026-11-22.csv\"")
    );
    let lines = table(&reply.text);
    let json = said["entries"].as_array().expect("entries");
    assert_eq!(lines.len(), json.len() + 2);
    let (first, last) = (&lines[0], &lines[lines.len() - 1]);
    assert_eq!((&first["line"], &first["balance"]), (&json!("opening"), &json!("0")));
    assert_eq!((&last["line"], &last["balance"]), (&json!("closing"), &json!("85")));
    assert_eq!((&first["occurred_at"], &last["occurred_at"]), (&said["from"], &said["to"]));
    let mut sum = 0;
    for (line, entry) in lines[1..].iter().zip(json) {
        let points: i64 = line["points"].as_str().expect("text").parse().expect("a plain number");
        sum += points;
        assert_eq!((&json!(points), &line["balance"]), (&entry["points"], &json!(sum.to_string())));
        for field in ["id", "kind", "occurred_at", "recorded_at"] {
            assert_eq!(line[field], entry[field], "{field}");
        }
        let explained = line["explanation"].as_str().expect("text");
        assert_eq!(explained.trim_start_matches('\''), entry["explanation"]["text"]);
    }
    for (line, text) in lines[1..].iter().zip(texts) {
        let led = if text.starts_with(['=', '+', '-', '@', '＝']) { "'" } else { "" };
        assert_eq!(line["reason"], format!("{led}{text}"));
        assert_eq!((&line["source_type"], &line["channel"]), (&json!("'@visit"), &json!("'=1")));
    }
    assert_eq!(lines[9]["points"], "10");
    assert_eq!(lines[10]["points"], "-5", "numbers stay numbers");
    // which of the two is said by Accept alone
    for (accept, expected) in [
        ("application/json", "application/json"),
        ("*/*", "application/json"),
        ("text/csv;q=0.3, application/json;q=0.5", "application/json"),
        ("text/csv;q=0.5, application/json;q=0.3", "text/csv; charset=utf-8; header=present"),
        ("image/png", "application/json"),
    ] {
        let path = format!("/v1/members/{member}/statement");
        let reply = admin.send(Method::GET, &path, &[("accept", accept)], None).await;
        assert_eq!(reply.header("content-type").as_deref(), Some(expected), "{accept}");
        let vary = reply.header("vary").unwrap_or_default().to_lowercase();
        assert!(vary.contains("accept"), "{accept}: {vary}");
    }
}

both!(a_member_is_told_in_their_language);
async fn a_member_is_told_in_their_language(app: &TestApp) {
    let shop = app.storefront().await;
    let ask = json!({"email": "jon@example.com", "given_name": "Jón", "locale": "is"});
    let made = shop.post("/v1/members", ask).await.expect(201);
    let member = made["id"].as_str().expect("an id");
    order(&shop, member, "A-1", 5000).await;
    let said = statement(&app.staff().await, member, "").await;
    let listed = entries(app, member).await;
    let text = &said["entries"][0]["explanation"]["text"];
    assert_eq!(text, &listed[0]["explanation"]["text"]);
    assert!(text.as_str().is_some_and(|text| text.contains("punkt")), "{text}");
    let reply = csv(&app.staff().await, member, "").await;
    assert_eq!(table(&reply.text)[1]["explanation"], *text);
}

both!(a_statement_is_for_its_member_and_staff);
async fn a_statement_is_for_its_member_and_staff(app: &TestApp) {
    let (anna, ari) = (app.enrol("Anna").await, app.enrol("Ari").await);
    let path = format!("/v1/members/{anna}/statement");
    app.anyone().get(&path).await.refused(401, "unauthenticated");
    app.member(&ari).await.get(&path).await.refused(404, "not_found");
    app.storefront().await.get(&path).await.refused(403, "forbidden");
    let staff = app.staff().await;
    for nobody in ["mem_01m7zr4g2tfw1b4ww8pvq0tkz1", "mem_x", "=1"] {
        staff.get(&format!("/v1/members/{nobody}/statement")).await.refused(404, "not_found");
    }
    for (query, pointer) in [
        ("from=yesterday", "?from"),
        ("from=", "?from"),
        ("from=2026-02-30", "?from"),
        ("from=2026-11-01T00:00:00", "?from"),
        ("to=2026-11-01T00:00:00+01:00", "?to"),
        ("to=9999-01-01", "?to"),
        ("from=2026-11-02&to=2026-11-01", "?to"),
        ("from=2026-11-02&to=2026-11-02", "?to"),
        ("from=2026-11-22", "?from"),
        ("from=2026-11-01&from=2026-11-02", "?from"),
        ("until=2026-11-02", "?until"),
        ("limit=5", "?limit"),
    ] {
        for accept in ["application/json", "text/csv"] {
            let path = format!("{path}?{query}");
            let reply = staff.send(Method::GET, &path, &[("accept", accept)], None).await;
            assert_eq!(reply.pointer(), pointer, "{query}: {}", reply.text);
            reply.refused(422, "invalid_request");
        }
    }
    let offset = "?to=2026-11-21T13:00:00%2B01:00";
    let said = statement(&staff, &anna, offset).await;
    assert_eq!(said["to"], "2026-11-21T12:00:00Z");
}

both!(a_day_that_was_not_is_an_empty_statement);
async fn a_day_that_was_not_is_an_empty_statement(app: &TestApp) {
    // Samoa went over the date line: 29 December 2011 was followed by the 31st
    app.settings(json!({"time_zone": "Pacific/Apia"})).await;
    let (shop, staff) = (app.storefront().await, app.staff().await);
    let member = app.enrol("Anna").await;
    for (points, occurred_at) in [(3, "2011-12-30T09:59:59Z"), (4, "2011-12-30T10:00:00Z")] {
        let earn = json!({
            "kind": "earn", "points": points, "reason": "a visit", "occurred_at": occurred_at,
            "expires_at": "2099-01-01T00:00:00Z",
        });
        shop.post(&format!("/v1/members/{member}/entries"), earn).await.expect(201);
    }
    let said = statement(&staff, &member, "?from=2011-12-30&to=2011-12-31").await;
    assert_eq!((&said["from"], &said["to"]), (&said["to"], &said["from"]));
    assert_eq!((&said["entries"], &said["opening_balance"]), (&json!([]), &json!(3)));
    let before = statement(&staff, &member, "?from=2011-12-29&to=2011-12-30").await;
    let after = statement(&staff, &member, "?from=2011-12-31&to=2012-01-01").await;
    assert_eq!((&before["closing_balance"], &after["closing_balance"]), (&json!(3), &json!(7)));
    // nor does its month miss anything, whichever way it is asked for
    for query in ["?from=2011-12-01&to=2012-01-01", "?to=2012-01-01"] {
        let month = statement(&staff, &member, query).await;
        assert_eq!(month["entries"].as_array().map(Vec::len), Some(2));
        assert_eq!((&month["opening_balance"], &month["closing_balance"]), (&json!(0), &json!(7)));
    }
    let until = statement(&staff, &member, "?to=2011-12-30").await;
    assert_eq!(
        (&until["from"], &until["closing_balance"]),
        (&json!("2011-12-01T10:00:00Z"), &json!(3))
    );
    let lines = table(&csv(&staff, &member, "?from=2011-12-30&to=2011-12-31").await.text);
    assert_eq!(lines.len(), 2);
}
