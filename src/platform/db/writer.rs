//! SQLite's one writer: a thread that owns the write connection and commits everything that waits
//! in one transaction, a savepoint each, answering after the commit (group commit).

mod begin;
mod checkpoints;
mod journal;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::Arc,
    sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    thread::{self, JoinHandle},
};

use diesel::connection::TransactionManager;
use tokio::sync::oneshot;

use self::{
    begin::{begin, open},
    checkpoints::Checkpoints,
};
use super::{
    condition::Condition,
    connection::{Connector, DbConnection},
    failure::{self, Failure},
    news::{Listeners, News},
    tx::{Env, Tx},
};
use crate::kernel::error::{Error, Refusal, Result};

/// How many commands wait at most; more are told to come again.
const LONGEST_QUEUE: usize = 10_000;
/// How many commands share a commit at most.
const LARGEST_GROUP: usize = 256;

trait Job: Send {
    /// Runs, in a savepoint of its own where it has company, and keeps the outcome.
    fn run(&mut self, conn: &mut DbConnection, env: &Env, is_alone: bool);
    /// Whether it is to be undone.
    fn has_failed(&self) -> bool;
    /// What the database could not do: then SQLite may have ended the whole transaction by itself.
    fn hindrance(&self) -> Option<String>;
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

    fn hindrance(&self) -> Option<String> {
        match &self.outcome {
            Some(Err(Error::Internal(error))) if failure::of(&**error) != Failure::Fault => {
                Some(error.to_string())
            }
            _ => None,
        }
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

/// Hands commands to the writer thread, which ends with it: all that was asked for is done then, and
/// its connection closed, so that SQLite brings what it wrote into the file itself.
pub struct Writer {
    commands: Option<SyncSender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread; it opens its connection when the first command comes.
    /// It tells `listeners` what each commit did.
    pub fn start(
        connector: Connector,
        file: &Path,
        env: Env,
        listeners: Arc<Listeners>,
        condition: Arc<Condition>,
    ) -> std::io::Result<Self> {
        let (sender, receiver) = sync_channel(LONGEST_QUEUE);
        let checkpoints = Checkpoints::new(&connector, file);
        let thread = Thread { connector, env, listeners, condition, checkpoints, conn: None };
        let thread = thread::Builder::new()
            .name("vildar-writer".to_owned())
            .spawn(move || thread.serve(&receiver))?;
        Ok(Self { commands: Some(sender), thread: Some(thread) })
    }

    /// Has `body` run in the next group; its outcome comes when that is committed.
    pub fn write<T, F>(&self, body: F) -> Result<oneshot::Receiver<Result<T>>>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let commands = self.commands.as_ref().ok_or_else(ended)?;
        match commands.try_send(Box::new(Write {
            body,
            outcome: None,
            news: News::default(),
            reply,
        })) {
            Ok(()) => Ok(answer),
            Err(TrySendError::Full(_)) => {
                Err(Refusal::Overloaded { retry_after_seconds: 1 }.into())
            }
            Err(TrySendError::Disconnected(_)) => Err(ended()),
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.commands = None;
        if let Some(thread) = self.thread.take()
            // a command that held the last handle of the store ends on the thread itself
            && thread.thread().id() != thread::current().id()
            && thread.join().is_err()
        {
            tracing::error!("the writer thread ended badly");
        }
    }
}

/// The thread is gone, and with it every answer.
pub fn ended() -> Error {
    Error::internal("the writer thread ended")
}

/// What the writer's thread works with.
struct Thread {
    connector: Connector,
    env: Env,
    listeners: Arc<Listeners>,
    condition: Arc<Condition>,
    // ends before the connection, which is then the last one and empties the journal
    checkpoints: Checkpoints,
    conn: Option<DbConnection>,
}

impl Thread {
    fn serve(mut self, commands: &Receiver<Box<dyn Job>>) {
        while let Ok(first) = commands.recv() {
            let mut group = vec![first];
            group.extend(commands.try_iter().take(LARGEST_GROUP - 1));
            self.run_group(group);
        }
    }

    /// Runs a group and answers it. A command that panics is answered alone; its neighbours run again without
    /// it.
    fn run_group(&mut self, mut group: Vec<Box<dyn Job>>) {
        while !group.is_empty() {
            let failed = match self.try_commit(&mut group) {
                Ok(()) => {
                    self.tell(&group);
                    for job in group {
                        job.answer(None);
                    }
                    if let Some(conn) = &mut self.conn {
                        self.checkpoints.committed(conn);
                    }
                    return;
                }
                Err(failed) => failed,
            };
            // its transaction goes with it
            self.conn = None;
            if let Failed::Panicked(position) = failed {
                group.remove(position).answer(Some(Error::internal("a command panicked")));
                continue;
            }
            match failed {
                Failed::Unable(_) => self.condition.set_failed_to_write(true),
                Failed::Unknown(_) => self.tell(&group), // it may be so
                _ => {}
            }
            tracing::warn!(why = %failed, "a group of writes failed");
            for job in group {
                job.answer(Some(failed.told()));
            }
            return;
        }
    }

    fn tell(&self, group: &[Box<dyn Job>]) {
        self.listeners.tell(group.iter().fold(News::default(), |news, job| news | job.news()));
    }

    fn try_commit(&mut self, group: &mut [Box<dyn Job>]) -> Result<(), Failed> {
        let conn = if let Some(conn) = self.conn.take() {
            conn
        } else {
            self.checkpoints.start_anew();
            open(&self.connector).map_err(|error| Failed::Unable(error.to_string()))?
        };
        let conn = self.conn.insert(conn);
        if let DbConnection::Sqlite(sqlite) = conn {
            begin(sqlite)?;
        }
        let is_alone = group.len() == 1;
        for (position, job) in group.iter_mut().enumerate() {
            catch_unwind(AssertUnwindSafe(|| job.run(conn, &self.env, is_alone)))
                .map_err(|_| Failed::Panicked(position))?;
            if let Some(why) = job.hindrance() {
                return Err(Failed::Unable(why));
            }
        }
        if is_alone && group.iter().all(|job| job.has_failed()) {
            Manager::rollback_transaction(conn).map_err(|error| Failed::of(&error))
        } else {
            Manager::commit_transaction(conn).map_err(|error| Failed::of_commit(&error))
        }
    }
}

type Manager = <DbConnection as diesel::Connection>::TransactionManager;

/// Why a group was not committed.
#[derive(thiserror::Error, Debug)]
enum Failed {
    #[error("the command at {0} panicked")]
    Panicked(usize),
    /// Nothing was changed, and it may go another time.
    #[error("{0}")]
    Unable(String),
    /// Another process did not let it begin.
    #[error("another process writes all the time, and this one never could")]
    Busy,
    /// The commit may stand after all.
    #[error("the commit failed: {0}")]
    Unknown(String),
    #[error("{0}")]
    Fault(String),
}

impl Failed {
    fn of(error: &diesel::result::Error) -> Self {
        match failure::of_database(error) {
            Failure::Fault => Self::Fault(error.to_string()),
            _ => Self::Unable(error.to_string()),
        }
    }

    /// A full disk has no room for the end of a commit. What else goes wrong may go wrong after that
    /// end was written, and a restart would find it there.
    fn of_commit(error: &diesel::result::Error) -> Self {
        use diesel::result::{DatabaseErrorKind::ForeignKeyViolation, Error::DatabaseError};
        let told = error.to_string();
        match error {
            DatabaseError(ForeignKeyViolation, _) => Self::Fault(told),
            _ if told.contains("database or disk is full") => Self::Unable(told),
            _ => Self::Unknown(told),
        }
    }

    /// What a caller is told.
    fn told(&self) -> Error {
        match self {
            Self::Busy => Refusal::Overloaded { retry_after_seconds: 1 }.into(),
            Self::Unable(_) => Refusal::Overloaded { retry_after_seconds: 5 }.into(),
            Self::Unknown(_) => Refusal::OutcomeUnknown.into(),
            Self::Panicked(_) | Self::Fault(_) => Error::internal(self),
        }
    }
}
