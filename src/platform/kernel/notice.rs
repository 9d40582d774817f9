//! How long before something ends people are told: in the morning, with so many whole days left.

use jiff::{Span, civil::Date};

use super::{clock::Timestamp, zone::Zone};

/// Nobody wants a letter at midnight.
const MORNING: i8 = 9;

/// So many days, in the program's zone.
#[derive(Clone, Debug)]
pub struct Notice {
    zone: Zone,
    days: i64,
}

impl Notice {
    /// `None` of no days: nobody is told.
    #[must_use]
    pub fn new(zone: Zone, days: i64) -> Option<Self> {
        (days > 0).then_some(Self { zone, days })
    }

    /// What ends by then is due at `now`.
    #[must_use]
    pub fn ends_by(&self, now: Timestamp) -> Timestamp {
        let local = self.zone.local(now);
        let early = i64::from(local.hour() < MORNING);
        self.zone.midnight(on(local.date(), self.days + 1 - early))
    }

    /// When what ends at `end` falls due.
    #[must_use]
    pub fn due_at(&self, end: Timestamp) -> Timestamp {
        let date = self.zone.date(end);
        let date = if self.zone.midnight(date) < end { on(date, 1) } else { date };
        self.zone.at(on(date, -self.days - 1), MORNING)
    }

    /// Whether it had more than that time when it was given.
    #[must_use]
    pub fn wants(&self, ends: Timestamp, given_at: Timestamp) -> bool {
        self.due_at(ends) > given_at
    }

    /// What happened by then is so many whole days past at `now`, in the morning.
    #[must_use]
    pub fn happened_by(&self, now: Timestamp) -> Timestamp {
        let local = self.zone.local(now);
        let early = i64::from(local.hour() < MORNING);
        self.zone.midnight(on(local.date(), 1 - self.days - early))
    }

    /// When it is so many whole days past.
    #[must_use]
    pub fn past_at(&self, happened: Timestamp) -> Timestamp {
        self.zone.at(on(self.zone.date(happened), self.days), MORNING)
    }
}

fn on(date: Date, days: i64) -> Date {
    date.saturating_add(Span::new().days(days))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    fn notice(zone: &str, days: i64) -> Notice {
        Notice::new(zone.parse().expect("a zone"), days).expect("some days")
    }

    #[test]
    fn it_is_due_in_the_morning_with_so_many_whole_days_left() {
        for (zone, end, due) in [
            ("UTC", "2027-11-22T00:00:00Z", "2027-11-07T09:00:00Z"),
            // over a clock change, and where midnight is another one's noon
            ("Europe/Berlin", "2027-04-04T22:00:00Z", "2027-03-21T08:00:00Z"),
            ("Pacific/Auckland", "2027-06-30T12:00:00Z", "2027-06-15T21:00:00Z"),
            // given when the program had another zone
            ("UTC", "2027-11-21T23:00:00Z", "2027-11-07T09:00:00Z"),
        ] {
            let (notice, end) = (notice(zone, 14), at(end));
            assert_eq!(notice.due_at(end), at(due), "{zone} {end}");
            let just_before = Timestamp::from_microsecond(at(due).as_microsecond() - 1);
            assert!(notice.ends_by(at(due)) >= end, "{zone} {end}");
            assert!(notice.ends_by(just_before.expect("an instant")) < end, "{zone} {end}");
        }
    }

    #[test]
    fn one_that_began_with_less_is_not_reminded_of() {
        let notice = notice("UTC", 14);
        let end = at("2027-11-22T00:00:00Z");
        assert!(notice.wants(end, at("2026-11-21T12:00:00Z")));
        assert!(notice.wants(end, at("2027-11-07T08:59:59Z")));
        assert!(!notice.wants(end, at("2027-11-07T09:00:00Z")));
    }
}
