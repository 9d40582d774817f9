//! Codes of members' own choosing: what they may be, and when two of them look the same.

use std::{fmt, str::FromStr, sync::LazyLock};

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use platform::{kernel::wire, wire_text};

const SHORTEST: usize = 4;
const LONGEST: usize = 16;

/// A code that a member chose: letters from A to Z and digits, in capitals.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VanityCode(String);

/// Why a text can't be a code.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum NotACode {
    #[error("must be {SHORTEST} to {LONGEST} letters from A to Z and digits, a letter among them")]
    Form,
    #[error("can't be had: please choose another one")]
    Unwanted,
}

impl VanityCode {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What it looks like: two codes with the same skeleton are one code.
    #[must_use]
    pub fn skeleton(&self) -> String {
        skeleton(&self.0)
    }

    /// The codes of `length` digits that chance throws ([`platform::kernel::code::random`]) which look
    /// like this one.
    #[must_use]
    pub fn thrown_alike(&self, length: usize) -> Vec<String> {
        let skeleton: String = self.0.chars().map(seen).collect();
        if skeleton.len() != length {
            return Vec::new();
        }
        // chance throws no I, L, O and U
        let twin = |letter: char| match letter {
            '5' => Some('S'),
            '2' => Some('Z'),
            '8' => Some('B'),
            '6' => Some('G'),
            _ => None,
        };
        skeleton.chars().fold(vec![String::new()], |codes, letter| {
            let with = |added: char| {
                codes.iter().map(move |code| format!("{code}{added}")).collect::<Vec<_>>()
            };
            [Some(letter), twin(letter)].into_iter().flatten().flat_map(with).collect()
        })
    }

    /// Whether it holds one of these names, or all of them in a row: nobody's code is to pass for
    /// the shop, or for somebody of its staff. Short names stand in too many others, and count only
    /// where they are all of it.
    #[must_use]
    pub fn names(&self, name: &str) -> bool {
        let words: Vec<String> =
            name.split_whitespace().map(ascii).filter(|word| word.len() > 2).collect();
        let own = skeleton(&self.0);
        let whole = words.concat();
        words.iter().chain([&whole]).filter(|word| !word.is_empty()).any(|word| {
            let word = skeleton(word);
            own == word || word.len() > 4 && own.contains(&word)
        })
    }
}

/// The one of the letters and digits that look the same.
const fn seen(letter: char) -> char {
    match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        'U' => 'V',
        'S' => '5',
        'Z' => '2',
        'B' => '8',
        'G' => '6',
        other => other,
    }
}

/// The same for letters in a row.
fn skeleton(code: &str) -> String {
    code.chars().map(seen).collect::<String>().replace("VV", "W").replace("RN", "M")
}

/// What somebody typed as the skeleton of a code that they may mean; `None` where it can't be one.
#[must_use]
pub fn typed(text: &str) -> Option<String> {
    let letters = text.chars().filter(|c| !matches!(c, ' ' | '-'));
    let code: String = letters.collect();
    let plain = code.chars().all(|c| c.is_ascii_alphanumeric());
    (plain && (SHORTEST..=LONGEST).contains(&code.len())).then(|| skeleton(&code))
}

/// In ASCII capitals, as far as there are such: `Sigríður` is `SIGRIDUR`.
fn ascii(name: &str) -> String {
    let plain = name.nfkd().filter(|c| !is_combining_mark(*c));
    let mut text = String::new();
    for letter in plain.flat_map(char::to_lowercase) {
        match letter {
            'þ' => text.push_str("TH"),
            'ð' | 'đ' => text.push('D'),
            'æ' => text.push_str("AE"),
            'ø' => text.push('O'),
            'ß' => text.push_str("SS"),
            'ł' => text.push('L'),
            other if other.is_ascii_alphanumeric() => text.push(other.to_ascii_uppercase()),
            _ => {}
        }
    }
    text
}

/// As words are read in codes: digits that stand for letters, and letters that are said twice.
fn read_as_word(text: &str) -> String {
    let read = |letter: char| match letter.to_ascii_uppercase() {
        '0' => 'O',
        '1' | 'L' => 'I',
        '2' => 'Z',
        '3' => 'E',
        '4' => 'A',
        '5' => 'S',
        '6' | '9' => 'G',
        '7' => 'T',
        '8' => 'B',
        'V' => 'U',
        other => other,
    };
    let text = text.to_ascii_uppercase().replace("VV", "W").replace("PH", "F");
    let mut word = String::new();
    for letter in text.chars().map(read) {
        if !word.ends_with(letter) {
            word.push(letter);
        }
    }
    word
}

/// Words that no code may hold; those with an `=` before them stand in good words too, and no code
/// may be them.
static UNWANTED: LazyLock<Vec<(bool, String)>> = LazyLock::new(|| {
    let lines = include_str!("unwanted.txt").lines().map(str::trim);
    let words = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    words
        .map(|word| match word.strip_prefix('=') {
            Some(word) => (true, read_as_word(word)),
            None => (false, read_as_word(word)),
        })
        .collect()
});

