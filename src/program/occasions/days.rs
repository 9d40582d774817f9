//! On which local dates occasions fall.

use jiff::civil::Date;
use rrule::RRuleSet;

use super::{NewOccasion, OccasionRule};
use platform::{
    kernel::{
        holidays,
        text::{Birthday, Country},
    },
    settings::LeapDay,
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
    let Ok(set) = recurrence(rule, first) else { return Vec::new() };
    let mut dates: Vec<Date> =
        dates_of(&set).take_while(|date| *date <= last).filter(within).collect();
    dates.dedup();
    dates
}

fn dates_of(set: &RRuleSet) -> impl Iterator<Item = Date> {
    set.into_iter().filter_map(|at| at.format("%Y-%m-%d").to_string().parse().ok())
}

/// The first day of a rule that has a recurrence, if it ever comes.
///
/// # Errors
/// Why it is no recurrence.
pub(super) fn first_of(rule: &OccasionRule) -> Result<Option<Date>, String> {
    let first = dates_of(&recurrence(rule, Date::MIN)?).next();
    Ok(first.filter(|date| date.year() < 2200))
}

/// The recurrence of a rule that has one, with all its days from `first` on. It gives up after a
/// hundred thousand steps without a day: 30 February never comes.
fn recurrence(rule: &OccasionRule, first: Date) -> Result<RRuleSet, String> {
    let (Some(recurrence), Some(from)) = (&rule.rrule, rule.from) else {
        return Err("there is none".to_owned());
    };
    let starting = |date: Date, rule: &dyn std::fmt::Display| {
        let set = format!("DTSTART:{}\nRRULE:{rule}", date.strftime("%Y%m%dT000000Z")).parse();
        set.map(RRuleSet::limit).map_err(|why: rrule::RRuleError| why.to_string())
    };
    let set = starting(from.0, recurrence)?;
    // where nothing is counted from the first day, it may begin on any: old rules cost no more. The
    // set's own rule says what the first day meant, such as which month
    match set.get_rrule().as_slice() {
        [rule] if first > from.0 && rule.get_interval() == 1 && rule.get_count().is_none() => {
            starting(first, rule)
        }
        _ => Ok(set),
    }
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
    fn a_rule_falls_on_the_same_days_wherever_one_begins_to_count() {
        let on = |rrule: &str, first: &str, last: &str| {
            let rule = json!({"rrule": rrule, "from": "2020-05-06"});
            dates(json!({"kind": "date", "rule": rule}), first, last)
        };
        for rrule in [
            "FREQ=YEARLY",
            "FREQ=MONTHLY",
            "FREQ=WEEKLY",
            "FREQ=DAILY",
            "FREQ=DAILY;INTERVAL=3",
            "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU,MO",
            "FREQ=DAILY;COUNT=2500",
            "FREQ=DAILY;UNTIL=20270301T000000Z",
            "FREQ=YEARLY;BYDAY=SU;BYWEEKNO=20",
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "FREQ=YEARLY;BYMONTHDAY=13;BYDAY=FR",
        ] {
            let all = on(rrule, "2020-01-01", "2028-01-10");
            for first in ["2026-12-24", "2027-03-01", "2027-05-06"] {
                let later: Vec<String> =
                    all.iter().filter(|day| day.as_str() >= first).cloned().collect();
                assert_eq!(on(rrule, first, "2028-01-10"), later, "{rrule} from {first}");
            }
            assert!(!all.is_empty() && all.is_sorted() && all[0].as_str() >= "2020-05-06");
        }
    }

    #[test]
    fn no_day_comes_twice() {
        let rule = json!({"rrule": "FREQ=MONTHLY;BYMONTHDAY=1,1,-31", "from": "2027-01-01"});
        let twice = json!({"kind": "date", "rule": rule});
        assert_eq!(dates(twice, "2027-01-01", "2027-02-28"), ["2027-01-01", "2027-02-01"]);
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
