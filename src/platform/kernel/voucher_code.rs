//! Vouchers' codes: drawn, written for people, and read however people type them.

use super::{
    chance::Chance,
    code,
    error::{FieldError, Refusal},
};

/// Digits of a code of ours: 80 bits of chance, and one that checks them. Those of before have
/// twelve, and none that checks.
pub const DIGITS: usize = 17;
/// The longest code that there is, typed without what parts it into groups.
pub const LONGEST: usize = 64;

/// A new code.
#[must_use]
pub fn draw(chance: &Chance) -> String {
    code::random_checked(chance, DIGITS)
}

/// A code as people read it: groups of four, the last of which takes one that would be alone.
#[must_use]
pub fn shown(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    let last = letters.len() - letters.len() % 4;
    let (groups, rest) =
        letters.split_at(if letters.len() % 4 == 1 && last > 0 { last - 4 } else { last });
    let mut groups: Vec<String> = groups.chunks(4).map(String::from_iter).collect();
    if !rest.is_empty() {
        groups.push(String::from_iter(rest));
    }
    groups.join("-")
}

/// What codes are known by: upper case, without what parts them into groups, and with the digits
/// for the letters that look like them. `None` where it can't be a code.
#[must_use]
pub fn key(typed: &str) -> Option<String> {
    let mut key = String::with_capacity(typed.len().min(LONGEST));
    for letter in typed.chars() {
        match letter.to_ascii_uppercase() {
            // hyphens of all kinds come with what was copied
            '-' | '_' | '.' | '\u{2010}'..='\u{2015}' => {}
            c if c.is_whitespace() => {}
            'O' => key.push('0'),
            'I' | 'L' => key.push('1'),
            c if c.is_ascii_alphanumeric() => key.push(c),
            _ => return None,
        }
    }
    (!key.is_empty() && key.len() <= LONGEST).then_some(key)
}

/// Whether a key is as long as a code of ours, and its last digit does not check the others.
#[must_use]
pub fn is_mistyped(key: &str) -> bool {
    key.len() == DIGITS && !code::checks(key)
}

/// What a typed code is known by.
///
/// # Errors
/// [`Refusal::NotFound`]; where a letter is mistyped, it says so.
pub fn read(typed: &str) -> Result<String, Refusal> {
    let key = key(typed).ok_or(Refusal::not_found("voucher"))?;
    if is_mistyped(&key) {
        return Err(Refusal::NotFound {
            what: "voucher: a letter of its code is mistyped",
            errors: vec![FieldError {
                pointer: "{code}".to_owned(),
                code: "mistyped",
                message: "has a letter that is mistyped: its check symbol does not fit".to_owned(),
            }],
        });
    }
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_written_in_groups() {
        for (code, written) in [
            ("K7Q01122ZZ9A", "K7Q0-1122-ZZ9A"),
            ("K7Q01122ZZ9AM4XK1", "K7Q0-1122-ZZ9A-M4XK1"),
            ("K7Q0112", "K7Q0-112"),
            ("K", "K"),
        ] {
            assert_eq!(shown(code), written);
        }
    }

    #[test]
    fn a_code_survives_how_people_type_it() {
        let code = draw(&Chance::seeded(3));
        let written = shown(&code);
        let spaced = written.replace('-', " \u{2013} ");
        let looks_alike = written.replace('0', "o").replace('1', "l");
        for typed in [&code, &written, &written.to_lowercase(), &spaced, &looks_alike] {
            assert_eq!(read(typed), Ok(code.clone()), "{typed}");
        }
        assert_eq!(read("k7q0 ii22-zz9a"), Ok("K7Q01122ZZ9A".to_owned()), "one of before");
    }

    #[test]
    fn a_wrong_letter_is_told_from_an_unknown_code() {
        let code = draw(&Chance::seeded(3));
        let told = |typed: &str| match read(typed) {
            Err(Refusal::NotFound { errors, .. }) => errors.first().map(|error| error.code),
            other => panic!("{typed}: {other:?}"),
        };
        let wrong = format!("{}{}", &code[..16], if code.ends_with('7') { '8' } else { '7' });
        assert_eq!(told(&wrong), Some("mistyped"));
        assert_eq!(told(&code.replace(&code[3..4], "U")), Some("mistyped"));
        assert_eq!(told("K7Q0<script>"), None);
        assert_eq!(told(""), None);
        assert_eq!(told(&"7".repeat(65)), None);
    }
}
