//! Settling all accounts that are due.

use std::{collections::BTreeSet, time::Instant};

use platform::{
    db::Store,
    kernel::{
        error::{Error, Result},
        id::MemberId,
    },
};
use program::ledger;

/// How many accounts one transaction settles at most: it can be killed anywhere and goes on. Few,
/// because those in front wait for it where a database has one writer.
const CHUNK: i64 = 64;

/// Settles what is due, and rests after each chunk as long as that took: at most half of the
/// database's time is the sweep's. Where a chunk fails, each of its accounts is tried alone, and one
/// that can't be settled keeps no other from it.
///
/// # Errors
/// The database's own; what was settled before it stands.
pub async fn sweep(store: &Store) -> Result<()> {
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
