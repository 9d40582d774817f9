//! A letter as its reader's mail program understands it: decoded, taken apart.

use mail_parser::{Message, MessageParser, MimeHeaders, PartType};

/// A parsed RFC 5322 message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    pub subject: String,
    pub from: Mailbox,
    pub to: Vec<Mailbox>,
    /// Without its angle brackets.
    pub message_id: String,
    /// The plain-text part; `None` when there is none, never one made up from the html.
    pub text: Option<String>,
    pub html: Option<String>,
    pub inline: Vec<Inline>,
    headers: Vec<(String, String)>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mailbox {
    pub name: Option<String>,
    pub address: String,
}

/// A part that the html shows by `cid:`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inline {
    pub content_id: String,
    /// Such as `image/png`.
    pub content_type: String,
    pub body: Vec<u8>,
}

impl Mail {
    /// # Panics
    /// When these bytes are no message, or it lacks a subject, a sender or a Message-ID.
    pub fn parse(raw: &[u8]) -> Self {
        let message = MessageParser::default().parse(raw).expect("a message");
        let mailboxes = |address: Option<&mail_parser::Address<'_>>| -> Vec<Mailbox> {
            address.map_or_else(Vec::new, |list| list.iter().map(Mailbox::of).collect())
        };
        Self {
            subject: message.subject().expect("a Subject header").to_owned(),
            from: mailboxes(message.from()).pop().expect("a From header"),
            to: mailboxes(message.to()),
            message_id: message.message_id().expect("a Message-ID header").to_owned(),
            text: body(&message, "plain"),
            html: body(&message, "html"),
            inline: message.parts.iter().filter_map(Inline::of).collect(),
            headers: message
                .headers_raw()
                .map(|(name, value)| (name.to_owned(), unfolded(value)))
                .collect(),
        }
    }

    /// The value of the first header of this name, unfolded, otherwise as it was sent.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(header, _)| header.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    pub fn inline(&self, content_id: &str) -> Option<&Inline> {
        self.inline.iter().find(|part| part.content_id == content_id)
    }
}

impl Mailbox {
    fn of(address: &mail_parser::Addr<'_>) -> Self {
        Self {
            name: address.name().map(str::to_owned),
            address: address.address().unwrap_or_default().to_owned(),
        }
    }
}

impl Inline {
    fn of(part: &mail_parser::MessagePart<'_>) -> Option<Self> {
        let kind = part.content_type()?;
        Some(Self {
            content_id: part.content_id()?.to_owned(),
            content_type: format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default()),
            body: part.contents().to_vec(),
        })
    }
}

/// The first part that really is text of this subtype and not an attachment.
fn body(message: &Message<'_>, subtype: &str) -> Option<String> {
    message
        .parts
        .iter()
        .filter(|part| part.content_disposition().is_none_or(|d| !d.is_attachment()))
        .find_map(|part| match &part.body {
            PartType::Text(text) if subtype == "plain" => Some(text.clone().into_owned()),
            PartType::Html(html) if subtype == "html" => Some(html.clone().into_owned()),
            _ => None,
        })
}

fn unfolded(value: &str) -> String {
    value.replace("\r\n", "").trim().to_owned()
}
