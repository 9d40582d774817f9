//! Walking along what is due.

use super::{Due, KINDS, Place, store};
use crate::{
    due,
    ledger::Settled,
    members::{self, MemberStatus},
};
use platform::{
    db::{Store, Tx, types::RawId},
    kernel::{
        clock::Timestamp,
        error::{Error, Result},
        id::MemberId,
    },
    messaging::outbox,
    settings,
};

/// How many are looked at together.
pub const CHUNK: i64 = 100;

/// Queues the letters that are due.
pub async fn remind_due(store: &Store) -> Result<()> {
    for number in 0..KINDS.len() {
        while walk(store, number).await? {}
    }
    Ok(())
}

/// When the next of them falls due, after now and by `until` at the latest.
pub fn next(tx: &mut Tx<'_>, until: Timestamp) -> Result<Option<Timestamp>> {
    let settings = settings::service::get(tx)?;
    let mut soonest = None;
    for kind in &KINDS {
        if (kind.start)(&settings, tx.now).is_none() {
            continue;
        }
        let Some(place) = store::place(tx, kind.name)? else { continue };
        let next = (kind.next)(tx, &settings, place)?.filter(|at| *at > tx.now);
        soonest = soonest.into_iter().chain(next).min();
    }
    Ok(soonest.filter(|at| *at <= until))
}

/// A chunk of one kind; whether there may be more. A kind goes by its number, for references to
/// functions do not last over an await.
async fn walk(store: &Store, number: usize) -> Result<bool> {
    let look = move |tx: &mut Tx<'_>| {
        let kind = &KINDS[number];
        let settings = settings::service::get(tx)?;
        let start = (kind.start)(&settings, tx.now);
        let place = store::place(tx, kind.name)?;
        let due = match (start, place) {
            (Some(_), Some(place)) => (kind.due)(tx, &settings, place)?,
            _ => Vec::new(),
        };
        Ok((settings, start, place, due))
    };
    let (settings, start, place, due) = store.read(look).await?;
    let name = KINDS[number].name;
    let from = match (start, place) {
        (None, None) => return Ok(false),
        // what was switched off begins anew when it is switched on: nobody is told of old things
        (None, Some(_)) => {
            store.write(move |tx| store::forget(tx, name)).await?;
            return Ok(false);
        }
        (Some(start), None) => {
            store.write(move |tx| store::begin(tx, name, start)).await?;
            return Ok(false);
        }
        (Some(_), Some(place)) => place,
    };
    let Some(last) = due.last().map(|due| due.place) else { return Ok(false) };
    let mut letters = Vec::new();
    for one in due {
        let settings = settings.clone();
        let tell = move |tx: &mut Tx<'_>, of: Settled<'_>| {
            let member = members::service::get(tx, one.member)?;
            match member.status {
                MemberStatus::Active => (KINDS[number].letter)(tx, &settings, &member, of, one),
                _ => Ok(None),
            }
        };
        match due::read(store, one.member, tell).await {
            Ok(letter) => letters.extend(letter),
            // erased meanwhile
            Err(Error::Refused(_)) => {}
            Err(error) => return Err(error),
        }
    }
    store.write(move |tx| advance(tx, name, from, last, letters.clone())).await?;
    Ok(true)
}

/// Queues letters and goes on from them, unless another server did.
fn advance(
    tx: &mut Tx<'_>,
    name: &'static str,
    from: Place,
    to: Place,
    letters: Vec<outbox::Queued>,
) -> Result<()> {
    if store::go_on(tx, name, from, to)? {
        outbox::push_all(tx, letters)?;
    }
    Ok(())
}

impl Due {
    pub fn at(member: MemberId, at: Timestamp, after: impl Into<RawId>) -> Self {
        Self { member, place: Place { at, after: Some(after.into()) } }
    }
}
