//! What an announcement's fields may be.

use std::{borrow::Cow, fmt, ops::Deref, str::FromStr};

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, de};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ArrayBuilder, RefOr, Schema},
};

use platform::{
    kernel::{
        clock::Timestamp,
        day::Day,
        id::TopicId,
        wire::{self, PLAIN},
        zone::Zone,
    },
    wire_text,
};

/// Where a time begins or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// The beginning of this day in the program's time zone.
    Day(Date),
    At(Timestamp),
}

impl Edge {
    #[must_use]
    pub fn instant(self, zone: &Zone) -> Timestamp {
        match self {
            Self::Day(date) => zone.midnight(date),
            Self::At(instant) => instant,
        }
    }
}

impl FromStr for Edge {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(Day(date)) = text.parse() {
            return Ok(Self::Day(date));
        }
        let wrong =
            |_| "must be a date, 2026-11-21, or an instant, 2026-11-21T18:51:00Z".to_owned();
        text.parse().map(Self::At).map_err(wrong)
    }
}

impl fmt::Display for Edge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(date) => date.fmt(f),
            Self::At(instant) => instant.fmt(f),
        }
    }
}

wire_text! { [] Edge, "DateOrInstant", wire::pattern(r"^\d{4}-\d{2}-\d{2}", "2026-05-01") }

/// How many topics an announcement is about.
const MOST: usize = 20;

/// The topics that an announcement is about, one at least, each once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct TopicIds(Vec<TopicId>);

impl TopicIds {
    /// `None` where there is none, or too many.
    #[must_use]
    pub fn new(ids: Vec<TopicId>) -> Option<Self> {
        let mut once: Vec<TopicId> = Vec::with_capacity(ids.len());
        for id in ids {
            if !once.contains(&id) {
                once.push(id);
            }
        }
        (1..=MOST).contains(&once.len()).then_some(Self(once))
    }
}

impl Deref for TopicIds {
    type Target = [TopicId];

    fn deref(&self) -> &[TopicId] {
        &self.0
    }
}

impl<'de> Deserialize<'de> for TopicIds {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let wrong = || de::Error::custom(format!("must be 1 to {MOST} topics"));
        Self::new(Vec::deserialize(from)?).ok_or_else(wrong)
    }
}

impl PartialSchema for TopicIds {
    fn schema() -> RefOr<Schema> {
        let ids = ArrayBuilder::new().items(TopicId::schema());
        ids.min_items(Some(1)).max_items(Some(MOST)).into()
    }
}

impl ToSchema for TopicIds {
    fn name() -> Cow<'static, str> {
        format!("{PLAIN}TopicIds").into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edge_is_a_date_or_an_instant() {
        for text in ["2026-05-01", "2026-05-01T08:30:00Z"] {
            assert_eq!(text.parse().map(|edge: Edge| edge.to_string()).as_deref(), Ok(text));
        }
        for bad in ["", "May", "2026-5-1", "2026-05-32", "2026-05-01T08:30", "9999-01-01"] {
            assert!(bad.parse::<Edge>().is_err(), "{bad}");
        }
    }
}
