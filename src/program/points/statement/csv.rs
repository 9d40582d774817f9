//! A statement as CSV.

use super::{api::Form, service::Statement};
use crate::ledger::{Entry, Explanation};
use platform::kernel::{
    clock::Timestamp,
    csv::{guarded, record},
    error::Result,
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
