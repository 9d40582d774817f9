//! The openings one after the other, as real time has them.

use std::collections::BTreeMap;

use jiff::{
    SignedDuration, ToSpan,
    civil::{Date, DateTime},
    tz::Offset,
};

use super::{Calendar, spans::Minutes};
use crate::kernel::{
    clock::Timestamp,
    holidays::{self, DayOff},
};

/// With no opening for so long there is none.
const GIVEN_UP_AFTER_DAYS: u16 = 400;

/// From one instant to another, exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Opening {
    pub from: Timestamp,
    pub to: Timestamp,
}

/// What is open from an instant on, in order; openings that touch may come apart.
pub(super) struct Openings<'a> {
    calendar: &'a Calendar,
    /// Nothing before it is told.
    from: Timestamp,
    /// While the zone keeps this offset, local time goes on evenly.
    offset: Offset,
    /// When it came to keep it, and when it no longer does.
    since: Timestamp,
    until: Option<Timestamp>,
    /// The local date that is looked at, and what is left of it, the last first.
    date: Option<Date>,
    left: Vec<(Minutes, Minutes)>,
    closed_days: u16,
    holidays: Option<(i16, BTreeMap<Date, DayOff>)>,
}

impl<'a> Openings<'a> {
    pub fn of(calendar: &'a Calendar, from: Timestamp) -> Self {
        let mut openings = Self {
            calendar,
            from,
            offset: Offset::UTC,
            since: from,
            until: None,
            date: None,
            left: Vec::new(),
            closed_days: 0,
            holidays: None,
        };
        openings.enter(from);
        openings
    }

    /// Goes on from an instant with the offset that the zone has then.
    fn enter(&mut self, at: Timestamp) {
        let zone = self.calendar.zone.rules();
        self.since = at;
        self.offset = zone.to_offset(at.jiff());
        self.until =
            zone.following(at.jiff()).next().map(|next| Timestamp::from_jiff(next.timestamp()));
        self.look_at(self.offset.to_datetime(at.jiff()).date());
    }

    fn look_at(&mut self, date: Date) {
        self.date = Some(date);
        self.left = self.hours(date);
        self.left.reverse();
        self.closed_days = if self.left.is_empty() { self.closed_days + 1 } else { 0 };
    }

    fn hours(&mut self, date: Date) -> Vec<(Minutes, Minutes)> {
        let calendar = self.calendar;
        if let Some(hours) = calendar.open.get(&date) {
            return hours.minutes().collect();
        }
        if calendar.closed.contains(&date) {
            return Vec::new();
        }
        let hours = calendar.week.of(date.weekday()).minutes();
        match self.day_off(date) {
            None => hours.collect(),
            Some(DayOff::Whole) => Vec::new(),
            Some(DayOff::From(time)) => {
                let end = Minutes::from(time);
                let cut = hours.map(|(from, to)| (from, to.min(end)));
                cut.filter(|(from, to)| from < to).collect()
            }
        }
    }

    fn day_off(&mut self, date: Date) -> Option<DayOff> {
        let country = self.calendar.holidays.as_ref()?;
        if self.holidays.as_ref().is_none_or(|(year, _)| *year != date.year()) {
            self.holidays = Some((date.year(), holidays::days_off(country.as_str(), date.year())));
        }
        self.holidays.as_ref()?.1.get(&date).copied()
    }

    fn instant(&self, date: Date, minutes: Minutes) -> Option<Timestamp> {
        let midnight = DateTime::from_parts(date, jiff::civil::Time::midnight());
        let local = midnight.checked_add(SignedDuration::from_mins(minutes.count())).ok()?;
        Some(Timestamp::from_jiff(self.offset.to_timestamp(local).ok()?))
    }

    /// The next day, or the next offset where that begins before.
    fn step(&mut self) -> Option<()> {
        let date = self.date?;
        let next = date.checked_add(1.day()).ok()?;
        let starts = self.instant(next, Minutes::MIDNIGHT)?;
        match self.until {
            Some(until) if until <= starts => self.enter(until),
            _ => self.look_at(next),
        }
        (self.closed_days <= GIVEN_UP_AFTER_DAYS).then_some(())
    }
}

impl Iterator for Openings<'_> {
    type Item = Opening;

    fn next(&mut self) -> Option<Opening> {
        loop {
            let Some((from, to)) = self.left.pop() else {
                self.step()?;
                continue;
            };
            let date = self.date?;
            let from = self.instant(date, from)?.max(self.since).max(self.from);
            let to = self.instant(date, to)?;
            let to = self.until.map_or(to, |until| to.min(until));
            if from < to {
                return Some(Opening { from, to });
            }
        }
    }
}
