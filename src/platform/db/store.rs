//! The one way to the database: [`Store::read`] and [`Store::write`].

use std::{sync::Arc, time::Duration};

use diesel::{Connection, connection::SimpleConnection};
use tokio::sync::Notify;

use super::{
    condition::Condition,
    connection::{Connector, DbConnection, Use},
    failure::Failure,
    meta,
    migrate::{self, Standing},
    news::{Listeners, News},
    pool::{Connections, Ended},
    scrub::Scrubber,
    tx::{Env, Tx},
    url::DatabaseUrl,
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
    condition: Arc<Condition>,
    connections: Connections,
    use_for: Use,
    /// SQLite's writer; PostgreSQL writes through the pool.
    writer: Option<Writer>,
    /// For SQLite's file.
    scrubber: Option<Scrubber>,
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
        let listeners = Arc::new(Listeners::default());
        let condition = Arc::new(Condition::default());
        let (use_for, writer, scrubber) = match &url {
            DatabaseUrl::Sqlite(file) => {
                let connector = Connector { url: url.clone(), use_for: Use::Write };
                let scrubber = Scrubber::new(&connector, file);
                let (listeners, condition) = (Arc::clone(&listeners), Arc::clone(&condition));
                let writer = Writer::start(connector, file, env.clone(), listeners, condition)
                    .map_err(|error| Error::Internal(Box::new(error)))?;
                (Use::Read, Some(writer), Some(scrubber))
            }
            DatabaseUrl::Postgres(_) => (Use::Write, None, None),
        };
        let connector = Connector { url: url.clone(), use_for };
        let connections = Connections::new(connector, connections);
        Ok(Self(Arc::new(Inner {
            url,
            env,
            listeners,
            condition,
            connections,
            use_for,
            writer,
            scrubber,
        })))
    }

    /// A store that is only to be read, in the way that [`super::still::use_to_read`] found.
    #[must_use]
    pub fn open_to_read(url: DatabaseUrl, use_for: Use, env: Env, connections: u32) -> Self {
        let connector = Connector { url: url.clone(), use_for };
        Self(Arc::new(Inner {
            url,
            env,
            listeners: Arc::default(),
            condition: Arc::default(),
            connections: Connections::new(connector, connections),
            use_for,
            writer: None,
            scrubber: None,
        }))
    }

    /// The same database over connections of its own, `connections` at once at most: only to be read.
    #[must_use]
    pub fn readers(&self, connections: u32) -> Self {
        let Inner { url, env, listeners, condition, use_for, .. } = &*self.0;
        let connector = Connector { url: url.clone(), use_for: *use_for };
        Self(Arc::new(Inner {
            url: url.clone(),
            env: env.clone(),
            listeners: Arc::clone(listeners),
            condition: Arc::clone(condition),
            connections: Connections::new(connector, connections),
            use_for: *use_for,
            writer: None,
            scrubber: None,
        }))
    }

    #[must_use]
    pub fn url(&self) -> &DatabaseUrl {
        &self.0.url
    }

    /// Whether all who write wait for each other: on SQLite.
    #[must_use]
    pub fn has_one_writer(&self) -> bool {
        matches!(self.url(), DatabaseUrl::Sqlite(_))
    }

    /// Whether it is a file that is read as one that nobody writes to.
    #[must_use]
    pub fn reads_still(&self) -> bool {
        self.0.use_for == Use::ReadStill
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
    pub fn callers_epoch(&self) -> u64 {
        self.0.listeners.callers_epoch()
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
        self.0.read(body)
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
    /// What `body` answers; [`Refusal::Overloaded`] where the database can't do it now and nothing
    /// was changed; [`Refusal::OutcomeUnknown`] where the commit's answer never came.
    pub async fn write<T, F>(&self, mut body: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let inner = Arc::clone(&self.0);
        if let Some(writer) = &self.0.writer {
            if !inner.condition.fits() {
                blocking(move || inner.admit()).await?;
            }
            return writer.write(body)?.await.map_err(|_| writer::ended())?;
        }
        blocking(move || {
            inner.admit()?;
            inner.write(&mut body)
        })
        .await
    }

    /// The same on this thread, which waits.
    pub(super) fn write_here<T, F>(&self, mut body: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        self.0.admit()?;
        match &self.0.writer {
            Some(writer) => writer.write(body)?.blocking_recv().map_err(|_| writer::ended())?,
            None => self.0.write(&mut body),
        }
    }

    /// How the schema stands to this binary. Until it was seen to fit, and from when it no longer
    /// does, calls are [`Refusal::Overloaded`].
    ///
    /// # Errors
    /// [`Refusal::Overloaded`] where the database can't be reached.
    pub async fn schema_standing(&self) -> Result<Standing> {
        let inner = Arc::clone(&self.0);
        blocking(move || inner.schema_standing()).await
    }

    /// Whether writes go through, as far as is known: after one that the database could not do,
    /// something is written for its own sake.
    pub async fn takes_writes(&self) -> bool {
        let condition = &self.0.condition;
        if condition.failed_to_write() {
            let tried = self.write(meta::try_to_write).await.is_ok()
                && self.write(meta::forget_try).await.is_ok();
            condition.set_failed_to_write(!tried);
        }
        !condition.failed_to_write()
    }

    /// Has what was erased leave a file of SQLite's too: to be called now and then.
    pub async fn scrub(&self) -> Result<()> {
        let inner = Arc::clone(&self.0);
        if inner.scrubber.is_none() {
            return Ok(());
        }
        let erased = self.read(meta::erased_mark).await?;
        blocking(move || match &inner.scrubber {
            Some(scrubber) => scrubber.scrub(erased.as_deref()),
            None => Ok(()),
        })
        .await
    }
}

impl Inner {
    fn read<T>(&self, body: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        self.admit()?;
        self.connections.with(|conn| body(&mut Tx::new(conn, &self.env))).map_err(Ended::told)
    }

    /// Runs `body` in a transaction on a connection of the pool, again where another one won.
    fn write<T>(&self, body: &mut impl FnMut(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let mut tries = 0;
        loop {
            tries += 1;
            let mut committing = false;
            let mut news = News::default();
            let outcome = self.connections.with(|conn| {
                conn.transaction(|conn| {
                    let mut tx = Tx::new(conn, &self.env);
                    let outcome = body(&mut tx);
                    news = tx.news;
                    committing = outcome.is_ok();
                    outcome
                })
            });
            let ended = match outcome {
                Ok(value) => {
                    self.listeners.tell(news);
                    return Ok(value);
                }
                Err(ended) => ended,
            };
            match ended.what {
                Failure::Lost if committing => {
                    self.listeners.tell(news); // it may be so
                    return Err(ended.with_unknown_outcome());
                }
                // its connection ended under it, and nothing can have been committed
                Failure::Lost if tries < TRIES => {}
                Failure::Conflict if tries < TRIES => {
                    std::thread::sleep(Duration::from_millis(u64::from(tries * tries)));
                }
                what => {
                    if what == Failure::Unable {
                        self.condition.set_failed_to_write(true);
                    }
                    return Err(ended.told());
                }
            }
        }
    }

    /// Lets nobody in before the schema was seen to be this binary's.
    fn admit(&self) -> Result<()> {
        if self.condition.fits() {
            return Ok(());
        }
        match self.schema_standing()?.hindrance() {
            None => Ok(()),
            Some(why) => {
                tracing::error!(why, "the database can't be used");
                Err(Refusal::Overloaded { retry_after_seconds: 10 }.into())
            }
        }
    }

    fn schema_standing(&self) -> Result<Standing> {
        let standing = self.connections.with(migrate::standing).map_err(Ended::told)?;
        self.condition.set_fits(standing == Standing::Current);
        Ok(standing)
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Internal(Box::new(error)))?
}
