//! Text from people, parsed once at the door: one-line texts, prose, e-mail addresses, birthdays,
//! countries. What is parsed holds no control character, so nothing downstream can be tricked by
//! a CR or LF.

mod alike;
mod birthday;
mod email;
mod lines;

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use unicode_normalization::UnicodeNormalization;

use super::wire;
use crate::plain_schema;

/// Why a text was not taken, in words for the one who sent it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadText(String);

impl BadText {
    pub(super) fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }
}

/// Control characters, and the invisible ones that reorder or hide text around them.
fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn clean(text: &str, longest: usize, allow_lines: bool) -> Result<String, BadText> {
    let text: String = text.trim().nfc().collect();
    if text.is_empty() {
        return Err(BadText::new("must not be empty"));
    }
    if text.chars().count() > longest {
        return Err(BadText::new(format!("must have at most {longest} characters")));
    }
    if text.chars().any(|c| is_forbidden(c) && !(allow_lines && c == '\n')) {
        return Err(BadText::new(if allow_lines {
            "must not contain control characters other than line feeds"
        } else {
            "must be one line without control characters"
        }));
    }
    Ok(text)
}

/// A text that is shown as it is.
macro_rules! shown_as_it_is {
    ([$($generics:tt)*] $type:ty) => {
        impl<$($generics)*> fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(self.as_str()) }
        }
    };
}

/// A text that was parsed, and is shown as it is.
macro_rules! parsed_text {
    ([$($generics:tt)*] $type:ty, $name:expr, $schema:expr) => {
        shown_as_it_is! { [$($generics)*] $type }
        $crate::wire_text! { [$($generics)*] $type, $name, $schema }
    };
}
use {parsed_text, shown_as_it_is};

/// What the texts of at most `MAX` characters have in common.
macro_rules! bounded_text {
    ($type:ident) => {
        impl<const MAX: usize> $type<MAX> {
            /// One that was parsed before it was stored.
            #[must_use]
            pub const fn stored(text: String) -> Self {
                Self(text)
            }

            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            #[must_use]
            pub fn into_string(self) -> String {
                self.0
            }
        }
    };
}

/// One line of 1 … `MAX` characters: trimmed, NFC, no control characters.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Line<const MAX: usize>(String);

impl<const MAX: usize> FromStr for Line<MAX> {
    type Err = BadText;
    fn from_str(text: &str) -> Result<Self, BadText> {
        clean(text, MAX, false).map(Self)
    }
}
bounded_text! { Line }
parsed_text! { [const MAX: usize] Line<MAX>, format!("Line{MAX}"), wire::text_of(1, MAX) }

/// Text of 1 … `MAX` characters that may have several lines (CRLF is read as LF).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Prose<const MAX: usize>(String);

impl<const MAX: usize> FromStr for Prose<MAX> {
    type Err = BadText;
    fn from_str(text: &str) -> Result<Self, BadText> {
        clean(&text.replace("\r\n", "\n"), MAX, true).map(Self)
    }
}
bounded_text! { Prose }
parsed_text! { [const MAX: usize] Prose<MAX>, format!("Prose{MAX}"), wire::text_of(1, MAX) }

/// Text of 0 … `MAX` characters that may have several lines; null is read as none.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Remark<const MAX: usize>(String);

impl<const MAX: usize> FromStr for Remark<MAX> {
    type Err = BadText;
    fn from_str(text: &str) -> Result<Self, BadText> {
        if text.trim().is_empty() {
            Ok(Self::default())
        } else {
            text.parse().map(|Prose::<MAX>(text)| Self(text))
        }
    }
}

bounded_text! { Remark }
shown_as_it_is! { [const MAX: usize] Remark<MAX> }

impl<const MAX: usize> Serialize for Remark<MAX> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.0)
    }
}

impl<'de, const MAX: usize> Deserialize<'de> for Remark<MAX> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = Option::<String>::deserialize(from)?.unwrap_or_default();
        text.parse().map_err(de::Error::custom)
    }
}

plain_schema! { [const MAX: usize] Remark<MAX>, format!("Remark{MAX}"), wire::text_of(0, MAX) }

pub use self::{
    alike::alike,
    birthday::Birthday,
    email::Email,
    lines::{Utf16, lines},
};

/// A name of a person or a thing.
pub type Name = Line<100>;
/// An id that another system gave.
pub type ExternalId = Line<200>;
/// Why somebody did something.
pub type Reason = Line<500>;

/// A country by its ISO 3166-1 alpha-2 code, such as `IS`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Country(String);

impl Country {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Country {
    type Err = BadText;
    fn from_str(text: &str) -> Result<Self, BadText> {
        // Kosovo has none yet; everybody writes it so
        if text == "XK" || rust_iso3166::from_alpha2(text).is_some() {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadText::new("must be an ISO 3166-1 country code of two capitals, such as IS"))
        }
    }
}
parsed_text! { [] Country, "Country", wire::pattern("^[A-Z]{2}$", "IS") }

/// A password: 8 … 200 characters, any of them. Never shown: it has no `Debug` to speak of.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

impl FromStr for Password {
    type Err = BadText;
    fn from_str(text: &str) -> Result<Self, BadText> {
        let text: String = text.nfc().collect();
        if (8..=200).contains(&text.chars().count()) {
            Ok(Self(text))
        } else {
            Err(BadText::new("must have 8 to 200 characters"))
        }
    }
}

impl<'de> Deserialize<'de> for Password {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(de::Error::custom)
    }
}

plain_schema! { [] Password, "Password", wire::text_of(8, 200) }

/// Given and family name as one, as they stand in a letter's `To`.
#[must_use]
pub fn full_name(given: &str, family: Option<&str>) -> String {
    family.map_or_else(|| given.to_owned(), |family| format!("{given} {family}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_trimmed_and_has_no_control_characters() {
        assert_eq!("  Þórdís ".parse::<Name>().map(Name::into_string).as_deref(), Ok("Þórdís"));
        for bad in ["", "  ", "a\r\nb", "a\u{0}b", "a\u{202e}b"] {
            assert!(bad.parse::<Name>().is_err(), "{bad:?}");
        }
        assert!("é".repeat(100).parse::<Name>().is_ok());
        assert!("é".repeat(101).parse::<Name>().is_err());
    }

    #[test]
    fn a_country_is_one_that_there_is() {
        for country in ["IS", "DE", "BQ", "SS", "XK"] {
            assert_eq!(country.parse::<Country>().map(|it| it.to_string()).as_deref(), Ok(country));
        }
        for bad in ["", "is", "ISL", "XX", "ZZ", "EU", "UK", "AA", "QO", "ÍS"] {
            assert!(bad.parse::<Country>().is_err(), "{bad}");
        }
    }
}
