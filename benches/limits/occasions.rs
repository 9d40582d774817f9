//! Who has their day, in a minute: what the scheduler does every minute, with 10,000 members and
//! with many. It must cost no more among many, but for those whom it greets.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use diesel::{
    Connection, QueryableByName, RunQueryDsl, connection::InstrumentationEvent, sql_types::Text,
};
use platform::{
    db::{DbConnection, Store, tx::Env},
    kernel::{
        chance::Chance,
        clock::{Clock, Timestamp},
        id::MemberId,
        zone::Zone,
    },
};
use program::{
    members::{
        Audience,
        celebrating::{Whose, celebrating},
    },
    occasions::service,
};
use serde_json::json;

use super::{
    Options,
    members::{self, ZONES},
    place::{self, Place},
    support::both::Which,
    table::{Figures, Goal, Row},
};

const FEW: u32 = 10_000;
/// How many members one transaction enrols.
const PART: u32 = 50_000;

/// The hour that is measured, in UTC. It is nine in it at 03:15, where none of our members lives,
/// and at 03:30 and 04:00, where some do; in all other minutes it is nine nowhere.
const FIRST: Duration = Duration::from_secs(3 * 3600 + 9 * 60 + 30);
const MINUTES: u64 = 60;
/// In which of them it is nine in Kathmandu alone, and in which where members live.
const NOBODYS: u64 = 6;
const SOMEBODYS: [u64; 2] = [21, 51];
/// On how many days a round the first is measured, as it comes but once a day.
const DAYS: u32 = 9;

/// How the figures are called, with few members and with many.
const QUIET: [&str; 2] = ["nine nowhere, 10,000 members, ms", "nine nowhere, many members, ms"];
const SLOWEST_QUIET: [&str; 2] =
    ["nine nowhere, the slowest, 10,000, ms", "nine nowhere, the slowest, many, ms"];
const NOBODY: [&str; 2] =
    ["nine where nobody lives, 10,000 members, ms", "nine where nobody lives, many members, ms"];
const GREETING: [&str; 2] = ["a greeting, 10,000 members, ms", "a greeting, many members, ms"];
const SLOWEST: [&str; 2] = [
    "the slowest minute of all, 10,000 members, ms",
    "the slowest minute of all, many members, ms",
];

fn rows(options: &Options) -> Vec<Row> {
    let goals = [
        (QUIET, Goal::AtMost(1.5)),
        (SLOWEST_QUIET, Goal::None),
        (NOBODY, Goal::AtMost(1.5)),
        (GREETING, Goal::AtMost(1.5)),
    ];
    let mut rows = vec![Row::Group(if options.full {
        "Greeting whose day it is, a minute of the scheduler's; many: a million members"
    } else {
        "Greeting whose day it is, a minute of the scheduler's; many: 100,000 members"
    })];
    for ([few, many], goal) in goals {
        rows.push(Row::Figure(few, Goal::None));
        rows.push(Row::Figure(many, Goal::None));
        rows.push(Row::Ratio("of that with 10,000", many, few, [goal; 2]));
    }
    // it has the more to greet, the more there are
    rows.extend(SLOWEST.map(|name| Row::Figure(name, Goal::None)));
    rows
}

pub fn measure(options: &Options, on: &[Which], figures: &mut Figures) -> Vec<Row> {
    let many = if options.full { options.members } else { 100_000 };
    let new = |which: &Which| [Watched::new(*which, FEW), Watched::new(*which, many)];
    let all: Vec<[Watched; 2]> = on.iter().map(new).collect();
    for round in 0..options.rounds.min(3) {
        for (size, watched) in all.iter().flat_map(|two| two.iter().enumerate()) {
            watched.hour(round, size, figures);
        }
    }
    for watched in all.iter().map(|[_, many]| many) {
        watched.explain();
    }
    rows(options)
}

/// Members to greet, and a clock that is moved by hand.
struct Watched {
    place: Place,
    store: Store,
    clock: Clock,
    /// The first minute of the first day.
    start: Timestamp,
}

