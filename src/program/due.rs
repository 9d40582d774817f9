//! What is due to a member: done before it is read or acted upon, swept or not. Each room in which
//! something falls due to a member is named in [`is_due`] and in [`settled`], and nowhere else.

use std::collections::BTreeSet;

use super::{
    ledger::{self, Settled},
    redemptions::service::{self as redemptions, Due},
    referrals::service::{self as referrals},
};
use platform::{
    db::{Reads, Store, Tx},
    kernel::{error::Result, id::MemberId},
};

/// Reads of a member as of now: where something is due, it is done, and read again. Where nothing
/// is, it takes one visit to the database.
///
/// # Errors
/// `body`'s own; an unknown member is for that to refuse.
pub async fn read<T, F>(store: &Store, member: MemberId, body: F) -> Result<T>
where
    T: Send + 'static,
    F: Fn(&mut Tx<'_>, Settled<'_>) -> Result<T> + Clone + Send + 'static,
{
    read_at(store, store, member, body).await
}

/// The same at another place, such as a snapshot.
///
/// # Errors
/// As [`read`].
pub async fn read_at<T, F>(
    place: &impl Reads,
    store: &Store,
    member: MemberId,
    body: F,
) -> Result<T>
where
    T: Send + 'static,
    F: Fn(&mut Tx<'_>, Settled<'_>) -> Result<T> + Clone + Send + 'static,
{
    let first = body.clone();
    if let Some(read) = place.read(move |tx| unless_due(tx, member, first)).await? {
        return Ok(read);
    }
    settled(store, member).await?;
    place.read(move |tx| body(tx, done(member))).await
}

fn unless_due<T>(
    tx: &mut Tx<'_>,
    member: MemberId,
    body: impl Fn(&mut Tx<'_>, Settled<'_>) -> Result<T>,
) -> Result<Option<T>> {
    if is_due(tx, member)? { Ok(None) } else { body(tx, done(member)).map(Some) }
}

fn is_due(tx: &mut Tx<'_>, member: MemberId) -> Result<bool> {
    Ok(ledger::is_due(tx, member)? || !due_among(tx, &[member])?.is_empty())
}

/// Which of these members have something due but for points that mature or come to their end.
pub fn due_among(tx: &mut Tx<'_>, members: &[MemberId]) -> Result<BTreeSet<MemberId>> {
    let mut due = redemptions::due_among(tx, members)?;
    due.extend(referrals::due_among(tx, members)?);
    Ok(due)
}

/// Does what is due to a member, in transactions of its own. What can't be done (the log tells of
/// it) is left as it is.
pub async fn settled(store: &Store, member: MemberId) -> Result<()> {
    redemptions::expire_due(store, Due::Of(member)).await?;
    referrals::advance_due(store, referrals::Due::Of(member)).await?;
    if store.read(move |tx| ledger::is_due(tx, member)).await? {
        store.write(move |tx| ledger::settle(tx, &[member])).await?;
    }
    Ok(())
}

/// Gives back what is due to members, whose rows are locked, in a transaction that goes on to take
/// points: name all whose accounts it will lock, so that they are locked in the order of their ids.
/// (What is due of points, the ledger does by itself.)
pub fn settle(tx: &mut Tx<'_>, members: &BTreeSet<MemberId>) -> Result<()> {
    redemptions::settle(tx, members, &BTreeSet::new())
}

#[expect(clippy::disallowed_methods, reason = "this room saw to it that nothing is due")]
const fn done(member: MemberId) -> Settled<'static> {
    Settled::as_kept(member)
}
