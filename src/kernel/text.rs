//! Text from people, parsed once at the door: one-line texts, prose, e-mail addresses, birthdays,
//! countries. What is parsed holds no control character, so nothing downstream can be tricked by
//! a CR or LF.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use unicode_normalization::UnicodeNormalization;

/// Why a text was not taken, in words for the one who sent it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadText(String);

impl BadText {
    fn new(why: impl Into<String>) -> Self {
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

macro_rules! parsed_text {
    ($name:ident $(<const $max:ident: usize>)?) => {
        impl $(<const $max: usize>)? fmt::Display for $name $(<$max>)? {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(self.as_str()) }
        }
        impl $(<const $max: usize>)? Serialize for $name $(<$max>)? {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { s.serialize_str(self.as_str()) }
        }
        impl<'de $(, const $max: usize)?> Deserialize<'de> for $name $(<$max>)? {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                String::deserialize(d)?.parse().map_err(de::Error::custom)
            }
        }
    };
}

/// One line of 1 … `MAX` characters: trimmed, NFC, no control characters.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Line<const MAX: usize>(String);

impl<const MAX: usize> Line<MAX> {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

impl<const MAX: usize> FromStr for Line<MAX> {
    type Err = BadText;
    fn from_str(text: &str) -> Result<Self, BadText> {
        clean(text, MAX, false).map(Self)
    }
}
parsed_text!(Line<const MAX: usize>);

/// Text of 1 … `MAX` characters that may have several lines (CRLF is read as LF).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Prose<const MAX: usize>(String);

impl<const MAX: usize> Prose<MAX> {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

impl<const MAX: usize> FromStr for Prose<MAX> {
    type Err = BadText;
    fn from_str(text: &str) -> Result<Self, BadText> {
        clean(&text.replace("\r\n", "\n"), MAX, true).map(Self)
    }
}
parsed_text!(Prose<const MAX: usize>);

/// A name of a person or a thing.
pub type Name = Line<100>;
/// An id that another system gave.
pub type ExternalId = Line<200>;
/// Why somebody did something.
pub type Reason = Line<500>;

/// An e-mail address: as written (trimmed, NFC), and the key by which it is unique.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Email {
    written: String,
    key: String,
}

impl Email {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// Lower case, with the domain in its IDNA form. Dots and plus-tags stay.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl FromStr for Email {
    type Err = BadText;

    fn from_str(text: &str) -> Result<Self, BadText> {
        let bad = || BadText::new("must be an e-mail address, such as anna@example.com");
        let written = clean(text, 254, false)?;
        let (local, domain) = written.rsplit_once('@').ok_or_else(bad)?;
        let well_formed = !local.is_empty()
            && local.len() <= 64
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..")
            && !local.chars().any(|c| c.is_whitespace() || "()<>[]:;,@\\\"".contains(c));
        let domain = idna::domain_to_ascii_strict(domain).map_err(|_| bad())?;
        if !well_formed || !domain.contains('.') || domain.ends_with('.') || domain.len() > 253 {
            return Err(bad());
        }
        let key = format!("{}@{domain}", local.to_lowercase());
        Ok(Self { written, key })
    }
}
parsed_text!(Email);

/// A birthday: `MM-DD`, or `YYYY-MM-DD` where the year is known.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Birthday {
    pub year: Option<i16>,
    pub month: i8,
    pub day: i8,
}

impl Birthday {
    /// Whether nobody can have been born on it yet.
    #[must_use]
    pub fn is_after(self, today: jiff::civil::Date) -> bool {
        self.year.is_some_and(|year| {
            (year, self.month, self.day) > (today.year(), today.month(), today.day())
        })
    }
}

impl FromStr for Birthday {
    type Err = BadText;

    fn from_str(text: &str) -> Result<Self, BadText> {
        let bad = || BadText::new("must be a birthday, MM-DD or YYYY-MM-DD, such as 02-29");
        let shape: String =
            text.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect();
        let date = match shape.as_str() {
            // 2000 was a leap year, so every possible day exists in it
            "99-99" => format!("2000-{text}"),
            "9999-99-99" => text.to_owned(),
            _ => return Err(bad()),
        };
        let date: jiff::civil::Date = date.parse().map_err(|_| bad())?;
        let year = (text.len() == 10).then(|| date.year());
        if year.is_some_and(|year| year < 1900) {
            return Err(BadText::new("must not be before 1900"));
        }
        Ok(Self { year, month: date.month(), day: date.day() })
    }
}

impl fmt::Display for Birthday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(year) = self.year {
            write!(f, "{year:04}-")?;
        }
        write!(f, "{:02}-{:02}", self.month, self.day)
    }
}

impl Serialize for Birthday {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Birthday {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(de::Error::custom)
    }
}

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
        if text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadText::new("must be an ISO 3166-1 country code of two capitals, such as IS"))
        }
    }
}
parsed_text!(Country);

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_e_mail_is_one_however_it_is_written() {
        let key = |text: &str| text.parse::<Email>().map(|email| email.key().to_owned());
        assert_eq!(key(" Anna@BÓKA.is ").as_deref(), Ok("anna@xn--bka-gna.is"));
        assert_eq!(
            key("a.b+c@example.com").as_deref(),
            Ok("a.b+c@example.com"),
            "dots and tags stay"
        );
        for bad in [
            "",
            "anna",
            "a@b",
            "a b@example.com",
            "a@example.com\r\nBcc: x@y.is",
            "a@@b.is",
            "<a@b.is>",
            ".a@b.is",
            "a@-b.is",
            "a@b.is.",
        ] {
            assert!(key(bad).is_err(), "{bad:?}");
        }
    }

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
    fn birthdays_may_lack_a_year_and_leap() {
        assert_eq!("02-29".parse::<Birthday>().map(|b| b.to_string()).as_deref(), Ok("02-29"));
        assert_eq!("1988-02-29".parse::<Birthday>().map(|b| b.year), Ok(Some(1988)));
        for bad in ["02-30", "1987-02-29", "2-9", "1800-01-01", "٠٢-٢٩"] {
            assert!(bad.parse::<Birthday>().is_err(), "{bad}");
        }
    }
}
