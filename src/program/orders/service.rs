//! Placing orders, and looking at them.

use std::collections::{BTreeSet, HashMap};

mod placing;
mod undoing;

pub use placing::{Buyer, NewOrder, Placed, place, place_all};
pub use undoing::{cancel, refund};

use super::{Order, OrderState, store};
use crate::{
    ledger::{self, Entry, EntryKind},
    members,
};
use platform::{
    db::Tx,
    kernel::{
        clock::Timestamp,
        error::{Error, Refusal, Result},
        id::{MemberId, OrderId},
        page::Page,
    },
};

/// The entries that orders earned, by the orders' ids; those that earned nothing have none.
pub fn earned_by<'a>(
    tx: &mut Tx<'_>,
    orders: impl IntoIterator<Item = &'a Order>,
) -> Result<HashMap<String, Entry>> {
    let earning = orders.into_iter().filter(|order| order.entry_seq.is_some());
    let sources: Vec<_> = earning.map(|order| (order.member_id, order.id.to_string())).collect();
    ledger::entries_of(tx, EntryKind::Earn, "order", &sources)
}

/// The order that a path names.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn get(tx: &mut Tx<'_>, id: OrderId) -> Result<Order> {
    store::find(tx, id)?.ok_or_else(|| Error::from(Refusal::not_found("order")))
}

/// Which of these orders were cancelled, or wholly refunded.
pub fn undone_among(tx: &mut Tx<'_>, ids: &BTreeSet<OrderId>) -> Result<BTreeSet<OrderId>> {
    if ids.is_empty() {
        return Ok(BTreeSet::new());
    }
    store::undone_among(tx, &ids.iter().copied().collect::<Vec<_>>())
}

/// The order arrived, or was handed over; now, unless `at` says when. Of an order of which that was
/// said before, the first time stands.
///
/// # Errors
/// No such order; one that was cancelled; an instant before it was placed, or to come.
pub fn fulfil(tx: &mut Tx<'_>, id: OrderId, at: Option<Timestamp>) -> Result<Order> {
    let buyer = get(tx, id)?.member_id;
    members::service::lock(tx, buyer)?;
    let mut order = store::lock(tx, id)?.ok_or_else(|| Error::from(Refusal::not_found("order")))?;
    if order.fulfilled_at.is_some() {
        return Ok(order);
    }
    if order.cancelled_at.is_some() {
        let (from, to, allowed) = (OrderState::Cancelled.as_str(), "fulfilled", &[][..]);
        return Err(Refusal::InvalidTransition { what: "the order", from, to, allowed }.into());
    }
    let at = at.unwrap_or(tx.now);
    if at < order.placed_at || tx.now < at {
        let why = format!("must be from {}, when it was placed, to now", order.placed_at);
        return Err(Refusal::field("/at", why).into());
    }
    order.fulfilled_at = Some(at);
    store::update(tx, &order)?;
    Ok(order)
}

/// Orders of a member, or with an external id, or both; newest first, one row more than the page
/// has.
///
/// # Errors
/// A cursor of another list.
pub fn list(
    tx: &mut Tx<'_>,
    member: Option<MemberId>,
    external_id: Option<&str>,
    page: &Page,
) -> Result<Vec<Order>> {
    store::list(tx, member, external_id, page.after()?, page.rows())
}
