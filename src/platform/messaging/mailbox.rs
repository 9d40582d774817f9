//! Reading the mailbox folder of the demo, as its pages show it. All of it blocks on the disk.

use std::{fs, io, path::Path};

use base64::{Engine, prelude::BASE64_STANDARD};
use mail_parser::{Address, Message, MessageParser, MimeHeaders};

use crate::kernel::{clock::Timestamp, id::LetterId};

/// How many letters a list shows.
const LONGEST_LIST: usize = 200;
/// How large a letter may be that we open, in bytes.
const LARGEST: u64 = 5_000_000;
/// Headers that show what the mailer does.
const HEADERS: [&str; 4] =
    ["Message-ID", "Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post"];

/// A letter in a list, its headers decoded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Summary {
    /// The file's name, which [`open`] takes.
    pub file: String,
    pub from: String,
    pub to: String,
    pub subject: String,
    pub date: Option<Timestamp>,
}

/// A letter as its reader sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Opened {
    pub summary: Summary,
    /// Further headers worth a look, unfolded.
    pub headers: Vec<(&'static str, String)>,
    /// With its pictures inside, as `data:` URIs. Show it in a sandboxed frame.
    pub html: String,
    pub text: String,
}

/// The newest letters of the folder, newest first; none where there is no folder.
///
/// # Errors
/// The disk's own.
pub fn list(folder: &Path) -> io::Result<Vec<Summary>> {
    let mut names = names(folder)?;
    names.sort_unstable_by(|a, b| b.cmp(a));
    names.truncate(LONGEST_LIST);
    let mut letters = Vec::with_capacity(names.len());
    for name in names {
        if let Some(bytes) = read(folder, &name)? {
            letters.extend(MessageParser::default().parse(&bytes).map(|m| summary(name, &m)));
        }
    }
    Ok(letters)
}

fn names(folder: &Path) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut names = Vec::new();
    for entry in entries {
        names.extend(entry?.file_name().into_string().ok().filter(|name| is_letter(name)));
    }
    Ok(names)
}

/// One letter; `None` where the name is no letter's, or none of that name is there.
///
/// # Errors
/// The disk's own.
pub fn open(folder: &Path, file: &str) -> io::Result<Option<Opened>> {
    if !is_letter(file) {
        return Ok(None);
    }
    let Some(bytes) = read(folder, file)? else { return Ok(None) };
    let Some(message) = MessageParser::default().parse(&bytes) else { return Ok(None) };
    let mut html = message.body_html(0).unwrap_or_default().into_owned();
    for part in &message.parts {
        if let (Some(id), Some(kind)) = (part.content_id(), part.content_type()) {
            let kind = format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or("octet-stream"));
            let data = BASE64_STANDARD.encode(part.contents());
            html = html.replace(&format!("cid:{id}"), &format!("data:{kind};base64,{data}"));
        }
    }
    let text = message.body_text(0).unwrap_or_default().into_owned();
    let headers = HEADERS.into_iter().filter_map(|name| Some((name, header(&message, name)?)));
    let headers = headers.collect();
    Ok(Some(Opened { summary: summary(file.to_owned(), &message), headers, html, text }))
}

fn header(message: &Message<'_>, name: &str) -> Option<String> {
    let raw = message.header_raw(name)?;
    Some(raw.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The file of a letter, where it lies in the folder.
///
/// # Errors
/// The disk's own.
pub fn file_of(folder: &Path, letter: LetterId) -> io::Result<Option<String>> {
    let end = format!("-{letter}.eml");
    Ok(names(folder)?.into_iter().find(|name| name.ends_with(&end)))
}

/// A plain file name that ends in `.eml`: no folders, nothing hidden.
fn is_letter(name: &str) -> bool {
    name.len() <= 120
        && !name.starts_with('.')
        && name.rsplit_once('.').is_some_and(|(_, extension)| extension == "eml")
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

fn read(folder: &Path, name: &str) -> io::Result<Option<Vec<u8>>> {
    let path = folder.join(name);
    match fs::symlink_metadata(&path) {
        // a link could lead out of the folder
        Ok(meta) if meta.is_file() && meta.len() <= LARGEST => fs::read(&path).map(Some),
        Ok(_) => Ok(None),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn summary(file: String, message: &Message<'_>) -> Summary {
    let date = message.date().and_then(|date| date.to_rfc3339().parse().ok());
    Summary {
        file,
        from: people(message.from()),
        to: people(message.to()),
        subject: message.subject().unwrap_or_default().to_owned(),
        date,
    }
}

/// `Þórdís <thordis@example.com>`, one after the other.
fn people(address: Option<&Address<'_>>) -> String {
    let each = address.into_iter().flat_map(Address::iter);
    let written = each.map(|person| match (person.name(), person.address()) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (Some(word), None) | (None, Some(word)) => word.to_owned(),
        (None, None) => String::new(),
    });
    written.collect::<Vec<_>>().join(", ")
}
