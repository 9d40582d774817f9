//! What comes due by itself: points that mature or expire, redemptions that nobody fulfilled,
//! answers that were kept long enough.

use crate::{
    db::Store,
    http::idempotency,
    kernel::{clock::Timestamp, error::Result},
    program::{ledger, redemptions},
};

/// How many rows one transaction settles at most: it can be killed anywhere and goes on.
const CHUNK: i64 = 500;

/// Does all that is due.
///
/// # Errors
/// The database's own; what was done before it stands.
pub async fn run_due(store: &Store) -> Result<()> {
    while store.write(|tx| redemptions::expire_due(tx, CHUNK)).await? > 0 {}
    while store.write(|tx| ledger::sweep(tx, CHUNK)).await? > 0 {}
    Ok(())
}

/// Deletes what was kept long enough.
///
/// # Errors
/// The database's own.
pub async fn tidy(store: &Store) -> Result<()> {
    store.write(idempotency::forget_old).await.map(drop)
}

/// When the next redemption comes due, by `until` at the latest. (Points need no such steps: an
/// expiry is dated by the moment it fell due, whenever it is recorded.)
///
/// # Errors
/// The database's own.
pub async fn next_due(store: &Store, until: Timestamp) -> Result<Option<Timestamp>> {
    store.read(move |tx| redemptions::next_expiry(tx, until)).await
}
