//! How many units of rewards a member has had: ever, this month, this year.

use std::collections::HashMap;

use crate::{
    redemptions::store,
    rewards::{Had, Reward},
};
use platform::{
    db::Tx,
    kernel::{
        error::{Result, Window},
        id::{MemberId, RewardId},
    },
    settings::Settings,
};

/// Counts for those of these rewards that have a limit; a query a window that any of them has.
pub fn had(
    tx: &mut Tx<'_>,
    settings: &Settings,
    member: MemberId,
    rewards: &[&Reward],
) -> Result<HashMap<RewardId, Had>> {
    let mut all: HashMap<RewardId, Had> = HashMap::new();
    let one = match rewards {
        [one] => Some(one.id),
        _ => None,
    };
    if rewards.iter().any(|reward| reward.fields.per_member_limit.is_some()) {
        for (reward, units) in store::redeemed(tx, member, one, None)? {
            all.entry(reward).or_default().ever = units;
        }
    }
    for window in [Window::Month, Window::Year] {
        if rewards.iter().all(|reward| reward.fields.limit_in(window).is_none()) {
            continue;
        }
        let since = match window {
            Window::Month => settings.time_zone.start_of_month(tx.now),
            Window::Year => settings.time_zone.start_of_year(tx.now),
        };
        for (reward, units) in store::redeemed(tx, member, one, Some(since))? {
            let had = all.entry(reward).or_default();
            match window {
                Window::Month => had.month = units,
                Window::Year => had.year = units,
            }
        }
    }
    Ok(all)
}
