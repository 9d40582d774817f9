//! From a letter to html and text: one `MiniJinja` template a letter, rendered twice.
//!
//! `templates/letters/<name>.mjml` lists what the letter says, by the macros `para`, `button`,
//! `facts`, … of a kit. Rendered with `kit.mjml` it becomes MJML, and that becomes html; with
//! `kit.txt`, plain text. So both parts say the same, and none can forget a fact.

use std::{collections::HashMap, fmt};

use base64::{Engine, prelude::BASE64_STANDARD};
use minijinja::{Error, Value, context, value::Serde};
use mrml::prelude::render::RenderOptions;

use super::{
    Letter, Preference, depth,
    stationery::{Stationery, in_use},
};
use crate::kernel::{color::Color, holidays, locale::Language, qr, text::Email, zone::Zone};

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

impl Rendered {
    /// The html with its pictures in it, for a browser.
    #[must_use]
    pub fn standalone(&self) -> String {
        let mut html = self.html.clone();
        for inline in &self.inline {
            let bytes = BASE64_STANDARD.encode(&inline.bytes);
            let data = format!("data:{};base64,{bytes}", inline.content_type);
            html = html.replace(&format!("cid:{}", inline.content_id), &data);
        }
        html
    }
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

/// Makes the letter that `sender` writes, in `language`.
///
/// # Errors
/// Where a template, a message or a date is at fault; trying again will not help.
pub fn render(
    letter: &Letter,
    language: Language,
    sender: &Sender,
) -> Result<Rendered, RenderError> {
    render_on(in_use(), letter, language, sender)
}

/// The same on stationery that is not in use (yet).
pub fn render_on(
    on: &Stationery,
    letter: &Letter,
    language: Language,
    sender: &Sender,
) -> Result<Rendered, RenderError> {
    let inline = qr_code(letter);
    let qr_id = (!inline.is_empty()).then_some(QR_ID);
    let page = |form| page(on, letter, language, sender, qr_id, form);
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
    Ok(page(in_use(), letter, language, sender, None, "txt")?.1)
}

/// One form of a letter, and its subject.
fn page(
    on: &Stationery,
    letter: &Letter,
    language: Language,
    sender: &Sender,
    qr_id: Option<&str>,
    form: &str,
) -> Result<(String, String), RenderError> {
    let name = letter.template();
    let is_solemn =
        matches!(letter, Letter::Holiday(_)) && letter.holiday().is_some_and(holidays::is_solemn);
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
        said => if is_solemn { "solemn" } else { name },
        letter => Value::from(Serde(letter.clone())),
        layout => format!("layout.{form}"),
        kit => format!("kit.{form}"),
    };
    let template = on.templates.get_template(&format!("{name}.{form}"))?;
    let mut page = template.render_captured(context)?;
    let subject = page.with_state_mut(|state| state.render_block("subject"))?;
    Ok((page.into_output(), one_line(&subject)))
}

/// The shop's colour, as it can be read on the light and on the dark paper of the layout.
fn colors(brand: Color) -> Value {
    let night_paper = Color::rgb(0x22, 0x20, 0x1d);
    let by_night = brand.readable_on(night_paper);
    let link = brand.readable_on(Color::rgb(0xf5, 0xf2, 0xec));
    let tint = link.towards(Color::WHITE, 9);
    context! {
        button => brand.to_string(),
        button_ink => brand.ink().to_string(),
        link => link.to_string(),
        line => link.towards(Color::WHITE, 5).to_string(),
        tint => tint.to_string(),
        tint_ink => link.readable_on(tint).to_string(),
        night => by_night.to_string(),
        night_ink => by_night.ink().to_string(),
        night_line => by_night.towards(night_paper, 5).to_string(),
        night_tint => by_night.towards(night_paper, 9).to_string(),
    }
}

fn qr_code(letter: &Letter) -> Vec<Inline> {
    let picture = |bytes| Inline { content_id: QR_ID, content_type: "image/png", bytes };
    let code = letter.voucher().and_then(|voucher| qr::png(&voucher.code));
    code.map(picture).into_iter().collect()
}

fn html(mjml: &str) -> Result<String, RenderError> {
    let wrong = |error: &dyn fmt::Display| RenderError::Mjml(error.to_string());
    if depth::is_too_deep(mjml) {
        return Err(wrong(&"it is nested too deep"));
    }
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
