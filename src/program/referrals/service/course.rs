//! A referral's course: the one place that looks at the facts and moves it on.

use std::collections::BTreeSet;

use jiff::Span;

use super::{days_after, paying};
use crate::{
    members::{self, Member, MemberStatus},
    referrals::{Referral, ReferralState, Terms, WaitsFor, doubt, letters, store},
};
use platform::{
    db::{Store, Tx},
    kernel::{
        clock::Timestamp,
        error::{Error, Result},
        id::{MemberId, ReferralId},
        notice::Notice,
    },
    settings::{self, Settings},
};

/// How many are looked for together; each is looked at in a transaction of its own.
const CHUNK: i64 = 64;
/// No course has more steps in one moment.
const MOST_STEPS: usize = 6;

/// Which referrals are looked at for being due.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Due {
    Of(MemberId),
    All,
}

/// Looks at all that are due, each in a transaction of its own. One that can't be is left as it is
/// (the log tells of it), and keeps no other from it.
///
/// # Errors
/// The database's own, where it can't be asked what is due.
pub async fn advance_due(store: &Store, which: Due) -> Result<()> {
    let member = match which {
        Due::Of(member) => Some(member),
        Due::All => None,
    };
    let mut left_out = BTreeSet::new();
    loop {
        let but_for = left_out.clone();
        let due = store.read(move |tx| store::due(tx, member, &but_for, CHUNK)).await?;
        if due.is_empty() {
            return Ok(());
        }
        for id in due {
            if let Err(error) = store.write(move |tx| advance(tx, id)).await {
                tracing::error!(referral = %id, %error, "a referral could not be looked at");
                left_out.insert(id);
            }
        }
    }
}

/// What a look needs to know beside the referral.
pub(in crate::referrals) struct Case {
    pub settings: Settings,
    pub terms: Terms,
    pub referrer: Member,
    pub referee: Member,
}

/// Looks at a referral as of now, and moves it on as far as it goes.
///
/// # Errors
/// No such referral.
pub fn advance(tx: &mut Tx<'_>, id: ReferralId) -> Result<Referral> {
    let seen = store::get(tx, id)?;
    let mut both =
        members::service::many::lock_all(tx, &[seen.referrer_id, seen.referee_id].into())?;
    let mut referral = store::lock(tx, id)?;
    let mut take = |id| both.remove(&id).ok_or_else(|| Error::internal("a referral of nobody"));
    let case = Case {
        settings: settings::service::get(tx)?,
        terms: referral.terms()?,
        referrer: take(referral.referrer_id)?,
        referee: take(referral.referee_id)?,
    };
    for _ in 0..MOST_STEPS {
        let before = referral.state;
        referral.due_at = None;
        step(tx, &case, &mut referral)?;
        if referral.state == before {
            break;
        }
    }
    store::update(tx, &referral)?;
    Ok(referral)
}

/// One step on, or none; in the latter case, when to look again.
fn step(tx: &mut Tx<'_>, case: &Case, referral: &mut Referral) -> Result<()> {
    use ReferralState::{Flagged, Joined, Lapsed, Qualified, Rejected, Reversed, Rewarded};
    match referral.state {
        Lapsed | Rejected | Reversed => Ok(()),
        Rewarded => paying::unless_given_back(tx, case, referral),
        Joined | Qualified | Flagged if case.somebody_left() => {
            end(referral, Lapsed, tx.now);
            Ok(())
        }
        Flagged => {
            let course = order(tx, case, referral)?;
            referral.came_from = Some(course);
            Ok(())
        }
        Joined | Qualified => {
            let course = order(tx, case, referral)?;
            referral.state = course;
            if course == Joined && tx.now >= referral.lapses_at {
                end(referral, Lapsed, tx.now);
                return Ok(());
            }
            if let Some(with) = doubt::look(tx, &case.settings, referral, &case.referee)? {
                referral.came_from = Some(course);
                referral.state = Flagged;
                referral.case_id = Some(with);
                referral.waits_for = None;
                doubt::wake_alike(tx, referral.referee_id)?;
                return letters::being_checked(tx, case, with);
            }
            if course == Joined {
                return joined(tx, case, referral);
            }
            match referral.payable_at {
                Some(at) if tx.now < at => {
                    referral.due_at = Some(at);
                    Ok(())
                }
                _ => pay(tx, case, referral),
            }
        }
    }
}

