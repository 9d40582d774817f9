//! Keeping occasions, greeting whose day it is, and showing what is to come.

mod calendar;
mod greeting;
mod groups;
mod late;
mod running;

pub use calendar::{CalendarDay, MemberDay, Span, calendar, calendar_of, preview};
pub use greeting::Day;
pub use running::{greet_due, next};

use std::time::Duration;

use super::{NewOccasion, Occasion, OccasionChanges, store};
use crate::rewards;
use platform::{
    db::Tx,
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
        id::OccasionId,
        version::Versions,
    },
    settings,
};

pub use store::{get, list};

/// The holidays, by their keys, for which somebody may be greeted.
pub fn greeted_holidays(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    let active = store::active(tx)?;
    let mut keys: Vec<String> =
        active.into_iter().filter_map(|occasion| occasion.fields.rule.holiday).collect();
    keys.sort_unstable();
    keys.dedup();
    Ok(keys)
}

/// Wherever on Earth a day begins, it began at most so long ago.
const A_DAY_ANYWHERE: Duration = Duration::from_hours(38);

/// Adds an occasion. Active, it greets from today on: who has their day today, too.
///
/// # Errors
/// [`Refusal::Invalid`] where fields contradict each other; an unknown reward.
pub fn add(tx: &mut Tx<'_>, fields: NewOccasion) -> Result<Occasion> {
    let fields = judged(tx, fields)?;
    let occasion = Occasion { id: tx.new_id(), fields, since: tx.now, version: 1 };
    let progress = store::Progress {
        occasion_id: occasion.id,
        done_until: looking_back(tx.now),
        working_until: None,
        place: 0,
        after_member: None,
        queued: 0,
    };
    store::insert(tx, &occasion, &progress)?;
    Ok(occasion)
}

fn judged(tx: &mut Tx<'_>, fields: NewOccasion) -> Result<NewOccasion> {
    let settings = settings::service::get(tx)?;
    let fields = fields.settled(&settings)?;
    fields.check(&settings)?;
    if let Some(reward) = fields.gift.as_ref().and_then(|gift| gift.reward_id) {
        rewards::service::get(tx, reward).map_err(|error| error.at("/gift/reward_id"))?;
    }
    Ok(fields)
}

fn looking_back(now: Timestamp) -> Timestamp {
    now.minus(A_DAY_ANYWHERE)
}

/// Changes an occasion that is still of one of these versions. As it is now it counts from today on:
/// who has their day today and was not greeted for it is greeted still.
///
/// # Errors
/// No such occasion; another version; fields that contradict each other; another kind.
pub fn change(
    tx: &mut Tx<'_>,
    id: OccasionId,
    changes: &OccasionChanges,
    seen: &Versions,
) -> Result<Occasion> {
    // whoever works on it ends first: what it does is of the version that it saw
    let progress = store::wait_for_progress(tx, id)?;
    let before = store::lock(tx, id)?;
    seen.check(before.version)?;
    let fields = changes.apply(&before.fields)?;
    if fields.kind != before.fields.kind {
        let why = format!("stays {}: add another occasion", before.fields.kind);
        return Err(Refusal::field("/kind", why).into());
    }
    let fields = judged(tx, fields)?;
    if store::same(&fields, &before.fields)? {
        return Ok(before);
    }
    let occasion = Occasion { id, fields, since: tx.now, version: before.version + 1 };
    store::update(tx, &occasion)?;
    if let Some(progress) = progress {
        let done_until = looking_back(tx.now);
        let (working_until, after_member) = (None, None);
        store::set_progress(
            tx,
            &store::Progress { done_until, working_until, after_member, place: 0, ..progress },
        )?;
    }
    Ok(occasion)
}
