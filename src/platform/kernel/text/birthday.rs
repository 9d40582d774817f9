//! Birthdays, with or without a year.

use std::{fmt, str::FromStr};

use super::BadText;
use crate::{kernel::wire, wire_text};

/// A birthday: `MM-DD`, or `YYYY-MM-DD` where the year is known.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Birthday {
    pub year: Option<i16>,
    pub month: i8,
    pub day: i8,
}

impl Birthday {
    /// Whether nobody can have been born on it yet.
    #[must_use]
    pub fn is_after(self, today: jiff::civil::Date) -> bool {
        self.year.is_some_and(|year| {
            (year, self.month, self.day) > (today.year(), today.month(), today.day())
        })
    }
}

impl FromStr for Birthday {
    type Err = BadText;

    fn from_str(text: &str) -> Result<Self, BadText> {
        let bad = || BadText::new("must be a birthday, MM-DD or YYYY-MM-DD, such as 02-29");
        let shape: String =
            text.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect();
        let date = match shape.as_str() {
            // 2000 was a leap year, so every possible day exists in it
            "99-99" => format!("2000-{text}"),
            "9999-99-99" => text.to_owned(),
            _ => return Err(bad()),
        };
        let date: jiff::civil::Date = date.parse().map_err(|_| bad())?;
        let year = (text.len() == 10).then(|| date.year());
        if year.is_some_and(|year| year < 1900) {
            return Err(BadText::new("must not be before 1900"));
        }
        Ok(Self { year, month: date.month(), day: date.day() })
    }
}

impl fmt::Display for Birthday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(year) = self.year {
            write!(f, "{year:04}-")?;
        }
        write!(f, "{:02}-{:02}", self.month, self.day)
    }
}

wire_text! { [] Birthday, "Birthday", wire::pattern(r"^(\d{4}-)?\d{2}-\d{2}$", "02-29") }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn birthdays_may_lack_a_year_and_leap() {
        assert_eq!("02-29".parse::<Birthday>().map(|b| b.to_string()).as_deref(), Ok("02-29"));
        assert_eq!("1988-02-29".parse::<Birthday>().map(|b| b.year), Ok(Some(1988)));
        for bad in ["02-30", "1987-02-29", "2-9", "1800-01-01", "٠٢-٢٩"] {
            assert!(bad.parse::<Birthday>().is_err(), "{bad}");
        }
    }
}
