//! A statement as CSV: RFC 4180, and safe to open in a spreadsheet.

use super::Statement;
use crate::{
    kernel::error::{Error, Result},
    program::ledger::explain,
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

/// The statement, a header row first.
///
/// # Errors
/// None in practice: it is written to memory.
pub fn csv(statement: &Statement) -> Result<Vec<u8>> {
    let failed = |error: csv::Error| Error::Internal(Box::new(error));
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::with_capacity(256 * (statement.entries.len() + 3)));
    writer.write_record(COLUMNS).map_err(failed)?;
    let edge = |line: &str, at: String, balance: i64| {
        let mut cells =
            vec![line.to_owned(), at, String::new(), String::new(), balance.to_string()];
        cells.resize(COLUMNS.len(), String::new());
        cells
    };
    let mut balance = statement.opening_balance;
    writer.write_record(edge("opening", statement.from.to_string(), balance)).map_err(failed)?;
    for entry in &statement.entries {
        balance += entry.points;
        let explanation = explain(entry, statement.language, &statement.zone).text;
        let optional = |text: &Option<String>| text.as_deref().map(guarded).unwrap_or_default();
        let source = entry.source.as_ref();
        let cells = [
            "entry".to_owned(),
            entry.occurred_at.to_string(),
            entry.kind.to_string(),
            entry.points.to_string(),
            balance.to_string(),
            guarded(&explanation),
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
        writer.write_record(cells).map_err(failed)?;
    }
    let closing = edge("closing", statement.to.to_string(), statement.closing_balance);
    writer.write_record(closing).map_err(failed)?;
    writer.into_inner().map_err(|error| Error::internal(error.error()))
}

/// A text that no spreadsheet takes for a formula: what looks like one is led by an apostrophe.
fn guarded(text: &str) -> String {
    let first = text.chars().find(|c| matches!(c, '\t' | '\r' | '\n') || !c.is_whitespace());
    let starts_formula = first.is_some_and(|c| {
        // spreadsheets take the full-width forms for the same
        matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠')
    });
    if starts_formula { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_formula_is_led_by_an_apostrophe() {
        for text in
            ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r1", "  =1", "\u{a0}=1", " \t1", "＝1"]
        {
            assert_eq!(guarded(text), format!("'{text}"));
        }
        for text in ["", " ", "tea", "1-1", "a=b", " tea", "'=1", "20 points"] {
            assert_eq!(guarded(text), text);
        }
    }
}
