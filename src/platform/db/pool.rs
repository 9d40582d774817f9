//! A pool of connections that minds those which died unseen.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use diesel::connection::SimpleConnection;
use r2d2::{ManageConnection, Pool, PooledConnection};

use super::{
    connection::{Connector, DbConnection, WAIT_FOR_CONNECTION},
    failure::{self, Failure},
    url::DatabaseUrl,
};
use crate::kernel::error::{Error, Refusal, Result};

/// How long after its last use a connection is taken to be alive without asking.
const TRUSTED: Duration = Duration::from_secs(1);

/// Connections to either database.
pub struct Connections {
    connector: Connector,
    pool: Pool<Connector>,
    /// When a connection was last found broken.
    last_lost: Mutex<Option<Instant>>,
}

/// Why something that ran on a connection has no result.
pub struct Ended {
    pub what: Failure,
    pub error: Error,
}

/// When a connection of the pool was last used.
struct LastUsed(Instant);

impl Connections {
    /// A pool that connects when it is first asked.
    pub fn new(connector: Connector, most: u32) -> Self {
        let pool = Pool::builder()
            .max_size(most.max(1))
            .min_idle(Some(0))
            .test_on_check_out(false)
            .connection_timeout(WAIT_FOR_CONNECTION)
            .error_handler(Box::new(LogConnectionError))
            .build_unchecked(connector.clone());
        Self { connector, pool, last_lost: Mutex::default() }
    }

    /// Runs `body` on a connection.
    ///
    /// # Errors
    /// What `body` answers, and what that means; [`Refusal::Overloaded`] where there is no connection.
    pub fn with<T>(&self, body: impl FnOnce(&mut DbConnection) -> Result<T>) -> Result<T, Ended> {
        let mut conn = self.connection().map_err(Ended::by_itself)?;
        let outcome = body(&mut conn);
        PooledConnection::extensions_mut(&mut conn).insert(LastUsed(Instant::now()));
        outcome.map_err(|error| match &error {
            Error::Refused(_) => Ended::by_itself(error),
            Error::Internal(why) => {
                let what = match failure::of(&**why) {
                    _ if self.has_lost(&mut conn) => Failure::Lost,
                    // a primary that became a standby stays one: the next connection may be better
                    what @ (Failure::Lost | Failure::Unable) => {
                        conn.discard();
                        what
                    }
                    what => what,
                };
                if what == Failure::Lost {
                    // where one is broken, its neighbours may be
                    *self.last_lost.lock().unwrap_or_else(PoisonError::into_inner) =
                        Some(Instant::now());
                }
                Ended { what, error }
            }
        })
    }

    /// A connection of the pool. One that rested may have died of it (the database was restarted):
    /// it is asked first.
    fn connection(&self) -> Result<PooledConnection<Connector>> {
        for _ in 0..=self.pool.max_size() {
            let mut conn = self.pool.get().map_err(|error| {
                tracing::warn!(%error, "no database connection");
                Refusal::Overloaded { retry_after_seconds: 2 }
            })?;
            // one that was made for a caller who then took another's has rested since nobody knows when
            let rested = self.is_postgres()
                && PooledConnection::extensions(&conn)
                    .get::<LastUsed>()
                    .is_none_or(|used| self.distrusts(used.0));
            if !rested || conn.batch_execute("SELECT 1").is_ok() {
                return Ok(conn);
            }
            conn.discard();
        }
        Err(LOST.into())
    }

    const fn is_postgres(&self) -> bool {
        matches!(self.connector.url, DatabaseUrl::Postgres(_))
    }

    fn distrusts(&self, used: Instant) -> bool {
        let lost = *self.last_lost.lock().unwrap_or_else(PoisonError::into_inner);
        used.elapsed() > TRUSTED || lost.is_some_and(|lost| used < lost)
    }

    /// Whether the connection is gone, whatever was said of it: it is asked, for diesel does not see
    /// every end, and not every server speaks English.
    fn has_lost(&self, conn: &mut PooledConnection<Connector>) -> bool {
        self.is_postgres()
            && (self.connector.has_broken(conn) || conn.batch_execute("SELECT 1").is_err())
    }
}

/// What a caller is told whose connection ended before anything was done.
const LOST: Refusal = Refusal::Overloaded { retry_after_seconds: 1 };

impl Ended {
    /// For an end that asks for nothing: a refusal.
    const fn by_itself(error: Error) -> Self {
        Self { what: Failure::Fault, error }
    }

    /// What the caller is told, where nothing was changed; what passes is logged here.
    pub fn told(self) -> Error {
        let Self { what, error } = self;
        let retry_after_seconds = match what {
            Failure::Fault => return error,
            Failure::Conflict | Failure::Lost => 1,
            Failure::Unable => 5,
        };
        tracing::warn!(%error, ?what, "the database could not do it now");
        Refusal::Overloaded { retry_after_seconds }.into()
    }

    /// What the caller is told whose commit was under way.
    pub fn with_unknown_outcome(self) -> Error {
        tracing::warn!(error = %self.error, "the answer to a commit never came");
        Refusal::OutcomeUnknown.into()
    }
}

#[derive(Debug)]
struct LogConnectionError;

impl<E: std::fmt::Display> r2d2::HandleError<E> for LogConnectionError {
    fn handle_error(&self, error: E) {
        tracing::warn!(%error, "the database can't be reached");
    }
}
