//! What comes due by itself: points that mature or expire, redemptions that nobody fulfilled,
//! answers that were kept long enough.

use std::time::Instant;

use crate::{
    auth::{one_time, sessions},
    db::Store,
    http::idempotency,
    kernel::{clock::Timestamp, error::Result},
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
/// database's time is the sweep's.
async fn sweep(store: &Store) -> Result<()> {
    loop {
        let started = Instant::now();
        if store.write(|tx| ledger::sweep(tx, CHUNK)).await? == 0 {
            return Ok(());
        }
        tokio::time::sleep(started.elapsed()).await;
    }
}

/// Deletes what was kept long enough.
///
/// # Errors
/// The database's own.
pub async fn tidy(store: &Store) -> Result<()> {
    store.write(idempotency::forget_old).await?;
    store.write(sessions::forget_expired).await?;
    store.write(one_time::forget_expired).await?;
    Ok(())
}

/// When the next redemption comes due, after now and by `until` at the latest. (Points need no such steps: an
/// expiry is dated by the moment it fell due, whenever it is recorded.)
///
/// # Errors
/// The database's own.
pub async fn next_due(store: &Store, until: Timestamp) -> Result<Option<Timestamp>> {
    store.read(move |tx| redemptions::next_expiry(tx, until)).await
}
