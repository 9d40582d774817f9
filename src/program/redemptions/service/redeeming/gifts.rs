//! A reward as a gift: its member pays nothing for it.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use super::issuing;
use crate::{
    members::Member,
    redemptions::{Redemption, RedemptionState, service::ending, store},
    rewards::{self, Had, Reward, RewardKind},
};
use platform::{
    auth::Caller,
    db::Tx,
    kernel::{
        clock::Timestamp,
        error::{Error, Refusal, Result, Unavailable},
        id::RewardId,
    },
    settings,
};

/// Gives one unit of a reward to a member, whose row is locked. The stock, the state and the dates
/// of the reward bind a gift; points, tiers and the limit per member don't, nor does it count on
/// that limit. The letter is the giver's to write.
///
/// # Errors
/// An unknown reward; [`Refusal::RewardUnavailable`], [`Refusal::OutOfStock`].
pub fn gift(
    tx: &mut Tx<'_>,
    to: &Member,
    reward: RewardId,
    by: &Caller,
) -> Result<(Redemption, Reward)> {
    let ids = BTreeSet::from([reward]);
    ending::settle(tx, &[to.id].into(), &ids)?;
    let reward = rewards::service::lock_all(tx, &ids)?.remove(&reward);
    let reward = reward.ok_or_else(|| Refusal::not_found_at("reward", "/reward_id"))?;
    refuse_ungiftable(&reward, to, tx.now)?;
    rewards::service::take(tx, &reward, 1)?;
    let settings = settings::service::get(tx)?;
    let at_once = reward.fields.kind == RewardKind::Voucher;
    let hours = u64::try_from(settings.redemption_ttl_hours.get()).unwrap_or_default();
    let mut new = Redemption {
        id: tx.new_id(),
        member_id: to.id,
        reward_id: reward.id,
        quantity: 1,
        points: 0,
        state: if at_once { RedemptionState::Fulfilled } else { RedemptionState::Placed },
        order_ref: None,
        channel: None,
        entry_seq: None,
        placed_by: by.label(),
        placed_at: tx.now,
        expires_at: (!at_once).then(|| tx.now.plus(Duration::from_hours(hours))),
        fulfilled_at: at_once.then_some(tx.now),
        cancelled_at: None,
        used_at: None,
        cancelled_quantity: 0,
        voucher: None,
    };
    store::insert_all(tx, &[&mut new])?;
    // the code of the reward's own list, where it has one
    let rewards = BTreeMap::from([(reward.id, reward)]);
    issuing::hand_out_codes(tx, &settings, &mut [&mut new], &rewards)?;
    issuing::issue_vouchers(tx, &settings, &mut [&mut new], |_| at_once)?;
    if at_once && new.voucher.is_none() {
        return Err(Error::internal("a voucher without a code"));
    }
    let reward = rewards.into_values().next();
    Ok((new, reward.ok_or_else(|| Error::internal("a gift without its reward"))?))
}

/// Whether this reward can be given to this member now, but for its stock.
///
/// # Errors
/// [`Refusal::RewardUnavailable`].
pub fn refuse_ungiftable(reward: &Reward, to: &Member, now: Timestamp) -> Result<(), Refusal> {
    let mut reasons = reward.hindrances(to, Had::default(), now, 1);
    reasons
        .retain(|why| !matches!(why, Unavailable::TierRequired | Unavailable::LimitReached { .. }));
    if reasons.is_empty() { Ok(()) } else { Err(Refusal::RewardUnavailable { reasons }) }
}
