//! The ledger: the only writer of points.
//!
//! Everything goes through a [`Book`] ([`post`] opens one and closes it): it locks the accounts in the order of their ids, decides
//! every posting in order in memory ([`account`]), and writes with statements for many rows. A
//! credit opens a *lot*; a debit consumes lots, first to expire first, and notes each *allocation*,
//! so that a reversal returns points to the very lots. A clawback past zero becomes a *debt*, which
//! later credits pay first. Balances are kept, never summed on read.
//!
//! Always: `available + pending + held − debt = Σ entries = Σ open lots + held − debt`.

mod account;
pub mod audit;
mod book;
mod explain;
pub mod personal;
mod rule;
mod service;
mod settled;
mod store;
mod transfer;

use std::{collections::BTreeMap, fmt::Display};

use serde::Serialize;

use platform::{
    kernel::{
        clock::Timestamp,
        error::Refusal,
        id::{EntryId, HoldId, MemberId},
    },
    words,
};

words! {
    /// What an entry did.
    pub enum EntryKind {
        Earn = "earn",
        Redeem = "redeem",
        Expire = "expire",
        Adjust = "adjust",
        Perk = "perk",
        Referral = "referral",
        Transfer = "transfer",
        Clawback = "clawback",
        Reversal = "reversal",
    }
}

/// Where an entry came from. Unique on `(member, kind, type, id, part)`: the same again answers
/// the first, with other values it conflicts.
#[derive(Clone, Debug)]
pub struct Source {
    /// `order`, `redemption`, …: the server's own; any other word is a caller's.
    pub kind: String,
    pub id: String,
    /// Tells several entries of one source apart; mostly empty.
    pub part: String,
    /// Made by the transaction that posts of it: no entry can have it yet, and none is looked for.
    is_new: bool,
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        (&self.kind, &self.id, &self.part) == (&other.kind, &other.id, &other.part)
    }
}

impl Eq for Source {}

impl Source {
    pub fn new(kind: &str, id: impl Display) -> Self {
        Self { kind: kind.to_owned(), id: format!("{id}"), part: String::new(), is_new: false }
    }

    /// One whose id this transaction has just made.
    pub fn made_now(kind: &str, id: impl Display) -> Self {
        Self { is_new: true, ..Self::new(kind, id) }
    }

    #[must_use]
    pub fn part(mut self, part: impl Display) -> Self {
        self.part = format!("{part}");
        self
    }

    /// The types that callers may not use.
    pub const OWN: [&str; 17] = [
        "order",
        "redemption",
        "hold",
        "perk",
        "referral",
        "occasion",
        "transfer",
        "expiry",
        "campaign",
        "story",
        "answer",
        "mention",
        "gathering",
        "surprise",
        "tier",
        "case",
        "word",
    ];
}

/// What is asked of the ledger: one movement of one member's points.
#[derive(Clone, Debug)]
pub struct Posting {
    pub member: MemberId,
    pub act: Act,
    pub source: Option<Source>,
    pub rule: Rule,
    /// Who did it, by [`platform::auth::Caller::label`].
    pub actor: String,
    pub channel: Option<String>,
    /// A person's words; kept beside the journal, where erasure can empty them.
    pub reason: Option<String>,
    /// When it happened; never after now.
    pub occurred_at: Timestamp,
}

/// The movement itself.
#[derive(Clone, Debug)]
pub enum Act {
    /// Opens a lot, after it has paid what is owed.
    Credit { kind: EntryKind, points: i64, available_at: Timestamp, expires_at: Option<Timestamp> },
    /// Takes what is available, first to expire first; refused where that is not enough. What is
    /// held for `order_ref` counts as available, goes first, and comes back where it is not needed.
    Debit { kind: EntryKind, points: i64, order_ref: Option<String> },
    /// Takes back `due` points of the credit `lot_seq`: from its own lot; what has expired of it,
    /// beyond the `excused` that earlier clawbacks counted, is not charged again; then from other
    /// available lots, soonest to expire first; then from other pending ones; the rest is debt,
    /// or forgiven, but for as much as is held: that is owed while it is held, pays where it comes
    /// back, and is forgiven where it is captured.
    Clawback { lot_seq: i64, due: i64, excused: i64, forgive: bool },
    /// Gives what the debit `entry_seq` took back to the lots it came from, their expiry unchanged;
    /// once: what was given back already is not given again. Of a clawback, what is still owed is
    /// owed no more, and the lots that paid get theirs. Where it is only up to `points` of it, those
    /// go back that expire last, as if the debit had taken so many less; what is owed goes first.
    GiveBack { entry_seq: i64, points: Option<i64> },
    /// Undoes the credit `lot_seq` of `points`: what is left of it leaves; what was spent of it is
    /// clawed back, from where [`Act::Clawback`] takes it.
    Reverse { lot_seq: i64, points: i64, forgive: bool },
    /// Takes what is left of the credit `lot_seq`, and nothing besides: what was spent, held or has
    /// expired of it stays so.
    TakeBack { lot_seq: i64 },
    /// Sets points aside for an order until `expires_at`: no entry.
    Hold { id: HoldId, order_ref: String, points: i64, expires_at: Timestamp },
    /// Takes what is held, or `points` of it, and gives back the rest.
    Capture { hold: HoldId, points: Option<i64> },
    /// Gives back what is held: no entry.
    Release { hold: HoldId },
}

