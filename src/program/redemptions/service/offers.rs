//! The catalogue as one member sees it: what they can have now, and why not the rest.

use super::counting;
use crate::{
    db::Tx,
    kernel::error::{Refusal, Result, Unavailable},
    program::{
        ledger::{self, Settled},
        members::{self, MemberStatus},
        rewards::{self, Reward},
        settings,
    },
};

/// A live reward, and why this member can't have it; no reasons: they can.
#[derive(Clone, Debug)]
pub struct Offer {
    pub reward: Reward,
    pub reasons: Vec<Unavailable>,
}

/// Every live reward for a member, newest first.
///
/// # Errors
/// [`Refusal::NotFound`] where there is no such member, or they are erased.
pub fn offers(tx: &mut Tx<'_>, of: Settled<'_>) -> Result<Vec<Offer>> {
    let member = members::service::get(tx, of.member())?;
    if member.status == MemberStatus::Erased {
        return Err(Refusal::not_found("member").into());
    }
    let available = ledger::balance(tx, of)?.available;
    let settings = settings::service::get(tx)?;
    let live = rewards::service::live(tx)?;
    let had = counting::had(tx, &settings, member.id, &live.iter().collect::<Vec<_>>())?;
    let now = tx.now;
    let offer = |reward: Reward| {
        let had = had.get(&reward.id).copied().unwrap_or_default();
        let reasons = reward.availability(&member, available, had, now, 1);
        Offer { reward, reasons }
    };
    Ok(live.into_iter().map(offer).collect())
}