impl Case {
    fn somebody_left(&self) -> bool {
        [&self.referrer, &self.referee].iter().any(|one| one.status == MemberStatus::Erased)
    }

    fn somebody_is_suspended(&self) -> bool {
        [&self.referrer, &self.referee].iter().any(|one| one.status == MemberStatus::Suspended)
    }
}

/// Finds the order that counts, and what the course is by it.
fn order(tx: &mut Tx<'_>, case: &Case, referral: &mut Referral) -> Result<ReferralState> {
    let (friend, least) = (&case.referee, case.terms.min_order_minor_units.max(1));
    let found = store::qualifying(tx, friend.id, friend.enrolled_at, referral.lapses_at, least)?;
    let Some(found) = found else {
        (referral.order_id, referral.qualified_at) = (None, None);
        (referral.payable_at, referral.waits_for) = (None, None);
        return Ok(ReferralState::Joined);
    };
    if referral.order_id != Some(found.id) {
        referral.order_id = Some(found.id);
        referral.qualified_at = Some(found.recorded_at.max(referral.joined_at));
        let from = found.placed_at.max(referral.joined_at);
        referral.payable_at = Some(days_after(&case.settings, from, case.terms.hold_days));
    }
    Ok(ReferralState::Qualified)
}

/// The friend has not bought yet: the referrer is told that they joined, and the friend once that
/// time runs out.
fn joined(tx: &mut Tx<'_>, case: &Case, referral: &mut Referral) -> Result<()> {
    letters::friend_joined(tx, case, referral)?;
    let days = case.settings.referral_reminder_days.get();
    let remind_at = Notice::new(case.settings.time_zone.clone(), days)
        .filter(|notice| notice.wants(referral.lapses_at, referral.joined_at))
        .map(|notice| notice.due_at(referral.lapses_at));
    match remind_at {
        Some(at) if tx.now < at => referral.due_at = Some(at.min(referral.lapses_at)),
        told => {
            if told.is_some() {
                letters::lapsing(tx, case, referral)?;
            }
            referral.due_at = Some(referral.lapses_at);
        }
    }
    Ok(())
}

/// Its time has come: it is paid, unless something keeps it.
fn pay(tx: &mut Tx<'_>, case: &Case, referral: &mut Referral) -> Result<()> {
    let zone = &case.settings.time_zone;
    let tomorrow = zone.midnight(zone.date(tx.now).saturating_add(Span::new().days(1)));
    if case.somebody_is_suspended() {
        wait(referral, WaitsFor::Suspension, tomorrow);
        return Ok(());
    }
    let since = zone.start_of_month(tx.now);
    let this_month = store::rewarded_since(tx, referral.referrer_id, since)?;
    if this_month >= case.settings.referral_limit_per_month.get() {
        // the next month brings room, and so may a refund, or the shop
        wait(referral, WaitsFor::Limit, tomorrow);
        return Ok(());
    }
    let paid = tx.savepoint(|tx| paying::pay(tx, case, referral));
    match paid {
        Ok(()) => {
            referral.state = ReferralState::Rewarded;
            referral.rewarded_at = Some(tx.now);
            referral.waits_for = None;
            Ok(())
        }
        Err(Error::Refused(why)) => {
            tracing::warn!(referral = %referral.id, %why, "a referral can't be paid yet");
            wait(referral, WaitsFor::Reward, tomorrow);
            Ok(())
        }
        Err(error) => Err(error),
    }
}

const fn wait(referral: &mut Referral, on: WaitsFor, until: Timestamp) {
    referral.waits_for = Some(on);
    referral.due_at = Some(until);
}

/// Ends a referral in this state.
pub(super) const fn end(referral: &mut Referral, state: ReferralState, now: Timestamp) {
    referral.state = state;
    referral.ended_at = Some(now);
    referral.came_from = None;
    referral.waits_for = None;
}
