//! Pages as html: one typed context and one `render_*` for each template in `templates/pages`.
//!
//! All is embedded and parsed by [`Pages::load`]; html is escaped, and a name that a template
//! asks for and its context lacks is an error, never an empty place on a page.

mod art;
mod cards;
mod context;
mod sample_cards;
mod samples;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use fluent_bundle::FluentArgs;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use minijinja::value::Kwargs;
use minijinja::{Environment, Error, ErrorKind, State, UndefinedBehavior, Value};
use serde::Serialize;

pub use cards::{
    BalanceCard, Customer, EntryLine, ExpiringLine, Header, LetterLine, Offer, Program, Reason,
    RedemptionCard, ReferralCard, RewardCard, VoucherCard,
};
pub use context::{
    ErrorPage, LetterPage, MailboxPage, MemberHome, Notice, PointsPage, Shell, ShopPage, SignedIn,
    UnsubscribePage, VoucherPage,
};

use super::assets;
use super::lang::Lang;
use super::words::{Words, argument};

const TEMPLATES: [(&str, &str); 13] = [
    ("layout.html", include_str!("../../templates/pages/layout.html")),
    ("shop.html", include_str!("../../templates/pages/shop.html")),
    ("reward.html", include_str!("../../templates/pages/reward.html")),
    ("balance.html", include_str!("../../templates/pages/balance.html")),
    ("entry.html", include_str!("../../templates/pages/entry.html")),
    ("scene.svg", include_str!("../../templates/pages/scene.svg")),
    ("bird.svg", include_str!("../../templates/pages/bird.svg")),
    ("voucher.html", include_str!("../../templates/pages/voucher.html")),
    ("points.html", include_str!("../../templates/pages/points.html")),
    ("mailbox.html", include_str!("../../templates/pages/mailbox.html")),
    ("letter.html", include_str!("../../templates/pages/letter.html")),
    ("unsubscribe.html", include_str!("../../templates/pages/unsubscribe.html")),
    ("error.html", include_str!("../../templates/pages/error.html")),
];

/// The pages, parsed and ready; cheap to share behind an `Arc`.
pub struct Pages {
    env: Environment<'static>,
}

impl Pages {
    /// Parses the embedded templates and texts; never reads the disk.
    ///
    /// # Panics
    /// If an embedded template does not parse, which the tests of this module would show.
    #[must_use]
    pub fn load() -> Self {
        let mut env = Environment::new();
        env.set_undefined_behavior(UndefinedBehavior::Strict);
        for (name, source) in TEMPLATES.into_iter().chain(art::DRAWINGS) {
            env.add_template(name, source).expect("an embedded template parses");
        }
        let words = Arc::new(Words::load());
        let fallback = Arc::clone(&words);
        env.add_function("t", move |state: &State, key: &str, args: Kwargs| {
            say(&words, state, key, &args)?.ok_or_else(|| invalid(format!("no text for {key}")))
        });
        env.add_function("t_or", move |state: &State, key: &str, other: String, args: Kwargs| {
            Ok::<_, Error>(say(&fallback, state, key, &args)?.unwrap_or(other))
        });
        env.add_function("asset", |path: &str| {
            assets::address(path).ok_or_else(|| invalid(format!("no asset {path}")))
        });
        env.add_function("drawing", |kind: &str, name: &str| art::choose(kind, name));
        env.add_function("money", |state: &State, amount: i64, currency: &str| {
            lang(state).money(amount, currency)
        });
        env.add_filter("number", |state: &State, number: i64| lang(state).number(number));
        env.add_filter("signed", |state: &State, number: i64| signed(lang(state), number));
        env.add_filter("date", |state: &State, at: &str| {
            Ok::<_, Error>(lang(state).date(instant(at)?, &zone(state)))
        });
        // An expiry is exclusive, 00:00 of the next day: people are told the last good day.
        env.add_filter("last_day", |state: &State, at: &str| {
            let last = instant(at)?
                .saturating_sub(SignedDuration::from_micros(1))
                .map_err(|error| invalid(error.to_string()))?;
            Ok::<_, Error>(lang(state).date(last, &zone(state)))
        });
        env.add_filter("moment", |state: &State, at: &str| {
            Ok::<_, Error>(lang(state).moment(instant(at)?, &zone(state)))
        });
        env.add_filter("urlpath", |text: &str| segment(text));
        env.add_filter("groups", |code: &str| groups(code));
        env.add_filter("drawn", |svg: &str| drawn(svg));
        Self { env }
    }

    /// The storefront's home, signed in or not.
    ///
    /// # Errors
    /// A template asked for something that its context does not have, as for every `render_*`.
    pub fn render_shop(&self, page: &ShopPage) -> Result<String, Error> {
        self.render("shop.html", page)
    }

