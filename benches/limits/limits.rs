//! The databases' own limits: the statements of one command, a transaction each, with nothing
//! around them.

use std::{
    fs::File,
    io::{Seek, Write},
    time::Instant,
};

use super::{
    Measure, Site, bare,
    members::{BALANCE, EARN, ORDER, REDEEM},
    pgbench,
    statements::Command,
    support::both::Which,
    table::{Goal, Row},
};

pub fn rows() -> Vec<Row> {
    let figure = |name| Row::Figure(name, Goal::None);
    vec![
        Row::Group("The database alone, the same statements, transactions a second"),
        figure("limit: earn"),
        figure("limit: redeem"),
        figure("limit: order"),
        figure("limit: balance"),
        figure("a synced write of 4 KiB, µs"),
    ]
}

pub fn measures(site: &Site) -> Vec<Measure<'_>> {
    let all = [
        ("limit: earn", Command::Earn, EARN),
        ("limit: redeem", Command::Redeem, REDEEM),
        ("limit: order", Command::Order, ORDER),
        ("limit: balance", Command::Balance, BALANCE),
    ];
    let mut measures: Vec<Measure<'_>> = all
        .into_iter()
        .map(|(name, command, members)| {
            Measure::new(move |figures, _| {
                let place = &site.raw;
                let figure = match place.which {
                    Which::Sqlite => bare::run(place, command, &members, site.time),
                    Which::Postgres => pgbench::run(place, command, site.time),
                };
                figures.note(place.which, name, figure);
            })
        })
        .collect();
    measures.push(Measure::new(|figures, _| {
        figures.note(site.raw.which, "a synced write of 4 KiB, µs", synced_write());
    }));
    measures
}

/// What one synced write costs on the disk that all of this lies on: where that is next to
/// nothing, a group commit has little to save.
fn synced_write() -> f64 {
    const WRITES: u32 = 200;
    let mut file: File = tempfile::tempfile().expect("a file");
    let block = [7; 4096];
    file.write_all(&block).expect("it is written");
    file.sync_all().expect("it is synced");
    let started = Instant::now();
    for _ in 0..WRITES {
        file.rewind().expect("it rewinds");
        file.write_all(&block).expect("it is written");
        file.sync_data().expect("it is synced");
    }
    started.elapsed().as_secs_f64() * 1e6 / f64::from(WRITES)
}
