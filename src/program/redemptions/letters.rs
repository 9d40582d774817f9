//! What members are told about their redemptions.

use super::{Redemption, Voucher};
use crate::{
    members::{self, Member},
    rewards::{self, Reward},
};
use platform::{
    db::Tx,
    kernel::error::Result,
    messaging::{
        letters::{self, Letter},
        outbox::{self, Queued},
    },
    settings::{self, Settings},
};

/// A redemption that its member is told of.
pub struct Redeemed<'a> {
    pub redemption: &'a Redemption,
    pub member: &'a Member,
    pub reward: &'a Reward,
    /// What the member has to spend now.
    pub balance_after: i64,
}

/// Thanks for redemptions, with their vouchers.
pub fn redeemed<'a>(
    tx: &mut Tx<'_>,
    settings: &Settings,
    new: impl Iterator<Item = Redeemed<'a>>,
) -> Result<()> {
    let letters = new.filter_map(|Redeemed { redemption, member, reward, balance_after }| {
        let (to, given_name) = member.addressee()?;
        let letter = Letter::RewardRedeemed {
            given_name,
            reward: reward.name(&member.reader(&settings.locale)),
            quantity: redemption.quantity,
            points: redemption.points,
            balance_after,
            placed_at: redemption.placed_at,
            voucher: redemption.voucher.as_ref().map(shown),
            page_url: page_url(settings, redemption),
        };
        let dedupe_key = format!("redeemed:{}", redemption.id);
        Some(Queued { to, letter, dedupe_key, not_before: None })
    });
    outbox::push_all(tx, letters.collect())?;
    Ok(())
}

/// So many units of a redemption were cancelled, and what came back; `balance_after`: what the
/// member has to spend now.
pub fn cancelled(
    tx: &mut Tx<'_>,
    redemption: &Redemption,
    units: i64,
    balance_after: i64,
    reason: Option<&str>,
) -> Result<()> {
    let member = members::service::get(tx, redemption.member_id)?;
    let Some((to, given_name)) = member.addressee() else { return Ok(()) };
    let reward = rewards::service::get(tx, redemption.reward_id)?;
    let letter = Letter::RedemptionCancelled {
        given_name,
        reward: reward.name(&member.reader(&settings::service::get(tx)?.locale)),
        quantity: units,
        points_returned: redemption.cost_of(units),
        balance_after,
        reason: reason.map(str::to_owned),
        left: redemption.left(),
    };
    let part = match redemption.left() {
        0 => String::new(),
        _ => format!(":{}", redemption.cancelled_quantity),
    };
    outbox::push(tx, to, &letter, &format!("redemption_cancelled:{}{part}", redemption.id))?;
    Ok(())
}

fn shown(voucher: &Voucher) -> letters::Voucher {
    letters::Voucher { code: voucher.shown(), expires_at: voucher.expires_at }
}

/// Where the shop shows a redemption.
fn page_url(settings: &Settings, redemption: &Redemption) -> Option<String> {
    let shop = settings.storefront_url.as_ref()?;
    Some(format!("{shop}/?redemption={}", redemption.id))
}

/// A voucher that its member is reminded of.
pub struct Ending<'a> {
    pub redemption: &'a Redemption,
    pub voucher: &'a Voucher,
    pub member: &'a Member,
    pub reward: &'a Reward,
}

/// Reminds of vouchers that end soon; of each once.
pub fn ending<'a>(tx: &mut Tx<'_>, all: impl Iterator<Item = Ending<'a>>) -> Result<()> {
    let settings = settings::service::get(tx)?;
    let letters = all.filter_map(|Ending { redemption, voucher, member, reward }| {
        let (to, given_name) = member.addressee()?;
        let letter = Letter::VoucherEnding {
            given_name,
            reward: reward.name(&member.reader(&settings.locale)),
            quantity: redemption.left(),
            voucher: shown(voucher),
            page_url: page_url(&settings, redemption),
        };
        Some(Queued {
            to,
            letter,
            dedupe_key: format!("voucher_ending:{}", redemption.id),
            not_before: None,
        })
    });
    outbox::push_all(tx, letters.collect())?;
    Ok(())
}
