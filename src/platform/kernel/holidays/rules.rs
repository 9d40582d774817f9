//! Computing the dates.

use icu_calendar::{
    AsCalendar, Date as IcuDate,
    cal::{
        ChineseTraditional, Hebrew, Hijri, Julian, KoreanTraditional, Persian, hijri::UmmAlQura,
    },
    types::Month,
};
use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};

/// The first year of the Gregorian calendar from its beginning to its end.
const FIRST_YEAR: i16 = 1583;

/// How the dates of a year are found. Months and days are numbered from 1.
#[derive(Clone, Copy, Debug)]
pub(super) enum Rule {
    /// On this day: month, day.
    On(i8, i8),
    /// On the nth such weekday of the month (-1: the last): nth, weekday, month.
    Nth(i8, Weekday, i8),
    /// On the first such weekday from this day on: weekday, month, day.
    From(Weekday, i8, i8),
    /// On the nth Sunday of the month, or a week later where that is Whit Sunday: nth, month.
    NthSundayNotWhit(i8, i8),
    /// So many days after Easter Sunday (before it: negative).
    Easter(i32),
    /// So many days after the Easter Sunday of the Orthodox churches.
    OrthodoxEaster(i32),
    /// So many days before the first day of summer in Iceland.
    BeforeSummer(i32),
    /// 27 April, or the day before where that is a Sunday.
    KingsDay,
    /// The first Monday of February, or 1 February where that is a Friday.
    SaintBrigid,
    /// On this day of another calendar: month, day. A leap month does not count.
    In(Calendar, u8, u8),
    /// On these dates and, for want of a rule, no others.
    Tabled(&'static [Date]),
}

/// A calendar whose year is not the Gregorian one. In the Hebrew one Tishri is the first month and
/// Adar the sixth (Adar II in leap years). The Islamic one is Umm al-Qura by the table of its keeper
/// (KACST), until 2174: an older edition has some months a day earlier from May 2030 on, and many
/// countries go by the sighted moon, a day off.
#[derive(Clone, Copy, Debug)]
pub(super) enum Calendar {
    Chinese,
    Hebrew,
    Islamic,
    Julian,
    Korean,
    Persian,
}

impl Rule {
    pub(super) fn dates(self, year: i16) -> Vec<Date> {
        if year < FIRST_YEAR {
            return Vec::new();
        }
        match self {
            Self::On(month, day) => one(Date::new(year, month, day).ok()),
            Self::Nth(nth, weekday, month) => one(nth_weekday(year, nth, weekday, month)),
            Self::From(weekday, month, day) => one(weekday_from(year, weekday, month, day)),
            Self::NthSundayNotWhit(nth, month) => one(sunday_not_whit(year, nth, month)),
            Self::Easter(days) => one(easter(year).and_then(|easter| add(easter, days))),
            Self::OrthodoxEaster(days) => {
                one(orthodox_easter(year).and_then(|easter| add(easter, days)))
            }
            Self::BeforeSummer(days) => before_summer(year, days),
            Self::KingsDay => one(kings_day(year)),
            Self::SaintBrigid => one(saint_brigid(year)),
            Self::In(calendar, month, day) => calendar.dates(year, month, day),
            Self::Tabled(dates) => {
                dates.iter().copied().filter(|date| date.year() == year).collect()
            }
        }
    }
}

fn one(date: Option<Date>) -> Vec<Date> {
    date.into_iter().collect()
}

fn add(date: Date, days: i32) -> Option<Date> {
    date.checked_add(days.days()).ok()
}

fn nth_weekday(year: i16, nth: i8, weekday: Weekday, month: i8) -> Option<Date> {
    Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, weekday).ok()
}

fn weekday_from(year: i16, weekday: Weekday, month: i8, day: i8) -> Option<Date> {
    Date::new(year, month, day).ok()?.yesterday().ok()?.nth_weekday(1, weekday).ok()
}

