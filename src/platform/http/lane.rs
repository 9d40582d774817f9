//! POSTs that are answered many at a time: a lane for each kind of command, its requests under
//! idempotency as everywhere. A POST of another kind is a batch of one, and goes the same way.

use std::{
    any::{Any, TypeId},
    collections::{BTreeSet, HashMap},
    fmt,
    hash::{Hash, Hasher},
    sync::{Arc, PoisonError, RwLock},
};

use super::{
    Problem, Reply,
    idempotency::{self, Attempt, Keyed, Ruling, StoredAnswer},
};
use crate::{
    db::{
        Store, Tx,
        lane::{Access, Lane, Task},
    },
    kernel::{
        error::{Error, Refusal, Result},
        id::MemberId,
    },
};
use actix_web::http::StatusCode;

/// What a use case answers to a command: a status and a body, or its refusal.
pub type Answered<T> = Result<(StatusCode, T), Refusal>;

/// What a POST asks of a use case.
pub trait Command: Clone + Send + 'static {
    type Answer: Reply;

    /// Does all of them, in order, each decided on its own; a refusal has written nothing. Answers
    /// one for each.
    ///
    /// # Errors
    /// The database's own: then nothing of it stands, and each is tried alone.
    fn run(tx: &mut Tx<'_>, commands: &[Self]) -> Result<Vec<Answered<Self::Answer>>>;
}

/// A command that goes through a lane.
pub trait Laned: Command + Sync {
    /// The name of the lane's threads.
    const LANE: &'static str;

    /// What it is about: commands that hash alike share a worker, and never wait for each other.
    fn about(&self) -> impl Hash;
}

/// A command as it was sent: under which key, and by which request.
#[derive(Clone)]
pub struct Sent<C> {
    pub command: C,
    pub keyed: Option<Keyed>,
    /// Stands in the problem that is kept.
    pub request_id: String,
    /// Whom it is about, as far as the request says so.
    pub about: BTreeSet<MemberId>,
}

impl<C: Command> Sent<C> {
    /// Does all of them under idempotency: keys are looked up, what is new is done, and its answers
    /// are kept.
    pub fn run(tx: &mut Tx<'_>, batch: &[&Self]) -> Result<Vec<Result<Attempt, Refusal>>> {
        let keys: Vec<Option<&Keyed>> = batch.iter().map(|sent| sent.keyed.as_ref()).collect();
        let rulings = idempotency::rule(tx, &keys)?;
        let new: Vec<C> = batch
            .iter()
            .zip(&rulings)
            .filter(|(_, ruling)| matches!(ruling, Ruling::Run))
            .map(|(sent, _)| sent.command.clone())
            .collect();
        let done = if new.is_empty() { Vec::new() } else { C::run(tx, &new)? };
        let mut done = done.into_iter();
        let mut answers = Vec::with_capacity(batch.len());
        for (sent, ruling) in batch.iter().zip(rulings) {
            answers.push(match ruling {
                Ruling::Known(attempt) => attempt,
                Ruling::Run => {
                    let answer = done.next();
                    let answer = answer.ok_or_else(|| Error::internal("one answer too few"))?;
                    sent.stored(answer)?.map(Attempt::first)
                }
            });
        }
        let new = batch.iter().zip(&answers).filter_map(|(sent, answer)| {
            Some((sent.keyed.as_ref()?, answer.as_ref().ok()?.made()?))
        });
        idempotency::store(tx, &new.collect::<Vec<_>>())?;
        Ok(answers)
    }

    /// The answer as it goes out, and is given again: a success, or a refusal of the use case. Other
    /// refusals are not stored.
    fn stored(&self, answer: Answered<C::Answer>) -> Result<Result<StoredAnswer, Refusal>> {
        let mut members = self.about.clone();
        let (status, body) = match answer {
            Ok((status, reply)) => {
                members.extend(reply.members());
                (status, serde_json::to_vec(&reply)?)
            }
            Err(refusal) => {
                let problem = Problem::new(&refusal, &self.request_id);
                if !problem.refused_by_use_case {
                    return Ok(Err(refusal));
                }
                (problem.status(), problem.bytes())
            }
        };
        Ok(Ok(StoredAnswer { status: status.as_u16(), body, members }))
    }
}

impl<C: Laned> Task for Sent<C> {
    type Answer = Result<Attempt, Refusal>;

    const LANE: &'static str = C::LANE;
    const ACCESS: Access = Access::Writes;

    fn run(tx: &mut Tx<'_>, batch: &[&Self]) -> Result<Vec<Self::Answer>> {
        Self::run(tx, batch)
    }

    fn hash_rows(&self, state: &mut impl Hasher) {
        self.command.about().hash(state);
    }
}

type AnyLane = Arc<dyn Any + Send + Sync>;

/// Every lane, by what goes through it; each opens for its first task.
pub struct Lanes {
    store: Store,
    lanes: RwLock<HashMap<TypeId, AnyLane>>,
}

impl fmt::Debug for Lanes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lanes").finish_non_exhaustive()
    }
}

impl Lanes {
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self { store, lanes: RwLock::default() }
    }

    /// Has a task done in the next batch of its lane.
    ///
    /// # Errors
    /// As [`Lane::send`]; where the lane's threads can't be started.
    pub async fn send<T: Task>(&self, task: T) -> Result<T::Answer> {
        let lane = self.lane::<T>()?;
        lane.send(task).await
    }

    fn lane<T: Task>(&self) -> Result<Arc<Lane<T>>> {
        let open = self.lanes.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(lane) = find(&open) {
            return Ok(lane);
        }
        drop(open);
        let mut lanes = self.lanes.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(lane) = find(&lanes) {
            return Ok(lane);
        }
        let lane = Arc::new(Lane::open(&self.store)?);
        lanes.insert(TypeId::of::<T>(), Arc::clone(&lane) as AnyLane);
        Ok(lane)
    }
}

fn find<T: Task>(lanes: &HashMap<TypeId, AnyLane>) -> Option<Arc<Lane<T>>> {
    Arc::clone(lanes.get(&TypeId::of::<T>())?).downcast().ok()
}
