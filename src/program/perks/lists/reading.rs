//! A list of members as it comes: a CSV text, or JSON.

use super::MOST;
use platform::kernel::{
    error::Refusal,
    text::{self, ExternalId},
};

/// A line, and whom it names: a member's id, e-mail address, or number of the shop's. `None` where it
/// can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub line: i64,
    pub member: Option<String>,
}

/// Where a refusal says that something is wrong.
const FIELD: &str = "/members";
/// The names that a header may have.
const HEADERS: [&str; 5] = ["member", "member_id", "id", "email", "external_id"];

/// The lines of a text: its first column, under a header or none. Blank ones are left out.
///
/// # Errors
/// A text in UTF-16, or one that has no line, or too many.
pub fn text(bytes: &[u8]) -> Result<Vec<Line>, Refusal> {
    let rows = text::lines(bytes).map_err(|why| Refusal::field(FIELD, why.to_string()))?;
    // spreadsheets of half of Europe part columns by semicolons
    let has_semicolon = matches!(rows.first(), Some(Ok(line)) if line.contains(';'));
    let parted_by = if has_semicolon { b';' } else { b',' };
    let mut all = Vec::new();
    for (line, row) in (1..).zip(rows) {
        let first = row.map_or(None, |row| first_column(row, parted_by));
        let is_header = line == 1
            && first.as_deref().is_some_and(|name| HEADERS.contains(&name.to_lowercase().as_str()));
        if !is_header && !row.is_ok_and(|row| row.trim().is_empty()) {
            all.push(of(line, first.as_deref()));
        }
    }
    judged(all)
}

/// A line is a row of its own: whom it names goes over no end of line.
fn first_column(line: &str, parted_by: u8) -> Option<String> {
    let mut reader = csv::ReaderBuilder::new();
    let reader = reader.has_headers(false).delimiter(parted_by).buffer_capacity(line.len().max(1));
    let row = reader.from_reader(line.as_bytes()).into_records().next()?.ok()?;
    Some(row.get(0)?.trim().to_owned())
}

/// The lines of a list in JSON.
///
/// # Errors
/// An empty list, or one that is too long.
pub fn lines(members: &[String]) -> Result<Vec<Line>, Refusal> {
    judged((1..).zip(members).map(|(line, member)| of(line, Some(member.trim()))).collect())
}

fn of(line: i64, member: Option<&str>) -> Line {
    let readable = |text: &&str| text.is_empty() || text.parse::<ExternalId>().is_ok();
    Line { line, member: member.filter(readable).map(str::to_owned) }
}

fn judged(lines: Vec<Line>) -> Result<Vec<Line>, Refusal> {
    match lines.len() {
        0 => Err(Refusal::field(FIELD, "has nobody in it")),
        1..=MOST => Ok(lines),
        _ => Err(Refusal::field(FIELD, format!("must have at most {MOST} members"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text_: &str) -> Vec<(i64, Option<String>)> {
        let lines = text(text_.as_bytes()).expect("a list");
        lines.into_iter().map(|line| (line.line, line.member)).collect()
    }

    #[test]
    fn the_first_column_names_members() {
        let some = |line, text: &str| (line, Some(text.to_owned()));
        let both = vec![some(2, "a@example.com"), some(4, "b@example.com")];
        assert_eq!(read("email\na@example.com\n\nb@example.com\n"), both);
        assert_eq!(read("\u{feff}Email;Name\r\na@example.com;A\r\n\r\nb@example.com;B"), both);
        assert_eq!(read("C-1\n\"C 2\",x"), [some(1, "C-1"), some(2, "C 2")]);
        assert_eq!(read("C-1\r\nC-2\r\n\r\nC-3"), [some(1, "C-1"), some(2, "C-2"), some(4, "C-3")]);
        assert_eq!(read("C-1\rC-2"), [some(1, "C-1"), some(2, "C-2")]);
        assert_eq!(read(&format!("{}\nC-1", "x".repeat(201))), [(1, None), some(2, "C-1")]);
    }

    #[test]
    fn what_is_no_list_is_refused() {
        assert_eq!(
            text(b"C-1\nG\xe6ft\nC-2").expect("a list")[1].member,
            None,
            "a line is no UTF-8"
        );
        for bad in [&b""[..], b"\n\n", b"email\n", b"\xff\xfea\0"] {
            assert!(text(bad).is_err(), "{bad:?}");
        }
        assert!(text("a\n".repeat(MOST + 1).as_bytes()).is_err());
        assert!(lines(&[]).is_err());
    }
}
