//! On which local dates occasions fall.

use jiff::civil::Date;
use rrule::RRuleSet;

use super::{NewOccasion, OccasionRule};
use crate::{
    kernel::{
        holidays,
        text::{Birthday, Country},
    },
    program::settings::LeapDay,
};

/// The dates of an occasion that is the same for everybody, from `first` to `last`, in order.
pub fn between(occasion: &NewOccasion, first: Date, last: Date) -> Vec<Date> {
    let within = |date: &Date| first <= *date && *date <= last;
    let rule = &occasion.rule;
    if let Some(key) = &rule.holiday {
        let country = rule.country.as_ref().map(Country::as_str);
        let Some(holiday) = holidays::find(key, country) else { return Vec::new() };
        let years = first.year()..=last.year();
        return years.flat_map(|year| holiday.dates(year)).filter(within).collect();
    }
    if let Some(day) = rule.date {
        return Some(day.0).filter(within).into_iter().collect();
    }
    let Ok(set) = recurrence(rule) else { return Vec::new() };
    set.into_iter()
        .filter_map(|at| at.format("%Y-%m-%d").to_string().parse().ok())
        .take_while(|date: &Date| *date <= last)
        .filter(within)
        .collect()
}

/// The recurrence of a rule that has one. It gives up after a hundred thousand steps without a day:
/// 30 February never comes.
pub(super) fn recurrence(rule: &OccasionRule) -> Result<RRuleSet, String> {
    let (Some(recurrence), Some(from)) = (&rule.rrule, rule.from) else {
        return Err("there is none".to_owned());
    };
    let from = from.0.strftime("%Y%m%dT000000Z");
    let set = format!("DTSTART:{from}\nRRULE:{recurrence}").parse();
    set.map(RRuleSet::limit).map_err(|why: rrule::RRuleError| why.to_string())
}

/// The birthdays that are celebrated on a date: its own, and in years without one, 29 February as
/// the program has it.
pub fn celebrated_on(date: Date, leap_day: LeapDay) -> Vec<(i8, i8)> {
    let stands_for_it = match leap_day {
        LeapDay::Feb28 => (2, 28),
        LeapDay::Mar1 => (3, 1),
    };
    let own = (date.month(), date.day());
    let mut days = vec![own];
    if own == stands_for_it && !date.in_leap_year() {
        days.push((2, 29));
    }
    days
}

/// Whether a birthday, or the day of having joined, is celebrated on a date.
pub fn is_celebrated_on(month: i8, day: i8, date: Date, leap_day: LeapDay) -> bool {
    celebrated_on(date, leap_day).contains(&(month, day))
}

/// A birthday as its column has it.
pub fn birthday_of(text: Option<&str>) -> Option<Birthday> {
    text?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn dates(occasion: serde_json::Value, first: &str, last: &str) -> Vec<String> {
        let occasion: NewOccasion = serde_json::from_value(occasion).expect("an occasion");
        let day = |text: &str| text.parse().expect("a date");
        between(&occasion, day(first), day(last)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_rule_says_on_which_days_it_falls() {
        let holiday = json!({"kind": "holiday", "rule": {"holiday": "christmas_eve"}});
        assert_eq!(dates(holiday, "2026-12-24", "2028-12-23"), ["2026-12-24", "2027-12-24"]);
        let rule = json!({"rrule": "FREQ=YEARLY;BYMONTH=11;BYDAY=-1FR", "from": "2026-01-01"});
        let last_friday = json!({"kind": "date", "rule": rule});
        assert_eq!(dates(last_friday, "2026-11-27", "2027-12-01"), ["2026-11-27", "2027-11-26"]);
        let once = json!({"kind": "date", "rule": {"date": "2027-05-01"}});
        assert_eq!(dates(once.clone(), "2027-01-01", "2027-12-31"), ["2027-05-01"]);
        assert_eq!(dates(once, "2027-05-02", "2027-12-31"), Vec::<String>::new());
        let never = json!({"rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "from": "2026-01-01"});
        let never = json!({"kind": "date", "rule": never});
        assert_eq!(dates(never, "2026-01-01", "2030-12-31"), Vec::<String>::new());
    }

    #[test]
    fn the_leap_day_is_celebrated_every_year() {
        let on = |text: &str, leap_day| celebrated_on(text.parse().expect("a date"), leap_day);
        assert_eq!(on("2027-02-28", LeapDay::Feb28), [(2, 28), (2, 29)]);
        assert_eq!(on("2028-02-28", LeapDay::Feb28), [(2, 28)]);
        assert_eq!(on("2028-02-29", LeapDay::Mar1), [(2, 29)]);
        assert_eq!(on("2027-03-01", LeapDay::Mar1), [(3, 1), (2, 29)]);
    }
}
