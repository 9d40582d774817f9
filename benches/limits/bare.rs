//! SQLite's own limit: a loop over the statements of one earn, a transaction each, fully synced,
//! on one connection and with nothing around it.

use std::time::{Duration, Instant};

use diesel::{
    Connection, RunQueryDsl, SqliteConnection, connection::SimpleConnection, sql_types::BigInt,
};

const TABLES: &str = "
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE accounts (member_id INTEGER PRIMARY KEY, seq INTEGER NOT NULL,
    available INTEGER NOT NULL, pending INTEGER NOT NULL, held INTEGER NOT NULL,
    debt INTEGER NOT NULL, lifetime_earned INTEGER NOT NULL) STRICT;
WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 1000)
    INSERT INTO accounts SELECT n, 0, 0, 0, 0, 0, 0 FROM n;
CREATE TABLE entries (member_id INTEGER NOT NULL REFERENCES accounts, seq INTEGER NOT NULL,
    id BLOB NOT NULL UNIQUE, kind TEXT NOT NULL, points INTEGER NOT NULL,
    balance_after INTEGER NOT NULL, available_at INTEGER, expires_at INTEGER, part TEXT NOT NULL,
    actor TEXT NOT NULL, rule TEXT NOT NULL, occurred_at INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL, PRIMARY KEY (member_id, seq)) STRICT;
CREATE TABLE lots (member_id INTEGER NOT NULL, seq INTEGER NOT NULL, points INTEGER NOT NULL,
    remaining INTEGER NOT NULL, available_at INTEGER NOT NULL, expires_at INTEGER,
    matured INTEGER NOT NULL, PRIMARY KEY (member_id, seq)) STRICT;
CREATE INDEX lots_open ON lots (member_id, expires_at, seq) WHERE remaining > 0;
";

const EARN: [&str; 3] = [
    "INSERT INTO entries SELECT member_id, seq + 1, randomblob(16), 'earn', 10, pending + 10, 1, 2, \
     '', 'key_01m801s3pee0080c1qazt8xtwg', '{}', 1, 1 FROM accounts WHERE member_id = $1",
    "INSERT INTO lots SELECT member_id, seq + 1, 10, 10, 1, 2, 0 FROM accounts WHERE member_id = $1",
    "UPDATE accounts SET seq = seq + 1, pending = pending + 10, \
     lifetime_earned = lifetime_earned + 10 WHERE member_id = $1",
];

fn database() -> (tempfile::TempDir, SqliteConnection) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("bare.db");
    let mut conn = SqliteConnection::establish(&file.to_string_lossy()).expect("a database");
    conn.batch_execute(TABLES).expect("the tables");
    (folder, conn)
}

/// Earns a second.
pub fn earn(time: Duration) -> f64 {
    let (_folder, mut conn) = database();
    repeat(time, |member| {
        conn.immediate_transaction(|conn| {
            for statement in EARN {
                diesel::sql_query(statement).bind::<BigInt, _>(member).execute(conn)?;
            }
            diesel::QueryResult::Ok(())
        })
        .expect("an earn");
    })
}

/// Balances a second.
pub fn balance(time: Duration) -> f64 {
    use diesel::prelude::*;
    diesel::table! {
        accounts (member_id) {
            member_id -> BigInt,
            seq -> BigInt,
            available -> BigInt,
            pending -> BigInt,
            held -> BigInt,
            debt -> BigInt,
            lifetime_earned -> BigInt,
        }
    }
    let (_folder, mut conn) = database();
    repeat(time, |member| {
        let row: (i64, i64, i64, i64, i64, i64, i64) =
            accounts::table.find(member).first(&mut conn).expect("an account");
        assert_eq!(row.0, member);
    })
}

fn repeat(time: Duration, mut work: impl FnMut(i64)) -> f64 {
    let started = Instant::now();
    let mut count = 0u32;
    while started.elapsed() < time {
        work(i64::from(count.wrapping_mul(7919) % 1000) + 1);
        count += 1;
    }
    f64::from(count) / started.elapsed().as_secs_f64()
}
