//! The words of a language: Fluent's messages, and ICU's numbers and dates.

use std::sync::LazyLock;

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use icu::{
    calendar::Date,
    datetime::{
        DateTimeFormatter,
        fieldsets::{YMD, YMDT},
        input::{DateTime, Time},
    },
    decimal::{DecimalFormatter, input::Decimal, options::DecimalFormatterOptions},
    locale::{Locale, locale},
};
use intl_memoizer::concurrent::IntlLangMemoizer;

use super::RenderError;
use crate::kernel::{clock::Timestamp, locale::Language, zone::Zone};

/// The messages of one language, and how it writes numbers and dates.
struct Words {
    messages: FluentBundle<FluentResource>,
    numbers: DecimalFormatter,
    days: DateTimeFormatter<YMD>,
    moments: DateTimeFormatter<YMDT>,
}

static ENGLISH: LazyLock<Words> = LazyLock::new(|| {
    let source = include_str!("../../../templates/locales/letters.en.ftl");
    // English as most of the world writes it: 21 November 2026 at 18:51
    Words::new(Language::En, &locale!("en-GB"), source, |value, _| numeral(Language::En, value))
});

static ICELANDIC: LazyLock<Words> = LazyLock::new(|| {
    let source = include_str!("../../../templates/locales/letters.is.ftl");
    Words::new(Language::Is, &locale!("is"), source, |value, _| numeral(Language::Is, value))
});

fn words(language: Language) -> &'static Words {
    match language {
        Language::En => &ENGLISH,
        Language::Is => &ICELANDIC,
    }
}

impl Words {
    #[expect(
        clippy::expect_used,
        reason = "what is embedded is the same on every run: a test sees it"
    )]
    fn new(
        language: Language,
        locale: &Locale,
        source: &str,
        numeral: fn(&FluentValue<'_>, &IntlLangMemoizer) -> Option<String>,
    ) -> Self {
        let tag = language.tag().parse().expect("our tags are BCP 47");
        let mut messages = FluentBundle::new_concurrent(vec![tag]);
        // isolation marks show as boxes in some mail programs, and our names are one line each
        messages.set_use_isolating(false);
        messages.set_formatter(Some(numeral));
        let resource = FluentResource::try_new(source.to_owned()).expect("our Fluent file parses");
        messages.add_resource(resource).expect("each message is there once");
        Self {
            messages,
            numbers: DecimalFormatter::try_new(locale.into(), DecimalFormatterOptions::default())
                .expect("compiled in"),
            days: DateTimeFormatter::try_new(locale.into(), YMD::long()).expect("compiled in"),
            moments: DateTimeFormatter::try_new(locale.into(), YMD::long().with_time_hm())
                .expect("compiled in"),
        }
    }
}

/// How Fluent writes a number that stands in a message.
fn numeral(language: Language, value: &FluentValue<'_>) -> Option<String> {
    match value {
        // Fluent keeps numbers as floats: exact up to 2^53, a million times the most points
        #[expect(clippy::cast_possible_truncation, reason = "only whole numbers are handed in")]
        FluentValue::Number(n) => Some(number(language, n.value as i64)),
        _ => None,
    }
}

/// The message `key`, with `args` filled in.
///
/// # Errors
/// Where there is no such message, or it wants an argument that is not there.
pub fn say(language: Language, key: &str, args: &FluentArgs<'_>) -> Result<String, RenderError> {
    let messages = &words(language).messages;
    let pattern = messages
        .get_message(key)
        .and_then(|message| message.value())
        .ok_or_else(|| RenderError::Words(format!("no message {key} in {}", language.tag())))?;
    let mut errors = Vec::new();
    let text = messages.format_pattern(pattern, Some(args), &mut errors).into_owned();
    match errors.first() {
        None => Ok(text),
        Some(error) => Err(RenderError::Words(format!("message {key}: {error}"))),
    }
}

/// A whole number with its thousands marked: `1,234`, `1.234`.
#[must_use]
pub fn number(language: Language, n: i64) -> String {
    words(language).numbers.format_to_string(&Decimal::from(n))
}

/// The date of `at` in `zone`, with the month in words.
///
/// # Errors
/// Past the years that ICU's calendar takes.
pub fn day(language: Language, zone: &Zone, at: Timestamp) -> Result<String, RenderError> {
    Ok(words(language).days.format(&local(zone, at)?.date).to_string())
}

/// The date and the time of day of `at` in `zone`, with the zone's short name.
///
/// # Errors
/// Past the years that ICU's calendar takes.
pub fn moment(language: Language, zone: &Zone, at: Timestamp) -> Result<String, RenderError> {
    let zoned = at.jiff().in_tz(zone.name()).map_err(RenderError::date)?;
    let text = words(language).moments.format(&local(zone, at)?);
    Ok(format!("{text} ({})", zoned.strftime("%Z")))
}

fn local(zone: &Zone, at: Timestamp) -> Result<DateTime<icu::calendar::Iso>, RenderError> {
    let local = at.jiff().in_tz(zone.name()).map_err(RenderError::date)?.datetime();
    let part = |number: i8| u8::try_from(number).map_err(RenderError::date);
    let date = Date::try_new_iso(local.year().into(), part(local.month())?, part(local.day())?)
        .map_err(RenderError::date)?;
    let time = Time::try_new(part(local.hour())?, part(local.minute())?, 0, 0)
        .map_err(RenderError::date)?;
    Ok(DateTime { date, time })
}
