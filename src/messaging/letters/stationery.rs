//! The templates and texts that letters are made of: ours, and what a shop puts in their place.

use std::{
    collections::BTreeMap,
    fmt, fs, io,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, State, UndefinedBehavior, Value,
    syntax::SyntaxConfig,
};

use super::{Letter, RenderError, Sender, render::render_on};
use crate::kernel::{
    locale::Language,
    phrases::{Phrases, keys},
    templates::speak,
};

/// The letters' templates, each by the name of its letter.
macro_rules! templates {
    ($($name:literal from $file:literal,)+) => {
        &[$((
            concat!($name, ".mjml"),
            concat!($name, ".txt"),
            include_str!(concat!("../../../templates/letters/", $file, ".mjml")),
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
    "order_thanks" from "order_thanks",
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

const FRAMES: [(&str, &str); 4] = [
    ("layout.mjml", include_str!("../../../templates/letters/layout.mjml")),
    ("layout.txt", include_str!("../../../templates/letters/layout.txt")),
    ("kit.mjml", include_str!("../../../templates/letters/kit.mjml")),
    ("kit.txt", include_str!("../../../templates/letters/kit.txt")),
];

const TEXTS: [&str; 2] = [
    include_str!("../../../templates/locales/letters.en.ftl"),
    include_str!("../../../templates/locales/letters.is.ftl"),
];

/// Templates with the texts that they say.
pub struct Stationery {
    pub(super) templates: Environment<'static>,
}

static IN_USE: OnceLock<Stationery> = OnceLock::new();

/// What letters are written on: ours, unless the process was given another.
pub fn in_use() -> &'static Stationery {
    IN_USE.get_or_init(Stationery::ours)
}

/// Something in a shop's own templates and texts that can't be used.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Flaw {
    pub file: String,
    pub line: Option<usize>,
    pub what: String,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.what),
            None => write!(f, "{}: {}", self.file, self.what),
        }
    }
}

/// A shop's own files, by their names below its folder.
type Own = BTreeMap<String, String>;

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
        let own = read(folder)?;
        let texts = ["locales/letters.en.ftl", "locales/letters.is.ftl"];
        let mut flaws = unknown_messages(&own, texts);
        let text = |file: &str| own.get(file).map_or("", String::as_str);
        let phrases = match Phrases::overridden(TEXTS, texts.map(text)) {
            Ok(phrases) => Arc::new(phrases),
            Err((language, bad)) => {
                let file = file_of(language);
                let line = Some(line_at(text(&file), bad.at));
                flaws.push(Flaw { file, line, what: bad.why });
                return Err(flaws);
            }
        };
        let mut templates = environment(&phrases);
        for (name, source) in sources(&own) {
            if let Err(error) = templates.add_template_owned(name, source) {
                flaws.push(of_template(&error, &own, ""));
            }
        }
        let stationery = Self { templates };
        // what does not parse would only be said again
        if flaws.is_empty() {
            flaws = stationery.try_all(&own);
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

    fn try_all(&self, own: &Own) -> Vec<Flaw> {
        let sender = Sender::sample();
        let mut flaws = Vec::new();
        for letter in Letter::samples() {
            for language in Language::ALL {
                let flaw = match render_on(self, &letter, language, &sender) {
                    Ok(_) => continue,
                    Err(RenderError::Template(error)) => {
                        of_template(&error, own, letter.template())
                    }
                    Err(RenderError::Mjml(why)) => Flaw {
                        file: format!("letters/{}.mjml", file_stem(letter.template())),
                        line: None,
                        what: format!("is no MJML once it is filled in: {why}"),
                    },
                };
                flaws.push(flaw);
            }
        }
        flaws
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
fn file_stem(template: &str) -> &str {
    match template {
        "birthday" | "anniversary" | "holiday" | "date" => "greeting",
        other => other,
    }
}

fn file_of(language: Language) -> String {
    format!("locales/letters.{}.ftl", language.tag())
}

/// Reads a shop's folder; what has no name of ours is a flaw, for nothing would ever use it.
fn read(folder: &Path) -> Result<Own, Vec<Flaw>> {
    let mut known: Vec<String> = FRAMES.iter().map(|(name, _)| format!("letters/{name}")).collect();
    known.extend(
        LETTERS.iter().map(|(html, ..)| {
            format!("letters/{}.mjml", file_stem(html.trim_end_matches(".mjml")))
        }),
    );
    known.extend(Language::ALL.map(file_of));
    let cant = |path: &Path, why: &io::Error| {
        vec![Flaw { file: path.display().to_string(), line: None, what: why.to_string() }]
    };
    let mut own = Own::new();
    let mut flaws = Vec::new();
    fs::read_dir(folder).map_err(|why| cant(folder, &why))?;
    for below in ["letters", "locales"] {
        let path = folder.join(below);
        if !path.is_dir() {
            continue;
        }
        for file in files(&path).map_err(|why| cant(&path, &why))? {
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let name = format!("{below}/{name}");
            if !known.contains(&name) {
                let what =
                    format!("is no file that a letter is made of; those are {}", known.join(", "));
                flaws.push(Flaw { file: name, line: None, what });
                continue;
            }
            match fs::read_to_string(&file) {
                Ok(text) => drop(own.insert(name, text)),
                Err(why) => flaws.push(Flaw { file: name, line: None, what: why.to_string() }),
            }
        }
    }
    if own.is_empty() && flaws.is_empty() {
        let what = "has no letters/ and no locales/ with files in them".to_owned();
        flaws.push(Flaw { file: folder.display().to_string(), line: None, what });
    }
    if flaws.is_empty() { Ok(own) } else { Err(flaws) }
}

fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_file() && !hidden {
            all.push(path);
        }
    }
    all.sort();
    Ok(all)
}

