//! One mechanism around every POST: the same key and the same request get the first answer again.
//! The key's row commits with the effect, but stands outside the use case's savepoint, so that a
//! refusal rolls back the effect and keeps the answer.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use diesel::prelude::*;
use sha2::{Digest, Sha256};
use tokio::{sync::Notify, time::timeout};

use crate::{
    db::{
        Tx,
        bulk::Bulk,
        lock::try_named_locks,
        personal::{Fate::Deleted, Part},
        prepared::one_of,
        schema::{idempotency_keys as keys, idempotency_members},
        types::RawId,
    },
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
        id::MemberId,
    },
};

/// Answers tell of people: one that does goes with them.
pub const PART: Part = Part {
    erase: |tx, erased| forget_member(tx, erased.id).map(drop),
    tables: &[
        (
            "idempotency_keys",
            &[
                ("fingerprint", Deleted),
                ("request_hash", Deleted),
                ("member_id", Deleted),
                ("body", Deleted),
            ],
        ),
        ("idempotency_members", &[("member_id", Deleted), ("fingerprint", Deleted)]),
    ],
    ..Part::EMPTY
};

/// How long an answer is stored.
pub const RETENTION: Duration = Duration::from_hours(48);
/// How long a request waits for the first one with its key.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
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
pub struct StoredAnswer {
    pub status: u16,
    pub body: Vec<u8>,
    /// Whom it tells about: erasing one of them deletes it.
    pub members: BTreeSet<MemberId>,
}

/// What came of a keyed request.
#[derive(Debug)]
pub enum Outcome {
    First(StoredAnswer),
    Replayed(StoredAnswer),
}

/// What came of one try.
#[derive(Debug)]
pub enum Attempt {
    Done(Outcome),
    /// Somebody else is at it.
    Busy,
}

impl Attempt {
    #[must_use]
    pub const fn first(stored: StoredAnswer) -> Self {
        Self::Done(Outcome::First(stored))
    }

    /// The answer that was made just now.
    #[must_use]
    pub const fn made(&self) -> Option<&StoredAnswer> {
        match self {
            Self::Done(Outcome::First(stored)) => Some(stored),
            _ => None,
        }
    }
}

/// Has a request tried until it is nobody else's turn: at once, unless its key is in use.
///
/// # Errors
/// What `attempt` answers; the first request with the key is still running after 10 s.
pub async fn once(
    running: &InFlight,
    keyed: Option<&Keyed>,
    attempt: impl AsyncFn() -> Result<Attempt>,
) -> Result<Outcome> {
    let attempts = async {
        let _turn = match keyed {
            Some(keyed) => Some(running.turn(&keyed.fingerprint).await),
            None => None,
        };
        loop {
            match attempt().await? {
                Attempt::Done(outcome) => return Ok(outcome),
                Attempt::Busy => tokio::time::sleep(POLL).await,
            }
        }
    };
    if keyed.is_none() {
        return attempts.await;
    }
    match timeout(LONGEST_WAIT, attempts).await {
        Ok(outcome) => outcome,
        Err(_) => Err(Refusal::IdempotencyKeyInFlight.into()),
    }
}

/// What is to be done with a request.
#[derive(Debug)]
pub enum Ruling {
    /// It has no key, or a new one, which is locked until the transaction ends.
    Run,
    /// It has its answer already.
    Known(Result<Attempt, Refusal>),
}

/// Looks up and locks the keys of many requests; answers in their order.
pub fn rule(tx: &mut Tx<'_>, asked: &[Option<&Keyed>]) -> Result<Vec<Ruling>> {
    let mut rulings: Vec<Ruling> = asked.iter().map(|_| Ruling::Run).collect();
    let keyed: Vec<(usize, &Keyed)> =
        asked.iter().enumerate().filter_map(|(place, keyed)| Some((place, (*keyed)?))).collect();
    if keyed.is_empty() {
        return Ok(rulings);
    }
    let names: Vec<&[u8]> = keyed.iter().map(|(_, keyed)| &*keyed.fingerprint).collect();
    let free = try_named_locks(tx.conn, &names)?;
    // after the locks, as a statement of its own: it sees what whoever had them committed
    let known = answers(tx, &names)?;
    let mut begun: HashSet<&[u8]> = HashSet::new();
    let mut stale: Vec<Vec<u8>> = Vec::new();
    for ((place, keyed), free) in keyed.into_iter().zip(free) {
        // one that began in this very batch, for a caller who gave up, holds the same lock
        if !free || !begun.insert(&keyed.fingerprint) {
            rulings[place] = Ruling::Known(Ok(Attempt::Busy));
            continue;
        }
        match known.get(&keyed.fingerprint) {
            None => {}
            Some(known) if tx.wall.since(known.created_at) >= RETENTION => {
                stale.push(keyed.fingerprint.clone());
            }
            Some(known) => rulings[place] = Ruling::Known(known.answer(keyed)),
        }
    }
    if !stale.is_empty() {
        let stale = keys::table.filter(one_of(keys::fingerprint, &stale));
        diesel::delete(stale).execute(tx.conn)?;
    }
    Ok(rulings)
}

