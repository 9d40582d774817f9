//! The ledger: the only writer of points.
//!
//! Everything goes through [`post`]: it locks the accounts in the order of their ids, decides
//! every posting in order in memory ([`account`]), and writes with statements for many rows. A
//! credit opens a *lot*; a debit consumes lots, first to expire first, and notes each *allocation*,
//! so that a reversal returns points to the very lots. A clawback past zero becomes a *debt*, which
//! later credits pay first. Balances are kept, never summed on read.
//!
//! Always: `available + pending + held − debt = Σ entries = Σ open lots + held − debt`.

mod account;
mod audit;
mod explain;
mod service;
mod store;

use std::fmt::Display;

use serde::{Deserialize, Serialize};

use crate::{
    kernel::{
        clock::Timestamp,
        error::Refusal,
        id::{EntryId, MemberId},
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// `order`, `redemption`, …: the server's own; any other word is a caller's.
    pub kind: String,
    pub id: String,
    /// Tells several entries of one source apart; mostly empty.
    pub part: String,
}

impl Source {
    pub fn new(kind: &str, id: impl Display) -> Self {
        Self { kind: kind.to_owned(), id: format!("{id}"), part: String::new() }
    }

    #[must_use]
    pub fn part(mut self, part: impl Display) -> Self {
        self.part = format!("{part}");
        self
    }

    /// The types that callers may not use.
    pub const OWN: [&str; 8] =
        ["order", "redemption", "hold", "perk", "referral", "occasion", "transfer", "expiry"];
}

/// Why an entry is what it is, as data: ids, codes and numbers, never a person's words. Rendered
/// as a sentence when it is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Rule {
    /// An order earned `earn_points` for each full `per_minor_units` of its total.
    Order { order: String, amount: i64, currency: String, earn_points: i64, per_minor_units: i64 },
    /// A storefront gave points.
    Earn {},
    /// Staff changed the balance.
    Adjust {},
    /// A reward was redeemed.
    Redemption { reward: String, quantity: i64 },
    /// A redemption was cancelled, or expired before it was fulfilled.
    RedemptionUndone { reward: String, quantity: i64, expired: bool },
    /// A refund took back what its share of the order had earned: in all `due` points; of them
    /// `excused` had expired already, `forgiven` were not to be found, and `debt` is owed.
    Refund { order: String, due: i64, excused: i64, forgiven: i64, debt: i64 },
    /// An order was cancelled, which took back what it had earned; the numbers as for a refund.
    OrderCancelled { order: String, due: i64, excused: i64, forgiven: i64, debt: i64 },
    /// A lot came to its end.
    Expiry { lot_seq: i64 },
    /// Staff undid an entry.
    Reversal { entry_seq: i64 },
}

/// What is asked of the ledger: one movement of one member's points.
#[derive(Clone, Debug)]
pub struct Posting {
    pub member: MemberId,
    pub act: Act,
    pub source: Option<Source>,
    pub rule: Rule,
    /// Who did it, by [`crate::auth::Caller::label`].
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
    /// Takes what is available, first to expire first; refused where that is not enough.
    Debit { kind: EntryKind, points: i64 },
    /// Takes back `due` points of the credit `lot_seq`: from its own lot; what has expired of it,
    /// beyond the `excused` that earlier clawbacks counted, is not charged again; then from other
    /// available lots, soonest to expire first; then from other pending ones; the rest is debt,
    /// or forgiven.
    Clawback { lot_seq: i64, due: i64, excused: i64, forgive: bool },
    /// Gives what the debit `entry_seq` took back to the lots it came from, their expiry unchanged;
    /// once: what was given back already is not given again.
    GiveBack { entry_seq: i64 },
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
}

/// What came of a posting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// `None` where there was nothing to move (a clawback of points that had all expired).
    pub entry: Option<Entry>,
    /// The source was known, with the same values: this is the first entry, and nothing was done.
    pub repeated: bool,
    /// Of a clawback: points that had expired already and were not charged again.
    pub excused: i64,
}

/// A posting's answer: a refusal touches its posting alone.
pub type Answer = Result<Posted, Refusal>;

/// A member's points as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, utoipa::ToSchema)]
pub struct Balance {
    pub available: i64,
    pub pending: i64,
    pub held: i64,
    pub debt: i64,
    pub lifetime_earned: i64,
    pub lifetime_redeemed: i64,
    pub lifetime_expired: i64,
}

pub use audit::{Audited, Difference, audit, audit_of};
pub use explain::{Explanation, explain};
pub use service::{
    Sheet, balance, entries, kept_sheet, open_account, open_accounts, post, post_one, settle,
    settled, sweep,
};
pub use store::{entries_between, entries_of, sum_before};
