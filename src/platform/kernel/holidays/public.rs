//! On which holidays a country rests: those of its law that hold in all of it. What is kept in
//! parts of it alone, or by custom, is for each shop to say.

use std::collections::BTreeMap;

use jiff::civil::{Date, Time, time};

use super::find;

/// Holidays on which nobody works all day, by country.
const ALL_DAY: &[(&str, &[&str])] = &[
    (
        "AT",
        &[
            "new_years_day",
            "epiphany",
            "easter_monday",
            "labour_day",
            "ascension_day",
            "whit_monday",
            "corpus_christi",
            "assumption_day",
            "national_day",
            "all_saints_day",
            "immaculate_conception",
            "christmas_day",
            "st_stephens_day",
        ],
    ),
    (
        "BE",
        &[
            "new_years_day",
            "easter_monday",
            "labour_day",
            "ascension_day",
            "whit_monday",
            "national_day",
            "assumption_day",
            "all_saints_day",
            "armistice_day",
            "christmas_day",
        ],
    ),
    (
        "CA",
        &[
            "new_years_day",
            "good_friday",
            "victoria_day",
            "canada_day",
            "labour_day",
            "truth_and_reconciliation_day",
            "thanksgiving",
            "remembrance_day",
            "christmas_day",
            "boxing_day",
        ],
    ),
    ("CH", &["new_years_day", "ascension_day", "national_day", "christmas_day"]),
    (
        "DE",
        &[
            "new_years_day",
            "good_friday",
            "easter_monday",
            "labour_day",
            "ascension_day",
            "whit_monday",
            "german_unity_day",
            "christmas_day",
            "second_day_of_christmas",
        ],
    ),
    (
        "DK",
        &[
            "new_years_day",
            "maundy_thursday",
            "good_friday",
            "easter_sunday",
            "easter_monday",
            "ascension_day",
            "whit_sunday",
            "whit_monday",
            "christmas_day",
            "second_day_of_christmas",
        ],
    ),
    (
        "ES",
        &[
            "new_years_day",
            "epiphany",
            "good_friday",
            "labour_day",
            "assumption_day",
            "national_day",
            "all_saints_day",
            "constitution_day",
            "immaculate_conception",
            "christmas_day",
        ],
    ),
    (
        "FI",
        &[
            "new_years_day",
            "epiphany",
            "good_friday",
            "easter_sunday",
            "easter_monday",
            "labour_day",
            "ascension_day",
            "whit_sunday",
            "midsummer_day",
            "all_saints_day",
            "independence_day",
            "christmas_day",
            "second_day_of_christmas",
        ],
    ),
    (
        "FR",
        &[
            "new_years_day",
            "easter_monday",
            "labour_day",
            "victory_day",
            "ascension_day",
            "whit_monday",
            "bastille_day",
            "assumption_day",
            "all_saints_day",
            "armistice_day",
            "christmas_day",
        ],
    ),
    (
        "GB",
        &[
            "new_years_day",
            "good_friday",
            "easter_monday",
            "early_may_bank_holiday",
            "spring_bank_holiday",
            "summer_bank_holiday",
            "christmas_day",
            "boxing_day",
        ],
    ),
    (
        "IE",
        &[
            "new_years_day",
            "st_brigids_day",
            "st_patricks_day",
            "easter_monday",
            "early_may_bank_holiday",
            "june_bank_holiday",
            "august_bank_holiday",
            "october_bank_holiday",
            "christmas_day",
            "st_stephens_day",
        ],
    ),
    (
        "IS",
        &[
            "new_years_day",
            "maundy_thursday",
            "good_friday",
            "easter_sunday",
            "easter_monday",
            "first_day_of_summer",
            "labour_day",
            "ascension_day",
            "whit_sunday",
            "whit_monday",
            "national_day",
            "commerce_day",
            "christmas_day",
            "second_day_of_christmas",
        ],
    ),
    (
        "IT",
        &[
            "new_years_day",
            "epiphany",
            "easter_sunday",
            "easter_monday",
            "liberation_day",
            "labour_day",
            "republic_day",
            "assumption_day",
            "all_saints_day",
            "immaculate_conception",
            "christmas_day",
            "st_stephens_day",
        ],
    ),
    (
        "NL",
        &[
            "new_years_day",
            "easter_sunday",
            "easter_monday",
            "kings_day",
            "ascension_day",
            "whit_sunday",
            "whit_monday",
            "christmas_day",
            "second_day_of_christmas",
        ],
    ),
    (
        "NO",
        &[
            "new_years_day",
            "maundy_thursday",
            "good_friday",
            "easter_sunday",
            "easter_monday",
            "labour_day",
            "constitution_day",
            "ascension_day",
            "whit_sunday",
            "whit_monday",
            "christmas_day",
            "second_day_of_christmas",
        ],
    ),
    (
        "PL",
        &[
            "new_years_day",
            "epiphany",
            "easter_sunday",
            "easter_monday",
            "labour_day",
            "constitution_day",
            "whit_sunday",
            "corpus_christi",
            "assumption_day",
            "all_saints_day",
            "independence_day",
            "christmas_eve",
            "christmas_day",
            "second_day_of_christmas",
        ],
    ),
    (
        "PT",
        &[
            "new_years_day",
            "good_friday",
            "easter_sunday",
            "freedom_day",
            "labour_day",
            "corpus_christi",
            "national_day",
            "assumption_day",
            "republic_day",
            "all_saints_day",
            "immaculate_conception",
            "christmas_day",
        ],
    ),
    (
        "SE",
        &[
            "new_years_day",
            "epiphany",
            "good_friday",
            "easter_sunday",
            "easter_monday",
            "labour_day",
            "ascension_day",
            "whit_sunday",
            "national_day",
            "midsummer_day",
            "all_saints_day",
            "christmas_day",
            "second_day_of_christmas",
        ],
    ),
    (
        "US",
        &[
            "new_years_day",
            "martin_luther_king_day",
            "presidents_day",
            "memorial_day",
            "juneteenth",
            "independence_day",
            "labour_day",
            "columbus_day",
            "veterans_day",
            "thanksgiving",
            "christmas_day",
        ],
    ),
];

