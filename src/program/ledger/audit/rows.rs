//! What the audit knows of a member: the rows as they are, even where they should not be so. Points
//! have 128 bits, in which nothing that rows can have runs over.

use std::collections::BTreeMap;

use crate::ledger::{EntryKind, HoldState, Rule};
use platform::{
    db::seen::RawFlag,
    kernel::{
        clock::RawInstant,
        id::{EntryId, HoldId, MemberId},
    },
};

/// All rows of one member.
#[derive(Debug)]
pub struct Ledger {
    pub(super) account: Account,
    pub entries: BTreeMap<i64, Entry>,
    pub lots: BTreeMap<i64, Lot>,
    pub debts: BTreeMap<i64, Debt>,
    pub(super) allocations: Vec<Allocation>,
    pub holds: BTreeMap<HoldId, Hold>,
    pub(super) hold_parts: Vec<HoldPart>,
    pub(super) expiries: BTreeMap<RawInstant, i128>,
}

#[derive(Debug)]
pub struct Account {
    pub seq: i64,
    pub available: i128,
    pub pending: i128,
    pub held: i128,
    pub debt: i128,
    pub lifetime_earned: i128,
    pub lifetime_redeemed: i128,
    pub lifetime_expired: i128,
    pub next_change_at: Option<RawInstant>,
    pub hold_seq: i64,
}

/// An entry.
#[derive(Debug)]
pub struct Entry {
    pub member_id: MemberId,
    pub seq: i64,
    pub id: EntryId,
    /// `None` where the word is unknown, which is told.
    pub kind: Option<EntryKind>,
    pub points: i128,
    pub balance_after: i128,
    pub available_at: Option<RawInstant>,
    pub expires_at: Option<RawInstant>,
    /// Type and id.
    pub source: Option<(String, String)>,
    pub part: String,
    pub actor: String,
    pub channel: Option<String>,
    /// `None` where it can't be read, which is told.
    pub rule: Option<Rule>,
    pub occurred_at: RawInstant,
    pub recorded_at: RawInstant,
}

impl Entry {
    /// The id of its source, where that is of this type.
    #[must_use]
    pub fn source_id(&self, of_type: &str) -> Option<&str> {
        self.source.as_ref().filter(|(kind, _)| kind == of_type).map(|(_, id)| id.as_str())
    }

    /// Whether it is of this kind, as far as can be read.
    #[must_use]
    pub fn is(&self, kind: EntryKind) -> bool {
        self.kind == Some(kind)
    }
}

/// What a credit opened.
#[derive(Debug)]
pub struct Lot {
    pub seq: i64,
    pub points: i128,
    pub remaining: i128,
    pub available_at: RawInstant,
    pub expires_at: Option<RawInstant>,
    pub matured: RawFlag,
}

impl Lot {
    pub(super) const fn is_matured(&self) -> bool {
        self.matured.0 != 0
    }
}

#[derive(Debug)]
pub struct Debt {
    pub seq: i64,
    pub points: i128,
    pub remaining: i128,
    pub cancelled: i128,
    pub while_held: bool,
}

/// A hold.
#[derive(Debug)]
pub struct Hold {
    pub id: HoldId,
    pub seq: i64,
    pub order_ref: String,
    pub points: i128,
    pub captured_points: i128,
    /// `None` where the word is unknown, which is told.
    pub state: Option<HoldState>,
    pub entry_seq: Option<i64>,
    pub placed_at: RawInstant,
    pub expires_at: RawInstant,
    pub ended_at: Option<RawInstant>,
}

#[derive(Debug)]
pub struct HoldPart {
    pub hold_id: HoldId,
    pub lot_seq: i64,
    pub points: i128,
}

#[derive(Debug)]
pub struct Allocation {
    pub debit_seq: i64,
    pub lot_seq: i64,
    pub cause_seq: i64,
    pub points: i128,
}

impl Ledger {
    pub(super) const fn new(account: Account) -> Self {
        Self {
            account,
            entries: BTreeMap::new(),
            lots: BTreeMap::new(),
            debts: BTreeMap::new(),
            allocations: Vec::new(),
            holds: BTreeMap::new(),
            hold_parts: Vec::new(),
            expiries: BTreeMap::new(),
        }
    }

    pub(super) fn kind(&self, seq: i64) -> Option<EntryKind> {
        self.entries.get(&seq).and_then(|entry| entry.kind)
    }

    /// The points of an entry of this kind.
    #[must_use]
    pub fn points(&self, seq: i64, kind: EntryKind) -> Option<i128> {
        self.entries.get(&seq).filter(|entry| entry.is(kind)).map(|entry| entry.points)
    }

    /// What each entry gave back, by the debits that had taken it.
    #[must_use]
    pub fn given_back(&self) -> BTreeMap<i64, BTreeMap<i64, i128>> {
        let mut given: BTreeMap<i64, BTreeMap<i64, i128>> = BTreeMap::new();
        for part in self.allocations.iter().filter(|part| part.points < 0) {
            *given.entry(part.cause_seq).or_default().entry(part.debit_seq).or_default() -=
                part.points;
        }
        given
    }

    /// What each of these debits took, by the date on which it would have expired.
    #[must_use]
    pub fn taken(&self, debits: &[i64]) -> BTreeMap<i64, BTreeMap<Option<RawInstant>, i128>> {
        let mut taken: BTreeMap<i64, BTreeMap<Option<RawInstant>, i128>> =
            debits.iter().map(|debit| (*debit, BTreeMap::new())).collect();
        for part in self.allocations.iter().filter(|part| part.debit_seq == part.cause_seq) {
            if let Some(ends) = taken.get_mut(&part.debit_seq) {
                let end = self.lots.get(&part.lot_seq).and_then(|lot| lot.expires_at);
                *ends.entry(end).or_default() += part.points;
            }
        }
        taken
    }

    /// How much of each lot has expired.
    #[must_use]
    pub fn expired(&self) -> BTreeMap<i64, i128> {
        let mut expired = BTreeMap::new();
        for entry in self.entries.values() {
            if let Some(Rule::Expiry { lot_seq }) = entry.rule {
                *expired.entry(lot_seq).or_default() -= entry.points;
            }
        }
        expired
    }
}
