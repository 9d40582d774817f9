//! Points: whole numbers, 64 bits, never a float.

use serde::{Deserialize, Deserializer, Serialize, de};

use super::{whole::Whole, wire};
use crate::plain_schema;

/// The most points that one request may name.
pub const MOST: i64 = 1_000_000_000;

/// An amount of points that a request may name.
pub type Amount = Whole<1, MOST>;

/// Points up or down: −1,000,000,000 … 1,000,000,000, never 0. Staff adjust by it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(transparent)]
pub struct Change(i64);

impl Change {
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl<'de> Deserialize<'de> for Change {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        let points =
            value.as_i64().filter(|points| *points != 0 && (-MOST..=MOST).contains(points));
        points.map(Self).ok_or_else(|| {
            de::Error::custom("must be a whole number from -1000000000 to 1000000000, and not 0")
        })
    }
}

plain_schema! { [] Change, "Change", wire::whole(-MOST, MOST).examples([100]) }
