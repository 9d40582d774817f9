//! One member's account in memory: decides postings by its lots, with no database in sight.

mod holds;
mod moves;
mod repeats;
mod settling;
mod spending;
mod undoing;

use std::collections::{BTreeMap, BTreeSet};

use super::{Act, Answer, Balance, Entry, EntryKind, Hold, LotUse, Posting, Rule};
use platform::kernel::{
    chance::Chance,
    clock::Timestamp,
    error::Refusal,
    id::{EntryId, HoldId, MemberId},
};

/// What a credit opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lot {
    pub seq: i64,
    pub points: i64,
    pub remaining: i64,
    /// What of it was open when it was loaded; nothing of one that was not there yet.
    pub was_open: i64,
    pub available_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    /// Whether its points count as available.
    pub matured: bool,
}

impl Lot {
    /// When something happens to it by itself.
    fn next_change_at(&self) -> Option<Timestamp> {
        if self.remaining == 0 {
            return None;
        }
        let matures_at = (!self.matured).then_some(self.available_at);
        matures_at.into_iter().chain(self.expires_at).min()
    }

    /// The order of spending: soonest to expire first, those that never do last, ties by age.
    fn spending_order(&self) -> (bool, Option<Timestamp>, i64) {
        (self.expires_at.is_none(), self.expires_at, self.seq)
    }
}

/// What a clawback did not find.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Debt {
    pub seq: i64,
    pub points: i64,
    pub remaining: i64,
    /// What of it went away because its clawback was undone, or it was forgiven.
    pub cancelled: i64,
    /// It was forgiven but for what is held: what can't come back any more is not owed.
    pub while_held: bool,
}

/// Points that a debit took from a lot, and the entry in whose posting: the debit's own, or a
/// credit's that paid its debt, or (negative) a reversal's that gave them back. A negative cause
/// is the hold of that seq, which paid with points that came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allocation {
    pub debit_seq: i64,
    pub lot_seq: i64,
    pub cause_seq: i64,
    pub points: i64,
}

/// What an earlier debit took: lots and points, less what was given back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    pub kind: EntryKind,
    pub parts: Vec<(i64, i64)>,
}

/// A hold, and the lots it took its points from, in the order of spending. Only a live one's parts
/// are needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub hold: Hold,
    pub parts: Vec<(i64, i64)>,
}

/// An account with as much of its lots as the postings at hand need.
#[derive(Debug)]
pub struct Account {
    pub member: MemberId,
    pub seq: i64,
    pub hold_seq: i64,
    pub balance: Balance,
    pub next_change_at: Option<Timestamp>,
    /// Loaded lots by seq: all that are due, those that the postings name, those that wait where
    /// they can be taken, and of the others, in the order of spending, as many as can be.
    pub lots: BTreeMap<i64, Lot>,
    /// Debts that are still owed, by seq, and those of clawbacks that are to be undone.
    pub debts: BTreeMap<i64, Debt>,
    /// Live holds, and those that postings name.
    pub holds: BTreeMap<HoldId, Held>,
    /// What earlier debits took, by the debits' seq: those that are to be given back.
    pub taken: BTreeMap<i64, Taken>,
    /// How much of a lot has expired, by the lot's seq: those that are clawed back.
    pub expired: BTreeMap<i64, i64>,
    /// Entries whose source a posting names.
    pub known: Vec<Entry>,
    /// When something happens by itself to what was not loaded, as far as that is known.
    pub unseen_change_at: Option<Timestamp>,
    /// Whether it is not known: then the database says, after the writing.
    pub is_partial: bool,
    pub changes: Changes,
}

/// What is to be written.
#[derive(Debug, Default)]
pub struct Changes {
    pub entries: Vec<Entry>,
    pub lots: BTreeSet<i64>,
    pub debts: BTreeSet<i64>,
    pub allocations: Vec<Allocation>,
    pub holds: BTreeSet<HoldId>,
    /// Those of them that are new, with the lots that they took their points from.
    pub new_holds: BTreeMap<HoldId, Vec<(i64, i64)>>,
    /// Available points had no lots: nothing of it may be written.
    pub is_short: bool,
    /// The row itself changed, even if no entry was made.
    pub touched: bool,
}

impl Changes {
    /// Whether what has this seq is new: entries are numbered one after the other.
    pub fn has_made(&self, seq: i64) -> bool {
        self.entries.first().is_some_and(|first| first.seq <= seq)
    }
}

/// Time and chance, as a posting is decided by.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    pub now: Timestamp,
    pub chance: &'a Chance,
}

