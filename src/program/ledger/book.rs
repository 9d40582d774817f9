//! Accounts under lock: decided in memory, written at the end.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Answer, Balance, Posted, Posting,
    account::{Account, Moment},
    store,
};
use platform::{
    db::Tx,
    kernel::{
        clock::Timestamp,
        error::{Error, Refusal, Result},
        id::MemberId,
    },
};

/// Some accounts, locked until the transaction ends. A use case that decides more than points
/// (stock, say) opens a book for all that it may post, decides one after the other, and closes it.
#[derive(Debug)]
#[must_use = "what was posted is written when the book is closed"]
pub struct Book(BTreeMap<MemberId, Account>);

impl Book {
    /// Locks the accounts of `postings` in the order of their ids, with all that these may need.
    pub fn open(tx: &mut Tx<'_>, postings: &[Posting]) -> Result<Self> {
        let members: BTreeSet<MemberId> = postings.iter().map(|posting| posting.member).collect();
        Self::load(tx, &members, postings)
    }

    /// Locks the accounts of `members` for nothing but what is due.
    pub(super) fn of(tx: &mut Tx<'_>, members: &[MemberId]) -> Result<Self> {
        Self::load(tx, &members.iter().copied().collect(), &[])
    }

    fn load(tx: &mut Tx<'_>, members: &BTreeSet<MemberId>, postings: &[Posting]) -> Result<Self> {
        let mut accounts = store::lock(tx, members, postings)?;
        let moment = Moment { now: tx.now, chance: tx.chance() };
        for account in accounts.values_mut() {
            account.settle(moment, Timestamp::UNIX_EPOCH);
        }
        Ok(Self(accounts))
    }

    /// Decides one of the postings that the book was opened for. A refusal changes nothing.
    ///
    /// # Errors
    /// The posting's refusal.
    pub fn post(&mut self, tx: &Tx<'_>, posting: &Posting) -> Answer {
        match self.0.get_mut(&posting.member) {
            Some(account) => account.post(posting, Moment { now: tx.now, chance: tx.chance() }),
            None => Err(Refusal::not_found("member")),
        }
    }

    /// What came of the first posting of the same source, if there was one: for what can't be
    /// posted any more, but may have been.
    ///
    /// # Errors
    /// [`Refusal::SourceConflict`] where it had other values.
    pub fn repeated(&self, posting: &Posting) -> Result<Option<Posted>, Refusal> {
        self.0.get(&posting.member).map_or(Ok(None), |account| account.repeated(posting))
    }

    /// A member's points as they are after what was posted.
    #[must_use]
    pub fn balance(&self, member: MemberId) -> Option<Balance> {
        self.0.get(&member).map(|account| account.balance)
    }

    /// What an order of a member may spend: what is available, and what is held for it.
    #[must_use]
    pub fn spendable(&self, member: MemberId, order_ref: Option<&str>) -> i64 {
        self.0.get(&member).map_or(0, |account| account.spendable(order_ref))
    }

    /// Whether points are held for an order of a member.
    #[must_use]
    pub fn has_hold(&self, member: MemberId, order_ref: &str) -> bool {
        self.0.get(&member).is_some_and(|account| account.live_hold(order_ref).is_some())
    }

    /// How many points a debit of this book took, by the date on which they would have expired.
    pub(super) fn taken(&self, member: MemberId, seq: i64) -> BTreeMap<Option<Timestamp>, i64> {
        let mut taken = BTreeMap::new();
        let Some(account) = self.0.get(&member) else { return taken };
        for part in account.changes.allocations.iter().filter(|part| part.debit_seq == seq) {
            let end = account.lots.get(&part.lot_seq).and_then(|lot| lot.expires_at);
            *taken.entry(end).or_default() += part.points;
        }
        taken
    }

    /// Writes what changed.
    pub fn close(self, tx: &mut Tx<'_>) -> Result<()> {
        if let Some(account) = self.0.values().find(|account| account.changes.is_short) {
            let member = account.member;
            return Err(Error::internal(format!("{member} has available points without lots")));
        }
        store::write(tx, &self.0)
    }
}
