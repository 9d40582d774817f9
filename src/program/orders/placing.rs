//! Placing orders: many at once, each decided on its own.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use super::{Content, Order, earned, service, store};
use crate::{
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
    program::{
        ledger::{self, Act, Entry, EntryKind, Posting, Rule, Source},
        members::{Member, MemberStatus, many},
        settings::{self, Settings},
    },
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
///
/// # Errors
/// The database's own.
pub fn place_all(
    tx: &mut Tx<'_>,
    asks: &[(NewOrder, Caller)],
) -> Result<Vec<Result<Placed, Refusal>>> {
    let settings = settings::service::get(tx)?;
    let buyers = lock_buyers(tx, asks)?;
    let ids = asks.iter().map(|(new, _)| new.external_id.as_str()).collect();
    let known = store::by_external_ids(tx, &ids)?;
    let mut slice = Slice { settings, asks, buyers, known, answers: BTreeMap::new() };
    let mut open: Vec<usize> = (0..asks.len()).collect();
    while !open.is_empty() {
        open = slice.round(tx, open)?;
    }
    slice.told(tx)
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

/// What one order came to.
struct Answered {
    order: Order,
    already_there: bool,
    entry: Option<Entry>,
}

/// Orders on their way.
struct Slice<'a> {
    settings: Settings,
    asks: &'a [(NewOrder, Caller)],
    buyers: Vec<Option<Member>>,
    /// Orders that are there, by their external ids: of before, and of this slice.
    known: HashMap<String, Order>,
    answers: BTreeMap<usize, Result<Answered, Refusal>>,
}

/// What can be said of an order before anything is written.
enum Step {
    Known(Order),
    New(Order),
    /// Another of this round has its external id, and may still be refused.
    Wait,
}

impl Slice<'_> {
    /// Decides and writes those of `open` that don't wait for another of them; answers the rest.
    fn round(&mut self, tx: &mut Tx<'_>, open: Vec<usize>) -> Result<Vec<usize>> {
        let mut drafts: BTreeMap<&str, (usize, Order)> = BTreeMap::new();
        let mut waiting = Vec::new();
        for place in open {
            let external_id = self.asks[place].0.external_id.as_str();
            match self.step(tx, place, drafts.contains_key(external_id)) {
                Ok(Step::Wait) => waiting.push(place),
                Ok(Step::New(order)) => drop(drafts.insert(external_id, (place, order))),
                Ok(Step::Known(order)) => {
                    let answered = Answered { order, already_there: true, entry: None };
                    self.answers.insert(place, Ok(answered));
                }
                Err(Error::Refused(refusal)) => drop(self.answers.insert(place, Err(refusal))),
                Err(error) => return Err(error),
            }
        }
        if drafts.is_empty() {
            return Ok(waiting);
        }
        let ids: BTreeSet<&str> = drafts.keys().copied().collect();
        let mut drafts: Vec<(usize, Order)> = drafts.into_values().collect();
        drafts.sort_unstable_by_key(|(place, _)| *place);
        let places: Vec<usize> = drafts.iter().map(|(place, _)| *place).collect();
        match self.write(tx, drafts)? {
            Some(written) => {
                for (place, answer) in written {
                    if let Ok(Answered { order, .. }) = &answer {
                        self.known.insert(order.external_id.clone(), order.clone());
                    }
                    self.answers.insert(place, answer);
                }
            }
            // somebody was faster with one of them: it is there now
            None => {
                let there = store::by_external_ids(tx, &ids)?;
                if there.is_empty() {
                    return Err(Error::internal("an order that was there is gone"));
                }
                self.known.extend(there);
                waiting.extend(places);
                waiting.sort_unstable();
            }
        }
        Ok(waiting)
    }

    fn step(&self, tx: &Tx<'_>, place: usize, taken: bool) -> Result<Step> {
        let (new, _) = &self.asks[place];
        let buyer = self.buyers[place].as_ref().ok_or_else(|| no_such_buyer(&new.buyer))?;
        let content_hash = content(new, buyer.id).hash()?;
        let known = self.known.get(&new.external_id);
        // a repeat is answered whatever the settings say now; other content has its own faults first
        if let Some(first) = known.filter(|first| first.content_hash == content_hash) {
            return Ok(Step::Known(first.clone()));
        }
        let order = draft(tx, &self.settings, new, buyer.id, content_hash)?;
        match known {
            Some(_) => Err(Refusal::ExternalIdConflict(order.external_id).into()),
            None if taken => Ok(Step::Wait),
            None => Ok(Step::New(order)),
        }
    }

    /// Posts what the orders earn, and writes those that the ledger took; `None`, and nothing
    /// done, where one of their external ids is taken by now.
    fn write(
        &self,
        tx: &mut Tx<'_>,
        drafts: Vec<(usize, Order)>,
    ) -> Result<Option<Vec<(usize, Result<Answered, Refusal>)>>> {
        let mut lost = false;
        let outcome = tx.savepoint(|tx| {
            let written = self.earn(tx, drafts)?;
            let mut orders: Vec<&Order> = written
                .iter()
                .filter_map(|(_, answer)| Some(&answer.as_ref().ok()?.order))
                .collect();
            let count = orders.len();
            if store::insert_all(tx, &mut orders)? < count {
                lost = true;
                return Err(Error::internal("undone: an external id was taken meanwhile"));
            }
            let lines = written.iter().filter_map(|(place, answer)| {
                let lines = self.asks[*place].0.lines.clone()?;
                Some((answer.as_ref().ok()?.order.id, lines))
            });
            store::insert_lines(tx, lines.collect())?;
            Ok(written)
        });
        if lost { Ok(None) } else { outcome.map(Some) }
    }

    fn earn(
        &self,
        tx: &mut Tx<'_>,
        drafts: Vec<(usize, Order)>,
    ) -> Result<Vec<(usize, Result<Answered, Refusal>)>> {
        let postings: Vec<Posting> =
            drafts.iter().filter_map(|(place, order)| self.posting(*place, order)).collect();
        let mut posted = match postings.is_empty() {
            true => Vec::new(),
            false => ledger::post(tx, &postings)?,
        }
        .into_iter();
        let mut written = Vec::with_capacity(drafts.len());
        for (place, mut order) in drafts {
            let mut entry = None;
            if order.earned_points > 0 {
                let unanswered = || Error::internal("an order without its entry");
                match posted.next().ok_or_else(unanswered)? {
                    Ok(posted) => entry = Some(posted.entry.ok_or_else(unanswered)?),
                    Err(refusal) => {
                        written.push((place, Err(refusal)));
                        continue;
                    }
                }
            }
            order.entry_seq = entry.as_ref().map(|entry| entry.seq);
            written.push((place, Ok(Answered { order, already_there: false, entry })));
        }
        Ok(written)
    }

    /// What an order earns; `None` where that is nothing.
    fn posting(&self, place: usize, order: &Order) -> Option<Posting> {
        let (_, caller) = &self.asks[place];
        Some(Posting {
            member: order.member_id,
            act: Act::Credit {
                kind: EntryKind::Earn,
                points: order.earned_points,
                available_at: order.available_at?,
                expires_at: order.expires_at,
            },
            source: Some(Source::new("order", order.id)),
            rule: Rule::Order {
                order: order.external_id.clone(),
                amount: order.total.amount,
                currency: order.total.currency.to_string(),
                earn_points: self.settings.earn_points.get(),
                per_minor_units: self.settings.earn_per_minor_units.get(),
            },
            actor: caller.label(),
            channel: order.channel.clone(),
            reason: None,
            occurred_at: order.placed_at,
        })
    }

    /// The answers in order; what repeated orders had earned is looked up for all of them.
    fn told(self, tx: &mut Tx<'_>) -> Result<Vec<Result<Placed, Refusal>>> {
        let repeated = self.answers.values().flatten().filter(|answered| answered.already_there);
        let earned = service::earned_by(tx, repeated.map(|answered| &answered.order))?;
        let zone = &self.settings.time_zone;
        let placed = self.answers.into_values().zip(self.buyers).map(|(answer, buyer)| {
            let Answered { order, already_there, entry } = answer?;
            let locale = buyer.map_or_else(|| self.settings.locale.clone(), |buyer| buyer.locale);
            let entry = entry.or_else(|| earned.get(&order.id.to_string()).cloned());
            let (language, zone) = (locale.language(), zone.clone());
            Ok(Placed { order, already_there, entry, language, zone })
        });
        Ok(placed.collect())
    }
}

const fn no_such_buyer(buyer: &Buyer) -> Refusal {
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
