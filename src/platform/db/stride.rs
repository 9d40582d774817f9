//! How much long work does in one transaction: little, where others wait for it.

use std::time::{Duration, Instant};

use diesel::{
    QueryableByName, RunQueryDsl,
    sql_types::{BigInt, Bool},
};

use super::{DbConnection, Store, Tx};
use crate::kernel::error::Result;

/// How long somebody who was there is taken to be.
const COMPANY_STAYS: Duration = Duration::from_secs(1);
/// Longer than a server that waits for SQLite's lock sleeps between two looks at it.
const PAUSE: Duration = Duration::from_millis(2);

/// How something goes through many things, some in each transaction.
#[derive(Debug)]
pub struct Stride {
    /// How long it works at what it takes, where others are there.
    brief: Duration,
    /// And where nobody is.
    long: Duration,
    /// How many things come next.
    next: usize,
    fewest: usize,
    most: usize,
    has_one_writer: bool,
    others_were_there_at: Option<Instant>,
    last: Others,
}

impl Stride {
    /// Of a process that may have the database for itself; it takes `most` things at most.
    #[must_use]
    pub fn of_command(store: &Store, most: usize) -> Self {
        let brief = if store.has_one_writer() { 1200 } else { 6000 };
        Self::new(store, brief, 250_000, [16.min(most), most])
    }

    /// Of a chore beside others' commands, which wait for it where a database has one writer: then it
    /// takes about as long as a commit does.
    #[must_use]
    pub fn of_chore(store: &Store) -> Self {
        let brief = if store.has_one_writer() { 1000 } else { 4000 };
        Self::new(store, brief, brief, [4, 1000])
    }

    fn new(store: &Store, brief: u64, long: u64, [fewest, most]: [usize; 2]) -> Self {
        Self {
            brief: Duration::from_micros(brief),
            long: Duration::from_micros(long),
            next: fewest,
            fewest,
            most,
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
        let fit = usize::try_from(fit).unwrap_or(self.most).min(self.next * 2);
        self.next = fit.clamp(self.fewest, self.most);
    }

    /// Has `body` run in a transaction; answers what that took, too.
    ///
    /// # Errors
    /// What `body` answers.
    pub async fn timed<T: Send + 'static>(
        &self,
        store: &Store,
        mut body: impl FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<(T, Taken)> {
        let asks = self.brief != self.long;
        let write = store.write(move |tx| {
            let begun = Instant::now();
            let outcome = body(tx)?;
            let time = begun.elapsed();
            Ok((outcome, Taken { time, others: if asks { others(tx)? } else { Others::None } }))
        });
        write.await
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
    /// Without the wait for SQLite's lock.
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

/// Whether another process' session asked for something lately: those of one process have a name in
/// common. Of another role's sessions PostgreSQL may not tell.
const OTHERS: &str = "SELECT EXISTS (SELECT FROM pg_stat_activity \
    WHERE datname = current_database() AND backend_type = 'client backend' \
    AND state_change > clock_timestamp() - interval '1 second' \
    AND application_name <> current_setting('application_name')) AS some";

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
