//! How commands are told what to do, and how they end.

use std::{fs, process::Stdio};

use crate::database::{Db, contents, on_both};
use crate::run::{Ended, command, vildar};
use crate::support::both::Which;

#[test]
fn wrong_usage_ends_2_and_nothing_is_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut wrong: Vec<Vec<&str>> = vec![
        vec![],
        vec!["dance"],
        vec!["serve", "--port", "many"],
        vec!["serve", "--bind", "here"],
        vec!["serve", "--connections", "1"],
        vec!["demo", "--clock", "yesterday"],
        vec!["migrate"],
        vec!["verify"],
        vec!["serve"],
        vec!["completions", "klingon"],
        vec!["import", "orders"],
        vec!["import", "dogs", "dogs.csv"],
        vec!["settings", "set", "currency"],
        vec!["keys", "create", "--name", "Till"],
        vec!["keys", "create", "--scope", "orders:write"],
        vec!["keys", "create", "--name", "Till", "--scope", "orders:eat"],
        vec!["keys", "create", "--name", "", "--scope", "orders:write"],
        vec!["admin", "create", "--email", "nobody"],
        vec!["admin", "create", "--email", "a@example.com\r\nBcc: b@example.com"],
    ];
    for url in [
        "",
        "v.db",
        "./v.db",
        "sqlite",
        "sqlite:",
        "sqlite://",
        "sqlite:///",
        "sqlite::memory:",
        "sqlite3:v.db",
        "SQLITE:v.db",
        "postgre://localhost/vildar",
        "mysql://localhost/vildar",
        " sqlite:v.db",
    ] {
        for verb in ["migrate", "verify", "serve", "demo"] {
            wrong.push(vec![verb, "--database-url", url]);
        }
    }
    for args in wrong {
        let mut command = command(&args);
        command.current_dir(folder.path());
        let ended = Ended::of(command).expect(2);
        assert!(ended.out.is_empty() && !ended.err.is_empty(), "{args:?}: {ended:?}");
        assert_eq!(contents(folder.path()), [], "{args:?}");
    }
}

#[test]
fn a_mistyped_path_is_said_and_nothing_is_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let is_a_folder = folder.path().join("here");
    fs::create_dir(&is_a_folder).expect("a folder");
    fs::write(folder.path().join("text.db"), "not a database at all, just some text")
        .expect("a file");
    let before = contents(folder.path());
    for (args, told) in [
        (vec!["migrate", "--database-url", "sqlite:nowhere/v.db"], "there is no folder nowhere"),
        (vec!["demo", "--port", "0", "--database-url", "sqlite:nowhere/v.db"], "no folder"),
        (vec!["migrate", "--database-url", "sqlite:here"], "that is a folder"),
        (vec!["verify", "--database-url", "sqlite:v.db"], "no such database"),
        (vec!["serve", "--port", "0", "--database-url", "sqlite:v.db"], "no such database"),
        (vec!["settings", "get", "--database-url", "sqlite:v.db"], "`vildar migrate` makes one"),
        (vec!["import", "orders", "x.csv", "--database-url", "sqlite:v.db"], "no such database"),
        (vec!["migrate", "--database-url", "sqlite:text.db"], "not a database"),
        (vec!["verify", "--database-url", "sqlite:text.db"], "not a database"),
        (vec!["serve", "--port", "0", "--database-url", "sqlite:text.db"], "not a database"),
        (vec!["demo", "--port", "0", "--database-url", "sqlite:text.db"], "not a database"),
        (vec!["verify", "--database-url", "postgres://127.0.0.1:1/vildar"], "refused"),
        (vec!["migrate", "--database-url", "postgres://127.0.0.1:1/vildar"], "refused"),
    ] {
        let mut command = command(&args);
        command.current_dir(folder.path());
        command.env("TMPDIR", folder.path().join("here"));
        let ended = Ended::of(command).expect(1);
        assert!(ended.err.contains(told), "{args:?}: {ended:?}");
        assert_eq!(contents(&is_a_folder), [], "{args:?}: what a demo made goes with it");
        let after = contents(folder.path());
        assert_eq!(after, before, "{args:?}");
    }
}

