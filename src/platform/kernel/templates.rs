//! What every template can say, be it a letter's or a page's: texts, numbers, money and dates, in
//! the `language` and the time `zone` that its context names.

use std::{fmt, sync::Arc};

use fluent_bundle::{FluentArgs, FluentValue};
use minijinja::{Environment, Error, ErrorKind, State, Value, value::Kwargs};

use super::{
    clock::Timestamp, format, locale::Language, money::Money, phrases::Phrases, zone::Zone,
};

/// Adds to `templates`: `t("key", name=value)`, where `$program` is always known; `t_or("key",
/// other)` for keys that may be missing; `money(amount, currency)`; and the filters `number`,
/// `signed`, `day`, `local_day` (of a date), `last_day` (of an exclusive end), `moment` and `month_until(end)` (which
/// calendar month that is; nothing where it is not a whole one).
pub fn speak(templates: &mut Environment<'static>, phrases: &Arc<Phrases>) {
    let phrases = Arc::clone(phrases);
    let again = Arc::clone(&phrases);
    templates.add_function("t", move |state: &State, key: &str, named: Kwargs| {
        say(&phrases, state, key, &named)
    });
    templates.add_function(
        "t_or",
        move |state: &State, key: &str, other: String, named: Kwargs| {
            if again.has(key) { say(&again, state, key, &named) } else { Ok(other) }
        },
    );
    templates.add_function("money", |state: &State, amount: i64, currency: &str| {
        let currency = currency.parse().map_err(wrong)?;
        Ok::<_, Error>(format::round_money(language(state), Money { amount, currency }))
    });
    templates.add_filter("number", |state: &State, n: i64| format::number(language(state), n));
    templates.add_filter("signed", |state: &State, n: i64| format::signed(language(state), n));
    templates.add_filter("day", |state: &State, at: &str| when(state, at, format::day));
    templates.add_filter("local_day", |state: &State, date: &str| {
        let (zone, date) = (Zone::utc(), date.parse().map_err(wrong)?);
        Ok::<_, Error>(format::day(language(state), &zone, zone.midnight(date)))
    });
    templates.add_filter("last_day", |state: &State, at: &str| when(state, at, format::last_day));
    templates.add_filter("month_until", |state: &State, from: &str, to: &str| {
        let to: Timestamp = to.parse().map_err(wrong)?;
        when(state, from, |language, zone, from| {
            format::whole_month(language, zone, from, to).unwrap_or_default()
        })
    });
    templates.add_filter("moment", |state: &State, at: &str| when(state, at, format::moment));
}

fn say(phrases: &Phrases, state: &State, key: &str, named: &Kwargs) -> Result<String, Error> {
    let mut args = FluentArgs::new();
    if let Some(program) = state.lookup("program_name") {
        args.set("program", program.to_string());
    }
    for name in named.args() {
        let value = named.get::<Value>(name)?;
        let argument = match value.as_i64() {
            Some(number) if value.is_number() => FluentValue::from(number),
            _ => FluentValue::from(value.to_string()),
        };
        args.set(name.to_owned(), argument);
    }
    phrases.say(language(state), key, &args).map_err(wrong)
}

fn language(state: &State) -> Language {
    let tag = state.lookup("language");
    tag.as_ref().and_then(Value::as_str).and_then(Language::of_tag).unwrap_or_default()
}

fn when(
    state: &State,
    at: &str,
    write: impl Fn(Language, &Zone, Timestamp) -> String,
) -> Result<String, Error> {
    let zone = state.lookup("zone").map(|zone| zone.to_string()).unwrap_or_default();
    Ok(write(language(state), &zone.parse().map_err(wrong)?, at.parse().map_err(wrong)?))
}

/// A template's error, in our own words.
pub fn wrong(detail: impl fmt::Display) -> Error {
    Error::new(ErrorKind::InvalidOperation, detail.to_string())
}
