//! The days of the civil year and those that go by the Easter of the Western churches, roughly in
//! their order: key, countries, rule.

use jiff::civil::Weekday::{Friday, Monday, Saturday, Sunday, Thursday};

use super::{
    Holiday,
    rules::Rule::{
        self, BeforeSummer, Easter, From, KingsDay, Nth, NthSundayNotWhit, On, SaintBrigid,
    },
};

/// Nowhere in particular, thus anywhere.
pub(super) const ANYWHERE: &[&str] = &[];

/// The countries that this table knows well; what all of them keep is for anywhere too.
const WEST: &[&str] = &[
    "IS", "NO", "SE", "DK", "FI", "DE", "AT", "CH", "NL", "BE", "FR", "ES", "PT", "IT", "PL", "GB",
    "IE", "US", "CA",
];

const NORDIC: &[&str] = &["IS", "NO", "SE", "DK", "FI"];

pub(super) const fn row(
    key: &'static str,
    countries: &'static [&'static str],
    rule: Rule,
) -> Holiday {
    Holiday { key, countries, rule }
}

#[rustfmt::skip]
pub(super) const ROWS: &[Holiday] = &[
    row("new_years_day", WEST, On(1, 1)),
    row("new_years_day", ANYWHERE, On(1, 1)),
    row("epiphany", &["IS", "SE", "FI", "DE", "AT", "ES", "IT", "PL"], On(1, 6)),
    row("martin_luther_king_day", &["US"], Nth(3, Monday, 1)),
    row("bondadagur", &["IS"], BeforeSummer(90)),

    row("st_brigids_day", &["IE"], SaintBrigid),
    row("mothers_day", &["NO"], Nth(2, Sunday, 2)),
    row("fat_thursday", &["PL"], Easter(-52)),
    row("valentines_day", ANYWHERE, On(2, 14)),
    row("fastelavn", &["DK", "NO"], Easter(-49)),
    row("bolludagur", &["IS"], Easter(-48)),
    row("rose_monday", &["DE"], Easter(-48)),
    row("presidents_day", &["US"], Nth(3, Monday, 2)),
    row("shrove_tuesday", &["IS", "SE", "FI", "GB", "IE"], Easter(-47)),
    row("ash_wednesday", &["IS", "DE", "AT", "ES", "IT", "PL", "GB", "IE"], Easter(-46)),
    row("konudagur", &["IS"], BeforeSummer(60)),

    row("womens_day", ANYWHERE, On(3, 8)),
    row("mothers_day", &["GB", "IE"], Easter(-21)),
    row("st_patricks_day", &["IE"], On(3, 17)),
    row("st_patricks_day", ANYWHERE, On(3, 17)),
    row("fathers_day", &["ES", "PT", "IT"], On(3, 19)),
    row("palm_sunday", &["IS", "NO", "SE", "DK", "FI", "DE", "AT", "ES", "PT", "IT", "PL"], Easter(-7)),

    row("maundy_thursday", NORDIC, Easter(-3)),
    row("good_friday", WEST, Easter(-2)),
    row("good_friday", ANYWHERE, Easter(-2)),
    row("easter_sunday", WEST, Easter(0)),
    row("easter_sunday", ANYWHERE, Easter(0)),
    row("easter_monday", WEST, Easter(1)),
    row("easter_monday", ANYWHERE, Easter(1)),
    row("first_day_of_summer", &["IS"], BeforeSummer(0)),
    row("freedom_day", &["PT"], On(4, 25)),
    row("liberation_day", &["IT"], On(4, 25)),
    row("kings_day", &["NL"], KingsDay),
    row("walpurgis_night", &["SE", "FI"], On(4, 30)),

    row("labour_day", &["IS", "NO", "SE", "DK", "FI", "DE", "AT", "BE", "FR", "ES", "PT", "IT", "PL"], On(5, 1)),
    row("early_may_bank_holiday", &["GB", "IE"], Nth(1, Monday, 5)),
    row("constitution_day", &["PL"], On(5, 3)),
    row("mothers_day", &["ES", "PT"], Nth(1, Sunday, 5)),
    row("liberation_day", &["NL"], On(5, 5)),
    row("victory_day", &["FR"], On(5, 8)),
    row("mothers_day", &["IS", "DK", "FI", "DE", "AT", "CH", "NL", "BE", "IT", "US", "CA"], Nth(2, Sunday, 5)),
    row("ascension_day", &["IS", "NO", "SE", "DK", "FI", "DE", "AT", "CH", "NL", "BE", "FR"], Easter(39)),
    row("fathers_day", &["DE"], Easter(39)),
    row("constitution_day", &["NO"], On(5, 17)),
    // the Monday before 25 May
    row("victoria_day", &["CA"], From(Monday, 5, 18)),
    row("whit_sunday", &["IS", "NO", "SE", "DK", "FI", "DE", "AT", "CH", "NL", "BE", "FR", "PL"], Easter(49)),
    row("whit_monday", &["IS", "NO", "DK", "DE", "AT", "CH", "NL", "BE", "FR"], Easter(50)),
    row("spring_bank_holiday", &["GB"], Nth(-1, Monday, 5)),
    row("memorial_day", &["US"], Nth(-1, Monday, 5)),
    row("mothers_day", &["PL"], On(5, 26)),
    row("mothers_day", &["SE"], Nth(-1, Sunday, 5)),
    row("mothers_day", &["FR"], NthSundayNotWhit(-1, 5)),

    row("june_bank_holiday", &["IE"], Nth(1, Monday, 6)),
    row("republic_day", &["IT"], On(6, 2)),
    row("corpus_christi", &["DE", "AT", "PT", "PL"], Easter(60)),
    row("constitution_day", &["DK"], On(6, 5)),
    row("fathers_day", &["DK"], On(6, 5)),
    row("national_day", &["SE"], On(6, 6)),
    row("sailors_day", &["IS"], NthSundayNotWhit(1, 6)),
    row("fathers_day", &["CH"], Nth(1, Sunday, 6)),
    row("national_day", &["PT"], On(6, 10)),
    row("fathers_day", &["AT", "BE"], Nth(2, Sunday, 6)),
    row("national_day", &["IS"], On(6, 17)),
    row("womens_rights_day", &["IS"], On(6, 19)),
    row("juneteenth", &["US"], On(6, 19)),
    row("midsummer_eve", &["SE", "FI"], From(Friday, 6, 19)),
    row("midsummer_day", &["SE", "FI"], From(Saturday, 6, 20)),
    row("fathers_day", &["NL", "FR", "GB", "IE", "US", "CA"], Nth(3, Sunday, 6)),
    row("fathers_day", &["PL"], On(6, 23)),
    row("st_johns_eve", &["DK", "NO"], On(6, 23)),
    row("st_johns_day", &["IS"], On(6, 24)),

    row("canada_day", &["CA"], On(7, 1)),
    row("independence_day", &["US"], On(7, 4)),
    row("bastille_day", &["FR"], On(7, 14)),
    row("national_day", &["BE"], On(7, 21)),

    row("national_day", &["CH"], On(8, 1)),
    row("commerce_day", &["IS"], Nth(1, Monday, 8)),
    row("august_bank_holiday", &["IE"], Nth(1, Monday, 8)),
    row("assumption_day", &["AT", "BE", "FR", "ES", "PT", "IT", "PL"], On(8, 15)),
    // not in Scotland, whose own is three weeks before
    row("summer_bank_holiday", &["GB"], Nth(-1, Monday, 8)),

    row("labour_day", &["US", "CA"], Nth(1, Monday, 9)),
    row("icelandic_nature_day", &["IS"], On(9, 16)),
    row("truth_and_reconciliation_day", &["CA"], On(9, 30)),

    row("german_unity_day", &["DE"], On(10, 3)),
    row("republic_day", &["PT"], On(10, 5)),
    row("columbus_day", &["US"], Nth(2, Monday, 10)),
    row("thanksgiving", &["CA"], Nth(2, Monday, 10)),
    row("national_day", &["ES"], On(10, 12)),
    row("womens_day_off", &["IS"], On(10, 24)),
    row("first_day_of_winter", &["IS"], BeforeSummer(180)),
    row("national_day", &["AT"], On(10, 26)),
    row("october_bank_holiday", &["IE"], Nth(-1, Monday, 10)),
    row("reformation_day", &["DE"], On(10, 31)),
    row("halloween", ANYWHERE, On(10, 31)),
    row("all_saints_day", &["SE", "FI"], From(Saturday, 10, 31)),

    row("all_saints_day", &["DE", "AT", "BE", "FR", "ES", "PT", "IT", "PL"], On(11, 1)),
    row("bonfire_night", &["GB"], On(11, 5)),
    row("fathers_day", &["IS", "NO", "SE", "FI"], Nth(2, Sunday, 11)),
    row("remembrance_sunday", &["GB"], Nth(2, Sunday, 11)),
    row("st_martins_day", &["DE", "AT"], On(11, 11)),
    row("independence_day", &["PL"], On(11, 11)),
    row("armistice_day", &["FR", "BE"], On(11, 11)),
    row("veterans_day", &["US"], On(11, 11)),
    row("remembrance_day", &["CA"], On(11, 11)),
    row("singles_day", ANYWHERE, On(11, 11)),
    row("icelandic_language_day", &["IS"], On(11, 16)),
    row("thanksgiving", &["US"], Nth(4, Thursday, 11)),
    // the day after the fourth Thursday, and the Monday that follows
    row("black_friday", ANYWHERE, From(Friday, 11, 23)),
    row("advent_1", &["IS", "NO", "SE", "DK", "FI", "DE", "AT", "CH"], From(Sunday, 11, 27)),
    row("cyber_monday", ANYWHERE, From(Monday, 11, 26)),

    row("sovereignty_day", &["IS"], On(12, 1)),
    row("sinterklaas", &["NL"], On(12, 5)),
    row("advent_2", &["IS", "NO", "SE", "DK", "FI", "DE", "AT", "CH"], From(Sunday, 12, 4)),
    row("constitution_day", &["ES"], On(12, 6)),
    row("independence_day", &["FI"], On(12, 6)),
    row("st_nicholas_day", &["DE", "AT", "CH", "BE", "PL"], On(12, 6)),
    row("immaculate_conception", &["AT", "ES", "PT", "IT"], On(12, 8)),
    row("advent_3", &["IS", "NO", "SE", "DK", "FI", "DE", "AT", "CH"], From(Sunday, 12, 11)),
    row("st_lucys_day", &["NO", "SE", "DK", "FI"], On(12, 13)),
    row("advent_4", &["IS", "NO", "SE", "DK", "FI", "DE", "AT", "CH"], From(Sunday, 12, 18)),
    row("thorlaksmessa", &["IS"], On(12, 23)),
    row("christmas_eve", WEST, On(12, 24)),
    row("christmas_eve", ANYWHERE, On(12, 24)),
    row("christmas_day", WEST, On(12, 25)),
    row("christmas_day", ANYWHERE, On(12, 25)),
    row("second_day_of_christmas", &["IS", "NO", "SE", "DK", "FI", "DE", "NL", "PL"], On(12, 26)),
    row("boxing_day", &["GB", "CA"], On(12, 26)),
    row("st_stephens_day", &["AT", "CH", "IT", "IE"], On(12, 26)),
    row("new_years_eve", WEST, On(12, 31)),
    row("new_years_eve", ANYWHERE, On(12, 31)),
];
