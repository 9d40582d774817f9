//! A CSV file with a header row.

use std::{fs::File, path::Path, sync::Arc};

use super::{Failure, RowError};

/// The file, its header read and judged.
pub struct Table {
    reader: csv::Reader<File>,
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
        let mut reader = csv::ReaderBuilder::new().from_reader(file);
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
            let line = reader.position().line();
            match reader.read_record(&mut values) {
                Ok(false) => None,
                Ok(true) => {
                    let line = values.position().map_or(line, csv::Position::line);
                    let end = reader.position().byte();
                    Some(Ok(Row { line, end, header: Arc::clone(&header), values }))
                }
                Err(error) => Some(Err(RowError {
                    line: error.position().map_or(line, csv::Position::line),
                    column: column_of(&error, &header),
                    code: "invalid_request".to_owned(),
                    message: explain(&error),
                })),
            }
        })
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