impl Watched {
    fn new(which: Which, members: u32) -> Self {
        let place = Place::new(which).expect("the database is there");
        let started = Instant::now();
        for first in (1..=members).step_by(PART as usize) {
            members::enrol_to_greet(&place, &(first..=members.min(first + PART - 1)));
        }
        place.settle_down();
        eprintln!("  {which:?}: {members} members in {:.0?}", started.elapsed());
        let utc = Zone::utc();
        let today = utc.date(Clock::system().now());
        let start = utc.midnight(today.tomorrow().expect("a date")).plus(FIRST);
        let clock = Clock::fixed(start);
        let env = Env { clock: clock.clone(), chance: Chance::system() };
        let store = Store::open(place.url.parse().expect("a URL"), env, 4).expect("a store");
        let birthday = json!({"kind": "birthday", "active": true, "send_at_local": "09:00"});
        let add = store.write(move |tx| {
            let birthday = serde_json::from_value(birthday.clone())?;
            service::add(tx, birthday).map(drop)
        });
        place::block_on(add).expect("the occasion is added");
        Self { place, store, clock, start }
    }

    /// Does what the scheduler does at this time; answers how long it took, in milliseconds.
    async fn minute(&self, at: Timestamp) -> f64 {
        assert!(self.clock.move_to(at), "the clock moves");
        let started = Instant::now();
        service::greet_due(&self.store).await.expect("it greets");
        started.elapsed().as_secs_f64() * 1000.0
    }

    #[expect(clippy::cast_precision_loss, reason = "there are few")]
    fn greetings(&self) -> f64 {
        self.place.number("SELECT count(*) AS n FROM letters") as f64
    }

    /// Measures the first minutes of some days, and on the last of them the whole hour.
    fn hour(&self, round: usize, size: usize, figures: &mut Figures) {
        let round = u32::try_from(round).expect("few");
        let (mut quiet, mut nobody, mut somebody) = (Vec::new(), Vec::new(), Vec::new());
        let mut greeted = 0.0;
        place::block_on(async {
            for day in 0..DAYS {
                let first = self.start.plus(Duration::from_hours(24) * (round * DAYS + day));
                // what came before that hour
                self.minute(first).await;
                let before = self.greetings();
                for minute in 1..=if day + 1 < DAYS { NOBODYS } else { MINUTES } {
                    let took = self.minute(first.plus(Duration::from_mins(minute))).await;
                    match minute {
                        NOBODYS => nobody.push(took),
                        minute if SOMEBODYS.contains(&minute) => somebody.push(took),
                        _ => quiet.push(took),
                    }
                }
                // to count them takes long, and would be noticed in the minute after
                greeted = self.greetings() - before;
                assert!((greeted > 0.0) == (day + 1 == DAYS), "{greeted} greetings");
            }
        });
        let which = self.place.which;
        figures.note(which, QUIET[size], median(&mut quiet));
        figures.note(which, SLOWEST_QUIET[size], slowest(&quiet));
        figures.note(which, NOBODY[size], median(&mut nobody));
        figures.note(which, GREETING[size], somebody.iter().sum::<f64>() / greeted);
        figures.note(which, SLOWEST[size], slowest(&[quiet, nobody, somebody].concat()));
    }

    /// Prints how the database finds whose day it is; where that is not by the index, it ends here.
    fn explain(&self) {
        for kind in [Kind::Birthday, Kind::Anniversary, Kind::Holiday] {
            for after in [None, Some(members::id(1))] {
                let sql = self.statement(kind, after);
                let plan = self.plan(&sql, &kind.values(self.start, after.is_some()));
                let which = self.place.which;
                eprintln!("  {which:?}: {sql}\n    {}", plan.join("\n    "));
                let found = match which {
                    Which::Sqlite => format!("SEARCH members USING INDEX {} (", kind.index()),
                    Which::Postgres => kind.index().to_owned(),
                };
                let is_used = plan.iter().any(|line| line.contains(&found));
                let has_bounds =
                    which == Which::Sqlite || plan.iter().any(|line| line.contains("Index Cond"));
                assert!(is_used && has_bounds, "{} is not used", kind.index());
            }
        }
    }