words! {
    /// How a hold stands.
    pub enum HoldState {
        Live = "live",
        Captured = "captured",
        Released = "released",
        Expired = "expired",
    }
}

impl HoldState {
    /// What it may become.
    #[must_use]
    pub const fn allowed(self) -> &'static [&'static str] {
        match self {
            Self::Live => &["captured", "released", "expired"],
            Self::Captured | Self::Released | Self::Expired => &[],
        }
    }
}

/// Points set aside for an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    pub id: HoldId,
    pub member: MemberId,
    /// Counts the member's holds from 1.
    pub seq: i64,
    pub order_ref: String,
    pub points: i64,
    pub captured_points: i64,
    pub state: HoldState,
    /// The entry that captured it.
    pub entry_seq: Option<i64>,
    /// Who asked for it, by [`platform::auth::Caller::label`].
    pub placed_by: String,
    pub placed_at: Timestamp,
    /// Exclusive: from this instant on its points are back.
    pub expires_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

/// An entry of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub id: EntryId,
    pub member: MemberId,
    /// Counts the member's entries from 1.
    pub seq: i64,
    pub kind: EntryKind,
    /// Signed.
    pub points: i64,
    /// The member's running sum.
    pub balance_after: i64,
    pub available_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
    pub source: Option<Source>,
    pub rule: Rule,
    pub actor: String,
    pub channel: Option<String>,
    pub reason: Option<String>,
    pub occurred_at: Timestamp,
    pub recorded_at: Timestamp,
    /// What became of which lot.
    pub lots: Vec<LotUse>,
}

/// What an entry did to a lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct LotUse {
    /// The `seq` of the credit that opened the lot.
    pub entry_seq: i64,
    /// How many points came into it, or (negative) went out of it.
    pub points: i64,
}

impl LotUse {
    /// What `entry` did, of whose posting so much was taken from lots (negative: given back).
    fn of(entry: &Entry, mut taken: BTreeMap<i64, i64>) -> Vec<Self> {
        if entry.opens_lot() {
            *taken.entry(entry.seq).or_default() -= entry.points;
        }
        taken.into_iter().map(|(entry_seq, points)| Self { entry_seq, points: -points }).collect()
    }
}

impl Entry {
    const fn opens_lot(&self) -> bool {
        self.available_at.is_some()
    }
}

/// What came of a posting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// `None` where there was nothing to move (a clawback of points that had all expired).
    pub entry: Option<Entry>,
    /// The source was known, with the same values: this is the first entry, and nothing was done.
    pub repeated: bool,
    /// Of a reversal: the entry that took what had been spent.
    pub clawback: Option<Entry>,
    /// Of a clawback: points that had expired already and were not charged again.
    pub excused: i64,
    /// Of what concerns a hold: how it stands now.
    pub hold: Option<Hold>,
}

impl Posted {
    const fn nothing() -> Self {
        Self { entry: None, repeated: false, clawback: None, excused: 0, hold: None }
    }

    fn entry(entry: Entry) -> Self {
        Self { entry: Some(entry), ..Self::nothing() }
    }
}

/// A posting's answer: a refusal touches its posting alone.
pub type Answer = Result<Posted, Refusal>;

/// A member's points as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, utoipa::ToSchema)]
#[schema(as = MemberPoints)]
pub struct Balance {
    pub available: i64,
    pub pending: i64,
    pub held: i64,
    pub debt: i64,
    pub lifetime_earned: i64,
    pub lifetime_redeemed: i64,
    pub lifetime_expired: i64,
}

pub use audit::{Audited, audit, audit_of};
pub use book::Book;
pub use explain::{Explanation, explain, in_short};
pub use rule::{GivenDates, Rule};
pub use service::{
    KeptSheet, Sheet, balance, due, earned_lately, entries, entry, hold, holder, holds, is_due,
    kept_sheets, last_seq, live_holds, open_accounts, post, post_one, sent_since, settle, sheet,
    sum_before, sweep, turnover,
};
pub use settled::Settled;
pub use store::{Earned, Stretch, Turnover, entries_after, entries_at, entries_of, places_in};
pub use transfer::{Transfer, transfer};
