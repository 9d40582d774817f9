//! The one way to the database: [`Store::read`] and [`Store::write`].

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use diesel::{Connection, connection::SimpleConnection};
use r2d2::{ManageConnection, Pool, PooledConnection};
use tokio::sync::Notify;

use super::{
    connection::{Connector, DatabaseUrl, DbConnection, Use, WAIT_FOR_CONNECTION},
    news::{Listeners, News},
    tx::{Env, Tx},
    writer::{self, Writer},
};
use crate::kernel::{
    chance::Chance,
    clock::Clock,
    error::{Error, Refusal, Result},
};

/// A database, SQLite or PostgreSQL, with the time and chance that its transactions see.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    url: DatabaseUrl,
    env: Env,
    /// Told after each commit what it did.
    listeners: Arc<Listeners>,
    connector: Connector,
    pool: Pool<Connector>,
    /// When a connection was last found broken.
    last_lost: Mutex<Option<Instant>>,
    /// SQLite's writer; PostgreSQL writes through the pool.
    writer: Option<Writer>,
}

/// How often a PostgreSQL transaction that lost to another is tried in all.
const TRIES: u32 = 8;

impl Store {
    /// A store that connects when it is first asked, so that a server starts while its database
    /// is still away. `connections` is the most it opens at once.
    ///
    /// # Errors
    /// Where the writer's thread can't be started.
    pub fn open(url: DatabaseUrl, env: Env, connections: u32) -> Result<Self> {
        let use_for = if matches!(url, DatabaseUrl::Sqlite(_)) { Use::Read } else { Use::Write };
        let listeners = Arc::new(Listeners::default());
        let writer = match &url {
            DatabaseUrl::Sqlite(_) => {
                let connector = Connector { url: url.clone(), use_for: Use::Write };
                let writer = Writer::start(connector, env.clone(), Arc::clone(&listeners));
                Some(writer.map_err(|error| Error::Internal(Box::new(error)))?)
            }
            DatabaseUrl::Postgres(_) => None,
        };
        Ok(Self::with(Connector { url, use_for }, env, connections, listeners, writer))
    }

    /// A store that is only to be read, in the way that [`super::still::use_to_read`] found.
    #[must_use]
    pub fn open_to_read(url: DatabaseUrl, use_for: Use, env: Env, connections: u32) -> Self {
        Self::with(Connector { url, use_for }, env, connections, Arc::default(), None)
    }

    fn with(
        connector: Connector,
        env: Env,
        connections: u32,
        listeners: Arc<Listeners>,
        writer: Option<Writer>,
    ) -> Self {
        let pool = Pool::builder()
            .max_size(connections.max(1))
            .min_idle(Some(0))
            .test_on_check_out(false)
            .connection_timeout(WAIT_FOR_CONNECTION)
            .error_handler(Box::new(LogConnectionError))
            .build_unchecked(connector.clone());
        Self(Arc::new(Inner {
            url: connector.url.clone(),
            env,
            listeners,
            connector,
            pool,
            last_lost: Mutex::default(),
            writer,
        }))
    }

    #[must_use]
    pub fn url(&self) -> &DatabaseUrl {
        &self.0.url
    }

    /// Whether it is a file that is read as one that nobody writes to.
    #[must_use]
    pub fn reads_still(&self) -> bool {
        self.0.connector.use_for == Use::ReadStill
    }

    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.env.clock
    }

    #[must_use]
    pub fn chance(&self) -> &Chance {
        &self.0.env.chance
    }

    /// Rung after every commit that queued a letter.
    #[must_use]
    pub fn bell(&self) -> &Arc<Notify> {
        &self.0.listeners.bell
    }

    /// Changes with every commit here by which somebody may do less than before: what was known of
    /// callers under another number is to be looked up again.
    #[must_use]
    pub fn standing(&self) -> u64 {
        self.0.listeners.standing()
    }

    /// Runs `body` on a connection of the pool, each statement seeing what is committed then.
    ///
    /// # Errors
    /// What `body` answers; [`Refusal::Overloaded`] where no connection is to be had.
    pub async fn read<T, F>(&self, body: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let store = self.clone();
        blocking(move || store.read_here(body)).await
    }

    /// The same on this thread, which waits.
    pub(super) fn read_here<T>(&self, body: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let inner = &*self.0;
        inner.on_connection(|conn| body(&mut Tx::new(conn, &inner.env)))
    }

    /// Runs `body` on one snapshot: all its statements see the same state of the database.
    ///
    /// # Errors
    /// As [`Store::read`].
    pub async fn snapshot<T, F>(&self, body: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        self.read(move |tx| {
            let env = tx.env();
            tx.conn.transaction(|conn| {
                if matches!(conn, DbConnection::Postgres(_)) {
                    conn.batch_execute(
                        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",
                    )?;
                }
                body(&mut Tx::new(conn, env))
            })
        })
        .await
    }

    /// Runs `body` in a transaction of its own and answers after the commit. It may run more than
    /// once (another transaction won), so it owns what it needs; an error rolls all back.
    ///
    /// # Errors
    /// What `body` answers; [`Refusal::Overloaded`] where no connection is to be had.
    pub async fn write<T, F>(&self, mut body: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        if let Some(writer) = &self.0.writer {
            return writer.write(body)?.await.map_err(|_| writer::ended())?;
        }
        let inner = Arc::clone(&self.0);
        blocking(move || inner.write_retrying(&mut body)).await
    }

    /// The same on this thread, which waits.
    pub(super) fn write_here<T, F>(&self, mut body: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        match &self.0.writer {
            Some(writer) => writer.write(body)?.blocking_recv().map_err(|_| writer::ended())?,
            None => self.0.write_retrying(&mut body),
        }
    }
}

