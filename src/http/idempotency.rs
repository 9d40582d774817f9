//! One mechanism around every POST: the same key and the same request get the first answer again.
//! The key's row commits with the effect, but stands outside the use case's savepoint, so that a
//! refusal rolls back the effect and keeps the answer.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use diesel::prelude::*;
use sha2::{Digest, Sha256};
use tokio::{sync::Notify, time::timeout};

use crate::{
    db::{
        Store, Tx, bulk::Bulk, lock::try_named_locks, schema::idempotency_keys as keys, types::RawId,
    },
    kernel::{
        error::{Refusal, Result},
        id::MemberId,
    },
};

/// How long an answer is kept.
pub const KEPT: Duration = Duration::from_hours(48);
/// How long a request waits for the first one with its key.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often another server's transaction is asked after.
const POLL: Duration = Duration::from_millis(50);

/// A request under an idempotency key, as hashes: whose key, and what was asked.
#[derive(Clone, Debug)]
pub struct Keyed {
    fingerprint: Vec<u8>,
    request_hash: Vec<u8>,
}

impl Keyed {
    /// `caller`, `method` and `path` scope the key; `query` and `body` are what it must match.
    #[must_use]
    pub fn new(
        caller: &str,
        method: &str,
        path: &str,
        key: &str,
        query: &str,
        body: &[u8],
    ) -> Self {
        Self {
            fingerprint: hash(&[
                caller.as_bytes(),
                method.as_bytes(),
                path.as_bytes(),
                key.as_bytes(),
            ]),
            // a body may hold a password: the key, which is kept nowhere, salts its hash
            request_hash: hash(&[key.as_bytes(), query.as_bytes(), body]),
        }
    }
}

/// Each part with its length, so that parts can't run into each other.
fn hash(parts: &[&[u8]]) -> Vec<u8> {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    digest.finalize().to_vec()
}

/// An answer to be kept and given again.
#[derive(Clone, Debug)]
pub struct Kept {
    pub status: u16,
    pub body: Vec<u8>,
    /// The member it tells about: erasing that member deletes it.
    pub member: Option<MemberId>,
}

/// What came of a keyed request.
#[derive(Debug)]
pub enum Outcome {
    First(Kept),
    Replayed(Kept),
}

enum Attempt {
    Done(Outcome),
    /// Another server is at it.
    Busy,
}

/// Runs `work` unless its key has an answer. `work` answers what is to be kept, or an error, which
/// isn't.
///
/// # Errors
/// `work`'s own; the key was used for another request; the first is still running after 10 s.
pub async fn once<F>(store: &Store, running: &InFlight, keyed: Keyed, work: F) -> Result<Outcome>
where
    F: FnMut(&mut Tx<'_>) -> Result<Kept> + Send + Clone + 'static,
{
    let attempts = async {
        let _turn = running.turn(&keyed.fingerprint).await;
        loop {
            let keyed = keyed.clone();
            let mut work = work.clone();
            match store.write(move |tx| attempt(tx, &keyed, &mut work)).await? {
                Attempt::Done(outcome) => return Ok(outcome),
                Attempt::Busy => tokio::time::sleep(POLL).await,
            }
        }
    };
    match timeout(PATIENCE, attempts).await {
        Ok(outcome) => outcome,
        Err(_) => Err(Refusal::IdempotencyKeyInFlight.into()),
    }
}

fn attempt(
    tx: &mut Tx<'_>,
    keyed: &Keyed,
    work: &mut impl FnMut(&mut Tx<'_>) -> Result<Kept>,
) -> Result<Attempt> {
    if !try_named_locks(tx.conn, &[&keyed.fingerprint])?.contains(&true) {
        return Ok(Attempt::Busy);
    }
    let known: Option<(Vec<u8>, i16, Vec<u8>, crate::kernel::clock::Timestamp)> = keys::table
        .find(&keyed.fingerprint)
        .select((keys::request_hash, keys::status, keys::body, keys::created_at))
        .first(tx.conn)
        .optional()?;
    if let Some((request_hash, status, body, created_at)) = known {
        if tx.wall.since(created_at) < KEPT {
            if request_hash != keyed.request_hash {
                return Err(Refusal::IdempotencyKeyReused.into());
            }
            let status = u16::try_from(status).unwrap_or(500);
            return Ok(Attempt::Done(Outcome::Replayed(Kept { status, body, member: None })));
        }
        diesel::delete(keys::table.find(&keyed.fingerprint)).execute(tx.conn)?;
    }
    let kept = work(tx)?;
    Bulk::into("idempotency_keys")
        .column("fingerprint", [keyed.fingerprint.clone()])
        .column("request_hash", [keyed.request_hash.clone()])
        .column("member_id", [kept.member.map(RawId::from)])
        .column("status", [i64::from(kept.status)])
        .column("body", [kept.body.clone()])
        .column("created_at", [tx.wall])
        .execute(tx.conn)?;
    Ok(Attempt::Done(Outcome::First(kept)))
}

/// Deletes answers that are older than [`KEPT`]; answers how many.
///
/// # Errors
/// The database's own.
pub fn forget_old(tx: &mut Tx<'_>) -> Result<usize> {
    let before = tx.wall.minus(KEPT);
    Ok(diesel::delete(keys::table.filter(keys::created_at.lt(before))).execute(tx.conn)?)
}

/// Deletes the answers that tell about a member, who is being erased.
///
/// # Errors
/// The database's own.
pub fn forget_member(tx: &mut Tx<'_>, member: MemberId) -> Result<usize> {
    Ok(diesel::delete(keys::table.filter(keys::member_id.eq(member))).execute(tx.conn)?)
}

/// The keys whose first request runs in this process. Those who wait hold no connection.
#[derive(Debug, Default)]
pub struct InFlight(Mutex<HashMap<Vec<u8>, Arc<Notify>>>);

impl InFlight {
    /// Waits until nobody else runs under `fingerprint`, then holds the turn until dropped.
    async fn turn(&self, fingerprint: &[u8]) -> Turn<'_> {
        loop {
            let ended = {
                let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
                match running.get(fingerprint) {
                    None => {
                        running.insert(fingerprint.to_vec(), Arc::default());
                        return Turn { all: self, fingerprint: fingerprint.to_vec() };
                    }
                    Some(notify) => Arc::clone(notify),
                }
            };
            let ended = ended.notified();
            // it may have ended between the two lines above
            let over =
                !self.0.lock().unwrap_or_else(PoisonError::into_inner).contains_key(fingerprint);
            if !over {
                // woken, or after a moment: a missed wake-up costs a moment, never an answer
                drop(timeout(POLL, ended).await);
            }
        }
    }
}

struct Turn<'a> {
    all: &'a InFlight,
    fingerprint: Vec<u8>,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut running = self.all.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(notify) = running.remove(&self.fingerprint) {
            notify.notify_waiters();
        }
    }
}
