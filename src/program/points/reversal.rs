//! Undoing entries that were posted by hand; everything else is undone where it came from.

use crate::{
    auth::Caller,
    db::Tx,
    kernel::{
        error::{Error, Refusal, Result},
        id::{EntryId, MemberId},
    },
    program::{
        ledger::{self, Act, Entry, Posting, Rule, Source},
        members,
        settings::{self, NegativePolicy},
    },
};

/// Undoes an entry, once; `true` where that had happened before. What is left of points that came
/// leaves, and what was spent of them is clawed back; points that went return to the lots that
/// they came from.
///
/// # Errors
/// No such entry; [`Refusal::ReverseAtSource`] where it was not posted by hand.
pub fn reverse(tx: &mut Tx<'_>, id: EntryId, reason: &str, by: &Caller) -> Result<(Entry, bool)> {
    let entry = ledger::entry(tx, id)?;
    // the member's row comes first in the order of locks
    members::store::lock(tx, entry.member)?;
    let act = undoing(tx, &entry)?;
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
    Ok((reversal, posted.repeated))
}

/// Whose entry this is; `None` where there is none.
///
/// # Errors
/// The database's own.
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
        return Ok(Act::GiveBack { entry_seq: entry.seq });
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
    Refusal::ReverseAtSource { kind, id }
}