/// Those that begin in the course of the day: in Iceland by act 88/1971, art. 6.
const FROM: &[(&str, &str, Time)] =
    &[("IS", "christmas_eve", time(13, 0, 0, 0)), ("IS", "new_years_eve", time(13, 0, 0, 0))];

/// How much of a day is off.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum DayOff {
    Whole,
    /// From this local time on.
    From(Time),
}

/// The countries whose public holidays are known, in order.
fn countries() -> impl Iterator<Item = &'static str> {
    ALL_DAY.iter().map(|(country, _)| *country)
}

/// Whether the public holidays of this country are known.
///
/// # Errors
/// Those that are, as a text.
pub fn has_days_off(country: &str) -> Result<(), String> {
    let known: Vec<&str> = countries().collect();
    if known.contains(&country) { Ok(()) } else { Err(known.join(", ")) }
}

/// The public holidays of a country in this Gregorian year; none for a country that is not known.
#[must_use]
pub fn days_off(country: &str, year: i16) -> BTreeMap<Date, DayOff> {
    let dates = |key: &str| find(key, Some(country)).map_or_else(Vec::new, |day| day.dates(year));
    let partly = FROM.iter().filter(|(of, ..)| *of == country);
    let mut off: BTreeMap<Date, DayOff> = partly
        .flat_map(|(_, key, from)| dates(key).into_iter().map(|date| (date, DayOff::From(*from))))
        .collect();
    let whole = ALL_DAY.iter().filter(|(of, _)| *of == country).flat_map(|(_, keys)| *keys);
    off.extend(whole.flat_map(|key| dates(key)).map(|date| (date, DayOff::Whole)));
    off
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_public_holiday_is_one_that_the_country_keeps() {
        for (country, keys) in ALL_DAY {
            for key in *keys {
                let found = find(key, Some(country));
                assert!(
                    found.is_some_and(|day| day.countries.contains(country)),
                    "{country} {key}"
                );
            }
            assert!(countries().is_sorted());
        }
    }

    #[test]
    fn iceland_rests_on_these_days() {
        let off = days_off("IS", 2026);
        let told: Vec<String> = off.keys().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "2026-01-01",
                "2026-04-02",
                "2026-04-03",
                "2026-04-05",
                "2026-04-06",
                "2026-04-23",
                "2026-05-01",
                "2026-05-14",
                "2026-05-24",
                "2026-05-25",
                "2026-06-17",
                "2026-08-03",
                "2026-12-24",
                "2026-12-25",
                "2026-12-26",
                "2026-12-31",
            ]
        );
        let eve: Date = "2026-12-24".parse().expect("a date");
        assert_eq!(off.get(&eve), Some(&DayOff::From(time(13, 0, 0, 0))));
        assert!(days_off("XX", 2026).is_empty());
        assert!(has_days_off("IS").is_ok() && has_days_off("JP").is_err());
    }
}
