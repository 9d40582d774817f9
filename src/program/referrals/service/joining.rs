//! How a referral begins: by a code at enrolment, or by the friend who says later who it was.

use crate::{
    members::{self, Member, MemberStatus},
    referrals::{Attribution, Referral, ReferralState, Terms, codes, store},
};
use platform::{
    db::{Tx, types::Json},
    kernel::{
        clock::Timestamp,
        error::{Error, Refusal, Result},
        id::MemberId,
    },
    settings::{self, Settings},
};

use super::lapses_at;

/// How many who brought each other are followed upwards at most.
const LONGEST_CHAIN: usize = 1000;

/// The member whose code this is, its row locked; `None` where it names nobody who may bring others.
pub fn referrer_for(tx: &mut Tx<'_>, typed: &str) -> Result<Option<Member>> {
    let Some(found) = codes::referrer(tx, typed)? else { return Ok(None) };
    let locked = members::service::lock(tx, found.id)?;
    Ok(locked.filter(|member| member.status == MemberStatus::Active))
}

/// Notes that a new member came by another's code, whose row is locked: a new one has brought
/// nobody, so there is no circle to fear.
pub fn join(tx: &mut Tx<'_>, referrer: &Member, referee: &Member) -> Result<Referral> {
    let settings = settings::service::get(tx)?;
    begin(tx, &settings, referrer, referee, Attribution::Code, referee.enrolled_at)
}

fn begin(
    tx: &mut Tx<'_>,
    settings: &Settings,
    referrer: &Member,
    referee: &Member,
    attribution: Attribution,
    joined_at: Timestamp,
) -> Result<Referral> {
    let referral = Referral {
        id: tx.new_id(),
        referrer_id: referrer.id,
        referee_id: referee.id,
        code: referrer.referral_code.clone(),
        state: ReferralState::Joined,
        joined_at,
        qualified_at: None,
        rewarded_at: None,
        attribution,
        terms: Json::of(&Terms::of(settings))?,
        lapses_at: lapses_at(settings, referee.enrolled_at),
        order_id: None,
        payable_at: None,
        waits_for: None,
        came_from: None,
        case_id: None,
        decided_by: None,
        decided_at: None,
        decision_reason: None,
        appealed_at: None,
        appeal_reason: None,
        ended_at: None,
        // once this is committed, whoever else comes at this moment is seen too
        due_at: Some(tx.now),
    };
    store::insert(tx, &referral)?;
    Ok(referral)
}

/// A member says who told them, by that one's code. The same again answers the first.
///
/// # Errors
/// No such member; a code that is nobody's, the member's own, that of somebody whom the member
/// brought, or of somebody who joined after the member had bought; [`Refusal::AlreadyReferred`];
/// [`Refusal::LimitReached`] after the window.
pub fn claim(tx: &mut Tx<'_>, id: MemberId, typed: &str) -> Result<Referral> {
    let fault = |why: &str| Error::from(Refusal::field("/referral_code", why));
    let found = codes::referrer(tx, typed)?.ok_or_else(|| fault("is nobody's code"))?;
    if found.id == id {
        return Err(fault("is the member's own"));
    }
    let mut both = members::service::many::lock_all(tx, &[found.id, id].into())?;
    let is_there = |member: &Member| member.status != MemberStatus::Erased;
    let referee = both.remove(&id).filter(is_there).ok_or(Refusal::not_found("member"))?;
    if referee.status == MemberStatus::Suspended {
        return Err(Refusal::Forbidden("a suspended member can't say so".to_owned()).into());
    }
    let referrer = both
        .remove(&found.id)
        .filter(|member| member.status == MemberStatus::Active)
        .ok_or_else(|| fault("is nobody's code"))?;
    if let Some(first) = store::of_referee(tx, id)? {
        let is_same = first.referrer_id == referrer.id;
        return if is_same { Ok(first) } else { Err(Refusal::AlreadyReferred.into()) };
    }
    let settings = settings::service::get(tx)?;
    let ends = lapses_at(&settings, referee.enrolled_at);
    if tx.now >= ends {
        let why = format!(
            "who told a member is taken within {} days of joining: for this one until {ends}",
            settings.referral_window_days.get()
        );
        return Err(Refusal::LimitReached(why).into());
    }
    if store::first_order(tx, id)?.is_some_and(|bought| referrer.enrolled_at > bought) {
        return Err(fault("belongs to somebody who joined after this member had bought"));
    }
    if brought(tx, id, referrer.id)? {
        return Err(fault("belongs to somebody whom this member brought, or one of theirs did"));
    }
    let now = tx.now;
    begin(tx, &settings, &referrer, &referee, Attribution::Claim, now)
}

/// Whether a member who came alone may still say who told it.
pub fn may_claim(tx: &mut Tx<'_>, id: MemberId) -> Result<bool> {
    let (settings, member) = (settings::service::get(tx)?, members::service::get(tx, id)?);
    Ok(member.status == MemberStatus::Active && tx.now < lapses_at(&settings, member.enrolled_at))
}

/// Whether `above` brought `member`, directly or through others. Each row is locked before its
/// referrer is read, so that of several who close a circle at once one comes last, and sees it.
fn brought(tx: &mut Tx<'_>, above: MemberId, member: MemberId) -> Result<bool> {
    if !store::has_brought(tx, above)? {
        return Ok(false);
    }
    let mut at = member;
    for _ in 0..LONGEST_CHAIN {
        members::service::lock(tx, at)?;
        match store::referrer_of(tx, at)? {
            None => return Ok(false),
            Some(next) if next == above => return Ok(true),
            Some(next) => at = next,
        }
    }
    // nobody knows: then it is not paid for
    Ok(true)
}
