//! One perk against its entries and its redemption, with no database in sight.

use super::rows::{Gift, Perk};
use crate::{
    ledger::{EntryKind, Rule, audit::Entry},
    perks::{PerkKind, PerkState},
    redemptions::RedemptionState,
};
use platform::kernel::difference::{Seen, Told};

/// A perk with all that belongs to it.
pub(super) struct Case<'l> {
    pub perk: Perk,
    pub gift: Option<&'l Gift>,
    /// Entries that name it as their source.
    pub entries: &'l [&'l Entry],
}

impl<'l> Case<'l> {
    /// Answers the entries that did come from the perk.
    pub fn check(&self, told: &mut Told<'_>) -> Vec<&'l Entry> {
        let one = &self.perk;
        let id = one.id;
        told.made(format_args!("proposed_at of {id}"), id, one.proposed_at);
        let flag = one.send_letter.0;
        told.holds((0..=1).contains(&flag), format_args!("send_letter of {id}"), "0 or 1", flag);
        let kind = told.read(format_args!("kind of {id}"), copied(&one.kind));
        let state = told.read(format_args!("state of {id}"), copied(&one.state));
        let (Some(kind), Some(state)) = (kind, state) else { return self.entries.to_vec() };
        let was_granted = matches!(state, PerkState::Granted | PerkState::Revoked);
        self.steps(state, told);
        self.cost(kind, told);
        self.gift(was_granted && kind == PerkKind::Reward, state, told);
        self.entries(was_granted && kind == PerkKind::Points, state, told)
    }

    fn steps(&self, state: PerkState, told: &mut Told<'_>) {
        let one = &self.perk;
        let id = one.id;
        let granted = matches!(state, PerkState::Granted | PerkState::Revoked);
        let ended = matches!(state, PerkState::Declined | PerkState::Revoked);
        let found = [
            one.granted_at.is_some(),
            one.granted_by.is_some(),
            one.ended_at.is_some(),
            one.ended_by.is_some(),
        ];
        let what = format_args!("who granted and ended {id}, {state}, and when: there");
        told.same(what, [granted, granted, ended, ended], found);
        if let Some(user) = one.budget_user_id {
            let what = format_args!("whose budget {id} counts on");
            told.same(what, Some(user.to_string()), one.granted_by.clone());
        }
        let sums = (state == PerkState::Revoked).then_some(one.cost_points);
        let found = one.taken_back_points.zip(one.kept_points).map(|(taken, kept)| taken + kept);
        told.same(format_args!("taken back and kept of {id}, {state}"), sums, found);
    }

    fn cost(&self, kind: PerkKind, told: &mut Told<'_>) {
        let one = &self.perk;
        let id = one.id;
        let found = (one.points.is_some(), one.reward_id.is_some());
        let expected = (kind == PerkKind::Points, kind == PerkKind::Reward);
        told.same(format_args!("whether {id}, {kind}, has points and a reward"), expected, found);
        let what = format_args!("cost_points of {id}");
        match kind {
            PerkKind::Points => told.same(what, one.points, Some(one.cost_points)),
            // its reward may cost something else by now
            PerkKind::Reward => {
                told.holds(one.cost_points > 0, what, "more than 0", one.cost_points);
            }
            _ => told.same(what, 0, one.cost_points),
        }
    }

    fn gift(&self, expected: bool, state: PerkState, told: &mut Told<'_>) {
        let one = &self.perk;
        let id = one.id;
        let has = one.redemption_id.is_some();
        told.same(format_args!("the redemption of {id}, {state}"), expected, has);
        if !has {
            return;
        }
        let Some(gift) = self.gift else {
            told.differs(format_args!("the redemption of {id}"), "a redemption", "none");
            return;
        };
        let what = format_args!("member, reward and quantity of {}, which {id} gave", gift.id);
        let expected = (one.member_id, one.reward_id, 1);
        told.same(what, expected, (gift.member_id, Some(gift.reward_id), gift.quantity));
        let what = format_args!("who placed {}, which {id} gave, and when", gift.id);
        let expected = (one.granted_by.as_ref(), one.granted_at);
        told.same(what, expected, (Some(&gift.placed_by), Some(gift.placed_at)));
        told.same(format_args!("what paid for {}, a gift", gift.id), None, gift.entry_seq);
        if one.taken_back_points.is_some_and(|points| points > 0) {
            let cancelled = matches!(gift.state, Seen::Known(RedemptionState::Cancelled));
            let found = (cancelled, gift.cancelled_at);
            let what = format_args!("whether {} was cancelled with {id}, and when", gift.id);
            told.same(what, (true, one.ended_at), found);
        }
    }

    fn entries(&self, expected: bool, state: PerkState, told: &mut Told<'_>) -> Vec<&'l Entry> {
        let one = &self.perk;
        let id = one.id;
        let mut came = Vec::new();
        let brought = self.entries.iter().find(|e| e.is(EntryKind::Perk) && e.part.is_empty());
        let seq = brought.map(|entry| entry.seq);
        told.same(format_args!("the entry of {id}, {state}"), one.entry_seq, seq);
        told.same(format_args!("an entry of {id}, {state}"), expected, brought.is_some());
        if let Some(entry) = brought {
            let seq = entry.seq;
            let points = one.points.map(i128::from);
            told.same(format_args!("points of entry {seq}"), points, Some(entry.points));
            let what = format_args!("the dates of entry {seq}");
            let dates = [Some(entry.recorded_at), Some(entry.occurred_at), entry.available_at];
            told.same(what, [one.granted_at; 3], dates);
            let what = format_args!("who posted entry {seq}");
            told.same(what, one.granted_by.as_ref(), Some(&entry.actor));
            if let Some(rule) = &entry.rule {
                told.same(format_args!("rule of entry {seq}"), &Rule::Perk, rule);
            }
            came.push(*entry);
        }
        let back = self.entries.iter().find(|e| e.is(EntryKind::Reversal) && e.part == "revoke");
        let taken = if expected { one.taken_back_points.unwrap_or(0) } else { 0 };
        let found = back.map_or(0, |entry| -entry.points);
        told.same(format_args!("taken back of {id}, {state}"), i128::from(taken), found);
        if let Some(entry) = back {
            let seq = entry.seq;
            let what = format_args!("the dates of entry {seq}");
            told.same(what, [one.ended_at; 2], [Some(entry.recorded_at), Some(entry.occurred_at)]);
            if let (Some(rule), Some(entry_seq)) = (&entry.rule, one.entry_seq) {
                let expected = &Rule::PerkRevoked { entry_seq };
                told.same(format_args!("rule of entry {seq}"), expected, rule);
            }
            came.push(*entry);
        }
        came
    }
}

fn copied<T: Copy>(seen: &Seen<T>) -> Seen<T> {
    match seen {
        Seen::Known(value) => Seen::Known(*value),
        Seen::Unknown(why) => Seen::Unknown(why.clone()),
    }
}
