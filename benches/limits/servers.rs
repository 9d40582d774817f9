//! Several servers on one PostgreSQL, and the same number of clients shared out among them. They share
//! the machine's cores too: what is asked is that they don't stand in each other's way.

use super::{
    Options, http,
    load::{Load, Pace, Request},
    members::{self, ENDS},
    place::{Place, Server},
    support::both::Which,
    table::{Figures, Goal, Row},
};

const MEMBERS: members::Range = 1..=20_000;

/// How many servers, and how their figure is called.
const NUMBERS: [(usize, &str); 3] =
    [(1, "earn, one server"), (2, "earn, two servers"), (4, "earn, four servers")];

fn rows() -> Vec<Row> {
    let [(_, one), (_, two), (_, four)] = NUMBERS;
    let goal = [Goal::None, Goal::AtLeast(1.0)];
    vec![
        Row::Group(
            "Servers on one database: earns a second with a key each, 64 connections in all",
        ),
        Row::Figure(one, Goal::None),
        Row::Figure(two, Goal::None),
        Row::Ratio("of one server", two, one, goal),
        Row::Figure(four, Goal::None),
        Row::Ratio("of one server", four, one, goal),
    ]
}

pub fn measure(options: &Options, on: &[Which], figures: &mut Figures) -> Vec<Row> {
    if !on.contains(&Which::Postgres) {
        return Vec::new();
    }
    let place = Place::new(Which::Postgres).expect("the database is there");
    members::enrol(&place, &MEMBERS, 1, 100, ENDS);
    place.settle_down();
    let servers: Vec<Server> = (0..4).map(|_| Server::start(&place)).collect();
    let load = Load::new(http::earn_by(&place, MEMBERS, Request::post_keyed));
    let speed = Pace { time: options.time, ..Pace::of(http::CONNECTIONS) };
    for _ in 0..options.rounds {
        for (number, name) in NUMBERS {
            let addresses: Vec<&str> =
                servers[..number].iter().map(|server| server.address.as_str()).collect();
            figures.note(place.which, name, load.at(&addresses, &speed).per_second);
        }
    }
    place.audit("what several servers wrote", &[1, 7, 19_999].map(members::id));
    rows()
}
