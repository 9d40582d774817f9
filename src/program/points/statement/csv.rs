//! A statement as CSV: RFC 4180, and safe to open in a spreadsheet.

use super::{api::Form, service::Statement};
use crate::{
    kernel::{
        clock::Timestamp,
        error::{Error, Result},
    },
    program::ledger::{Entry, Explanation},
};

/// The columns. `balance` runs through the statement: from the opening line to the closing one.
pub const COLUMNS: [&str; 16] = [
    "line",
    "occurred_at",
    "kind",
    "points",
    "balance",
    "explanation",
    "reason",
    "source_type",
    "source_id",
    "channel",
    "actor",
    "available_at",
    "expires_at",
    "recorded_at",
    "seq",
    "id",
];

/// A statement's records, a header row first.
#[derive(Default)]
pub struct Csv {
    balance: i64,
}

impl Form for Csv {
    fn open(&mut self, statement: &Statement, out: &mut Vec<u8>) -> Result<()> {
        self.balance = statement.opening_balance;
        record(out, &COLUMNS)?;
        edge(out, "opening", statement.stretch.from, self.balance)
    }

    fn line(&mut self, entry: Entry, explanation: Explanation, out: &mut Vec<u8>) -> Result<()> {
        self.balance += entry.points;
        let optional = |text: &Option<String>| text.as_deref().map(guarded).unwrap_or_default();
        let source = entry.source.as_ref();
        let cells = [
            "entry".to_owned(),
            entry.occurred_at.to_string(),
            entry.kind.to_string(),
            entry.points.to_string(),
            self.balance.to_string(),
            guarded(&explanation.text),
            optional(&entry.reason),
            source.map(|source| guarded(&source.kind)).unwrap_or_default(),
            source.map(|source| guarded(&source.id)).unwrap_or_default(),
            optional(&entry.channel),
            guarded(&entry.actor),
            entry.available_at.map(|at| at.to_string()).unwrap_or_default(),
            entry.expires_at.map(|at| at.to_string()).unwrap_or_default(),
            entry.recorded_at.to_string(),
            entry.seq.to_string(),
            entry.id.to_string(),
        ];
        record(out, &cells)
    }

    fn close(&mut self, statement: &Statement, out: &mut Vec<u8>) -> Result<()> {
        edge(out, "closing", statement.stretch.to, statement.closing_balance)
    }
}

fn edge(out: &mut Vec<u8>, line: &str, at: Timestamp, balance: i64) -> Result<()> {
    let mut cells = [const { String::new() }; COLUMNS.len()];
    [cells[0], cells[1], cells[4]] = [line.to_owned(), at.to_string(), balance.to_string()];
    record(out, &cells)
}

fn record(out: &mut Vec<u8>, cells: &[impl AsRef<[u8]>]) -> Result<()> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(cells).map_err(|error| Error::Internal(Box::new(error)))?;
    out.extend(writer.into_inner().map_err(|error| Error::internal(error.error()))?);
    Ok(())
}

/// A text that no spreadsheet takes for a formula: what looks like one is led by an apostrophe, at
/// the text's beginning and wherever a cell begins for one that splits at semicolons, as they do
/// where a comma stands in numbers: behind a comma it knows no quotes.
fn guarded(text: &str) -> String {
    let mut guarded = String::with_capacity(text.len() + 1);
    let mut begins = true;
    for (place, c) in text.char_indices() {
        if begins && starts_formula(&text[place..], place == 0) {
            guarded.push('\'');
        }
        guarded.push(c);
        begins = ends_cell(c);
    }
    guarded
}

const fn ends_cell(c: char) -> bool {
    matches!(c, ';' | '\t' | '\r' | '\n')
}

/// Whether a cell begins as a formula does, or a whole text with what would be dropped before one.
fn starts_formula(cell: &str, is_whole: bool) -> bool {
    let first = cell.chars().find(|c| ends_cell(*c) || !(c.is_whitespace() || *c == '"'));
    first.is_some_and(|c| match c {
        // spreadsheets take the full-width forms for the same
        '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' => true,
        '\t' | '\r' | '\n' => is_whole,
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_formula_is_led_by_an_apostrophe() {
        for text in
            ["=1+1", "+1", "-1", "@SUM(A1)", "\t1", "\r1", "  =1", "\u{a0}=1", " \t1", "＝1"]
        {
            assert_eq!(guarded(text), format!("'{text}"));
        }
        for text in ["", " ", "tea", "1-1", "a=b", " tea", "'=1", "20 points"] {
            assert_eq!(guarded(text), text);
        }
    }

    #[test]
    fn so_it_is_where_cells_begin_at_semicolons() {
        for (text, safe) in [
            ("tea;=1+1", "tea;'=1+1"),
            ("tea; =1;-2; so", "tea;' =1;'-2; so"),
            ("tea;\"=1\"", "tea;'\"=1\""),
            ("\"=1\"", "'\"=1\""),
            ("tea\n=1\n\n+2", "tea\n'=1\n\n'+2"),
            (";;@", ";;'@"),
            ("\t=1", "'\t'=1"),
        ] {
            assert_eq!(guarded(text), safe);
        }
        for text in ["tea; 'so'", "a;b=c", "1;2", "tea\nmilk", ";"] {
            assert_eq!(guarded(text), text);
        }
    }
}