fn sunday_not_whit(year: i16, nth: i8, month: i8) -> Option<Date> {
    let sunday = nth_weekday(year, nth, Weekday::Sunday, month)?;
    let whit_sunday = add(easter(year)?, 49)?;
    if sunday == whit_sunday { add(sunday, 7) } else { Some(sunday) }
}

fn kings_day(year: i16) -> Option<Date> {
    let date = Date::new(year, 4, 27).ok()?;
    if date.weekday() == Weekday::Sunday { date.yesterday().ok() } else { Some(date) }
}

fn saint_brigid(year: i16) -> Option<Date> {
    let date = Date::new(year, 2, 1).ok()?;
    if date.weekday() == Weekday::Friday {
        return Some(date);
    }
    weekday_from(year, Weekday::Monday, 2, 1)
}

/// The Sunday after the full moon that the Gregorian epacts give for spring (the rule of Clavius).
fn easter(year: i16) -> Option<Date> {
    let number = i32::from(year);
    let golden = number % 19 + 1;
    let century = number / 100 + 1;
    let dropped_leap_days = 3 * century / 4 - 12;
    let moon_correction = (8 * century + 5) / 25 - 5;
    let mut epact = (11 * golden + 20 + moon_correction - dropped_leap_days).rem_euclid(30);
    if epact == 24 || (epact == 25 && golden > 11) {
        epact += 1;
    }
    // days after 1 March; on the 21st at the earliest
    let full_moon = if epact > 23 { 73 - epact } else { 43 - epact };
    let full_moon = add(Date::new(year, 3, 1).ok()?, full_moon)?;
    full_moon.nth_weekday(1, Weekday::Sunday).ok()
}

/// The same by the Julian calendar, whose moon comes again every 19 years.
fn orthodox_easter(year: i16) -> Option<Date> {
    let equinox = *Calendar::Julian.dates(year, 3, 21).first()?;
    let full_moon = add(equinox, (19 * (i32::from(year) % 19) + 15) % 30)?;
    full_moon.nth_weekday(1, Weekday::Sunday).ok()
}

/// The months of the old Icelandic calendar have 30 days, and after the winter's six comes summer,
/// on a Thursday. To count back from there is all the rule: winter begins 180 days before, þorri 90
/// and góa 60. The week that summers are longer by now and then (sumarauki), and the years when
/// winter's days fall one later than the spans in the almanac (rímspilliár, such as 2023 to 2024),
/// come by themselves.
fn before_summer(year: i16, days: i32) -> Vec<Date> {
    [Some(year), year.checked_add(1)]
        .into_iter()
        .flatten()
        .filter_map(|year| add(weekday_from(year, Weekday::Thursday, 4, 19)?, -days))
        .filter(|date| date.year() == year)
        .collect()
}

impl Calendar {
    fn dates(self, year: i16, month: u8, day: u8) -> Vec<Date> {
        match self {
            Self::Chinese => dates_in(ChineseTraditional::new(), year, month, day),
            Self::Hebrew => dates_in(Hebrew, year, month, day),
            Self::Islamic => dates_in(Hijri(UmmAlQura::default()), year, month, day),
            Self::Julian => dates_in(Julian, year, month, day),
            Self::Korean => dates_in(KoreanTraditional::new(), year, month, day),
            Self::Persian => dates_in(Persian, year, month, day),
        }
    }
}

fn dates_in<C: AsCalendar + Copy>(calendar: C, year: i16, month: u8, day: u8) -> Vec<Date> {
    let (Ok(new_year), Ok(same_day)) =
        (Date::new(year, 1, 1), IcuDate::try_new_iso(i32::from(year), 1, 1))
    else {
        return Vec::new();
    };
    let first = same_day.to_calendar(calendar).year().extended_year();
    // a Gregorian year has days of three Islamic years at most, and of two elsewhere
    (first..=first + 2)
        .filter_map(|year| IcuDate::try_new(year.into(), Month::new(month), day, calendar).ok())
        .map(|date| date.to_rata_die() - same_day.to_rata_die())
        .filter_map(|days| new_year.checked_add(days.days()).ok())
        .filter(|date| date.year() == year)
        .collect()
}
