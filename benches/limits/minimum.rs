//! The minimum: what the smallest tables that could hold the same truth cost, made durable. A change of
//! points is a row in a journal, two entries (the member's and the shop's), a guarded balance and a
//! letter in an outbox, in one transaction; a balance is one row read by its key. No indexes but the
//! keys, no history that explains itself, nobody to be refused: what Vildar does more, it pays for.

use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::{bare, pgbench, place::Place, support::both::Which};

/// Members by number, from 1.
pub const MEMBERS: u32 = 20_000;

const SQLITE: &str = "
    CREATE TABLE minimum_journal (id INTEGER PRIMARY KEY, member INTEGER NOT NULL, at INTEGER NOT NULL,
        reason TEXT NOT NULL);
    CREATE TABLE minimum_entries (journal INTEGER NOT NULL, account INTEGER NOT NULL,
        points INTEGER NOT NULL, PRIMARY KEY (journal, account)) WITHOUT ROWID;
    CREATE TABLE minimum_balances (member INTEGER PRIMARY KEY, points INTEGER NOT NULL);
    CREATE TABLE minimum_outbox (journal INTEGER PRIMARY KEY, member INTEGER NOT NULL,
        template TEXT NOT NULL, at INTEGER NOT NULL);
    WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < MEMBERS)
        INSERT INTO minimum_balances SELECT n, 0 FROM s;
    PRAGMA wal_checkpoint(TRUNCATE);";

const POSTGRES: &str = "
    CREATE TABLE minimum_journal (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        member BIGINT NOT NULL, at TIMESTAMPTZ NOT NULL, reason TEXT NOT NULL);
    CREATE TABLE minimum_entries (journal BIGINT NOT NULL, account BIGINT NOT NULL,
        points BIGINT NOT NULL, PRIMARY KEY (journal, account));
    CREATE TABLE minimum_balances (member BIGINT PRIMARY KEY, points BIGINT NOT NULL);
    CREATE TABLE minimum_outbox (journal BIGINT PRIMARY KEY, member BIGINT NOT NULL,
        template TEXT NOT NULL, at TIMESTAMPTZ NOT NULL);
    INSERT INTO minimum_balances SELECT n, 0 FROM generate_series(1, MEMBERS) AS s(n);";

const WRITE: &str = "\\set m random(1, :members)
BEGIN;
INSERT INTO minimum_journal (member, at, reason) VALUES (:m, now(), 'a purchase') RETURNING id \\gset
INSERT INTO minimum_entries (journal, account, points) VALUES (:id, :m, 10), (:id, 0, -10);
UPDATE minimum_balances SET points = points + 10 WHERE member = :m AND points + 10 >= 0;
INSERT INTO minimum_outbox (journal, member, template, at) VALUES (:id, :m, 'points_earned', now());
COMMIT;
";

const READ: &str = "\\set m random(1, :members)
SELECT points FROM minimum_balances WHERE member = :m;
";

/// What is measured.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum What {
    Write,
    Read,
}

pub fn set_up(place: &Place) {
    let tables = match place.which {
        Which::Sqlite => SQLITE,
        Which::Postgres => POSTGRES,
    };
    place.sql(&tables.replace("MEMBERS", &MEMBERS.to_string()));
    place.settle_down();
}

/// Transactions a second: 16 clients of `pgbench`, or one connection in a loop.
pub fn run(place: &Place, what: What, time: Duration) -> f64 {
    let members = [("members", MEMBERS.to_string())];
    match (place.which, what) {
        (Which::Postgres, What::Write) => pgbench::script(place, WRITE, &members, time),
        (Which::Postgres, What::Read) => pgbench::script(place, READ, &members, time),
        (Which::Sqlite, What::Write) => {
            let conn = bare::open(place);
            looped(writes(&conn), time)
        }
        (Which::Sqlite, What::Read) => {
            let conn = bare::open(place);
            looped(reads(&conn), time)
        }
    }
}

fn looped(mut once: impl FnMut(i64), time: Duration) -> f64 {
    let started = Instant::now();
    let mut count = 0_u32;
    while started.elapsed() < time {
        count += 1;
        once(i64::from(count.wrapping_mul(7919) % MEMBERS) + 1);
    }
    f64::from(count) / started.elapsed().as_secs_f64()
}

/// Changes a member's points: everything is prepared once.
fn writes(conn: &Connection) -> impl FnMut(i64) {
    let prepare = |sql: &str| conn.prepare(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    let mut begin = prepare("BEGIN IMMEDIATE");
    let mut journal = prepare(
        "INSERT INTO minimum_journal (member, at, reason) VALUES (?, unixepoch(), 'a purchase')",
    );
    let mut entries = prepare(
        "INSERT INTO minimum_entries (journal, account, points) VALUES (?1, ?2, 10), (?1, 0, -10)",
    );
    let mut balance = prepare(
        "UPDATE minimum_balances SET points = points + 10 WHERE member = ? AND points + 10 >= 0",
    );
    let mut outbox = prepare(
        "INSERT INTO minimum_outbox (journal, member, template, at) \
         VALUES (?, ?, 'points_earned', unixepoch())",
    );
    let mut commit = prepare("COMMIT");
    move |member| {
        begin.execute([]).expect("it begins");
        journal.execute([member]).expect("a row");
        let id = conn.last_insert_rowid();
        entries.execute([id, member]).expect("two rows");
        assert_eq!(balance.execute([member]).expect("an update"), 1);
        outbox.execute([id, member]).expect("a row");
        commit.execute([]).expect("it is committed");
    }
}

fn reads(conn: &Connection) -> impl FnMut(i64) {
    let sql = "SELECT points FROM minimum_balances WHERE member = ?";
    let mut statement = conn.prepare(sql).expect("a statement");
    move |member| {
        let points: i64 = statement.query_row([member], |row| row.get(0)).expect("a balance");
        assert!(points >= 0);
    }
}
