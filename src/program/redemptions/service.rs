//! Handing over redemptions, and looking at them.

mod counting;
mod ending;
mod offers;
mod pace;
mod redeeming;
mod reminding;
mod vouchers;

pub use super::store::waiting;
pub use ending::{
    Due, cancel, cancel_units, due_among, expire_due, next_expiry, settle, take_back,
};
pub use offers::{Offer, offers, offers_in_reach};
pub use platform::kernel::voucher_code::read as read_code;
pub use redeeming::{Ask, gift, redeem, redeem_all, refuse_ungiftable};
pub use reminding::{next_reminder, remind_due};
pub use vouchers::{by_code, use_once};

use super::{Redemption, RedemptionState, store};
use crate::ledger::Settled;
use platform::{
    db::{Store, Tx},
    kernel::{
        error::{Error, Refusal, Result},
        id::RedemptionId,
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

/// Reads a redemption as of now, and what `body` wants with it: where it is due it expires first.
///
/// # Errors
/// [`Refusal::NotFound`]; `body`'s own.
pub async fn read<T, F>(store: &Store, id: RedemptionId, body: F) -> Result<T>
where
    T: Send + 'static,
    F: Fn(&mut Tx<'_>, Redemption) -> Result<T> + Clone + Send + 'static,
{
    let first = body.clone();
    let unless_due = move |tx: &mut Tx<'_>| {
        let redemption = get(tx, id)?;
        if redemption.is_due(tx.now) { Ok(None) } else { first(tx, redemption).map(Some) }
    };
    if let Some(read) = store.read(unless_due).await? {
        return Ok(read);
    }
    ending::expire_due(store, Due::One(id)).await?;
    let again = move |tx: &mut Tx<'_>| {
        let redemption = get(tx, id)?;
        body(tx, redemption)
    };
    store.read(again).await
}

/// The redemption as it is kept.
///
/// # Errors
/// [`Refusal::NotFound`].
pub(super) fn get(tx: &mut Tx<'_>, id: RedemptionId) -> Result<Redemption> {
    store::find(tx, id)?.ok_or_else(|| Error::from(Refusal::not_found("redemption")))
}

/// A member's redemptions, or everybody's, newest first: one row more than the page has.
/// Everybody's are the sweep's to settle: reading them is no reason to write so much.
///
/// # Errors
/// A cursor of another list.
pub fn list(
    tx: &mut Tx<'_>,
    of: Option<Settled<'_>>,
    state: Option<RedemptionState>,
    page: &Page,
) -> Result<Vec<Redemption>> {
    store::list(tx, of.map(Settled::member), state, page.after()?, page.rows())
}
