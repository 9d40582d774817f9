//! `vildar doctor`: what is wrong, and what helps.

use serde_json::{Value, json};

use crate::{
    database::{Db, on_both},
    run::{Ended, Server, client, command, read},
    support::{both::Which, smtp::SmtpSink},
};

fn doctor(db: &Db, env: &[(&str, &str)], code: i32) -> Value {
    let mut command = command(&["doctor", "--json", "--database-url", &db.url]);
    command.envs(env.iter().copied());
    let told = Ended::of(command).expect(code).json();
    for check in told["checks"].as_array().expect("a list") {
        assert_eq!(check["fix"].is_null(), check["state"] == "ok", "{check}");
        assert!(check["message"].as_str().is_some_and(|message| !message.is_empty()), "{check}");
    }
    told
}

/// State of a check.
fn state<'a>(told: &'a Value, name: &str) -> &'a str {
    let checks = told["checks"].as_array().expect("a list");
    let found = checks.iter().find(|check| check["name"] == name);
    found.and_then(|check| check["state"].as_str()).unwrap_or_else(|| panic!("{name}: {told}"))
}

on_both!(a_program_that_lacks_nothing_is_well);
async fn a_program_that_lacks_nothing_is_well(db: Db) {
    let bare = doctor(&db, &[], 0);
    for (name, expected) in [
        ("database", "ok"),
        ("public_url", "warn"),
        ("mail_from", "warn"),
        ("mail server", "warn"),
        ("letters", "ok"),
        ("clock", "ok"),
    ] {
        assert_eq!(state(&bare, name), expected, "{name}: {bare}");
    }
    assert!(bare.to_string().contains("vildar settings set public_url"), "{bare}");
    let plain = db.vildar(&["doctor"]).expect(0);
    assert!(plain.out.contains("warn  mail server"), "{plain:?}");
    assert!(plain.out.contains("→ set VILDAR_SMTP_URL"), "{plain:?}");

    for (key, value) in
        [("public_url", "https://points.example"), ("mail_from", "hello@points.example")]
    {
        db.vildar(&["settings", "set", key, value]).expect(0);
    }
    let sink = SmtpSink::start();
    let url = sink.url();
    let well =
        doctor(&db, &[("VILDAR_SMTP_URL", &url), ("VILDAR_REPORT_SECRET", &"x".repeat(40))], 0);
    let checks = well["checks"].as_array().expect("a list");
    assert!(checks.iter().all(|check| check["state"] == "ok"), "{well}");
    assert_eq!(state(&well, "report secret"), "ok");
    assert_eq!(sink.count(), 0, "it writes to nobody");
}

on_both!(what_is_wrong_is_named_with_what_helps);
async fn what_is_wrong_is_named_with_what_helps(db: Db) {
    for smtp in ["smtp://anna:hush@127.0.0.1:1", "http://anna:hush@mail.example"] {
        let told = doctor(&db, &[("VILDAR_SMTP_URL", smtp)], 1);
        assert_eq!(state(&told, "mail server"), "fail", "{told}");
        assert!(!told.to_string().contains("hush"), "{told}");
    }
    for (variable, value, name) in [
        ("VILDAR_DKIM_KEY", "/nowhere/dkim.pem", "dkim key"),
        ("VILDAR_TEMPLATES", "/nowhere", "templates"),
        ("VILDAR_REPORT_SECRET", "x", "report secret"),
    ] {
        let told = doctor(&db, &[(variable, value)], 1);
        assert_eq!(state(&told, name), "fail", "{told}");
        assert!(told.to_string().contains(variable), "{told}");
    }
    // letters that nobody sends
    let key = db.storefront_key();
    let server = Server::serve(&db, &[]);
    let member = json!({"email": "anna@example.com", "given_name": "Anna"});
    let enrol = client().post(format!("{}/v1/members", server.url)).bearer_auth(&key);
    assert_eq!(read(enrol.body(member.to_string())).await.0, 201);
    server.stop().await;
    assert_eq!(state(&doctor(&db, &[], 0), "letters"), "ok", "they wait for a moment only");
    db.sql(match db.which {
        Which::Sqlite => "UPDATE letters SET next_attempt_at = next_attempt_at - 3600000000",
        Which::Postgres => {
            "UPDATE letters SET next_attempt_at = next_attempt_at - interval '1 hour'"
        }
    });
    let told = doctor(&db, &[], 1);
    assert_eq!(state(&told, "letters"), "fail", "{told}");
    assert!(told.to_string().contains("1 wait"), "{told}");
    db.sql("DELETE FROM letters");
    // a clock that went back
    db.vildar(&["settings", "set", "currency", "USD"]).expect(0);
    db.sql(match db.which {
        Which::Sqlite => "UPDATE settings SET updated_at = updated_at + 3600000000",
        Which::Postgres => "UPDATE settings SET updated_at = updated_at + interval '1 hour'",
    });
    assert_eq!(state(&doctor(&db, &[], 1), "clock"), "fail");
}

on_both!(empty a_database_that_is_none_is_the_first_thing_said);
async fn a_database_that_is_none_is_the_first_thing_said(db: Db) {
    let told = doctor(&db, &[], 1);
    assert_eq!(state(&told, "database"), "fail", "{told}");
    db.vildar(&["migrate"]).expect(0);
    platform::db::migrate::undo(&mut db.connect()).expect("undone");
    let told = doctor(&db, &[], 1);
    assert!(told.to_string().contains("vildar migrate"), "{told}");
    db.vildar(&["migrate"]).expect(0);
    assert_eq!(state(&doctor(&db, &[], 0), "database"), "ok");
    if let Some(path) = db.url.strip_prefix("sqlite:") {
        use std::{fs, os::unix::fs::PermissionsExt};
        fs::set_permissions(path, fs::Permissions::from_mode(0o644)).expect("its mode changes");
        assert_eq!(state(&doctor(&db, &[], 0), "database file"), "warn");
    }
    let mut away = command(&["doctor", "--json", "--database-url", "postgres://u:u@127.0.0.1:1/v"]);
    away.env("VILDAR_SMTP_URL", "smtp://127.0.0.1:1");
    let told = Ended::of(away).expect(1).json();
    assert_eq!((state(&told, "database"), state(&told, "mail server")), ("fail", "fail"));
}
