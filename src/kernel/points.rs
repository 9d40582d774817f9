//! Points: whole numbers, 64 bits, never a float.

use serde::{Deserialize, Deserializer, Serialize, de};

/// The most points that one request may name.
pub const MOST: i64 = 1_000_000_000;

/// An amount of points that a request may name: 1 … 1,000,000,000.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(transparent)]
pub struct Amount(i64);

impl Amount {
    /// `None` outside 1 … 1,000,000,000.
    #[must_use]
    pub fn new(points: i64) -> Option<Self> {
        (1..=MOST).contains(&points).then_some(Self(points))
    }

    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let points = whole(deserializer)?;
        Self::new(points)
            .ok_or_else(|| de::Error::custom("must be a whole number from 1 to 1000000000"))
    }
}

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
        let points = whole(deserializer)?;
        if points == 0 || points.abs() > MOST {
            return Err(de::Error::custom(
                "must be a whole number from -1000000000 to 1000000000, and not 0",
            ));
        }
        Ok(Self(points))
    }
}

/// A whole number; fractions, strings and numbers beyond 64 bits are refused in words that help.
fn whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    match value.as_i64() {
        // i64::MIN has no absolute value
        Some(points) if points != i64::MIN => Ok(points),
        _ => Err(de::Error::custom("must be a whole number, such as 100")),
    }
}
