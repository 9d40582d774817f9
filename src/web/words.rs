//! The pages' text, from `templates/locales/pages.*.ftl`.

use std::borrow::Cow;

use fluent_bundle::bundle::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use intl_memoizer::concurrent::IntlLangMemoizer;
use unic_langid::LanguageIdentifier;

use super::lang::Lang;

type Bundle = FluentBundle<FluentResource, IntlLangMemoizer>;

/// Every text of the pages in every language; loaded once, shared between threads.
pub struct Words {
    en: Bundle,
    is: Bundle,
}

impl Words {
    /// Reads the embedded texts.
    ///
    /// # Panics
    /// If an embedded file is no valid Fluent, which the tests of this module would show.
    #[must_use]
    pub fn load() -> Self {
        let en = include_str!("../../templates/locales/pages.en.ftl");
        let is = include_str!("../../templates/locales/pages.is.ftl");
        Self { en: bundle(Lang::En, en), is: bundle(Lang::Is, is) }
    }

    /// The text of `key`, or `None` where there is no such key or an argument is missing.
    #[must_use]
    pub fn say(&self, lang: Lang, key: &str, args: &FluentArgs<'_>) -> Option<String> {
        let bundle = match lang {
            Lang::En => &self.en,
            Lang::Is => &self.is,
        };
        let mut errors = Vec::new();
        let pattern = bundle.get_message(key)?.value()?;
        let text = bundle.format_pattern(pattern, Some(args), &mut errors);
        errors.is_empty().then(|| text.into_owned())
    }
}

fn bundle(lang: Lang, source: &str) -> Bundle {
    let (id, figures): (_, fn(&FluentValue<'_>, &IntlLangMemoizer) -> Option<String>) = match lang {
        Lang::En => ("en", |value, _| figure(Lang::En, value)),
        Lang::Is => ("is", |value, _| figure(Lang::Is, value)),
    };
    let id: LanguageIdentifier = id.parse().expect("the language's own code is valid");
    let mut bundle = Bundle::new_concurrent(vec![id]);
    // Both languages run left to right: isolation marks would only clutter what is copied.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(figures));
    let resource =
        FluentResource::try_new(source.to_owned()).expect("the embedded text is valid Fluent");
    bundle.add_resource(resource).expect("the embedded text names each message once");
    bundle
}

fn figure(lang: Lang, value: &FluentValue<'_>) -> Option<String> {
    match value {
        FluentValue::Number(number) => Some(lang.number(number.as_string().parse().ok()?)),
        _ => None,
    }
}

/// A named argument for [`Words::say`]: a number chooses the plural form, anything else is text.
pub(super) fn argument(value: &minijinja::Value) -> FluentValue<'static> {
    value
        .as_i64()
        .map_or_else(|| FluentValue::String(Cow::Owned(value.to_string())), FluentValue::from)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn keys(source: &str) -> BTreeSet<&str> {
        let names = source.lines().filter_map(|line| line.split_once(" ="));
        names.map(|(name, _)| name).filter(|name| name.starts_with(char::is_alphabetic)).collect()
    }

    #[test]
    fn both_languages_have_the_same_messages() {
        assert_eq!(
            keys(include_str!("../../templates/locales/pages.en.ftl")),
            keys(include_str!("../../templates/locales/pages.is.ftl"))
        );
    }

    #[test]
    fn icelandic_counts_as_icelanders_do() {
        let words = Words::load();
        let say = |points: i64| {
            let mut args = FluentArgs::new();
            args.set("points", points);
            words.say(Lang::Is, "points", &args).unwrap()
        };
        assert_eq!(
            [1, 2, 11, 21, 1011, 1201].map(say),
            [
                "1 punktur",
                "2 punktar",
                "11 punktar",
                "21 punktur",
                "1.011 punktar",
                "1.201 punktur"
            ]
        );
    }

    #[test]
    fn a_missing_key_or_argument_is_no_text() {
        let words = Words::load();
        assert_eq!(words.say(Lang::En, "points", &FluentArgs::new()), None);
        assert_eq!(words.say(Lang::En, "no-such-key", &FluentArgs::new()), None);
    }
}