#[derive(Queryable)]
struct KnownAnswer {
    fingerprint: Vec<u8>,
    request_hash: Vec<u8>,
    status: i16,
    body: Vec<u8>,
    created_at: Timestamp,
}

impl KnownAnswer {
    fn answer(&self, keyed: &Keyed) -> Result<Attempt, Refusal> {
        if self.request_hash != keyed.request_hash {
            return Err(Refusal::IdempotencyKeyReused);
        }
        let status = u16::try_from(self.status).unwrap_or(500);
        let stored = StoredAnswer { status, body: self.body.clone(), members: BTreeSet::new() };
        Ok(Attempt::Done(Outcome::Replayed(stored)))
    }
}

fn answers(tx: &mut Tx<'_>, fingerprints: &[&[u8]]) -> Result<HashMap<Vec<u8>, KnownAnswer>> {
    let rows: Vec<KnownAnswer> = keys::table
        .filter(one_of(keys::fingerprint, fingerprints))
        .select((keys::fingerprint, keys::request_hash, keys::status, keys::body, keys::created_at))
        .load(tx.conn)?;
    Ok(rows.into_iter().map(|row| (row.fingerprint.clone(), row)).collect())
}

/// Keeps the answers to requests that [`rule`] let run.
pub fn store(tx: &mut Tx<'_>, made: &[(&Keyed, &StoredAnswer)]) -> Result<()> {
    Bulk::into("idempotency_keys")
        .column("fingerprint", made.iter().map(|(keyed, _)| keyed.fingerprint.clone()))
        .column("request_hash", made.iter().map(|(keyed, _)| keyed.request_hash.clone()))
        .column(
            "member_id",
            made.iter().map(|(_, stored)| stored.members.first().map(|id| RawId::from(*id))),
        )
        .column("status", made.iter().map(|(_, stored)| i64::from(stored.status)))
        .column("body", made.iter().map(|(_, stored)| stored.body.clone()))
        .column("created_at", made.iter().map(|_| tx.wall))
        .execute(tx.conn)?;
    // most answers tell of one member, who stands in the row itself
    let others: Vec<(&[u8], RawId)> = (made.iter())
        .flat_map(|(keyed, stored)| {
            let others = stored.members.iter().skip(1);
            others.map(|member| (keyed.fingerprint.as_slice(), RawId::from(*member)))
        })
        .collect();
    Bulk::into("idempotency_members")
        .column("member_id", others.iter().map(|(_, member)| *member))
        .column("fingerprint", others.iter().map(|(fingerprint, _)| fingerprint.to_vec()))
        .execute(tx.conn)?;
    Ok(())
}

/// Deletes answers that are older than [`RETENTION`]; answers how many.
pub fn forget_old(tx: &mut Tx<'_>) -> Result<usize> {
    let before = tx.wall.minus(RETENTION);
    Ok(diesel::delete(keys::table.filter(keys::created_at.lt(before))).execute(tx.conn)?)
}

/// Deletes the answers that tell about a member, who is being erased.
fn forget_member(tx: &mut Tx<'_>, member: MemberId) -> Result<usize> {
    const AT_ONCE: usize = 1000;
    // told by the index on their age alone: nothing but erasure asks by member
    let mut about: Vec<Vec<u8>> =
        keys::table.filter(keys::member_id.eq(member)).select(keys::fingerprint).load(tx.conn)?;
    let among_others = idempotency_members::table
        .filter(idempotency_members::member_id.eq(member))
        .select(idempotency_members::fingerprint);
    about.extend(among_others.load::<Vec<u8>>(tx.conn)?);
    let mut gone = 0;
    for some in about.chunks(AT_ONCE) {
        gone +=
            diesel::delete(keys::table.filter(one_of(keys::fingerprint, some))).execute(tx.conn)?;
    }
    Ok(gone)
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
