//! Statements and exports of any length: told piece by piece, whole or visibly not, and others do
//! not wait for them.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use diesel::connection::SimpleConnection;
use platform::db::Store;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    app::{Client, TestApp},
    both::both,
};

/// Posts earns, a thousand at a time, each five minutes after the one before, but for every tenth,
/// which happened long before.
async fn busy(app: &TestApp, entries: usize) -> String {
    let shop = app.storefront().await;
    let member = app.enrol("Anna").await;
    let rows: Vec<Value> = (0..entries)
        .map(|number| {
            let minutes = if number % 10 == 0 { number } else { 500_000 + number * 5 };
            let at = app
                .now()
                .minus(Duration::from_mins(1_000_000))
                .plus(Duration::from_mins(u64::try_from(minutes).expect("few")));
            json!({
                "member_id": member, "kind": "earn", "points": 1 + number % 7,
                "reason": format!("visit {number}"), "occurred_at": at,
                "source": {"type": "visit", "id": number.to_string()},
            })
        })
        .collect();
    for thousand in rows.chunks(1000) {
        let reply = shop.post("/v1/entries:batch", json!({"entries": thousand})).await.expect(200);
        assert!(reply["results"][0]["entry"].is_object(), "{reply}");
    }
    member
}

both!(a_statement_may_be_as_long_as_it_is);
async fn a_statement_may_be_as_long_as_it_is(app: &TestApp) {
    // more than are looked up at once, and more than were allowed once
    const ENTRIES: usize = 10_500;
    let staff = app.staff().await;
    let member = busy(app, ENTRIES).await;
    let path = format!("/v1/members/{member}/statement?from=2020-01-01");
    let said = staff.get(&path).await.expect(200);
    let fields: Vec<&String> = said.as_object().expect("an object").keys().collect();
    assert_eq!(fields, ["from", "to", "opening_balance", "entries", "closing_balance", "expiring"]);
    let lines = said["entries"].as_array().expect("entries");
    assert_eq!(lines.len(), ENTRIES);
    let place = |line: &Value| {
        (line["occurred_at"].as_str().expect("when").to_owned(), line["seq"].as_i64().expect("seq"))
    };
    assert!(lines.iter().map(place).is_sorted(), "in the order in which they happened");
    let sum: i64 = lines.iter().map(|line| line["points"].as_i64().expect("points")).sum();
    assert_eq!(said["closing_balance"], sum);
    let now = staff.get(&format!("/v1/members/{member}/balance")).await.expect(200);
    let whole = ["available", "pending"].map(|field| now[field].as_i64().expect("points"));
    assert_eq!(sum, whole.iter().sum::<i64>());
    // from the middle on, it opens with what was before
    let middle = place(&lines[ENTRIES / 2]).0;
    let rest =
        staff.get(&format!("/v1/members/{member}/statement?from={middle}")).await.expect(200);
    let later = rest["entries"].as_array().expect("entries");
    assert_eq!(later[..], lines[ENTRIES - later.len()..]);
    assert_eq!(rest["closing_balance"], said["closing_balance"]);

    let csv = staff.send(Method::GET, &path, &[("accept", "text/csv")], None).await;
    let records: Vec<&str> = csv.text.lines().collect();
    assert_eq!(records.len(), ENTRIES + 3);
    assert!(records[records.len() - 1].starts_with("closing,"));
    assert!(records[records.len() - 1].contains(&format!(",{sum},")));

    let export = staff.get(&format!("/v1/members/{member}/export")).await.expect(200);
    let entries = export["entries"].as_array().expect("entries");
    assert!(entries.iter().map(|entry| entry["seq"].as_i64().expect("seq")).eq(1..=10_500));
    // gzip is told piece by piece as well
    let gzip = staff.send(Method::GET, &path, &[("accept-encoding", "gzip")], None).await;
    assert_eq!(gzip.header("content-encoding").as_deref(), Some("gzip"));
    assert_eq!(gzip.header("content-length"), None);
}

