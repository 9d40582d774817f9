//! The outbox: what is to be told to whom, written in the transaction that caused it.

use super::{
    judge::Judge,
    letters::{Letter, Recipient},
    store::{self, Row},
};
use crate::{
    db::Tx,
    kernel::{
        clock::Timestamp,
        error::{Error, Result},
        id::{LetterId, MemberId},
    },
};

pub use super::store::{Queued, known, sent};

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
    let rows = judged(tx, vec![Queued { to, letter, dedupe_key, not_before: None }])?;
    let id = rows.first().map(|row| row.id);
    Ok(if write(tx, &rows)? == 1 { id } else { None })
}

/// Queues letters; answers how many are new.
///
/// A letter that its member has switched off is kept as `suppressed`, so that switching on again
/// later does not bring it.
pub fn push_all(tx: &mut Tx<'_>, letters: Vec<Queued>) -> Result<usize> {
    let rows = judged(tx, letters)?;
    write(tx, &rows)
}

/// Queues letters for occasions that can have none yet; answers their ids, in order.
pub fn push_new(tx: &mut Tx<'_>, letters: Vec<Queued>) -> Result<Vec<LetterId>> {
    let rows = judged(tx, letters)?;
    if write(tx, &rows)? < rows.len() {
        return Err(Error::internal("an occasion that was new has a letter"));
    }
    Ok(rows.into_iter().map(|row| row.id).collect())
}

fn judged(tx: &mut Tx<'_>, letters: Vec<Queued>) -> Result<Vec<Row>> {
    let asked = |one: &Queued| one.letter.preference().and(one.to.member_id);
    let members: Vec<MemberId> = letters.iter().filter_map(asked).collect();
    let keys: Vec<String> = letters.iter().map(|one| one.to.email.key().to_owned()).collect();
    let judge = Judge::of(tx.conn, &members, &keys)?;
    let row = |queued: Queued| {
        let (letter, address) = (&queued.letter, queued.to.email.key());
        let (member, preference) = (asked(&queued), letter.preference());
        let unwanted = judge.refuse(member, Some(address), preference, letter.holiday());
        Row { id: tx.new_id(), queued, unwanted }
    };
    Ok(letters.into_iter().map(row).collect())
}

fn write(tx: &mut Tx<'_>, rows: &[Row]) -> Result<usize> {
    let written = store::insert_all(tx, rows)?;
    if written > 0 {
        tx.ring();
    }
    Ok(written)
}

/// What is still to go out: how many letters, and when the first of those that wait is due.
pub fn waiting(tx: &mut Tx<'_>) -> Result<(i64, Option<Timestamp>)> {
    Ok((store::waiting(tx.conn)?, store::next_due(tx.conn)?))
}
