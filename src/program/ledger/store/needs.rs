//! How many points postings may take, which says whose lots have to be looked at.

use std::collections::BTreeMap;

use crate::ledger::{Act, Posting, account::Account};
use platform::{db::Tx, kernel::id::MemberId};

/// Accounts as far as they are loaded.
pub type Accounts = BTreeMap<MemberId, Account>;

/// What is wanted of accounts whose lots are looked at at all: those where something is due or is
/// taken. A credit alone needs no lots.
#[derive(Debug, Default)]
pub struct Needs(BTreeMap<MemberId, Need>);

/// How many points the postings may take: of the available, and of the pending.
#[derive(Clone, Copy, Debug, Default)]
pub struct Need {
    pub available: i64,
    pub pending: i64,
}

impl Needs {
    pub fn of(all: &Accounts, postings: &[Posting], tx: &Tx<'_>) -> Self {
        let due = all.values().filter(|account| account.is_due(tx.now));
        let mut needs: BTreeMap<MemberId, Need> =
            due.map(|account| (account.member, Need::default())).collect();
        for posting in postings.iter().filter(|posting| all.contains_key(&posting.member)) {
            let (available, pending) = match &posting.act {
                Act::Credit { .. } => continue,
                Act::Debit { points, .. } | Act::Hold { points, .. } => (*points, 0),
                Act::Clawback { due: points, .. } | Act::Reverse { points, .. } => {
                    (*points, *points)
                }
                Act::GiveBack { .. }
                | Act::TakeBack { .. }
                | Act::Capture { .. }
                | Act::Release { .. } => (0, 0),
            };
            let need = needs.entry(posting.member).or_default();
            need.available = need.available.saturating_add(available);
            need.pending = need.pending.saturating_add(pending);
        }
        Self(needs)
    }

    pub fn iter(&self) -> impl Iterator<Item = (MemberId, Need)> {
        self.0.iter().map(|(member, need)| (*member, *need))
    }
}
