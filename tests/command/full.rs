//! A disk without room: 503 while it lasts, nothing lost, and each key has one effect afterwards.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};

use crate::{
    database::Db,
    outage::until_ready_is,
    run::{Server, client},
    support::{
        postgres::{another_cluster, give_to_server},
        programs,
    },
};

/// A small disk of its own; `None`, after a loud word, where we may not mount one.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(at: &Path) -> Option<Self> {
        fs::create_dir(at).expect("a folder");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=6m", "vildar-test"])
            .arg(at)
            .output();
        if mounted.is_ok_and(|mounted| mounted.status.success()) {
            return Some(Self(at.to_owned()));
        }
        programs::skipped("a small disk can't be mounted; what a full one does was not tried");
        None
    }

    /// Leaves no room at all.
    fn fill(&self) {
        let zeros = vec![0; 64 * 1024 * 1024];
        fs::write(self.0.join("ballast"), zeros).expect_err("there is an end to it");
    }

    fn free(&self) {
        fs::remove_file(self.0.join("ballast")).expect("the ballast goes");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// Status, whether it says when to come again, and the body.
async fn post(
    server: &Server,
    secret: &str,
    path: &str,
    key: &str,
    body: &Value,
) -> (u16, bool, Value) {
    let request = client().post(format!("{}{path}", server.url)).bearer_auth(secret);
    let request = request.header("idempotency-key", key).body(body.to_string());
    let answer = request.send().await.expect("an answer");
    let (status, waits) = (answer.status().as_u16(), answer.headers().contains_key("retry-after"));
    (status, waits, answer.json().await.unwrap_or_default())
}

async fn a_full_disk_is_503(db: &Db, disk: &SmallDisk) {
    db.vildar(&["settings", "set", "pending_days", "0"]).expect(0);
    let secret = db.storefront_key();
    let server = Server::serve(db, &[]);
    let mut members = Vec::new();
    for number in 0..8 {
        let body = json!({"email": format!("m{number}@example.com"), "given_name": "Ari"});
        let made = post(&server, &secret, "/v1/members", &format!("m{number}"), &body).await;
        assert_eq!(made.0, 201, "{made:?}");
        members.push(made.2["id"].as_str().expect("an id").to_owned());
    }
    disk.fill();
    // there may be room on the pages that are there: until nothing goes any more, and a while longer
    let mut asked = Vec::new();
    let mut refused = 0;
    while refused < 20 {
        assert!(asked.len() < 20_000, "the disk never was full");
        let number = asked.len();
        let reason = "why, at some length: ".repeat(20);
        let earn = json!({"kind": "earn", "points": 7, "reason": reason});
        let path = format!("/v1/members/{}/entries", members[number % members.len()]);
        let key = format!("k{number}");
        let (status, waits, answer) = post(&server, &secret, &path, &key, &earn).await;
        match (status, answer["code"].as_str()) {
            (201, _) => {}
            (503, Some("overloaded" | "outcome_unknown")) if waits => refused += 1,
            _ => panic!("{status} {answer}"),
        }
        asked.push((path, key, earn, (status == 201).then_some(answer)));
    }
    let (status, told) = server.get("/readyz").await;
    assert_eq!(status, 503, "{told}");
    assert!(told["why"].as_str().is_some_and(|why| why.contains("takes no writes")), "{told}");
    let balance = client().get(format!("{}/v1/members/{}/balance", server.url, members[0]));
    assert_eq!(balance.bearer_auth(&secret).send().await.expect("an answer").status(), 200);

    disk.free();
    until_ready_is(&server, 200).await;
    for (path, key, earn, first) in &asked {
        let (status, _, answer) = post(&server, &secret, path, key, earn).await;
        assert_eq!(status, 201, "{answer}");
        if let Some(first) = first {
            assert_eq!(&answer, first);
        }
    }
    assert_eq!(db.count("entries"), i64::try_from(asked.len()).expect("few"));
    assert!(!server.log().contains("\"ERROR\""), "{}", server.log());
    server.stop().await;
    db.vildar(&["verify"]).expect(0);
}

#[actix_web::test]
async fn sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(disk) = SmallDisk::mount(&folder.path().join("disk")) else { return };
    let db = Db::sqlite_in(&disk.0);
    a_full_disk_is_503(&db, &disk).await;
}

#[actix_web::test]
async fn postgres() {
    // one of its own: a cluster whose disk has gone can't be used
    let Some(cluster) = another_cluster() else { return };
    let db = Db::on_cluster(cluster);
    let folder = tempfile::Builder::new().prefix("vildar-disk-").tempdir().expect("a folder");
    give_to_server(folder.path());
    let Some(disk) = SmallDisk::mount(&folder.path().join("disk")) else { return };
    let place = disk.0.join("tables");
    fs::create_dir(&place).expect("a folder");
    give_to_server(&place);
    // the tables alone: PostgreSQL ends where its log finds no room
    cluster.sql(&format!("CREATE TABLESPACE small_disk LOCATION '{}'", place.display()));
    for table in ["entries", "entry_notes", "idempotency_keys", "lots", "meta"] {
        db.sql(&format!("ALTER TABLE {table} SET TABLESPACE small_disk"));
    }
    a_full_disk_is_503(&db, &disk).await;
    drop(db);
    cluster.sql("DROP TABLESPACE small_disk");
}
