//! A text in several languages.

use std::{borrow::Cow, collections::BTreeMap, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, MapAccess, Visitor},
};
use serde_json::Value;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, OneOfBuilder, RefOr, Schema},
};

use super::{
    locale::{Locale, Reader},
    text::BadText,
    wire::PLAIN,
};

/// In how many languages a text can be.
const MOST: usize = 20;

/// A text in one language or several. On the wire either the text alone, which is in the program's
/// language, or an object of texts by their languages: `{"en": "Coffee", "is": "Kaffi"}`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Texts<T> {
    /// By language tag; the empty tag is the program's own language. Empty only where the
    /// texts were left out of what was read.
    by_tag: BTreeMap<String, T>,
}

/// The tag of a text that came without one.
const OWN: &str = "";

impl<T> Texts<T> {
    /// A text in the program's language.
    #[must_use]
    pub fn plain(text: T) -> Self {
        Self { by_tag: BTreeMap::from([(OWN.to_owned(), text)]) }
    }

    /// Those that were judged before they were stored.
    pub(crate) fn stored<'de>(text: &'de str) -> serde_json::Result<Self>
    where
        T: Deserialize<'de>,
    {
        serde_json::from_str(text).map(|by_tag| Self { by_tag })
    }

    /// The text in this language, or one like it (`en` for `en-GB`).
    #[must_use]
    pub fn in_language(&self, locale: &Locale) -> Option<&T> {
        let alike = |tag: &str| tag.parse().is_ok_and(|other: Locale| other.is_like(locale));
        let exact = self.by_tag.get(&locale.to_string());
        exact.or_else(|| self.by_tag.iter().find(|(tag, _)| alike(tag)).map(|(_, text)| text))
    }

    /// The text as `reader` reads it: in a language of theirs, else in the program's.
    #[must_use]
    pub fn read_by(&self, reader: &Reader) -> Option<&T> {
        let own = || self.by_tag.get(OWN);
        let program = || self.in_language(&reader.program).or_else(own);
        let wanted = reader.wanted.iter().find_map(|wanted| self.in_language(wanted));
        wanted.or_else(program).or_else(|| self.by_tag.values().next())
    }

    /// The same, as a text alone.
    #[must_use]
    pub fn said_to(&self, reader: &Reader) -> Self
    where
        T: Clone,
    {
        self.read_by(reader).map_or_else(|| self.clone(), |text| Self::plain(text.clone()))
    }

    /// Every text with its language: one that came without is in the program's, and stays so when
    /// the program gets another.
    #[must_use]
    pub fn named(&self, program: &Locale) -> Self
    where
        T: Clone,
    {
        let mut by_tag = self.by_tag.clone();
        if let Some(text) = by_tag.remove(OWN) {
            by_tag.insert(program.to_string(), text);
        }
        Self { by_tag }
    }

    /// # Errors
    /// [`BadText`] where the program's language is missing: what everybody else falls back to.
    pub fn require(&self, program: &Locale) -> Result<(), BadText> {
        let missing =
            || BadText::new(format!("must have the text in the program's language, {program}"));
        self.in_language(program).map(drop).ok_or_else(missing)
    }
}

impl<T: Default> Default for Texts<T> {
    fn default() -> Self {
        Self::plain(T::default())
    }
}

/// As it is stored: an object in any case.
impl<T: Serialize> fmt::Display for Texts<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(&self.by_tag).map_err(|_| fmt::Error)?)
    }
}

impl<T: Serialize> Serialize for Texts<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.by_tag.get(OWN) {
            Some(text) if self.by_tag.len() == 1 => text.serialize(to),
            _ => self.by_tag.serialize(to),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Texts<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Wire(PhantomData))
    }
}

