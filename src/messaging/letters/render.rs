//! From a letter to html and text: one `MiniJinja` template a letter, rendered twice.
//!
//! `templates/letters/<name>.mjml` lists what the letter says, by the macros `para`, `button`,
//! `facts`, … of a kit. Rendered with `kit.mjml` it becomes MJML, and that becomes html; with
//! `kit.txt`, plain text. So both parts say the same, and none can forget a fact.

use std::{collections::HashMap, fmt, sync::LazyLock};

use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, State, UndefinedBehavior, Value, context,
    syntax::SyntaxConfig, value::Serde,
};
use mrml::prelude::render::RenderOptions;

use super::{Letter, Preference};
use crate::kernel::{
    color::Color, locale::Language, phrases::Phrases, qr, templates::speak, text::Email, zone::Zone,
};

/// What the program says of itself in a letter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sender {
    pub program_name: String,
    pub mail_from: Option<Email>,
    pub public_url: String,
    pub storefront_url: Option<String>,
    /// Where mail that comes back goes.
    pub return_path: Option<Email>,
    /// How many letters a host gets in a minute at most; 0: as many as there are.
    pub letters_per_host_per_minute: u32,
    pub brand_color: Color,
    pub logo_url: Option<String>,
    pub postal_address: Option<String>,
    /// The zone in which dates are told.
    pub zone: Zone,
    /// The reader's own link that switches off letters like this one; service letters ignore it.
    pub unsubscribe_url: Option<String>,
}

/// A picture inside a letter, shown as `cid:<content_id>`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Inline {
    pub content_id: &'static str,
    pub content_type: &'static str,
    pub bytes: Vec<u8>,
}

/// A letter as mail programs show it; the subject is one line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rendered {
    pub subject: String,
    pub html: String,
    pub text: String,
    pub inline: Vec<Inline>,
}

/// Why a letter can't be rendered: a fault of ours, the same on every try.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    #[error("template: {0:#}")]
    Template(#[from] Error),
    #[error("MJML: {0}")]
    Mjml(String),
}

const QR_ID: &str = "voucher-qr";

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

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        include_str!("../../../templates/locales/letters.en.ftl"),
        include_str!("../../../templates/locales/letters.is.ftl"),
    )
});

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
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
    speak(&mut templates, &PHRASES);
    let twice =
        LETTERS.iter().flat_map(|(html, text, source)| [(*html, *source), (*text, *source)]);
    for (name, source) in FRAMES.into_iter().chain(twice) {
        #[expect(
            clippy::expect_used,
            reason = "what is embedded is the same on every run: a test sees it"
        )]
        templates.add_template(name, source).expect("our templates parse");
    }
    templates
});

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

/// Makes the letter that `sender` writes, in `language`.
///
/// # Errors
/// Where a template, a message or a date is at fault; trying again will not help.
pub fn render(
    letter: &Letter,
    language: Language,
    sender: &Sender,
) -> Result<Rendered, RenderError> {
    let inline = qr_code(letter);
    let qr_id = (!inline.is_empty()).then_some(QR_ID);
    let page = |form| page(letter, language, sender, qr_id, form);
    let (mjml, _) = page("mjml")?;
    let (text, subject) = page("txt")?;
    Ok(Rendered { subject, html: html(&mjml)?, text: tidy(&text), inline })
}

/// The subject alone, of the letter as it is: [`Letter::masked`] first where others may see it.
///
/// # Errors
/// As [`render`].
pub fn subject(
    letter: &Letter,
    language: Language,
    sender: &Sender,
) -> Result<String, RenderError> {
    Ok(page(letter, language, sender, None, "txt")?.1)
}

/// One form of a letter, and its subject.
fn page(
    letter: &Letter,
    language: Language,
    sender: &Sender,
    qr_id: Option<&str>,
    form: &str,
) -> Result<(String, String), RenderError> {
    let name = letter.template();
    let context = context! {
        language => language.tag(),
        zone => sender.zone.name(),
        program_name => sender.program_name.clone(),
        mail_from => sender.mail_from.as_ref().map(Email::as_str),
        storefront_url => sender.storefront_url.clone(),
        logo_url => sender.logo_url.clone(),
        postal_address => sender.postal_address.clone(),
        color => colors(sender.brand_color),
        preference => letter.preference().map(Preference::name),
        unsubscribe_url => letter.preference().and(sender.unsubscribe_url.as_ref()),
        qr_id => qr_id,
        name => name,
        letter => Value::from(Serde(letter.clone())),
        layout => format!("layout.{form}"),
        kit => format!("kit.{form}"),
    };
    let template = TEMPLATES.get_template(&format!("{name}.{form}"))?;
    let mut page = template.render_captured(context)?;
    let subject = page.with_state_mut(|state| state.render_block("subject"))?;
    Ok((page.into_output(), one_line(&subject)))
}

/// The shop's colour, as it can be read on the light and on the dark paper of the layout.
fn colors(brand: Color) -> Value {
    let by_night = brand.readable_on(Color::rgb(0x22, 0x20, 0x1d));
    context! {
        button => brand.to_string(),
        button_ink => brand.ink().to_string(),
        link => brand.readable_on(Color::rgb(0xf5, 0xf2, 0xec)).to_string(),
        night => by_night.to_string(),
        night_ink => by_night.ink().to_string(),
    }
}

fn qr_code(letter: &Letter) -> Vec<Inline> {
    let picture = |bytes| Inline { content_id: QR_ID, content_type: "image/png", bytes };
    let code = letter.voucher().and_then(|voucher| qr::png(&voucher.code));
    code.map(picture).into_iter().collect()
}

fn html(mjml: &str) -> Result<String, RenderError> {
    let wrong = |error: &dyn fmt::Display| RenderError::Mjml(error.to_string());
    let page = mrml::parse(mjml).map_err(|error| wrong(&error))?;
    if let Some(warning) = page.warnings.first() {
        return Err(wrong(warning));
    }
    // by itself it would load fonts from elsewhere, which tells others who reads a letter and when
    let options = RenderOptions { fonts: HashMap::new(), ..RenderOptions::default() };
    page.element.render(&options).map_err(|error| wrong(&error))
}

/// A header is one line, whatever a name holds.
fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_control() || c.is_whitespace())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// At most one empty line in a row, none at the ends, no blanks before a line's end.
fn tidy(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    let mut gap = false;
    for line in text.lines().map(str::trim_end) {
        if line.is_empty() {
            gap = !tidy.is_empty();
            continue;
        }
        if gap {
            tidy.push('\n');
        }
        gap = false;
        tidy.push_str(line);
        tidy.push('\n');
    }
    tidy
}
