//! The catalogue's use cases, and the stock.

use std::collections::{BTreeMap, BTreeSet};

use super::{Changes, NewReward, Reward, RewardState, store};
use crate::{
    db::Tx,
    kernel::{
        error::{Error, Refusal, Result},
        id::RewardId,
        page::Page,
        version::Versions,
    },
};

/// Adds a reward.
///
/// # Errors
/// [`Refusal::Invalid`] where fields contradict each other.
pub fn add(tx: &mut Tx<'_>, new: NewReward) -> Result<Reward> {
    let reward = new.into_reward(tx.new_id())?;
    store::insert(tx, &reward)?;
    Ok(reward)
}

/// Changes what `changes` names of a reward that is still of one of these versions. Stock moves without a new
/// version: redeeming would make every admin's form stale.
///
/// # Errors
/// No such reward, another version, a retired one that should come back, fields that contradict
/// each other.
pub fn change(tx: &mut Tx<'_>, id: RewardId, changes: Changes, seen: &Versions) -> Result<Reward> {
    let reward = store::lock(tx, id)?.ok_or(Refusal::not_found("reward"))?;
    seen.check(reward.version)?;
    let reward = changes.apply(reward)?;
    store::update(tx, &reward)?;
    Ok(reward)
}

/// The reward with this id.
pub fn find(tx: &mut Tx<'_>, id: RewardId) -> Result<Option<Reward>> {
    store::find(tx, id)
}

/// Rewards by their ids. The rows of those that count their stock stay locked, in the order of
/// their ids; the others are not touched, so that their redemptions don't wait for each other.
pub fn lock_all(tx: &mut Tx<'_>, ids: &BTreeSet<RewardId>) -> Result<BTreeMap<RewardId, Reward>> {
    let mut all = store::find_all(tx, ids)?;
    if all.values().any(|reward| reward.stock.is_some()) {
        all.extend(store::lock_counted(tx, ids)?);
    }
    Ok(all)
}

/// The reward that a path names; `live_only`: others do not exist for this reader.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn get(tx: &mut Tx<'_>, id: RewardId, live_only: bool) -> Result<Reward> {
    find(tx, id)?
        .filter(|reward| !live_only || reward.state == RewardState::Live)
        .ok_or_else(|| Error::from(Refusal::not_found("reward")))
}

/// Rewards of these states, newest first: one row more than the page has.
///
/// # Errors
/// A cursor of another list.
pub fn list(tx: &mut Tx<'_>, states: &[RewardState], page: &Page) -> Result<Vec<Reward>> {
    store::list(tx, states, page.after()?, page.rows())
}

/// Every live reward, newest first; the newest thousand where there are more.
pub fn live(tx: &mut Tx<'_>) -> Result<Vec<Reward>> {
    store::list(tx, &[RewardState::Live], None, 1000)
}

/// Takes units out of the stock. The guarded statement decides, not what `reward` said when it was
/// read; a reward without a stock is not touched, so that its redemptions don't wait for each other.
///
/// # Errors
/// [`Refusal::OutOfStock`].
pub fn take(tx: &mut Tx<'_>, reward: &Reward, quantity: i64) -> Result<()> {
    if reward.stock.is_none() || store::take(tx, reward.id, quantity)? {
        Ok(())
    } else {
        Err(Refusal::OutOfStock.into())
    }
}

/// Puts units back into the stock, where it is counted.
pub fn put_back(tx: &mut Tx<'_>, reward: RewardId, quantity: i64) -> Result<()> {
    store::put_back(tx, reward, quantity)
}
