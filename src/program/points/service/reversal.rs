//! Undoing entries that were posted by hand; everything else is undone where it came from.

use crate::{
    due,
    ledger::{self, Act, Entry, Posting, Rule, Source},
    members,
};
use platform::{
    auth::Caller,
    db::Tx,
    kernel::{
        error::{Error, Origin, Refusal, Result},
        id::{EntryId, MemberId},
    },
    settings::{self, NegativePolicy},
};

/// What undid an entry.
#[derive(Clone, Debug)]
pub struct Reversed {
    pub reversal: Entry,
    /// What took the points that had been spent; `None` where there were none to be found.
    pub clawback: Option<Entry>,
    /// It had happened before.
    pub repeated: bool,
}

/// Undoes an entry, once. What is left of points that came leaves, and what was spent of them is
/// clawed back; points that went return to the lots that they came from.
///
/// # Errors
/// No such entry; [`Refusal::ReverseAtSource`] where it was not posted by hand;
/// [`Refusal::Forbidden`] where it takes an admin.
pub fn reverse(tx: &mut Tx<'_>, id: EntryId, reason: &str, by: &Caller) -> Result<Reversed> {
    let entry = ledger::entry(tx, id)?;
    // the member's row comes first in the order of locks
    members::service::lock(tx, entry.member)?;
    due::settle(tx, &[entry.member].into())?;
    let act = undoing(tx, &entry)?;
    may(&entry, by)?;
    let posted = ledger::post_one(
        tx,
        Posting {
            member: entry.member,
            act,
            source: Some(Source::new("entry", entry.id)),
            rule: Rule::Reversal { entry_seq: entry.seq },
            actor: by.label(),
            channel: None,
            reason: Some(reason.to_owned()),
            occurred_at: tx.now,
        },
    )?;
    let reversal = posted.entry.ok_or_else(|| Error::internal("a reversal without an entry"))?;
    Ok(Reversed { reversal, clawback: posted.clawback, repeated: posted.repeated })
}

/// Staff undo what was earned, and what they gave themselves; all else is an admin's, as taking
/// points away by an adjustment is.
fn may(entry: &Entry, by: &Caller) -> Result<(), Refusal> {
    let is_gift = matches!(entry.rule, Rule::Adjust { .. });
    let is_own = entry.points > 0 && entry.actor == by.label();
    if is_gift && !is_own {
        by.admin().map_err(|_| {
            Refusal::Forbidden("this adjustment is not yours: it takes an admin to undo it".into())
        })?;
    }
    Ok(())
}

/// Whose entry this is; `None` where there is none.
pub fn owner(tx: &mut Tx<'_>, id: EntryId) -> Result<Option<MemberId>> {
    match ledger::entry(tx, id) {
        Ok(entry) => Ok(Some(entry.member)),
        Err(Error::Refused(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

fn undoing(tx: &mut Tx<'_>, entry: &Entry) -> Result<Act> {
    if !matches!(entry.rule, Rule::Earn { .. } | Rule::Adjust { .. }) {
        return Err(at_source(entry).into());
    }
    if entry.points < 0 {
        return Ok(Act::GiveBack { entry_seq: entry.seq, points: None });
    }
    let forgive = settings::service::get(tx)?.negative_policy == NegativePolicy::Clamp;
    Ok(Act::Reverse { lot_seq: entry.seq, points: entry.points, forgive })
}

/// What to cancel, refund or revoke instead.
fn at_source(entry: &Entry) -> Refusal {
    let source = entry.source.as_ref().and_then(|source| {
        let mut kinds = Source::OWN.iter().chain(&["entry"]);
        Some((*kinds.find(|kind| **kind == source.kind)?, source.id.clone()))
    });
    let (kind, id) = source.unwrap_or_else(|| ("entry", entry.id.to_string()));
    Refusal::ReverseAtSource { origin: Origin { kind, id } }
}
