//! A CSV file with a header row.

use std::{
    collections::VecDeque,
    fs::File,
    io::{self, Read},
    path::Path,
    sync::Arc,
};

use super::{Failure, RowError};

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
    /// The header is line 1.
    pub line: u64,
    /// Where it ends in the file, in bytes.
    pub end: u64,
    header: Arc<Vec<String>>,
    values: csv::StringRecord,
}

impl Row {
    /// The values that no other row may have, with their columns.
    pub fn keys(&self) -> impl Iterator<Item = (&'static str, String)> + '_ {
        let key = |column: &'static str| Some((column, self.get(column)?.to_lowercase()));
        ["external_id", "email"].into_iter().filter_map(key)
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
        let mut reader = csv::ReaderBuilder::new().from_reader(Numbered::new(file));
        let header: Vec<String> = reader
            .headers()
            .map_err(|error| refuse(format!("line 1: {error}")))?
            .iter()
            .map(|name| name.trim_start_matches('\u{feff}').trim().to_owned())
            .collect();
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
            let mut values = csv::StringRecord::new();
            let start = reader.position().byte();
            let read = reader.read_record(&mut values);
            let line = reader.get_mut().line_of(start);
            match read {
                Ok(false) => None,
                Ok(true) => {
                    let end = reader.position().byte();
                    Some(Ok(Row { line, end, header: Arc::clone(&header), values }))
                }
                Err(error) => Some(Err(RowError {
                    line,
                    column: column_of(&error, &header),
                    code: "invalid_request".to_owned(),
                    message: explain(&error),
                })),
            }
        })
    }
}

/// A file that remembers where its lines begin. The CSV reader's own count is of the row's end
/// before, so that it is off behind blank lines and where lines end in CRLF.
struct Numbered<R> {
    inner: R,
    /// How many bytes were read.
    bytes: u64,
    line: u64,
    at_start: bool,
    /// Byte and number of each line that is not blank, until a row behind it was read.
    starts: VecDeque<(u64, u64)>,
}

impl<R> Numbered<R> {
    const fn new(inner: R) -> Self {
        Self { inner, bytes: 0, line: 1, at_start: true, starts: VecDeque::new() }
    }

    /// The line of the row that begins at a byte, or behind blank lines there. Rows are asked for
    /// in order.
    fn line_of(&mut self, byte: u64) -> u64 {
        while self.starts.front().is_some_and(|(start, _)| *start < byte) {
            self.starts.pop_front();
        }
        self.starts.front().map_or(self.line, |(_, line)| *line)
    }
}

impl<R: Read> Read for Numbered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        for byte in &buffer[..read] {
            match byte {
                b'\n' => {
                    self.line += 1;
                    self.at_start = true;
                }
                b'\r' if self.at_start => {}
                _ if self.at_start => {
                    self.starts.push_back((self.bytes, self.line));
                    self.at_start = false;
                }
                _ => {}
            }
            self.bytes += 1;
        }
        Ok(read)
    }
}

/// The column that is at fault, where it is one.
fn column_of(error: &csv::Error, header: &[String]) -> String {
    let position = match error.kind() {
        csv::ErrorKind::Utf8 { err, .. } => Some(err.field()),
        _ => None,
    };
    position.and_then(|position| header.get(position).cloned()).unwrap_or_default()
}

fn explain(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("has {len} values where the header has {expected_len} columns")
        }
        csv::ErrorKind::Utf8 { .. } => "is not UTF-8".to_owned(),
        _ => error.to_string(),
    }
}
