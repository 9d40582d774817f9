//! Placing orders, and looking at them.

use std::collections::HashMap;

mod placing;
mod undoing;

pub use placing::{Buyer, NewOrder, Placed, place, place_all};
pub use undoing::{cancel, refund};

use super::{Order, store};
use crate::{
    db::Tx,
    kernel::{
        error::{Error, Refusal, Result},
        id::{MemberId, OrderId},
        page::Page,
    },
    program::ledger::{self, Entry, EntryKind},
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