fn is_unwanted(code: &str) -> bool {
    let read = read_as_word(code);
    // a number behind a word makes it no other word
    let bare = read_as_word(code.trim_end_matches(|c: char| c.is_ascii_digit()));
    UNWANTED.iter().any(|(whole, word)| match whole {
        true => read == *word || bare == *word,
        false => read.contains(word),
    })
}

impl FromStr for VanityCode {
    type Err = NotACode;

    fn from_str(text: &str) -> Result<Self, NotACode> {
        let code: String = text.trim().chars().filter(|c| *c != '-').collect();
        let code = code.to_ascii_uppercase();
        let plain = code.chars().all(|c| c.is_ascii_alphanumeric());
        let named = code.chars().any(|c| c.is_ascii_alphabetic());
        if !plain || !named || !(SHORTEST..=LONGEST).contains(&code.len()) {
            return Err(NotACode::Form);
        }
        if is_unwanted(&code) {
            return Err(NotACode::Unwanted);
        }
        Ok(Self(code))
    }
}

impl fmt::Display for VanityCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

wire_text! { [] VanityCode, "VanityCode", wire::text_of(SHORTEST, LONGEST).examples(["THORDIS"]) }

#[cfg(test)]
mod tests {
    use super::*;
    use platform::kernel::{chance::Chance, code};

    fn of(text: &str) -> VanityCode {
        text.parse().expect("a code")
    }

    #[test]
    fn codes_that_look_the_same_are_one() {
        assert_eq!(of("thordis").as_str(), "THORDIS");
        for (a, b) in [
            ("THORDIS", "TH0RD1S"),
            ("GUDRUN", "GVDRVN"),
            ("BESSI", "8E551"),
            ("WALTER", "VVALTER"),
            ("MAMA1", "MARNA1"),
        ] {
            assert_eq!(of(a).skeleton(), of(b).skeleton());
        }
        assert_ne!(of("ANNA").skeleton(), of("ANNE").skeleton());
        assert_eq!(typed(" tho-rdis "), Some(of("THORDIS").skeleton()));
        assert_eq!(typed("<script>"), None);
    }

    #[test]
    fn what_chance_throws_and_looks_alike_is_found() {
        let chance = Chance::seeded(3);
        for _ in 0..200 {
            let thrown = code::random(&chance, 8);
            let typed = thrown.replace('0', "O").replace('1', "L").replace('5', "S");
            let Ok(code) = typed.parse::<VanityCode>() else { continue };
            assert!(code.thrown_alike(8).contains(&thrown), "{thrown} as {typed}");
        }
        assert_eq!(of("ANNA").thrown_alike(8), Vec::<String>::new());
    }

    #[test]
    fn bad_words_are_seen_however_they_are_spelt() {
        for bad in [
            "FUCKYOU", "5H1T", "XSHITX", "N4Z1", "HELVITI", "SEX1", "ADMIN", "sh1t4", "FUCCK",
            "PHUCK", "VVHORE", "HORA", "FAGG0T", "OFFICIAL",
        ] {
            assert_eq!(bad.parse::<VanityCode>(), Err(NotACode::Unwanted), "{bad}");
        }
        for good in [
            "KLASSI",
            "BASSI",
            "SUSSEX",
            "ESSEX",
            "ANNA",
            "THORDIS",
            "GUDRUN",
            "HILDUR",
            "THORA",
            "THORARINN",
            "FRIDA",
            "JANUS",
            "HALDORA",
            "DICKENS",
            "GRAPE",
            "SATURDAY",
            "SPICE",
        ] {
            assert!(good.parse::<VanityCode>().is_ok(), "{good}");
        }
        for bad in ["ABC", "1234", "ÞÓRDÍS", "A B C", "ABCDEFGHIJKLMNOPQ", ""] {
            assert_eq!(bad.parse::<VanityCode>(), Err(NotACode::Form), "{bad}");
        }
    }

    #[test]
    fn a_code_is_not_the_name_of_somebody_of_the_staff() {
        assert!(of("SIGRIDUR").names("Sigríður Þórsdóttir"));
        assert!(of("S1GR1DVR").names("Sigríður"));
        assert!(of("THORSDOTTIR").names("Sigríður Þórsdóttir"));
        assert!(of("JONTHOR").names("Jón Þór"));
        assert!(of("IAMSIGRIDUR").names("Sigríður"));
        assert!(of("BOKAKAFFI2").names("Bókakaffi Lóa"));
        assert!(of("JONA").names("Jóna") && !of("JONATAN").names("Jóna"));
        assert!(!of("SIGGA").names("Sigríður"));
        assert!(!of("ANNA").names(""));
    }
}
