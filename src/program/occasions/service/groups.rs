//! Whom the chore greets in one go: members who have the same day, where it is their moment.

use std::collections::HashMap;

use jiff::{Span, civil::Date};

use crate::{
    members::{
        Audience, Member,
        celebrating::{self, Whose},
        tags,
    },
    occasions::{
        Occasion, OccasionKind, days,
        moments::{Stretch, ZONES},
        store,
    },
};
use platform::{
    db::Tx,
    kernel::{clock::Timestamp, error::Result, id::MemberId, zone::Zone},
    settings::Settings,
};

/// Some members who have a day on the same date.
pub struct Group {
    pub date: Date,
    whose: Members,
    /// Where it is their moment.
    zones: Vec<String>,
    /// Whom something newer is for: they are not greeted for this any more.
    outdated_for: Vec<Audience>,
}

enum Members {
    Born(String),
    Joined(Timestamp, Timestamp),
    LivingIn(String),
}

impl Group {
    pub fn whose(&self) -> Whose<'_> {
        match &self.whose {
            Members::Born(day) => Whose::Born { day, zones: &self.zones },
            Members::Joined(from, to) => Whose::Joined { from: *from, to: *to },
            Members::LivingIn(zone) => Whose::LivingIn { zone },
        }
    }

    fn new(date: Date, whose: Members, zones: Vec<String>) -> Self {
        Self { date, whose, zones, outdated_for: Vec::new() }
    }

    /// Those of these members for whom it is still the newest day.
    pub fn of(&self, tx: &mut Tx<'_>, members: Vec<Member>) -> Result<Vec<Member>> {
        let ids: Vec<MemberId> = members.iter().map(|member| member.id).collect();
        let needs_tags = self.outdated_for.iter().any(|audience| !audience.tags.is_empty());
        let tags = if needs_tags { tags::of(tx, &ids)? } else { HashMap::new() };
        let none = Vec::new();
        let has = |member: &Member| {
            let tags = tags.get(&member.id).unwrap_or(&none);
            self.zones.iter().any(|zone| zone == member.time_zone.name())
                && !self.outdated_for.iter().any(|audience| audience.has(member, tags))
        };
        Ok(members.into_iter().filter(has).collect())
    }
}

/// Whom there is to greet for the moments in a stretch of time, in a fixed order.
pub fn groups(
    tx: &mut Tx<'_>,
    occasion: &Occasion,
    settings: &Settings,
    stretch: Stretch,
) -> Result<Vec<Group>> {
    let send_at = occasion.fields.send_at_local;
    let mut groups = Vec::new();
    for (date, zones) in stretch.days(send_at, ZONES.iter()) {
        let names = || zones.iter().map(|zone| zone.name().to_owned()).collect::<Vec<_>>();
        match occasion.fields.kind {
            OccasionKind::Birthday => {
                for (month, day) in days::celebrated_on(date, settings.leap_day) {
                    let whose = Members::Born(format!("{month:02}-{day:02}"));
                    groups.push(Group::new(date, whose, names()));
                }
            }
            OccasionKind::Anniversary => {
                let Some(first) = celebrating::first_enrolment(tx)? else { continue };
                for (from, to) in joined_on(date, settings, first) {
                    groups.push(Group::new(date, Members::Joined(from, to), names()));
                }
            }
            OccasionKind::Holiday | OccasionKind::Date => {
                if days::between(&occasion.fields, date, date).is_empty() {
                    continue;
                }
                let newer = newer(tx, occasion, date)?;
                for zone in zones {
                    let came = |(day, other): &&(Date, Occasion)| {
                        zone.at_time(*day, other.fields.send_at_local.time()) <= stretch.until
                    };
                    let came: Vec<&Occasion> =
                        newer.iter().filter(came).map(|(_, other)| other).collect();
                    // whoever is greeted for this one is greeted for its next day
                    if came.iter().any(|other| other.id == occasion.id) {
                        continue;
                    }
                    let name = zone.name().to_owned();
                    let whose = Members::LivingIn(name.clone());
                    let outdated_for = came.iter().map(|other| other.fields.audience.clone());
                    let outdated_for = outdated_for.collect();
                    groups.push(Group { date, whose, zones: vec![name], outdated_for });
                }
            }
        }
    }
    Ok(groups)
}

/// The stretches of time in which somebody may have joined whose anniversary a date is: a year each,
/// with a day more on either side for the sake of time zones.
fn joined_on(date: Date, settings: &Settings, first: Timestamp) -> Vec<(Timestamp, Timestamp)> {
    let utc = Zone::utc();
    let mut stretches = Vec::new();
    for year in utc.date(first).year() - 1..date.year() {
        for (month, day) in days::celebrated_on(date, settings.leap_day) {
            let Ok(then) = Date::new(year, month, day) else { continue };
            let near = |days: i64| utc.midnight(then.saturating_add(Span::new().days(days)));
            stretches.push((near(-1), near(2)));
        }
    }
    stretches
}

/// The days after `date` of all active occasions of the same kind: where one of those has come too,
/// whom it is for is not greeted for `date` any more.
fn newer(tx: &mut Tx<'_>, occasion: &Occasion, date: Date) -> Result<Vec<(Date, Occasion)>> {
    let (Ok(first), last) = (date.tomorrow(), date.saturating_add(Span::new().days(31))) else {
        return Ok(Vec::new());
    };
    let same_kind = |other: &Occasion| other.fields.kind == occasion.fields.kind;
    let others = store::active(tx)?.into_iter().filter(same_kind);
    Ok(others
        .flat_map(|other| {
            let days = days::between(&other.fields, first, last).into_iter();
            days.map(move |day| (day, other.clone()))
        })
        .collect())
}
