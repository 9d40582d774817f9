//! Databases that are not as we would make them: settings of the database and the role, encodings,
//! the rights of a new file.

use std::collections::BTreeMap;

use diesel::{Connection, connection::SimpleConnection};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::{
    database::{Db, connect},
    outage::until_ready_is,
    run::{Server, client, read, vildar},
    support::both::Which,
};

/// What the database gives to every session of its own accord.
fn set(db: &Db, settings: &[&str]) {
    let (server, name) = db.url.rsplit_once('/').expect("a database's name");
    let mut admin = connect(&format!("{server}/postgres"));
    for setting in settings {
        let sql = format!("ALTER DATABASE {name} SET {setting}");
        admin.batch_execute(&sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
}

async fn post(server: &Server, key: &str, path: &str, body: Value) -> (u16, Value) {
    let request = client().post(format!("{}{path}", server.url)).bearer_auth(key);
    read(request.body(body.to_string())).await
}

/// Members with points, by a server of the database.
async fn members(server: &Server, key: &str, how_many: usize) -> Vec<String> {
    let mut all = Vec::new();
    for number in 0..how_many {
        let body = json!({"email": format!("m{number}@example.com"), "given_name": "Ari"});
        let (status, member) = post(server, key, "/v1/members", body).await;
        assert_eq!(status, 201, "{member}");
        let id = member["id"].as_str().expect("an id").to_owned();
        let earn = json!({"kind": "earn", "points": 1000, "reason": "to begin with"});
        let (status, entry) = post(server, key, &format!("/v1/members/{id}/entries"), earn).await;
        assert_eq!(status, 201, "{entry}");
        all.push(id);
    }
    all
}

#[actix_web::test]
async fn another_isolation_is_not_ours() {
    for isolation in ["serializable", "'repeatable read'"] {
        let Some(db) = Db::migrated(Which::Postgres) else { return };
        let key = db.storefront_key();
        db.vildar(&["settings", "set", "pending_days", "0"]).expect(0);
        set(
            &db,
            &[
                &format!("default_transaction_isolation = {isolation}"),
                "standard_conforming_strings = off",
                "client_encoding = 'LATIN1'",
                "\"TimeZone\" = 'Pacific/Apia'",
                "\"DateStyle\" = 'German'",
                "bytea_output = 'escape'",
                "\"IntervalStyle\" = 'sql_standard'",
            ],
        );
        let servers = [Server::serve(&db, &[]), Server::serve(&db, &[])];
        let members = members(&servers[0], &key, 2).await;
        let mut asked = JoinSet::new();
        for number in 0..60 {
            let server = &servers[number % 2];
            let path = format!("{}/v1/members/{}/holds", server.url, members[number / 2 % 2]);
            let hold = json!({"points": 1, "order_ref": format!("o-{number}"), "ttl_seconds": 600});
            let request = client().post(path).bearer_auth(&key).body(hold.to_string());
            asked.spawn(read(request));
        }
        let mut answers = BTreeMap::<u16, usize>::new();
        for (status, answer) in asked.join_all().await {
            *answers.entry(status).or_default() += 1;
            assert_eq!(status, 201, "{isolation}: {answer}");
        }
        assert_eq!(answers[&201], 60);
        assert_eq!(db.count("holds"), 60);
        let told = json!({"email": "þ@example.com", "given_name": "日本 Þór"});
        let (status, member) = post(&servers[1], &key, "/v1/members", told).await;
        assert_eq!((status, &member["given_name"]), (201, &json!("日本 Þór")), "{member}");
        for server in servers {
            server.stop().await;
        }
        db.vildar(&["verify"]).expect(0);
    }
}

#[actix_web::test]
async fn a_frozen_database_is_503_until_it_thaws() {
    let Some(db) = Db::migrated(Which::Postgres) else { return };
    let key = db.storefront_key();
    let server = Server::serve(&db, &[]);
    let member = members(&server, &key, 1).await.remove(0);
    // as hosts do when a disk is nearly full; who is connected is sent away
    set(&db, &["default_transaction_read_only = on"]);
    crate::outage::admit(&db, false);
    crate::outage::admit(&db, true);
    let earn = json!({"kind": "earn", "points": 7, "reason": "why"});
    let path = format!("/v1/members/{member}/entries");
    for _ in 0..3 {
        let request = client().post(format!("{}{path}", server.url)).bearer_auth(&key);
        let request = request.header("idempotency-key", "k").body(earn.to_string());
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), 503);
        assert!(answer.headers().contains_key("retry-after"));
    }
    let (status, told) = server.get("/readyz").await;
    assert_eq!(status, 503, "{told}");
    assert!(told["why"].as_str().is_some_and(|why| why.contains("takes no writes")), "{told}");
    let read = client().get(format!("{}/v1/members/{member}/balance", server.url));
    assert_eq!(read.bearer_auth(&key).send().await.expect("an answer").status(), 200);
    set(&db, &["default_transaction_read_only = off"]);
    until_ready_is(&server, 200).await;
    assert_eq!(post(&server, &key, &path, earn).await.0, 201);
    assert!(!server.log().contains("\"ERROR\""), "{}", server.log());
    server.stop().await;
}

