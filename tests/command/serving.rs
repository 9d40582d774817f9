//! A server's start: what it says, what it refuses, what stands beside it.

use serde_json::json;

use crate::{
    database::{Db, contents, on_both},
    run::{Server, client, read},
    support::both::Which,
};

on_both!(serves_what_was_migrated);
async fn serves_what_was_migrated(db: Db) {
    let server = Server::serve(&db, &[]);
    assert_eq!(server.get("/livez").await, (200, json!({"status": "live"})));
    assert_eq!(server.get("/readyz").await, (200, json!({"status": "ready"})));
    assert_eq!(server.get("/openapi.json").await.0, 200);
    assert_eq!(server.get("/metrics").await.0, 401);
    assert_eq!(server.get("/nowhere").await.1["code"], "not_found");
    // the demo's own
    let moved = client()
        .put(format!("{}/demo/clock", server.url))
        .body(r#"{"now":"2100-01-01T00:00:00Z"}"#);
    let (status, problem) = read(moved).await;
    assert_eq!((status, &problem["code"]), (404, &json!("not_found")));
    assert_eq!(server.get("/demo/mailbox").await.0, 404);
    server.says("letters wait").await;
    let log = server.log();
    assert!(!log.contains("\"ERROR\""), "{log}");
    // a taken port is said
    let port = server.url.rsplit(':').next().expect("a port").to_owned();
    let second = db.vildar(&["serve", "--port", &port]).expect(1);
    assert!(second.err.contains("taken"), "{second:?}");
    server.stop().await;
}

on_both!(a_demo_and_a_program_keep_apart);
async fn a_demo_and_a_program_keep_apart(db: Db) {
    db.vildar(&["admin", "create", "--email", "sigga@example.com"]).expect(0);
    let folder = db.folder.path().join("demo");
    let folder = folder.to_str().expect("a path");
    let refused = db.vildar(&["demo", "--port", "0", "--data-dir", folder]).expect(1);
    assert!(refused.err.contains("no demo's"), "{refused:?}");
    assert_eq!(db.count("users"), 1);
    assert_eq!(db.count("members"), 0);
    db.vildar(&["verify"]).expect(0);

    let demo = Db::empty(db.which).expect("a database");
    Server::demo(&demo, &[]).stop().await;
    let refused = demo.vildar(&["serve", "--port", "0"]).expect(1);
    assert!(refused.err.contains("demo's database"), "{refused:?}");
    assert!(demo.vildar(&["doctor"]).expect(1).out.contains("a demo's"));
    demo.vildar(&["verify"]).expect(0);
}

on_both!(empty a_demo_leaves_a_strangers_database_alone);
async fn a_demo_leaves_a_strangers_database_alone(db: Db) {
    let demo = |db: &Db| {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path().to_str().expect("a path").to_owned();
        db.vildar(&["demo", "--port", "0", "--data-dir", &folder]).expect(1)
    };
    if db.which == Which::Sqlite {
        use diesel::{Connection, connection::SimpleConnection};
        let file = db.folder.path().join("v.db");
        let mut theirs =
            diesel::SqliteConnection::establish(&file.to_string_lossy()).expect("a database");
        theirs
            .batch_execute("CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('dear')")
            .expect("their table");
        drop(theirs);
        let before = contents(db.folder.path());
        let refused = demo(&db);
        assert!(refused.err.contains("no demo's"), "{refused:?}");
        assert!(contents(db.folder.path()) == before, "the file has changed");
    } else {
        db.sql("CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('dear')");
        let refused = demo(&db);
        assert!(refused.err.contains("no demo's"), "{refused:?}");
        assert_eq!(db.count("pg_tables WHERE schemaname = 'public'"), 1);
        assert_eq!(db.count("notes"), 1);
    }
}
