//! A CSV file with a header row.

use std::{fs::File, ops::RangeInclusive, path::Path, sync::Arc};

use super::{
    Failure, RowError,
    quotes::{Numbered, breaks},
};
use platform::kernel::text::{Email, ExternalId};

/// The file, its header read and judged.
pub struct Table {
    reader: csv::Reader<Numbered<File>>,
    header: Arc<Vec<String>>,
    /// Its size, for the progress bar.
    pub bytes: u64,
}

/// One row, by its columns' names.
#[derive(Clone, Debug)]
pub struct Row {
    /// The header is line 1; a quoted value may go over several.
    lines: RangeInclusive<u64>,
    /// Where it ends in the file, in bytes.
    pub end: u64,
    header: Arc<Vec<String>>,
    values: csv::StringRecord,
}

impl Row {
    /// The line that it begins in.
    pub const fn line(&self) -> u64 {
        *self.lines.start()
    }

    /// What is to be told of a row at fault that takes in several lines.
    pub fn extent(&self) -> String {
        extent(&self.lines)
    }

    /// The values that no other row may have, with their columns; as they are read, for what looks
    /// the same is the same.
    pub fn keys(&self) -> impl Iterator<Item = (&'static str, String)> + use<> {
        let email: Option<Email> = self.get("email").and_then(|email| email.parse().ok());
        let email = email.map(|email| ("email", email.key().to_owned()));
        self.id_in("external_id").map(|id| ("external_id", id)).into_iter().chain(email)
    }

    /// The id of another system in a column, as it is read.
    pub fn id_in(&self, column: &str) -> Option<String> {
        let id: ExternalId = self.get(column)?.parse().ok()?;
        Some(id.into_string())
    }

    /// The value of a column; `None` where it is empty or not there.
    pub fn get(&self, column: &str) -> Option<&str> {
        let position = self.header.iter().position(|name| name == column)?;
        self.values.get(position).map(str::trim).filter(|value| !value.is_empty())
    }
}

impl Table {
    /// # Errors
    /// A file that can't be read, an unknown, double or missing column.
    pub fn open(path: &Path, known: &[&str], required: &[&str]) -> Result<Self, Failure> {
        let refuse = |why: String| Failure::Refused(format!("{}: {why}", path.display()));
        let file = File::open(path).map_err(|error| refuse(error.to_string()))?;
        let bytes = file.metadata().map_err(|error| refuse(error.to_string()))?.len();
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(Numbered::new(file));
        let header: Vec<String> = reader
            .headers()
            .map_err(|error| refuse(format!("line 1: {error}")))?
            .iter()
            .map(|name| name.trim_start_matches('\u{feff}').trim().to_owned())
            .collect();
        if header.iter().any(|name| name.contains('\n')) {
            return Err(refuse("line 1: a quote opens, and is not closed in this line".to_owned()));
        }
        for (position, name) in header.iter().enumerate() {
            if !known.contains(&name.as_str()) {
                let known = known.join(",");
                return Err(refuse(format!("line 1: {name:?} is no column; there are {known}")));
            }
            if header[..position].contains(name) {
                return Err(refuse(format!("line 1: the column {name} is there twice")));
            }
        }
        for name in required {
            if !header.iter().any(|column| column == name) {
                return Err(refuse(format!("line 1: the column {name} is missing")));
            }
        }
        Ok(Self { reader, header: Arc::new(header), bytes })
    }

    /// Every row, or why it is none.
    pub fn rows(self) -> impl Iterator<Item = Result<Row, RowError>> {
        let Self { mut reader, header, .. } = self;
        std::iter::from_fn(move || {
            let mut values = csv::ByteRecord::new();
            let start = reader.position().byte();
            let read = reader.read_byte_record(&mut values);
            let line = reader.get_mut().line_of(start);
            let error = |column: String, message: String| RowError {
                line,
                column,
                code: "invalid_request".to_owned(),
                message,
            };
            match read {
                Ok(false) => return None,
                Ok(true) => {}
                Err(why) => return Some(Err(error(String::new(), why.to_string()))),
            }
            let lines = line..=line + breaks(values.as_slice());
            if let Some((opened, last)) = reader.get_ref().unclosed()
                && lines.contains(&opened)
            {
                // the value that it opens is the row's last
                let column = header.get(values.len().saturating_sub(1)).cloned();
                let message = unclosed(opened, last);
                return Some(Err(error(column.unwrap_or_default(), message)));
            }
            let end = reader.position().byte();
            Some(match judge(&header, &values) {
                Ok(values) => Ok(Row { lines, end, header: Arc::clone(&header), values }),
                Err((column, message)) => Err(error(column, message + &extent(&lines))),
            })
        })
    }
}

/// Tells of a quote that takes all lines with it.
fn unclosed(opened: u64, last: u64) -> String {
    let taken = match last - opened {
        0 => "no line follows it".to_owned(),
        1 => format!("line {last} is taken for a part of the value, and not imported"),
        lines => format!(
            "{lines} lines, {} to {last}, are taken for a part of the value, and not imported",
            opened + 1
        ),
    };
    format!("a quote opens in line {opened} and is never closed: {taken}")
}

/// Tells of a row that has lines which may be rows of their own.
fn extent(lines: &RangeInclusive<u64>) -> String {
    let (first, last) = (lines.start(), lines.end());
    if first == last {
        return String::new();
    }
    format!(" (quotes make lines {first} to {last} one row; none of them is imported)")
}

/// What is wrong with a row as a whole.
fn judge(header: &[String], row: &csv::ByteRecord) -> Result<csv::StringRecord, (String, String)> {
    if row.len() != header.len() {
        let (has, columns) = (row.len(), header.len());
        let message = format!("has {has} values where the header has {columns} columns");
        return Err((String::new(), message));
    }
    csv::StringRecord::from_byte_record(row.clone()).map_err(|error| {
        let column = header.get(error.utf8_error().field()).cloned().unwrap_or_default();
        (column, "is not UTF-8".to_owned())
    })
}