/// A request on a connection of its own, whose answer is left unread.
fn ask(app: &TestApp, by: &Client, path: &str) -> TcpStream {
    let address = app.url.strip_prefix("http://").expect("http");
    let mut stream = TcpStream::connect(address).expect("a connection");
    let token = by.token.as_deref().expect("a token");
    let head =
        format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\r\n");
    stream.write_all(head.as_bytes()).expect("it is sent");
    stream
}

/// The first bytes of an answer, or none where nothing came in time.
fn first(stream: &mut TcpStream, patience: Duration) -> String {
    stream.set_read_timeout(Some(patience)).expect("a timeout");
    let mut bytes = [0; 512];
    let read = stream.read(&mut bytes).unwrap_or_default();
    String::from_utf8_lossy(&bytes[..read]).into_owned()
}

/// Waits until something holds.
async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !holds().await {
        assert!(begun.elapsed() < Duration::from_secs(20), "still not: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Whether the store answers at once: a reader that keeps connections would make it wait.
async fn answers(store: &Store) -> bool {
    let all: Vec<_> = (0..8).map(|_| store.read(|tx| Ok(tx.now))).collect();
    let begun = Instant::now();
    for read in all {
        read.await.expect("a connection");
    }
    begun.elapsed() < Duration::from_secs(1)
}

both!(who_does_not_read_keeps_a_place_and_nothing_else);
async fn who_does_not_read_keeps_a_place_and_nothing_else(app: &TestApp) {
    let member = busy(app, 8000).await;
    let (own, staff) = (app.member(&member).await, app.staff().await);
    let path = format!("/v1/members/{member}/statement?from=2020-01-01");
    // answers of several MiB, of which the kernel keeps what fits
    let mut idle: Vec<TcpStream> = (0..4).map(|_| ask(app, &own, &path)).collect();
    for stream in &mut idle {
        assert!(first(stream, Duration::from_secs(20)).starts_with("HTTP/1.1 200"));
    }
    let refused = own.get(&path).await;
    assert_eq!(refused.header("retry-after").as_deref(), Some("2"));
    refused.refused(503, "overloaded");
    own.get(&format!("/v1/members/{member}/export")).await.refused(503, "overloaded");
    // others are not concerned, and no connection is kept
    staff.get(&path).await.expect(200);
    assert!(answers(app.store()).await);
    own.get(&format!("/v1/members/{member}/balance")).await.expect(200);
    // who goes away frees its place
    idle.clear();
    until("their places come back", async || own.get(&path).await.status == 200).await;
}

async fn sql(app: &TestApp, statement: &'static str) {
    let done = app.store().write(move |tx| Ok(tx.conn.batch_execute(statement)?));
    done.await.expect("it is done");
}

both!(an_answer_that_breaks_off_does_not_look_whole);
async fn an_answer_that_breaks_off_does_not_look_whole(app: &TestApp) {
    let member = busy(app, 8000).await;
    let staff = app.staff().await;
    for path in ["statement?from=2020-01-01", "export"] {
        let mut stream = ask(app, &staff, &format!("/v1/members/{member}/{path}"));
        let head = first(&mut stream, Duration::from_secs(20));
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        assert!(head.contains("transfer-encoding: chunked"), "{head}");
        let mut some = vec![0; 100_000];
        stream.read_exact(&mut some).expect("some of it");
        // what is left can't be read any more
        sql(app, "ALTER TABLE entry_notes RENAME TO entry_notes_away").await;
        let mut rest = Vec::new();
        // a reset is a break as well
        let _ = stream.read_to_end(&mut rest);
        assert!(!rest.ends_with(b"0\r\n\r\n"), "{path}: it looks whole");
        sql(app, "ALTER TABLE entry_notes_away RENAME TO entry_notes").await;
        staff.get(&format!("/v1/members/{member}/{path}")).await.expect(200);
    }
}
