//! What Vildar says: Fluent messages in every language. Each room has a pair of files of its own.

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use intl_memoizer::concurrent::IntlLangMemoizer;

use super::{format, locale::Language};

/// The messages of a room in every language; a room keeps them in a `LazyLock`.
pub struct Phrases {
    english: FluentBundle<FluentResource>,
    icelandic: FluentBundle<FluentResource>,
}

/// Why there is nothing to say: a fault of ours, the same on every try.
#[derive(Debug, thiserror::Error)]
#[error("message {key} in {}: {why}", .language.tag())]
pub struct NoPhrase {
    key: String,
    language: Language,
    why: String,
}

/// What is wrong in a Fluent text, and at which byte.
#[derive(Debug)]
pub struct BadFluent {
    pub at: usize,
    pub why: String,
}

impl NoPhrase {
    /// The message that was asked for, and in which language.
    #[must_use]
    pub fn asked(&self) -> (&str, Language) {
        (&self.key, self.language)
    }
}

impl Phrases {
    /// Reads the embedded texts of a room.
    ///
    /// # Panics
    /// Where one is no valid Fluent, or names a message twice.
    #[must_use]
    pub fn new(english: &str, icelandic: &str) -> Self {
        Self {
            english: bundle(Language::En, english, |value, _| numeral(Language::En, value)),
            icelandic: bundle(Language::Is, icelandic, |value, _| numeral(Language::Is, value)),
        }
    }

    /// The same, where a shop's own messages stand in for some of ours.
    ///
    /// # Errors
    /// Where those are no valid Fluent: which language, and where in its text.
    pub fn overridden(
        [english, icelandic]: [&str; 2],
        own: [&str; 2],
    ) -> Result<Self, (Language, BadFluent)> {
        let mut all = Self::new(english, icelandic);
        for (language, own) in Language::ALL.into_iter().zip(own) {
            let resource = FluentResource::try_new(own.to_owned()).map_err(|(_, errors)| {
                let first = errors.first();
                let at = first.map_or(0, |error| error.pos.start);
                let why = first.map_or_else(String::new, ToString::to_string);
                (language, BadFluent { at, why })
            })?;
            match language {
                Language::En => all.english.add_resource_overriding(resource),
                Language::Is => all.icelandic.add_resource_overriding(resource),
            }
        }
        Ok(all)
    }

    /// The message `key`, with `args` filled in.
    ///
    /// # Errors
    /// Where there is no such message, or it wants an argument that is not there.
    pub fn say(
        &self,
        language: Language,
        key: &str,
        args: &FluentArgs<'_>,
    ) -> Result<String, NoPhrase> {
        let no = |why: String| NoPhrase { key: key.to_owned(), language, why };
        let messages = match language {
            Language::En => &self.english,
            Language::Is => &self.icelandic,
        };
        let pattern = messages.get_message(key).and_then(|message| message.value());
        let pattern = pattern.ok_or_else(|| no("there is none".to_owned()))?;
        let mut errors = Vec::new();
        let text = messages.format_pattern(pattern, Some(args), &mut errors).into_owned();
        errors.first().map_or(Ok(text), |error| Err(no(error.to_string())))
    }

    /// Whether there is a message `key`.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.english.has_message(key)
    }
}

