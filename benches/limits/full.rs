//! Earn with a million members and ten million entries, against an empty database.

use std::time::Instant;

use super::{
    Options, http,
    load::Load,
    members::{self, ENDS},
    place::{Place, Server},
    support::both::Which,
    table::{Figures, Goal, Row},
};

/// Entries of each member.
const ENTRIES: i64 = 10;
/// How many members the load asks for at most, spread over all.
const ASKED: u32 = 100_000;
/// How many members one transaction enrols: ten million rows at once are no database's friend.
const PART: u32 = 50_000;

fn rows() -> Vec<Row> {
    vec![
        Row::Group("A million members, ten million entries: earns a second at 64 connections"),
        Row::Figure("earn, empty database", Goal::None),
        Row::Figure("earn, full database", Goal::None),
        Row::Ratio(
            "of the empty one",
            "earn, full database",
            "earn, empty database",
            [Goal::AtLeast(0.9); 2],
        ),
    ]
}

pub fn measure(options: &Options, on: &[Which], figures: &mut Figures) -> Vec<Row> {
    let filled: Vec<_> = on
        .iter()
        .map(|which| {
            let few = options.members.min(1000);
            [served(*which, few, 0), served(*which, options.members, ENTRIES)]
        })
        .collect();
    for _ in 0..options.rounds {
        for [empty, full] in &filled {
            for (name, (place, server, load)) in
                [("earn, empty database", empty), ("earn, full database", full)]
            {
                let outcome = load.run(&server.address, http::CONNECTIONS, options.time);
                figures.note(place.which, name, outcome.per_second);
            }
        }
    }
    for (place, ..) in filled.iter().flatten() {
        let sampled: Vec<_> =
            (1..=20).map(|n| members::id(options.members.min(1000) / 20 * n)).collect();
        place.audit("a full database", &sampled);
    }
    rows()
}

fn served(which: Which, members: u32, entries: i64) -> (Place, Server, Load) {
    let place = Place::new(which).expect("the database is there");
    let started = Instant::now();
    for first in (1..=members).step_by(PART as usize) {
        let last = members.min(first + PART - 1);
        members::enrol(&place, &(first..=last), entries, 10, ENDS);
    }
    place.settle_down();
    eprintln!("  {which:?}: {members} members in {:.0?}", started.elapsed());
    let step = (members / ASKED).max(1);
    let load = Load::new(http::earn(&place, (1..=members).step_by(step as usize)));
    let server = Server::start(&place);
    (place, server, load)
}
