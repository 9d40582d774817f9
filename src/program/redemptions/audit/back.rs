//! What a redemption gave back: all of its points where it ended before it was used, and the share
//! of each unit that was cancelled alone.

use super::sums::Case;
use crate::{
    ledger::{EntryKind, Rule, audit::Entry},
    redemptions::RedemptionState,
};
use platform::kernel::difference::Told;

impl<'l> Case<'l> {
    /// Answers the entries that gave back.
    pub(super) fn back(&self, told: &mut Told<'_>) -> Vec<&'l Entry> {
        let one = self.redemption;
        let back = self.entries.iter().copied().filter(|entry| entry.is(EntryKind::Reversal));
        let is_back =
            |part: &str| matches!(part, "cancel" | "expire") || part.starts_with("cancel:");
        let mut back: Vec<&Entry> = back.filter(|entry| is_back(&entry.part)).collect();
        back.sort_unstable_by_key(|entry| entry.seq);
        let (Some(state), Some(unit)) = (one.state, one.points.checked_div(one.quantity)) else {
            return back;
        };
        let unit = i128::from(unit);
        let ended = matches!(state, RedemptionState::Cancelled | RedemptionState::Expired);
        // of what is not over, something is left
        let part = one.cancelled_quantity.min(one.quantity - 1);
        let expected = if ended { one.quantity } else { part };
        let found: i128 = back.iter().map(|entry| entry.points).sum();
        let what = format_args!("given back for {}, which is {state}", one.id);
        told.same(what, unit * i128::from(expected), found);
        let mut gone = 0;
        for entry in &back {
            let units = entry.points.checked_div(unit).unwrap_or(0);
            gone += units;
            self.one_back(entry, units, gone, told);
        }
        let expired = back.iter().filter(|entry| entry.part == "expire");
        let expired: i128 = expired.map(|entry| entry.points).sum();
        // nothing was paid for a gift, and nothing came back: it went as a whole
        let cancelled = match one.entry_seq {
            None if state == RedemptionState::Cancelled => one.quantity.into(),
            _ => gone - expired.checked_div(unit).unwrap_or(0),
        };
        let what = format_args!("cancelled_quantity of {}", one.id);
        told.same(what, cancelled, one.cancelled_quantity.into());
        back
    }

    /// One entry that gave back `units`, the last of `gone`.
    fn one_back(&self, entry: &Entry, units: i128, gone: i128, told: &mut Told<'_>) {
        let one = self.redemption;
        let (seq, is_last) = (entry.seq, gone == i128::from(one.quantity));
        let is_expired = one.state == Some(RedemptionState::Expired) && is_last;
        let part = match one.state {
            Some(RedemptionState::Expired) if is_last => "expire".to_owned(),
            Some(RedemptionState::Cancelled) if is_last => "cancel".to_owned(),
            _ => format!("cancel:{gone}"),
        };
        told.same(format_args!("part of entry {seq}"), &part, &entry.part);
        let of_paid = one.entry_seq.map(|seq| (seq, entry.points)).into_iter().collect();
        told.same(
            format_args!("to what entry {seq} gave"),
            Some(&of_paid),
            self.given_back.get(&seq),
        );
        let what = format_args!("the dates of entry {seq}");
        if is_expired {
            told.same(what, one.expires_at, Some(entry.occurred_at));
        } else if is_last {
            let expected = one.cancelled_at.map(|at| (at, at));
            told.same(what, expected, Some((entry.occurred_at, entry.recorded_at)));
        } else {
            told.same(what, entry.recorded_at, entry.occurred_at);
        }
        match &entry.rule {
            Some(Rule::RedemptionUndone { quantity, expired, .. }) => {
                let found = (i128::from(*quantity), *expired);
                told.same(format_args!("rule of entry {seq}"), (units, is_expired), found);
            }
            Some(_) => {
                let what = format_args!("rule of entry {seq}");
                told.differs(what, "an undone redemption's", "another");
            }
            None => {}
        }
    }
}
