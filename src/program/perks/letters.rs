//! What members are told of their perks.

use super::{Perk, service::Brought};
use crate::members::Member;
use platform::{
    db::Tx,
    kernel::error::Result,
    messaging::{letters::Letter, outbox},
    settings::Settings,
};

/// A perk was granted, and what it brought.
pub fn granted(
    tx: &mut Tx<'_>,
    settings: &Settings,
    perk: &Perk,
    member: &Member,
    brought: &Brought,
) -> Result<()> {
    let (Some((to, given_name)), Some(title)) = (member.addressee(), &perk.title) else {
        return Ok(());
    };
    let shop = settings.storefront_url.as_ref();
    let letter = Letter::PerkGranted {
        given_name,
        title: title.to_string(),
        message: perk.message.as_ref().map(ToString::to_string),
        points: perk.points,
        expires_at: brought.expires_at(),
        reward: brought.reward(&member.reader(&settings.locale)),
        page_url: shop.map(|shop| match &brought.gift {
            Some((redemption, _)) => format!("{shop}/?redemption={}", redemption.id),
            None => format!("{shop}/"),
        }),
        voucher: brought.voucher(),
    };
    outbox::push(tx, to, &letter, &format!("perk_granted:{}", perk.id))?;
    Ok(())
}