/// What a caller is told whose connection ended in the middle.
const CONNECTION_LOST: Refusal = Refusal::Overloaded { retry_after_seconds: 1 };
/// How long after its last use a connection is taken to be alive without asking.
const TRUSTED: Duration = Duration::from_secs(1);

/// When a connection of the pool was last used.
struct LastUsed(Instant);

impl Inner {
    /// Runs `body` in a transaction on a connection of the pool, again where another one won.
    fn write_retrying<T>(&self, body: &mut impl FnMut(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let mut tries = 1;
        loop {
            let mut may_be_committed = false;
            let mut news = News::default();
            let outcome = self.on_connection(|conn| {
                conn.transaction(|conn| {
                    let mut tx = Tx::new(conn, &self.env);
                    let outcome = body(&mut tx);
                    news = tx.news;
                    may_be_committed = outcome.is_ok();
                    outcome
                })
            });
            if outcome.is_ok() {
                self.listeners.tell(news);
            }
            match outcome {
                Err(Error::Internal(error)) if tries < TRIES && lost_to_another(&*error) => {
                    std::thread::sleep(Duration::from_millis(u64::from(tries * tries)));
                    tries += 1;
                }
                // its connection ended under it, and nothing can have been committed
                Err(Error::Refused(refusal))
                    if refusal == CONNECTION_LOST && tries < TRIES && !may_be_committed =>
                {
                    tries += 1;
                }
                outcome => return outcome,
            }
        }
    }

    fn on_connection<T>(&self, body: impl FnOnce(&mut DbConnection) -> Result<T>) -> Result<T> {
        let mut conn = self.connection()?;
        let outcome = body(&mut conn);
        PooledConnection::extensions_mut(&mut conn).insert(LastUsed(Instant::now()));
        match outcome {
            Err(Error::Internal(error)) if self.pool_has_lost(&mut conn) => {
                tracing::warn!(%error, "a database connection was lost");
                Err(CONNECTION_LOST.into())
            }
            outcome => outcome,
        }
    }

    /// A connection of the pool. One that rested may have died of it (the database was restarted):
    /// it is asked first.
    fn connection(&self) -> Result<PooledConnection<Connector>> {
        for _ in 0..=self.pool.max_size() {
            let mut conn = self.pool.get().map_err(|error| {
                tracing::warn!(%error, "no database connection");
                Refusal::Overloaded { retry_after_seconds: 2 }
            })?;
            let rested = matches!(&self.url, DatabaseUrl::Postgres(_))
                && PooledConnection::extensions(&conn)
                    .get::<LastUsed>()
                    .is_some_and(|used| self.distrusts(used.0));
            if !rested || conn.batch_execute("SELECT 1").is_ok() {
                return Ok(conn);
            }
        }
        Err(CONNECTION_LOST.into())
    }

    fn distrusts(&self, used: Instant) -> bool {
        let lost = *self.last_lost.lock().unwrap_or_else(PoisonError::into_inner);
        used.elapsed() > TRUSTED || lost.is_some_and(|lost| used < lost)
    }

    /// Whether the connection is broken; where one is, its neighbours may be.
    fn pool_has_lost(&self, conn: &mut PooledConnection<Connector>) -> bool {
        let lost = matches!(&self.url, DatabaseUrl::Postgres(_)) && self.connector.has_broken(conn);
        if lost {
            *self.last_lost.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        }
        lost
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Internal(Box::new(error)))?
}

/// Deadlocks and serialisation failures: PostgreSQL rolled one side back, and it may try again.
fn lost_to_another(error: &(dyn std::error::Error + 'static)) -> bool {
    use diesel::result::{DatabaseErrorKind::SerializationFailure, Error::DatabaseError};
    match error.downcast_ref::<diesel::result::Error>() {
        Some(DatabaseError(SerializationFailure, _)) => true,
        Some(DatabaseError(_, information)) => information.message() == "deadlock detected",
        _ => false,
    }
}

#[derive(Debug)]
struct LogConnectionError;

impl<E: std::fmt::Display> r2d2::HandleError<E> for LogConnectionError {
    fn handle_error(&self, error: E) {
        tracing::warn!(%error, "the database can't be reached");
    }
}
