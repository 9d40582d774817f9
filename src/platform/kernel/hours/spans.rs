//! The hours of one day.

use std::{fmt, str::FromStr};

use jiff::civil::Time;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::openapi::ArrayBuilder;

use crate::{
    kernel::{local_time::LocalTime, wire},
    plain_schema,
};

/// How many spans a day may have.
const MOST_SPANS: usize = 12;

/// Minutes after 00:00, by the local clock.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Minutes(u16);

impl Minutes {
    pub const MIDNIGHT: Self = Self(0);
    const END: Self = Self(24 * 60);

    pub(super) fn count(self) -> i64 {
        i64::from(self.0)
    }
}

impl From<Time> for Minutes {
    fn from(time: Time) -> Self {
        let number = |part: i8| u16::try_from(part).unwrap_or(0);
        Self(number(time.hour()) * 60 + number(time.minute()))
    }
}

/// A time of the day to the minute, `24:00` among them: its end.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ClosingTime(Minutes);

/// Why a text is no such time.
#[derive(Debug, thiserror::Error)]
#[error("must be a time of the day, HH:MM, such as 17:00, or 24:00 for its end")]
pub struct NotAClosingTime;

impl FromStr for ClosingTime {
    type Err = NotAClosingTime;

    fn from_str(text: &str) -> Result<Self, NotAClosingTime> {
        if text == "24:00" {
            return Ok(Self(Minutes::END));
        }
        let time: LocalTime = text.parse().map_err(|_| NotAClosingTime)?;
        Ok(Self(time.time().into()))
    }
}

impl fmt::Display for ClosingTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0.0 / 60, self.0.0 % 60)
    }
}

/// From one time of a day to a later one, exclusive: `["09:00", "12:00"]` on the wire.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Span {
    pub from: LocalTime,
    pub to: ClosingTime,
}

impl Span {
    fn minutes(self) -> (Minutes, Minutes) {
        (self.from.time().into(), self.to.0)
    }
}

impl FromStr for Span {
    type Err = String;

    /// `09:00–12:00`, with a hyphen or a dash.
    fn from_str(text: &str) -> Result<Self, String> {
        let (from, to) = text
            .split_once(['-', '–'])
            .ok_or_else(|| "must be from one time to another, such as 09:00–17:00".to_owned())?;
        Self::of(from.trim(), to.trim())
    }
}

impl Span {
    fn of(from: &str, to: &str) -> Result<Self, String> {
        let from: LocalTime = from.parse().map_err(|why| format!("{why}"))?;
        let to: ClosingTime = to.parse().map_err(|why| format!("{why}"))?;
        let span = Self { from, to };
        let (first, last) = span.minutes();
        if first < last {
            Ok(span)
        } else {
            Err("must end after it begins, by 24:00 of the same day: what goes over midnight is a \
                 span of each day"
                .to_owned())
        }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}–{}", self.from, self.to)
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        [self.from.to_string(), self.to.to_string()].serialize(to)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let both: Vec<String> = Deserialize::deserialize(from)?;
        match both.as_slice() {
            [from, to] => Self::of(from, to).map_err(de::Error::custom),
            _ => Err(de::Error::custom("must be two times, such as [\"09:00\", \"17:00\"]")),
        }
    }
}

plain_schema! { [] Span, "HoursSpan", span_schema() }

fn span_schema() -> ArrayBuilder {
    ArrayBuilder::new()
        .items(wire::pattern("^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$", "09:00"))
        .min_items(Some(2))
        .max_items(Some(2))
}

/// When it is open on a day: spans in order that don't overlap; none: not at all.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Hours(Vec<Span>);

impl Hours {
    /// # Errors
    /// Why not: overlaps, out of order, too many.
    pub fn new(spans: Vec<Span>) -> Result<Self, String> {
        if spans.len() > MOST_SPANS {
            return Err(format!("must be at most {MOST_SPANS} spans a day"));
        }
        let in_order =
            spans.is_sorted_by(|earlier, later| earlier.minutes().1 <= later.minutes().0);
        if in_order {
            Ok(Self(spans))
        } else {
            Err("must be spans in order, each from the end of the one before or later".to_owned())
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn minutes(&self) -> impl Iterator<Item = (Minutes, Minutes)> {
        self.0.iter().map(|span| span.minutes())
    }
}

impl FromStr for Hours {
    type Err = String;

    /// `09:00–12:00, 13:00–17:00`; empty for none.
    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        Self::new(parts.map(str::parse).collect::<Result<_, String>>()?)
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let spans: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&spans.join(", "))
    }
}

impl Serialize for Hours {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(to)
    }
}

impl<'de> Deserialize<'de> for Hours {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::new(Vec::deserialize(from)?).map_err(de::Error::custom)
    }
}

plain_schema! { [] Hours, "Hours",
ArrayBuilder::new().items(span_schema()).max_items(Some(MOST_SPANS)) }