struct Wire<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Wire<T> {
    type Value = Texts<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string, or an object of strings by their languages")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Texts<T>, E> {
        // a value, for some texts are read as one that may be null
        let text = T::deserialize(Value::String(text.to_owned()));
        text.map(Texts::plain).map_err(E::custom)
    }

    /// Null is for the text to judge: to some it is an empty one.
    fn visit_unit<E: de::Error>(self) -> Result<Texts<T>, E> {
        T::deserialize(Value::Null).map(Texts::plain).map_err(E::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Texts<T>, A::Error> {
        let mut by_tag = BTreeMap::new();
        while let Some(tag) = map.next_key::<String>()? {
            let locale: Locale = tag.parse().map_err(|why| {
                let told: String = tag.chars().take(40).collect();
                de::Error::custom(format!("has the key {told:?}, which {why}"))
            })?;
            if by_tag.insert(locale.to_string(), map.next_value()?).is_some() {
                return Err(de::Error::custom(format!("has the language {locale} twice")));
            }
        }
        match by_tag.len() {
            0 => Err(de::Error::custom("must have a text in one language at least")),
            1..=MOST => Ok(Texts { by_tag }),
            _ => Err(de::Error::custom(format!("must be in at most {MOST} languages"))),
        }
    }
}

impl<T: PartialSchema> PartialSchema for Texts<T> {
    fn schema() -> RefOr<Schema> {
        OneOfBuilder::new().item(T::schema()).item(by_language(T::schema())).into()
    }
}

/// The schema of texts by their languages.
#[must_use]
pub fn by_language(text: RefOr<Schema>) -> ObjectBuilder {
    ObjectBuilder::new()
        .description(Some("By language tag; the program's language is among them."))
        .additional_properties(Some(text))
        .min_properties(Some(1))
        .max_properties(Some(MOST))
}

impl<T: ToSchema> ToSchema for Texts<T> {
    fn name() -> Cow<'static, str> {
        format!("{PLAIN}Texts{}", T::name().trim_start_matches(PLAIN)).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::text::{Name, Remark};

    fn locale(tag: &str) -> Locale {
        tag.parse().expect("a locale")
    }

    fn read(json: &str, wanted: &str) -> String {
        let texts: Texts<Name> = serde_json::from_str(json).expect("texts");
        let wanted = wanted.split(' ').map(locale).collect();
        let reader = Reader { wanted, program: locale("en-GB") };
        texts.read_by(&reader).expect("a text").to_string()
    }

    #[test]
    fn a_reader_gets_their_language_or_the_programs() {
        let both = r#"{"de": "Kaffee", "en": "Coffee", "is": "Kaffi", "pt-BR": "Café"}"#;
        let wanted = ["is", "is-IS", "en-US", "pt-PT", "fr", "de", "fr is de"];
        assert_eq!(
            wanted.map(|wanted| read(both, wanted)),
            ["Kaffi", "Kaffi", "Coffee", "Café", "Coffee", "Kaffee", "Kaffi"]
        );
        assert_eq!(read(r#""Coffee""#, "is"), "Coffee");
    }

    #[test]
    fn what_came_without_a_language_is_in_the_programs() {
        let texts: Texts<Name> = serde_json::from_str(r#""Kaffi""#).expect("a text");
        assert_eq!(serde_json::to_string(&texts).expect("JSON"), r#""Kaffi""#);
        let texts = texts.named(&locale("is"));
        assert_eq!(texts.require(&locale("is-IS")), Ok(()));
        assert_eq!(texts.to_string(), r#"{"is":"Kaffi"}"#);
        assert_eq!(Texts::stored(&texts.to_string()).expect("what was stored"), texts);
        assert!(texts.require(&locale("en")).is_err());
    }

    #[test]
    fn what_is_no_text_in_a_language_is_refused() {
        for bad in [
            "{}",
            "7",
            "null",
            "[]",
            r#"{"": "x"}"#,
            r#"{"is": ""}"#,
            r#"{"íslenska": "x"}"#,
            r#"{"is": "x", "IS": "y"}"#,
            r#"{"is": null}"#,
        ] {
            assert!(serde_json::from_str::<Texts<Name>>(bad).is_err(), "{bad}");
        }
        let none: Texts<Remark<10>> = serde_json::from_str("null").expect("none");
        assert_eq!(none, Texts::default());
    }
}
