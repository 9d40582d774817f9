//! SQLite's own limit: a loop over the statements of one command, a transaction each, fully synced,
//! prepared once, on one connection and with nothing around it.

use std::time::{Duration, Instant};

use platform::{
    db::{
        DatabaseUrl,
        connection::{SQLITE, SQLITE_WRITER},
    },
    kernel::{chance::Chance, clock::Clock, id::RewardId},
};
use rusqlite::{Connection, Statement, types::Value};

use super::{
    members::{self, Range},
    place::Place,
    statements::{Command, FIXED, parse},
    support::both::Which,
};

/// What the runner itself gives to every transaction: the member, the time in microseconds, new
/// ids, a number that never comes twice; then what stays, the reward and [`FIXED`].
const OWN: [&str; 7] = [":member", ":now", ":id0", ":id1", ":id2", ":unique", ":reward"];

/// A statement, where its parameters' values stand, and where its row's values go.
struct Step<'c> {
    statement: Statement<'c>,
    binds: Vec<usize>,
    keeps: Option<std::ops::Range<usize>>,
}

/// Transactions a second.
pub fn run(place: &Place, command: Command, members: &Range, time: Duration) -> f64 {
    let conn = open(place);
    let mut names: Vec<String> = OWN.map(str::to_owned).to_vec();
    names.extend(FIXED.map(|(name, _)| format!(":{name}")));
    let mut steps: Vec<Step<'_>> = parse(command.script(Which::Sqlite))
        .map(|written| {
            let sql = written.sql;
            let statement = conn.prepare(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
            let name = |at| statement.parameter_name(at).expect("every parameter has a name");
            let place_of = |at| {
                let found = names.iter().position(|known| known == name(at));
                found.unwrap_or_else(|| panic!("{sql}: where does {} come from?", name(at)))
            };
            let binds = (1..=statement.parameter_count()).map(place_of).collect();
            let keeps = written.kept_as.map(|prefix| {
                let first = names.len();
                let columns = statement.column_names();
                names.extend(columns.iter().map(|column| format!(":{prefix}{column}")));
                first..names.len()
            });
            Step { statement, binds, keeps }
        })
        .collect();
    let mut values = vec![Value::Null; names.len()];
    let reward: RewardId = place.reward.parse().expect("an id");
    values[6] = Value::Blob(reward.uuid().as_bytes().to_vec());
    for (value, (_, fixed)) in values[OWN.len()..].iter_mut().zip(FIXED) {
        *value = fixed.parse().map_or_else(|_| Value::Text(fixed.to_owned()), Value::Integer);
    }
    let (clock, chance) = (Clock::system(), Chance::system());
    let ids: Vec<Vec<u8>> =
        members.clone().map(|number| members::id(number).uuid().as_bytes().to_vec()).collect();
    let started = Instant::now();
    let mut count = 0;
    while started.elapsed() < time {
        let now = clock.now();
        values[0] = Value::Blob(ids[count * 7919 % ids.len()].clone());
        values[1] = Value::Integer(now.as_microsecond());
        for id in &mut values[2..5] {
            *id = Value::Blob(chance.uuid_v7(now).as_bytes().to_vec());
        }
        values[5] = Value::Text(format!("{}-{count}", now.as_microsecond()));
        for step in &mut steps {
            step.run(&mut values);
        }
        count += 1;
    }
    let done = u32::try_from(count).expect("fewer than that");
    f64::from(done) / started.elapsed().as_secs_f64()
}

impl Step<'_> {
    fn run(&mut self, values: &mut [Value]) {
        for (at, from) in self.binds.iter().enumerate() {
            self.statement.raw_bind_parameter(at + 1, &values[*from]).expect("a value is bound");
        }
        let mut rows = self.statement.raw_query();
        let mut seen = 0;
        while let Some(row) = rows.next().expect("the statement runs") {
            for (column, to) in self.keeps.iter().flat_map(Clone::clone).enumerate() {
                values[to] = row.get(column).expect("a value");
            }
            seen += 1;
        }
        assert!(self.keeps.is_none() || seen == 1, "{seen} rows where one was to be kept");
    }
}

/// A connection set as Vildar's writer is; but it makes its checkpoints itself, when Vildar would.
pub fn open(place: &Place) -> Connection {
    let url: DatabaseUrl = place.url.parse().expect("a URL");
    let DatabaseUrl::Sqlite(path) = url else { panic!("the bare loop is SQLite's") };
    let conn = Connection::open(path).expect("the database opens");
    let settings = format!("{SQLITE} {SQLITE_WRITER} PRAGMA wal_autocheckpoint = 16000");
    conn.execute_batch(&settings).expect("the settings are taken");
    conn
}
