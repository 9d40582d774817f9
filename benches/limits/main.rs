//! How fast Vildar is, beside the limits of its databases, measured side by side in one run:
//!
//! ```sh
//! cargo bench --bench limits                   # five rounds of three seconds each
//! cargo bench --bench limits -- --rounds 3 --seconds 5 --only http
//! cargo bench --bench limits -- --full         # with a million members and a million lots
//! cargo bench --bench limits -- --statements   # are the limits' statements those that Vildar runs?
//! ```
//!
//! Each figure is the median of its rounds; the rounds go in turn, and both databases within each,
//! so that a noisy machine disturbs all rows alike; a ratio is the median of the rounds' ratios.
//! What is measured is the real binary, `vildar serve`, in a process of its own with its usual
//! options. PostgreSQL's rows need its programs, `pgbench` too; without them they are left out,
//! loudly. Everything shares the machine's cores: server, database and load.

#[path = "../../tests/support/mod.rs"]
mod support;

mod bare;
mod full;
mod hot;
mod http;
mod import;
mod large;
mod letters;
mod limits;
mod load;
mod members;
mod minimum;
mod occasions;
mod pgbench;
mod place;
mod process;
mod processors;
mod seen;
mod servers;
mod statements;
mod stranger;
mod sweep;
mod table;
mod wrk;

use std::{process::ExitCode, time::Duration};

use self::{
    load::Load,
    place::{Place, Server},
    support::both::Which,
    table::{Figures, Row},
};

/// What was asked for.
pub struct Options {
    rounds: usize,
    time: Duration,
    only: Vec<String>,
    full: bool,
    /// Members of the full database, with ten entries each.
    members: u32,
    statements: bool,
}

const GROUPS: [&str; 12] = [
    "limits",
    "http",
    "hot",
    "stranger",
    "servers",
    "large",
    "full",
    "sweep",
    "letters",
    "occasions",
    "import",
    "process",
];

fn options() -> Options {
    let mut options = Options {
        rounds: 5,
        time: Duration::from_secs(3),
        only: Vec::new(),
        full: false,
        members: 1_000_000,
        statements: false,
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut number = || -> Option<u32> { words.next()?.parse().ok() };
        match word.as_str() {
            "--rounds" => {
                options.rounds = number().expect("--rounds takes a number").max(1) as usize;
            }
            "--seconds" => {
                let seconds = number().expect("--seconds takes a number").max(1);
                options.time = Duration::from_secs(seconds.into());
            }
            "--members" => options.members = number().expect("--members takes a number"),
            "--only" => {
                let group = words.next().filter(|word| GROUPS.contains(&word.as_str()));
                let group = group.unwrap_or_else(|| panic!("--only takes one of {GROUPS:?}"));
                options.only.push(group);
            }
            "--full" => options.full = true,
            "--statements" => options.statements = true,
            "--bench" => {} // cargo's own
            other => panic!(
                "{other}? There are --rounds N, --seconds N, --only GROUP, --full, --members N and \
                 --statements"
            ),
        }
    }
    options
}

impl Options {
    fn runs(&self, group: &str) -> bool {
        // the full database takes long to fill
        let asked_for = group != "full" || self.full;
        asked_for && (self.only.is_empty() || self.only.iter().any(|only| only == group))
    }
}

/// Something that is measured once a round.
pub struct Measure<'a> {
    run: Box<dyn FnMut(&mut Figures, usize) + 'a>,
}

impl<'a> Measure<'a> {
    /// `run` is given the figures to note, and the round's number from 0.
    pub fn new(run: impl FnMut(&mut Figures, usize) + 'a) -> Self {
        Self { run: Box::new(run) }
    }
}

/// One database's places: one for the limits alone, one that is served.
pub struct Site {
    raw: Place,
    served: Place,
    server: Server,
    time: Duration,
}

impl Site {
    fn new(which: Which, time: Duration) -> Option<Self> {
        let enrolled = |place: Place| {
            http::enrol(&place);
            place
        };
        let raw = enrolled(Place::new(which)?);
        let served = enrolled(Place::new(which)?);
        Some(Self { server: Server::start(&served), raw, served, time })
    }

    /// Operations a second through HTTP.
    fn throughput(&self, name: &'static str, load: Load) -> Measure<'_> {
        Measure::new(move |figures, _| {
            let outcome = load.run(&self.server.address, http::CONNECTIONS, self.time);
            figures.note(self.served.which, name, outcome.per_second);
        })
    }

    /// What was measured must have been right as well.
    fn audit(&self) {
        let sampled = [1, 7, 1001, 1007, 2001, 2007, 3001, 4001, 4002, 100_001, 107_919];
        let sampled = sampled.map(members::id);
        self.raw.audit("what the limits' statements wrote", &sampled);
        self.served.audit("what was posted over HTTP", &sampled);
    }
}

/// Measures a group of its own, and answers its rows.
type Slow = fn(&Options, &[Which], &mut Figures) -> Vec<Row>;
/// A group whose measures are taken in turn with others: its name, its rows, its measures.
type InTurn = (&'static str, fn() -> Vec<Row>, for<'a> fn(&'a Site) -> Vec<Measure<'a>>);

fn main() -> ExitCode {
    support::scratch::be_durable();
    let options = options();
    if options.statements {
        return if statements::differ() { ExitCode::FAILURE } else { ExitCode::SUCCESS };
    }
    let on: Vec<Which> = [Which::Sqlite, Which::Postgres]
        .into_iter()
        .filter(|which| *which == Which::Sqlite || support::postgres::cluster().is_some())
        .collect();
    let mut figures = Figures::default();
    let mut rows = in_turn(&options, &on, &mut figures);
    let slow: [(&str, Slow); 8] = [
        ("servers", servers::measure),
        ("large", large::measure),
        ("full", full::measure),
        ("sweep", sweep::measure),
        ("letters", letters::measure),
        ("occasions", occasions::measure),
        ("import", import::measure),
        ("process", process::measure),
    ];
    for (group, measure) in slow {
        if options.runs(group) {
            eprintln!("{group}");
            rows.extend(measure(&options, &on, &mut figures));
        }
    }
    println!();
    table::print(&rows, &figures, &on);
    ExitCode::SUCCESS
}

/// What is measured against each other, in turn: the limits, HTTP, the hot member, a stranger's clients.
fn in_turn(options: &Options, on: &[Which], figures: &mut Figures) -> Vec<Row> {
    let groups: [InTurn; 4] = [
        ("limits", limits::rows, limits::measures),
        ("http", http::rows, http::measures),
        ("hot", hot::rows, hot::measures),
        ("stranger", stranger::rows, stranger::measures),
    ];
    let mut groups = groups.to_vec();
    groups.retain(|(name, ..)| options.runs(name));
    if groups.is_empty() {
        return Vec::new();
    }
    let new = |which: &Which| Site::new(*which, options.time).expect("the database is there");
    let sites: Vec<Site> = on.iter().map(new).collect();
    let all = |site| groups.iter().flat_map(move |(.., measures)| measures(site));
    let mut measures: Vec<Vec<Measure<'_>>> =
        sites.iter().map(|site| all(site).collect()).collect();
    for round in 0..options.rounds {
        eprintln!("round {} of {}", round + 1, options.rounds);
        for position in 0..measures[0].len() {
            for of_site in &mut measures {
                (of_site[position].run)(figures, round);
            }
        }
    }
    drop(measures);
    sites.iter().for_each(Site::audit);
    groups.iter().flat_map(|(_, rows, _)| rows()).collect()
}
