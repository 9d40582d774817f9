//! The outbox: what is to be told to whom, written in the transaction that caused it.

use super::{
    letters::{Letter, Recipient},
    preferences,
    store::{self, Row},
};
use crate::{
    db::Tx,
    kernel::{error::Result, id::LetterId},
};

pub use super::store::{Queued, sent};

/// Queues a letter; it goes out after the commit. `None` where there was one for this occasion.
///
/// # Errors
/// As [`push_all`].
pub fn push(
    tx: &mut Tx<'_>,
    to: Recipient,
    letter: &Letter,
    dedupe_key: &str,
) -> Result<Option<LetterId>> {
    let (letter, dedupe_key) = (letter.clone(), dedupe_key.to_owned());
    let row = row(tx, Queued { to, letter, dedupe_key })?;
    Ok((write(tx, std::slice::from_ref(&row))? == 1).then_some(row.id))
}

/// Queues letters; answers how many are new.
///
/// A letter that its member has switched off is kept as `suppressed`, so that switching on again
/// later does not bring it.
pub fn push_all(tx: &mut Tx<'_>, letters: Vec<Queued>) -> Result<usize> {
    let rows: Vec<Row> =
        letters.into_iter().map(|queued| row(tx, queued)).collect::<Result<_>>()?;
    write(tx, &rows)
}

fn row(tx: &mut Tx<'_>, queued: Queued) -> Result<Row> {
    let wanted = match (queued.to.member_id, queued.letter.preference()) {
        (Some(member), Some(preference)) => preferences::allows(tx.conn, member, preference)?,
        _ => true,
    };
    Ok(Row { id: tx.new_id(), queued, wanted })
}

fn write(tx: &mut Tx<'_>, rows: &[Row]) -> Result<usize> {
    let written = store::insert_all(tx, rows)?;
    if written > 0 {
        tx.ring();
    }
    Ok(written)
}
