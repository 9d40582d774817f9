//! Numbers, money, days and moments as each language writes them.

use std::{sync::LazyLock, time::Duration};

use icu_calendar::{Date, Iso};
use icu_datetime::{
    DateTimeFormatter,
    fieldsets::{YM, YMD, YMDT},
    input::{DateTime, Time},
};
use icu_decimal::{DecimalFormatter, input::Decimal, options::DecimalFormatterOptions};
use icu_locale_core::{Locale, locale};

use super::{clock::Timestamp, locale::Language, money::Money, zone::Zone};

struct Formats {
    numbers: DecimalFormatter,
    days: DateTimeFormatter<YMD>,
    months: DateTimeFormatter<YM>,
    moments: DateTimeFormatter<YMDT>,
}

// English as most of the world writes it: 21 November 2026 at 18:51
static ENGLISH: LazyLock<Formats> = LazyLock::new(|| Formats::new(&locale!("en-GB")));
static ICELANDIC: LazyLock<Formats> = LazyLock::new(|| Formats::new(&locale!("is")));

impl Formats {
    #[expect(clippy::expect_used, reason = "the data is compiled in: a test sees it")]
    fn new(locale: &Locale) -> Self {
        Self {
            numbers: DecimalFormatter::try_new(locale.into(), DecimalFormatterOptions::default())
                .expect("compiled in"),
            days: DateTimeFormatter::try_new(locale.into(), YMD::long()).expect("compiled in"),
            months: DateTimeFormatter::try_new(locale.into(), YM::long()).expect("compiled in"),
            moments: DateTimeFormatter::try_new(locale.into(), YMD::long().with_time_hm())
                .expect("compiled in"),
        }
    }

    fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &ENGLISH,
            Language::Is => &ICELANDIC,
        }
    }
}

/// A whole number with its thousands marked: `1,234`, `1.234`.
#[must_use]
pub fn number(language: Language, n: i64) -> String {
    Formats::of(language).numbers.format_to_string(&Decimal::from(n))
}

/// A number that says its direction, with a real minus sign.
#[must_use]
pub fn signed(language: Language, n: i64) -> String {
    let sign = if n < 0 { "−" } else { "+" };
    format!("{sign}{}", number(language, n).trim_start_matches(['-', '−']))
}

/// An amount with all digits that its currency has: `€20.00`, `2.000 kr.`
#[must_use]
pub fn money(language: Language, money: Money) -> String {
    price(language, money, false)
}

/// The same, but a whole amount without decimals: `€20`.
#[must_use]
pub fn round_money(language: Language, money: Money) -> String {
    price(language, money, true)
}

fn price(language: Language, Money { amount, currency }: Money, round: bool) -> String {
    let digits = i16::try_from(currency.minor_digits()).unwrap_or(2);
    let mut decimal = Decimal::from(amount);
    decimal.multiply_pow10(-digits);
    if round {
        decimal.trim_end_if_integer();
    }
    let figure = Formats::of(language).numbers.format_to_string(&decimal);
    let sign = match currency.code() {
        "EUR" => "€",
        "USD" => "$",
        "GBP" => "£",
        "ISK" if language == Language::Is => "kr.",
        code => code,
    };
    // a no-break space, so that a figure never parts from its currency
    match language {
        Language::Is => format!("{figure}\u{a0}{sign}"),
        Language::En if sign.len() == 3 && sign.is_ascii() => format!("{sign}\u{a0}{figure}"),
        Language::En => format!("{sign}{figure}"),
    }
}

/// The date of `at` in `zone`, with the month in words.
#[must_use]
pub fn day(language: Language, zone: &Zone, at: Timestamp) -> String {
    match local(zone, at) {
        Some(local) => Formats::of(language).days.format(&local.date).to_string(),
        None => at.to_string(),
    }
}

/// The last day that lies before an exclusive end.
#[must_use]
pub fn last_day(language: Language, zone: &Zone, end: Timestamp) -> String {
    day(language, zone, end.minus(Duration::from_micros(1)))
}

