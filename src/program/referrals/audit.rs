//! The audit of referrals: what each paid agrees with the entries that it names, with what was
//! promised, and with where the referral stands; and every entry of a referral was paid by one.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use crate::{
    ledger::{
        EntryKind, Rule,
        audit::{Entry, Ledgers, Page, Room, by_source, without_account},
    },
    referrals::{ReferralState, Terms},
};
use platform::{
    db::{
        Tx,
        schema::{referral_payouts, referrals},
        types::Json,
    },
    kernel::{
        clock::RawInstant,
        difference::{Findings, Seen, Told},
        error::Result,
        id::{MemberId, PayoutId, PerkId, ReferralId},
    },
};

pub const ROOM: Room = Room { check, strays };

#[derive(Queryable, Selectable)]
#[diesel(table_name = referral_payouts)]
struct Payout {
    id: PayoutId,
    referral_id: ReferralId,
    member_id: MemberId,
    part: String,
    step: Option<i64>,
    points: i64,
    entry_seq: Option<i64>,
    perk_id: Option<PerkId>,
    paid_at: RawInstant,
    reversed_at: Option<RawInstant>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = referrals)]
struct Row {
    id: ReferralId,
    referrer_id: MemberId,
    referee_id: MemberId,
    state: Seen<ReferralState>,
    joined_at: RawInstant,
    rewarded_at: Option<RawInstant>,
    ended_at: Option<RawInstant>,
    terms: Json,
}

fn check(tx: &mut Tx<'_>, ledgers: &Ledgers, page: &mut Page) -> Result<()> {
    let members: Vec<MemberId> = ledgers.keys().copied().collect();
    let entries = by_source(ledgers, "referral");
    let payouts: Vec<Payout> = referral_payouts::table
        .filter(referral_payouts::member_id.eq_any(&members))
        .order(referral_payouts::id)
        .select(Payout::as_select())
        .load(tx.conn)?;
    // each is looked at once, on the page of who was brought
    let own: Vec<Row> = referrals::table
        .filter(referrals::referee_id.eq_any(&members))
        .select(Row::as_select())
        .load(tx.conn)?;
    page.findings.count("referrals", own.len());
    let ids: Vec<ReferralId> = own.iter().map(|row| row.id).collect();
    let paid: Vec<ReferralId> = referral_payouts::table
        .filter(referral_payouts::referral_id.eq_any(&ids))
        .select(referral_payouts::referral_id)
        .load(tx.conn)?;
    let paid: HashSet<ReferralId> = paid.into_iter().collect();
    for row in &own {
        course(row, paid.contains(&row.id), &mut page.findings.of(&row.referee_id));
    }
    let of: HashSet<ReferralId> = payouts.iter().map(|one| one.referral_id).collect();
    let rows: Vec<Row> =
        referrals::table.filter(referrals::id.eq_any(of)).select(Row::as_select()).load(tx.conn)?;
    let rows: HashMap<ReferralId, Row> = rows.into_iter().map(|row| (row.id, row)).collect();
    let none: Vec<&Entry> = Vec::new();
    for payout in &payouts {
        let id = payout.referral_id.to_string();
        let own = entries.get(&(payout.member_id, id.as_str())).unwrap_or(&none);
        let mut told = page.findings.of(&payout.member_id);
        let came = payout.check(rows.get(&payout.referral_id), own, &mut told);
        for entry in came {
            page.claim(entry);
        }
    }
    Ok(())
}

/// What a referral's state says of its dates and of what it paid.
fn course(row: &Row, has_paid: bool, told: &mut Told<'_>) {
    let id = row.id;
    let state = match &row.state {
        Seen::Known(state) => *state,
        Seen::Unknown(why) => {
            told.differs(format_args!("state of {id}"), "a state", why);
            return;
        }
    };
    let was_paid = matches!(state, ReferralState::Rewarded | ReferralState::Reversed);
    let over = [ReferralState::Rejected, ReferralState::Lapsed, ReferralState::Reversed];
    let what = format_args!("whether {id}, {state}, was rewarded and has ended");
    let found = (row.rewarded_at.is_some(), row.ended_at.is_some());
    told.same(what, (was_paid, over.contains(&state)), found);
    if has_paid {
        told.same(format_args!("whether {id}, {state}, paid"), true, was_paid);
    }
    if let Some(at) = row.rewarded_at {
        let what = format_args!("rewarded_at of {id}");
        told.holds(at >= row.joined_at, what, format_args!("by {}", row.joined_at), at);
    }
}

