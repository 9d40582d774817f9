//! The words by which a topic is suggested, and where they occur.

use std::{borrow::Cow, collections::BTreeMap, fmt, str::FromStr};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{self, MapAccess, SeqAccess, Visitor},
};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ArrayBuilder, ObjectBuilder, RefOr, Schema},
};

use platform::{
    kernel::{
        locale::Locale,
        text::Line,
        wire::{self, PLAIN},
    },
    wire_text,
};

/// In how many languages a topic has words, and how many in each.
const MOST_LANGUAGES: usize = 20;
const MOST_WORDS: usize = 50;
const LONGEST: usize = 60;

/// A word, or a few in a row, that suggest a topic: `queue`, `too long`. With `*` at its end any word
/// that begins so will do: `biðr*` finds `biðröðina`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Word(String);

impl FromStr for Word {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let line: Line<LONGEST> = text.parse().map_err(|why| format!("{why}"))?;
        let text = line.into_string();
        let stem = text.strip_suffix('*').unwrap_or(&text);
        if stem.contains('*') {
            return Err("may have a * at its end alone".to_owned());
        }
        if !stem.ends_with(char::is_alphanumeric) && stem.len() < text.len() {
            return Err("must have a letter or a digit before its *".to_owned());
        }
        if folded(stem).is_empty() {
            return Err("must have a letter or a digit".to_owned());
        }
        Ok(Self(text))
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

wire_text! { [] Word, "TopicWord", wire::text_of(1, LONGEST) }

impl Word {
    /// Whether it occurs in a text, whole.
    fn occurs_in(&self, text: &Said) -> bool {
        let (stem, begins) = match self.0.strip_suffix('*') {
            Some(stem) => (stem, true),
            None => (&*self.0, false),
        };
        let wanted = folded(stem);
        let Some((last, before)) = wanted.split_last() else { return false };
        text.0.windows(wanted.len()).any(|words| {
            let Some((end, rest)) = words.split_last() else { return false };
            rest == before && (end == last || begins && end.starts_with(last.as_str()))
        })
    }
}

/// What somebody said, ready to be searched.
pub struct Said(Vec<String>);

impl Said {
    pub fn new(text: &str) -> Self {
        Self(folded(text))
    }
}

/// The words of a text, without regard to case and accents: what is neither a letter nor a digit parts
/// them. `ð`, `þ` and `æ` are letters of their own.
fn folded(text: &str) -> Vec<String> {
    let plain: String = text.nfkd().filter(|c| !is_combining_mark(*c)).collect();
    let words = plain.split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty()).map(str::to_lowercase);
    // lower case may bring marks of its own
    words.map(|word| word.nfkd().filter(|c| !is_combining_mark(*c)).collect()).collect()
}

/// Words by language; stored as they are sent.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(transparent)]
pub struct TopicWords(BTreeMap<String, Vec<Word>>);

impl TopicWords {
    /// Whether one of them occurs in what somebody of this language said: one of those in that
    /// language, or, where there are none in it, of all.
    #[must_use]
    pub fn occur_in(&self, text: &Said, locale: &Locale) -> bool {
        let alike = |tag: &str| tag.parse().is_ok_and(|other: Locale| other.is_like(locale));
        let own = self.0.iter().filter(|(tag, words)| alike(tag) && !words.is_empty());
        let occurs = |words: &Vec<Word>| words.iter().any(|word| word.occurs_in(text));
        let mut own = own.map(|(_, words)| words).peekable();
        match own.peek() {
            Some(_) => own.any(occurs),
            None => self.0.values().any(occurs),
        }
    }

    /// The tags of its languages.
    pub fn tags(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Those of a language, as they were written.
    #[must_use]
    pub fn of(&self, tag: &str) -> &[Word] {
        self.0.get(tag).map(Vec::as_slice).unwrap_or_default()
    }
}

impl<'de> Deserialize<'de> for TopicWords {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(ByLanguage)
    }
}

struct ByLanguage;

impl<'de> Visitor<'de> for ByLanguage {
    type Value = TopicWords;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of lists of words by their languages")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<TopicWords, A::Error> {
        let mut by_tag = BTreeMap::new();
        while let Some(tag) = map.next_key::<String>()? {
            let locale: Locale = tag.parse().map_err(|why| {
                let told: String = tag.chars().take(40).collect();
                de::Error::custom(format!("has the key {told:?}, which {why}"))
            })?;
            let List(words) = map.next_value()?;
            if by_tag.insert(locale.to_string(), words).is_some() {
                return Err(de::Error::custom(format!("has the language {locale} twice")));
            }
            if by_tag.len() > MOST_LANGUAGES {
                let why = format!("must be in at most {MOST_LANGUAGES} languages");
                return Err(de::Error::custom(why));
            }
        }
        Ok(TopicWords(by_tag))
    }
}

