//! Times of the day, as a local clock shows them, and the hours in which nobody is disturbed.

use std::{fmt, str::FromStr};

use jiff::civil::{Time, time};
use serde::{Deserialize, Deserializer, Serialize, de};
use utoipa::openapi::ArrayBuilder;

use super::{clock::Timestamp, wire, zone::Zone};
use crate::{plain_schema, wire_text};

/// A time of the day to the minute, such as `09:00`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct LocalTime(Time);

impl LocalTime {
    #[must_use]
    pub const fn time(self) -> Time {
        self.0
    }
}

/// In the morning, when people have had their coffee.
impl Default for LocalTime {
    fn default() -> Self {
        Self(time(9, 0, 0, 0))
    }
}

/// Why a text is no time of the day.
#[derive(Debug, thiserror::Error)]
#[error("must be a time of the day, HH:MM, such as 09:00")]
pub struct NotATime;

impl FromStr for LocalTime {
    type Err = NotATime;

    fn from_str(text: &str) -> Result<Self, NotATime> {
        let number = |part: &str| {
            let plain = part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
            part.parse::<i8>().ok().filter(|_| plain)
        };
        let (hour, minute) = text.split_once(':').ok_or(NotATime)?;
        let (hour, minute) = number(hour).zip(number(minute)).ok_or(NotATime)?;
        Time::new(hour, minute, 0, 0).map(Self).map_err(|_| NotATime)
    }
}

impl fmt::Display for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0.hour(), self.0.minute())
    }
}

wire_text! { [] LocalTime, "LocalTime", wire::pattern("^([01][0-9]|2[0-3]):[0-5][0-9]$", "09:00") }

/// From one time of the day to another, over midnight where that is earlier; none where both are
/// the same. On the wire a list of the two.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct QuietHours {
    pub from: LocalTime,
    /// Exclusive.
    pub to: LocalTime,
}

/// So many minutes of a day must not be quiet.
const LEAST_AWAKE: i32 = 60;

impl QuietHours {
    /// In the evening and at night.
    #[must_use]
    pub const fn at_night() -> Self {
        Self { from: LocalTime(time(21, 0, 0, 0)), to: LocalTime(time(8, 0, 0, 0)) }
    }

    #[must_use]
    pub fn has(self, at: LocalTime) -> bool {
        if self.from <= self.to {
            self.from <= at && at < self.to
        } else {
            self.from <= at || at < self.to
        }
    }

    /// How many minutes of a day are not quiet.
    fn minutes_awake(self) -> i32 {
        const DAY: i32 = 24 * 60;
        let minute = |at: LocalTime| i32::from(at.0.hour()) * 60 + i32::from(at.0.minute());
        DAY - (minute(self.to) - minute(self.from)).rem_euclid(DAY)
    }

    /// `instant`, or where it is quiet then in this zone, the end of the quiet hours.
    #[must_use]
    pub fn after(self, zone: &Zone, instant: Timestamp) -> Timestamp {
        let local = zone.local(instant);
        if !self.has(LocalTime(local.time())) {
            return instant;
        }
        let today = local.date();
        let end = zone.at_time(today, self.to.time());
        if end > instant {
            end
        } else {
            zone.at_time(today.tomorrow().unwrap_or(today), self.to.time())
        }
    }
}

impl fmt::Display for QuietHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}–{}", self.from, self.to)
    }
}

impl Serialize for QuietHours {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        [self.from, self.to].serialize(to)
    }
}

impl<'de> Deserialize<'de> for QuietHours {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let both: Vec<String> = Deserialize::deserialize(from)?;
        let time = |text: &String| text.parse().map_err(de::Error::custom);
        match both.as_slice() {
            [from, to] => {
                let hours = Self { from: time(from)?, to: time(to)? };
                if hours.minutes_awake() < LEAST_AWAKE {
                    let why = "must leave at least an hour of the day in which letters may go out";
                    return Err(de::Error::custom(why));
                }
                Ok(hours)
            }
            _ => Err(de::Error::custom("must be two times, such as [\"21:00\", \"08:00\"]")),
        }
    }
}

plain_schema! { [] QuietHours, "QuietHours", ArrayBuilder::new()
.items(wire::text().examples(["21:00"])).min_items(Some(2)).max_items(Some(2)) }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_the_day_is_two_and_two_digits() {
        for good in ["00:00", "09:05", "23:59"] {
            assert_eq!(
                good.parse::<LocalTime>().map(|time| time.to_string()).ok().as_deref(),
                Some(good)
            );
        }
        for bad in ["", "9:00", "24:00", "12:60", "12:00:00", "+1:00", "１２:00", "noon"] {
            assert!(bad.parse::<LocalTime>().is_err(), "{bad}");
        }
    }

    #[test]
    fn nobody_is_disturbed_at_night() {
        let quiet = QuietHours::at_night();
        let zone: Zone = "Europe/Berlin".parse().expect("a zone");
        let after = |text: &str| quiet.after(&zone, text.parse().expect("an instant")).to_string();
        assert_eq!(after("2026-07-01T10:00:00Z"), "2026-07-01T10:00:00Z");
        assert_eq!(after("2026-07-01T19:00:00Z"), "2026-07-02T06:00:00Z", "21:00 local");
        assert_eq!(after("2026-07-01T23:30:00Z"), "2026-07-02T06:00:00Z", "past midnight");
        assert_eq!(after("2026-07-02T06:00:00Z"), "2026-07-02T06:00:00Z", "the end is exclusive");
        assert_eq!(after("2026-10-24T22:00:00Z"), "2026-10-25T07:00:00Z", "the clock goes back");
        let none = QuietHours { to: quiet.from, ..quiet };
        assert!(!none.has(quiet.from));
        let noon = r#"["12:00", "13:00"]"#;
        let noon: QuietHours = serde_json::from_str(noon).expect("two times");
        assert!(
            noon.has("12:30".parse().expect("a time"))
                && !noon.has("13:00".parse().expect("a time"))
        );
        assert!(serde_json::from_str::<QuietHours>(r#"["12:00"]"#).is_err());
        for (hours, is_taken) in [
            (r#"["08:00", "07:00"]"#, true),
            (r#"["08:00", "07:01"]"#, false),
            (r#"["00:00", "23:59"]"#, false),
            (r#"["08:00", "08:00"]"#, true),
        ] {
            assert_eq!(serde_json::from_str::<QuietHours>(hours).is_ok(), is_taken, "{hours}");
        }
    }
}
