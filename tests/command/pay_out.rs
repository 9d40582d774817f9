//! A server that is killed while it pays for referrals, and started again: each is paid once.

use std::time::{Duration, Instant};

use diesel::{QueryableByName, RunQueryDsl, sql_types::BigInt};
use serde_json::{Value, json};

use crate::database::{Db, on_both};
use crate::run::{Server, client};

const FRIENDS: i64 = 120;

fn count(db: &Db, sql: &str) -> i64 {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        n: i64,
    }
    let rows: Vec<Row> = diesel::sql_query(sql).load(&mut db.connect()).expect("a count");
    rows[0].n
}

const PAID: &str = "SELECT COUNT(*) AS n FROM referrals WHERE state = 'rewarded'";

async fn post(url: &str, key: &str, path: &str, body: Value) -> Value {
    let ask = client().post(format!("{url}{path}")).bearer_auth(key).json(&body);
    let answer = ask.send().await.expect("an answer");
    assert_eq!(answer.status(), 201, "{path}");
    answer.json().await.expect("JSON")
}

on_both!(killed_in_the_middle_of_paying_it_pays_once);
async fn killed_in_the_middle_of_paying_it_pays_once(db: Db) {
    for (name, value) in [
        ("referral_hold_days", "0"),
        ("referral_joins_per_day", "1000"),
        ("referral_limit_per_month", "1000"),
    ] {
        db.vildar(&["settings", "set", name, value]).expect(0);
    }
    let key = db.storefront_key();
    let mut server = Server::serve(&db, &[]);
    let person = json!({"email": "anna@anna.example.com", "given_name": "Anna"});
    let anna = post(&server.url, &key, "/v1/members", person).await;
    for number in 0..FRIENDS {
        let friend = json!({
            "email": format!("f{number}@f{number}.example.com"), "given_name": "F",
            "referral_code": anna["referral_code"],
        });
        let friend = post(&server.url, &key, "/v1/members", friend).await;
        let order = json!({
            "external_id": format!("O-{number}"), "member_id": friend["id"],
            "total": {"amount": 3000, "currency": "EUR"},
        });
        post(&server.url, &key, "/v1/orders", order).await;
    }
    let mut kills = 0;
    let started = Instant::now();
    while count(&db, PAID) < FRIENDS {
        assert!(started.elapsed() < Duration::from_secs(90), "{} are paid", count(&db, PAID));
        let before = count(&db, PAID);
        let begun = Instant::now();
        // some more are paid, by the chore or because somebody looks
        while count(&db, PAID) < (before + 20).min(FRIENDS) && begun.elapsed().as_secs() < 15 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        server.child.kill().expect("it is killed");
        server.ended(Duration::from_secs(5)).await;
        kills += 1;
        server = Server::serve(&db, &[]);
    }
    assert!(kills >= 2, "{kills}");
    server.stop().await;
    let entries = "SELECT COUNT(*) AS n FROM entries WHERE kind = 'referral'";
    assert_eq!(count(&db, entries), 2 * FRIENDS);
    let paid = "SELECT CAST(SUM(points) AS BIGINT) AS n FROM entries WHERE kind = 'referral'";
    assert_eq!(count(&db, paid), 700 * FRIENDS);
    let audited = db.vildar(&["verify", "--json"]).expect(0).json();
    assert_eq!(audited["differences"], 0);
}
