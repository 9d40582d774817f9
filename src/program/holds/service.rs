//! Placing, capturing, releasing holds.

use std::{collections::BTreeSet, time::Duration};

use crate::{
    due,
    ledger::{self, Act, Hold, Posted, Posting, Rule, Source},
    members::{self, MemberStatus},
};
use platform::{
    auth::Caller,
    db::Tx,
    kernel::{
        clock::Timestamp,
        error::{Error, Refusal, Result},
        id::{HoldId, MemberId},
    },
};

/// Points to be held.
#[derive(Clone, Debug)]
pub struct NewHold {
    pub member: MemberId,
    pub order_ref: String,
    pub points: i64,
    pub ttl: Duration,
}

/// A hold to be captured: all of it, or so many points.
#[derive(Clone, Debug)]
pub struct Capture {
    pub hold: HoldId,
    pub points: Option<i64>,
    pub by: Caller,
}

/// Takes points out of what is available; `true` where the order held as many already.
///
/// # Errors
/// An unknown, erased or suspended member; [`Refusal::InsufficientPoints`];
/// [`Refusal::SourceConflict`] where the order holds another number of points.
pub fn place(tx: &mut Tx<'_>, new: &NewHold, by: &Caller) -> Result<(Hold, bool)> {
    let member = members::service::lock(tx, new.member)?
        .filter(|member| member.status != MemberStatus::Erased)
        .ok_or_else(|| Refusal::not_found("member"))?;
    if member.status == MemberStatus::Suspended {
        return Err(Refusal::Forbidden("a suspended member's points stay put".to_owned()).into());
    }
    due::settle(tx, &[new.member].into())?;
    let expires_at = tx.now.plus(new.ttl);
    let act = Act::Hold {
        id: tx.new_id(),
        order_ref: new.order_ref.clone(),
        points: new.points,
        expires_at,
    };
    let order = new.order_ref.clone();
    let rule = Rule::Capture { order, held: new.points };
    let posting = posting(new.member, act, None, rule, by, tx.now);
    stands(ledger::post_one(tx, posting)?)
}

/// Captures holds in order, each on its own: one `redeem` each, and what is not captured comes
/// back. `true` where that had happened before.
///
/// Refused are an unknown hold, more points than it holds, and one that ended otherwise.
pub fn capture_all(
    tx: &mut Tx<'_>,
    asks: &[Capture],
) -> Result<Vec<Result<(Hold, bool), Refusal>>> {
    let ids: Vec<HoldId> = asks.iter().map(|ask| ask.hold).collect();
    let known = ledger::holds(tx, &ids)?;
    // members' rows come first in the order of locks
    let owners: BTreeSet<MemberId> = known.values().map(|hold| hold.member).collect();
    members::service::many::lock_all(tx, &owners)?;
    let capture = |ask: &Capture| {
        let hold = known.get(&ask.hold)?;
        let act = Act::Capture { hold: hold.id, points: ask.points };
        let source = Some(Source::new("hold", hold.id));
        let rule = Rule::Capture { order: hold.order_ref.clone(), held: hold.points };
        Some(posting(hold.member, act, source, rule, &ask.by, tx.now))
    };
    let found: Vec<Option<Posting>> = asks.iter().map(capture).collect();
    let postings: Vec<Posting> = found.iter().flatten().cloned().collect();
    let mut answers = ledger::post(tx, &postings)?.into_iter();
    found
        .into_iter()
        .map(|posting| match posting.and_then(|_| answers.next()) {
            None => Ok(Err(Refusal::not_found("hold"))),
            Some(Err(refusal)) => Ok(Err(refusal)),
            Some(Ok(posted)) => stands(posted).map(Ok),
        })
        .collect()
}

/// Gives a hold's points back to the lots that they came from; `true` where it was released before.
///
/// # Errors
/// No such hold; [`Refusal::InvalidTransition`] where it was captured, or has expired.
pub fn release(tx: &mut Tx<'_>, id: HoldId, by: &Caller) -> Result<(Hold, bool)> {
    let hold = ledger::holds(tx, &[id])?.remove(&id).ok_or_else(|| Refusal::not_found("hold"))?;
    members::service::lock(tx, hold.member)?;
    let rule = Rule::Capture { order: hold.order_ref, held: hold.points };
    let posting = posting(hold.member, Act::Release { hold: id }, None, rule, by, tx.now);
    stands(ledger::post_one(tx, posting)?)
}

fn posting(
    member: MemberId,
    act: Act,
    source: Option<Source>,
    rule: Rule,
    by: &Caller,
    now: Timestamp,
) -> Posting {
    let (actor, channel, reason) = (by.label(), None, None);
    Posting { member, act, source, rule, actor, channel, reason, occurred_at: now }
}

fn stands(posted: Posted) -> Result<(Hold, bool)> {
    let hold = posted.hold.ok_or_else(|| Error::internal("a hold that is not told"))?;
    Ok((hold, posted.repeated))
}
