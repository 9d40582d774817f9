//! What Vildar really runs: every statement of one command that comes alone, as diesel hands it to
//! the database.

use std::{
    net::TcpListener,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use platform::{
    db::tx::Env,
    kernel::{chance::Chance, clock::Clock},
    messaging::transport::Transport,
};
use vildar::app::{App, Config};

use super::{load::Load, place::Place};

static SEEN: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// From now on, connections of this process tell what they run.
pub fn listen_in() {
    #[expect(clippy::unnecessary_wraps, reason = "diesel wants it so")]
    fn listener() -> Option<Box<dyn Instrumentation>> {
        Some(Box::new(|event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { query, .. } = event {
                let text = query.to_string();
                let text = text.split(" -- binds: ").next().unwrap_or_default().to_owned();
                SEEN.lock().unwrap_or_else(PoisonError::into_inner).push(text);
            }
        }))
    }
    set_default_instrumentation(listener).expect("nobody else listens");
}

/// The statements of one request of each load, after others like it have filled every cache.
pub fn statements(place: &Place, loads: &[Load]) -> Vec<Vec<String>> {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let app = App::build(Config {
        database: place.url.parse().expect("a URL"),
        env: Env { clock: Clock::system(), chance: Chance::system() },
        connections: 2,
        workers: 1,
        transport: Transport::None,
        signer: None,
        report_secret: None,
        demo_mailbox: None,
        behind_proxy: false,
    })
    .expect("the application builds");
    let loads = loads.to_vec();
    super::place::block_on(async move {
        let server = app.listen(listener).expect("it listens");
        let handle = server.handle();
        actix_web::rt::spawn(server);
        let found = tokio::task::spawn_blocking(move || {
            loads.iter().map(|load| of_one(load, &address)).collect::<Vec<_>>()
        })
        .await
        .expect("the requests are answered");
        handle.stop(false).await;
        found
    })
}

fn of_one(load: &Load, address: &str) -> Vec<String> {
    load.send(address, 3);
    // what follows an answer belongs to the one before
    std::thread::sleep(Duration::from_millis(100));
    SEEN.lock().unwrap_or_else(PoisonError::into_inner).clear();
    load.send(address, 1);
    std::thread::sleep(Duration::from_millis(100));
    std::mem::take(&mut SEEN.lock().unwrap_or_else(PoisonError::into_inner))
}
