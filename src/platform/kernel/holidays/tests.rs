use std::collections::{BTreeMap, BTreeSet};

use super::*;

const ICELAND: &str = include_str!("../../../../tests/data/holidays_IS.csv");
const OTHERS: &str = include_str!("../../../../tests/data/holidays_others.csv");
const ENGLISH: &str = include_str!("../../../../templates/locales/holidays.en.ftl");
const ICELANDIC: &str = include_str!("../../../../templates/locales/holidays.is.ftl");

fn days(key: &str, country: &str, year: i16) -> Vec<String> {
    let holiday = find(key, Some(country)).unwrap_or_else(|| panic!("{key} in {country}"));
    holiday.dates(year).iter().map(ToString::to_string).collect()
}

/// The one date in its year.
fn assert_day(key: &str, country: &str, date: &str) {
    let year = date[..4].parse().expect("a year");
    assert_eq!(days(key, country, year), [date], "{key} in {country}");
}

/// The lines of a table, without the comment and the heading.
fn lines(table: &str) -> impl Iterator<Item = Vec<&str>> {
    table.lines().skip(2).map(|line| line.split(',').collect())
}

fn assert_dates(country: Option<&str>, key: &str, expected: &BTreeSet<Date>) {
    let holiday = find(key, country).unwrap_or_else(|| panic!("{key} in {country:?}"));
    assert_eq!(holiday.countries.is_empty(), country.is_none(), "{key} in {country:?}");
    let years = expected.first().map_or(0, |date| date.year())
        ..=expected.last().map_or(0, |date| date.year());
    let found: BTreeSet<Date> = years.flat_map(|year| holiday.dates(year)).collect();
    assert_eq!(&found, expected, "{key} in {country:?}");
}

#[test]
fn solemn_days_are_holidays_that_there_are() {
    let solemn = of(None).chain(of(Some("US"))).filter(|holiday| is_solemn(holiday.key));
    assert!(solemn.count() >= 3);
    assert!(is_solemn("good_friday") && !is_solemn("christmas_day"));
    for key in ["remembrance_sunday", "memorial_day", "truth_and_reconciliation_day"] {
        assert!(is_known(key) && is_solemn(key), "{key}");
    }
}

#[test]
fn iceland_is_as_in_its_table() {
    let key = |name: &str| match name {
        "Nýársdagur" => "new_years_day",
        "Skírdagur" => "maundy_thursday",
        "Föstudagurinn langi" => "good_friday",
        "Páskadagur" => "easter_sunday",
        "Annar í páskum" => "easter_monday",
        "Sumardagurinn fyrsti" => "first_day_of_summer",
        "Verkalýðsdagurinn" => "labour_day",
        "Uppstigningardagur" => "ascension_day",
        "Hvítasunnudagur" => "whit_sunday",
        "Annar í hvítasunnu" => "whit_monday",
        "Þjóðhátíðardagurinn" => "national_day",
        "Frídagur verslunarmanna" => "commerce_day",
        "Aðfangadagur (frá kl. 13.00)" => "christmas_eve",
        "Jóladagur" => "christmas_day",
        "Annar í jólum" => "second_day_of_christmas",
        "Gamlársdagur (frá kl. 13.00)" => "new_years_eve",
        other => panic!("{other}"),
    };
    let mut table: BTreeMap<&str, BTreeSet<Date>> = BTreeMap::new();
    for line in lines(ICELAND) {
        table.entry(key(line[1])).or_default().insert(line[0].parse().expect("a date"));
    }
    assert_eq!(table.len(), 16);
    for (key, dates) in table {
        assert_eq!(dates.len(), 11, "{key}");
        assert_dates(Some("IS"), key, &dates);
    }
}

#[test]
fn the_others_are_as_in_their_table() {
    let mut table: BTreeMap<(&str, &str), BTreeSet<Date>> = BTreeMap::new();
    for line in lines(OTHERS) {
        let dates = table.entry((line[0], line[1])).or_default();
        assert!(dates.insert(line[2].parse().expect("a date")), "{line:?}");
    }
    assert!(table.len() > 250, "{}", table.len());
    for ((country, key), dates) in table {
        assert_dates(Some(country).filter(|country| !country.is_empty()), key, &dates);
    }
}

