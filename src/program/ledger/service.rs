//! The ledger's use cases: post, settle, sweep, read.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    Answer, Balance, Book, Earned, Entry, Hold, Posted, Posting, Settled, Turnover, store,
};
use platform::{
    db::Tx,
    kernel::{
        clock::Timestamp,
        error::{Error, Refusal, Result},
        id::{EntryId, HoldId, MemberId},
    },
};

/// Posts in order; each posting is decided on its own.
///
/// # Errors
/// The database's own; a refusal is an answer.
pub fn post(tx: &mut Tx<'_>, postings: &[Posting]) -> Result<Vec<Answer>> {
    let mut book = Book::open(tx, postings)?;
    let answers = postings.iter().map(|posting| book.post(tx, posting)).collect();
    book.close(tx)?;
    Ok(answers)
}

/// Posts one; its refusal is the error.
///
/// # Errors
/// The posting's refusal, or the database's own.
pub fn post_one(tx: &mut Tx<'_>, posting: Posting) -> Result<Posted> {
    post(tx, &[posting])?
        .pop()
        .ok_or_else(|| Error::internal("a posting without an answer"))?
        .map_err(Error::from)
}

/// Gives new members accounts without points.
pub fn open_accounts(tx: &mut Tx<'_>, members: &[MemberId]) -> Result<()> {
    store::open(tx, members)
}

/// Brings accounts up to now: pending points mature, lots come to their end.
pub fn settle(tx: &mut Tx<'_>, members: &[MemberId]) -> Result<()> {
    Book::of(tx, members)?.close(tx)
}

/// Whether something of a member's points is due.
pub fn is_due(tx: &mut Tx<'_>, member: MemberId) -> Result<bool> {
    Ok(store::next_change_at(tx, member)?.is_some_and(|at| at <= tx.now))
}

/// Settles up to `limit` accounts that are due, but for those that are `left_out`; answers how many
/// there were.
pub fn sweep(tx: &mut Tx<'_>, limit: usize, left_out: &BTreeSet<MemberId>) -> Result<usize> {
    let due = due(tx, limit, left_out)?;
    settle(tx, &due)?;
    Ok(due.len())
}

/// Up to `limit` members whose accounts are due, but for those that are `left_out`.
pub fn due(tx: &mut Tx<'_>, limit: usize, left_out: &BTreeSet<MemberId>) -> Result<Vec<MemberId>> {
    let rows = limit.saturating_add(left_out.len());
    let mut due = store::due(tx, i64::try_from(rows).unwrap_or(i64::MAX))?;
    due.retain(|member| !left_out.contains(member));
    due.truncate(limit);
    Ok(due)
}

/// A member's points.
///
/// # Errors
/// [`Refusal::NotFound`] where there is no such account.
pub fn balance(tx: &mut Tx<'_>, of: Settled<'_>) -> Result<Balance> {
    let account = store::account(tx, of.member())?;
    Ok(account.ok_or_else(|| Refusal::not_found("member"))?.balance())
}

/// The `seq` of a member's last entry; 0 where there is none yet.
///
/// # Errors
/// [`Refusal::NotFound`] where there is no such account.
pub fn last_seq(tx: &mut Tx<'_>, of: Settled<'_>) -> Result<i64> {
    let account = store::account(tx, of.member())?;
    Ok(account.ok_or_else(|| Refusal::not_found("member"))?.seq)
}

/// A member's points, and what of them will expire and when, soonest first, summed by instant.
#[derive(Clone, Debug)]
pub struct Sheet {
    pub balance: Balance,
    pub expiring: Vec<(i64, Timestamp)>,
    pub as_of: Timestamp,
}

/// A sheet as it is kept, whether or not something is due.
#[derive(Clone, Debug)]
pub struct KeptSheet {
    sheet: Sheet,
    is_due: bool,
}

