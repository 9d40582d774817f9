//! The days that go by another calendar than the Gregorian, by tradition: key, countries, rule.
//! Jewish and Muslim days begin at the sunset before. A Vietnamese calendar is not known here.

use jiff::civil::{Date, date};

use super::{
    Holiday,
    rules::{
        Calendar::{Chinese, Hebrew, Islamic, Julian, Korean, Persian},
        Rule::{In, OrthodoxEaster, Tabled},
    },
    table::{ANYWHERE, row},
};

/// Where Easter is that of the Orthodox churches.
const ORTHODOX_EASTER: &[&str] =
    &["BG", "BY", "CY", "GE", "GR", "MD", "ME", "MK", "RO", "RS", "RU", "UA"];

/// Where Christmas is the Julian one.
const ORTHODOX_CHRISTMAS: &[&str] = &["GE", "ME", "MK", "RS", "RU"];

#[rustfmt::skip]
pub(super) const ROWS: &[Holiday] = &[
    // Orthodox
    row("christmas_eve", ORTHODOX_CHRISTMAS, In(Julian, 12, 24)),
    row("christmas_day", ORTHODOX_CHRISTMAS, In(Julian, 12, 25)),
    row("orthodox_christmas", ANYWHERE, In(Julian, 12, 25)),
    row("good_friday", ORTHODOX_EASTER, OrthodoxEaster(-2)),
    row("easter_sunday", ORTHODOX_EASTER, OrthodoxEaster(0)),
    row("orthodox_easter", ANYWHERE, OrthodoxEaster(0)),
    row("easter_monday", ORTHODOX_EASTER, OrthodoxEaster(1)),

    // Muslim
    row("islamic_new_year", ANYWHERE, In(Islamic, 1, 1)),
    row("mawlid", ANYWHERE, In(Islamic, 3, 12)),
    row("ramadan", ANYWHERE, In(Islamic, 9, 1)),
    row("eid_al_fitr", ANYWHERE, In(Islamic, 10, 1)),
    row("eid_al_adha", ANYWHERE, In(Islamic, 12, 10)),

    // Jewish
    row("purim", ANYWHERE, In(Hebrew, 6, 14)),
    row("passover", ANYWHERE, In(Hebrew, 7, 15)),
    row("shavuot", ANYWHERE, In(Hebrew, 9, 6)),
    row("rosh_hashanah", ANYWHERE, In(Hebrew, 1, 1)),
    row("yom_kippur", ANYWHERE, In(Hebrew, 1, 10)),
    row("sukkot", ANYWHERE, In(Hebrew, 1, 15)),
    row("hanukkah", ANYWHERE, In(Hebrew, 3, 25)),

    // Hindu
    row("holi", ANYWHERE, Tabled(HOLI)),
    row("raksha_bandhan", ANYWHERE, Tabled(RAKSHA_BANDHAN)),
    row("diwali", ANYWHERE, Tabled(DIWALI)),

    // Chinese and Korean: a day apart where the new moon comes between their midnights
    row("chinese_new_year", ANYWHERE, In(Chinese, 1, 1)),
    row("lantern_festival", ANYWHERE, In(Chinese, 1, 15)),
    row("dragon_boat_festival", ANYWHERE, In(Chinese, 5, 5)),
    row("mid_autumn_festival", ANYWHERE, In(Chinese, 8, 15)),
    row("seollal", &["KR"], In(Korean, 1, 1)),
    row("chuseok", &["KR"], In(Korean, 8, 15)),

    // Persian
    row("nowruz", ANYWHERE, In(Persian, 1, 1)),
];

// The Hindu days as India keeps them: dates of the Python package `holidays` 0.109 (India), which
// has them until 2035. Our own reckoning of sun and moon at Delhi agrees: the new moon's day at
// dusk for Diwali, the day after the full moon's dusk for Holi (which India keeps a day later in
// 2026), the full moon's day for Raksha Bandhan.

const DIWALI: &[Date] = &[
    date(2025, 10, 20),
    date(2026, 11, 8),
    date(2027, 10, 29),
    date(2028, 10, 17),
    date(2029, 11, 5),
    date(2030, 10, 26),
    date(2031, 11, 14),
    date(2032, 11, 2),
    date(2033, 10, 22),
    date(2034, 11, 10),
    date(2035, 10, 30),
];

const HOLI: &[Date] = &[
    date(2025, 3, 14),
    date(2026, 3, 4),
    date(2027, 3, 22),
    date(2028, 3, 11),
    date(2029, 3, 1),
    date(2030, 3, 20),
    date(2031, 3, 9),
    date(2032, 3, 27),
    date(2033, 3, 16),
    date(2034, 3, 5),
    date(2035, 3, 24),
];

const RAKSHA_BANDHAN: &[Date] = &[
    date(2025, 8, 9),
    date(2026, 8, 28),
    date(2027, 8, 17),
    date(2028, 8, 5),
    date(2029, 8, 23),
    date(2030, 8, 13),
    date(2031, 8, 2),
    date(2032, 8, 20),
    date(2033, 8, 10),
    date(2034, 8, 29),
    date(2035, 8, 18),
];
