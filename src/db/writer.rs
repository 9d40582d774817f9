//! SQLite's one writer: a thread that owns the write connection and commits everything that waits
//! in one transaction, a savepoint each, answering after the commit (group commit).

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    thread,
    time::{Duration, Instant},
};

use diesel::{
    SqliteConnection,
    connection::{AnsiTransactionManager, SimpleConnection, TransactionManager},
};
use tokio::sync::oneshot;

use super::{
    connection::{Connector, DbConnection},
    news::{Listeners, News},
    tx::{Env, Tx},
};
use crate::kernel::error::{Error, Refusal, Result};

/// How many commands wait at most; more are told to come again.
const LONGEST_QUEUE: usize = 10_000;
/// How many commands share a commit at most.
const LARGEST_GROUP: usize = 256;
/// How long a group asks for SQLite's lock.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long it waits before it asks again.
const ASK_AGAIN: Duration = Duration::from_millis(1);

trait Job: Send {
    /// Runs, in a savepoint of its own where it has company, and keeps the outcome.
    fn run(&mut self, conn: &mut DbConnection, env: &Env, is_alone: bool);
    /// Whether it is to be undone.
    fn has_failed(&self) -> bool;
    /// Tells the caller: its outcome after the commit, or why there was none.
    fn answer(self: Box<Self>, failed: Option<Error>);
    /// What others are to be told after the commit.
    fn news(&self) -> News;
}

struct Write<T, F> {
    body: F,
    outcome: Option<Result<T>>,
    news: News,
    reply: oneshot::Sender<Result<T>>,
}

impl<T: Send, F: FnMut(&mut Tx<'_>) -> Result<T> + Send> Job for Write<T, F> {
    fn run(&mut self, conn: &mut DbConnection, env: &Env, is_alone: bool) {
        let mut tx = Tx::new(conn, env);
        let outcome = if is_alone { (self.body)(&mut tx) } else { tx.savepoint(&mut self.body) };
        self.news = if outcome.is_ok() { tx.news } else { News::default() };
        self.outcome = Some(outcome);
    }

    fn has_failed(&self) -> bool {
        !matches!(self.outcome, Some(Ok(_)))
    }

    fn answer(self: Box<Self>, failed: Option<Error>) {
        let outcome = match (failed, self.outcome) {
            (None, Some(outcome)) => outcome,
            (Some(error), _) => Err(error),
            (None, None) => Err(Error::internal("the command did not run")),
        };
        // The caller may have gone away; what was committed stands.
        drop(self.reply.send(outcome));
    }

    fn news(&self) -> News {
        self.news
    }
}

/// Hands commands to the writer thread, which ends when every handle is gone.
#[derive(Clone)]
pub struct Writer(SyncSender<Box<dyn Job>>);

impl Writer {
    /// Starts the thread; it opens its connection when the first command comes.
    /// It tells `listeners` what each commit did.
    pub fn start(
        connector: Connector,
        env: Env,
        listeners: Arc<Listeners>,
    ) -> std::io::Result<Self> {
        let (sender, receiver) = sync_channel(LONGEST_QUEUE);
        thread::Builder::new()
            .name("vildar-writer".to_owned())
            .spawn(move || serve(&connector, &env, &listeners, &receiver))?;
        Ok(Self(sender))
    }

    /// Has `body` run in the next group; its outcome comes when that is committed.
    pub fn write<T, F>(&self, body: F) -> Result<oneshot::Receiver<Result<T>>>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        match self.0.try_send(Box::new(Write { body, outcome: None, news: News::default(), reply }))
        {
            Ok(()) => Ok(answer),
            Err(TrySendError::Full(_)) => {
                Err(Refusal::Overloaded { retry_after_seconds: 1 }.into())
            }
            Err(TrySendError::Disconnected(_)) => Err(ended()),
        }
    }
}

/// The thread is gone, and with it every answer.
pub fn ended() -> Error {
    Error::internal("the writer thread ended")
}