#[test]
fn the_old_icelandic_months_begin_as_in_the_almanac() {
    for date in [
        "2020-01-24",
        "2021-01-22",
        "2022-01-21",
        "2023-01-20",
        "2024-01-26",
        "2025-01-24",
        "2026-01-23",
        "2052-01-26",
    ] {
        assert_day("bondadagur", "IS", date);
    }
    for date in ["2020-02-23", "2021-02-21", "2023-02-19", "2024-02-25", "2025-02-23"] {
        assert_day("konudagur", "IS", date);
    }
    for date in [
        "2020-10-24",
        "2021-10-23",
        "2022-10-22",
        "2023-10-28",
        "2024-10-26",
        "2025-10-25",
        "2051-10-28",
    ] {
        assert_day("first_day_of_winter", "IS", date);
    }
    // the spans of the almanac, a day later in the years that spoil them alone
    for year in 1900..2100 {
        let leap = |year: i16| jiff::civil::date(year, 1, 1).in_leap_year();
        let day = |key, first, spoilt| {
            let date = find(key, Some("IS")).expect(key).dates(year)[0];
            let late = i32::from(date.day()) - first;
            assert!((0..=6).contains(&late) || (late == 7 && spoilt), "{key} {date}");
            date.weekday()
        };
        assert_eq!(day("bondadagur", 19, leap(year)), jiff::civil::Weekday::Friday);
        assert_eq!(day("konudagur", 18, leap(year)), jiff::civil::Weekday::Sunday);
        assert_eq!(day("first_day_of_winter", 21, leap(year + 1)), jiff::civil::Weekday::Saturday);
    }
}

#[test]
fn days_make_way_for_others() {
    // Whit Sunday is the first Sunday of June, or the last of May
    assert_day("sailors_day", "IS", "2017-06-11");
    assert_day("sailors_day", "IS", "2025-06-01");
    assert_day("sailors_day", "IS", "2026-06-07");
    assert_day("sailors_day", "IS", "2028-06-11");
    assert_day("mothers_day", "FR", "2023-06-04");
    assert_day("mothers_day", "FR", "2026-05-31");
    // Sundays
    assert_day("kings_day", "NL", "2025-04-26");
    assert_day("kings_day", "NL", "2026-04-27");
    // the first Monday of February, unless its first day is a Friday
    assert_day("st_brigids_day", "IE", "2023-02-06");
    assert_day("st_brigids_day", "IE", "2030-02-01");
}

#[test]
fn a_key_has_another_day_in_another_country() {
    for (country, date) in [
        ("IS", "2026-05-10"),
        ("GB", "2026-03-15"),
        ("NO", "2026-02-08"),
        ("SE", "2026-05-31"),
        ("ES", "2026-05-03"),
        ("PL", "2026-05-26"),
    ] {
        assert_day("mothers_day", country, date);
    }
    for (country, date) in [("IS", "2026-11-08"), ("DE", "2026-05-14"), ("US", "2026-06-21")] {
        assert_day("fathers_day", country, date);
    }
    assert_day("easter_sunday", "GR", "2026-04-12");
    assert_day("easter_sunday", "JP", "2026-04-05");
    assert_day("christmas_day", "RS", "2026-01-07");
    assert_day("black_friday", "IS", "2026-11-27");
    // in a November whose first is a Friday
    assert_day("thanksgiving", "US", "2024-11-28");
    assert_day("black_friday", "US", "2024-11-29");
    assert_day("cyber_monday", "US", "2024-12-02");
    assert_day("advent_1", "IS", "2026-11-29");
    assert_day("advent_1", "IS", "2028-12-03");
    assert_day("advent_4", "IS", "2028-12-24");

    assert!(find("bondadagur", None).is_none());
    assert!(find("bondadagur", Some("NO")).is_none());
    assert!(find("no_such_day", Some("IS")).is_none());
}

