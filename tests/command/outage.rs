//! A server whose database goes away: it says so, stays, and recovers. (An SQLite file does not go
//! away while it is open.)

use std::time::{Duration, Instant};

use diesel::{RunQueryDsl, connection::SimpleConnection, sql_query};
use platform::{
    db::{DatabaseUrl, Store, connection::Use, tx::Env},
    kernel::{chance::Chance, clock::Clock},
};
use serde_json::json;

use crate::{
    database::{Db, connect},
    run::{Server, client, read},
    support::both::Which,
};

/// Lets nobody in, and puts out who is there; or opens again.
pub fn admit(db: &Db, open: bool) {
    let (server, name) = db.url.rsplit_once('/').expect("a database's name");
    let mut admin = connect(&format!("{server}/postgres"));
    let mut run = |sql: &str| {
        admin.batch_execute(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    };
    run(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS {open}"));
    if !open {
        run(&format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        ));
    }
}

pub async fn until_ready_is(server: &Server, expected: u16) {
    let asked = Instant::now();
    loop {
        let (status, body) = server.get("/readyz").await;
        if status == expected {
            return;
        }
        assert!(asked.elapsed() < Duration::from_secs(20), "{body}: {}", server.log());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[actix_web::test]
async fn a_database_that_goes_away_comes_back() {
    let Some(db) = Db::migrated(Which::Postgres) else { return };
    let key = db.storefront_key();
    let mut server = Server::serve(&db, &[]);
    let enrol = |number: u32| {
        let body = json!({"email": format!("m{number}@example.com"), "given_name": "Ari"});
        let url = format!("{}/v1/members", server.url);
        read(client().post(url).bearer_auth(&key).body(body.to_string()))
    };
    // several connections are open when it goes
    let (a, b, c, d) = tokio::join!(enrol(1), enrol(2), enrol(3), enrol(4));
    assert_eq!([a.0, b.0, c.0, d.0], [201; 4]);

    admit(&db, false);
    until_ready_is(&server, 503).await;
    assert_eq!(server.get("/livez").await.0, 200);
    let (status, problem) = enrol(5).await;
    assert_eq!((status, &problem["code"]), (503, &json!("overloaded")), "{problem}");
    assert!(server.child.try_wait().expect("a child").is_none(), "it ended");

    admit(&db, true);
    until_ready_is(&server, 200).await;
    for number in 6..16 {
        let (status, problem) = enrol(number).await;
        assert_eq!(status, 201, "{problem}");
    }
    server.stop().await;
    db.vildar(&["verify"]).expect(0);
}

#[actix_web::test]
async fn connections_that_died_unseen_fail_nobody_for_long() {
    let Some(db) = Db::migrated(Which::Postgres) else { return };
    let key = db.storefront_key();
    let server = Server::serve(&db, &[]);
    let enrol = |number: u32| {
        let body = json!({"email": format!("m{number}@example.com"), "given_name": "Ari"});
        let url = format!("{}/v1/members", server.url);
        read(client().post(url).bearer_auth(&key).body(body.to_string()))
    };
    let (a, b, c, d) = tokio::join!(enrol(1), enrol(2), enrol(3), enrol(4));
    assert_eq!([a.0, b.0, c.0, d.0], [201; 4]);
    // a restart of the database: nobody asked meanwhile
    admit(&db, false);
    tokio::time::sleep(Duration::from_millis(1100)).await;
    admit(&db, true);
    for number in 10..30 {
        let (status, problem) = enrol(number).await;
        assert_eq!(status, 201, "{number}: {problem}: {}", server.log());
    }
    server.stop().await;
}

/// A connection is made for a caller who then takes one that came free meanwhile: it was never
/// used, and may have died like any other. Many pools, since it is chance which of them has one.
#[actix_web::test]
async fn connections_that_nobody_used_yet_fail_nobody() {
    let Some(db) = Db::migrated(Which::Postgres) else { return };
    let url: DatabaseUrl = db.url.parse().expect("a URL");
    let stores: Vec<_> = (0..16)
        .map(|_| {
            let env = Env { clock: Clock::system(), chance: Chance::system() };
            Store::open_to_read(url.clone(), Use::Write, env, 4)
        })
        .collect();
    let ask = |store: &Store| {
        let store = store.clone();
        actix_web::rt::spawn(async move {
            let read = store.read(|tx| Ok(sql_query("SELECT 1").execute(tx.conn)?));
            read.await.map_err(|error| error.to_string())
        })
    };
    let mut asked = Vec::new();
    for store in stores.iter().cycle().take(stores.len() * 4) {
        asked.push(ask(store));
    }
    for one in asked {
        assert_eq!(one.await.expect("it ends"), Ok(1));
    }
    admit(&db, false);
    tokio::time::sleep(Duration::from_millis(1100)).await;
    admit(&db, true);
    for store in &stores {
        for _ in 0..4 {
            assert_eq!(ask(store).await.expect("it ends"), Ok(1));
        }
    }
}

#[actix_web::test]
async fn a_server_starts_while_its_database_is_away() {
    let Some(db) = Db::migrated(Which::Postgres) else { return };
    admit(&db, false);
    let server = Server::serve(&db, &[]);
    assert_eq!(server.get("/livez").await.0, 200);
    let (status, told) = server.get("/readyz").await;
    assert_eq!((status, &told["why"]), (503, &json!("the database can't be reached")));
    assert!(server.log().contains("can't be reached yet"), "{}", server.log());
    admit(&db, true);
    until_ready_is(&server, 200).await;
    server.stop().await;
}
