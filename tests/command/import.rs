//! Importing, apart from what is wrong with rows.

use std::{
    collections::BTreeSet,
    fmt::Write,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{
    database::{Db, on_both},
    run::{Server, client, read},
};

pub const MEMBERS: &str = "external_id,email,given_name,family_name,locale,time_zone,country,\
                           birthday,enrolled_at,marketing_consent\n";

/// Row counts of everything that an import may touch.
fn counts(db: &Db) -> Vec<i64> {
    ["members", "accounts", "entries", "lots", "orders", "letters", "referrals"]
        .iter()
        .map(|table| db.count(table))
        .collect()
}

pub fn import(db: &Db, args: &[&str], code: i32) -> Value {
    let report = db.vildar(&[&["import", "--json"], args].concat()).expect(code).json();
    let keys: Vec<&String> = report.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["imported", "already_there", "refused", "errors"]);
    let errors = report["errors"].as_array().expect("a list");
    // a row may have several, and one that is refused has one at least
    let lines: BTreeSet<u64> = errors.iter().filter_map(|error| error["line"].as_u64()).collect();
    assert_eq!(json!(lines.len()), report["refused"]);
    for error in errors {
        let keys: Vec<&String> = error.as_object().expect("an object").keys().collect();
        assert_eq!(keys, ["line", "column", "code", "message"]);
    }
    report
}

on_both!(a_history_is_imported_once);
async fn a_history_is_imported_once(db: Db) {
    let members = format!(
        "{MEMBERS}\
         a,anna@example.com,Þórdís,Ævarsdóttir,is,Atlantic/Reykjavik,IS,12-24,2020-02-29,true\n\
         b,bo@example.com,Bo,,,,,1990-01-31,2021-05-05T10:00:00Z,\n"
    );
    let members = db.file("members.csv", members);
    // columns by name in any order, some left out
    let orders = db.file(
        "orders.csv",
        "amount,currency,placed_at,member_external_id,external_id\n\
         19999,EUR,2026-01-15,a,1\n\
         0,EUR,2026-01-16,a,2\n\
         99,EUR,2026-01-16T12:00:00+01:00,b,3\n\
         500,EUR,2001-01-16,b,4\n",
    );
    let nothing = counts(&db);
    let imported = |report: &Value| {
        let number = |key: &str| report[key].as_u64().expect("a number");
        (number("imported"), number("already_there"), number("refused"))
    };
    assert_eq!(imported(&import(&db, &["members", &members, "--dry-run"], 0)), (2, 0, 0));
    assert_eq!(counts(&db), nothing);
    assert_eq!(imported(&import(&db, &["members", &members], 0)), (2, 0, 0));
    let enrolled = counts(&db);
    assert_eq!(imported(&import(&db, &["orders", &orders, "--dry-run"], 0)), (4, 0, 0));
    assert_eq!(counts(&db), enrolled);
    assert_eq!(imported(&import(&db, &["orders", &orders], 0)), (4, 0, 0));
    assert_eq!((db.count("orders"), db.count("letters"), db.count("members")), (4, 0, 2));
    assert_eq!(db.count("entries WHERE kind = 'earn' AND points = 199"), 1);
    assert_eq!(db.count("entries WHERE kind = 'earn' AND points = 5"), 1);
    assert_eq!(db.count("entries WHERE kind = 'earn'"), 2, "0 and 99 cents earn nothing");
    let all = counts(&db);
    for args in [["members", &members], ["orders", &orders]] {
        let report = import(&db, &args, 0);
        assert_eq!(imported(&report).0, 0, "{report}");
        assert_eq!(imported(&report).2, 0, "{report}");
        assert!(imported(&report).1 >= 2, "{report}");
    }
    assert_eq!(counts(&db), all);
    db.vildar(&["verify"]).expect(0);

    // for people
    let told = db.vildar(&["import", "orders", &orders]).expect(0);
    assert_eq!(told.out, "0 imported, 4 already there, 0 refused\n");
    // the same key with another content is refused, and named
    let other = db.file(
        "other.csv",
        "external_id,member_external_id,placed_at,amount,currency\n1,a,2026-01-15,19998,EUR\n",
    );
    let report = import(&db, &["orders", &other], 1);
    assert_eq!(report["errors"][0]["code"], "external_id_conflict");
    assert_eq!(
        (&report["errors"][0]["line"], &report["errors"][0]["column"]),
        (&json!(2), &json!("external_id"))
    );
}

on_both!(a_dry_run_counts_what_the_run_will);
async fn a_dry_run_counts_what_the_run_will(db: Db) {
    let mut members = MEMBERS.to_owned();
    for number in 0..450 {
        // the last fifty repeat the first
        let number = number % 400;
        writeln!(members, "m{number},m{number}@example.com,Ari,,,,,,,").expect("a line");
    }
    let members = db.file("members.csv", members);
    let told = import(&db, &["members", &members, "--dry-run"], 0);
    assert_eq!(db.count("members"), 0);
    let done = import(&db, &["members", &members], 0);
    assert_eq!(told, done);
    assert_eq!(done["already_there"], 50);
}

