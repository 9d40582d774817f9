//! What comes due by itself: points that mature or expire, redemptions that nobody fulfilled,
//! answers that were kept long enough.

use std::{collections::BTreeSet, time::Instant};

use crate::{
    auth::{one_time, sessions},
    db::Store,
    http::idempotency,
    kernel::{
        clock::Timestamp,
        error::{Error, Result},
        id::MemberId,
    },
    program::{
        ledger,
        redemptions::{self, Due},
    },
};

/// How many accounts one transaction settles at most: it can be killed anywhere and goes on. Few,
/// because those in front wait for it where a database has one writer.
const CHUNK: i64 = 64;

/// Does all that is due. What keeps redemptions from expiring keeps no points from it, nor the
/// other way round.
///
/// # Errors
/// The database's own; what was done before it stands.
pub async fn run_due(store: &Store) -> Result<()> {
    let redeemed = redemptions::expire_due(store, Due::All).await;
    let settled = sweep(store).await;
    if let (Err(_), Err(error)) = (&redeemed, &settled) {
        tracing::warn!(%error, "what is due of points could not be done");
    }
    redeemed.and(settled)
}

/// Settles what is due, and rests after each chunk as long as that took: at most half of the
/// database's time is the sweep's. Where a chunk fails, each of its accounts is tried alone, and one
/// that can't be settled keeps no other from it.
async fn sweep(store: &Store) -> Result<()> {
    let mut left_out = BTreeSet::new();
    loop {
        let started = Instant::now();
        let but_for = left_out.clone();
        match store.write(move |tx| ledger::sweep(tx, CHUNK, &but_for)).await {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            Err(Error::Refused(refusal)) => return Err(refusal.into()),
            Err(Error::Internal(_)) => settle_each(store, &mut left_out).await?,
        }
        tokio::time::sleep(started.elapsed()).await;
    }
}

/// Settles a chunk one at a time; who can't be is `left_out` from now on, and told in the log.
async fn settle_each(store: &Store, left_out: &mut BTreeSet<MemberId>) -> Result<()> {
    let but_for = left_out.clone();
    for member in store.read(move |tx| ledger::due(tx, CHUNK, &but_for)).await? {
        if let Err(error) = store.write(move |tx| ledger::settle(tx, &[member])).await {
            tracing::error!(%member, %error, "what is due to a member could not be settled");
            left_out.insert(member);
        }
    }
    Ok(())
}

/// Deletes what was kept long enough, and what of the erased a file of SQLite's still holds.
///
/// # Errors
/// The database's own.
pub async fn tidy(store: &Store) -> Result<()> {
    store.write(idempotency::forget_old).await?;
    store.write(sessions::forget_expired).await?;
    store.write(one_time::forget_expired).await?;
    store.scrub().await
}

/// When the next redemption comes due, after now and by `until` at the latest. (Points need no such steps: an
/// expiry is dated by the moment it fell due, whenever it is recorded.)
///
/// # Errors
/// The database's own.
pub async fn next_due(store: &Store, until: Timestamp) -> Result<Option<Timestamp>> {
    store.read(move |tx| redemptions::next_expiry(tx, until)).await
}