impl Payout {
    /// Answers the entries that came from it.
    fn check<'l>(
        &self,
        referral: Option<&Row>,
        entries: &[&'l Entry],
        told: &mut Told<'_>,
    ) -> Vec<&'l Entry> {
        let id = self.id;
        told.made(format_args!("paid_at of {id}"), id, self.paid_at);
        if let Some(row) = referral {
            self.agrees(row, told);
        }
        let what = format_args!("whether {id}, of {} points, has an entry", self.points);
        told.same(what, self.points > 0, self.entry_seq.is_some());
        let gave = self.points > 0 || self.perk_id.is_some();
        told.holds(gave, format_args!("what {id} paid"), "points or a perk", self.points);
        let mut came = Vec::new();
        let paid = entries.iter().find(|e| e.is(EntryKind::Referral) && e.part == self.part);
        told.same(format_args!("the entry of {id}"), self.entry_seq, paid.map(|e| e.seq));
        if let Some(entry) = paid {
            let seq = entry.seq;
            let points = i128::from(self.points);
            told.same(format_args!("points of entry {seq}"), points, entry.points);
            let dates = [Some(entry.recorded_at), Some(entry.occurred_at), entry.available_at];
            told.same(format_args!("dates of entry {seq}"), [Some(self.paid_at); 3], dates);
            if let Some(rule) = &entry.rule {
                let expected = match (self.part.as_str(), self.step) {
                    (_, Some(friends)) => Rule::FriendsReferred { friends },
                    ("referrer", _) => Rule::FriendReferred,
                    _ => Rule::WasReferred,
                };
                told.same(format_args!("rule of entry {seq}"), &expected, rule);
            }
            came.push(*entry);
        }
        let part = format!("{}-reversed", self.part);
        let back = entries.iter().find(|e| e.is(EntryKind::Clawback) && e.part == part);
        if let Some(entry) = back {
            let seq = entry.seq;
            let dates = [Some(entry.recorded_at), Some(entry.occurred_at)];
            told.same(format_args!("dates of entry {seq}"), [self.reversed_at; 2], dates);
            if let Some(rule) = &entry.rule {
                let of = match rule {
                    Rule::ReferralReversed { entry_seq, due, .. } => Some((*entry_seq, *due)),
                    _ => None,
                };
                let expected = self.entry_seq.map(|seq| (seq, self.points));
                told.same(format_args!("what entry {seq} takes back"), expected, of);
            }
            came.push(*entry);
        }
        came
    }

    /// It is what was promised to one of the two, and is taken back with its referral.
    fn agrees(&self, row: &Row, told: &mut Told<'_>) {
        let id = self.id;
        let to = if self.part == "referee" { row.referee_id } else { row.referrer_id };
        told.same(format_args!("whose {id} is, the part of the {}", self.part), to, self.member_id);
        if let Ok(terms) = row.terms.clone().read::<Terms>() {
            let promised = match self.part.as_str() {
                "referrer" => Some(terms.referrer_points),
                "referee" => Some(terms.referee_points),
                _ => None,
            };
            if let Some(promised) = promised {
                told.same(format_args!("points of {id}"), promised, self.points);
            }
        }
        told.same(format_args!("paid_at of {id}"), row.rewarded_at, Some(self.paid_at));
        let reversed = matches!(row.state, Seen::Known(ReferralState::Reversed));
        // a step goes when there are too few friends, whichever of them it came with
        if reversed && self.step.is_none() {
            let what = format_args!("whether {id} was taken back with its referral");
            told.same(what, true, self.reversed_at.is_some());
        } else if self.step.is_none() {
            told.same(format_args!("reversed_at of {id}"), None, self.reversed_at);
        }
    }
}

fn strays(tx: &mut Tx<'_>, findings: &mut Findings) -> Result<()> {
    without_account!(tx, findings, referral_payouts.member_id);
    Ok(())
}
