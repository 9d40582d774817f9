//! Business hours: when somebody is there to answer, and what time that is in real seconds.
//!
//! It is open at an instant where the program's clock shows, then, a time within the hours of the
//! date that it shows. So an hour that a clock change skips is never open, one that comes twice is
//! open twice, and a day that a zone left out has no hours.

mod openings;
mod spans;
#[cfg(test)]
mod tests;
mod week;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use jiff::{SignedDuration, civil::Date};

use self::openings::Openings;
pub use self::{
    spans::{ClosingTime, Hours, Span},
    week::{CareHours, HolidayCountry, OpenDay, OpenDays},
};
use super::{clock::Timestamp, zone::Zone};

/// A time without opening as long as that is none that a promise can wait for.
pub const LONGEST_CLOSED_DAYS: i64 = 31;

/// The hours of one program.
#[derive(Clone, Debug)]
pub struct Calendar {
    zone: Zone,
    week: CareHours,
    holidays: Option<HolidayCountry>,
    closed: BTreeSet<Date>,
    /// Overrule weekday, holiday and closed dates.
    open: BTreeMap<Date, Hours>,
}

impl Calendar {
    /// Dates in `open` without hours of their own have those of their weekday.
    #[must_use]
    pub fn new(
        zone: Zone,
        week: CareHours,
        holidays: Option<HolidayCountry>,
        closed: impl IntoIterator<Item = Date>,
        open: impl IntoIterator<Item = OpenDay>,
    ) -> Self {
        let open = open.into_iter().map(|day| {
            let date = day.date.0;
            (date, day.hours.unwrap_or_else(|| week.of(date.weekday()).clone()))
        });
        let open = open.collect();
        Self { zone, week, holidays, closed: closed.into_iter().collect(), open }
    }

    /// When the clock of what arrives at `at` starts: then, where it is open (at the very moment of
    /// opening, too), else at the next opening. With no opening within a year, at once.
    #[must_use]
    pub fn start(&self, at: Timestamp) -> Timestamp {
        self.openings(at).next().map_or(at, |opening| opening.from)
    }

    /// The instant at which so many business seconds after `at` have passed: at the latest the
    /// closing of an opening, never the next opening. With no opening within a year, real seconds
    /// count.
    #[must_use]
    pub fn after(&self, at: Timestamp, business_seconds: u64) -> Timestamp {
        let mut left = Duration::from_secs(business_seconds);
        let mut last = self.start(at);
        for opening in self.openings(at) {
            if left.is_zero() {
                return last;
            }
            let here = opening.to.since(opening.from);
            if left <= here {
                return opening.from.plus(left);
            }
            left -= here;
            last = opening.to;
        }
        last.plus(left)
    }

    /// How many business seconds lie between two instants; a part of a second does not count. 0
    /// where `to` is not after `from`.
    #[must_use]
    pub fn seconds_between(&self, from: Timestamp, to: Timestamp) -> u64 {
        let openings = self.openings(from).take_while(|opening| opening.from < to);
        openings
            .map(|opening| opening.to.min(to).since(opening.from))
            .fold(Duration::ZERO, Duration::saturating_add)
            .as_secs()
    }

    /// Whether from `now` on there is never a time of [`LONGEST_CLOSED_DAYS`] without an opening.
    #[must_use]
    pub fn always_opens_again(&self, now: Timestamp) -> bool {
        let longest = SignedDuration::from_hours(24 * LONGEST_CLOSED_DAYS);
        let last = self.closed.iter().chain(self.open.keys()).max();
        // after the last of the dates, weeks are alike but for holidays
        let last = last.map_or(now, |date| self.zone.midnight(*date).max(now));
        let until = last.plus(Duration::from_hours(24 * 366));
        let mut closed_since = now;
        for opening in self.openings(now) {
            let closed = opening.from.jiff().duration_since(closed_since.jiff());
            if closed > longest {
                return false;
            }
            if opening.from > until {
                return true;
            }
            closed_since = opening.to;
        }
        false
    }

    fn openings(&self, from: Timestamp) -> Openings<'_> {
        Openings::of(self, from)
    }
}
