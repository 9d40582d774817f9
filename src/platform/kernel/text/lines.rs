//! The lines of a file that somebody made elsewhere.

use std::str::Utf8Error;

/// Why a file's lines can't be told apart.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("is UTF-16: save the file as UTF-8")]
pub struct Utf16;

/// The lines of a text in UTF-8, with or without a byte order mark, whichever system ended them; a
/// line that is no UTF-8 is one all the same, and there is none behind the last end.
///
/// # Errors
/// [`Utf16`].
pub fn lines(bytes: &[u8]) -> Result<Vec<Result<&str, Utf8Error>>, Utf16> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(Utf16);
    }
    let mut rest = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut all = Vec::new();
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len());
        let (line, after) = rest.split_at(end);
        all.push(std::str::from_utf8(line));
        rest = after.strip_prefix(b"\r\n").or_else(|| after.get(1..)).unwrap_or_default();
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_system_ends_its_lines() {
        let read = |bytes| {
            let lines = lines(bytes).expect("lines");
            lines.into_iter().map(Result::ok).collect::<Vec<_>>()
        };
        let some = [Some("a"), Some(""), Some("b")];
        for text in ["a\n\nb", "a\r\n\r\nb\r\n", "a\r\rb\r", "\u{feff}a\n\nb\n"] {
            assert_eq!(read(text.as_bytes()), some, "{text:?}");
        }
        assert_eq!(read(b""), []);
        assert_eq!(read(b"G\xe6ft\nb"), [None, Some("b")]);
        assert_eq!(lines(b"\xff\xfea\0"), Err(Utf16));
    }
}
