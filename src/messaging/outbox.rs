//! The outbox: what is to be told to whom, written in the transaction that caused it.

use std::collections::HashMap;

use super::{
    letters::{Letter, Recipient},
    preferences,
    store::{self, Row},
};
use crate::{
    db::Tx,
    kernel::{
        error::Result,
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

fn judged(tx: &mut Tx<'_>, letters: Vec<Queued>) -> Result<Vec<Row>> {
    let asked = |one: &Queued| one.letter.preference().and(one.to.member_id);
    let members: Vec<MemberId> = letters.iter().filter_map(asked).collect();
    let switches = match members.as_slice() {
        [] => HashMap::new(),
        members => preferences::of_all(tx.conn, members)?,
    };
    let row = |queued: Queued| {
        let wanted = match (queued.to.member_id, queued.letter.preference()) {
            (Some(member), Some(preference)) => switches.get(&member).is_some_and(|switches| {
                switches.refuse(preference, queued.letter.holiday()).is_none()
            }),
            _ => true,
        };
        Row { id: tx.new_id(), queued, wanted }
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
