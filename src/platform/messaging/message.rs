//! From a rendered letter to a message by RFC 5322.

use std::time::{Duration, SystemTime};

use lettre::{
    Address,
    message::{
        Attachment, Mailbox, MessageBuilder, MultiPart, SinglePart,
        header::{ContentType, HeaderName, HeaderValue},
    },
};

use super::{dkim::Signer, letters::Rendered};
use crate::kernel::{clock::Timestamp, id::LetterId, text::Email};

/// All that a message says outside its body.
#[derive(Clone, Debug)]
pub struct Envelope {
    pub id: LetterId,
    pub from: Email,
    pub from_name: String,
    pub to: Email,
    pub to_name: Option<String>,
    /// The program's own address; its host is the right side of the Message-ID.
    pub public_url: String,
    /// Where what comes back goes, the letter's id added to it (VERP); `None`: to `from`.
    pub return_path: Option<Email>,
    /// When the letter is sent.
    pub date: Timestamp,
    /// Where one click says no; `None` for service letters.
    pub unsubscribe_url: Option<String>,
}

/// Why a letter can never be sent as it is.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unsendable(String);

/// A message as a mail server takes it.
#[derive(Clone, Debug)]
pub struct Message {
    pub envelope: lettre::address::Envelope,
    pub bytes: Vec<u8>,
}

/// Builds the message, and signs it where there is a `signer`. The Message-ID and all else but the
/// date are the same on every try.
///
/// # Errors
/// Where an address or a header holds what it must not.
pub fn build(
    envelope: &Envelope,
    letter: Rendered,
    signer: Option<&Signer>,
) -> Result<Message, Unsendable> {
    let message = compose(envelope, letter)?;
    let to = address(&envelope.to)?;
    let back = match &envelope.return_path {
        Some(path) => returning(path, envelope.id)?,
        None => address(&envelope.from)?,
    };
    let route = lettre::address::Envelope::new(Some(back), vec![to])
        .map_err(|error| Unsendable(error.to_string()))?;
    let mut bytes = message.formatted();
    if let Some(signer) = signer {
        let text = str::from_utf8(&bytes).map_err(|error| Unsendable(error.to_string()))?;
        let (_, domain) = envelope.from.key().rsplit_once('@').unwrap_or_default();
        let header = signer.header(domain, text, envelope.date).map_err(Unsendable)?;
        bytes.splice(0..0, header.into_bytes());
    }
    Ok(Message { envelope: route, bytes })
}

/// Where this letter comes back to: `bounces+let_…@shop.example`.
fn returning(path: &Email, id: LetterId) -> Result<Address, Unsendable> {
    let (local, domain) = path.key().rsplit_once('@').unwrap_or_default();
    Address::new(format!("{local}+{id}"), domain)
        .map_err(|_| Unsendable(format!("no letter's id can be added to {path}")))
}

/// The letter that an address of [`returning`] names.
#[must_use]
pub fn returned(address: &str) -> Option<LetterId> {
    address.rsplit_once('@')?.0.rsplit_once('+')?.1.parse().ok()
}

/// The letter whose Message-ID this is.
#[must_use]
pub fn letter_of(message_id: &str) -> Option<LetterId> {
    message_id.trim().trim_start_matches('<').split('@').next()?.parse().ok()
}

fn compose(envelope: &Envelope, letter: Rendered) -> Result<lettre::Message, Unsendable> {
    let id = envelope.id;
    let mut message: MessageBuilder = lettre::Message::builder()
        .from(mailbox(Some(&envelope.from_name), &envelope.from)?)
        .to(mailbox(envelope.to_name.as_deref(), &envelope.to)?)
        .subject(one_line(&letter.subject)?)
        .date(system_time(envelope.date))
        .raw_header(verbatim("Message-ID", &format!("<{id}@{}>", host(&envelope.public_url)))?)
        // asks holiday and out-of-office robots not to answer (RFC 3834)
        .raw_header(verbatim("Auto-Submitted", "auto-generated")?);
    if let Some(url) = &envelope.unsubscribe_url {
        message = message
            .raw_header(verbatim("List-Unsubscribe", &format!("<{url}>"))?)
            .raw_header(verbatim("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")?);
    }
    let mut html = MultiPart::related()
        .boundary(format!("related-{id}"))
        .singlepart(SinglePart::html(letter.html));
    for inline in letter.inline {
        let kind = ContentType::parse(inline.content_type)
            .map_err(|error| Unsendable(format!("{}: {error}", inline.content_type)))?;
        let picture = Attachment::new_inline(inline.content_id.to_owned());
        html = html.singlepart(picture.body(inline.bytes, kind));
    }
    let body = MultiPart::alternative()
        .boundary(format!("alternative-{id}"))
        .singlepart(SinglePart::plain(letter.text))
        .multipart(html);
    message.multipart(body).map_err(|error| Unsendable(error.to_string()))
}

/// Refuses what could end a header or a command and begin another. The mail library has an open
/// hole here (RUSTSEC-2026-0561), so nothing reaches it unseen.
fn one_line(text: &str) -> Result<&str, Unsendable> {
    if text.chars().any(char::is_control) {
        return Err(Unsendable("a header or address holds a control character".to_owned()));
    }
    Ok(text)
}

fn mailbox(name: Option<&str>, email: &Email) -> Result<Mailbox, Unsendable> {
    let name = name.map(one_line).transpose()?;
    Ok(Mailbox::new(name.map(str::to_owned), address(email)?))
}

fn address(email: &Email) -> Result<Address, Unsendable> {
    let wrong = || Unsendable("not an address that mail can go to".to_owned());
    let (local, _) = one_line(email.as_str())?.rsplit_once('@').ok_or_else(wrong)?;
    // the key has the domain in its ASCII form, which every mail server takes
    let (_, domain) = one_line(email.key())?.rsplit_once('@').ok_or_else(wrong)?;
    Address::new(local, domain).map_err(|_| wrong())
}

/// A header of visible ASCII, as it is: folding or encoding would break a link or an id.
fn verbatim(name: &'static str, value: &str) -> Result<HeaderValue, Unsendable> {
    let plain = value.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
    if !plain || value.len() > 900 {
        return Err(Unsendable(format!("{name} can't hold this value")));
    }
    let name = HeaderName::new_from_ascii_str(name);
    Ok(HeaderValue::dangerous_new_pre_encoded(name, value.to_owned(), value.to_owned()))
}

fn system_time(at: Timestamp) -> SystemTime {
    let seconds = u64::try_from(at.as_second()).unwrap_or(0);
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

/// The host of a URL, for the right side of a Message-ID.
fn host(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default();
    let plain = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte));
    if host.is_empty() || !plain { "localhost".to_owned() } else { host.to_ascii_lowercase() }
}
