//! From a rendered letter to a message by RFC 5322.

use std::time::{Duration, SystemTime};

use lettre::{
    Address, Message,
    message::{
        Attachment, Mailbox, MultiPart, SinglePart,
        header::{ContentType, HeaderName, HeaderValue},
    },
};

use super::letters::Rendered;
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
    /// When the letter is sent.
    pub date: Timestamp,
    /// Where one click says no; `None` for service letters.
    pub unsubscribe_url: Option<String>,
}

/// Why a letter can never be sent as it is.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unsendable(String);

/// Builds the message. The Message-ID and all else but the date are the same on every try.
///
/// # Errors
/// Where an address or a header holds what it must not.
pub fn build(envelope: &Envelope, letter: Rendered) -> Result<Message, Unsendable> {
    let id = envelope.id;
    let mut message = Message::builder()
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
    let wrong = || Unsendable("not an address that mail can go to".to_owned());
    let (local, _) = one_line(email.as_str())?.rsplit_once('@').ok_or_else(wrong)?;
    // the key has the domain in its ASCII form, which every mail server takes
    let (_, domain) = one_line(email.key())?.rsplit_once('@').ok_or_else(wrong)?;
    let address = Address::new(local, domain).map_err(|_| wrong())?;
    let name = name.map(one_line).transpose()?;
    Ok(Mailbox::new(name.map(str::to_owned), address))
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
