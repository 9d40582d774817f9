//! The templates and texts that letters are made of: ours, and what a shop puts in their place.

use std::{
    collections::BTreeSet,
    path::Path,
    sync::{Arc, OnceLock},
    thread,
};

use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, State, UndefinedBehavior, Value,
    syntax::SyntaxConfig,
};

use super::{
    Flaw,
    own::{self, Own, line_at},
    trial,
};
use crate::kernel::{locale::Language, phrases::Phrases, templates::speak};

/// The letters' templates, each by the name of its letter.
macro_rules! templates {
    ($($name:literal from $file:literal,)+) => {
        &[$((
            concat!($name, ".mjml"),
            concat!($name, ".txt"),
            include_str!(concat!("../../../../templates/letters/", $file, ".mjml")),
        ),)+]
    };
}

#[rustfmt::skip]
const LETTERS: &[(&str, &str, &str)] = templates! {
    "welcome" from "welcome",
    "sign_up_confirmation" from "sign_up_confirmation",
    "reward_redeemed" from "reward_redeemed",
    "voucher_ending" from "voucher_ending",
    "redemption_cancelled" from "redemption_cancelled",
    "perk_granted" from "perk_granted",
    "friend_joined" from "friend_joined",
    "referral_checked" from "referral_checked",
    "referral_rewarded" from "referral_rewarded",
    "referral_lapsing" from "referral_lapsing",
    "survey" from "survey",
    "topic_changed" from "topic_changed",
    "topic_declined" from "topic_declined",
    "order_thanks" from "order_thanks",
    "thanks" from "thanks",
    "personal_thanks" from "personal_thanks",
    "thanks_overdue" from "thanks_overdue",
    "points_expiring" from "points_expiring",
    "miss_you" from "miss_you",
    "points_statement" from "points_statement",
    "email_change" from "email_change",
    "email_changed" from "email_changed",
    "new_sign_in" from "new_sign_in",
    "password_reset" from "password_reset",
    "staff_invitation" from "staff_invitation",
    // greetings differ in their words alone
    "birthday" from "greeting",
    "anniversary" from "greeting",
    "holiday" from "greeting",
    "date" from "greeting",
};

pub(super) const FRAMES: [(&str, &str); 4] = [
    ("layout.mjml", include_str!("../../../../templates/letters/layout.mjml")),
    ("layout.txt", include_str!("../../../../templates/letters/layout.txt")),
    ("kit.mjml", include_str!("../../../../templates/letters/kit.mjml")),
    ("kit.txt", include_str!("../../../../templates/letters/kit.txt")),
];

const TEXTS: [&str; 2] = [
    include_str!("../../../../templates/locales/letters.en.ftl"),
    include_str!("../../../../templates/locales/letters.is.ftl"),
];

/// How many steps a letter may take to be written: hundreds of times as many as ours.
const FUEL: u64 = 1_000_000;
/// How deep macros may call each other.
const DEEPEST_CALLS: usize = 60;
/// The stack for reading a shop's own files, in bytes.
const ROOM: usize = 64 << 20;

/// Templates with the texts that they say.
pub struct Stationery {
    pub(super) templates: Environment<'static>,
}

static IN_USE: OnceLock<Stationery> = OnceLock::new();

/// What letters are written on: ours, unless the process was given another.
pub fn in_use() -> &'static Stationery {
    IN_USE.get_or_init(Stationery::ours)
}

impl Stationery {
    /// # Panics
    /// Where what is embedded is at fault: tests see that.
    #[must_use]
    #[expect(clippy::expect_used, reason = "what is embedded is the same on every run")]
    fn ours() -> Self {
        let [english, icelandic] = TEXTS;
        let phrases = Arc::new(Phrases::new(english, icelandic));
        let mut templates = environment(&phrases);
        for (name, source) in sources(&Own::new()) {
            templates.add_template_owned(name, source).expect("our templates parse");
        }
        Self { templates }
    }

    /// Ours, with what is in this folder in its place: `letters/*.mjml` and `*.txt`, and messages
    /// in `locales/letters.en.ftl` and `locales/letters.is.ftl`. Every letter is written once in
    /// every language.
    ///
    /// # Errors
    /// All flaws that were found, by file and line.
    pub fn of_folder(folder: &Path) -> Result<Self, Vec<Flaw>> {
        let cant = |why: &str| vec![Flaw::new(&folder.display().to_string(), None, why)];
        // as deep as files may be, parsers go down with them
        thread::scope(|scope| {
            let roomy = thread::Builder::new().stack_size(ROOM);
            let reading =
                roomy.spawn_scoped(scope, || Self::of_own(&own::read(folder, &known_files())?));
            let reading = reading.map_err(|why| cant(&why.to_string()))?;
            reading.join().unwrap_or_else(|_| Err(cant("can't be read, by a fault of ours")))
        })
    }

