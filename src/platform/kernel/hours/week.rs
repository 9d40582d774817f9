//! A week of hours, and the days that are otherwise.

use std::{collections::BTreeSet, fmt, ops::Deref, str::FromStr};

use jiff::civil::Weekday;
use serde::{Deserialize, Deserializer, Serialize, de};
use utoipa::ToSchema;

use super::Hours;
use crate::{
    kernel::{day::Day, holidays, wire},
    wire_text,
};

/// When somebody is there, by weekday, in the program's time zone; a day that is left out is
/// closed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[schema(example = json!({"mon": [["09:00", "12:00"], ["13:00", "24:00"]], "tue": [["09:00", "17:00"]]}))]
pub struct CareHours {
    #[schema(required = false)]
    mon: Hours,
    #[schema(required = false)]
    tue: Hours,
    #[schema(required = false)]
    wed: Hours,
    #[schema(required = false)]
    thu: Hours,
    #[schema(required = false)]
    fri: Hours,
    #[schema(required = false)]
    sat: Hours,
    #[schema(required = false)]
    sun: Hours,
}

impl CareHours {
    /// From Monday to Sunday.
    #[must_use]
    pub fn new([mon, tue, wed, thu, fri, sat, sun]: [Hours; 7]) -> Self {
        Self { mon, tue, wed, thu, fri, sat, sun }
    }

    /// 09:00–17:00 from Monday to Friday.
    #[must_use]
    pub fn of_an_office() -> Self {
        let day: Hours = "09:00–17:00".parse().unwrap_or_default();
        let none = Hours::default;
        Self::new([day.clone(), day.clone(), day.clone(), day.clone(), day, none(), none()])
    }

    #[must_use]
    pub const fn of(&self, day: Weekday) -> &Hours {
        match day {
            Weekday::Monday => &self.mon,
            Weekday::Tuesday => &self.tue,
            Weekday::Wednesday => &self.wed,
            Weekday::Thursday => &self.thu,
            Weekday::Friday => &self.fri,
            Weekday::Saturday => &self.sat,
            Weekday::Sunday => &self.sun,
        }
    }
}

/// The same as it is read.
#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct Days {
    mon: Hours,
    tue: Hours,
    wed: Hours,
    thu: Hours,
    fri: Hours,
    sat: Hours,
    sun: Hours,
}

impl<'de> Deserialize<'de> for CareHours {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let Days { mon, tue, wed, thu, fri, sat, sun } = Days::deserialize(from)?;
        Ok(Self { mon, tue, wed, thu, fri, sat, sun })
    }
}

/// A date on which it is open whatever weekday, holidays and closed dates say: with the hours of its
/// weekday, or with its own.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct OpenDay {
    pub date: Day,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub hours: Option<Hours>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Opened {
    date: Day,
    #[serde(default)]
    hours: Option<Hours>,
}

impl<'de> Deserialize<'de> for OpenDay {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let Opened { date, hours } = Opened::deserialize(from)?;
        Ok(Self { date, hours })
    }
}

impl fmt::Display for OpenDay {
    /// `2026-12-20`, or `2026-12-20 10:00–14:00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.hours {
            Some(hours) => write!(f, "{} {hours}", self.date),
            None => self.date.fmt(f),
        }
    }
}

impl FromStr for OpenDay {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (date, hours) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let date = date.parse().map_err(|why| format!("{why}"))?;
        let hours: Hours = hours.parse()?;
        Ok(Self { date, hours: Some(hours).filter(|hours| !hours.is_empty()) })
    }
}

/// How many dates may be named.
const MOST_DAYS: usize = 1000;

/// Dates that are open, each once.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, ToSchema)]
#[serde(transparent)]
pub struct OpenDays(Vec<OpenDay>);

impl Deref for OpenDays {
    type Target = [OpenDay];

    fn deref(&self) -> &[OpenDay] {
        &self.0
    }
}

impl<'de> Deserialize<'de> for OpenDays {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let days = Vec::<OpenDay>::deserialize(from)?;
        if days.len() > MOST_DAYS {
            return Err(de::Error::custom(format!("must be at most {MOST_DAYS} dates")));
        }
        let mut dates = BTreeSet::new();
        match days.iter().find(|day| !dates.insert(day.date)) {
            Some(twice) => {
                Err(de::Error::custom(format!("must name each date once, {} too", twice.date)))
            }
            None => Ok(Self(days)),
        }
    }
}

/// A country whose public holidays are known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HolidayCountry(String);

impl HolidayCountry {
    #[must_use]
    pub fn iceland() -> Self {
        Self("IS".to_owned())
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for HolidayCountry {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        holidays::has_days_off(text)
            .map(|()| Self(text.to_owned()))
            .map_err(|known| format!("must be null or one of {known}"))
    }
}

impl fmt::Display for HolidayCountry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

wire_text! { [] HolidayCountry, "HolidayCountry", wire::pattern("^[A-Z]{2}$", "IS") }