#[test]
fn a_password_in_a_url_is_never_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let known = format!("sqlite:{}", folder.path().join("v.db").display());
    vildar(&["migrate", "--database-url", &known]).expect(0);
    for url in [
        "postgre://anna:hush@h/x",
        "mysql://anna:hush@127.0.0.1:1/x",
        "anna:hush@h",
        "postgres://anna:hush@127.0.0.1:1/x",
        "postgres://anna:hu%zzsh@h/x",
        "postgres://anna:hush@[::1/x",
        "postgres://anna:hush/er@127.0.0.1:1/x",
        "postgres://anna:hush?er@127.0.0.1:1/x",
        "postgres://127.0.0.1:1/x?password=hush",
        "postgres://127.0.0.1:1/x?password=hu%zzsh",
        "postgres://127.0.0.1:1/x?password=hush&bogus=hush",
        "postgres://anna:hush@127.0.0.1:port/x",
    ] {
        for verb in ["migrate", "verify", "settings get"] {
            let args: Vec<&str> = verb.split(' ').collect();
            let mut by_environment = command(&args);
            by_environment.env("VILDAR_DATABASE_URL", url).env("RUST_LOG", "debug");
            let by_option = [&args[..], &["--database-url", url]].concat();
            for ended in [Ended::of(by_environment), vildar(&by_option)] {
                assert!(matches!(ended.code, Some(1 | 2)), "{url}: {ended:?}");
                let said = ended.everything();
                assert!(!said.contains("hush") && !said.contains("zz"), "{url}: {ended:?}");
            }
        }
    }
    for smtp in ["smtp://anna:hush@[::1", "smtps://u:hush@h:99999", "http://u:hush@h", "hush"] {
        let mut command = command(&["serve", "--port", "0", "--database-url", &known]);
        command.env("VILDAR_SMTP_URL", smtp);
        let ended = Ended::of(command).expect(2);
        assert!(!ended.everything().contains("hush"), "{smtp}: {ended:?}");
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    for args in [&["openapi"][..], &["completions", "bash"], &["completions", "zsh"]] {
        let mut child = command(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command starts");
        drop(child.stdout.take()); // closed before a byte was read
        let ended = child.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(ended.status.success() && said.is_empty(), "{args:?}: {said}");
    }
}

#[test]
fn documents_and_completions_are_printed() {
    let openapi = vildar(&["openapi"]).expect(0).json();
    assert!(openapi["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")));
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = vildar(&["completions", shell]).expect(0).out;
        assert!(script.contains("import") && script.contains("verify"), "{shell}");
    }
    assert!(vildar(&["--help"]).expect(0).out.contains("demo"));
    assert!(vildar(&["--version"]).expect(0).out.starts_with("vildar "));
}

on_both!(settings_are_read_and_changed);
async fn settings_are_read_and_changed(db: Db) {
    let all = db.vildar(&["settings", "get", "--json"]).expect(0).json();
    assert_eq!(all["currency"], "EUR");
    assert_eq!(all["pending_days"], 14);
    assert_eq!(db.vildar(&["settings", "get", "currency"]).expect(0).out, "EUR\n");
    assert_eq!(db.vildar(&["settings", "get", "currency", "--json"]).expect(0).json(), "EUR");
    for (key, value, shown) in [
        ("currency", "USD", "\"USD\""),
        ("pending_days", "0", "0"),
        ("expiry_months", "none", "\"none\""),
        ("expiry_months", "24", "24"),
        ("public_url", "https://points.example", "\"https://points.example\""),
        ("public_url", "http://127.0.0.1:8080", "\"http://127.0.0.1:8080\""),
        ("program_name", "Kaffi Lóa", "\"Kaffi Lóa\""),
        ("transfers_enabled", "true", "true"),
        ("time_zone", "Atlantic/Reykjavik", "\"Atlantic/Reykjavik\""),
        ("storefront_url", "null", "null"),
        (
            "cors_origins",
            "https://shop.example http://localhost:5173",
            r#"["https://shop.example","http://localhost:5173"]"#,
        ),
    ] {
        let now = db.vildar(&["settings", "set", key, value, "--json"]).expect(0);
        assert_eq!(now.out.trim(), shown, "{key}");
        let again = db.vildar(&["settings", "get", key, "--json"]).expect(0);
        assert_eq!(again.out.trim(), shown, "{key}");
    }
    let before = db.vildar(&["settings", "get", "--json"]).expect(0).json();
    for (key, value, told) in [
        ("currency", "EURO", "currency"),
        ("public_url", "http://points.example", "public_url"),
        ("public_url", "points.example", "public_url"),
        ("public_url", "https://a.example\r\nX: y", "public_url"),
        ("pending_days", "-1", "pending_days"),
        ("pending_days", "1.5", "pending_days"),
        ("pending_days", "soon", "pending_days"),
        ("earn_per_minor_units", "0", "earn_per_minor_units"),
        ("transfers_enabled", "yes", "transfers_enabled"),
        ("time_zone", "Mars/Olympus", "time_zone"),
        ("mail_from", "nobody", "mail_from"),
        ("negative_policy", "forgive", "negative_policy"),
        ("currency", "null", "currency"),
        ("cors_origins", "https://shop.example *", "cors_origins/1"),
    ] {
        let args = ["settings", "set", "--", key, value];
        let ended = db.vildar(&args).expect(1);
        // by its name, not by a place in a body that nobody wrote
        assert!(ended.err.starts_with(&format!("vildar: {told} ")), "{key}: {ended:?}");
        assert!(ended.out.is_empty(), "{ended:?}");
    }
    for args in [&["settings", "get", "colour"][..], &["settings", "set", "colour", "red"]] {
        let ended = db.vildar(args).expect(2);
        assert!(ended.err.contains("colour") && ended.err.contains("brand_color"), "{ended:?}");
    }
    assert_eq!(db.vildar(&["settings", "get", "--json"]).expect(0).json(), before);
}

