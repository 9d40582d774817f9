//! A database that a newer version migrated: nothing of this version works on it.

use serde_json::json;

use crate::{
    database::{Db, on_both},
    outage::{admit, until_ready_is},
    run::{Server, client, read},
    support::both::Which,
};

const NEWER: &str = "INSERT INTO __diesel_schema_migrations (version) VALUES ('20990101000001')";

on_both!(every_command_refuses_a_newer_schema);
async fn every_command_refuses_a_newer_schema(db: Db) {
    let members = db.file("m.csv", "external_id,email\na,a@example.com\n");
    let orders = db.file("o.csv", "external_id\n1\n");
    let mailbox = db.file("mailbox", "");
    db.sql(NEWER);
    for args in [
        &["migrate"][..],
        &["verify"],
        &["settings", "get"],
        &["settings", "set", "currency", "USD"],
        &["admin", "create", "--email", "a@example.com"],
        &["keys", "create", "--name", "x", "--scope", "orders:write"],
        &["import", "members", &members],
        &["import", "orders", &orders, "--dry-run"],
        &["serve", "--port", "0"],
        &["serve", "--port", "0", "--migrate"],
    ] {
        let ended = db.vildar(args).expect(1);
        for words in ["20990101000001", "newer vildar", "older", env!("CARGO_PKG_VERSION")] {
            assert!(ended.err.contains(words), "{args:?}: {ended:?}");
        }
        assert!(ended.out.is_empty(), "{args:?}: {ended:?}");
    }
    db.vildar(&["demo", "--port", "0", "--data-dir", &mailbox]).expect(1);
    for table in ["users", "api_keys", "members"] {
        assert_eq!(db.count(table), 0, "{table}");
    }
}

on_both!(a_demo_does_not_undo_what_it_does_not_know);
async fn a_demo_does_not_undo_what_it_does_not_know(db: Db) {
    let demo = Db::empty(db.which).expect("a database");
    Server::demo(&demo, &[]).stop().await;
    let members = demo.count("members");
    demo.sql(NEWER);
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path().to_str().expect("a path");
    let refused = demo.vildar(&["demo", "--port", "0", "--data-dir", folder]).expect(1);
    assert!(refused.err.contains("newer vildar"), "{refused:?}");
    assert_eq!(demo.count("members"), members);
}

/// Status and problem of an enrolment.
async fn enrol(server: &Server, key: &str, number: u32) -> (u16, serde_json::Value) {
    let body = json!({"email": format!("m{number}@example.com"), "given_name": "Ari"});
    let url = format!("{}/v1/members", server.url);
    read(client().post(url).bearer_auth(key).body(body.to_string())).await
}

on_both!(a_server_stops_working_when_the_schema_goes_on_without_it);
async fn a_server_stops_working_when_the_schema_goes_on_without_it(db: Db) {
    let key = db.storefront_key();
    let server = Server::serve(&db, &[]);
    assert_eq!(enrol(&server, &key, 1).await.0, 201);
    db.sql(NEWER);
    let (status, told) = server.get("/readyz").await;
    assert_eq!(status, 503, "{told}");
    assert!(told["why"].as_str().is_some_and(|why| why.contains("20990101000001")), "{told}");
    let (status, problem) = enrol(&server, &key, 2).await;
    assert_eq!((status, &problem["code"]), (503, &json!("overloaded")), "{problem}");
    assert_eq!(db.count("members"), 1);
    db.sql("DELETE FROM __diesel_schema_migrations WHERE version = '20990101000001'");
    until_ready_is(&server, 200).await;
    assert_eq!(enrol(&server, &key, 3).await.0, 201);
    server.stop().await;
}

#[actix_web::test]
async fn a_server_that_started_alone_refuses_what_it_then_finds() {
    let Some(db) = Db::migrated(Which::Postgres) else { return };
    let key = db.storefront_key();
    db.sql(NEWER);
    admit(&db, false);
    let server = Server::serve(&db, &[]);
    admit(&db, true);
    let (status, problem) = enrol(&server, &key, 1).await;
    assert_eq!((status, &problem["code"]), (503, &json!("overloaded")), "{problem}");
    let (status, told) = server.get("/readyz").await;
    assert_eq!(status, 503, "{told}");
    assert!(told["why"].as_str().is_some_and(|why| why.contains("newer vildar")), "{told}");
    assert_eq!(db.count("members"), 0);
    server.stop().await;
}
