//! Who of the staff is to thank.

use super::lock;
use crate::{
    members,
    thanks::{ThanksState, store},
};
use platform::{
    db::{Store, Tx, lock::named_lock},
    kernel::{
        error::Result,
        id::{MemberId, ThanksId, UserId},
    },
    settings::{self, Settings},
};

/// How many are handed on in one transaction.
const CHUNK: i64 = 50;

/// Who is to thank: who has the topic, or else the next on the rota; none where there is neither.
pub fn of(
    tx: &mut Tx<'_>,
    settings: &Settings,
    topic_owner: Option<UserId>,
) -> Result<Option<UserId>> {
    if let Some(owner) = topic_owner
        && !store::users_among(tx, &[owner])?.is_empty()
    {
        return Ok(Some(owner));
    }
    let rota = there(tx, settings)?;
    if rota.is_empty() {
        return Ok(None);
    }
    // two at once must not take the same turn
    named_lock(tx.conn, b"thanks_rota")?;
    Ok(after(&rota, store::last_owner(tx, &rota)?))
}

/// Who on the rota still works here, in order.
fn there(tx: &mut Tx<'_>, settings: &Settings) -> Result<Vec<UserId>> {
    if settings.thanks_rota.is_empty() {
        return Ok(Vec::new());
    }
    let there = store::users_among(tx, &settings.thanks_rota)?;
    Ok(settings.thanks_rota.iter().filter(|user| there.contains(user)).copied().collect())
}

/// Whose turn comes after this one's.
fn after(rota: &[UserId], last: Option<UserId>) -> Option<UserId> {
    let place = last.and_then(|last| rota.iter().position(|user| *user == last));
    rota.get(place.map_or(0, |place| (place + 1) % rota.len())).copied()
}

/// Hands what users owed who are gone to the rota.
///
/// # Errors
/// The database's own.
pub async fn hand_on_orphans(store: &Store) -> Result<()> {
    loop {
        let orphans = store.read(|tx| store::orphans(tx, CHUNK)).await?;
        if orphans.is_empty() {
            return Ok(());
        }
        store.write(move |tx| hand_on(tx, &orphans)).await?;
    }
}

/// Takes the members' locks first, as whoever owes does.
fn hand_on(tx: &mut Tx<'_>, orphans: &[(MemberId, ThanksId)]) -> Result<()> {
    let settings = settings::service::get(tx)?;
    members::service::many::lock_all(tx, &orphans.iter().map(|(member, _)| *member).collect())?;
    let rota = there(tx, &settings)?;
    let mut next = of(tx, &settings, None)?;
    for (_, id) in orphans {
        let (mut thanks, _) = lock(tx, *id)?;
        let owner: Vec<UserId> = thanks.owner_id.into_iter().collect();
        let is_there = !store::users_among(tx, &owner)?.is_empty();
        if thanks.state == ThanksState::Owed && !is_there {
            thanks.owner_id = next;
            store::update(tx, &thanks)?;
            next = after(&rota, next);
        }
    }
    Ok(())
}