impl KeptSheet {
    /// The sheet, unless something of it is due, or is elsewhere: then it is to be settled first.
    #[must_use]
    pub fn unless_due(&self, is_due_elsewhere: bool) -> Option<&Sheet> {
        (!self.is_due && !is_due_elsewhere).then_some(&self.sheet)
    }
}

/// A member's sheet.
///
/// # Errors
/// [`Refusal::NotFound`] where there is no such account.
pub fn sheet(tx: &mut Tx<'_>, of: Settled<'_>) -> Result<Sheet> {
    let kept = kept_sheets(tx, &[of.member()])?.remove(&of.member());
    kept.map(|kept| kept.sheet).ok_or_else(|| Refusal::not_found("member").into())
}

/// The sheets of many members as they are kept; one without an account is left out.
pub fn kept_sheets(tx: &mut Tx<'_>, members: &[MemberId]) -> Result<BTreeMap<MemberId, KeptSheet>> {
    let now = tx.now;
    let sheet = |(account, expiring): store::Sheet| KeptSheet {
        is_due: account.next_change_at.is_some_and(|at| at <= now),
        sheet: Sheet { balance: account.balance(), expiring, as_of: now },
    };
    let all = store::sheets(tx, members)?;
    Ok(all.into_iter().map(|(member, kept)| (member, sheet(kept))).collect())
}

/// A member's entries before the one of seq `before`, newest first.
pub fn entries(
    tx: &mut Tx<'_>,
    of: Settled<'_>,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Entry>> {
    store::list(tx, of.member(), before, limit)
}

/// What of a member's `newest` entries is earned, or taken back of that.
pub fn earned_lately(tx: &mut Tx<'_>, of: Settled<'_>, newest: i64) -> Result<Vec<Earned>> {
    store::earned_lately(tx, of.member(), newest)
}

/// The sum of what happened to a member's points before `before`, of the entries up to `last_seq`.
pub fn sum_before(
    tx: &mut Tx<'_>,
    of: Settled<'_>,
    before: Timestamp,
    last_seq: i64,
) -> Result<i64> {
    store::sum_before(tx, of.member(), before, last_seq)
}

/// What came and went in `[from, to)`, by when it happened; three sums that are not negative.
pub fn turnover(
    tx: &mut Tx<'_>,
    of: Settled<'_>,
    from: Timestamp,
    to: Timestamp,
) -> Result<Turnover> {
    store::turnover(tx, of.member(), from, to)
}

/// The entry of this id, without its note.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn entry(tx: &mut Tx<'_>, id: EntryId) -> Result<Entry> {
    store::entry(tx, id)?.ok_or_else(|| Error::from(Refusal::not_found("entry")))
}

/// Deletes people's words about a member's entries, at the other side of its transfers too.
pub fn forget_notes(tx: &mut Tx<'_>, member: MemberId) -> Result<()> {
    store::forget_notes(tx, member)
}

/// How many points a member sent to others since `since`.
pub fn sent_since(tx: &mut Tx<'_>, member: MemberId, since: Timestamp) -> Result<i64> {
    store::sent_since(tx, member, since)
}

/// The holds of these ids, as they are kept: those that are over may be `live`.
pub fn holds(tx: &mut Tx<'_>, ids: &[HoldId]) -> Result<HashMap<HoldId, Hold>> {
    store::holds(tx, ids)
}

/// A member's holds that are live, newest first.
pub fn live_holds(tx: &mut Tx<'_>, of: Settled<'_>, rows: i64) -> Result<Vec<Hold>> {
    store::live_holds(tx, of.member(), rows)
}

/// Whose hold this is.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn holder(tx: &mut Tx<'_>, id: HoldId) -> Result<MemberId> {
    Ok(store::hold(tx, id)?.ok_or_else(|| Refusal::not_found("hold"))?.member)
}

/// The member's hold of this id.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn hold(tx: &mut Tx<'_>, of: Settled<'_>, id: HoldId) -> Result<Hold> {
    let hold = store::hold(tx, id)?.filter(|hold| hold.member == of.member());
    hold.ok_or_else(|| Error::from(Refusal::not_found("hold")))
}