on_both!(first_credentials);
async fn first_credentials(db: Db) {
    let args = ["admin", "create", "--email", "sigga@example.com", "--json"];
    let admin = db.vildar(&args).expect(0).json();
    let keys: Vec<&String> = admin.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["id", "email", "password"]);
    assert!(admin["id"].as_str().is_some_and(|id| id.starts_with("usr_")));
    assert!(admin["password"].as_str().is_some_and(|password| password.len() >= 12));
    let again = db.vildar(&args).expect(1);
    assert!(again.out.is_empty(), "{again:?}");
    assert!(again.err.contains("belongs to another staff user"), "{again:?}");

    let key = db
        .vildar(&["keys", "create", "--name", "Till", "--scope", "orders:write", "--json"])
        .expect(0)
        .json();
    let keys: Vec<&String> = key.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["id", "secret", "scopes"]);
    assert!(key["secret"].as_str().is_some_and(|secret| secret.starts_with("vk_")));
    assert_eq!(key["scopes"], serde_json::json!(["orders:write"]));
    assert_eq!((db.count("users"), db.count("api_keys")), (1, 1));
    let plain = db.vildar(&["admin", "create", "--email", "jon@example.com"]).expect(0);
    assert!(plain.out.contains("jon@example.com"), "{plain:?}");
}

on_both!(empty migrations_run_once_whoever_asks);
async fn migrations_run_once_whoever_asks(db: Db) {
    let children: Vec<_> = (0..6)
        .map(|_| {
            command(&["migrate", "--json", "--database-url", &db.url])
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .expect("the command starts")
        })
        .collect();
    let mut ran = 0;
    for child in children {
        let output = child.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        let told: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        ran += told["migrations"].as_array().expect("a list").len();
    }
    let folder = match db.which {
        Which::Sqlite => "migrations/sqlite",
        Which::Postgres => "migrations/postgres",
    };
    let there = fs::read_dir(folder).expect("the migrations").count();
    assert_eq!(ran, there, "each migration ran once");
    assert!(db.vildar(&["migrate"]).expect(0).out.contains("up to date"));
    db.vildar(&["verify"]).expect(0);
}

on_both!(empty an_old_schema_is_said_and_left_alone);
async fn an_old_schema_is_said_and_left_alone(db: Db) {
    if db.which == Which::Sqlite {
        fs::write(db.folder.path().join("v.db"), "").expect("an empty file");
    }
    let tables = |db: &Db| platform::db::migrate::tables(&mut db.connect()).expect("a count");
    for args in [
        &["verify"][..],
        &["settings", "get"],
        &["settings", "set", "currency", "USD"],
        &["admin", "create", "--email", "a@example.com"],
        &["keys", "create", "--name", "x", "--scope", "orders:write"],
        &["serve", "--port", "0"],
    ] {
        let ended = db.vildar(args).expect(1);
        assert!(ended.err.contains("vildar migrate"), "{args:?}: {ended:?}");
        assert_eq!(tables(&db), 0, "{args:?}");
    }
    // and one whose migrations were all taken back
    db.vildar(&["migrate"]).expect(0);
    platform::db::migrate::undo(&mut db.connect()).expect("undone");
    let ended = db.vildar(&["serve", "--port", "0"]).expect(1);
    assert!(ended.err.contains("the schema is old"), "{ended:?}");
    let server = crate::run::Server::serve(&db, &["--migrate"]);
    assert_eq!(server.get("/readyz").await.0, 200);
    server.stop().await;
}
