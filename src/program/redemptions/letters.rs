//! What members are told about their redemptions.

use super::{Redemption, Voucher};
use crate::{
    db::Tx,
    kernel::error::Result,
    messaging::{
        letters::{self, Letter, Recipient},
        outbox,
    },
    program::{
        ledger,
        members::{self, Member},
        rewards::{self, Reward},
        settings::Settings,
    },
};

/// Thanks for a redemption, with its voucher.
pub fn redeemed(
    tx: &mut Tx<'_>,
    settings: &Settings,
    member: &Member,
    reward: &Reward,
    redemption: &Redemption,
) -> Result<()> {
    let Some((to, given_name)) = recipient(member) else { return Ok(()) };
    let voucher = |voucher: &Voucher| letters::Voucher {
        code: voucher.shown(),
        expires_at: voucher.expires_at,
    };
    let letter = Letter::RewardRedeemed {
        given_name,
        reward: reward.name.clone(),
        quantity: redemption.quantity,
        points: redemption.points,
        balance_after: ledger::balance(tx, member.id)?.available,
        placed_at: redemption.placed_at,
        voucher: redemption.voucher.as_ref().map(voucher),
        page_url: settings
            .storefront_url
            .as_ref()
            .map(|shop| format!("{shop}/?redemption={}", redemption.id)),
    };
    outbox::push(tx, to, &letter, &format!("redeemed:{}", redemption.id))?;
    Ok(())
}

/// A redemption was cancelled, and what came back.
pub fn cancelled(tx: &mut Tx<'_>, redemption: &Redemption, reason: Option<&str>) -> Result<()> {
    let member = members::store::get(tx, redemption.member_id)?;
    let Some((to, given_name)) = recipient(&member) else { return Ok(()) };
    let letter = Letter::RedemptionCancelled {
        given_name,
        reward: rewards::service::get(tx, redemption.reward_id, false)?.name,
        quantity: redemption.quantity,
        points_returned: redemption.points,
        balance_after: ledger::balance(tx, member.id)?.available,
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
