//! Dates as they are written over the wire.

use std::{fmt, str::FromStr};

use jiff::civil::Date;

use super::wire;
use crate::wire_text;

/// A date, `YYYY-MM-DD`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Day(pub Date);

/// Why a text is no date.
#[derive(Debug, thiserror::Error)]
#[error("must be a date from 2000 to 2199, YYYY-MM-DD, such as 2027-05-01")]
pub struct NotADay;

impl FromStr for Day {
    type Err = NotADay;

    fn from_str(text: &str) -> Result<Self, NotADay> {
        let date: Date = text.parse().map_err(|_| NotADay)?;
        let plain = text.len() == 10 && (2000..2200).contains(&date.year());
        if plain { Ok(Self(date)) } else { Err(NotADay) }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

wire_text! { [] Day, "Date", wire::pattern(r"^\d{4}-\d{2}-\d{2}$", "2027-05-01") }
