//! Locales of people, and the languages that Vildar speaks.

use std::{fmt, str::FromStr};

use serde::Serialize;
use unic_langid::LanguageIdentifier;

use super::wire;
use crate::wire_text;

/// A language that letters and pages are written in.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    #[default]
    En,
    Is,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::En, Self::Is];

    /// The BCP 47 tag.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Is => "is",
        }
    }

    /// The language with this tag.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }
}

/// A person's locale, a BCP 47 tag such as `is` or `en-GB`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Locale(LanguageIdentifier);

impl Locale {
    /// The language that letters to this person are written in: English where we don't have theirs.
    #[must_use]
    pub fn language(&self) -> Language {
        self.spoken().unwrap_or_default()
    }

    /// The tag of its language alone, such as `en` of `en-GB`.
    #[must_use]
    pub fn language_tag(&self) -> &str {
        self.0.language.as_str()
    }

    /// Whether both are of one language, whatever the country.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        self.0.language == other.0.language
    }

    /// This person's language, where we have it.
    #[must_use]
    pub fn spoken(&self) -> Option<Language> {
        Language::of_tag(self.0.language.as_str())
    }
}

/// Whoever reads a text that there may be in several languages.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reader {
    /// Their languages, most wanted first.
    pub wanted: Vec<Locale>,
    /// The program's, in which there is everything.
    pub program: Locale,
}

/// What an `Accept-Language` asks for (RFC 9110, 12.5.4), most wanted first.
#[must_use]
pub fn asked_for(header: &str) -> Vec<Locale> {
    let wish = |text: &str| {
        let (tag, weight) = text.split_once(';').unwrap_or((text, "q=1"));
        let weight: f32 = weight.trim().strip_prefix("q=")?.trim().parse().ok()?;
        Some((weight, tag.trim().parse::<Locale>().ok()?)).filter(|_| weight > 0.0)
    };
    let mut wishes: Vec<(f32, Locale)> = header.split(',').filter_map(wish).collect();
    wishes.sort_by(|a, b| b.0.total_cmp(&a.0));
    wishes.into_iter().map(|(_, locale)| locale).collect()
}

impl From<Language> for Locale {
    fn from(language: Language) -> Self {
        Self(LanguageIdentifier::from_bytes(language.tag().as_bytes()).unwrap_or_default())
    }
}

/// Why a text is no locale.
#[derive(Debug, thiserror::Error)]
#[error("is not a BCP 47 language tag, such as is or en-GB")]
pub struct NotALocale;

impl FromStr for Locale {
    type Err = NotALocale;

    fn from_str(text: &str) -> Result<Self, NotALocale> {
        let locale: LanguageIdentifier = text.parse().map_err(|_| NotALocale)?;
        if locale.language.is_empty() || text.len() > 35 {
            Err(NotALocale)
        } else {
            Ok(Self(locale))
        }
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

wire_text! { [] Locale, "Locale", wire::text_of(2, 35).examples(["is"]) }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_locale_gets_a_language() {
        let language = |text: &str| text.parse::<Locale>().map(|locale| locale.language()).ok();
        assert_eq!(language("is-IS"), Some(Language::Is));
        assert_eq!(language("IS"), Some(Language::Is));
        assert_eq!(language("de"), Some(Language::En));
        assert_eq!(language("íslenska"), None);
    }
}