/// Messages that no letter says: most likely their names are misspelt.
fn unknown_messages(own: &Own, texts: [&str; 2]) -> Vec<Flaw> {
    let known = keys(TEXTS[0]);
    let says = |key: &str| {
        own.iter().any(|(name, text)| {
            name.starts_with("letters/") && text.contains(&format!("\"{key}\""))
        })
    };
    let mut flaws = Vec::new();
    for file in texts {
        let text = own.get(file).map_or("", String::as_str);
        for key in keys(text) {
            if !known.contains(key) && !says(key) {
                let what = format!("no letter says the message {key}");
                flaws.push(Flaw { file: file.to_owned(), line: line_of(text, key), what });
            }
        }
    }
    flaws
}

/// What went wrong in a template, in whose file, and where; a message's fault stands in its file.
fn of_template(error: &Error, own: &Own, letter: &str) -> Flaw {
    let name = error.name().unwrap_or(letter);
    let (stem, form) = name.rsplit_once('.').unwrap_or((name, "mjml"));
    let is_frame = FRAMES.iter().any(|(frame, _)| *frame == name);
    let file = if is_frame {
        format!("letters/{stem}.{form}")
    } else {
        format!("letters/{}.mjml", file_stem(stem))
    };
    let mut what = error.detail().map_or_else(|| error.kind().to_string(), ToOwned::to_owned);
    // the innermost cause says what it was
    let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(error);
    let mut place = (file, error.line());
    while let Some(inner) = cause {
        if let Some(inner) = inner.downcast_ref::<Error>() {
            what = inner.detail().map_or_else(|| inner.kind().to_string(), ToOwned::to_owned);
            if let (Some(name), Some(line)) = (inner.name(), inner.line()) {
                place = (format!("letters/{name}"), Some(line));
            }
        }
        cause = inner.source();
    }
    for language in Language::ALL {
        let file = file_of(language);
        let said = format!(" in {}: ", language.tag());
        let key = what.strip_prefix("message ").and_then(|rest| rest.split_once(&said));
        if let Some((key, why)) = key
            && let Some(line) = own.get(&file).and_then(|text| line_of(text, key))
        {
            return Flaw { file, line: Some(line), what: format!("message {key}: {why}") };
        }
    }
    Flaw { file: place.0, line: place.1, what }
}

fn line_of(text: &str, key: &str) -> Option<usize> {
    let starts = |line: &str| line.split_once(" =").is_some_and(|(name, _)| name == key);
    text.lines().position(starts).map(|line| line + 1)
}

fn line_at(text: &str, byte: usize) -> usize {
    text.bytes().take(byte).filter(|byte| *byte == b'\n').count() + 1
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
            // what has no business in a letter, and would end up as `\u{…}` in an attribute
            c if c.is_control() && c != '\n' => Ok(()),
            c => out.write_fmt(format_args!("{c}")),
        }
        .map_err(|_| Error::new(ErrorKind::WriteFailure, "out of memory"))?;
    }
    Ok(())
}
