//! Placing orders, and looking at them.

use serde_json::Value;

use super::{Content, Order, earned, store};
use crate::{
    auth::Caller,
    db::Tx,
    kernel::{
        clock::Timestamp,
        error::{Error, Refusal, Result},
        id::{MemberId, OrderId},
        money::Money,
        page::Page,
        points,
        text::Email,
    },
    program::{
        ledger::{self, Act, Entry, EntryKind, Posting, Rule, Source},
        members::{self, Member, MemberStatus},
        settings::{self, Settings},
    },
};

/// Who bought.
#[derive(Clone, Debug)]
pub enum Buyer {
    Id(MemberId),
    Email(Email),
}

/// An order to be placed, its values parsed.
#[derive(Clone, Debug)]
pub struct NewOrder {
    pub external_id: String,
    pub buyer: Buyer,
    pub total: Money,
    /// A JSON array, kept where erasure can empty it.
    pub lines: Option<Value>,
    /// Now unless given.
    pub placed_at: Option<Timestamp>,
    pub channel: Option<String>,
}

/// Places an order and lets it earn; `true` where it was there already, with the same content.
///
/// # Errors
/// An unknown or erased member; another currency than the program's; an instant in the future;
/// more points than there can be; [`Refusal::ExternalIdConflict`].
pub fn place(tx: &mut Tx<'_>, new: NewOrder, by: &Caller) -> Result<(Order, bool)> {
    let settings = settings::service::get(tx)?;
    place_by(tx, &settings, new, by)
}

/// The same by settings that were read before: for many orders in one transaction.
///
/// # Errors
/// As [`place`].
pub fn place_by(
    tx: &mut Tx<'_>,
    settings: &Settings,
    new: NewOrder,
    by: &Caller,
) -> Result<(Order, bool)> {
    let member = buyer(tx, &new.buyer)?;
    let content_hash = content(&new, member.id).hash()?;
    // a repeat is answered whatever the settings say now; other content has its own faults first
    let known = store::by_external_id(tx, &new.external_id)?;
    if let Some(first) = known.filter(|first| first.content_hash == content_hash) {
        return Ok((first, true));
    }
    let order = draft(tx, settings, &new, member.id, content_hash)?;
    // the row first: who loses a race for the external id has posted nothing yet
    if !store::insert(tx, &order)? {
        return placed_before(tx, &order.external_id, &order.content_hash)?
            .map(|first| (first, true))
            .ok_or_else(|| Error::internal("an order that was there is gone"));
    }
    if let Some(lines) = new.lines {
        store::insert_lines(tx, order.id, lines)?;
    }
    Ok((earn(tx, settings, order, by)?, false))
}

/// The buyer, whose row is locked before the order's, so that no order comes after an erasure.
fn buyer(tx: &mut Tx<'_>, buyer: &Buyer) -> Result<Member> {
    let (id, pointer) = match buyer {
        Buyer::Id(id) => (Some(*id), "/member_id"),
        Buyer::Email(email) => {
            (members::service::find_by_email(tx, email)?.map(|member| member.id), "/email")
        }
    };
    let member = match id {
        Some(id) => members::store::lock(tx, id)?,
        None => None,
    };
    member
        .filter(|member| member.status != MemberStatus::Erased)
        .ok_or_else(|| Refusal::not_found_at("member", pointer).into())
}

fn content(new: &NewOrder, member: MemberId) -> Content<'_> {
    Content {
        member,
        amount: new.total.amount,
        currency: new.total.currency,
        placed_at: new.placed_at,
        channel: new.channel.as_deref(),
        lines: new.lines.as_ref(),
    }
}

fn draft(
    tx: &Tx<'_>,
    settings: &Settings,
    new: &NewOrder,
    member: MemberId,
    content_hash: Vec<u8>,
) -> Result<Order> {
    if new.total.currency != settings.currency {
        let message = format!("must be {}, the program's currency", settings.currency);
        return Err(Refusal::field("/total/currency", message).into());
    }
    let placed_at = new.placed_at.unwrap_or(tx.now);
    if placed_at > tx.now {
        return Err(Refusal::field("/placed_at", "must not be in the future").into());
    }
    let per = settings.earn_per_minor_units.get();
    let points = earned(new.total.amount, settings.earn_points.get(), per)
        .filter(|points| *points <= points::MOST)
        .ok_or_else(|| {
            let message = format!("would earn more than {} points", points::MOST);
            Refusal::field("/total/amount", message)
        })?;
    let earns = points > 0;
    Ok(Order {
        id: tx.new_id(),
        external_id: new.external_id.clone(),
        member_id: member,
        total: new.total,
        channel: new.channel.clone(),
        content_hash,
        cancelled_at: None,
        entry_seq: None,
        earned_points: points,
        available_at: earns.then(|| settings.available_at(placed_at)),
        expires_at: settings.expires_at(placed_at).filter(|_| earns),
        refunded_amount: 0,
        clawed_points: 0,
        excused_points: 0,
        placed_at,
        recorded_at: tx.now,
    })
}

/// The first order with this external id, where its content is the same.
fn placed_before(tx: &mut Tx<'_>, external_id: &str, content_hash: &[u8]) -> Result<Option<Order>> {
    match store::by_external_id(tx, external_id)? {
        Some(first) if first.content_hash != content_hash => {
            Err(Refusal::ExternalIdConflict(external_id.to_owned()).into())
        }
        first => Ok(first),
    }
}

fn earn(tx: &mut Tx<'_>, settings: &Settings, mut order: Order, by: &Caller) -> Result<Order> {
    let Some(available_at) = order.available_at else { return Ok(order) };
    let posted = ledger::post_one(
        tx,
        Posting {
            member: order.member_id,
            act: Act::Credit {
                kind: EntryKind::Earn,
                points: order.earned_points,
                available_at,
                expires_at: order.expires_at,
            },
            source: Some(Source::new("order", order.id)),
            rule: Rule::Order {
                order: order.external_id.clone(),
                amount: order.total.amount,
                currency: order.total.currency.to_string(),
                earn_points: settings.earn_points.get(),
                per_minor_units: settings.earn_per_minor_units.get(),
            },
            actor: by.label(),
            channel: order.channel.clone(),
            reason: None,
            occurred_at: order.placed_at,
        },
    )?;
    let entry = posted.entry.ok_or_else(|| Error::internal("an order without its entry"))?;
    store::set_entry(tx, order.id, entry.seq)?;
    order.entry_seq = Some(entry.seq);
    Ok(order)
}

/// The entry that an order earned; `None` where it earned nothing.
///
/// # Errors
/// The database's own.
pub fn entry(tx: &mut Tx<'_>, order: &Order) -> Result<Option<Entry>> {
    let Some(seq) = order.entry_seq else { return Ok(None) };
    let found = ledger::entries(tx, order.member_id, Some(seq + 1), 1)?.pop();
    Ok(found.filter(|entry| entry.seq == seq))
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
