//! A shop's own files, as they are before anything is made of them: which may be there, how large,
//! and how deep. Whoever parses them may go as deep as they do.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, fs, io,
    path::{Path, PathBuf},
};

use super::depth;
use crate::kernel::phrases::{defined, keys};

/// The largest file that is read, in bytes.
const LARGEST: u64 = 256 * 1024;

/// A shop's own files, by their names below its folder.
pub type Own = BTreeMap<String, String>;

/// Something in a shop's own templates and texts that can't be used.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Flaw {
    pub file: String,
    pub line: Option<usize>,
    pub what: String,
}

impl Flaw {
    pub fn new(file: &str, line: Option<usize>, what: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, what: what.into() }
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.what),
            None => write!(f, "{}: {}", self.file, self.what),
        }
    }
}

/// Reads a shop's folder; what has no name of ours is a flaw, for nothing would ever use it.
///
/// # Errors
/// All that can't be read, or should not be.
pub fn read(folder: &Path, known: &[String]) -> Result<Own, Vec<Flaw>> {
    let cant = |path: &Path, why: &io::Error| {
        vec![Flaw::new(&path.display().to_string(), None, why.to_string())]
    };
    let mut own = Own::new();
    let mut flaws = Vec::new();
    for path in entries(folder).map_err(|why| cant(folder, &why))? {
        let below = name_of(&path);
        if !(path.is_dir() && ["letters", "locales"].contains(&below.as_str())) {
            let what = "is never used: your own go into letters/ and locales/";
            flaws.push(Flaw::new(&below, None, what));
            continue;
        }
        for file in entries(&path).map_err(|why| cant(&path, &why))? {
            let name = format!("{below}/{}", name_of(&file));
            if !known.contains(&name) {
                let what =
                    format!("is no file that a letter is made of; those are {}", known.join(", "));
                flaws.push(Flaw::new(&name, None, what));
                continue;
            }
            match text(&file) {
                Ok(text) => {
                    flaws.extend(too_deep(&name, &text));
                    own.insert(name, text);
                }
                Err(why) => flaws.push(Flaw::new(&name, None, why)),
            }
        }
    }
    if own.is_empty() && flaws.is_empty() {
        let what = "has no letters/ and no locales/ with files in them";
        flaws.push(Flaw::new(&folder.display().to_string(), None, what));
    }
    if flaws.is_empty() { Ok(own) } else { Err(flaws) }
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// What is in a folder, but for what is hidden.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let all = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path()));
    let mut all: Vec<PathBuf> = all.collect::<io::Result<_>>()?;
    all.retain(|path| !name_of(path).starts_with('.'));
    all.sort();
    Ok(all)
}

fn text(file: &Path) -> Result<String, String> {
    let size = fs::metadata(file).map_err(|why| why.to_string())?;
    if !size.is_file() {
        return Err("is no file".to_owned());
    }
    if size.len() > LARGEST {
        return Err(format!("has more than {} KiB", LARGEST / 1024));
    }
    fs::read_to_string(file).map_err(|why| why.to_string())
}

fn too_deep(file: &str, text: &str) -> Option<Flaw> {
    let (at, what) = match file.rsplit_once('.') {
        Some((_, "ftl")) => depth::of_messages(text)?,
        _ => depth::of_template(text)?,
    };
    Some(Flaw::new(file, Some(line_at(text, at)), what))
}

/// Messages that are there twice, and those that no letter says: most likely their names are
/// misspelt.
pub fn odd_messages(own: &Own, files: [&str; 2], ours: &str) -> Vec<Flaw> {
    let known = keys(ours);
    let says = |key: &str| {
        own.iter().any(|(name, text)| {
            name.starts_with("letters/") && text.contains(&format!("\"{key}\""))
        })
    };
    let mut flaws = Vec::new();
    for file in files {
        let mut seen = BTreeSet::new();
        for (line, key) in defined(own.get(file).map_or("", String::as_str)) {
            let what = if !seen.insert(key) {
                format!("the message {key} is there twice")
            } else if !key.starts_with('-') && !known.contains(key) && !says(key) {
                format!("no letter says the message {key}")
            } else {
                continue;
            };
            flaws.push(Flaw::new(file, Some(line), what));
        }
    }
    flaws
}

/// Tags of its own in a letter's template, which is written as text too.
pub fn own_tags(own: &Own, file: &str) -> Option<Flaw> {
    let text = own.get(file)?;
    let at = depth::first_tag(text)?;
    let what = "only the kit's macros may be used, such as kit.para(…): a tag of its own would stand \
                in the letter's plain text, too";
    Some(Flaw::new(file, Some(line_at(text, at)), what))
}

/// In which line a message begins.
pub fn line_of(text: &str, key: &str) -> Option<usize> {
    defined(text).find(|(_, name)| *name == key).map(|(line, _)| line)
}

/// In which line a byte is.
pub fn line_at(text: &str, byte: usize) -> usize {
    text.bytes().take(byte).filter(|byte| *byte == b'\n').count() + 1
}
