//! Thanks for orders, where the shop wants that.

use super::Order;
use crate::members::Member;
use platform::{
    db::Tx,
    kernel::error::Result,
    messaging::{
        letters::Letter,
        outbox::{self, Queued},
    },
    settings::Settings,
};

/// Thanks for new orders. Those that are brought in late were thanked for elsewhere.
pub fn thanks<'a>(
    tx: &mut Tx<'_>,
    settings: &Settings,
    new: impl Iterator<Item = (&'a Order, &'a Member)>,
) -> Result<()> {
    if !settings.order_thanks {
        return Ok(());
    }
    let now = tx.now;
    let letters = new.filter_map(|(order, member)| {
        let (to, given_name) = member.addressee()?;
        let letter = Letter::OrderThanks {
            given_name,
            order: order.external_id.clone(),
            total: order.total,
            points: order.earned_points,
            available_at: order.available_at.filter(|at| *at > now),
            page_url: settings.storefront_url.as_ref().map(|shop| format!("{shop}/")),
        };
        let dedupe_key = format!("order_thanks:{}", order.id);
        Some(Queued { to, letter, dedupe_key, not_before: None })
    });
    outbox::push_all(tx, letters.collect())?;
    Ok(())
}
