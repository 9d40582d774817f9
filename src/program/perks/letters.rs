//! What members are told of their perks.

use super::{Perk, service::Brought};
use crate::{
    db::Tx,
    kernel::error::Result,
    messaging::{
        letters::{Letter, Recipient},
        outbox,
    },
    program::{members::Member, settings::Settings},
};

/// A perk was granted, and what it brought.
pub fn granted(
    tx: &mut Tx<'_>,
    settings: &Settings,
    perk: &Perk,
    member: &Member,
    brought: &Brought,
) -> Result<()> {
    // an erased member has no address
    let (Some(given_name), Some(Ok(email)), Some(title)) =
        (member.given_name.clone(), member.email.as_deref().map(str::parse), &perk.title)
    else {
        return Ok(());
    };
    let to = Recipient {
        member_id: Some(member.id),
        email,
        name: member.full_name(),
        locale: member.locale.clone(),
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
