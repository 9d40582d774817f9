mod own;

use std::collections::BTreeSet;

use super::*;
use crate::kernel::{color::Color, locale::Language, phrases::keys};

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
    let english = keys(include_str!("../../../../../templates/locales/letters.en.ftl"));
    let icelandic = keys(include_str!("../../../../../templates/locales/letters.is.ftl"));
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

#[test]
fn a_day_of_mourning_is_no_lovely_one() {
    for (key, is_solemn) in [("good_friday", true), ("memorial_day", true), ("epiphany", false)] {
        for (language, lovely) in [(Language::En, "lovely"), (Language::Is, "gleðilegs")] {
            let greeting = Greeting {
                given_name: "Anna".to_owned(),
                day: key.to_owned(),
                holiday: Some(key.to_owned()),
                ..Greeting::default()
            };
            let read = |late| {
                let letter = Letter::Holiday(Greeting { late, ..greeting.clone() });
                render(&letter, language, &sender()).expect("renders")
            };
            let (on_it, late) = (read(false), read(true));
            assert_eq!(on_it.text.contains(lovely), !is_solemn, "{}", on_it.text);
            assert!(!is_solemn || !late.text.contains(lovely) && !late.text.contains("góðan dag"));
            assert!(on_it.text.contains(key) && late.subject.contains(key));
        }
    }
}

#[test]
fn one_point_comes_back_as_one() {
    let letter = Letter::RedemptionCancelled {
        given_name: "Anna".to_owned(),
        reward: "Tea".to_owned(),
        quantity: 1,
        points_returned: 1,
        balance_after: 5,
        reason: None,
        left: 0,
    };
    let english = render(&letter, Language::En, &sender()).expect("renders");
    assert!(english.text.contains("1 point back, just as it was."), "{}", english.text);
}

#[test]
fn a_backslash_is_written_once() {
    let odd = Sender {
        program_name: "Kaffi \\ Co".to_owned(),
        logo_url: Some("https://kaffi.example/logo.png".to_owned()),
        ..sender()
    };
    let welcome = Letter::samples().swap_remove(0);
    let written = render(&welcome, Language::En, &odd).expect("renders");
    assert!(written.html.contains("alt=\"Kaffi &#92; Co\"") && !written.html.contains('\\'));
    assert!(written.text.contains("Kaffi \\ Co"));
}

#[test]
fn a_shop_s_colour_is_all_the_green_there_is() {
    let red = Sender { brand_color: Color::rgb(0x7a, 0x1f, 0x3d), ..sender() };
    for letter in Letter::samples() {
        let html = render(&letter, Language::En, &red).expect("renders").html;
        for green in ["#8fb3a6", "#eef4f1", "#1e3d34", "#2a312d", "#5f8f7f", "#b9c9c1", "#4e6a60"] {
            assert!(!html.contains(green), "{green}");
        }
    }
}
