//! Placing orders: many at once, each decided on its own.

mod slice;

use std::collections::BTreeSet;

use serde_json::Value;

use self::slice::Slice;
use crate::orders::{Content, Order, earned, store};
use crate::{
    ledger::Entry,
    members::{Member, MemberStatus, likeness::Hints, service::many},
};
use platform::{
    auth::Caller,
    db::Tx,
    kernel::{
        clock::Timestamp,
        error::{Error, Refusal, Result},
        id::MemberId,
        locale::Language,
        money::Money,
        points,
        text::{Email, ExternalId},
        zone::Zone,
    },
    settings::{self, Settings},
};

/// Who bought.
#[derive(Clone, Debug)]
pub enum Buyer {
    Id(MemberId),
    Email(Email),
    /// The storefront's own id of the customer.
    ExternalId(ExternalId),
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
    /// What may tell who is who; no part of what the order is.
    pub hints: Hints,
}

/// An order that is placed, and how its buyer is told.
#[derive(Clone, Debug)]
pub struct Placed {
    pub order: Order,
    /// It was there before, with the same content.
    pub already_there: bool,
    /// What it earned; `None` where that was nothing.
    pub entry: Option<Entry>,
    /// The buyer's.
    pub language: Language,
    /// The program's.
    pub zone: Zone,
}

/// Places one order, and lets it earn.
///
/// # Errors
/// What [`place_all`] refuses, or the database's own.
pub fn place(tx: &mut Tx<'_>, ask: &(NewOrder, Caller)) -> Result<Placed> {
    let answer = place_all(tx, std::slice::from_ref(ask))?.pop();
    Ok(answer.ok_or_else(|| Error::internal("an order without an answer"))??)
}

/// Places orders and lets them earn, in order, each decided on its own: a refusal touches its own
/// row alone and writes nothing. One that repeats another of them is told as already there.
///
/// Refused are an unknown or erased member; another currency than the program's; an instant in the
/// future; more points than there can be; and, with [`Refusal::ExternalIdConflict`], an external id
/// that has other content.
pub fn place_all(
    tx: &mut Tx<'_>,
    asks: &[(NewOrder, Caller)],
) -> Result<Vec<Result<Placed, Refusal>>> {
    let settings = settings::service::get(tx)?;
    let buyers = lock_buyers(tx, asks)?;
    let ids = asks.iter().map(|(new, _)| new.external_id.as_str()).collect();
    let known = store::by_external_ids(tx, &ids)?;
    Slice::new(settings, asks, buyers, known).placed(tx)
}

/// The buyers' rows, locked before any order's, so that no order comes after an erasure; `None`
/// where there is no such member.
fn lock_buyers(tx: &mut Tx<'_>, asks: &[(NewOrder, Caller)]) -> Result<Vec<Option<Member>>> {
    let (mut keys, mut names) = (BTreeSet::new(), BTreeSet::new());
    for (new, _) in asks {
        match &new.buyer {
            Buyer::Id(_) => {}
            Buyer::Email(email) => drop(keys.insert(email.key())),
            Buyer::ExternalId(name) => drop(names.insert(name.as_str())),
        }
    }
    let by_email = many::ids_by_email_key(tx, &keys)?;
    let by_name = many::ids_by_external_id(tx, &names)?;
    let ids: Vec<Option<MemberId>> = asks
        .iter()
        .map(|(new, _)| match &new.buyer {
            Buyer::Id(id) => Some(*id),
            Buyer::Email(email) => by_email.get(email.key()).copied(),
            Buyer::ExternalId(name) => by_name.get(name.as_str()).copied(),
        })
        .collect();
    let mut members = many::lock_all(tx, &ids.iter().flatten().copied().collect())?;
    members.retain(|_, member| member.status != MemberStatus::Erased);
    Ok(ids.into_iter().map(|id| members.get(&id?).cloned()).collect())
}

fn no_such_buyer(buyer: &Buyer) -> Refusal {
    let pointer = match buyer {
        Buyer::Id(_) => "/member_id",
        Buyer::Email(_) => "/email",
        Buyer::ExternalId(_) => "/member_external_id",
    };
    Refusal::not_found_at("member", pointer)
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
) -> Result<Order, Refusal> {
    if new.total.currency != settings.currency {
        let message = format!("must be {}, the program's currency", settings.currency);
        return Err(Refusal::field("/total/currency", message));
    }
    let placed_at = new.placed_at.unwrap_or(tx.now);
    if placed_at > tx.now {
        return Err(Refusal::field("/placed_at", "must not be in the future"));
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
        fulfilled_at: None,
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
