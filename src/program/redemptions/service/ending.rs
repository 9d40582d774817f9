//! How redemptions end before they are used: cancelled, or expired. Points go back to the lots
//! they came from, and units into stock.

use std::collections::{BTreeMap, BTreeSet};

use crate::redemptions::{Redemption, RedemptionState, VoucherState, letters, service, store};
use crate::{
    ledger::{self, Act, Posting, Rule, Settled, Source},
    members, rewards,
};
use platform::{
    auth::Caller,
    db::{Store, Tx},
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
        id::{MemberId, RedemptionId, RewardId},
    },
    settings,
};

/// How many redemptions expire in one transaction.
const CHUNK: i64 = 200;

/// Cancels a redemption, all that is left of it.
///
/// # Errors
/// As [`cancel_units`].
pub fn cancel(
    tx: &mut Tx<'_>,
    id: RedemptionId,
    reason: Option<&str>,
    by: &Caller,
) -> Result<Redemption> {
    cancel_units(tx, id, None, reason, by)
}

/// Cancels a redemption, or so many units of what is left of it; one that was cancelled before
/// stays as it is. Members cancel what is placed, a storefront what it placed itself, staff either
/// with a reason.
///
/// # Errors
/// No such redemption; [`Refusal::Forbidden`]; a missing reason; more units than are left;
/// [`Refusal::InvalidTransition`].
pub fn cancel_units(
    tx: &mut Tx<'_>,
    id: RedemptionId,
    units: Option<i64>,
    reason: Option<&str>,
    by: &Caller,
) -> Result<Redemption> {
    // the member's row comes first in the order of locks; whose it is never changes
    let Redemption { member_id: member, reward_id, .. } = service::get(tx, id)?;
    members::service::lock(tx, member)?;
    // the letter tells what the member has then
    settle(tx, &[member].into(), &[reward_id].into())?;
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
    let (units, left) = (units.unwrap_or(redemption.left()), redemption.left());
    if units > left {
        return Err(Refusal::field(
            "/quantity",
            format!("must be at most {left}: no more is left"),
        )
        .into());
    }
    let undoing = Undoing { units: Some(units), state: RedemptionState::Cancelled, reason };
    let refused = undo(tx, std::slice::from_ref(&redemption), undoing, &by.label())?;
    if let Some((_, refusal)) = refused.into_iter().next() {
        return Err(refusal.into());
    }
    let cancelled = service::get(tx, id)?;
    tell_cancelled(tx, &cancelled, units, reason)?;
    Ok(cancelled)
}

/// What was due to the member was done before: the letter tells what it has now.
fn tell_cancelled(
    tx: &mut Tx<'_>,
    cancelled: &Redemption,
    units: i64,
    reason: Option<&str>,
) -> Result<()> {
    #[expect(clippy::disallowed_methods, reason = "what was due was done before")]
    let left = ledger::balance(tx, Settled::as_kept(cancelled.member_id))?.available;
    letters::cancelled(tx, cancelled, units, left, reason)
}

/// Takes a gift back that was not handed over or used yet; answers whether it was still there. Its
/// member's row is locked, and what was due to the member was done. `tell`: by a letter.
///
/// # Errors
/// No such redemption.
pub fn take_back(tx: &mut Tx<'_>, id: RedemptionId, tell: bool, by: &Caller) -> Result<bool> {
    let gift = service::lock(tx, id)?;
    let is_there = match gift.state_at(tx.now) {
        RedemptionState::Placed => true,
        RedemptionState::Fulfilled => {
            gift.voucher.as_ref().is_some_and(|code| code.state(tx.now) == VoucherState::Live)
        }
        _ => false,
    };
    if !is_there {
        return Ok(false);
    }
    let one = std::slice::from_ref(&gift);
    let undoing = Undoing { units: None, state: RedemptionState::Cancelled, reason: None };
    undo(tx, one, undoing, &by.label())?;
    if tell {
        let cancelled = service::get(tx, id)?;
        tell_cancelled(tx, &cancelled, gift.quantity, None)?;
    }
    Ok(true)
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

/// How redemptions are undone.
#[derive(Clone, Copy)]
struct Undoing<'a> {
    /// So many units of each; all that are left where there is none.
    units: Option<i64>,
    /// What becomes of those of which nothing is left.
    state: RedemptionState,
    reason: Option<&'a str>,
}

