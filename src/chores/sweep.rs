//! Settling all accounts that are due.

use std::{collections::BTreeSet, time::Instant};

use platform::{
    db::{Store, stride::Stride},
    kernel::{
        error::{Error, Result},
        id::MemberId,
    },
};
use program::ledger;

/// Settles what is due, few accounts in a transaction, and rests after each as long as that took: at
/// most half of the database's time is the sweep's, and it can be killed anywhere and goes on. Where
/// a transaction fails, each of its accounts is tried alone, and one that can't be settled keeps no
/// other from it.
///
/// # Errors
/// The database's own; what was settled before it stands.
pub async fn sweep(store: &Store) -> Result<()> {
    let mut stride = Stride::of_chore(store);
    let mut left_out = BTreeSet::new();
    loop {
        let (started, rows) = (Instant::now(), stride.next());
        let but_for = left_out.clone();
        match stride.timed(store, move |tx| ledger::sweep(tx, rows, &but_for)).await {
            Ok((0, _)) => return Ok(()),
            Ok((settled, taken)) => stride.goes_by(settled, &taken),
            Err(Error::Refused(refusal)) => return Err(refusal.into()),
            Err(Error::Internal(_)) => settle_each(store, rows, &mut left_out).await?,
        }
        tokio::time::sleep(started.elapsed()).await;
    }
}

/// Settles a chunk one at a time; who can't be is `left_out` from now on, and told in the log.
async fn settle_each(store: &Store, rows: usize, left_out: &mut BTreeSet<MemberId>) -> Result<()> {
    let but_for = left_out.clone();
    for member in store.read(move |tx| ledger::due(tx, rows, &but_for)).await? {
        if let Err(error) = store.write(move |tx| ledger::settle(tx, &[member])).await {
            tracing::error!(%member, %error, "what is due to a member could not be settled");
            left_out.insert(member);
        }
    }
    Ok(())
}
