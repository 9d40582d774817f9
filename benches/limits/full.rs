//! A million members and ten million entries: earn against an empty database, what staff look for,
//! and how soon a server is there.

use std::time::Instant;

use super::{
    Options, http,
    load::{Load, Request},
    members::{self, ENDS, RICH},
    place::{Place, Server},
    support::both::Which,
    table::{Figures, Goal, Row},
};

/// Entries of each member, and points of each entry: enough for some redemptions.
const ENTRIES: i64 = 10;
const POINTS: i64 = 1000;
/// How many members the load asks for at most, spread over all.
const ASKED: u32 = 100_000;
/// How many members one transaction enrols: ten million rows at once are no database's friend.
const PART: u32 = 50_000;

/// What is asked of both: how it is called there, and there.
const ASKED_OF_BOTH: [[&str; 2]; 3] = [
    ["earn, no history", "earn, ten million entries"],
    ["redeem, no history", "redeem, ten million entries"],
    ["balance, no history", "balance, ten million entries"],
];

fn rows() -> Vec<Row> {
    let mut rows = vec![Row::Group(
        "A million members, ten million entries, against 100,000 members and an entry each: a second at 64 \
         connections, of 100,000 in turn",
    )];
    for [empty, full] in ASKED_OF_BOTH {
        rows.push(Row::Figure(empty, Goal::None));
        rows.push(Row::Figure(full, Goal::None));
        rows.push(Row::Ratio("of the other", full, empty, [Goal::AtLeast(0.9); 2]));
    }
    rows.push(Row::Group("There, one after the other: median time of an answer"));
    rows.extend(READS.map(|(name, ..)| Row::Figure(name, Goal::AtMost(50.0))));
    rows.push(Row::Figure(START, Goal::AtMost(0.1)));
    rows
}

/// What is read, in milliseconds, and its path; of one of the members, where that has a hole.
const READS: [(&str, &str); 7] = [
    ("the newest members, ms", "/v1/members"),
    ("a search for what all have, ms", "/v1/members?q=member"),
    ("a search for what 11,000 have, ms", "/v1/members?q=%C3%89clair17"),
    ("a search for two words, ms", "/v1/members?q=member%20%C3%89CLAIR17"),
    ("a search for an e-mail, ms", "/v1/members?q=m4711@example.com"),
    ("a search for what nobody has, ms", "/v1/members?q=%C3%9Eorgeir"),
    ("a member's entries, ms", "/v1/members/MEMBER/entries"),
];
const START: &str = "start on that database, s";

pub fn measure(options: &Options, on: &[Which], figures: &mut Figures) -> Vec<Row> {
    let filled: Vec<[Filled; 2]> = on
        .iter()
        .map(|which| {
            let few = options.members.min(ASKED);
            [served(*which, few, 1, RICH), served(*which, options.members, ENTRIES, POINTS)]
        })
        .collect();
    for _ in 0..options.rounds {
        for (command, names) in ASKED_OF_BOTH.into_iter().enumerate() {
            for of_both in &filled {
                for ((place, server, loads), name) in of_both.iter().zip(names) {
                    let outcome =
                        loads[command].run(&server.address, http::CONNECTIONS, options.time);
                    figures.note(place.which, name, outcome.per_second);
                }
            }
        }
    }
    for [_, (place, server, _)] in &filled {
        read(options, place, server, figures);
    }
    for (place, ..) in filled.iter().flatten() {
        let sampled: Vec<_> =
            (1..=20).map(|n| members::id(options.members.min(ASKED) / 20 * n)).collect();
        place.audit("a full database", &sampled);
    }
    rows()
}

fn read(options: &Options, place: &Place, server: &Server, figures: &mut Figures) {
    let staff = server.staff_token(place);
    for _ in 0..options.rounds {
        for (name, path) in READS {
            let path = path.replace("MEMBER", &members::id(options.members / 2).to_string());
            let load = Load::new([Request::get(&path, &staff)]);
            let outcome = load.run(&server.address, 1, options.time / 3);
            figures.note(place.which, name, outcome.median() / 1000.0);
        }
    }
    for _ in 0..options.rounds {
        let started = Server::start(place).took_to_start;
        figures.note(place.which, START, started.as_secs_f64());
    }
}

/// A database, a server on it, and what is asked of that.
type Filled = (Place, Server, [Load; 3]);

fn served(which: Which, members: u32, entries: i64, points: i64) -> Filled {
    let place = Place::new(which).expect("the database is there");
    let started = Instant::now();
    for first in (1..=members).step_by(PART as usize) {
        let last = members.min(first + PART - 1);
        members::enrol(&place, &(first..=last), entries, points, ENDS);
    }
    place.settle_down();
    eprintln!("  {which:?}: {members} members in {:.0?}", started.elapsed());
    let step = (members / ASKED).max(1) as usize;
    let asked = || (1..=members).step_by(step);
    let loads = [
        Load::new(http::earn(&place, asked())),
        Load::new(http::redeem(&place, asked())),
        Load::new(http::balance(&place, asked())),
    ];
    let server = Server::start(&place);
    (place, server, loads)
}
