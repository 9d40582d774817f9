//! How perks end: declined before anything was given, or revoked.

use super::{lock, refuse_own};
use crate::perks::{Perk, PerkKind, PerkState, store};
use crate::{
    ledger::{self, Act, Posting, Rule, Source},
    members::{Member, MemberStatus},
    redemptions,
};
use platform::{
    auth::Caller,
    db::Tx,
    kernel::{error::Result, id::PerkId, text::Reason},
};

/// Declines what another person proposed; what was declined before stays as it is.
///
/// # Errors
/// No such perk; [`Refusal::Forbidden`](platform::kernel::error::Refusal::Forbidden) for who proposed
/// it; one that was granted.
pub fn decline(tx: &mut Tx<'_>, id: PerkId, reason: &Reason, by: &Caller) -> Result<Perk> {
    let (mut perk, member) = lock(tx, id)?;
    refuse_own(&perk, by)?;
    match perk.state {
        PerkState::Declined => return Ok(perk),
        PerkState::Proposed => {}
        state => return Err(state.cannot_become(PerkState::Declined).into()),
    }
    end(tx, &mut perk, &member, PerkState::Declined, reason, by);
    store::update(tx, &perk)?;
    Ok(perk)
}

/// Takes back what is still there of a perk: points that were neither spent, held nor expired, a
/// redemption that was not used or handed over. What is not stays the member's: it never makes a
/// debt, and takes no other points. A repeat answers the perk as it is.
///
/// # Errors
/// No such perk; one that was never granted.
pub fn revoke(tx: &mut Tx<'_>, id: PerkId, reason: &Reason, by: &Caller) -> Result<Perk> {
    let (mut perk, member) = lock(tx, id)?;
    match perk.state {
        PerkState::Revoked => return Ok(perk),
        PerkState::Granted => {}
        state => return Err(state.cannot_become(PerkState::Revoked).into()),
    }
    // with the gift's own reward, so that rewards are locked in the order of their ids
    let rewards = perk.reward_id.into_iter().collect();
    redemptions::service::settle(tx, &[member.id].into(), &rewards)?;
    end(tx, &mut perk, &member, PerkState::Revoked, reason, by);
    let taken = match (perk.kind, perk.entry_seq, perk.redemption_id) {
        (PerkKind::Points, Some(entry_seq), _) => take_points(tx, &perk, entry_seq, by)?,
        (PerkKind::Reward, _, Some(redemption)) => {
            // who was told of the gift is told that it is gone
            let is_there = redemptions::service::take_back(tx, redemption, perk.send_letter, by)?;
            if is_there { perk.cost_points } else { 0 }
        }
        _ => 0,
    };
    perk.taken_back_points = Some(taken);
    perk.kept_points = Some(perk.cost_points - taken);
    store::update(tx, &perk)?;
    Ok(perk)
}

fn end(
    tx: &Tx<'_>,
    perk: &mut Perk,
    member: &Member,
    state: PerkState,
    reason: &Reason,
    by: &Caller,
) {
    perk.state = state;
    perk.ended_by = Some(by.label());
    perk.ended_at = Some(tx.now);
    // of an erased member no words are kept, not even new ones
    perk.ended_reason = (member.status != MemberStatus::Erased).then(|| reason.clone());
}

/// Takes what is left of the points; answers how many those were.
fn take_points(tx: &mut Tx<'_>, perk: &Perk, entry_seq: i64, by: &Caller) -> Result<i64> {
    let posting = Posting {
        member: perk.member_id,
        act: Act::TakeBack { lot_seq: entry_seq },
        source: Some(Source::new("perk", perk.id).part("revoke")),
        rule: Rule::PerkRevoked { entry_seq },
        actor: by.label(),
        channel: None,
        reason: None,
        occurred_at: tx.now,
    };
    Ok(ledger::post_one(tx, posting)?.entry.map_or(0, |entry| -entry.points))
}