    /// The statement that finds them, as the database is given it.
    fn statement(&self, kind: Kind, after: Option<MemberId>) -> String {
        let seen: Arc<Mutex<Vec<String>>> = Arc::default();
        let kept = Arc::clone(&seen);
        let start = self.start;
        let find = self.store.read(move |tx| {
            tx.conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
                if let InstrumentationEvent::StartQuery { query, .. } = event {
                    kept.lock().unwrap_or_else(PoisonError::into_inner).push(query.to_string());
                }
            });
            let (day, zones) = (day(start), ZONES.map(ToOwned::to_owned));
            let whose = match kind {
                Kind::Birthday => Whose::Born { day: &day, zones: &zones },
                Kind::Anniversary => Whose::Joined { from: a_year_before(start), to: start },
                Kind::Holiday => Whose::LivingIn { zone: ZONES[0] },
            };
            celebrating(tx, &whose, &Audience::default(), after, 100).map(drop)
        });
        place::block_on(find).expect("they are found");
        let seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        let last = seen.last().expect("a statement");
        last.split("-- binds: ").next().unwrap_or_default().trim().to_owned()
    }

    /// How the database would go about it. PostgreSQL is told the values, which it sees when it
    /// makes a plan; SQLite makes its own without them.
    fn plan(&self, sql: &str, values: &[String]) -> Vec<String> {
        #[derive(QueryableByName)]
        struct Sqlite {
            #[diesel(sql_type = Text)]
            detail: String,
        }
        #[derive(QueryableByName)]
        struct Postgres {
            #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
            line: String,
        }
        let mut conn: DbConnection = place::connect(&self.place.url);
        match self.place.which {
            Which::Sqlite => {
                let explain = diesel::sql_query(format!("EXPLAIN QUERY PLAN {sql}"));
                let rows: Vec<Sqlite> = explain.load(&mut conn).expect("a plan");
                rows.into_iter().map(|row| row.detail).collect()
            }
            Which::Postgres => {
                let mut sql = sql.to_owned();
                // from the last on: $1 is part of $10
                for (place, value) in values.iter().enumerate().rev() {
                    sql = sql.replace(&format!("${}", place + 1), &format!("'{value}'"));
                }
                let explain = diesel::sql_query(format!("EXPLAIN {sql}"));
                let rows: Vec<Postgres> = explain.load(&mut conn).expect("a plan");
                rows.into_iter().map(|row| row.line).collect()
            }
        }
    }
}

/// A kind of occasion, by how it finds its members.
#[derive(Clone, Copy)]
enum Kind {
    Birthday,
    Anniversary,
    Holiday,
}

impl Kind {
    const fn index(self) -> &'static str {
        match self {
            Self::Birthday => "members_by_birthday",
            Self::Anniversary => "members_by_enrolment",
            Self::Holiday => "members_by_zone",
        }
    }

    /// What its statement is given, in order: for the first of them, or the next after member 1.
    fn values(self, start: Timestamp, next: bool) -> Vec<String> {
        let (id, from) = (format!("{:032}", 1), a_year_before(start).to_string());
        let (mut values, after) = match self {
            Self::Birthday => (vec![day(start), format!("{{{}}}", ZONES.join(","))], vec![id]),
            Self::Anniversary => {
                (vec![from.clone(), start.to_string()], vec![from.clone(), from.clone(), from, id])
            }
            Self::Holiday => (vec![ZONES[0].to_owned()], vec![id]),
        };
        if next {
            values.extend(after);
        }
        values.push("100".to_owned());
        values
    }
}

fn day(start: Timestamp) -> String {
    Zone::utc().date(start).strftime("%m-%d").to_string()
}

fn a_year_before(start: Timestamp) -> Timestamp {
    start.minus(Duration::from_hours(24 * 365))
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn slowest(times: &[f64]) -> f64 {
    times.iter().copied().fold(0.0, f64::max)
}
