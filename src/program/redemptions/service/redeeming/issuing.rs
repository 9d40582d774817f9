//! New redemptions, and the codes of vouchers.

use std::{collections::BTreeMap, time::Duration};

use super::Wanted;
use crate::{
    redemptions::{Redemption, RedemptionState, Voucher, store},
    rewards::{Reward, RewardKind, codes},
};
use platform::{
    db::Tx,
    kernel::{
        error::{Error, Result},
        id::{RedemptionId, RewardId},
        voucher_code,
    },
    settings::Settings,
};

/// How often a code that is taken is drawn again.
const DRAWS: usize = 3;

/// A voucher is fulfilled by its code; everything else waits to be handed over.
pub(super) fn new_redemption(tx: &Tx<'_>, settings: &Settings, wanted: &Wanted<'_>) -> Redemption {
    let Wanted { ask, by, .. } = wanted;
    let at_once = wanted.reward.fields.kind == RewardKind::Voucher;
    let hours = u64::try_from(settings.redemption_ttl_hours.get()).unwrap_or_default();
    Redemption {
        id: wanted.id,
        member_id: ask.member_id,
        reward_id: ask.reward_id,
        quantity: ask.quantity,
        cancelled_quantity: 0,
        points: 0,
        state: if at_once { RedemptionState::Fulfilled } else { RedemptionState::Placed },
        order_ref: ask.order_ref.clone(),
        channel: ask.channel.clone(),
        entry_seq: None,
        placed_by: by.label(),
        placed_at: tx.now,
        expires_at: (!at_once).then(|| tx.now.plus(Duration::from_secs(hours * 3600))),
        fulfilled_at: at_once.then_some(tx.now),
        cancelled_at: None,
        used_at: None,
        voucher: None,
    }
}

/// Gives the next codes of their rewards' lists to those whose rewards have one.
pub(super) fn hand_out_codes(
    tx: &mut Tx<'_>,
    settings: &Settings,
    new: &mut [&mut Redemption],
    rewards: &BTreeMap<RewardId, Reward>,
) -> Result<()> {
    for reward in rewards.values().filter(|reward| reward.has_codes) {
        let mut mine: Vec<&mut Redemption> = new
            .iter_mut()
            .map(|redemption| &mut **redemption)
            .filter(|redemption| redemption.reward_id == reward.id)
            .collect();
        let ids: Vec<RedemptionId> = mine.iter().map(|redemption| redemption.id).collect();
        let codes = codes::service::hand_out(tx, reward.id, &ids)?;
        for (redemption, (key, code)) in mine.iter_mut().zip(codes) {
            redemption.voucher = Some(voucher(settings, redemption, key, Some(code)));
        }
        let given: Vec<&Redemption> = mine.iter().map(|redemption| &**redemption).collect();
        if store::insert_vouchers(tx, &given)? < given.len() {
            return Err(Error::internal(format!("a code of {} is a voucher's already", reward.id)));
        }
    }
    Ok(())
}

fn voucher(
    settings: &Settings,
    of: &Redemption,
    code: String,
    uploaded: Option<String>,
) -> Voucher {
    let months = u16::try_from(settings.voucher_months.get()).unwrap_or(u16::MAX);
    Voucher {
        code,
        uploaded,
        expires_at: settings.time_zone.end_of_day_after_months(of.placed_at, months),
        voided_at: None,
        used_at: None,
        channel: None,
        location: None,
        reminded_at: None,
    }
}

/// Gives a voucher to each of those that `want` one.
pub(super) fn issue_vouchers(
    tx: &mut Tx<'_>,
    settings: &Settings,
    new: &mut [&mut Redemption],
    want: impl Fn(&Redemption) -> bool,
) -> Result<()> {
    for _ in 0..DRAWS {
        let mut waiting: Vec<&mut Redemption> = new
            .iter_mut()
            .map(|redemption| &mut **redemption)
            .filter(|redemption| redemption.voucher.is_none() && want(redemption))
            .collect();
        if waiting.is_empty() {
            return Ok(());
        }
        for redemption in &mut waiting {
            let code = voucher_code::draw(tx.chance());
            redemption.voucher = Some(voucher(settings, redemption, code, None));
        }
        let drawn: Vec<&Redemption> = waiting.iter().map(|redemption| &**redemption).collect();
        if store::insert_vouchers(tx, &drawn)? == drawn.len() {
            return Ok(());
        }
        // a code was taken: whose it was not draws again
        let ids: Vec<_> = drawn.iter().map(|redemption| redemption.id).collect();
        let written = store::with_voucher(tx, &ids)?;
        for redemption in waiting.iter_mut().filter(|one| !written.contains(&one.id)) {
            redemption.voucher = None;
        }
    }
    Err(Error::internal("every code drawn for a voucher was taken"))
}
