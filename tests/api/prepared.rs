//! The busy calls prepare each of their statements once a connection.

use std::{
    collections::BTreeSet,
    net::TcpListener,
    sync::{Arc, Mutex},
};

use diesel::{
    RunQueryDsl,
    connection::{Connection, InstrumentationEvent},
};
use platform::{
    db::{Tx, tx::Env},
    kernel::chance::Chance,
    messaging::transport::Transport,
};
use serde_json::json;
use vildar::app::{App, Config};

use crate::support::{
    app::TestApp,
    both::{Which, both},
};

#[derive(Default)]
struct Statements {
    run: BTreeSet<String>,
    prepared: BTreeSet<String>,
}

both!(the_statements_of_busy_calls_are_prepared_once);
async fn the_statements_of_busy_calls_are_prepared_once(app: &TestApp) {
    // a server with one connection to write by
    let one = App::build(Config {
        database: app.store().url().clone(),
        env: Env { clock: app.clock.clone(), chance: Chance::seeded(app.seed + 1) },
        connections: 1,
        workers: 1,
        transport: Transport::None,
        signer: None,
        report_secret: None,
        demo_mailbox: None,
        behind_proxy: false,
    })
    .expect("the application builds");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let server = one.listen(listener).expect("the application listens");
    let handle = server.handle();
    actix_web::rt::spawn(server);
    let seen: Arc<Mutex<Statements>> = Arc::default();
    let watch = Arc::clone(&seen);
    one.store()
        .write(move |tx| {
            let seen = Arc::clone(&watch);
            tx.conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
                let mut seen = seen.lock().expect("no panic");
                match event {
                    InstrumentationEvent::StartQuery { query, .. } => {
                        let text = query.to_string();
                        let sql = text.split(" -- binds").next().unwrap_or_default();
                        seen.run.insert(sql.trim().to_owned());
                    }
                    InstrumentationEvent::CacheQuery { sql, .. } => {
                        seen.prepared.insert(sql.trim().to_owned());
                    }
                    _ => {}
                }
            });
            Ok(())
        })
        .await
        .expect("watched");
    let member = app.enrol("Ari").await;
    let shop = app.storefront().await.at(&url);
    for turn in 0..3 {
        let earn = json!({"kind": "earn", "points": 5, "reason": "a visit"});
        let entries = format!("/v1/members/{member}/entries");
        shop.post_keyed(&entries, &format!("e-{turn}"), earn).await.expect(201);
        let total = json!({"amount": 1000, "currency": "EUR"});
        let order = json!({"external_id": turn.to_string(), "member_id": member, "total": total});
        shop.post_keyed("/v1/orders", &format!("o-{turn}"), order).await.expect(201);
        shop.get(&format!("/v1/members/{member}/balance")).await.expect(200);
    }
    handle.stop(false).await;
    let seen = seen.lock().expect("no panic");
    let control = |sql: &str| {
        ["BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"].iter().any(|word| sql.starts_with(word))
    };
    let again: Vec<&String> =
        seen.run.difference(&seen.prepared).filter(|sql| !control(sql)).collect();
    assert!(again.is_empty(), "prepared each time: {again:#?}");
    assert!(seen.prepared.len() > 5, "{:#?}", seen.prepared);
}

#[derive(diesel::QueryableByName)]
struct Told {
    #[diesel(sql_type = diesel::sql_types::Text)]
    jit: String,
}

#[actix_web::test]
async fn postgres_compiles_no_query_before_it_runs() {
    let Some(app) = TestApp::on(Which::Postgres).await else { return };
    let asked = |tx: &mut Tx<'_>| Ok(diesel::sql_query("SHOW jit").get_result::<Told>(tx.conn)?);
    let told = app.store().read(asked).await.expect("told");
    assert_eq!(told.jit, "off", "it is on where nobody says otherwise");
    app.finish().await;
}
