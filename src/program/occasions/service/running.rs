//! The chore: who had their moment since the last time is greeted, some at a time.
//!
//! What there is to do is made of the stretch of time since then: which local dates had their moment
//! in it, in which time zones, and whose days those are. It is worked off in that order, and how far
//! that is stands in the database: any number of servers, each of which may die at any moment, share
//! the work.

use std::{collections::BTreeSet, time::Duration};

use jiff::{Span, civil::Date};

use super::{
    greeting::{Day, greet},
    groups::groups,
    late,
};
use crate::{
    members::{Member, celebrating, service::many},
    occasions::{
        Occasion, OccasionKind, days,
        moments::Stretch,
        store::{self, Progress},
    },
};
use platform::{
    db::{Store, Tx},
    kernel::{clock::Timestamp, error::Result, id::OccasionId, zone::Zone},
    settings::{self, Settings},
};

/// After how many members a transaction is ended: it has fewer than twice as many.
const CHUNK: i64 = 100;
/// A stretch of time in which nobody had their moment need not be noted before it is so long.
const UNNOTED: Duration = Duration::from_hours(1);

/// Greets everybody whose moment has come.
///
/// # Errors
/// The database's own: who was greeted stays so, the rest is tried again, and the other occasions
/// did not wait for it.
pub async fn greet_due(store: &Store) -> Result<()> {
    let mut outcome = Ok(());
    for id in store.read(active).await? {
        let worked = loop {
            match store.write(move |tx| step(tx, id)).await {
                Ok(true) => {}
                Ok(false) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        outcome = outcome.and(worked);
    }
    while store.write(late::look_again).await? {}
    outcome
}

fn active(tx: &mut Tx<'_>) -> Result<Vec<OccasionId>> {
    let mut active = store::active(tx)?;
    // whoever is meant in particular is not greeted with everybody
    active.sort_by_key(|occasion| (occasion.fields.audience.is_everybody(), occasion.id));
    Ok(active.iter().map(|occasion| occasion.id).collect())
}

/// Greets the next few of an occasion; `false` where nobody is left.
fn step(tx: &mut Tx<'_>, id: OccasionId) -> Result<bool> {
    let Some(mut progress) = store::lock_progress(tx, id)? else { return Ok(false) };
    let occasion = store::get(tx, id)?;
    if !occasion.fields.active {
        return Ok(false);
    }
    let settings = settings::service::get(tx)?;
    if progress.working_until.is_none() {
        progress.done_until = progress.done_until.max(too_late(&settings, tx.now));
        progress.working_until = Some(tx.now.max(progress.done_until));
        (progress.place, progress.after_member, progress.queued) = (0, None, 0);
    }
    let until = progress.working_until.unwrap_or(tx.now);
    let stretch = Stretch { after: progress.done_until, until };
    let groups = groups(tx, &occasion, &settings, stretch)?;
    if groups.is_empty() && until.since(progress.done_until) < UNNOTED {
        return Ok(false);
    }
    let mut seen_to = 0;
    while let Some(group) = groups.get(usize::try_from(progress.place).unwrap_or(usize::MAX)) {
        if seen_to >= CHUNK {
            store::set_progress(tx, &progress)?;
            return Ok(true);
        }
        let (audience, after) = (&occasion.fields.audience, progress.after_member);
        let ids = celebrating::celebrating(tx, &group.whose(), audience, after, CHUNK)?;
        let Some(last) = ids.last().copied() else {
            (progress.place, progress.after_member) = (progress.place + 1, None);
            continue;
        };
        seen_to += i64::try_from(ids.len()).unwrap_or(CHUNK);
        let mut members = many::lock_all(tx, &ids.iter().copied().collect())?;
        // in the order in which they were found
        let members: Vec<Member> = ids.iter().filter_map(|id| members.remove(id)).collect();
        let members = group.of(tx, members)?;
        let day = Day { occasion: &occasion, date: group.date, settings: &settings };
        progress.queued += greet(tx, day, &members, progress.queued)?;
        progress.after_member = Some(last);
    }
    store::set_progress(
        tx,
        &Progress {
            done_until: until,
            working_until: None,
            place: 0,
            after_member: None,
            ..progress
        },
    )?;
    Ok(false)
}

/// Whoever had their moment before this is not greeted any more, wherever they live.
fn too_late(settings: &Settings, now: Timestamp) -> Timestamp {
    let days = u64::try_from(settings.greeting_late_days.get()).unwrap_or_default();
    now.minus(Duration::from_hours(24 * (days + 2)))
}

/// When the next moment comes at which an active occasion may have somebody to greet, in the time
/// zones that members live in, after now and by `until` at the latest. For the demo's clock: it reads
/// all birthdays.
pub fn next(tx: &mut Tx<'_>, until: Timestamp) -> Result<Option<Timestamp>> {
    let settings = settings::service::get(tx)?;
    let mut soonest: Option<Timestamp> = None;
    for occasion in store::active(tx)? {
        let audience = &occasion.fields.audience;
        let zones = celebrating::zones(tx, audience)?;
        let zones: Vec<Zone> = zones.keys().filter_map(|name| name.parse().ok()).collect();
        let own = own_days(tx, &occasion)?;
        for zone in &zones {
            let by = soonest.unwrap_or(until);
            soonest = next_of(&occasion, zone, &own, &settings, tx.now, by).or(soonest);
        }
    }
    Ok(soonest)
}

/// The days of the year on which somebody has theirs.
fn own_days(tx: &mut Tx<'_>, occasion: &Occasion) -> Result<BTreeSet<(i8, i8)>> {
    let audience = &occasion.fields.audience;
    Ok(match occasion.fields.kind {
        OccasionKind::Birthday => {
            let days = celebrating::birthdays(tx, audience)?;
            let days = days.keys().filter_map(|day| days::birthday_of(Some(day)));
            days.map(|day| (day.month, day.day)).collect()
        }
        OccasionKind::Anniversary => {
            let joined = celebrating::joined(tx, audience, Timestamp::UNIX_EPOCH, tx.now)?;
            let date = |(at, zone): (Timestamp, String)| Some(zone.parse::<Zone>().ok()?.date(at));
            joined.into_iter().filter_map(date).map(|day| (day.month(), day.day())).collect()
        }
        OccasionKind::Holiday | OccasionKind::Date => BTreeSet::new(),
    })
}

fn next_of(
    occasion: &Occasion,
    zone: &Zone,
    own: &BTreeSet<(i8, i8)>,
    settings: &Settings,
    now: Timestamp,
    by: Timestamp,
) -> Option<Timestamp> {
    let fields = &occasion.fields;
    let moment = |day: Date| zone.at_time(day, fields.send_at_local.time());
    let (first, last) = (zone.date(now), zone.date(by));
    let mut days: Box<dyn Iterator<Item = Date>> = if fields.kind.is_personal() {
        let is_somebodys = |day: &Date| {
            days::celebrated_on(*day, settings.leap_day).iter().any(|day| own.contains(day))
        };
        let days = first.series(Span::new().days(1)).take_while(move |day| *day <= last);
        Box::new(days.filter(is_somebodys))
    } else {
        Box::new(days::between(fields, first, last).into_iter())
    };
    days.find(|day| now < moment(*day)).map(moment).filter(|at| *at <= by)
}
