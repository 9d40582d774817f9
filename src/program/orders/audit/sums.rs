//! One order against its refunds and its entries, with no database in sight.

use super::rows::{Order, Refund};
use crate::ledger::{EntryKind, Rule, audit::Entry};
use platform::kernel::{clock::RawInstant, difference::Told};

/// An order with all that belongs to it.
pub(super) struct Case<'l> {
    pub order: &'l Order,
    pub refunds: Vec<Refund>,
    /// The entry that it names as its earn.
    pub earn: Option<&'l Entry>,
    /// Entries that name it as their source.
    pub entries: &'l [&'l Entry],
    /// What of its lot has expired.
    pub expired: i128,
}

/// What clawbacks of an order say of it.
#[derive(Default)]
struct Taken<'l> {
    entries: Vec<&'l Entry>,
    /// What had expired, by those that have an entry.
    excused: i128,
    /// What those took, as it counts, that have none: it had expired, or was forgiven.
    silent: i128,
    /// Whether a rule can't be read.
    is_partial: bool,
}

impl<'l> Case<'l> {
    /// Answers the entries that did come from the order.
    pub fn check(&self, told: &mut Told<'_>) -> Vec<&'l Entry> {
        let order = self.order;
        told.made(format_args!("recorded_at of {}", order.id), order.id, order.recorded_at);
        let earn = self.earned(told);
        let mut taken = Taken::default();
        for refund in &self.refunds {
            self.refunded(refund, &mut taken, told);
        }
        if let Some(at) = order.cancelled_at {
            self.cancelled(at, &mut taken, told);
        }
        self.totals(&taken, told);
        earn.into_iter().chain(taken.entries).collect()
    }

    fn earned(&self, told: &mut Told<'_>) -> Option<&'l Entry> {
        let order = self.order;
        let id = order.id;
        let found = match order.entry_seq {
            None => Some(0),
            Some(_) => self.earn.filter(|e| e.is(EntryKind::Earn)).map(|entry| entry.points),
        };
        told.same(format_args!("the earn of {id}"), Some(order.earned_points.into()), found);
        let Some(entry) = self.earn else {
            let found = (order.available_at, order.expires_at);
            told.same(format_args!("dates of the points of {id}"), (None, None), found);
            return None;
        };
        told.same(format_args!("available_at of {id}"), entry.available_at, order.available_at);
        told.same(format_args!("expires_at of {id}"), entry.expires_at, order.expires_at);
        told.same(format_args!("placed_at of {id}"), entry.occurred_at, order.placed_at);
        told.same(format_args!("recorded_at of {id}"), entry.recorded_at, order.recorded_at);
        told.same(format_args!("channel of {id}"), &entry.channel, &order.channel);
        match &entry.rule {
            Some(Rule::Order { order: name, amount, currency, earn_points, per_minor_units }) => {
                told.same(format_args!("external_id of {id}"), name, &order.external_id);
                told.same(format_args!("amount of {id}"), *amount, order.amount);
                told.same(format_args!("currency of {id}"), currency, &order.currency);
                let steps = amount.checked_div(*per_minor_units).unwrap_or(0);
                let points = i128::from(steps) * i128::from(*earn_points);
                let found = i128::from(order.earned_points);
                told.same(format_args!("earned_points of {id}"), points, found);
            }
            Some(_) => other_rule(entry, "an order's", told),
            None => {}
        }
        let own = self.entries.iter().any(|own| own.seq == entry.seq) && entry.part.is_empty();
        (own && entry.is(EntryKind::Earn)).then_some(entry)
    }

    fn refunded(&self, refund: &Refund, taken: &mut Taken<'l>, told: &mut Told<'_>) {
        let Refund { id, amount, recorded_at, .. } = *refund;
        told.made(format_args!("recorded_at of {id}"), id, recorded_at);
        told.holds(amount > 0, format_args!("amount of {id}"), "more than 0", amount);
        let clawed = i128::from(refund.clawed_points);
        // by how much floors of sums differ
        let least = self.share(amount.into());
        let expected = format_args!("{least} or {}", least + 1);
        let what = format_args!("clawed_points of {id}");
        told.holds((least..=least + 1).contains(&clawed), what, expected, clawed);
        let entry = self.clawback(&refund.external_id, |rule| matches!(rule, Rule::Refund { .. }));
        let Some(entry) = entry else {
            taken.silent += clawed;
            return;
        };
        taken.entries.push(entry);
        let dates = (entry.occurred_at, entry.recorded_at);
        let seq = entry.seq;
        told.same(format_args!("the dates of entry {seq}"), (recorded_at, recorded_at), dates);
        match &entry.rule {
            Some(Rule::Refund { order, due, excused, .. }) => {
                let name = &self.order.external_id;
                told.same(format_args!("the order of entry {seq}, by its rule"), name, order);
                told.same(what, i128::from(*due), clawed);
                taken.excused += i128::from(*excused);
            }
            _ => taken.is_partial = true,
        }
    }

    /// It was cancelled before its points were available, and before any of it was refunded.
    fn cancelled(&self, at: RawInstant, taken: &mut Taken<'l>, told: &mut Told<'_>) {
        let order = self.order;
        let id = order.id;
        let available_at = order.available_at;
        told.holds(
            available_at.is_some_and(|available_at| at < available_at),
            format_args!("cancelled_at of {id}"),
            format_args!("before {available_at:?}"),
            at,
        );
        let entry = self.clawback("cancel", |rule| matches!(rule, Rule::OrderCancelled { .. }));
        let Some(entry) = entry else {
            taken.silent += i128::from(order.earned_points);
            return;
        };
        taken.entries.push(entry);
        told.same(format_args!("cancelled_at of {id}"), entry.recorded_at, at);
        let what = format_args!("occurred_at of entry {}", entry.seq);
        told.same(what, entry.recorded_at, entry.occurred_at);
        match &entry.rule {
            Some(Rule::OrderCancelled { order: name, due, excused, .. }) => {
                let what = format_args!("the order of entry {}, by its rule", entry.seq);
                told.same(what, &order.external_id, name);
                told.same(format_args!("earned_points of {id}"), *due, order.earned_points);
                taken.excused += i128::from(*excused);
            }
            _ => taken.is_partial = true,
        }
    }

    fn clawback(&self, part: &str, fits: impl Fn(&Rule) -> bool) -> Option<&'l Entry> {
        self.entries.iter().copied().find(|entry| {
            entry.is(EntryKind::Clawback)
                && entry.part == part
                && entry.rule.as_ref().is_none_or(&fits)
        })
    }

    fn totals(&self, taken: &Taken<'_>, told: &mut Told<'_>) {
        let order = self.order;
        let id = order.id;
        let amounts = self.refunds.iter().map(|refund| i128::from(refund.amount));
        let refunded = i128::from(order.refunded_amount);
        let what = format_args!("refunded_amount of {id}");
        told.same(what, amounts.sum(), refunded);
        let most = order.amount;
        told.holds(
            (0..=i128::from(most)).contains(&refunded),
            what,
            format_args!("0 to {most}, its amount"),
            refunded,
        );
        let clawed = i128::from(order.clawed_points);
        let what = format_args!("clawed_points of {id}");
        if order.cancelled_at.is_some() {
            told.same(format_args!("refunds of {id}, which is cancelled"), 0, self.refunds.len());
            told.same(what, i128::from(order.earned_points), clawed);
        } else {
            told.same(what, self.share(refunded), clawed);
            let by_refunds = self.refunds.iter().map(|refund| i128::from(refund.clawed_points));
            told.same(
                format_args!("clawed_points of the refunds of {id}"),
                clawed,
                by_refunds.sum(),
            );
        }
        let excused = i128::from(order.excused_points);
        let most = self.expired.min(taken.excused + taken.silent);
        if !taken.is_partial {
            told.holds(
                (taken.excused..=most).contains(&excused),
                format_args!("excused_points of {id}"),
                format_args!("{} to {most}", taken.excused),
                excused,
            );
        }
    }

    /// What of the points a part of the amount earned, rounded down.
    fn share(&self, part: i128) -> i128 {
        let whole = i128::from(self.order.amount);
        let points = i128::from(self.order.earned_points).checked_mul(part);
        points.and_then(|points| points.checked_div(whole)).unwrap_or(0)
    }
}

fn other_rule(entry: &Entry, expected: &str, told: &mut Told<'_>) {
    told.differs(format_args!("rule of entry {}", entry.seq), expected, "another");
}
