//! CSV by RFC 4180, safe to open in a spreadsheet.

use super::error::{Error, Result};

/// Writes a row.
///
/// # Errors
/// None in practice: it is written to memory.
pub fn record(out: &mut Vec<u8>, cells: &[impl AsRef<[u8]>]) -> Result<()> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(cells).map_err(|error| Error::Internal(Box::new(error)))?;
    out.extend(writer.into_inner().map_err(|error| Error::internal(error.error()))?);
    Ok(())
}

/// A text that no spreadsheet takes for a formula: what looks like one is led by an apostrophe, at
/// the text's beginning and wherever a cell begins for one that splits at semicolons, as they do
/// where a comma stands in numbers: behind a comma it knows no quotes.
#[must_use]
pub fn guarded(text: &str) -> String {
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