/// The words of one language, each once.
struct List(Vec<Word>);

impl<'de> Deserialize<'de> for List {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Once;
        impl<'de> Visitor<'de> for Once {
            type Value = List;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of words")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<List, A::Error> {
                let mut words: Vec<Word> = Vec::new();
                while let Some(word) = seq.next_element::<Word>()? {
                    if !words.contains(&word) {
                        words.push(word);
                    }
                    if words.len() > MOST_WORDS {
                        let why = format!("must have at most {MOST_WORDS} words");
                        return Err(de::Error::custom(why));
                    }
                }
                Ok(List(words))
            }
        }
        from.deserialize_seq(Once)
    }
}

impl PartialSchema for TopicWords {
    fn schema() -> RefOr<Schema> {
        let words = ArrayBuilder::new().items(Word::schema()).max_items(Some(MOST_WORDS));
        ObjectBuilder::new()
            .description(Some(
                "By language tag. A word occurs whole, in whatever case and accents; with `*` at its \
                 end, any word that begins so. Several words are a row.",
            ))
            .additional_properties(Some(words))
            .max_properties(Some(MOST_LANGUAGES))
            .into()
    }
}

impl ToSchema for TopicWords {
    fn name() -> Cow<'static, str> {
        format!("{PLAIN}TopicWords").into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn occurs(word: &str, text: &str) -> bool {
        word.parse::<Word>().expect("a word").occurs_in(&Said::new(text))
    }

    #[test]
    fn a_word_occurs_whole_in_whatever_case_and_accents() {
        for (word, text) in [
            ("queue", "The QUEUE, again."),
            ("sími", "Simi svaraði ekki"),
            ("simi", "SÍMI"),
            ("too long", "It took too  long!"),
            ("opnunartími", "Opnunartími?"),
            ("café", "cafe\u{301}"),
            ("don't", "I don’t know; I don't"),
            ("24/7", "open 24/7 please"),
            ("istanbul", "İSTANBUL"),
            ("ﬁnal", "FINAL"),
        ] {
            assert!(occurs(word, text), "{word} in {text}");
        }
        for (word, text) in [
            ("queue", "queues"),
            ("queue", "a long q ueue"),
            ("too long", "long, too"),
            ("ð", "d"),
            ("bad", "bað"),
            ("a", ""),
        ] {
            assert!(!occurs(word, text), "{word} in {text}");
        }
    }

    #[test]
    fn with_a_star_a_word_begins_so() {
        assert!(occurs("biðr*", "Biðröðina vantaði skipulag"));
        assert!(occurs("biðr*", "biðr"));
        assert!(occurs("löng biðr*", "svo löng biðröð"));
        assert!(!occurs("biðr*", "í abiðröð"));
        assert!(!occurs("löng biðr*", "löngum biðröðum"));
        for bad in ["*", "a*b", "**", "!", "", "a *", " ", "a\nb"] {
            assert!(bad.parse::<Word>().is_err(), "{bad:?}");
        }
        assert!("x".repeat(60).parse::<Word>().is_ok());
        assert!("x".repeat(61).parse::<Word>().is_err());
    }

    #[test]
    fn those_of_ones_own_language_count_and_else_all() {
        let words = r#"{"en": ["price"], "is": ["verð"], "de": []}"#;
        let words: TopicWords = serde_json::from_str(words).expect("words");
        let occur = |text: &str, tag: &str| {
            words.occur_in(&Said::new(text), &tag.parse().expect("a locale"))
        };
        assert!(occur("The price", "en-GB") && occur("Verð", "is"));
        assert!(!occur("The price", "is") && !occur("verð", "en"));
        assert!(occur("The price", "fr") && occur("verð", "de"));
    }

    #[test]
    fn what_are_no_words_is_refused() {
        let many: Vec<String> = (0..51).map(|number| format!("w{number}")).collect();
        let many = serde_json::json!({"en": many}).to_string();
        for bad in ["[]", "1", r#"{"en": "x"}"#, r#"{"íslenska": []}"#, r#"{"en": [1]}"#, &many] {
            assert!(serde_json::from_str::<TopicWords>(bad).is_err(), "{bad}");
        }
        let twice = r#"{"is": ["a"], "IS": ["b"]}"#;
        assert!(serde_json::from_str::<TopicWords>(twice).is_err());
        let once: TopicWords = serde_json::from_str(r#"{"is": ["a", "a"]}"#).expect("words");
        assert_eq!(once.of("is").len(), 1);
    }
}
