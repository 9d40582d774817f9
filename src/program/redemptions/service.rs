//! Handing over redemptions, and looking at them.

use super::{Redemption, RedemptionState, store};
use crate::{
    db::Tx,
    kernel::{
        error::{Error, Refusal, Result},
        id::{MemberId, RedemptionId},
        page::Page,
    },
};

/// Hands over what was placed; what was handed over before stays as it is.
///
/// # Errors
/// No such redemption; one that was cancelled or has expired.
pub fn fulfil(tx: &mut Tx<'_>, id: RedemptionId) -> Result<Redemption> {
    let redemption = lock(tx, id)?;
    match redemption.state_at(tx.now) {
        RedemptionState::Fulfilled | RedemptionState::Used => return Ok(redemption),
        RedemptionState::Placed => {}
        state => {
            return Err(state.cannot_become(RedemptionState::Fulfilled, state.allowed()).into());
        }
    }
    store::set_fulfilled(tx, id)?;
    get(tx, id)
}

/// The redemption, its row locked.
pub(super) fn lock(tx: &mut Tx<'_>, id: RedemptionId) -> Result<Redemption> {
    store::lock(tx, &[id])?.pop().ok_or_else(|| Error::from(Refusal::not_found("redemption")))
}

/// The redemption that a path names; call [`super::settled`] first.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn get(tx: &mut Tx<'_>, id: RedemptionId) -> Result<Redemption> {
    store::find(tx, id)?.ok_or_else(|| Error::from(Refusal::not_found("redemption")))
}

/// A member's redemptions, or everybody's, newest first: one row more than the page has. Call
/// [`super::settled`] first.
///
/// # Errors
/// A cursor of another list.
pub fn list(
    tx: &mut Tx<'_>,
    member: Option<MemberId>,
    state: Option<RedemptionState>,
    page: &Page,
) -> Result<Vec<Redemption>> {
    store::list(tx, member, state, page.after()?, page.rows())
}
