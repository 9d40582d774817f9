//! The outbox: what is to be told to whom, written in the transaction that caused it.

use super::{
    letters::{Letter, Recipient},
    preferences, store,
};
use crate::{
    db::Tx,
    kernel::{error::Result, id::LetterId},
};

/// Queues a letter; it goes out after the commit. `dedupe_key` says the occasion, such as
/// `reward_redeemed:red_…`: the second letter for one is not written, and the answer is `None`.
///
/// A letter that its member has switched off is kept as `suppressed`, so that switching on again
/// later does not bring it.
///
/// # Errors
/// The database's own.
pub fn push(
    tx: &mut Tx<'_>,
    to: Recipient,
    letter: &Letter,
    dedupe_key: &str,
) -> Result<Option<LetterId>> {
    let wanted = match (to.member_id, letter.preference()) {
        (Some(member), Some(preference)) => preferences::allows(tx.conn, member, preference)?,
        _ => true,
    };
    let id = tx.new_id();
    let written = store::insert(tx, id, to, letter, dedupe_key, wanted)?;
    Ok(written.then_some(id))
}
