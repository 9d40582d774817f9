//! A member with 100,000 entries against one with none but a gift: balance and redeem, one after
//! another and under 64 connections. Medians of the answers' times.

use std::time::Duration;

use super::{
    Options, http,
    load::{Load, Request},
    members::{self, ENDS, RICH},
    place::{Place, Server},
    support::both::Which,
    table::{Figures, Goal, Row},
};

/// A thousand fresh members, a few for each round: what redeems leave behind is history too.
const FRESH: members::Range = 1..=1000;
/// Earned and spent 50,000 times, and then a gift.
const SPENT: u32 = 2001;
/// Earned 100,000 times and never spent.
const SAVED: u32 = 2002;
const HISTORY: i64 = 100_000;

/// Member, command, connections: how a figure is called.
const NAMES: [[[&str; 2]; 2]; 3] = [
    [
        ["balance of a new member, alone, µs", "balance of a new member, 64 at once, µs"],
        ["redeem of a new member, alone, µs", "redeem of a new member, 64 at once, µs"],
    ],
    [
        ["balance, 100,000 entries, alone, µs", "balance, 100,000 entries, 64 at once, µs"],
        ["redeem, 100,000 entries, alone, µs", "redeem, 100,000 entries, 64 at once, µs"],
    ],
    [
        ["balance, 100,000 open lots, alone, µs", "balance, 100,000 open lots, 64 at once, µs"],
        ["redeem, 100,000 open lots, alone, µs", "redeem, 100,000 open lots, 64 at once, µs"],
    ],
];

fn rows() -> Vec<Row> {
    let mut rows = vec![Row::Group("A long history, median time of an answer")];
    let [new, spent, saved] = NAMES.map(|names| names.into_iter().flatten());
    for ((new, spent), saved) in new.zip(spent).zip(saved) {
        let goal = [Goal::AtMost(1.05); 2];
        rows.push(Row::Figure(new, Goal::None));
        rows.push(Row::Ratio("100,000 entries, all spent", spent, new, goal));
        rows.push(Row::Ratio("100,000 open lots", saved, new, goal));
    }
    rows
}

pub fn measure(options: &Options, on: &[Which], figures: &mut Figures) -> Vec<Row> {
    let places: Vec<(Place, Server)> = on.iter().map(|which| prepared(*which)).collect();
    for round in 0..options.rounds {
        for command in 0..2 {
            for (connections, many) in [1, http::CONNECTIONS].into_iter().enumerate() {
                for (place, server) in &places {
                    let fresh = u32::try_from(round * 2 + connections).expect("few") % 1000 + 1;
                    for (number, names) in [fresh, SPENT, SAVED].into_iter().zip(NAMES) {
                        let load = load(place, command, number);
                        let outcome = load.run(&server.address, many, shorter(options.time));
                        figures.note(place.which, names[command][connections], outcome.median());
                    }
                }
            }
        }
    }
    for (place, _) in &places {
        place.audit("a long history", &[1, 2, SPENT, SAVED].map(members::id));
    }
    rows()
}

/// There are a dozen of them a round.
fn shorter(time: Duration) -> Duration {
    (time / 3).max(Duration::from_millis(500))
}

fn prepared(which: Which) -> (Place, Server) {
    let place = Place::new(which).expect("the database is there");
    members::enrol(&place, &FRESH, 1, RICH, ENDS);
    members::enrol_busy(&place, SPENT, HISTORY / 2);
    members::enrol(&place, &(SAVED..=SAVED), HISTORY, 1000, ENDS);
    place.settle_down();
    let server = Server::start(&place);
    (place, server)
}

fn load(place: &Place, command: usize, number: u32) -> Load {
    let requests: Vec<Request> = match command {
        0 => http::balance(place, number..=number).collect(),
        _ => http::redeem(place, number..=number).collect(),
    };
    Load::new(requests)
}
