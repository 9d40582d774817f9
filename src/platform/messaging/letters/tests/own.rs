//! A shop's own templates and texts.

use super::{
    super::{Stationery, render::render_on},
    *,
};

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
    let welcome = include_str!("../../../../../templates/letters/welcome.mjml");
    let broken = welcome.replace("{{ kit.title(", "{{ kit.tittle(");
    let deep = format!("welcome-lead = {}", "{".repeat(5000));
    let long = format!("{{# {} #}}", "x".repeat(256 * 1024));
    let cases = [
        (
            "letters/welcom.mjml",
            welcome,
            "letters/welcom.mjml: is no file that a letter is made of",
        ),
        ("letters/welcome.mjml", &broken, "letters/welcome.mjml:6: "),
        ("letters/welcome.mjml", "{% extends layout %}\n{% block", "letters/welcome.mjml:2: "),
        ("letters/welcome.mjml", "<p>{{ letter.nobody }}</p>", "letters/welcome.mjml:1: "),
        (
            "letters/layout.mjml",
            "{% block subject %}a{% endblock %}<mjml><mj-body><mj-nope></mjml>",
            "letters/welcome.mjml: is no MJML",
        ),
        (
            "letters/welcome.mjml",
            "{% extends layout %}\n{% block content %}\n<mj-text>Hi</mj-text>\n{% endblock %}",
            "letters/welcome.mjml:3: only the kit's macros",
        ),
        (
            "letters/welcome.mjml",
            "{% extends layout %}\n\n{% block content %}{% for a in range(99999) %}\n\
             {% for b in range(99999) %}x{% endfor %}{% endfor %}{% endblock %}",
            "letters/welcome.mjml:4: does not come to an end",
        ),
        (
            "letters/kit.txt",
            "{% macro title(words) %}{{ title(words) }}{% endmacro %}",
            "letters/kit.txt:1: ",
        ),
        (
            "letters/welcome.mjml",
            "{% extends layout %}{% block subject %} {% endblock %}",
            "letters/welcome.mjml: the letter welcome has no subject",
        ),
        (
            "letters/layout.txt",
            "{% block subject %}{% endblock %}{% block content %}{% endblock %}",
            "letters/layout.txt: the text of the letter welcome lacks the link",
        ),
        ("letters/welcome.mjml", &long, "letters/welcome.mjml: has more than 256 KiB"),
        ("locales/letters.en.ftl", &deep, "locales/letters.en.ftl:1: is nested more than 100 deep"),
        ("letter/welcome.mjml", welcome, "letter: is never used"),
        ("welcome.mjml", welcome, "welcome.mjml: is never used"),
        ("letters/old/welcome.mjml", welcome, "letters/old: is no file"),
        (
            "locales/letters.en.ftl",
            "greeting=Hi\ngreeting   = Ho\n",
            "locales/letters.en.ftl:2: the message greeting is there twice",
        ),
        (
            "locales/letters.en.ftl",
            "welcome-subject = { \"\" }\n",
            "locales/letters.en.ftl: the letter welcome has no subject",
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
    let known = flaws(&[("letters/welcom.mjml", welcome)]).remove(0);
    assert_eq!(known.matches("letters/greeting.mjml").count(), 1, "{known}");
}