impl Undoing<'_> {
    fn units(&self, of: &Redemption) -> i64 {
        self.units.unwrap_or(of.left())
    }

    /// Tells the entry from others of the same redemption.
    fn part(&self, of: &Redemption) -> String {
        match (self.state, of.left() - self.units(of)) {
            (RedemptionState::Expired, _) => "expire".to_owned(),
            (_, 0) => "cancel".to_owned(),
            (_, left) => format!("cancel:{}", of.quantity - left),
        }
    }
}

/// Undoes redemptions whose members' and own rows are locked: stock first, then points, as the
/// order of locks wants it. One whose points can't go back stays as it is, and is answered with
/// the reason.
fn undo(
    tx: &mut Tx<'_>,
    redemptions: &[Redemption],
    undoing: Undoing<'_>,
    actor: &str,
) -> Result<Vec<(RedemptionId, Refusal)>> {
    let Undoing { state, reason, .. } = undoing;
    let expired = state == RedemptionState::Expired;
    let mut units: BTreeMap<RewardId, i64> = BTreeMap::new();
    for redemption in redemptions {
        *units.entry(redemption.reward_id).or_default() += undoing.units(redemption);
    }
    for (reward, quantity) in &units {
        rewards::service::put_back(tx, *reward, *quantity)?;
    }
    let named = names(tx, redemptions, &units.into_keys().collect())?;
    let posting = |redemption: &Redemption, entry_seq: i64| Posting {
        member: redemption.member_id,
        act: Act::GiveBack {
            entry_seq,
            // all that is left, however it came about
            points: (undoing.units(redemption) < redemption.left())
                .then(|| redemption.cost_of(undoing.units(redemption))),
        },
        source: Some(Source::new("redemption", redemption.id).part(undoing.part(redemption))),
        rule: Rule::RedemptionUndone {
            reward: named.get(&redemption.id).cloned().unwrap_or_default(),
            quantity: undoing.units(redemption),
            expired,
        },
        actor: actor.to_owned(),
        channel: None,
        reason: reason.map(str::to_owned),
        // it expired when it fell due, whenever that was noticed
        occurred_at: redemption.expires_at.filter(|_| expired).unwrap_or(tx.now),
    };
    // nothing was paid for a gift, and nothing comes back
    let (gifts, paid): (Vec<&Redemption>, Vec<&Redemption>) =
        redemptions.iter().partition(|redemption| redemption.entry_seq.is_none());
    let postings: Vec<Posting> =
        paid.iter().filter_map(|one| Some(posting(one, one.entry_seq?))).collect();
    let mut ended: Vec<RedemptionId> = gifts.into_iter().map(|gift| gift.id).collect();
    let mut refused = Vec::new();
    for (redemption, answer) in paid.into_iter().zip(ledger::post(tx, &postings)?) {
        match answer {
            Ok(_) if undoing.units(redemption) < redemption.left() => {
                store::add_cancelled(tx, redemption.id, undoing.units(redemption))?;
            }
            Ok(_) => ended.push(redemption.id),
            Err(refusal) => {
                // the reward's row is locked since it got these units
                rewards::service::put_back(tx, redemption.reward_id, -undoing.units(redemption))?;
                refused.push((redemption.id, refusal));
            }
        }
    }
    store::set_ended(tx, &ended, state, (!expired).then_some(tx.now))?;
    Ok(refused)
}

/// What each redemption's member calls its reward.
fn names(
    tx: &mut Tx<'_>,
    redemptions: &[Redemption],
    rewards: &BTreeSet<RewardId>,
) -> Result<BTreeMap<RedemptionId, String>> {
    let program = settings::service::get(tx)?.locale;
    let members = redemptions.iter().map(|redemption| redemption.member_id).collect();
    let members = members::service::many::find_all(tx, &members)?;
    let rewards = rewards::service::find_all(tx, rewards)?;
    let name = |redemption: &Redemption| {
        let reader = members.get(&redemption.member_id)?.reader(&program);
        Some((redemption.id, rewards.get(&redemption.reward_id)?.name(&reader)))
    };
    Ok(redemptions.iter().filter_map(name).collect())
}

