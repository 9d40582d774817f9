//! Orders of one slice on their way: looked at in order, posted and written together.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{NewOrder, Placed, content, draft, no_such_buyer};
use crate::{
    ledger::{self, Act, Entry, EntryKind, Posting, Rule, Source},
    members::{Member, likeness},
    orders::{Order, letters, service, store},
    referrals,
};
use platform::{
    auth::Caller,
    db::Tx,
    kernel::error::{Error, Refusal, Result},
    settings::Settings,
};

/// What one order came to.
struct Answered {
    order: Order,
    already_there: bool,
    entry: Option<Entry>,
}

/// Which of the orders, and what came of it.
type Decided = (usize, Result<Answered, Refusal>);

/// Orders on their way.
pub struct Slice<'a> {
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

impl<'a> Slice<'a> {
    /// `buyers`: the buyer of each, `None` where there is no such member. `known`: the orders that
    /// are there, by their external ids.
    pub fn new(
        settings: Settings,
        asks: &'a [(NewOrder, Caller)],
        buyers: Vec<Option<Member>>,
        known: HashMap<String, Order>,
    ) -> Self {
        Self { settings, asks, buyers, known, answers: BTreeMap::new() }
    }

    /// Decides all of them, in order.
    pub fn placed(mut self, tx: &mut Tx<'_>) -> Result<Vec<Result<Placed, Refusal>>> {
        let mut open: Vec<usize> = (0..self.asks.len()).collect();
        while !open.is_empty() {
            open = self.round(tx, open)?;
        }
        self.told(tx)
    }

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
        let Some(written) = self.write(tx, drafts)? else {
            // somebody was faster with one of them: it is there now
            let there = store::by_external_ids(tx, &ids)?;
            if there.is_empty() {
                return Err(Error::internal("an order that was there is gone"));
            }
            self.known.extend(there);
            waiting.extend(places);
            waiting.sort_unstable();
            return Ok(waiting);
        };
        for (place, answer) in written {
            if let Ok(Answered { order, .. }) = &answer {
                self.known.insert(order.external_id.clone(), order.clone());
            }
            self.answers.insert(place, answer);
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
    fn write(&self, tx: &mut Tx<'_>, drafts: Vec<(usize, Order)>) -> Result<Option<Vec<Decided>>> {
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
            let thanked = written.iter().filter_map(|(place, answer)| {
                let (order, (_, by)) = (&answer.as_ref().ok()?.order, &self.asks[*place]);
                let buyer = self.buyers[*place].as_ref()?;
                (!matches!(by, Caller::System)).then_some((order, buyer))
            });
            letters::thanks(tx, &self.settings, thanked)?;
            let placed = written.iter().filter_map(|(place, answer)| {
                let order = &answer.as_ref().ok()?.order;
                Some((order.member_id, &self.asks[*place].0.hints))
            });
            let placed: Vec<_> = placed.collect();
            likeness::note(tx, placed.iter().copied())?;
            let buyers = placed.into_iter().map(|(buyer, _)| buyer).collect();
            referrals::service::friends_ordered(tx, &buyers)?;
            Ok(written)
        });
        if lost { Ok(None) } else { outcome.map(Some) }
    }

    fn earn(&self, tx: &mut Tx<'_>, drafts: Vec<(usize, Order)>) -> Result<Vec<Decided>> {
        let postings: Vec<Posting> =
            drafts.iter().filter_map(|(place, order)| self.posting(*place, order)).collect();
        let posted = if postings.is_empty() { Vec::new() } else { ledger::post(tx, &postings)? };
        let mut posted = posted.into_iter();
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
            source: Some(Source::made_now("order", order.id)),
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
