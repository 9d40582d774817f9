use std::collections::BTreeSet;

use super::{render::render_on, *};
use crate::kernel::{locale::Language, phrases::keys};

fn sender() -> Sender {
    Sender::sample()
}

/// Every sample in every language.
fn each(look: impl Fn(&Letter, Language, &Rendered)) {
    for letter in Letter::samples() {
        for language in Language::ALL {
            let rendered = render(&letter, language, &sender())
                .unwrap_or_else(|error| panic!("{letter:?} in {language:?}: {error:#}"));
            look(&letter, language, &rendered);
        }
    }
}

/// What a reader sees of html, links and descriptions of pictures included.
fn seen(html: &str) -> String {
    let body = html.split_once("<body").map_or(html, |(_, body)| body);
    let mut text = String::new();
    for (i, part) in body.split('<').enumerate() {
        let (tag, words) = part.split_once('>').unwrap_or(("", part));
        for attribute in [" href=\"", " alt=\""] {
            let value = tag.split_once(attribute).and_then(|(_, rest)| rest.split('"').next());
            text.push_str(&value.map(|value| format!(" {value} ")).unwrap_or_default());
        }
        if i > 0 {
            text.push_str(words);
            text.push(' ');
        }
    }
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

/// The numbers, codes and links of a text: all words with a digit or a scheme.
fn facts(text: &str) -> BTreeSet<String> {
    text.split_whitespace()
        .filter(|word| word.contains(|c: char| c.is_ascii_digit()) || word.contains("://"))
        .map(|word| word.trim_matches(|c: char| "().,:„“”".contains(c)).to_owned())
        .collect()
}

#[test]
fn every_letter_is_whole_in_every_language() {
    each(|letter, language, rendered| {
        assert!(rendered.html.contains(&format!("<html lang=\"{}\"", language.tag())));
        assert!(!rendered.html.contains("<link") && !rendered.html.contains("@import"));
        assert!(!rendered.subject.is_empty() && !rendered.subject.contains(['\r', '\n']));
        for part in [&rendered.subject, &rendered.text, &seen(&rendered.html)] {
            let odd = "{{ 7 * 7 }} { $n }";
            let rest = part.replace(odd, "");
            assert!(
                !rest.contains(['{', '}']) && !rest.contains("undefined"),
                "{letter:?}\n{rest}"
            );
        }
        assert!(rendered.text.lines().all(|line| line.trim_end() == line || line == "-- "));
    });
}

#[test]
fn what_people_typed_is_escaped() {
    each(|letter, _, rendered| {
        assert!(!rendered.html.contains("<b>") && !rendered.html.contains("\\\""), "{letter:?}");
        assert!(!rendered.html.contains("\\u{") && !rendered.html.contains("&amp;amp;"));
        if matches!(letter, Letter::Welcome { given_name, .. } if given_name.contains("<b>")) {
            assert!(
                rendered
                    .html
                    .contains("Bobby &lt;b&gt;&quot;Tables&quot;&lt;/b&gt; &amp; O&#39;Neill")
            );
            assert!(rendered.text.contains("Bobby <b>\"Tables\"</b> & O'Neill"));
        }
    });
}

#[test]
fn html_and_text_say_the_same() {
    each(|letter, _, rendered| {
        assert_eq!(facts(&seen(&rendered.html)), facts(&rendered.text), "{letter:?}");
    });
}

#[test]
fn secrets_are_in_the_letter_and_not_in_its_masked_form() {
    each(|letter, language, rendered| {
        let masked = render(&letter.clone().masked(), language, &sender()).expect("renders");
        for secret in letter.secrets() {
            let parts = |letter: &Rendered| [seen(&letter.html), letter.text.clone()];
            assert!(parts(rendered).iter().all(|part| part.contains(&secret)), "{letter:?}");
            assert!(parts(&masked).iter().all(|part| !part.contains(&secret)), "{letter:?}");
            assert!(!rendered.subject.contains(&secret));
        }
        for inline in &rendered.inline {
            assert!(rendered.html.contains(&format!("cid:{}", inline.content_id)));
            assert_ne!(Some(inline), masked.inline.first(), "the QR code is masked too");
        }
        assert_eq!(rendered.inline.len(), rendered.html.matches("\"cid:").count());
    });
}

#[test]
fn only_letters_that_can_be_stopped_say_how() {
    each(|letter, language, rendered| {
        let can_stop = letter.preference().is_some();
        assert_eq!(rendered.text.contains("/unsubscribe/"), can_stop, "{letter:?}");
        assert_eq!(rendered.html.contains("/unsubscribe/"), can_stop, "{letter:?}");
        let without =
            Sender { unsubscribe_url: None, mail_from: None, storefront_url: None, ..sender() };
        let rendered = render(letter, language, &without).expect("renders");
        assert!(!rendered.text.contains("unsubscribe"));
    });
}

#[test]
fn a_letter_comes_back_from_json_as_it_was() {
    for letter in Letter::samples() {
        let json = serde_json::to_value(&letter).expect("to JSON");
        assert_eq!(json["template"], letter.template());
        assert_eq!(serde_json::from_value::<Letter>(json).expect("from JSON"), letter);
    }
}

#[test]
fn every_language_has_the_same_messages() {
    let english = keys(include_str!("../../../templates/locales/letters.en.ftl"));
    let icelandic = keys(include_str!("../../../templates/locales/letters.is.ftl"));
    assert_eq!(english, icelandic);
    let footers = |prefix: &str, name: &str| english.contains(format!("{prefix}-{name}").as_str());
    for preference in Preference::ALL {
        assert!(footers("stop", preference.name()) && footers("stop-only", preference.name()));
    }
}

#[test]
fn a_voucher_is_valid_through_its_last_day() {
    let letter = Letter::samples()
        .into_iter()
        .find(|letter| matches!(letter, Letter::RewardRedeemed { voucher: Some(_), .. }))
        .expect("a sample with a voucher");
    let icelandic = render(&letter, Language::Is, &sender()).expect("renders");
    assert!(icelandic.text.contains("Gildir til og með 21. nóvember 2027"), "{}", icelandic.text);
    assert!(icelandic.text.contains("fyrir 300 punkta."), "{}", icelandic.text);
    assert!(icelandic.text.contains("Staðan eftir þetta: 1.234 punktar"), "{}", icelandic.text);
    assert_eq!(icelandic.inline.len(), 1);
}

/// A folder with a shop's own files, and what is wrong with them.
fn flaws(files: &[(&str, &str)]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }
    let flaws = Stationery::of_folder(folder.path()).err().unwrap_or_default();
    flaws.iter().map(ToString::to_string).collect()
}

