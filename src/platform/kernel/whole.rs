//! Whole numbers within bounds.

use serde::{Deserialize, Deserializer, Serialize, de};

use super::wire;
use crate::plain_schema;

/// A whole number from `MIN` to `MAX`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(transparent)]
pub struct Whole<const MIN: i64, const MAX: i64>(i64);

impl<const MIN: i64, const MAX: i64> Whole<MIN, MAX> {
    /// `None` outside the bounds.
    #[must_use]
    pub fn new(number: i64) -> Option<Self> {
        (MIN..=MAX).contains(&number).then_some(Self(number))
    }

    /// For numbers that stand in the code: one outside the bounds does not compile in a constant.
    #[must_use]
    pub const fn fixed(number: i64) -> Self {
        assert!(MIN <= number && number <= MAX, "a number outside its bounds");
        Self(number)
    }

    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl<const MIN: i64, const MAX: i64> AsRef<i64> for Whole<MIN, MAX> {
    fn as_ref(&self) -> &i64 {
        &self.0
    }
}

impl<'de, const MIN: i64, const MAX: i64> Deserialize<'de> for Whole<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        value
            .as_i64()
            .and_then(Self::new)
            .ok_or_else(|| de::Error::custom(format!("must be a whole number from {MIN} to {MAX}")))
    }
}

plain_schema! { [const MIN: i64, const MAX: i64] Whole<MIN, MAX>, format!("Whole{MIN}to{MAX}"), wire::whole(MIN, MAX) }
