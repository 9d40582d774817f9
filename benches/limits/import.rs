//! Rows a second of `vildar import`: a real history (CDNOW's, see `tests/data`), repeated, its years
//! moved so that what it earned still stands. Alone, and beside a server on the same database.

use std::{
    fmt::Write,
    fs,
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use super::{
    Options,
    load::WARM_UP,
    members::{self, ENDS},
    place::{self, Place, Server},
    support::both::Which,
    sweep::{self, FOREGROUND},
    table::{Figures, Goal, Row},
};

/// 1997 and 1998 had the calendar of 2025 and 2026.
const YEARS: u32 = 28;

/// What is imported, and how its figures are called: rows a second alone and beside a server, and
/// that server's p99.
const KINDS: [(&str, [&str; 3]); 2] = [
    (
        "members",
        [
            "vildar import members",
            "members, beside a server",
            "p99 beside an import of members, ms",
        ],
    ),
    (
        "orders",
        ["vildar import orders", "orders, beside a server", "p99 beside an import of orders, ms"],
    ),
];
const QUIET: &str = "p99 without an import, ms";

fn rows() -> Vec<Row> {
    let [(_, [members, members_beside, members_p99]), (_, [orders, orders_beside, orders_p99])] =
        KINDS;
    let goal = [Goal::AtMost(2.0); 2];
    vec![
        Row::Group("Import, rows a second, the process' start included"),
        Row::Figure(members, Goal::AtLeast(20_000.0)),
        Row::Figure(orders, Goal::AtLeast(30_000.0)),
        Row::Group("Import beside a server that answers 400 requests a second (earn and balance)"),
        Row::Figure(members_beside, Goal::None),
        Row::Figure(orders_beside, Goal::None),
        Row::Figure(QUIET, Goal::None),
        Row::Figure(members_p99, Goal::None),
        Row::Ratio("of that without", members_p99, QUIET, goal),
        Row::Figure(orders_p99, Goal::None),
        Row::Ratio("of that without", orders_p99, QUIET, goal),
    ]
}

pub fn measure(options: &Options, on: &[Which], figures: &mut Figures) -> Vec<Row> {
    let files = files(if options.full { 30 } else { 10 });
    for _ in 0..options.rounds.min(3) {
        for which in on {
            let alone = Place::new(*which).expect("the database is there");
            for ((what, [name, ..]), file) in KINDS.into_iter().zip(&files) {
                figures.note(*which, name, import(&alone, what, file));
            }
            beside(options, &Place::new(*which).expect("the database is there"), &files, figures);
        }
    }
    rows()
}

fn beside(options: &Options, place: &Place, files: &[(String, u32); 2], figures: &mut Figures) {
    members::enrol(place, &FOREGROUND, 3, 100, ENDS);
    place.settle_down();
    let server = Server::start(place);
    let load = sweep::foreground(place);
    let mut steady = sweep::steady(options);
    let quiet = load.at(&[&server.address], &steady);
    figures.note(place.which, QUIET, quiet.quantile(990) / 1000.0);
    for ((what, [_, name, p99]), file) in KINDS.into_iter().zip(files) {
        let done = Arc::new(AtomicBool::new(false));
        steady.time = Duration::from_hours(1);
        steady.until = Some(Arc::clone(&done));
        let outcome = thread::scope(|scope| {
            scope.spawn(|| {
                thread::sleep(WARM_UP);
                figures.note(place.which, name, import(place, what, file));
                done.store(true, Ordering::Relaxed);
            });
            load.at(&[&server.address], &steady)
        });
        figures.note(place.which, p99, outcome.quantile(990) / 1000.0);
    }
}

/// Imports a file; answers how many rows a second.
fn import(place: &Place, what: &str, (content, count): &(String, u32)) -> f64 {
    let file = place.folder.path().join(format!("{what}.csv"));
    fs::write(&file, content).expect("the file is written");
    let started = Instant::now();
    let ended = place::command(place, &["import", what])
        .arg(&file)
        .arg("--json")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .output()
        .expect("the import runs");
    let took = started.elapsed().as_secs_f64();
    let said = String::from_utf8_lossy(&ended.stdout);
    let told: serde_json::Value = serde_json::from_str(&said).unwrap_or_default();
    assert!(
        ended.status.success() && told["imported"] == *count,
        "{said}{}",
        String::from_utf8_lossy(&ended.stderr)
    );
    f64::from(*count) / took
}

/// Both files, and how many rows they have.
fn files(times: u32) -> [(String, u32); 2] {
    let mut members = ("external_id,email,given_name\n".to_owned(), 0);
    let mut bought = Vec::new();
    for time in 0..times {
        let mut last = "";
        for line in include_str!("../../tests/data/CDNOW_sample.txt").lines() {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let [_, customer, date, _, dollars] = fields[..] else { panic!("{line}") };
            if customer != last {
                let name = format!("{time}-{customer}");
                writeln!(members.0, "{name},c{name}@example.com,Customer").expect("a line");
                members.1 += 1;
                last = customer;
            }
            bought.push((date, customer, time, dollars));
        }
    }
    bought.sort_unstable();
    let mut orders = ("external_id,member_external_id,placed_at,amount,currency\n".to_owned(), 0);
    for (date, customer, time, dollars) in bought {
        orders.1 += 1;
        let year: u32 = date[..4].parse().expect("a year");
        writeln!(
            orders.0,
            "{},{time}-{customer},{}-{}-{},{},EUR",
            orders.1,
            year + YEARS,
            &date[4..6],
            &date[6..],
            dollars.replace('.', "").trim_start_matches('0').parse::<u32>().unwrap_or(0),
        )
        .expect("a line");
    }
    [members, orders]
}
