//! The expiry sweep over many lots, and what the foreground notices: the p99 of earns and balance
//! reads that come at a steady pace, well below what the server can do, while it runs and before.

use std::{
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use platform::{
    db::tx::Env,
    kernel::{chance::Chance, clock::Clock},
    messaging::transport::Transport,
};
use vildar::{
    app::{App, Config},
    chores,
};

use super::{
    Options, http,
    load::{Load, Pace, Request, WARM_UP},
    members::{self, ENDS, Range},
    place::{self, Place},
    support::both::Which,
    table::{Figures, Goal, Row},
};

/// Foreground requests a second, half of them earns.
const PER_SECOND: u32 = 400;
const CONNECTIONS: u32 = 16;
/// Who is in the foreground.
pub const FOREGROUND: Range = 1..=1000;
/// Lots of each member that come due.
const LOTS: u32 = 5;

fn rows() -> Vec<Row> {
    vec![
        Row::Group("The expiry sweep beside 400 requests a second (earn and balance)"),
        Row::Figure("lots expired a second", Goal::None),
        Row::Figure("p99 without the sweep, ms", Goal::None),
        Row::Figure("p99 beside the sweep, ms", Goal::None),
        Row::Ratio(
            "of that without",
            "p99 beside the sweep, ms",
            "p99 without the sweep, ms",
            [Goal::AtMost(1.5); 2],
        ),
    ]
}

pub fn measure(options: &Options, on: &[Which], figures: &mut Figures) -> Vec<Row> {
    let lots = if options.full { 1_000_000 } else { 100_000 };
    for _ in 0..options.rounds.min(3) {
        for which in on {
            let due = 10_001..=10_000 + lots / LOTS;
            let place = Place::new(*which).expect("the database is there");
            members::enrol(&place, &FOREGROUND, 3, 100, ENDS);
            members::enrol(&place, &due, LOTS.into(), 10, -1);
            place.settle_down();
            round(options, &place, lots, figures);
            let expired = place.number("SELECT count(*) AS n FROM entries WHERE kind = 'expire'");
            assert_eq!(expired, i64::from(lots), "expired, on {which:?}");
            let sampled = [1, 2, 10_001, *due.end()].map(members::id);
            place.audit("after the sweep", &sampled);
        }
    }
    rows()
}

/// The application as `serve` builds it, but for what runs by itself: the sweep is started here.
fn round(options: &Options, place: &Place, lots: u32, figures: &mut Figures) {
    let app = App::build(Config {
        database: place.url.parse().expect("a URL"),
        env: Env { clock: Clock::system(), chance: Chance::system() },
        connections: 16,
        workers: thread::available_parallelism().map_or(2, usize::from),
        transport: Transport::None,
        signer: None,
        report_secret: None,
        demo_mailbox: None,
        behind_proxy: false,
    })
    .expect("the application builds");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let (handles, handle) = std::sync::mpsc::channel();
    let application = app.clone();
    let running = thread::spawn(move || {
        place::block_on(async move {
            let server = application.listen(listener).expect("it listens");
            handles.send(server.handle()).expect("somebody waits");
            server.await.expect("it serves");
        });
    });
    let handle = handle.recv().expect("a handle");

    let load = foreground(place);
    let mut steady = steady(options);
    let quiet = load.at(&[&address], &steady);
    let swept = Arc::new(AtomicBool::new(false));
    let sweep = thread::spawn({
        let swept = Arc::clone(&swept);
        move || {
            thread::sleep(WARM_UP);
            let started = Instant::now();
            place::block_on(chores::sweep(app.store())).expect("the sweep runs");
            swept.store(true, Ordering::Relaxed);
            started.elapsed()
        }
    });
    steady.time = Duration::from_hours(1);
    steady.until = Some(swept);
    let beside = load.at(&[&address], &steady);
    let took = sweep.join().expect("the sweep ends well");
    figures.note(place.which, "lots expired a second", f64::from(lots) / took.as_secs_f64());
    figures.note(place.which, "p99 without the sweep, ms", quiet.quantile(990) / 1000.0);
    figures.note(place.which, "p99 beside the sweep, ms", beside.quantile(990) / 1000.0);
    place::block_on(handle.stop(false));
    running.join().expect("the server ends well");
}

/// How requests come in the foreground.
pub fn steady(options: &Options) -> Pace {
    Pace { connections: CONNECTIONS, time: options.time, per_second: Some(PER_SECOND), until: None }
}

pub fn foreground(place: &Place) -> Load {
    let earns = http::earn(place, FOREGROUND);
    let balances = http::balance(place, FOREGROUND);
    let pairs = earns.zip(balances).flat_map(|(earn, balance)| [earn, balance]);
    Load::new(pairs.collect::<Vec<Request>>())
}