fn serve(
    connector: &Connector,
    env: &Env,
    listeners: &Listeners,
    commands: &Receiver<Box<dyn Job>>,
) {
    let mut conn = None;
    while let Ok(first) = commands.recv() {
        let mut group = vec![first];
        group.extend(commands.try_iter().take(LARGEST_GROUP - 1));
        commit(&mut conn, connector, env, listeners, group);
    }
}

/// Commits a group. A command that panics is answered alone; its neighbours run again without it.
fn commit(
    kept: &mut Option<DbConnection>,
    connector: &Connector,
    env: &Env,
    listeners: &Listeners,
    mut group: Vec<Box<dyn Job>>,
) {
    while !group.is_empty() {
        let conn = match kept.take().map_or_else(|| open(connector), Ok) {
            Ok(conn) => kept.insert(conn),
            Err(error) => {
                fail(group, || Error::internal(format!("the database can't be opened: {error}")));
                return;
            }
        };
        match attempt(conn, env, &mut group) {
            Ok(()) => {
                listeners.tell(group.iter().fold(News::default(), |news, job| news | job.news()));
                for job in group {
                    job.answer(None);
                }
                return;
            }
            Err(Failed::Panicked(position)) => {
                *kept = None; // its transaction goes with it
                group.remove(position).answer(Some(Error::internal("a command panicked")));
            }
            Err(Failed::Database(error)) => {
                *kept = None;
                fail(group, || Error::internal(format!("the commit failed: {error}")));
                return;
            }
            Err(Failed::Busy) => {
                *kept = None;
                tracing::warn!("another process writes all the time, and this one never could");
                fail(group, || Refusal::Overloaded { retry_after_seconds: 1 }.into());
                return;
            }
        }
    }
}

fn fail(group: Vec<Box<dyn Job>>, why: impl Fn() -> Error) {
    for job in group {
        job.answer(Some(why()));
    }
}

enum Failed {
    Panicked(usize),
    Database(diesel::result::Error),
    /// Another process did not let it begin.
    Busy,
}

/// Begins to write. SQLite has no queue for its lock, and its own waits grow to a tenth of a second,
/// in which another busy process lets go and takes it again many times: who asks often has it.
fn begin(sqlite: &mut SqliteConnection) -> Result<(), Failed> {
    use diesel::result::Error::DatabaseError;
    let asked = Instant::now();
    loop {
        match AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN IMMEDIATE") {
            Ok(()) => return Ok(()),
            Err(DatabaseError(_, why)) if why.message() == "database is locked" => {
                if asked.elapsed() > PATIENCE {
                    return Err(Failed::Busy);
                }
                thread::sleep(ASK_AGAIN);
            }
            Err(error) => return Err(Failed::Database(error)),
        }
    }
}

/// A connection that answers at once where another has the lock, for [`begin`] to ask again.
fn open(connector: &Connector) -> diesel::ConnectionResult<DbConnection> {
    let mut conn = connector.open()?;
    conn.batch_execute("PRAGMA busy_timeout = 0")
        .map_err(diesel::ConnectionError::CouldntSetupConfiguration)?;
    Ok(conn)
}

fn attempt(conn: &mut DbConnection, env: &Env, group: &mut [Box<dyn Job>]) -> Result<(), Failed> {
    type Manager = <DbConnection as diesel::Connection>::TransactionManager;
    if let DbConnection::Sqlite(sqlite) = conn {
        begin(sqlite)?;
    }
    let is_alone = group.len() == 1;
    for (position, job) in group.iter_mut().enumerate() {
        catch_unwind(AssertUnwindSafe(|| job.run(conn, env, is_alone)))
            .map_err(|_| Failed::Panicked(position))?;
    }
    let end = if is_alone && group.iter().all(|job| job.has_failed()) {
        Manager::rollback_transaction(conn)
    } else {
        Manager::commit_transaction(conn)
    };
    end.map_err(Failed::Database)
}
