//! PostgreSQL's own limit: `pgbench` on the statements of one earn, a transaction each, prepared.

use std::{io::Write, path::PathBuf, process::Command, time::Duration};

use vildar::db::DatabaseUrl;

/// Clients at once.
const CLIENTS: &str = "16";

/// What one earn does to the ledger: lock the account, write entry and lot, keep the balance. The
/// rows are shaped like ours, in tables beside ours.
const EARN: &str = r"\set member random(1, 1000)
BEGIN;
SELECT seq, available, pending, held, debt FROM bench_accounts WHERE member_id = :member FOR UPDATE;
INSERT INTO bench_entries (member_id, seq, id, kind, points, balance_after, available_at, expires_at, part, actor, rule, occurred_at, recorded_at) SELECT member_id, seq + 1, gen_random_uuid(), 'earn', 10, pending + 10, now() + interval '14 days', now() + interval '2 years', '', 'key_01m801s3pee0080c1qazt8xtwg', '{}', now(), now() FROM bench_accounts WHERE member_id = :member;
INSERT INTO bench_lots (member_id, seq, points, remaining, available_at, expires_at, matured) SELECT member_id, seq + 1, 10, 10, now() + interval '14 days', now() + interval '2 years', false FROM bench_accounts WHERE member_id = :member;
UPDATE bench_accounts SET seq = seq + 1, pending = pending + 10, lifetime_earned = lifetime_earned + 10 WHERE member_id = :member;
COMMIT;
";

const BALANCE: &str = r"\set member random(1, 1000)
SELECT seq, available, pending, held, debt, lifetime_earned, lifetime_redeemed, lifetime_expired FROM bench_accounts WHERE member_id = :member;
";

const TABLES: &str = "
CREATE TABLE IF NOT EXISTS bench_accounts (member_id BIGINT PRIMARY KEY, seq BIGINT NOT NULL,
    available BIGINT NOT NULL, pending BIGINT NOT NULL, held BIGINT NOT NULL, debt BIGINT NOT NULL,
    lifetime_earned BIGINT NOT NULL, lifetime_redeemed BIGINT NOT NULL,
    lifetime_expired BIGINT NOT NULL, next_change_at TIMESTAMPTZ);
INSERT INTO bench_accounts SELECT n, 0, 0, 0, 0, 0, 0, 0, 0, NULL FROM generate_series(1, 1000) n
    ON CONFLICT DO NOTHING;
CREATE TABLE IF NOT EXISTS bench_entries (member_id BIGINT NOT NULL REFERENCES bench_accounts,
    seq BIGINT NOT NULL, id UUID NOT NULL UNIQUE, kind TEXT NOT NULL, points BIGINT NOT NULL,
    balance_after BIGINT NOT NULL, available_at TIMESTAMPTZ, expires_at TIMESTAMPTZ,
    source_type TEXT, source_id TEXT, part TEXT NOT NULL, actor TEXT NOT NULL, channel TEXT,
    rule JSONB NOT NULL, occurred_at TIMESTAMPTZ NOT NULL, recorded_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (member_id, seq));
CREATE TABLE IF NOT EXISTS bench_lots (member_id BIGINT NOT NULL, seq BIGINT NOT NULL,
    points BIGINT NOT NULL, remaining BIGINT NOT NULL, available_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ, matured BOOLEAN NOT NULL, PRIMARY KEY (member_id, seq),
    FOREIGN KEY (member_id, seq) REFERENCES bench_entries);
CREATE INDEX IF NOT EXISTS bench_lots_open ON bench_lots (member_id, expires_at, seq)
    WHERE remaining > 0;
";

/// Earns a second.
pub fn earn(url: &DatabaseUrl, time: Duration) -> f64 {
    run(url, EARN, time)
}

/// Balances a second.
pub fn balance(url: &DatabaseUrl, time: Duration) -> f64 {
    run(url, BALANCE, time)
}

fn run(url: &DatabaseUrl, script: &str, time: Duration) -> f64 {
    use diesel::{Connection, connection::SimpleConnection};
    let DatabaseUrl::Postgres(url) = url else { panic!("pgbench is PostgreSQL's") };
    let mut conn = diesel::PgConnection::establish(url).expect("a connection");
    conn.batch_execute(TABLES).expect("the tables");
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(script.as_bytes()).expect("the script");
    let answer = Command::new(program())
        .args(["-n", "-M", "prepared", "-c", CLIENTS, "-j", "2", "-T"])
        .arg(time.as_secs().to_string())
        .arg("-f")
        .arg(file.path())
        .arg(url)
        .output()
        .expect("pgbench runs");
    let text = String::from_utf8_lossy(&answer.stdout).into_owned();
    text.lines()
        .find_map(|line| line.strip_prefix("tps = "))
        .and_then(|rest| rest.split(' ').next()?.parse().ok())
        .unwrap_or_else(|| panic!("{text}{}", String::from_utf8_lossy(&answer.stderr)))
}

fn program() -> PathBuf {
    let beside = |folder: PathBuf| Some(folder.join("pgbench")).filter(|file| file.is_file());
    super::support::postgres::find_programs()
        .and_then(beside)
        .or_else(|| super::support::programs::on_path(&["pgbench"]))
        .expect("pgbench is installed with PostgreSQL")
}