impl Account {
    pub fn new(
        member: MemberId,
        seq: i64,
        hold_seq: i64,
        balance: Balance,
        next_change_at: Option<Timestamp>,
    ) -> Self {
        Self {
            member,
            seq,
            hold_seq,
            balance,
            next_change_at,
            lots: BTreeMap::new(),
            debts: BTreeMap::new(),
            holds: BTreeMap::new(),
            taken: BTreeMap::new(),
            expired: BTreeMap::new(),
            known: Vec::new(),
            unseen_change_at: next_change_at,
            is_partial: false,
            changes: Changes::default(),
        }
    }

    /// Decides one posting; a refusal changes nothing.
    pub fn post(&mut self, posting: &Posting, moment: Moment<'_>) -> Answer {
        self.settle(moment, Timestamp::UNIX_EPOCH);
        if let Some(first) = self.repeated(posting)? {
            return Ok(first);
        }
        let posted = match &posting.act {
            Act::Credit { kind, .. } => self.credit(posting, *kind, moment)?,
            Act::Debit { kind, points, order_ref } => {
                self.debit(posting, *kind, *points, order_ref.as_deref(), moment)?
            }
            Act::Clawback { lot_seq, due, excused, forgive } => {
                let (lot_seq, due, excused) = (*lot_seq, *due, *excused);
                let ask = undoing::ClawBack { lot_seq, due, excused, forgive: *forgive };
                self.claw_back(posting, ask, moment)
            }
            Act::GiveBack { entry_seq, points } => {
                self.give_back(posting, *entry_seq, *points, moment)?
            }
            Act::Reverse { lot_seq, points, forgive } => {
                let (lot_seq, due) = (*lot_seq, *points);
                let ask = undoing::ClawBack { lot_seq, due, excused: 0, forgive: *forgive };
                self.reverse(posting, ask, moment)
            }
            Act::TakeBack { lot_seq } => self.take_back(posting, *lot_seq, moment),
            Act::Hold { id, order_ref, points, expires_at } => {
                let ask = holds::Ask { id: *id, order_ref, points: *points, until: *expires_at };
                self.hold(posting, &ask)?
            }
            Act::Capture { hold, points } => self.capture(posting, *hold, *points, moment)?,
            Act::Release { hold } => self.release(*hold, moment.now)?,
        };
        // what a hold gives back comes back when it is released, whatever date that is told with
        let released = matches!(posting.act, Act::Release { .. });
        self.settle(moment, if released { moment.now } else { posting.occurred_at });
        Ok(posted)
    }

    fn enter(
        &mut self,
        posting: &Posting,
        kind: EntryKind,
        points: i64,
        rule: Rule,
        moment: Moment<'_>,
    ) -> Entry {
        self.seq += 1;
        let Balance { available, pending, held, debt, .. } = self.balance;
        let (available_at, expires_at) = match posting.act {
            Act::Credit { available_at, expires_at, .. } => (Some(available_at), expires_at),
            _ => (None, None),
        };
        let mut entry = Entry {
            id: EntryId::new(moment.now, moment.chance),
            member: self.member,
            seq: self.seq,
            kind,
            points,
            balance_after: available + pending + held - debt,
            available_at,
            expires_at,
            source: posting.source.clone(),
            rule,
            actor: posting.actor.clone(),
            channel: posting.channel.clone(),
            reason: posting.reason.clone(),
            occurred_at: posting.occurred_at,
            recorded_at: moment.now,
            lots: Vec::new(),
        };
        let mut taken = BTreeMap::new();
        let last = self.changes.allocations.iter().rev();
        // those of a hold that gave back stand between
        let last = last.take_while(|part| part.cause_seq == self.seq || part.cause_seq < 0);
        for part in last.filter(|part| part.cause_seq == self.seq) {
            *taken.entry(part.lot_seq).or_default() += part.points;
        }
        entry.lots = LotUse::of(&entry, taken);
        self.changes.entries.push(entry.clone());
        self.changes.touched = true;
        entry
    }

    /// Sums must stay within 64 bits, with room to spare, when `points` come, of which `earned`
    /// count as such.
    fn check_room(&self, points: i64, earned: i64) -> Result<(), Refusal> {
        const MOST: i64 = 1_000_000_000_000_000_000;
        let Balance { available, pending, held, lifetime_earned, .. } = self.balance;
        let fits = [available, pending, held, points]
            .iter()
            .try_fold(0i64, |sum, part| sum.checked_add(*part))
            .is_some_and(|sum| sum <= MOST && lifetime_earned <= MOST - earned);
        if fits { Ok(()) } else { Err(Refusal::LimitReached("the balance is full".to_owned())) }
    }
}

/// Whether a credit counts into `lifetime_earned` (clawbacks and reversals count against it).
const fn counts_as_earned(kind: EntryKind) -> bool {
    matches!(kind, EntryKind::Earn | EntryKind::Adjust | EntryKind::Perk | EntryKind::Referral)
}