    /// A redemption: right after redeeming, and whenever the member comes back to it.
    ///
    /// # Errors
    /// See [`Pages::render_shop`].
    pub fn render_voucher(&self, page: &VoucherPage) -> Result<String, Error> {
        self.render("voucher.html", page)
    }

    /// A page of the member's entries, newest first.
    ///
    /// # Errors
    /// See [`Pages::render_shop`].
    pub fn render_points(&self, page: &PointsPage) -> Result<String, Error> {
        self.render("points.html", page)
    }

    /// The demo's mailbox.
    ///
    /// # Errors
    /// See [`Pages::render_shop`].
    pub fn render_mailbox(&self, page: &MailboxPage) -> Result<String, Error> {
        self.render("mailbox.html", page)
    }

    /// One letter of the demo's mailbox.
    ///
    /// # Errors
    /// See [`Pages::render_shop`].
    pub fn render_letter(&self, page: &LetterPage) -> Result<String, Error> {
        self.render("letter.html", page)
    }

    /// What an unsubscribe link will switch off, or that it did.
    ///
    /// # Errors
    /// See [`Pages::render_shop`].
    pub fn render_unsubscribe(&self, page: &UnsubscribePage) -> Result<String, Error> {
        self.render("unsubscribe.html", page)
    }

    /// A problem, told politely.
    ///
    /// # Errors
    /// See [`Pages::render_shop`].
    pub fn render_error(&self, page: &ErrorPage) -> Result<String, Error> {
        self.render("error.html", page)
    }

    fn render(&self, template: &str, page: &impl Serialize) -> Result<String, Error> {
        let json = serde_json::to_value(page).map_err(|error| invalid(error.to_string()))?;
        self.env.get_template(template)?.render(plain(json))
    }
}

/// A context as the template engine's value; by way of JSON, since its own serde support is off.
fn plain(json: serde_json::Value) -> Value {
    use serde_json::Value as Json;
    match json {
        Json::Null => Value::from(()),
        Json::Bool(yes) => Value::from(yes),
        Json::Number(number) => {
            number.as_i64().map_or_else(|| Value::from(number.as_f64()), Value::from)
        }
        Json::String(text) => Value::from(text),
        Json::Array(items) => items.into_iter().map(plain).collect(),
        Json::Object(fields) => {
            let named = fields.into_iter().map(|(name, value)| (name, plain(value)));
            Value::from(named.collect::<BTreeMap<String, Value>>())
        }
    }
}

fn say(words: &Words, state: &State, key: &str, named: &Kwargs) -> Result<Option<String>, Error> {
    let mut args = FluentArgs::new();
    for name in named.args() {
        args.set(name.to_owned(), argument(&named.get::<Value>(name)?));
    }
    Ok(words.say(lang(state), key, &args))
}

fn lang(state: &State) -> Lang {
    let lang = state.lookup("lang");
    Lang::of(lang.as_ref().and_then(Value::as_str).unwrap_or_default())
}

/// The program's time zone; one that is unknown falls back to UTC rather than to no page at all.
fn zone(state: &State) -> TimeZone {
    let name = state.lookup("time_zone");
    TimeZone::get(name.as_ref().and_then(Value::as_str).unwrap_or("UTC")).unwrap_or(TimeZone::UTC)
}

fn instant(text: &str) -> Result<Timestamp, Error> {
    text.parse().map_err(|_| invalid(format!("{text} is no instant")))
}

/// A number that says its direction, with a real minus sign.
fn signed(lang: Lang, number: i64) -> String {
    let sign = if number < 0 { "−" } else { "+" };
    let figure = lang.number(number);
    format!("{sign}{}", figure.trim_start_matches(['-', '−']))
}

/// A code in groups of four to read out; spaces are for the eye only and are not copied.
fn groups(code: &str) -> Vec<String> {
    let letters: Vec<char> = code.chars().collect();
    let size = if code.contains('-') { letters.len().max(1) } else { 4 };
    letters.chunks(size).map(|group| group.iter().collect()).collect()
}

/// One segment of a path or one value of a query, percent-encoded.
fn segment(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
    text.bytes()
        .map(
            |byte| {
                if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }
            },
        )
        .collect()
}

/// Our own QR code as inline markup, without the XML declaration that html has no place for.
fn drawn(svg: &str) -> Result<Value, Error> {
    let from = svg.find("<svg").ok_or_else(|| invalid("the QR code is no SVG".to_owned()))?;
    Ok(Value::from_safe_string(svg[from..].to_owned()))
}

fn invalid(detail: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, detail)
}
