//! Holidays: on which days each falls, by country. Dates are of the civil calendar, and of the day
//! itself: no day in lieu where it is on a weekend, and no day that a government moved once.

mod public;
mod rules;
mod table;
mod traditions;

#[cfg(test)]
mod tests;

use jiff::civil::Date;

pub use self::public::{DayOff, days_off, has_days_off};
use self::rules::Rule;

/// A holiday as some countries keep it. Another country may keep one of the same key on another
/// day; its name is the message `holiday-<key>`.
#[derive(Clone, Copy, Debug)]
pub struct Holiday {
    /// Of `a-z`, `0-9` and `_`.
    pub key: &'static str,
    /// ISO 3166-1 alpha-2 codes; empty: for anywhere.
    pub countries: &'static [&'static str],
    rule: Rule,
}

impl Holiday {
    /// The dates in this Gregorian year, in order, by the rule of today: mostly one, none or two
    /// where a calendar drifts (Eid), none before 1583 or where nobody has settled the date yet.
    #[must_use]
    pub fn dates(&self, year: i16) -> Vec<Date> {
        self.rule.dates(year)
    }

    fn is_kept_in(&self, country: &str) -> bool {
        self.countries.contains(&country)
    }
}

/// The holiday of this key in this country; where it has none of its own, the one for anywhere.
#[must_use]
pub fn find(key: &str, country: Option<&str>) -> Option<&'static Holiday> {
    let same_key = || all().filter(|holiday| holiday.key == key);
    country
        .and_then(|country| same_key().find(|holiday| holiday.is_kept_in(country)))
        .or_else(|| same_key().find(|holiday| holiday.countries.is_empty()))
}

/// All that [`find`] finds for this country, each once: its own and those for anywhere. Days of the
/// civil year come first, roughly in their order, then those of other calendars.
pub fn of(country: Option<&str>) -> impl Iterator<Item = &'static Holiday> {
    all().filter(move |holiday| {
        find(holiday.key, country).is_some_and(|found| std::ptr::eq(found, *holiday))
    })
}

/// Whether some country has a holiday of this key.
#[must_use]
pub fn is_known(key: &str) -> bool {
    all().any(|holiday| holiday.key == key)
}

/// Whether it is a day of mourning, of remembrance or of penitence: nobody is wished a lovely one.
#[must_use]
pub fn is_solemn(key: &str) -> bool {
    const SOLEMN: [&str; 10] = [
        "all_saints_day",
        "armistice_day",
        "ash_wednesday",
        "good_friday",
        "memorial_day",
        "remembrance_day",
        "remembrance_sunday",
        "truth_and_reconciliation_day",
        "veterans_day",
        "yom_kippur",
    ];
    SOLEMN.contains(&key)
}

fn all() -> impl Iterator<Item = &'static Holiday> {
    table::ROWS.iter().chain(traditions::ROWS)
}
