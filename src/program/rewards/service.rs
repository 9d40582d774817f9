//! The catalogue's use cases, and the stock.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use super::{ImageUrl, NewReward, Reward, RewardChanges, RewardState, history, store};
use crate::pictures;
use platform::{
    auth::Caller,
    db::{Tx, schema::rewards},
    kernel::{
        error::{Refusal, Result},
        id::RewardId,
        page::{Listing, Page},
        version::Versions,
    },
    settings,
};

pub use store::{find_all, get, put_back};

/// Adds a reward.
///
/// # Errors
/// [`Refusal::Invalid`] where fields contradict each other, or a text lacks the program's language.
pub fn add(tx: &mut Tx<'_>, fields: NewReward, by: &Caller) -> Result<Reward> {
    let fields = fields.settled(&settings::service::get(tx)?, None)?;
    fields.check()?;
    refuse_missing_picture(tx, &fields)?;
    let reward = Reward { id: tx.new_id(), fields, has_codes: false, version: 1 };
    store::insert(tx, &reward)?;
    let told = history::differences(None, &reward.fields)?;
    history::keep(tx, reward.id, reward.version, &told, by)?;
    Ok(reward)
}

/// A picture of ours has to be there.
fn refuse_missing_picture(tx: &mut Tx<'_>, fields: &NewReward) -> Result<()> {
    match fields.image_url.as_ref().and_then(ImageUrl::uploaded) {
        Some(name) if !pictures::service::exists(tx, name)? => {
            Err(Refusal::field("/image_url", "is no picture that was uploaded here").into())
        }
        _ => Ok(()),
    }
}

/// Changes a reward that is still of one of these versions; what changes nothing makes no new one.
/// Stock moves without a new version: redeeming would make every admin's form stale.
///
/// # Errors
/// No such reward, another version, a retired one that should come back, fields that contradict
/// each other, or its list of codes.
pub fn change(
    tx: &mut Tx<'_>,
    id: RewardId,
    changes: &RewardChanges,
    seen: &Versions,
    by: &Caller,
) -> Result<Reward> {
    let Reward { fields: before, has_codes, version, .. } = store::lock(tx, id)?;
    seen.check(version)?;
    let settings = settings::service::get(tx)?;
    let before = before.named(&settings.locale);
    let fields = changes.apply(&before)?.settled(&settings, Some(&before))?;
    let told = history::differences(Some(&before), &fields)?;
    if told.is_empty() {
        return Ok(Reward { id, fields: before, has_codes, version });
    }
    let (from, to) = (before.state, fields.state);
    if to != from && !from.allowed().contains(&to.as_str()) {
        return Err(Refusal::InvalidTransition {
            what: "the reward",
            from: from.as_str(),
            to: to.as_str(),
            allowed: from.allowed(),
        }
        .into());
    }
    fields.check()?;
    if has_codes && fields.stock != before.stock {
        return Err(Refusal::field("/stock", "is how many codes of the list are left").into());
    }
    if has_codes && fields.kind != before.kind {
        return Err(Refusal::field("/kind", "stays voucher: the reward has a list of codes").into());
    }
    if fields.image_url != before.image_url {
        refuse_missing_picture(tx, &fields)?;
    }
    let reward = Reward { id, fields, has_codes, version: version + 1 };
    store::update(tx, &reward)?;
    history::keep(tx, id, reward.version, &told, by)?;
    Ok(reward)
}

/// Rewards by their ids. The rows of those that count their stock stay locked, in the order of
/// their ids; the others are not touched, so that their redemptions don't wait for each other.
pub fn lock_all(tx: &mut Tx<'_>, ids: &BTreeSet<RewardId>) -> Result<BTreeMap<RewardId, Reward>> {
    let mut all = store::find_all(tx, ids)?;
    if all.values().any(|reward| reward.fields.stock.is_some()) {
        all.extend(store::lock_counted(tx, ids)?);
    }
    Ok(all)
}

/// A page of the rewards in these states, newest first.
///
/// # Errors
/// A cursor of another list.
pub fn list(tx: &mut Tx<'_>, states: &[RewardState], page: &Page) -> Result<Listing<Reward>> {
    let states = states.iter().map(|state| state.as_str());
    store::list(tx, page, |rewards| rewards.filter(rewards::state.eq_any(states)))
}

/// Every live reward, newest first; the newest thousand where there are more.
pub fn live(tx: &mut Tx<'_>) -> Result<Vec<Reward>> {
    Ok(list(tx, &[RewardState::Live], &Page::first(1000))?.data)
}

/// The same without their texts, for what is decided without them: reading and judging those of a
/// thousand rewards takes longer than all else together.
pub fn live_without_texts(tx: &mut Tx<'_>) -> Result<Vec<Reward>> {
    store::live_without_texts(tx, 1000)
}

/// Takes units out of the stock, whose locked row said that there are enough: the statement's own
/// guard keeps it from ever falling below 0. A reward without a stock is not touched, so that its
/// redemptions don't wait for each other.
///
/// # Errors
/// [`Refusal::OutOfStock`].
pub fn take(tx: &mut Tx<'_>, reward: &Reward, quantity: i64) -> Result<()> {
    if reward.fields.stock.is_none() || store::take(tx, reward.id, quantity)? {
        Ok(())
    } else {
        Err(Refusal::OutOfStock.into())
    }
}
