//! A lane: tasks of one kind that wait are done together, in one transaction. A worker takes what
//! waits, without waiting for more, so that a task alone is a batch of one and many share
//! statements, round trips and commit.

use std::{
    fmt,
    hash::{DefaultHasher, Hasher},
    ops::Range,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
    thread,
};

use tokio::sync::oneshot;

use super::{connection::DatabaseUrl, store::Store, tx::Tx};
use crate::kernel::error::{Error, Refusal, Result};

/// How many tasks share a transaction at most.
const LARGEST_BATCH: usize = 256;
/// How many tasks wait for a worker at most; more are told to come again.
const LONGEST_QUEUE: usize = 4096;

/// What a lane's tasks do to the database.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Access {
    /// On a connection for reading, each statement seeing what is committed then.
    Reads,
    /// In a transaction; tasks are answered after its commit.
    Writes,
}

/// Something to be done together with others of its kind.
pub trait Task: Send + Sync + 'static {
    /// What comes of it; a refusal is an answer.
    type Answer: Send + 'static;

    /// The name of the lane's threads.
    const LANE: &'static str;
    const ACCESS: Access;

    /// Does all of them, in order, each on its own; answers one for each. It may run more than
    /// once: another transaction won, or one of the tasks failed and each is tried alone.
    ///
    /// # Errors
    /// What is nobody's doing: the database's own.
    fn run(tx: &mut Tx<'_>, batch: &[&Self]) -> Result<Vec<Self::Answer>>;

    /// Tasks that touch the same rows hash alike, and so share a worker.
    fn hash_rows(&self, state: &mut impl Hasher);
}

/// Hands tasks to the lane's workers, which end when every handle is gone.
pub struct Lane<T: Task>(Vec<SyncSender<Box<Waiting<T>>>>);

struct Waiting<T: Task> {
    task: T,
    reply: oneshot::Sender<Result<T::Answer>>,
}

impl<T: Task> fmt::Debug for Lane<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Lane").field(&self.0.len()).finish()
    }
}

impl<T: Task> Lane<T> {
    /// Starts the workers.
    ///
    /// # Errors
    /// Where a thread can't be started.
    pub fn open(store: &Store) -> Result<Self> {
        // SQLite has one writer, and readers that get in each other's way
        let workers = match store.url() {
            DatabaseUrl::Sqlite(_) => 1,
            DatabaseUrl::Postgres(_) => 2,
        };
        let start = |number| {
            let (sender, receiver) = sync_channel(LONGEST_QUEUE);
            let store = store.clone();
            thread::Builder::new()
                .name(format!("{}-{number}", T::LANE))
                .spawn(move || serve(&store, &receiver))
                .map_err(|error| Error::Internal(Box::new(error)))?;
            Ok(sender)
        };
        Ok(Self((0..workers).map(start).collect::<Result<_>>()?))
    }

    /// Has a task done in the next batch.
    ///
    /// # Errors
    /// The database's own; [`Refusal::Overloaded`] where too many wait.
    pub async fn send(&self, task: T) -> Result<T::Answer> {
        const ENDED: &str = "a lane's worker ended";
        let mut hasher = DefaultHasher::new();
        task.hash_rows(&mut hasher);
        let workers = self.0.len().max(1) as u64;
        let place = usize::try_from(hasher.finish() % workers).unwrap_or_default();
        let worker = self.0.get(place).ok_or_else(|| Error::internal(ENDED))?;
        let (reply, answer) = oneshot::channel();
        match worker.try_send(Box::new(Waiting { task, reply })) {
            Ok(()) => answer.await.map_err(|_| Error::internal(ENDED))?,
            Err(TrySendError::Full(_)) => {
                Err(Refusal::Overloaded { retry_after_seconds: 1 }.into())
            }
            Err(TrySendError::Disconnected(_)) => Err(Error::internal(ENDED)),
        }
    }
}

fn serve<T: Task>(store: &Store, tasks: &Receiver<Box<Waiting<T>>>) {
    while let Ok(first) = tasks.recv() {
        let more = tasks.try_iter().take(LARGEST_BATCH - 1);
        // who went away before their task began has nothing to be told
        let batch = std::iter::once(first).chain(more).filter(|waiting| !waiting.reply.is_closed());
        let (tasks, replies): (Vec<T>, Vec<_>) =
            batch.map(|waiting| (waiting.task, waiting.reply)).unzip();
        if !tasks.is_empty() {
            run_batch(store, tasks, replies);
        }
    }
}

/// Does a batch and answers everybody. Where it fails, its tasks are tried one at a time, so that
/// the one at fault takes nobody along.
fn run_batch<T: Task>(
    store: &Store,
    tasks: Vec<T>,
    replies: Vec<oneshot::Sender<Result<T::Answer>>>,
) {
    let tasks = Arc::new(tasks);
    let outcomes = match run_tasks(store, &tasks, 0..tasks.len()) {
        Ok(answers) => answers.into_iter().map(Ok).collect(),
        // nobody was looked at, or all were and nobody knows what came of it
        Err(Error::Refused(refusal @ (Refusal::Overloaded { .. } | Refusal::OutcomeUnknown))) => {
            refused_all(&refusal, tasks.len())
        }
        Err(error) if tasks.len() > 1 => {
            tracing::warn!(%error, tasks = tasks.len(), "a batch failed; each is tried alone");
            (0..tasks.len()).map(|place| run_alone(store, &tasks, place)).collect()
        }
        Err(error) => vec![Err(error)],
    };
    for (reply, outcome) in replies.into_iter().zip(outcomes) {
        // the caller may have gone away; what was committed stands
        drop(reply.send(outcome));
    }
}

fn refused_all<A>(refusal: &Refusal, tasks: usize) -> Vec<Result<A>> {
    std::iter::repeat_with(|| Err(refusal.clone().into())).take(tasks).collect()
}

fn run_alone<T: Task>(store: &Store, tasks: &Arc<Vec<T>>, place: usize) -> Result<T::Answer> {
    run_tasks(store, tasks, place..place + 1)?
        .pop()
        .ok_or_else(|| Error::internal("a task without an answer"))
}

/// Does some of the tasks in one go.
fn run_tasks<T: Task>(
    store: &Store,
    tasks: &Arc<Vec<T>>,
    which: Range<usize>,
) -> Result<Vec<T::Answer>> {
    let tasks = Arc::clone(tasks);
    let body = move |tx: &mut Tx<'_>| {
        let batch: Vec<&T> = tasks[which.clone()].iter().collect();
        let answers = T::run(tx, &batch)?;
        if answers.len() == batch.len() {
            Ok(answers)
        } else {
            Err(Error::internal(format!("{} answers to {} tasks", answers.len(), batch.len())))
        }
    };
    // whoever panics takes nobody along either
    let outcome = catch_unwind(AssertUnwindSafe(|| match T::ACCESS {
        Access::Reads => store.read_here(body),
        Access::Writes => store.write_here(body),
    }));
    outcome.unwrap_or_else(|_| Err(Error::internal("a task panicked")))
}
