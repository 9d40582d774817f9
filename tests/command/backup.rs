//! `vildar backup`: a copy that can be restored, made while others write.

use std::{fs, os::unix::fs::PermissionsExt};

use serde_json::json;

use crate::{
    database::{Db, contents, on_both},
    run::{Server, client, read},
    support::both::Which,
};

on_both!(a_copy_of_a_database_in_use_is_whole);
async fn a_copy_of_a_database_in_use_is_whole(db: Db) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("copy one.db");
    let file = file.to_str().expect("a path");
    if db.which == Which::Postgres {
        let refused = db.vildar(&["backup", file]).expect(1);
        assert!(refused.err.contains("pg_dump"), "{refused:?}");
        assert_eq!(contents(folder.path()), []);
        return;
    }
    let key = db.storefront_key();
    let server = Server::serve(&db, &[]);
    let enrol = |number: u32| {
        let member = json!({"email": format!("m{number}@example.com"), "given_name": "Ari"});
        let enrol = client().post(format!("{}/v1/members", server.url)).bearer_auth(&key);
        read(enrol.body(member.to_string()))
    };
    for number in 0..5 {
        assert_eq!(enrol(number).await.0, 201);
    }
    let told = db.vildar(&["backup", file, "--json"]).expect(0).json();
    assert_eq!(told["file"], file);
    assert_eq!(told["bytes"], fs::metadata(file).expect("the copy").len());
    assert_eq!(fs::metadata(file).expect("the copy").permissions().mode() & 0o777, 0o600);
    assert_eq!(enrol(5).await.0, 201, "the server goes on");
    server.stop().await;

    // what was there then is in it, and it can be served
    let url = format!("sqlite:{file}");
    let copy = Db { url, which: db.which, folder, postgres: None };
    let audited = copy.vildar(&["verify", "--json"]).expect(0).json();
    assert_eq!((&audited["members"], &audited["differences"]), (&json!(5), &json!(0)));
    let restored = Server::serve(&copy, &[]);
    let members = format!("{}/v1/members?email=m4@example.com", restored.url);
    let (status, listed) = read(client().get(members).bearer_auth(&key)).await;
    assert_eq!(status, 200, "{listed}");
    assert_eq!(listed["data"].as_array().map(Vec::len), Some(1), "{listed}");
    restored.stop().await;
}

#[actix_web::test]
async fn nothing_is_overwritten_and_nothing_left_behind() {
    let Some(db) = Db::migrated(Which::Sqlite) else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let place = |name: &str| folder.path().join(name).to_str().expect("a path").to_owned();
    fs::write(place("empty.db"), "").expect("a file");
    fs::write(place("full.db"), "dear").expect("a file");
    let before = contents(folder.path());
    for (file, told) in [
        (place("empty.db"), "there is something already"),
        (place("full.db"), "there is something already"),
        (place("nowhere/copy.db"), "there is no folder"),
        (place(""), "there is something already"),
    ] {
        let refused = db.vildar(&["backup", &file]).expect(1);
        assert!(refused.err.contains(told), "{file}: {refused:?}");
        assert_eq!(contents(folder.path()), before, "{file}");
    }
    let missing = format!("sqlite:{}", place("missing.db"));
    let refused =
        crate::run::vildar(&["backup", &place("copy.db"), "--database-url", &missing]).expect(1);
    assert!(refused.err.contains("no such database"), "{refused:?}");
    fs::write(place("text.db"), "not a database at all, just some text").expect("a file");
    let before = contents(folder.path());
    let text = format!("sqlite:{}", place("text.db"));
    crate::run::vildar(&["backup", &place("copy.db"), "--database-url", &text]).expect(1);
    assert_eq!(contents(folder.path()), before);
    // an older schema is copied as it is: that is what one does before an upgrade
    platform::db::migrate::undo(&mut db.connect()).expect("undone");
    db.vildar(&["backup", &place("copy.db")]).expect(0);
    db.vildar(&["backup", &place("copy.db")]).expect(1);
}
