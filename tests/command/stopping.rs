//! How a server ends: asked to, and killed. What it acknowledged is in the database.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, atomic::AtomicU32, atomic::Ordering},
    time::{Duration, Instant},
};

use diesel::{QueryableByName, RunQueryDsl, sql_types::Text};
use serde_json::json;
use tokio::task::JoinSet;

use crate::database::{Db, on_both};
use crate::run::{Server, client, signal};

/// Clients that post orders and enrolments until the server is gone.
struct Load {
    clients: JoinSet<()>,
    seen: Arc<Seen>,
}

#[derive(Default)]
struct Seen {
    acknowledged: Mutex<Vec<String>>,
    /// What came back that is neither an acknowledgement nor a closed connection.
    odd: Mutex<Vec<String>>,
    count: AtomicU32,
}

const CLIENTS: usize = 8;

impl Load {
    async fn start(db: &Db, server: &Server) -> Self {
        let key = db.storefront_key();
        let seen = Arc::new(Seen::default());
        let mut clients = JoinSet::new();
        for number in 0..CLIENTS {
            let (url, key, seen) = (server.url.clone(), key.clone(), Arc::clone(&seen));
            clients.spawn(async move { post_until_gone(number, &url, &key, &seen).await });
        }
        let load = Self { clients, seen };
        let started = Instant::now();
        while load.seen.count.load(Ordering::SeqCst) < 100 {
            assert!(started.elapsed() < Duration::from_secs(20), "{:?}", load.seen.odd.lock());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        load
    }

    /// What was acknowledged in all.
    async fn end(mut self) -> Vec<String> {
        while let Some(ended) = self.clients.join_next().await {
            ended.expect("a client ends well");
        }
        let odd = self.seen.odd.lock().expect("no panic").clone();
        assert_eq!(odd, Vec::<String>::new());
        self.seen.acknowledged.lock().expect("no panic").clone()
    }
}

async fn post_until_gone(number: usize, url: &str, key: &str, seen: &Seen) {
    let http = client();
    let email = format!("m{number}@example.com");
    let member = json!({"email": email, "given_name": "Ari", "external_id": format!("m-{number}")});
    let mut ask = ("members", member, format!("m-{number}"));
    for turn in 0.. {
        let (path, body, id) = ask;
        let sent = http.post(format!("{url}/v1/{path}")).bearer_auth(key).body(body.to_string());
        match sent.send().await {
            Ok(response) => {
                let status = response.status().as_u16();
                match (status, response.bytes().await) {
                    (201, Ok(_)) => {
                        seen.acknowledged.lock().expect("no panic").push(id);
                        seen.count.fetch_add(1, Ordering::SeqCst);
                    }
                    (503, Ok(_)) => {}
                    (status, body) => {
                        seen.odd.lock().expect("no panic").push(format!("{status}: {body:?}"));
                        return;
                    }
                }
            }
            // refused, or closed before an answer began
            Err(error) if error.is_connect() || error.is_request() => return,
            Err(error) => {
                seen.odd.lock().expect("no panic").push(format!("{error:?}"));
                return;
            }
        }
        let id = format!("o-{number}-{turn}");
        let total = json!({"amount": 1999, "currency": "EUR"});
        ask = ("orders", json!({"external_id": id, "email": email, "total": total}), id);
    }
}

fn assert_all_there(db: &Db, acknowledged: &[String]) {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        external_id: String,
    }
    let sql = "SELECT external_id FROM orders UNION ALL \
               SELECT external_id FROM members WHERE external_id IS NOT NULL";
    let rows: Vec<Row> = diesel::sql_query(sql).load(&mut db.connect()).expect("the rows");
    let there: HashSet<String> = rows.into_iter().map(|row| row.external_id).collect();
    let lost: Vec<&String> = acknowledged.iter().filter(|id| !there.contains(*id)).collect();
    assert_eq!(lost, Vec::<&String>::new(), "of {}", acknowledged.len());
    assert!(acknowledged.len() >= 100);
}

on_both!(asked_to_end_it_answers_what_is_in_flight);
async fn asked_to_end_it_answers_what_is_in_flight(db: Db) {
    let mut server = Server::serve(&db, &[]);
    let load = Load::start(&db, &server).await;
    let asked = Instant::now();
    server.terminate();
    assert_eq!(server.ended(Duration::from_secs(35)).await, Some(0), "{}", server.log());
    let took = asked.elapsed();
    let acknowledged = load.end().await;
    eprintln!("{:?}: ended after {took:?}, {} acknowledged", db.which, acknowledged.len());
    assert_all_there(&db, &acknowledged);
    assert!(server.log().contains("\"stopped\""), "{}", server.log());
    assert!(!server.log().contains("\"ERROR\""), "{}", server.log());
    db.vildar(&["verify"]).expect(0);
}

on_both!(a_terminal_that_closes_and_ctrl_c_end_it_as_well);
async fn a_terminal_that_closes_and_ctrl_c_end_it_as_well(db: Db) {
    for name in ["HUP", "INT"] {
        let mut server = Server::serve(&db, &[]);
        signal(&server.child, name);
        assert_eq!(
            server.ended(Duration::from_secs(35)).await,
            Some(0),
            "{name}: {}",
            server.log()
        );
        assert!(server.log().contains("\"stopped\""), "{name}: {}", server.log());
    }
}

on_both!(killed_it_has_lost_nothing_that_it_acknowledged);
async fn killed_it_has_lost_nothing_that_it_acknowledged(db: Db) {
    for round in 1..=2 {
        let mut server = Server::serve(&db, &[]);
        if round == 1 {
            let load = Load::start(&db, &server).await;
            server.child.kill().expect("it is killed");
            server.ended(Duration::from_secs(5)).await;
            let acknowledged = load.end().await;
            assert_all_there(&db, &acknowledged);
            let audited = db.vildar(&["verify", "--json"]).expect(0).json();
            assert_eq!(audited["differences"], 0);
        } else {
            // and it starts again
            assert_eq!(server.get("/readyz").await.0, 200);
            server.stop().await;
        }
    }
}