/// Which redemptions are looked at for being due.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Due {
    One(RedemptionId),
    Of(MemberId),
    All,
}

impl Due {
    fn find(
        self,
        tx: &mut Tx<'_>,
        left_out: i64,
        limit: i64,
    ) -> Result<Vec<(MemberId, RedemptionId)>> {
        let (member, one) = match self {
            Self::One(id) => (None, Some(id)),
            Self::Of(member) => (Some(member), None),
            Self::All => (None, None),
        };
        store::due(tx, member, one, left_out, limit)
    }
}

/// When the next placed redemption falls due, after now and by `until` at the latest.
pub fn next_expiry(tx: &mut Tx<'_>, until: Timestamp) -> Result<Option<Timestamp>> {
    store::next_expiry(tx, until)
}

/// Expires up to `limit` of what is due, but for the `left_out` longest due, which could not be
/// before; answers how many can't be now.
fn expire(tx: &mut Tx<'_>, which: Due, left_out: i64, limit: i64) -> Result<i64> {
    let due = which.find(tx, left_out, limit)?;
    let members: BTreeSet<MemberId> = due.iter().map(|(member, _)| *member).collect();
    for member in members {
        members::service::lock(tx, member)?;
    }
    let ids: Vec<RedemptionId> = due.iter().map(|(_, id)| *id).collect();
    expire_these(tx, &ids)
}

/// Expires what is due to members, whose rows are locked. The caller goes on to lock `rewards` and
/// the members' accounts; where something is due, they are locked here, together with what that
/// needs, so that each kind is locked once and in the order of ids.
pub fn settle(
    tx: &mut Tx<'_>,
    members: &BTreeSet<MemberId>,
    rewards: &BTreeSet<RewardId>,
) -> Result<()> {
    let due = store::due_of(tx, members)?;
    if due.is_empty() {
        return Ok(());
    }
    let of_due = store::lock(tx, &due)?.into_iter().map(|redemption| redemption.reward_id);
    rewards::service::lock_all(tx, &of_due.chain(rewards.iter().copied()).collect())?;
    ledger::settle(tx, &members.iter().copied().collect::<Vec<_>>())?;
    expire_these(tx, &due)?;
    Ok(())
}

/// Expires redemptions whose members' rows are locked; answers how many can't be. Each is told in
/// the log.
fn expire_these(tx: &mut Tx<'_>, ids: &[RedemptionId]) -> Result<i64> {
    let mut redemptions = store::lock(tx, ids)?;
    // another may have cancelled or fulfilled some while we waited for the locks
    redemptions.retain(|redemption| redemption.is_due(tx.now));
    if redemptions.is_empty() {
        return Ok(0);
    }
    let undoing = Undoing { units: None, state: RedemptionState::Expired, reason: None };
    let refused = undo(tx, &redemptions, undoing, &Caller::System.label())?;
    for (redemption, refusal) in &refused {
        tracing::warn!(%redemption, %refusal, "a redemption is due and can't expire");
    }
    Ok(i64::try_from(refused.len()).unwrap_or(i64::MAX))
}

/// Expires all that is due, a chunk in a transaction. One that can't be is left as it is, and
/// keeps no other from it.
///
/// # Errors
/// The database's own; what was expired before it stands.
pub async fn expire_due(store: &Store, which: Due) -> Result<()> {
    let mut left_out = 0;
    while store.read(move |tx| Ok(!which.find(tx, left_out, 1)?.is_empty())).await? {
        left_out += store.write(move |tx| expire(tx, which, left_out, CHUNK)).await?;
    }
    Ok(())
}

/// Which of these members have something due.
pub fn due_among(tx: &mut Tx<'_>, members: &[MemberId]) -> Result<BTreeSet<MemberId>> {
    store::due_among(tx, members)
}
