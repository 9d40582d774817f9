//! Chores that can't be done, beside those that can.

use std::time::{Duration, Instant};

use diesel::{connection::SimpleConnection, prelude::*};
use platform::{
    db::{Tx, schema::accounts},
    kernel::error::Result,
};
use serde_json::json;
use vildar::chores;

use crate::{
    shop::{redeem, rich, stock},
    support::{
        app::{Client, TestApp},
        both::both,
    },
};

/// Tables, and the chore that can't be done without each.
const BROKEN: [(&str, &str); 4] = [
    ("redemptions", "redemptions"),
    ("idempotency_keys", "answers"),
    ("sessions", "sessions"),
    ("one_time_tokens", "one_time_tokens"),
];
const DAY: Duration = Duration::from_hours(24);

async fn execute(app: &TestApp, sql: String) {
    let run = move |tx: &mut Tx<'_>| -> Result<()> { Ok(tx.conn.batch_execute(&sql)?) };
    app.store().write(run).await.expect("a statement");
}

/// The value of a chore's metric; other tests of this process count there too.
async fn metric(app: &TestApp, name: &str, chore: &str) -> f64 {
    let page = app.admin().await.get("/metrics").await;
    assert_eq!(page.status, 200);
    let text = page.text;
    let line = format!("vildar_chore_{name}{{chore=\"{chore}\"}} ");
    let value = text.lines().find_map(|text| text.strip_prefix(&line));
    value.map_or(0.0, |value| value.parse().expect("a number"))
}

/// How many accounts wait for the sweep.
async fn unswept(app: &TestApp) -> i64 {
    let due = |tx: &mut Tx<'_>| {
        let due = accounts::table.filter(accounts::next_change_at.le(tx.now));
        Ok(due.count().get_result(tx.conn)?)
    };
    app.store().read(due).await.expect("a count")
}

/// A redemption, and points of the same member, that are due after three days.
async fn falls_due(app: &TestApp, shop: &Client, reward: &str) {
    let member = rich(app, 100).await;
    redeem(shop, &member, reward).await;
    let soon = json!({"kind": "earn", "points": 5, "reason": "a gift",
        "available_at": app.now(), "expires_at": app.now().plus(DAY)});
    shop.post(&format!("/v1/members/{member}/entries"), soon).await.expect(201);
}

both!(a_chore_that_fails_keeps_no_other_back_and_is_counted);
async fn a_chore_that_fails_keeps_no_other_back_and_is_counted(app: &TestApp) {
    let shop = app.storefront().await;
    let reward = app.reward(json!({"kind": "product", "stock": 9})).await;
    for (table, chore) in BROKEN {
        falls_due(app, &shop, &reward).await;
        let failures = metric(app, "failures_total", chore).await;
        let runs = metric(app, "runs_total", "points").await;
        app.travel(DAY * 3);
        assert_eq!((unswept(app).await, stock(app, &reward).await), (1, json!(8)));
        execute(app, format!("ALTER TABLE {table} RENAME TO away")).await;
        chores::run_all(app.store()).await.expect_err("one of them fails");
        execute(app, format!("ALTER TABLE away RENAME TO {table}")).await;
        let left = if chore == "redemptions" { 8 } else { 9 };
        assert_eq!((unswept(app).await, stock(app, &reward).await), (0, json!(left)), "{table}");
        assert!(metric(app, "failures_total", chore).await > failures, "{table}");
        assert!(metric(app, "runs_total", "points").await > runs, "{table}");
        chores::run_all(app.store()).await.expect("all is there again");
    }
    let succeeded = metric(app, "last_success_timestamp_seconds", "points").await;
    assert!(succeeded >= 1_700_000_000.0, "{succeeded}");
}

both!(the_server_does_the_others_where_one_fails);
async fn the_server_does_the_others_where_one_fails(app: &TestApp) {
    let shop = app.storefront().await;
    let reward = app.reward(json!({"kind": "product", "stock": 9})).await;
    falls_due(app, &shop, &reward).await;
    app.travel(DAY * 3);
    let failures = metric(app, "failures_total", "answers").await;
    execute(app, "ALTER TABLE idempotency_keys RENAME TO away".to_owned()).await;
    let background = app.app.start_background();
    let begun = Instant::now();
    while unswept(app).await > 0
        || stock(app, &reward).await != 9
        || metric(app, "failures_total", "answers").await <= failures
    {
        assert!(begun.elapsed() < Duration::from_secs(20), "something keeps the others back");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    background.stop().await;
    execute(app, "ALTER TABLE away RENAME TO idempotency_keys".to_owned()).await;
}
