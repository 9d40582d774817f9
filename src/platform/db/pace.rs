//! How much long work does in one transaction: little, where others wait for it.

use std::time::{Duration, Instant};

use diesel::{
    QueryableByName, RunQueryDsl,
    sql_types::{BigInt, Bool},
};

use super::{DbConnection, Store, Tx};
use crate::kernel::error::Result;

/// How many things a transaction takes at most.
const MOST: usize = 2000;
/// How long somebody who was there is taken to be.
const COMPANY_STAYS: Duration = Duration::from_secs(1);
/// Longer than somebody who waits for SQLite's lock sleeps between two looks at it.
const PAUSE: Duration = Duration::from_millis(2);

/// The pace of something that goes through many things, some in each transaction.
#[derive(Debug)]
pub struct Pace {
    /// How long it works at what it takes, where others are there.
    brief: Duration,
    /// And where nobody is.
    long: Duration,
    /// How many things come next.
    next: usize,
    fewest: usize,
    has_one_writer: bool,
    others_were_there_at: Option<Instant>,
    last: Others,
}

impl Pace {
    /// Of a process that may have the database for itself.
    #[must_use]
    pub fn of_command(store: &Store) -> Self {
        let (brief, long) = if store.has_one_writer() { (1200, 40_000) } else { (6000, 40_000) };
        Self::new(store, brief, long, 16)
    }

    /// Of a chore beside others' commands, which wait for it where a database has one writer: then it
    /// takes no longer than a commit does.
    #[must_use]
    pub fn of_chore(store: &Store) -> Self {
        let brief = if store.has_one_writer() { 1000 } else { 4000 };
        Self::new(store, brief, brief, 4)
    }

    fn new(store: &Store, brief: u64, long: u64, fewest: usize) -> Self {
        Self {
            brief: Duration::from_micros(brief),
            long: Duration::from_micros(long),
            next: fewest,
            fewest,
            has_one_writer: store.has_one_writer(),
            others_were_there_at: None,
            last: Others::None,
        }
    }

    /// How many things are to come in the next transaction.
    #[must_use]
    pub const fn next(&self) -> usize {
        self.next
    }

    /// Whether others are at work on the database.
    #[must_use]
    pub fn has_company(&self) -> bool {
        self.others_were_there_at.is_some_and(|at| at.elapsed() < COMPANY_STAYS)
    }

    /// Goes by what so many things took.
    pub fn goes_by(&mut self, things: usize, taken: &Taken) {
        let are_there = match (self.last, taken.others) {
            (Others::Wrote(before), Others::Wrote(now)) => before != now,
            (_, others) => matches!(others, Others::Some),
        };
        if are_there {
            self.others_were_there_at = Some(Instant::now());
        }
        self.last = taken.others;
        let aim = if self.has_company() { self.brief } else { self.long };
        let fit = things as u128 * aim.as_micros() / taken.time.as_micros().max(1);
        let fit = usize::try_from(fit).unwrap_or(MOST).min(self.next * 2);
        self.next = fit.clamp(self.fewest, MOST);
    }

    /// Where one writes at a time, whoever waits has its turn now.
    pub async fn pause(&self) {
        if self.has_one_writer {
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// What a transaction took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Taken {
    /// Without the wait for its turn.
    pub time: Duration,
    others: Others,
}

/// Whether others are at work on the database.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum Others {
    #[default]
    None,
    Some,
    /// SQLite knows a number that is another one when somebody else has written.
    Wrote(i64),
}

/// Has `body` run in a transaction; answers what that took, too.
///
/// # Errors
/// What `body` answers.
pub async fn timed<T: Send + 'static>(
    store: &Store,
    mut body: impl FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
) -> Result<(T, Taken)> {
    let write = store.write(move |tx| {
        let begun = Instant::now();
        let outcome = body(tx)?;
        Ok((outcome, Taken { time: begun.elapsed(), others: others(tx)? }))
    });
    write.await
}

/// Sessions that were there before this process, and asked for something lately; this process' own
/// come about together. Of another role's sessions PostgreSQL may not tell.
const OTHERS: &str = "SELECT EXISTS (SELECT FROM pg_stat_activity AS other, \
    (SELECT backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()) AS own \
    WHERE other.datname = current_database() AND other.backend_type = 'client backend' \
    AND other.state_change > clock_timestamp() - interval '1 second' \
    AND other.backend_start < own.backend_start - interval '2 seconds') AS some";

fn others(tx: &mut Tx<'_>) -> Result<Others> {
    #[derive(QueryableByName)]
    struct Version {
        #[diesel(sql_type = BigInt)]
        data_version: i64,
    }
    #[derive(QueryableByName)]
    struct Sessions {
        #[diesel(sql_type = Bool)]
        some: bool,
    }
    Ok(match tx.conn {
        DbConnection::Sqlite(conn) => {
            let version: Version = diesel::sql_query("PRAGMA data_version").get_result(conn)?;
            Others::Wrote(version.data_version)
        }
        DbConnection::Postgres(conn) => {
            let sessions: Sessions = diesel::sql_query(OTHERS).get_result(conn)?;
            if sessions.some { Others::Some } else { Others::None }
        }
    })
}
