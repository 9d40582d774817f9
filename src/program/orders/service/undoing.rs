//! Taking orders back: refunds, and cancelling while the points are pending.

use crate::orders::{Order, OrderState, Refund, service, store};
use crate::{
    due,
    ledger::{self, Act, Posting, Rule, Source},
    members, referrals,
};
use platform::{
    auth::Caller,
    db::Tx,
    kernel::{
        error::{Error, Refusal, Result},
        id::OrderId,
        money::Money,
    },
    settings::{self, NegativePolicy},
};

/// Refunds a part of an order, or what is left of it; the points that this part had earned are
/// taken back. `true` where this refund was there already.
///
/// # Errors
/// No such order; a cancelled one; another currency; more than is left;
/// [`Refusal::ExternalIdConflict`] where this refund was of another amount.
pub fn refund(
    tx: &mut Tx<'_>,
    id: OrderId,
    external_id: &str,
    amount: Money,
    by: &Caller,
) -> Result<(Order, Refund, bool)> {
    let mut order = lock(tx, id)?;
    if amount.currency != order.total.currency {
        let message = format!("must be {}, the order's currency", order.total.currency);
        return Err(Refusal::field("/amount/currency", message).into());
    }
    if let Some(first) = store::refund(tx, id, external_id)? {
        return if first.amount == amount.amount {
            Ok((order, first, true))
        } else {
            Err(Refusal::ExternalIdConflict(external_id.to_owned()).into())
        };
    }
    let left = order.total.amount - order.refunded_amount;
    if order.cancelled_at.is_some() {
        let to = if amount.amount == left {
            OrderState::Refunded
        } else {
            OrderState::PartiallyRefunded
        };
        return Err(cannot_become(OrderState::Cancelled, to));
    }
    if !(1..=left).contains(&amount.amount) {
        let message = match left {
            0 => "all of this order is refunded already".to_owned(),
            left => format!("must be from 1 to {left}, what is left of the order"),
        };
        return Err(Refusal::field("/amount/amount", message).into());
    }
    let refunded = order.refunded_amount + amount.amount;
    let due = order.clawback(refunded) - order.clawed_points;
    order.refunded_amount = refunded;
    claw_back(tx, &mut order, due, Undone::Refunded(external_id), by)?;
    store::update(tx, &order)?;
    referrals::service::order_taken_back(tx, id)?;
    let refund = Refund {
        id: tx.new_id(),
        external_id: external_id.to_owned(),
        amount: amount.amount,
        clawed_points: due,
    };
    store::insert_refund(tx, id, &refund)?;
    Ok((order, refund, false))
}

/// Why points of an order are taken back.
#[derive(Clone, Copy)]
enum Undone<'a> {
    /// A refund of this external id.
    Refunded(&'a str),
    Cancelled,
}

/// Takes `due` points back; what had expired, or is forgiven, counts as taken.
fn claw_back(
    tx: &mut Tx<'_>,
    order: &mut Order,
    due: i64,
    undone: Undone<'_>,
    by: &Caller,
) -> Result<()> {
    // the ledger fills in what it found
    let (excused, forgiven, debt) = (0, 0, 0);
    let name = order.external_id.clone();
    let (part, rule) = match undone {
        Undone::Refunded(part) => {
            (part, Rule::Refund { order: name, due, excused, forgiven, debt })
        }
        Undone::Cancelled => {
            ("cancel", Rule::OrderCancelled { order: name, due, excused, forgiven, debt })
        }
    };
    let Some(lot_seq) = order.entry_seq.filter(|_| due > 0) else { return Ok(()) };
    let forgive = settings::service::get(tx)?.negative_policy == NegativePolicy::Clamp;
    let posted = ledger::post_one(
        tx,
        Posting {
            member: order.member_id,
            act: Act::Clawback { lot_seq, due, excused: order.excused_points, forgive },
            source: Some(Source::new("order", order.id).part(part)),
            rule,
            actor: by.label(),
            channel: None,
            reason: None,
            occurred_at: tx.now,
        },
    )?;
    order.clawed_points += due;
    order.excused_points += posted.excused;
    Ok(())
}

/// Cancels an order whose points are not available yet: all of them are taken back. One that was
/// cancelled before stays as it is.
///
/// # Errors
/// No such order; [`Refusal::InvalidTransition`] for any other state.
pub fn cancel(tx: &mut Tx<'_>, id: OrderId, by: &Caller) -> Result<Order> {
    let mut order = lock(tx, id)?;
    match order.state(tx.now) {
        OrderState::Cancelled => return Ok(order),
        OrderState::Open => {}
        state => return Err(cannot_become(state, OrderState::Cancelled)),
    }
    let due = order.earned_points - order.clawed_points;
    claw_back(tx, &mut order, due, Undone::Cancelled, by)?;
    order.cancelled_at = Some(tx.now);
    store::update(tx, &order)?;
    referrals::service::order_taken_back(tx, id)?;
    Ok(order)
}

fn cannot_become(from: OrderState, to: OrderState) -> Error {
    let (from, to, allowed) = (from.as_str(), to.as_str(), from.allowed());
    Refusal::InvalidTransition { what: "the order", from, to, allowed }.into()
}

/// The order, its row locked, and what is due to its buyer given back.
fn lock(tx: &mut Tx<'_>, id: OrderId) -> Result<Order> {
    // the buyer's row comes first in the order of locks; whose order it is never changes
    let buyer = service::get(tx, id)?.member_id;
    members::service::lock(tx, buyer)?;
    due::settle(tx, &[buyer].into())?;
    store::lock(tx, id)?.ok_or_else(|| Error::from(Refusal::not_found("order")))
}
