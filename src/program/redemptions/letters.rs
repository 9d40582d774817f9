//! What members are told about their redemptions.

use super::{Redemption, Voucher};
use crate::{
    db::Tx,
    kernel::error::Result,
    messaging::{
        letters::{self, Letter, Recipient},
        outbox::{self, Queued},
    },
    program::{
        members::{self, Member},
        rewards::{self, Reward},
        settings::Settings,
    },
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
        let (to, given_name) = recipient(member)?;
        let voucher = |voucher: &Voucher| letters::Voucher {
            code: voucher.shown(),
            expires_at: voucher.expires_at,
        };
        let letter = Letter::RewardRedeemed {
            given_name,
            reward: reward.fields.name.to_string(),
            quantity: redemption.quantity,
            points: redemption.points,
            balance_after,
            placed_at: redemption.placed_at,
            voucher: redemption.voucher.as_ref().map(voucher),
            page_url: settings
                .storefront_url
                .as_ref()
                .map(|shop| format!("{shop}/?redemption={}", redemption.id)),
        };
        let dedupe_key = format!("redeemed:{}", redemption.id);
        Some(Queued { to, letter, dedupe_key })
    });
    outbox::push_all(tx, letters.collect())?;
    Ok(())
}

/// A redemption was cancelled, and what came back; `balance_after`: what the member has to spend now.
pub fn cancelled(
    tx: &mut Tx<'_>,
    redemption: &Redemption,
    balance_after: i64,
    reason: Option<&str>,
) -> Result<()> {
    let member = members::service::get(tx, redemption.member_id)?;
    let Some((to, given_name)) = recipient(&member) else { return Ok(()) };
    let letter = Letter::RedemptionCancelled {
        given_name,
        reward: rewards::service::get(tx, redemption.reward_id)?.fields.name.into_string(),
        quantity: redemption.quantity,
        points_returned: redemption.points,
        balance_after,
        reason: reason.map(str::to_owned),
    };
    outbox::push(tx, to, &letter, &format!("redemption_cancelled:{}", redemption.id))?;
    Ok(())
}

/// Who gets it; an erased member has no address.
fn recipient(member: &Member) -> Option<(Recipient, String)> {
    let to = Recipient {
        member_id: Some(member.id),
        email: member.email.as_deref()?.parse().ok()?,
        name: member.full_name(),
        locale: member.locale.clone(),
    };
    Some((to, member.given_name.clone()?))
}
