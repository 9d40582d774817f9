//! What a person decides about a referral that is doubted: for one, or for a whole case.

use diesel::prelude::*;

use super::course::end;
use crate::referrals::{Referral, ReferralState, doubt, store};
use platform::{
    auth::Caller,
    db::{Tx, prepared::one_of, schema::referrals},
    kernel::{
        error::{Refusal, Result},
        id::ReferralId,
        text::Reason,
    },
};

/// Lets a doubted referral go on from where it was. It is not paid by that: the order that
/// qualifies, the hold and the month's limit are as for any other. One that was approved before
/// stays as it is.
///
/// # Errors
/// No such referral; one that is not doubted.
pub fn approve(tx: &mut Tx<'_>, id: ReferralId, by: &Caller) -> Result<Referral> {
    use ReferralState::{Flagged, Joined, Qualified, Rewarded};
    let mut referral = store::lock(tx, id)?;
    match referral.state {
        Flagged => {}
        Joined | Qualified | Rewarded if referral.decided_at.is_some() => return Ok(referral),
        state => return Err(state.cannot_become(Qualified).into()),
    }
    doubt::clear(tx, &[id])?;
    referral.state = referral.came_from.take().unwrap_or(Joined);
    decided(tx, &mut referral, by, None);
    referral.due_at = Some(tx.now);
    store::update(tx, &referral)?;
    Ok(referral)
}

/// Ends a doubted referral, for a reason that its referrer reads. One that was rejected before
/// stays as it is.
///
/// # Errors
/// No such referral; one that is not doubted.
pub fn reject(tx: &mut Tx<'_>, id: ReferralId, reason: &Reason, by: &Caller) -> Result<Referral> {
    let mut referral = store::lock(tx, id)?;
    match referral.state {
        ReferralState::Flagged => {}
        ReferralState::Rejected => return Ok(referral),
        state => return Err(state.cannot_become(ReferralState::Rejected).into()),
    }
    let course = referral.course();
    end(&mut referral, ReferralState::Rejected, tx.now);
    // an appeal goes on from there
    referral.came_from = Some(course);
    referral.due_at = None;
    decided(tx, &mut referral, by, Some(reason.clone()));
    store::update(tx, &referral)?;
    Ok(referral)
}

/// Has a rejected referral looked at again, once.
///
/// # Errors
/// No such referral; one that is not rejected; [`Refusal::LimitReached`] the second time.
pub fn appeal(tx: &mut Tx<'_>, id: ReferralId, reason: &Reason) -> Result<Referral> {
    let mut referral = store::lock(tx, id)?;
    match (referral.state, referral.appealed_at) {
        (ReferralState::Rejected, None) => {}
        (ReferralState::Rejected, Some(_)) => {
            let why = "it was looked at again, and that was the decision".to_owned();
            return Err(Refusal::LimitReached(why).into());
        }
        (ReferralState::Flagged, Some(_)) => return Ok(referral),
        (state, _) => return Err(state.cannot_become(ReferralState::Flagged).into()),
    }
    referral.state = ReferralState::Flagged;
    referral.appealed_at = Some(tx.now);
    referral.appeal_reason = Some(reason.clone());
    referral.ended_at = None;
    referral.due_at = Some(tx.now);
    store::update(tx, &referral)?;
    Ok(referral)
}

fn decided(tx: &Tx<'_>, referral: &mut Referral, by: &Caller, reason: Option<Reason>) {
    referral.decided_by = Some(by.label());
    referral.decided_at = Some(tx.now);
    referral.decision_reason = reason;
}

/// Approves all of a case that waits; answers how many those were.
///
/// # Errors
/// No such case, or none of it waits.
pub fn approve_case(tx: &mut Tx<'_>, case: ReferralId, by: &Caller) -> Result<usize> {
    let ids = waiting(tx, case)?;
    doubt::clear(tx, &ids)?;
    let now = tx.now;
    diesel::update(referrals::table.filter(one_of(referrals::id, &ids)))
        .set((
            referrals::state.eq(referrals::came_from.assume_not_null()),
            referrals::came_from.eq(None::<ReferralState>),
            referrals::decided_by.eq(Some(by.label())),
            referrals::decided_at.eq(Some(now)),
            referrals::decision_reason.eq(None::<Reason>),
            referrals::due_at.eq(Some(now)),
        ))
        .execute(tx.conn)?;
    Ok(ids.len())
}

/// Rejects all of a case that waits; answers how many those were.
///
/// # Errors
/// No such case, or none of it waits.
pub fn reject_case(
    tx: &mut Tx<'_>,
    case: ReferralId,
    reason: &Reason,
    by: &Caller,
) -> Result<usize> {
    let ids = waiting(tx, case)?;
    let now = tx.now;
    diesel::update(referrals::table.filter(one_of(referrals::id, &ids)))
        .set((
            referrals::state.eq(ReferralState::Rejected),
            referrals::ended_at.eq(Some(now)),
            referrals::decided_by.eq(Some(by.label())),
            referrals::decided_at.eq(Some(now)),
            referrals::decision_reason.eq(Some(reason.clone())),
            referrals::due_at.eq(None::<platform::kernel::clock::Timestamp>),
        ))
        .execute(tx.conn)?;
    Ok(ids.len())
}

fn waiting(tx: &mut Tx<'_>, case: ReferralId) -> Result<Vec<ReferralId>> {
    let ids = store::lock_case(tx, case)?;
    if ids.is_empty() {
        return Err(Refusal::not_found("case").into());
    }
    Ok(ids)
}