on_both!(a_file_that_is_no_table_is_refused_whole);
async fn a_file_that_is_no_table_is_refused_whole(db: Db) {
    let folder = db.folder.path().to_str().expect("a path").to_owned();
    let missing = format!("{folder}/nowhere.csv");
    let mut cases = vec![(missing, "nowhere.csv"), (folder, "directory")];
    for (name, content, told) in [
        ("empty.csv", "", "external_id"),
        ("unknown.csv", "external_id,email,given_name,colour\n", "colour"),
        ("double.csv", "external_id,email,email,given_name\n", "twice"),
        ("short.csv", "external_id,email\n", "given_name"),
        ("swapped.csv", "a,anna@example.com,Anna\n", "a"),
    ] {
        cases.push((db.file(name, content), told));
    }
    cases.push((db.file("latin.csv", b"external_id,email,given_n\xe1me\n"), "line 1"));
    for (file, told) in cases {
        let ended = db.vildar(&["import", "members", &file, "--json"]).expect(1);
        assert!(ended.err.contains(told) && ended.out.is_empty(), "{file}: {ended:?}");
    }
    assert_eq!(db.count("members"), 0);
    let just_a_header = db.file("none.csv", MEMBERS);
    let report = import(&db, &["members", &just_a_header], 0);
    assert_eq!(report, json!({"imported": 0, "already_there": 0, "refused": 0, "errors": []}));
}

on_both!(a_run_that_is_killed_leaves_whole_orders);
async fn a_run_that_is_killed_leaves_whole_orders(db: Db) {
    const ROWS: i64 = 6000;
    let anna = db.file("members.csv", format!("{MEMBERS}a,anna@example.com,Anna,,,,,,,\n"));
    import(&db, &["members", &anna], 0);
    let mut orders = "external_id,member_external_id,placed_at,amount,currency\n".to_owned();
    for number in 0..ROWS {
        writeln!(orders, "{number},a,2026-01-15,100,EUR").expect("a line");
    }
    let orders = db.file("orders.csv", orders);
    let mut run = crate::run::command(&["import", "orders", &orders, "--database-url", &db.url])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("it starts");
    while db.count("orders") == 0 {
        assert_eq!(run.try_wait().expect("asked"), None, "it ended before it could be killed");
    }
    run.kill().expect("killed");
    run.wait().expect("it is gone");
    // PostgreSQL may be ending what it was told last
    std::thread::sleep(std::time::Duration::from_millis(500));
    let left = db.count("orders");
    assert!(left > 0 && left < ROWS, "{left}");
    let earned = || db.count("entries WHERE kind = 'earn'");
    assert_eq!(earned(), left, "each with its entry");
    db.vildar(&["verify"]).expect(0);
    let report = import(&db, &["orders", &orders], 0);
    assert_eq!(
        (&report["already_there"], &report["imported"]),
        (&json!(left), &json!(ROWS - left))
    );
    assert_eq!((db.count("orders"), earned()), (ROWS, ROWS));
    db.vildar(&["verify"]).expect(0);
}

on_both!(several_at_once_import_a_file_once);
async fn several_at_once_import_a_file_once(db: Db) {
    const ROWS: u64 = 400;
    let mut members = MEMBERS.to_owned();
    for number in 0..ROWS {
        writeln!(members, "m{number},m{number}@example.com,Ari,,,,,,,").expect("a line");
    }
    let members = db.file("members.csv", members);
    let start = || {
        let args = ["import", "members", &members, "--json", "--database-url", &db.url];
        let mut run = crate::run::command(&args);
        run.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
        run.spawn().expect("it starts")
    };
    let runs: Vec<_> = (0..3).map(|_| start()).collect();
    let mut imported = 0;
    for run in runs {
        let ended = run.wait_with_output().expect("it ends");
        let report: Value = serde_json::from_slice(&ended.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&ended.stderr)));
        assert_eq!(report["refused"], 0, "{report}");
        let number = |key: &str| report[key].as_u64().expect("a number");
        assert_eq!(number("imported") + number("already_there"), ROWS, "{report}");
        assert_eq!(ended.status.code(), Some(0));
        imported += number("imported");
    }
    assert_eq!(imported, ROWS, "each by one of them");
    assert_eq!(db.count("members"), 400);
    db.vildar(&["verify"]).expect(0);
}

on_both!(a_server_writes_on_beside_an_import);
async fn a_server_writes_on_beside_an_import(db: Db) {
    let anna = db.file("members.csv", format!("{MEMBERS}a,anna@example.com,Anna,,,,,,,\n"));
    import(&db, &["members", &anna], 0);
    let mut orders = "external_id,member_external_id,placed_at,amount,currency\n".to_owned();
    for number in 0..3000 {
        writeln!(orders, "{number},a,2026-01-15,100,EUR").expect("a line");
    }
    let orders = db.file("orders.csv", orders);
    let server = Server::serve(&db, &[]);
    let key = db.storefront_key();
    let bo = json!({"email": "bo@example.com", "given_name": "Bo"});
    let post = async |path: &str, body: &Value| {
        let request = client().post(format!("{}{path}", server.url)).bearer_auth(&key).json(body);
        let (status, answer) = read(request).await;
        assert_eq!(status, 201, "{answer}");
        answer
    };
    let id = post("/v1/members", &bo).await["id"].as_str().expect("an id").to_owned();
    let earn = json!({"kind": "earn", "points": 1, "reason": "a visit"});
    let mut run = crate::run::command(&["import", "orders", &orders, "--database-url", &db.url])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("it starts");
    let (begun, mut longest, mut written) = (Instant::now(), Duration::ZERO, 0);
    let status = loop {
        if let Some(status) = run.try_wait().expect("asked") {
            break status;
        }
        let asked = Instant::now();
        post(&format!("/v1/members/{id}/entries"), &earn).await;
        (longest, written) = (longest.max(asked.elapsed()), written + 1);
    };
    assert_eq!(status.code(), Some(0));
    let took = begun.elapsed();
    assert!(longest < took / 4, "one of {written} waited {longest:?} of {took:?}");
    assert!(written > 20, "only {written} in {took:?}");
    server.stop().await;
    db.vildar(&["verify"]).expect(0);
}
