//! As a stranger measures: a client that is not ours, members drawn at random from many, a key with
//! every POST; beside *the minimum* ([`minimum`]) instead of our own statements.

use super::{
    Measure, Site, http,
    load::{Load, Request},
    members::{self, ENDS, RICH, Range},
    minimum::{self, What},
    place::Server,
    processors,
    support::programs,
    table::{Figures, Goal, Row},
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
    let cost = |name| Row::Figure(cost_of(name), None);
    vec![
        Row::Group("As a stranger measures: 20,000 members at random, a key with every POST"),
        figure(WRITES),
        cost(WRITES),
        figure(READS),
        cost(READS),
        figure("earn, wrk"),
        cost("earn, wrk"),
        share("earn, wrk", WRITES, [AtLeast(2.0), AtLeast(2.0)]),
        figure("earn without a key, wrk"),
        figure("earn, our client"),
        figure("earn without a key, our client"),
        figure("redeem, wrk"),
        cost("redeem, wrk"),
        share("redeem, wrk", WRITES, [AtLeast(1.0), AtLeast(1.0)]),
        Row::Spread("its best round ÷ its worst", "redeem, wrk", AtMost(1.3)),
        figure("order, wrk"),
        cost("order, wrk"),
        share("order, wrk", WRITES, [AtLeast(1.5), None]),
        figure("balance, wrk"),
        cost("balance, wrk"),
        share("balance, wrk", READS, [None, AtLeast(0.6)]),
    ]
}

/// The name of what each costs.
fn cost_of(name: &str) -> &'static str {
    const COSTS: [(&str, &str); 6] = [
        (WRITES, "→ minimum of a change: processor, µs each"),
        (READS, "→ minimum of a balance: processor, µs each"),
        ("earn, wrk", "→ earn: processor, µs each"),
        ("redeem, wrk", "→ redeem: processor, µs each"),
        ("order, wrk", "→ order: processor, µs each"),
        ("balance, wrk", "→ balance: processor, µs each"),
    ];
    COSTS.iter().find(|(of, _)| *of == name).map_or("", |(_, cost)| cost)
}

/// Notes how many there were in a second, and what each cost the server and the database.
fn note(
    figures: &mut Figures,
    site: &Site,
    name: &'static str,
    server: Option<&Server>,
    run: impl FnOnce() -> f64,
) {
    let which = site.raw.which;
    let before = processors::spent(which, server);
    let per_second = run();
    let spent = processors::spent(which, server).zip(before).map(|(after, before)| after - before);
    figures.note(which, name, per_second);
    if let (Some(spent), false) = (spent, cost_of(name).is_empty()) {
        figures.note(which, cost_of(name), spent / (per_second * site.time.as_secs_f64()));
    }
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
                note(figures, site, name, Some(&site.server), || {
                    wrk::run(&program, place, address, &MANY, ask, site.time)
                });
            })
        })),
        None => programs::skipped("wrk is not installed: what a client sees that is not ours"),
    }
    measures
}

fn least<'a>(site: &'a Site, name: &'static str, what: What) -> Measure<'a> {
    Measure::new(move |figures, _| {
        note(figures, site, name, None, || minimum::run(&site.raw, what, site.time));
    })
}
