//! How redemptions end before they are used: cancelled, or expired. Points go back to the lots
//! they came from, and units into stock.

use std::collections::{BTreeMap, BTreeSet};

use super::{Redemption, RedemptionState, letters, service, store};
use crate::{
    auth::Caller,
    db::{Store, Tx},
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
        id::{MemberId, RedemptionId, RewardId},
    },
    program::{
        ledger::{self, Act, Posting, Rule, Source},
        members, rewards,
    },
};

/// How many redemptions expire in one transaction.
const CHUNK: i64 = 200;

/// Cancels a redemption; one that was cancelled before stays as it is. Members cancel what is
/// placed, a storefront what it placed itself, staff either with a reason.
///
/// # Errors
/// No such redemption; [`Refusal::Forbidden`]; a missing reason; [`Refusal::InvalidTransition`].
pub fn cancel(
    tx: &mut Tx<'_>,
    id: RedemptionId,
    reason: Option<&str>,
    by: &Caller,
) -> Result<Redemption> {
    // the member's row comes first in the order of locks; whose it is never changes
    let member = service::get(tx, id)?.member_id;
    members::store::lock(tx, member)?;
    let redemption = service::lock(tx, id)?;
    may_cancel(&redemption, reason, by)?;
    let state = redemption.state_at(tx.now);
    let allowed = match (state, by) {
        (RedemptionState::Cancelled, _) => return Ok(redemption),
        (RedemptionState::Fulfilled, Caller::Member(_)) => &["used"],
        (state, _) => state.allowed(),
    };
    if !allowed.contains(&RedemptionState::Cancelled.as_str()) {
        return Err(state.cannot_become(RedemptionState::Cancelled, allowed).into());
    }
    undo(tx, std::slice::from_ref(&redemption), RedemptionState::Cancelled, reason, &by.label())?;
    let cancelled = service::get(tx, id)?;
    letters::cancelled(tx, &cancelled, reason)?;
    Ok(cancelled)
}

/// Who may, whatever state it is in.
fn may_cancel(redemption: &Redemption, reason: Option<&str>, by: &Caller) -> Result<(), Refusal> {
    match by {
        Caller::Member(own) if *own != redemption.member_id => {
            Err(Refusal::not_found("redemption"))
        }
        Caller::Storefront { .. } if redemption.placed_by != by.label() => {
            Err(Refusal::Forbidden("another caller placed this redemption".to_owned()))
        }
        Caller::Staff { .. } if reason.is_none() => {
            Err(Refusal::field("/reason", "is required of staff"))
        }
        _ => by.signed_in(),
    }
}

/// Undoes redemptions whose members' and own rows are locked: stock first, then points, as the
/// order of locks wants it.
fn undo(
    tx: &mut Tx<'_>,
    redemptions: &[Redemption],
    state: RedemptionState,
    reason: Option<&str>,
    actor: &str,
) -> Result<()> {
    let expired = state == RedemptionState::Expired;
    let mut units: BTreeMap<RewardId, i64> = BTreeMap::new();
    for redemption in redemptions {
        *units.entry(redemption.reward_id).or_default() += redemption.quantity;
    }
    let mut names = BTreeMap::new();
    for (reward, quantity) in units {
        rewards::service::put_back(tx, reward, quantity)?;
        let reward = rewards::service::get(tx, reward, false)?;
        names.insert(reward.id, reward.name);
    }
    let posting = |redemption: &Redemption| Posting {
        member: redemption.member_id,
        act: Act::GiveBack { entry_seq: redemption.entry_seq },
        source: Some(Source::new("redemption", redemption.id).part(if expired {
            "expire"
        } else {
            "cancel"
        })),
        rule: Rule::RedemptionUndone {
            reward: names.get(&redemption.reward_id).cloned().unwrap_or_default(),
            quantity: redemption.quantity,
            expired,
        },
        actor: actor.to_owned(),
        channel: None,
        reason: reason.map(str::to_owned),
        // it expired when it fell due, whenever that was noticed
        occurred_at: redemption.expires_at.filter(|_| expired).unwrap_or(tx.now),
    };
    let postings: Vec<Posting> = redemptions.iter().map(posting).collect();
    for answer in ledger::post(tx, &postings)? {
        answer?;
    }
    let ids: Vec<RedemptionId> = redemptions.iter().map(|redemption| redemption.id).collect();
    store::set_ended(tx, &ids, state, (!expired).then_some(tx.now))
}

/// Which redemptions are looked at for being due.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Due {
    One(RedemptionId),
    Of(MemberId),
    All,
}

impl Due {
    fn find(self, tx: &mut Tx<'_>, limit: i64) -> Result<Vec<(MemberId, RedemptionId)>> {
        match self {
            Self::One(id) => store::due(tx, None, Some(id), limit),
            Self::Of(member) => store::due(tx, Some(member), None, limit),
            Self::All => store::due(tx, None, None, limit),
        }
    }
}

/// Expires up to `limit` placed redemptions whose time is over; answers how many there were.
///
/// # Errors
/// The database's own.
pub fn expire_due(tx: &mut Tx<'_>, limit: i64) -> Result<usize> {
    expire(tx, Due::All, limit)
}

/// When the next placed redemption falls due, by `until` at the latest.
///
/// # Errors
/// The database's own.
pub fn next_expiry(tx: &mut Tx<'_>, until: Timestamp) -> Result<Option<Timestamp>> {
    store::next_expiry(tx, until)
}

fn expire(tx: &mut Tx<'_>, which: Due, limit: i64) -> Result<usize> {
    let due = which.find(tx, limit)?;
    let members: BTreeSet<MemberId> = due.iter().map(|(member, _)| *member).collect();
    for member in members {
        members::store::lock(tx, member)?;
    }
    let ids: Vec<RedemptionId> = due.iter().map(|(_, id)| *id).collect();
    let mut redemptions = store::lock(tx, &ids)?;
    // another may have cancelled or fulfilled some while we waited for the locks
    redemptions.retain(|redemption| {
        redemption.state == RedemptionState::Placed
            && redemption.state_at(tx.now) == RedemptionState::Expired
    });
    if !redemptions.is_empty() {
        undo(tx, &redemptions, RedemptionState::Expired, None, &Caller::System.label())?;
    }
    Ok(due.len())
}

/// Whether one of these redemptions is to be expired.
///
/// # Errors
/// The database's own.
pub fn is_due(tx: &mut Tx<'_>, which: Due) -> Result<bool> {
    Ok(!which.find(tx, 1)?.is_empty())
}

/// Expires what is due before it is read or acted upon, in transactions of its own; and settles
/// the member's points. Does nothing where nothing is due.
///
/// # Errors
/// The database's own.
pub async fn settled(store: &Store, which: Due) -> Result<()> {
    while store.read(move |tx| is_due(tx, which)).await? {
        store.write(move |tx| expire(tx, which, CHUNK)).await?;
    }
    if let Due::Of(member) = which {
        ledger::settled(store, member).await?;
    }
    Ok(())
}
