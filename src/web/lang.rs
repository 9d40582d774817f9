//! The languages of the pages, and numbers, dates and money as each of them writes these.

use icu::calendar::Date;
use icu::datetime::DateTimeFormatter;
use icu::datetime::fieldsets::YMD;
use icu::decimal::DecimalFormatter;
use icu::decimal::input::Decimal;
use icu::decimal::options::DecimalFormatterOptions;
use icu::locale::{Locale, locale};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

/// A language that the pages are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Lang {
    /// English, as it is written in Europe: `21 November 2026`, `1,250`.
    #[default]
    En,
    /// Icelandic: `21. nóvember 2026`, `1.250`.
    Is,
}

impl Lang {
    /// The language for a member's locale (`is`, `is-IS`); English for all that we do not speak.
    #[must_use]
    pub fn of(locale: &str) -> Self {
        let language = locale.split(['-', '_']).next().unwrap_or_default();
        if language.eq_ignore_ascii_case("is") { Self::Is } else { Self::En }
    }

    fn locale(self) -> Locale {
        match self {
            Self::En => locale!("en-GB"),
            Self::Is => locale!("is"),
        }
    }

    /// A whole number with this language's grouping.
    #[must_use]
    pub fn number(self, number: i64) -> String {
        self.decimal(&Decimal::from(number))
    }

    /// An amount in minor units; a whole amount is written without decimals.
    #[must_use]
    pub fn money(self, amount: i64, currency: &str) -> String {
        let exponent = if matches!(currency, "ISK" | "JPY" | "KRW") { 0 } else { 2 };
        let mut decimal = Decimal::from(amount);
        decimal.multiply_pow10(-exponent);
        if amount % 10_i64.pow(exponent.unsigned_abs().into()) == 0 {
            decimal.trim_end();
        }
        let figure = self.decimal(&decimal);
        let sign = match currency {
            "EUR" => "€",
            "USD" => "$",
            "GBP" => "£",
            "ISK" if self == Self::Is => "kr.",
            code => code,
        };
        // A no-break space, so that a figure never parts from its currency.
        match self {
            Self::Is => format!("{figure}\u{a0}{sign}"),
            Self::En if sign.len() == 3 && sign.is_ascii() => format!("{sign}\u{a0}{figure}"),
            Self::En => format!("{sign}{figure}"),
        }
    }

    /// The local date of an instant, spelled out.
    #[must_use]
    pub fn date(self, at: Timestamp, zone: &TimeZone) -> String {
        let local = at.to_zoned(zone.clone()).date();
        DateTimeFormatter::try_new(self.locale().into(), YMD::long())
            .ok()
            .zip(
                Date::try_new_iso(
                    local.year().into(),
                    unsigned(local.month()),
                    unsigned(local.day()),
                )
                .ok(),
            )
            .map_or_else(|| local.to_string(), |(format, date)| format.format(&date).to_string())
    }

    /// The local date and time of an instant, to the minute.
    #[must_use]
    pub fn moment(self, at: Timestamp, zone: &TimeZone) -> String {
        let time = at.to_zoned(zone.clone()).time();
        format!("{}, {:02}:{:02}", self.date(at, zone), time.hour(), time.minute())
    }

    fn decimal(self, decimal: &Decimal) -> String {
        DecimalFormatter::try_new(self.locale().into(), DecimalFormatterOptions::default())
            .map_or_else(|_| decimal.to_string(), |format| format.format(decimal).to_string())
    }
}

/// A calendar field is never negative; were it so, the date would be refused a line later.
fn unsigned(field: i8) -> u8 {
    u8::try_from(field).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_writes_its_own_way() {
        let at: Timestamp = "2026-11-21T18:51:00Z".parse().unwrap();
        assert_eq!(Lang::En.number(1_234_567), "1,234,567");
        assert_eq!(Lang::Is.number(-1_250), "-1.250");
        assert_eq!(Lang::En.date(at, &TimeZone::UTC), "21 November 2026");
        assert_eq!(Lang::Is.moment(at, &TimeZone::UTC), "21. nóvember 2026, 18:51");
        assert_eq!(Lang::En.money(1999, "EUR"), "€19.99");
        assert_eq!(Lang::En.money(100, "EUR"), "€1");
        assert_eq!(Lang::Is.money(100_000, "ISK"), "100.000\u{a0}kr.");
        assert_eq!(Lang::En.money(100, "ISK"), "ISK\u{a0}100");
        assert_eq!(Lang::Is.money(1950, "EUR"), "19,50\u{a0}€");
        assert_eq!(
            [Lang::of("is-IS"), Lang::of("IS"), Lang::of("de")],
            [Lang::Is, Lang::Is, Lang::En]
        );
    }
}
