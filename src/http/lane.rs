//! POSTs that are answered many at a time: a lane for each kind of command, its requests under
//! idempotency as everywhere. A POST of another kind is a batch of one, and goes the same way.

use std::{
    any::{Any, TypeId, type_name},
    collections::{BTreeSet, HashMap},
    fmt,
    hash::{Hash, Hasher},
};

use actix_web::http::StatusCode;
use serde::Serialize;
use serde_json::Value;

use super::{
    Problem,
    idempotency::{self, Attempt, Kept, Keyed, Ruling},
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

/// What a use case answers to a command: a status and a body, or its refusal.
pub type Answered<T> = Result<(StatusCode, T), Refusal>;

/// What a POST asks of a use case.
pub trait Command: Clone + Send + 'static {
    type Answer: Serialize;

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
    /// The member in the path, or whom else the answer tells about.
    pub named: Option<MemberId>,
}

impl<C: Command> Sent<C> {
    /// Does all of them under idempotency: keys are looked up, what is new is done, and its answers
    /// are kept.
    ///
    /// # Errors
    /// The database's own.
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
                    sent.kept(answer)?.map(Attempt::first)
                }
            });
        }
        let kept = batch.iter().zip(&answers).filter_map(|(sent, answer)| {
            Some((sent.keyed.as_ref()?, answer.as_ref().ok()?.made()?))
        });
        idempotency::keep(tx, &kept.collect::<Vec<_>>())?;
        Ok(answers)
    }

    /// The answer as it goes out, and is given again: a success, or a refusal of the use case. Other
    /// refusals are not kept.
    fn kept(&self, answer: Answered<C::Answer>) -> Result<Result<Kept, Refusal>> {
        match answer {
            Ok((status, value)) => {
                let mut members: BTreeSet<MemberId> = self.named.into_iter().collect();
                if self.keyed.is_some() && members.is_empty() {
                    told_of(&serde_json::to_value(&value)?, &mut members);
                }
                let body = serde_json::to_vec(&value)?;
                Ok(Ok(Kept { status: status.as_u16(), body, members }))
            }
            Err(refusal) => {
                let problem = Problem::new(&refusal, &self.request_id);
                if !problem.refused_by_use_case {
                    return Ok(Err(refusal));
                }
                let status = problem.status().as_u16();
                let members = self.named.into_iter().collect();
                Ok(Ok(Kept { status, body: problem.bytes(), members }))
            }
        }
    }
}

/// Whom an answer tells about, itself or in what it holds.
fn told_of(value: &Value, members: &mut BTreeSet<MemberId>) {
    match value {
        Value::String(text) => members.extend(text.parse::<MemberId>().ok()),
        Value::Array(items) => items.iter().for_each(|item| told_of(item, members)),
        Value::Object(fields) => fields.values().for_each(|field| told_of(field, members)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

impl<C: Laned> Task for Sent<C> {
    type Answer = Result<Attempt, Refusal>;

    const ACCESS: Access = Access::Writes;

    fn run(tx: &mut Tx<'_>, batch: &[&Self]) -> Result<Vec<Self::Answer>> {
        Self::run(tx, batch)
    }

    fn hash_rows(&self, state: &mut impl Hasher) {
        self.command.about().hash(state);
    }
}

/// Every lane, by what goes through it.
pub struct Lanes {
    store: Store,
    lanes: HashMap<TypeId, Box<dyn Any + Send + Sync>>,
}

impl fmt::Debug for Lanes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Lanes").field(&self.lanes.len()).finish()
    }
}

impl Lanes {
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self { store, lanes: HashMap::new() }
    }

    /// Opens a lane for the POSTs of a command.
    ///
    /// # Errors
    /// Where its threads can't be started.
    pub fn posts<C: Laned>(self) -> Result<Self> {
        self.tasks::<Sent<C>>(C::LANE)
    }

    /// Opens a lane for any task.
    ///
    /// # Errors
    /// Where its threads can't be started.
    pub fn tasks<T: Task>(mut self, name: &str) -> Result<Self> {
        let lane: Lane<T> = Lane::open(&self.store, name)?;
        self.lanes.insert(TypeId::of::<T>(), Box::new(lane));
        Ok(self)
    }

    /// Has a task done in the next batch of its lane.
    ///
    /// # Errors
    /// As [`Lane::send`].
    pub async fn send<T: Task>(&self, task: T) -> Result<T::Answer> {
        let lane =
            self.lanes.get(&TypeId::of::<T>()).and_then(|lane| lane.downcast_ref::<Lane<T>>());
        let missing = || Error::internal(format!("{} has no lane", type_name::<T>()));
        lane.ok_or_else(missing)?.send(task).await
    }
}
