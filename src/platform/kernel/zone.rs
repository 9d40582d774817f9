//! Calendar arithmetic in a time zone: when points become available, and when they expire.

use std::{fmt, str::FromStr};

use jiff::{
    Span, ZonedDateTime,
    civil::{Date, Time},
    tz::{TimeZone, TimeZoneDatabase},
};

use super::{clock::Timestamp, wire};
use crate::wire_text;

/// An IANA time zone, such as `Atlantic/Reykjavik`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Zone {
    name: String,
    zone: TimeZone,
}

impl Zone {
    #[must_use]
    pub fn utc() -> Self {
        Self { name: "UTC".to_owned(), zone: TimeZone::UTC }
    }

    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its rules.
    #[must_use]
    pub(super) const fn rules(&self) -> &TimeZone {
        &self.zone
    }

    /// The date and time in this zone at `instant`.
    #[must_use]
    pub fn local(&self, instant: Timestamp) -> ZonedDateTime {
        instant.jiff().to_zoned_datetime(self.zone.clone())
    }

    /// The date in this zone at `instant`.
    #[must_use]
    pub fn date(&self, instant: Timestamp) -> Date {
        self.local(instant).date()
    }

    /// 00:00 of `date` in this zone (the first instant of the day where a clock change skips it).
    #[must_use]
    pub fn midnight(&self, date: Date) -> Timestamp {
        date.to_zoned_datetime(self.zone.clone())
            .and_then(|zoned| zoned.start_of_day())
            .map_or(Timestamp::UNIX_EPOCH, |zoned| Timestamp::from_jiff(zoned.timestamp()))
    }

    /// This full hour of `date` in this zone (the next instant where a clock change skips it).
    #[must_use]
    pub fn at(&self, date: Date, hour: i8) -> Timestamp {
        self.at_time(date, Time::midnight().saturating_add(Span::new().hours(i64::from(hour))))
    }

    /// This time of `date` in this zone: where a clock change skips it, as much later as it skips;
    /// where it comes twice, the first.
    #[must_use]
    pub fn at_time(&self, date: Date, time: Time) -> Timestamp {
        date.to_datetime(time)
            .to_zoned_datetime(self.zone.clone())
            .map_or(Timestamp::UNIX_EPOCH, |zoned| Timestamp::from_jiff(zoned.timestamp()))
    }

    /// The first instant of the calendar month that `instant` lies in.
    #[must_use]
    pub fn start_of_month(&self, instant: Timestamp) -> Timestamp {
        self.midnight(self.date(instant).first_of_month())
    }

    /// The first instant of the calendar year that `instant` lies in.
    #[must_use]
    pub fn start_of_year(&self, instant: Timestamp) -> Timestamp {
        self.midnight(self.date(instant).first_of_year())
    }

    /// So many days on, at the same local time.
    #[must_use]
    pub fn days_after(&self, instant: Timestamp, days: u16) -> Timestamp {
        let later = self.local(instant).saturating_add(Span::new().days(i64::from(days)));
        Timestamp::from_jiff(later.timestamp())
    }

    /// The end of the day that lies so many months after `instant`'s local date (clamped to the
    /// month's end): exclusive, thus 00:00 of the day after.
    #[must_use]
    pub fn end_of_day_after_months(&self, instant: Timestamp, months: u16) -> Timestamp {
        let day = self.date(instant).saturating_add(Span::new().months(i64::from(months)));
        self.midnight(day.saturating_add(Span::new().days(1)))
    }
}

/// Why a text is no time zone.
#[derive(Debug, thiserror::Error)]
#[error("is not an IANA time zone, such as Atlantic/Reykjavik")]
pub struct NotAZone;

impl FromStr for Zone {
    type Err = NotAZone;

    fn from_str(text: &str) -> Result<Self, NotAZone> {
        if text == "UTC" {
            return Ok(Self::utc());
        }
        // the system's files have names beside the registered ones, such as posixrules
        let registered = TimeZoneDatabase::bundled().get(text).map_err(|_| NotAZone)?;
        if registered.iana_name() == Some("Factory") {
            return Err(NotAZone);
        }
        let zone = TimeZone::get(text).unwrap_or(registered);
        // jiff takes names in any case; the answer has the registered one
        let name = zone.iana_name().ok_or(NotAZone)?.to_owned();
        Ok(Self { name, zone })
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

wire_text! { [] Zone, "Zone", wire::text().examples(["Atlantic/Reykjavik"]) }

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    #[test]
    fn months_clamp_to_the_end_of_the_month() {
        let utc = Zone::utc();
        let end = |from, months| utc.end_of_day_after_months(at(from), months).to_string();
        assert_eq!(end("2026-08-31T23:59:59Z", 6), "2027-03-01T00:00:00Z");
        assert_eq!(end("2024-02-29T10:00:00Z", 12), "2025-03-01T00:00:00Z");
        assert_eq!(end("2026-11-21T10:00:00Z", 24), "2028-11-22T00:00:00Z");
    }

    #[test]
    fn days_keep_the_local_time_over_a_clock_change() {
        let berlin: Zone = "Europe/Berlin".parse().expect("a zone");
        assert_eq!(
            berlin.days_after(at("2026-10-24T10:00:00Z"), 1).to_string(),
            "2026-10-25T11:00:00Z"
        );
        assert_eq!(
            berlin.end_of_day_after_months(at("2026-03-01T12:00:00Z"), 1).to_string(),
            "2026-04-01T22:00:00Z"
        );
        assert!("Europe/Atlantis".parse::<Zone>().is_err());
    }
}