#[test]
fn a_shop_s_own_words_are_taken() {
    let own = "greeting = Ahoy { $name }!\n";
    assert_eq!(flaws(&[("locales/letters.en.ftl", own)]), Vec::<String>::new());
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("locales")).expect("made");
    std::fs::write(folder.path().join("locales/letters.en.ftl"), own).expect("written");
    let stationery =
        Stationery::of_folder(folder.path()).unwrap_or_else(|flaws| panic!("{flaws:?}"));
    let welcome = Letter::samples().swap_remove(0);
    let english = render_on(&stationery, &welcome, Language::En, &sender()).expect("renders");
    assert!(english.text.starts_with("Ahoy Þórdís!"), "{}", english.text);
    let icelandic = render_on(&stationery, &welcome, Language::Is, &sender()).expect("renders");
    assert!(icelandic.text.starts_with("Hæ Þórdís,"), "{}", icelandic.text);
}

#[test]
fn what_is_wrong_in_a_shop_s_own_files_is_told_by_file_and_line() {
    let welcome = include_str!("../../../templates/letters/welcome.mjml");
    let broken = welcome.replace("{{ kit.title(", "{{ kit.tittle(");
    let cases: [(&str, &str, &str); 8] = [
        (
            "letters/welcom.mjml",
            welcome,
            "letters/welcom.mjml: is no file that a letter is made of",
        ),
        ("letters/welcome.mjml", &broken, "letters/welcome.mjml:6: "),
        ("letters/welcome.mjml", "{% extends layout %}\n{% block", "letters/welcome.mjml:2: "),
        ("letters/welcome.mjml", "<p>{{ letter.nobody }}</p>", "letters/welcome.mjml:1: "),
        (
            "letters/welcome.mjml",
            "{% block subject %}a{% endblock %}<mjml><mj-body><mj-nope></mjml>",
            "letters/welcome.mjml: is no MJML",
        ),
        (
            "locales/letters.is.ftl",
            "\n\nwelcom-lead = Hæ\n",
            "locales/letters.is.ftl:3: no letter says the message welcom-lead",
        ),
        (
            "locales/letters.is.ftl",
            "\nwelcome-lead = { $nobody }\n",
            "locales/letters.is.ftl:2: message welcome-lead: ",
        ),
        ("locales/letters.en.ftl", "welcome-lead = {\n", "locales/letters.en.ftl:"),
    ];
    for (file, text, told) in cases {
        let flaws = flaws(&[(file, text)]);
        assert!(flaws.iter().any(|flaw| flaw.starts_with(told)), "{told}\n{flaws:#?}");
    }
    assert_eq!(flaws(&[]).len(), 1, "an empty folder is a mistake");
}
