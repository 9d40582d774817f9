//! A list of codes as it comes: a text with a code a line, or JSON.

use serde::Deserialize;
use utoipa::ToSchema;

use super::Flaw;
use platform::kernel::{
    error::Refusal,
    text::lines,
    voucher_code::{is_mistyped, key},
};

/// Where a refusal says that something is wrong.
const FIELD: &str = "/codes";
/// The shortest code, without what parts it.
const SHORTEST: usize = 4;

/// A list as JSON.
#[derive(Deserialize, ToSchema)]
#[schema(as = RewardCodes)]
#[serde(deny_unknown_fields)]
pub struct List {
    #[schema(example = json!(["GIFT-7KQ2-M4XK", "GIFT-9RTB-0112"]))]
    pub codes: Vec<String>,
}

/// A line of a list, and the code on it: what it is known by, and as it was written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    pub line: usize,
    pub code: Result<(String, String), Flaw>,
}

impl List {
    #[must_use]
    pub fn lines(self) -> Vec<Line> {
        let codes = self.codes.iter().enumerate();
        codes.map(|(place, code)| Line { line: place + 1, code: one(code) }).collect()
    }
}

/// The lines of a text, as [`text`] reads it.
///
/// # Errors
/// As [`text`]; a list without a line.
pub fn read(bytes: &[u8]) -> Result<Vec<Line>, Refusal> {
    some(text(bytes)?)
}

/// # Errors
/// A list without a line.
pub fn some(lines: Vec<Line>) -> Result<Vec<Line>, Refusal> {
    if lines.is_empty() { Err(Refusal::field(FIELD, "has no codes")) } else { Ok(lines) }
}

/// Reads a text, under a header `code` or none, with or without quotes.
///
/// # Errors
/// A text in UTF-16, of which no line can be told.
fn text(bytes: &[u8]) -> Result<Vec<Line>, Refusal> {
    let lines = lines(bytes).map_err(|why| Refusal::field(FIELD, why.to_string()))?;
    let is_header = |line: usize, text: &str| {
        let name = text.trim().trim_matches('"');
        line == 1 && (name.eq_ignore_ascii_case("code") || name.eq_ignore_ascii_case("codes"))
    };
    let rows =
        (1..).zip(lines).filter(|(line, text)| !text.is_ok_and(|text| is_header(*line, text)));
    let code = |text: Result<&str, _>| text.map_err(|_| Flaw::NotUtf8).and_then(column);
    Ok(rows.map(|(line, text)| Line { line, code: code(text) }).collect())
}

/// The only column of a line.
fn column(line: &str) -> Result<(String, String), Flaw> {
    let line = line.trim();
    let quoted = line.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let text = quoted.unwrap_or(line);
    if text.contains([',', ';', '\t']) {
        return Err(Flaw::SeveralColumns);
    }
    one(text)
}

fn one(text: &str) -> Result<(String, String), Flaw> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Flaw::Blank);
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ');
    let parted = text.chars().all(plain) && text.len() <= 100;
    let key = key(text).filter(|key| parted && key.len() >= SHORTEST).ok_or(Flaw::NotACode)?;
    if is_mistyped(&key) {
        return Err(Flaw::Ambiguous);
    }
    Ok((key, text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: &[u8]) -> Vec<(usize, Result<String, Flaw>)> {
        let lines = text(bytes).expect("a list");
        lines.into_iter().map(|line| (line.line, line.code.map(|(_, code)| code))).collect()
    }

    #[test]
    fn lines_are_told_by_their_number() {
        let list =
            b"\xef\xbb\xbfCode\r\nGIFT-0001\r\n\r\n  \"gift 0002\" \nG\xe6FT-0003\nGIFT-0004;12\n\
            abc\nGIF\xc3\x86-0005\nGIFT-0006";
        assert_eq!(
            told(list),
            [
                (2, Ok("GIFT-0001".to_owned())),
                (3, Err(Flaw::Blank)),
                (4, Ok("gift 0002".to_owned())),
                (5, Err(Flaw::NotUtf8)),
                (6, Err(Flaw::SeveralColumns)),
                (7, Err(Flaw::NotACode)),
                (8, Err(Flaw::NotACode)),
                (9, Ok("GIFT-0006".to_owned())),
            ]
        );
        assert_eq!(told(b""), []);
        assert_eq!(told(b"AAAA\rBBBB\r"), [(1, Ok("AAAA".into())), (2, Ok("BBBB".into()))]);
        assert!(text(b"\xff\xfeA\0").is_err(), "UTF-16");
    }

    #[test]
    fn a_code_that_would_be_told_mistyped_is_refused() {
        assert_eq!(one("K7Q0-1122-ZZ9A-M4XK2"), Err(Flaw::Ambiguous));
        assert_eq!(one("K7Q0-1122-ZZ9A-M4XK1").map(|(key, _)| key), Ok("K7Q01122ZZ9AM4XK1".into()));
        assert_eq!(one("a.b_c-d").map(|(key, _)| key), Ok("ABCD".into()));
        assert_eq!(one(&"7".repeat(65)), Err(Flaw::NotACode));
    }
}