#[actix_web::test]
async fn a_database_that_is_not_utf_8_is_refused() {
    let Some(db) = Db::migrated(Which::Postgres) else { return };
    let (server, name) = db.url.rsplit_once('/').expect("a database's name");
    let mut admin = connect(&format!("{server}/postgres"));
    for encoding in ["LATIN1", "SQL_ASCII"] {
        let other = format!("{name}_{}", encoding.to_lowercase());
        let sql =
            format!("CREATE DATABASE {other} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0");
        admin.batch_execute(&sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        let url = format!("{server}/{other}");
        for args in [&["migrate"][..], &["serve", "--port", "0", "--migrate"], &["verify"]] {
            let ended = vildar(&[args, &["--database-url", &url]].concat()).expect(1);
            assert!(ended.err.contains(encoding) && ended.err.contains("UTF-8"), "{ended:?}");
        }
        let tables = platform::db::migrate::tables(&mut connect(&url));
        assert_eq!(tables.expect("a count"), 0);
        admin.batch_execute(&format!("DROP DATABASE {other} WITH (FORCE)")).expect("it goes");
    }
    // SQLite has two more ways to keep text
    let Some(db) = Db::empty(Which::Sqlite) else { return };
    let path = db.url.strip_prefix("sqlite:").expect("a path");
    let mut theirs = diesel::SqliteConnection::establish(path).expect("a database");
    theirs
        .batch_execute("PRAGMA encoding = 'UTF-16le'; CREATE TABLE t (a); DROP TABLE t")
        .expect("it takes the encoding");
    drop(theirs);
    for args in [&["migrate"][..], &["serve", "--port", "0", "--migrate"], &["verify"]] {
        let ended = db.vildar(args).expect(1);
        assert!(ended.err.contains("UTF-16le") && ended.err.contains("UTF-8"), "{ended:?}");
    }
}

#[actix_web::test]
async fn a_new_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let Some(db) = Db::empty(Which::Sqlite) else { return };
    db.vildar(&["migrate"]).expect(0);
    let server = Server::serve(&db, &[]);
    members(&server, &db.storefront_key(), 1).await;
    let files = std::fs::read_dir(db.folder.path()).expect("a folder").flatten();
    let modes: BTreeMap<String, u32> = files
        .map(|file| {
            let mode = file.metadata().expect("a file").permissions().mode() & 0o777;
            (file.file_name().to_string_lossy().into_owned(), mode)
        })
        .filter(|(name, _)| name.starts_with("v.db"))
        .collect();
    let expected = ["v.db", "v.db-shm", "v.db-wal"].map(|name| (name.to_owned(), 0o600));
    assert_eq!(modes, BTreeMap::from(expected));
    server.stop().await;
}

#[actix_web::test]
async fn a_url_that_wants_tls_is_told_where_it_is() {
    let ended =
        vildar(&["verify", "--database-url", "postgres://a:hush@127.0.0.1/x?sslmode=require"])
            .expect(1);
    assert!(ended.err.contains("postgres-tls"), "{ended:?}");
    assert!(!ended.err.contains("hush"), "{ended:?}");
}
