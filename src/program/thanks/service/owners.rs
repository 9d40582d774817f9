//! Who of the staff is to thank.

use super::lock;
use crate::{
    db::{Store, Tx, lock::named_lock},
    kernel::{
        error::Result,
        id::{MemberId, ThanksId, UserId},
    },
    program::{
        settings::{self, Settings},
        thanks::{ThanksState, store},
    },
};

/// How many are handed on in one transaction.
const CHUNK: i64 = 50;

/// Who is to thank: who has the topic, or else the next on the rota; none where there is neither.
pub fn of(
    tx: &mut Tx<'_>,
    settings: &Settings,
    topic_owner: Option<UserId>,
) -> Result<Option<UserId>> {
    let mut named: Vec<UserId> = settings.thanks_rota.to_vec();
    named.extend(topic_owner);
    if named.is_empty() {
        return Ok(None);
    }
    let there = store::users_among(tx, &named)?;
    if let Some(owner) = topic_owner.filter(|owner| there.contains(owner)) {
        return Ok(Some(owner));
    }
    let rota: Vec<UserId> =
        settings.thanks_rota.iter().filter(|user| there.contains(user)).copied().collect();
    if rota.is_empty() {
        return Ok(None);
    }
    // two at once must not take the same turn
    named_lock(tx.conn, b"thanks_rota")?;
    let last = store::last_owner(tx, &rota)?;
    let next = last
        .and_then(|last| rota.iter().position(|user| *user == last))
        .map_or(0, |place| (place + 1) % rota.len());
    Ok(rota.get(next).copied())
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

/// In the order of their members' ids.
fn hand_on(tx: &mut Tx<'_>, orphans: &[(MemberId, ThanksId)]) -> Result<()> {
    let settings = settings::service::get(tx)?;
    for (_, id) in orphans {
        let (mut thanks, _) = lock(tx, *id)?;
        let owner: Vec<UserId> = thanks.owner_id.into_iter().collect();
        let is_there = !store::users_among(tx, &owner)?.is_empty();
        if thanks.state == ThanksState::Owed && !is_there {
            thanks.owner_id = of(tx, &settings, None)?;
            store::update(tx, &thanks)?;
        }
    }
    Ok(())
}
