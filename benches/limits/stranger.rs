//! As a stranger measures: a client that is not ours, members drawn at random from many, a key with
//! every POST; beside *the minimum* ([`minimum`]) instead of our own statements.

use super::{
    Measure, Site, http,
    load::{Load, Request},
    members::{self, ENDS, RICH, Range},
    minimum::{self, What},
    support::programs,
    table::{Goal, Row},
    wrk::{self, Ask},
};

/// Those who are drawn from.
const MANY: Range = 100_001..=100_000 + minimum::MEMBERS;

const WRITES: &str = "minimum: a change of points";
const READS: &str = "minimum: a balance";

const ASKED: [(&str, Ask); 5] = [
    ("earn, wrk", Ask { method: "POST", path: ENTRIES, body: EARN, keyed: true }),
    ("earn without a key, wrk", Ask { method: "POST", path: ENTRIES, body: EARN, keyed: false }),
    (
        "redeem, wrk",
        Ask {
            method: "POST",
            path: "/v1/redemptions",
            body: r#"{"member_id": "MEMBER", "reward_id": "REWARD"}"#,
            keyed: true,
        },
    ),
    (
        "order, wrk",
        Ask {
            method: "POST",
            path: "/v1/orders",
            body: r#"{"external_id": "FRESH", "member_id": "MEMBER", "total": {"amount": 1999, "currency": "EUR"}}"#,
            keyed: true,
        },
    ),
    (
        "balance, wrk",
        Ask { method: "GET", path: "/v1/members/MEMBER/balance", body: "", keyed: false },
    ),
];
const ENTRIES: &str = "/v1/members/MEMBER/entries";
const EARN: &str = r#"{"kind": "earn", "points": 10, "reason": "a purchase"}"#;

pub fn rows() -> Vec<Row> {
    use Goal::{AtLeast, AtMost, None};
    let figure = |name| Row::Figure(name, None);
    let share = |of, least, goals| Row::Ratio("of the minimum", of, least, goals);
    vec![
        Row::Group("As a stranger measures: 20,000 members at random, a key with every POST"),
        figure(WRITES),
        figure(READS),
        figure("earn, wrk"),
        share("earn, wrk", WRITES, [AtLeast(2.0), AtLeast(2.0)]),
        figure("earn without a key, wrk"),
        figure("earn, our client"),
        figure("earn without a key, our client"),
        figure("redeem, wrk"),
        share("redeem, wrk", WRITES, [AtLeast(1.0), AtLeast(1.0)]),
        Row::Spread("its best round ÷ its worst", "redeem, wrk", AtMost(1.3)),
        figure("order, wrk"),
        share("order, wrk", WRITES, [AtLeast(1.5), None]),
        figure("balance, wrk"),
        share("balance, wrk", READS, [None, AtLeast(0.6)]),
    ]
}

pub fn measures(site: &Site) -> Vec<Measure<'_>> {
    members::enrol(&site.served, &MANY, 1, RICH, ENDS);
    site.served.settle_down();
    minimum::set_up(&site.raw);
    let mut measures = vec![least(site, WRITES, What::Write), least(site, READS, What::Read)];
    let keyed = http::earn_by(&site.served, MANY, Request::post_keyed);
    measures.push(site.throughput("earn, our client", Load::new(keyed)));
    let plain = http::earn(&site.served, MANY);
    measures.push(site.throughput("earn without a key, our client", Load::new(plain)));
    match wrk::program() {
        Some(program) => measures.extend(ASKED.iter().map(|(name, ask)| {
            let program = program.clone();
            Measure::new(move |figures, _| {
                let (place, address) = (&site.served, &site.server.address);
                let figure = wrk::run(&program, place, address, &MANY, ask, site.time);
                figures.note(place.which, name, figure);
            })
        })),
        None => programs::skipped("wrk is not installed: what a client sees that is not ours"),
    }
    measures
}

fn least<'a>(site: &'a Site, name: &'static str, what: What) -> Measure<'a> {
    Measure::new(move |figures, _| {
        figures.note(site.raw.which, name, minimum::run(&site.raw, what, site.time));
    })
}