    fn of_own(own: &Own) -> Result<Self, Vec<Flaw>> {
        let texts = ["locales/letters.en.ftl", "locales/letters.is.ftl"];
        let mut flaws = own::odd_messages(own, texts, TEXTS[0]);
        let files: BTreeSet<String> =
            LETTERS.iter().map(|(name, ..)| letter_file(name.trim_end_matches(".mjml"))).collect();
        flaws.extend(files.iter().filter_map(|file| own::own_tags(own, file)));
        let text = |file: &str| own.get(file).map_or("", String::as_str);
        let phrases = match Phrases::overridden(TEXTS, texts.map(text)) {
            Ok(phrases) => Arc::new(phrases),
            Err((language, bad)) => {
                let file = file_of(language);
                let line = Some(line_at(text(&file), bad.at));
                flaws.push(Flaw::new(&file, line, bad.why));
                return Err(flaws);
            }
        };
        let mut templates = environment(&phrases);
        for (name, source) in sources(own) {
            if let Err(error) = templates.add_template_owned(name, source) {
                flaws.push(trial::of_template(&error, own, ""));
            }
        }
        let stationery = Self { templates };
        // what does not parse would only be said again
        if flaws.is_empty() {
            flaws = trial::all(&stationery, own);
        }
        flaws.sort();
        flaws.dedup();
        if flaws.is_empty() { Ok(stationery) } else { Err(flaws) }
    }

    /// Has this process write on it. Once, before the first letter.
    ///
    /// # Errors
    /// Itself, where letters were written already.
    pub fn put_to_use(self) -> Result<(), Box<Self>> {
        IN_USE.set(self).map_err(Box::new)
    }
}

/// All templates by name, a shop's own in place of ours.
fn sources(own: &Own) -> Vec<(String, String)> {
    let of = |file: String, ours: &str| own.get(&file).cloned().unwrap_or_else(|| ours.to_owned());
    let frames =
        FRAMES.iter().map(|(name, ours)| ((*name).to_owned(), of(format!("letters/{name}"), ours)));
    let letters = LETTERS.iter().flat_map(|(html, text, ours)| {
        let stem = file_stem(html.trim_end_matches(".mjml"));
        let source = of(format!("letters/{stem}.mjml"), ours);
        [((*html).to_owned(), source.clone()), ((*text).to_owned(), source)]
    });
    frames.chain(letters).collect()
}

/// The file that a letter is in.
pub(super) fn file_stem(template: &str) -> &str {
    match template {
        "birthday" | "anniversary" | "holiday" | "date" => "greeting",
        other => other,
    }
}

pub(super) fn letter_file(template: &str) -> String {
    format!("letters/{}.mjml", file_stem(template))
}

pub(super) fn file_of(language: Language) -> String {
    format!("locales/letters.{}.ftl", language.tag())
}

/// The names of all files that a letter is made of.
fn known_files() -> Vec<String> {
    let frames = FRAMES.iter().map(|(name, _)| format!("letters/{name}"));
    let letters = LETTERS.iter().map(|(html, ..)| letter_file(html.trim_end_matches(".mjml")));
    let mut known: Vec<String> = frames.chain(letters).chain(Language::ALL.map(file_of)).collect();
    // several letters are in one file
    known.dedup();
    known
}

fn environment(phrases: &Arc<Phrases>) -> Environment<'static> {
    let mut templates = Environment::new();
    templates.set_undefined_behavior(UndefinedBehavior::Strict);
    templates.set_auto_escape_callback(|name| match name.rsplit_once('.') {
        Some((_, "mjml")) => AutoEscape::Html,
        _ => AutoEscape::None,
    });
    templates.set_formatter(escape);
    #[expect(clippy::expect_used, reason = "what is embedded is the same on every run")]
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build()
        .expect("the usual delimiters");
    templates.set_syntax(syntax);
    templates.set_fuel(Some(FUEL));
    templates.set_recursion_limit(DEEPEST_CALLS);
    speak(&mut templates, phrases);
    templates
}

/// Escapes as html wants it and no more: `MiniJinja`'s own turns the slashes of links into
/// `&#x2f;`, which reads badly and is held against a letter by spam filters.
fn escape(out: &mut minijinja::Output, state: &mut State, value: &Value) -> Result<(), Error> {
    if !matches!(state.auto_escape(), AutoEscape::Html) || value.is_safe() || value.is_undefined() {
        return minijinja::escape_formatter(out, state, value);
    }
    for c in value.to_string().chars() {
        match c {
            '<' => out.write_str("&lt;"),
            '>' => out.write_str("&gt;"),
            '&' => out.write_str("&amp;"),
            '"' => out.write_str("&quot;"),
            '\'' => out.write_str("&#39;"),
            // MJML's renderer would double it in an attribute
            '\\' => out.write_str("&#92;"),
            // what has no business in a letter, and would end up as `\u{…}` in an attribute
            c if c.is_control() && c != '\n' => Ok(()),
            c => out.write_fmt(format_args!("{c}")),
        }
        .map_err(|_| Error::new(ErrorKind::WriteFailure, "out of memory"))?;
    }
    Ok(())
}