#[expect(clippy::expect_used, reason = "what is embedded is the same on every run: a test sees it")]
fn bundle(
    language: Language,
    source: &str,
    numeral: fn(&FluentValue<'_>, &IntlLangMemoizer) -> Option<String>,
) -> FluentBundle<FluentResource> {
    let tag = language.tag().parse().expect("our tags are BCP 47");
    let mut messages = FluentBundle::new_concurrent(vec![tag]);
    // isolation marks show as boxes in some mail programs, and clutter what is copied
    messages.set_use_isolating(false);
    messages.set_formatter(Some(numeral));
    let resource = FluentResource::try_new(source.to_owned()).expect("our Fluent file parses");
    messages.add_resource(resource).expect("each message is there once");
    messages
}

/// How Fluent writes a number that stands in a message.
fn numeral(language: Language, value: &FluentValue<'_>) -> Option<String> {
    match value {
        // Fluent keeps numbers as floats: exact up to 2^53, a million times the most points
        #[expect(clippy::cast_possible_truncation, reason = "only whole numbers are handed in")]
        FluentValue::Number(n) => Some(format::number(language, n.value as i64)),
        _ => None,
    }
}

/// The keys of a Fluent file, to compare languages by, and what a shop overrides.
#[must_use]
pub fn keys(source: &str) -> std::collections::BTreeSet<&str> {
    defined(source).map(|(_, name)| name).filter(|name| !name.starts_with('-')).collect()
}

/// What a Fluent file defines, with the line: messages, and terms, which begin with `-`.
pub fn defined(source: &str) -> impl Iterator<Item = (usize, &str)> {
    source.lines().zip(1..).filter_map(|(line, number)| {
        let (name, _) = line.split_once('=')?;
        let name = name.trim_end_matches(' ');
        let mut letters = name.strip_prefix('-').unwrap_or(name).chars();
        let is_name = letters.next().is_some_and(|first| first.is_ascii_alphabetic())
            && letters.all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
        is_name.then_some((number, name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(language: Language, n: i64) -> String {
        let phrases = Phrases::new(
            include_str!("../../../templates/locales/letters.en.ftl"),
            include_str!("../../../templates/locales/letters.is.ftl"),
        );
        let mut args = FluentArgs::new();
        args.set("n", n);
        phrases.say(language, "points", &args).expect("the message")
    }

    #[test]
    fn points_are_counted_as_people_count() {
        assert_eq!(
            [1, 2, 5, 11, 21, 101, 111, 1011, 1201, 1_000_000].map(|n| points(Language::Is, n)),
            [
                "1 punktur",
                "2 punktar",
                "5 punktar",
                "11 punktar",
                "21 punktur",
                "101 punktur",
                "111 punktar",
                "1.011 punktar",
                "1.201 punktur",
                "1.000.000 punktar",
            ]
        );
        assert_eq!(
            [0, 1, 21, 1234].map(|n| points(Language::En, n)),
            ["0 points", "1 point", "21 points", "1,234 points"]
        );
    }

    /// Icelandic inflects names, and ours can't: the shop's stands alone, before a colon or behind
    /// one, and a thing has one word everywhere.
    #[test]
    fn icelandic_never_has_to_inflect_a_name() {
        for source in [
            include_str!("../../../templates/locales/console.is.ftl"),
            include_str!("../../../templates/locales/letters.is.ftl"),
            include_str!("../../../templates/locales/occasions.is.ftl"),
            include_str!("../../../templates/locales/pages.is.ftl"),
            include_str!("../../../templates/locales/referrals.is.ftl"),
        ] {
            for line in source.lines().filter(|line| !line.starts_with('#')) {
                if let Some((before, after)) = line.split_once("{ $program }") {
                    let alone = before.ends_with(" = ") && after.starts_with(": ");
                    assert!(alone || before.ends_with(": "), "{line}");
                }
                let words = line.split_once(" = ").map_or(line, |(_, words)| words).to_lowercase();
                for (word, better) in [
                    ("tengil", "hlekkur"),
                    ("tengli", "hlekkur"),
                    ("leystir út", "innleysa"),
                    ("leysa út", "innleysa"),
                    ("vildargj", "umbun"),
                    ("vinsamleg", "nothing"),
                ] {
                    assert!(!words.contains(word), "{better} and not {word}: {line}");
                }
            }
        }
    }

    #[test]
    fn what_a_file_defines_is_found_however_it_is_written() {
        let source = "a = x\nb=y\nc   = z\n    d = no\n# e = no\n-f = term\n.g = no\nä = no\n";
        assert_eq!(keys(source).into_iter().collect::<Vec<_>>(), ["a", "b", "c"]);
        assert_eq!(defined(source).last(), Some((6, "-f")));
    }

    #[test]
    fn a_missing_key_or_argument_is_no_text() {
        let phrases = Phrases::new("a = { $n }", "a = { $n }");
        assert!(phrases.say(Language::En, "a", &FluentArgs::new()).is_err());
        assert!(phrases.say(Language::Is, "b", &FluentArgs::new()).is_err());
    }
}