#[test]
fn easter_keeps_to_its_exceptions() {
    // the earliest and latest ever, and the two exceptions of the epact
    for date in ["1818-03-22", "1943-04-25", "1954-04-18", "1981-04-19", "2038-04-25", "2049-04-18"]
    {
        assert_day("easter_sunday", "IS", date);
    }
    assert_day("orthodox_easter", "IS", "2025-04-20");
    assert_day("orthodox_easter", "IS", "2100-05-02");
    // its full moon on a Saturday, and on a Sunday
    assert_day("orthodox_easter", "IS", "2021-05-02");
    assert_day("orthodox_easter", "IS", "2023-04-16");
    assert_day("orthodox_christmas", "IS", "2101-01-08");
}

#[test]
fn drifting_days_come_twice_or_not_at_all() {
    assert_eq!(days("eid_al_fitr", "IS", 2033), ["2033-01-03", "2033-12-23"]);
    assert_eq!(days("eid_al_fitr", "IS", 2000), ["2000-01-08", "2000-12-27"]);
    assert_eq!(days("islamic_new_year", "IS", 2008), ["2008-01-10", "2008-12-29"]);
    assert!(days("orthodox_christmas", "IS", 1582).is_empty());
    assert!(days("diwali", "IS", 2036).is_empty());
    let eids: usize = (1990..2090).map(|year| days("eid_al_fitr", "IS", year).len()).sum();
    assert_eq!(eids, 103);
    // 13 months in a Hebrew leap year
    assert_day("purim", "IS", "2027-03-23");
    assert_day("seollal", "KR", "2027-02-07");
    assert_day("chinese_new_year", "KR", "2027-02-06");
}

#[test]
fn no_year_is_too_far() {
    for holiday in all() {
        for year in [i16::MIN, -9999, -1, 0, 1582, 9998, 9999, 10_000, i16::MAX] {
            let dates = holiday.dates(year);
            assert!(dates.iter().all(|date| date.year() == year), "{} {year}", holiday.key);
        }
        for year in 1900..2100 {
            let dates = holiday.dates(year);
            assert!(dates.len() <= 2 && dates.is_sorted(), "{} {dates:?}", holiday.key);
        }
    }
}

#[test]
fn the_table_is_sound() {
    let mut seen = BTreeSet::new();
    for holiday in all() {
        let key = holiday.key;
        assert!(!key.is_empty());
        assert!(key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'));
        if holiday.countries.is_empty() {
            assert!(seen.insert((key, "")), "{key} twice for anywhere");
        }
        for country in holiday.countries {
            assert!(country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase()));
            assert!(seen.insert((key, country)), "{key} twice in {country}");
        }
    }
    let months: Vec<i8> = table::ROWS.iter().map(|row| row.dates(2026)[0].month()).collect();
    assert!(months.is_sorted(), "{months:?}");
}

#[test]
fn a_country_has_its_own_and_those_for_anywhere() {
    let keys = |country| of(country).map(|holiday| holiday.key).collect::<Vec<_>>();
    let iceland = keys(Some("IS"));
    assert_eq!(iceland.iter().collect::<BTreeSet<_>>().len(), iceland.len());
    for key in ["bondadagur", "sailors_day", "christmas_day", "valentines_day", "eid_al_fitr"] {
        assert!(iceland.contains(&key), "{key}");
    }
    assert!(!iceland.contains(&"kings_day"));
    for holiday in of(Some("IS")) {
        assert!(holiday.countries.is_empty() || holiday.countries.contains(&"IS"));
    }
    assert!(of(None).all(|holiday| holiday.countries.is_empty()));
    assert_eq!(keys(None), keys(Some("ZZ")));
}

#[test]
fn every_holiday_has_a_name_and_every_name_a_holiday() {
    let in_table: Vec<&str> = all().map(|holiday| holiday.key).collect();
    let in_table_once: BTreeSet<&str> = in_table.iter().copied().collect();
    let names = |file: &'static str| -> Vec<&'static str> {
        file.lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(|line| {
                let (message, name) = line.split_once(" = ").expect("a message");
                assert!(!name.trim().is_empty(), "{line}");
                message.strip_prefix("holiday-").expect("a holiday")
            })
            .collect()
    };
    let english = names(ENGLISH);
    assert_eq!(english, names(ICELANDIC));
    assert_eq!(english.len(), in_table_once.len(), "a name twice");
    assert_eq!(english.into_iter().collect::<BTreeSet<_>>(), in_table_once);
}