/// The calendar month from `from` to the exclusive end; none where that is not a whole one.
#[must_use]
pub fn whole_month(
    language: Language,
    zone: &Zone,
    from: Timestamp,
    end: Timestamp,
) -> Option<String> {
    let next = zone.date(from).last_of_month().tomorrow().ok()?;
    let is_whole = zone.start_of_month(from) == from && zone.midnight(next) == end;
    let local = local(zone, from).filter(|_| is_whole)?;
    Some(Formats::of(language).months.format(&local.date).to_string())
}

/// The date and the time of day of `at` in `zone`, which is where the shop is: its people know the
/// time as theirs, and not by the name of a zone. A shop without a place has UTC.
#[must_use]
pub fn moment(language: Language, zone: &Zone, at: Timestamp) -> String {
    let Some(local) = local(zone, at) else { return at.to_string() };
    let text = Formats::of(language).moments.format(&local);
    match language {
        _ if *zone == Zone::utc() => format!("{text} (UTC)"),
        Language::En => format!("{text} local time"),
        Language::Is => format!("{text} að staðartíma"),
    }
}

/// `None` past the years that ICU's calendar takes.
fn local(zone: &Zone, at: Timestamp) -> Option<DateTime<Iso>> {
    let local = zone.local(at);
    let part = |number: i8| u8::try_from(number).ok();
    let date =
        Date::try_new_iso(local.year().into(), part(local.month())?, part(local.day())?).ok()?;
    let time = Time::try_new(part(local.hour())?, part(local.minute())?, 0, 0).ok()?;
    Some(DateTime { date, time })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_writes_its_own_way() {
        assert_eq!(number(Language::En, 1_234_567), "1,234,567");
        assert_eq!(number(Language::Is, -1_250), "-1.250");
        assert_eq!(signed(Language::En, -1_200), "−1,200");
        assert_eq!(signed(Language::Is, 21), "+21");
    }

    #[test]
    fn money_has_the_digits_of_its_currency() {
        let of = |amount, code: &str| Money { amount, currency: code.parse().expect("known") };
        assert_eq!(money(Language::En, of(1999, "EUR")), "€19.99");
        assert_eq!(money(Language::En, of(100, "EUR")), "€1.00");
        assert_eq!(round_money(Language::En, of(100, "EUR")), "€1");
        assert_eq!(round_money(Language::En, of(150, "EUR")), "€1.50");
        assert_eq!(round_money(Language::En, of(100_000, "EUR")), "€1,000");
        assert_eq!(money(Language::Is, of(100_000, "ISK")), "100.000\u{a0}kr.");
        assert_eq!(money(Language::En, of(100, "ISK")), "ISK\u{a0}100");
        assert_eq!(money(Language::Is, of(1950, "EUR")), "19,50\u{a0}€");
        assert_eq!(money(Language::En, of(1, "KWD")), "KWD\u{a0}0.001");
    }

    #[test]
    fn dates_are_told_where_the_program_is() {
        let at = "2026-11-21T18:51:00Z".parse().expect("an instant");
        let zone = |name: &str| name.parse::<Zone>().expect("a zone");
        let (reykjavik, tokyo) = (zone("Atlantic/Reykjavik"), zone("Asia/Tokyo"));
        assert_eq!(day(Language::Is, &reykjavik, at), "21. nóvember 2026");
        assert_eq!(day(Language::En, &Zone::utc(), at), "21 November 2026");
        assert_eq!(day(Language::En, &tokyo, at), "22 November 2026");
        assert_eq!(
            moment(Language::Is, &reykjavik, at),
            "21. nóvember 2026 kl. 18:51 að staðartíma"
        );
        assert_eq!(moment(Language::En, &tokyo, at), "22 November 2026 at 03:51 local time");
        assert_eq!(moment(Language::En, &Zone::utc(), at), "21 November 2026 at 18:51 (UTC)");
        let end = "2027-11-22T00:00:00Z".parse().expect("an instant");
        assert_eq!(last_day(Language::En, &Zone::utc(), end), "21 November 2027");
    }
}
