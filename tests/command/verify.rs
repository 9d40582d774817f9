//! `vildar verify` on a good database, and on ones that were tampered with.

use diesel::connection::SimpleConnection;
use platform::db::{DatabaseUrl, DbConnection, Tx};
use program::audit;
use serde_json::{Value, json};

use crate::{
    database::connect,
    good,
    run::{Ended, vildar},
    support::{
        app::TestApp,
        both::{Which, both},
    },
    tampered::{ON_SQLITE, TABLES, TAMPERED},
    tampered_perks,
};

/// The database's URL in full, which is shown nowhere else.
pub fn url(app: &TestApp) -> String {
    match app.store().url() {
        DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
        DatabaseUrl::Postgres(url) => url.clone(),
    }
}

fn verify(url: &str, more: &[&str]) -> Ended {
    vildar(&[&["verify", "--database-url", url], more].concat())
}

/// What differs.
async fn audited(app: &TestApp) -> Vec<String> {
    let audit = |tx: &mut Tx<'_>| {
        let mut found = Vec::new();
        audit::audit(tx, &mut |difference| found.push(difference.to_string()))?;
        Ok(found)
    };
    app.store().snapshot(audit).await.expect("the audit runs")
}

/// What keeps a database from such changes.
const fn unguarded(which: Which) -> &'static str {
    match which {
        Which::Sqlite => {
            "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; \
             DROP TRIGGER entries_stand_updates; DROP TRIGGER entries_stand_deletes; \
             DROP TRIGGER allocations_stand_updates; DROP TRIGGER allocations_stand_deletes"
        }
        Which::Postgres => {
            "SET session_replication_role = replica; \
             DO $$ DECLARE c record; BEGIN FOR c IN SELECT conname, conrelid::regclass AS place \
             FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace \
             LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', c.place, c.conname); \
             END LOOP; END $$"
        }
    }
}

/// An instant a little later or earlier, and one beyond all time, as each database says it.
fn in_words_of(which: Which, sql: &str) -> String {
    let [later, earlier, second, never] = match which {
        Which::Sqlite => [" + 1", " - 1", " + 1000000", "9223372036854775807"],
        Which::Postgres => [
            " + interval '1 microsecond'",
            " - interval '1 microsecond'",
            " + interval '1 second'",
            "'infinity'",
        ],
    };
    sql.replace("{later}", later)
        .replace("{earlier}", earlier)
        .replace("{a second later}", second)
        .replace("{never}", never)
}

both!(tells_a_good_ledger_from_a_tampered_one);
async fn tells_a_good_ledger_from_a_tampered_one(app: &TestApp) {
    let url = url(app);
    let empty = verify(&url, &["--json"]).expect(0).json();
    assert_eq!((&empty["members"], &empty["differences"]), (&json!(0), &json!(0)));

    good::fill(app).await;
    let good = verify(&url, &["--json"]).expect(0).json();
    let expected = json!({
        "members": 8, "entries": 49, "lots": 17, "holds": 4, "orders": 8, "refunds": 4,
        "rewards": 3, "redemptions": 16, "vouchers": 12, "perks": 6, "referrals": 0,
        "answers": 0, "differences": 0, "shown": [],
    });
    assert_eq!(good, expected);
    let keys = |object: &Value| -> Vec<String> {
        object.as_object().expect("an object").keys().cloned().collect()
    };
    assert_eq!(keys(&good), keys(&expected), "in this order");
    let told = verify(&url, &[]).expect(0).out;
    assert!(told.contains("8 members, 49 entries") && told.contains("all agree"), "{told}");

    let mut conn = connect(&url);
    let run = |conn: &mut DbConnection, sql: &str| {
        conn.batch_execute(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    };
    run(&mut conn, unguarded(app.which));
    for table in TABLES {
        run(&mut conn, &format!("CREATE TABLE kept_{table} AS SELECT * FROM {table}"));
    }
    let again = |table: &&str| {
        format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept_{table};")
    };
    let again = format!("BEGIN; {} COMMIT", TABLES.iter().map(again).collect::<String>());
    let mut missed = Vec::new();
    let more = if app.which == Which::Sqlite { ON_SQLITE } else { &[] };
    for (place, (tamper, named)) in
        TAMPERED.iter().chain(tampered_perks::TAMPERED).chain(more).enumerate()
    {
        let tamper = in_words_of(app.which, tamper);
        run(&mut conn, &tamper);
        let names = |line: &str| line.contains(named) && line.contains(": expected ");
        let found = audited(app).await;
        if !found.iter().any(|line| names(line)) {
            missed.push(format!("{tamper}: {named:?} is not in {found:#?}"));
        } else if place % 10 == 0 {
            // the command says the same, in either way
            let told = verify(&url, &[]).expect(1);
            assert!(told.out.lines().any(names), "{tamper}: {told:#?}");
            let told = verify(&url, &["--json"]).expect(1).json();
            assert_eq!(told["differences"], found.len(), "{tamper}");
            let shown: Vec<&str> = found.iter().take(100).map(String::as_str).collect();
            assert_eq!(told["shown"], json!(shown), "{tamper}");
        }
        run(&mut conn, &again);
    }
    assert!(missed.is_empty(), "{} are missed: {}", missed.len(), missed.join("\n"));
    assert_eq!(verify(&url, &["--json"]).expect(0).json(), good);
}
