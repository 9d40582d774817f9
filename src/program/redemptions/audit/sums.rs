//! One redemption against its reward and its entries, with no database in sight.

use std::collections::BTreeMap;

use super::rows::{Redemption, Reward, Voucher};
use crate::ledger::{
    EntryKind, Rule,
    audit::{Entry, Hold},
};
use platform::kernel::difference::Told;

/// A redemption with all that belongs to it.
pub(super) struct Case<'l> {
    pub redemption: &'l Redemption,
    pub voucher: Option<Voucher>,
    pub reward: Option<&'l Reward>,
    /// The entry that it names as what paid for it.
    pub paid: Option<&'l Entry>,
    /// The hold that this entry captured.
    pub hold: Option<&'l Hold>,
    /// Entries that name it as their source.
    pub entries: &'l [&'l Entry],
    /// What of its member's entries gave back what to which debits.
    pub given_back: &'l BTreeMap<i64, BTreeMap<i64, i128>>,
}

impl<'l> Case<'l> {
    /// Answers the entries that did come from the redemption.
    pub fn check(&self, told: &mut Told<'_>) -> Vec<&'l Entry> {
        let one = self.redemption;
        told.made(format_args!("placed_at of {}", one.id), one.id, one.placed_at);
        self.price(told);
        self.states(told);
        let paid = self.paid(told);
        let back = self.back(told);
        paid.into_iter().chain(back).collect()
    }

    /// A reward that was never changed costs what it cost.
    fn price(&self, told: &mut Told<'_>) {
        let Redemption { id, quantity, points, .. } = *self.redemption;
        told.holds(quantity > 0, format_args!("quantity of {id}"), "more than 0", quantity);
        if self.redemption.entry_seq.is_none() {
            // whose gift it is, the perks tell
            told.same(format_args!("points of {id}, for which nothing paid"), 0, points);
            return;
        }
        let what = format_args!("points of {id}");
        let expected = format_args!("{quantity} times what one costs");
        told.holds(points > 0 && points.checked_rem(quantity) == Some(0), what, expected, points);
        match self.reward {
            None => told.differs(format_args!("the reward of {id}"), "a reward", "none"),
            Some(Reward { version: 1, cost_points, .. }) => {
                let price = i128::from(*cost_points) * i128::from(quantity);
                told.same(what, price, points.into());
            }
            Some(_) => {}
        }
    }

    fn paid(&self, told: &mut Told<'_>) -> Option<&'l Entry> {
        let one = self.redemption;
        let id = one.id;
        one.entry_seq?;
        let found = self.paid.filter(|e| e.is(EntryKind::Redeem)).map(|entry| entry.points);
        told.same(format_args!("the redeem of {id}"), Some(-i128::from(one.points)), found);
        let entry = self.paid?;
        let dates = (entry.occurred_at, entry.recorded_at);
        told.same(format_args!("placed_at of {id}"), dates, (one.placed_at, one.placed_at));
        told.same(format_args!("channel of {id}"), &entry.channel, &one.channel);
        told.same(format_args!("placed_by of {id}"), &entry.actor, &one.placed_by);
        match &entry.rule {
            Some(Rule::Redemption { quantity, .. }) => {
                told.same(format_args!("quantity of {id}"), *quantity, one.quantity);
            }
            Some(_) => {
                let what = format_args!("rule of entry {}", entry.seq);
                told.differs(what, "a redemption's", "another");
            }
            None => {}
        }
        if let Some(hold) = self.hold {
            let orders = (Some(&hold.order_ref), one.order_ref.as_ref());
            told.same(
                format_args!("order_ref of {id}, which took {}", hold.id),
                orders.0,
                orders.1,
            );
        }
        let own = self.entries.iter().any(|own| own.seq == entry.seq) && entry.part.is_empty();
        (own && entry.is(EntryKind::Redeem)).then_some(entry)
    }
}
