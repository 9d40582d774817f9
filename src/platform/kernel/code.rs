//! Crockford base32: the alphabet of ids, referral codes and vouchers (no I, L, O, U to misread).
//! Source: <https://www.crockford.com/base32.html>.

use super::chance::Chance;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Writes 128 bits as 26 lower-case digits, most significant first.
#[must_use]
pub fn encode_u128(mut value: u128) -> String {
    let mut digits = [b'0'; 26];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[(value & 31) as usize];
        value >>= 5;
    }
    digits.iter().map(|&d| char::from(d)).collect()
}

/// Reads what [`encode_u128`] wrote; strict: lower case, 26 digits, no overflow.
#[must_use]
pub fn decode_u128(text: &str) -> Option<u128> {
    if text.len() != 26 || text.as_bytes()[0] > b'7' {
        return None;
    }
    text.bytes().try_fold(0u128, |value, digit| {
        let position = ALPHABET.iter().position(|&d| d == digit)?;
        Some((value << 5) | position as u128)
    })
}

/// A random code of `length` upper-case digits, five bits of chance each.
#[must_use]
pub fn random(chance: &Chance, length: usize) -> String {
    let mut code = String::with_capacity(length);
    while code.len() < length {
        for byte in chance.bytes::<16>() {
            if code.len() < length {
                code.push(char::from(ALPHABET[usize::from(byte & 31)].to_ascii_uppercase()));
            }
        }
    }
    code
}

/// A random code of `length` upper-case digits, the last of which checks the others.
#[must_use]
pub fn random_checked(chance: &Chance, length: usize) -> String {
    let mut code = random(chance, length.saturating_sub(1));
    // all but the check symbol, moved on by its place: what sums up to nothing with it
    let check = doubled(sum(&code).unwrap_or_default());
    code.push(char::from(ALPHABET[usize::from(check & 31)].to_ascii_uppercase()));
    code
}

/// Whether the last digit of an upper-case code checks the others. It does not where any single
/// digit is another one, or where any two different ones among 31 changed places.
#[must_use]
pub fn checks(code: &str) -> bool {
    sum(code) == Some(0)
}

/// The digits of a code summed up in the field of 32 elements, each weighed by a power of its
/// generator for its place: no weight is 0, and no two among 31 places are the same. `None` where
/// a letter is no digit.
fn sum(code: &str) -> Option<u8> {
    code.bytes().try_fold(0, |sum, letter| {
        let digit = ALPHABET.iter().position(|d| d.to_ascii_uppercase() == letter)?;
        Some(doubled(sum) ^ u8::try_from(digit).ok()?)
    })
}

/// Times the generator, modulo x⁵ + x² + 1, which is primitive.
const fn doubled(element: u8) -> u8 {
    let twice = element << 1;
    if twice & 0b10_0000 == 0 { twice } else { twice ^ 0b10_0101 }
}

/// What a person typed, made comparable: upper case, hyphens and spaces dropped, and the letters
/// that Crockford leaves out read as the digits they look like. `None` where it can't be a code.
#[must_use]
pub fn normalise(typed: &str) -> Option<String> {
    let mut code = String::with_capacity(typed.len());
    for letter in typed.trim().chars() {
        match letter.to_ascii_uppercase() {
            '-' | ' ' => {}
            'O' => code.push('0'),
            'I' | 'L' => code.push('1'),
            c if c != 'U' && c.is_ascii_alphanumeric() => code.push(c),
            _ => return None,
        }
    }
    (!code.is_empty() && code.len() <= 32).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_survives_how_people_type_it() {
        assert_eq!(normalise(" k7qo-il2z ").as_deref(), Some("K7Q0112Z"));
        assert_eq!(normalise("K7Q0\r\n"), Some("K7Q0".into()));
        assert_eq!(normalise("K7Q0<script>"), None);
        assert_eq!(normalise(""), None);
    }

    #[test]
    fn a_check_symbol_catches_every_wrong_letter_and_every_swap() {
        let chance = Chance::seeded(1);
        for _ in 0..20 {
            let code = random_checked(&chance, 17);
            assert!(code.len() == 17 && checks(&code), "{code}");
            let letters = code.as_bytes();
            for place in 0..17 {
                for letter in ALPHABET.map(|l| l.to_ascii_uppercase()).into_iter().chain([b'U']) {
                    let mut wrong = letters.to_vec();
                    wrong[place] = letter;
                    let wrong = String::from_utf8(wrong).expect("ASCII");
                    assert_eq!(checks(&wrong), wrong == code, "{code}: {wrong}");
                }
                for other in 0..17 {
                    let mut swapped = letters.to_vec();
                    swapped.swap(place, other);
                    let swapped = String::from_utf8(swapped).expect("ASCII");
                    assert_eq!(checks(&swapped), swapped == code, "{code}: {swapped}");
                }
            }
        }
    }

    #[test]
    fn numbers_survive_the_round_trip() {
        for value in [0, 1, 31, 32, u128::from(u64::MAX), u128::MAX] {
            assert_eq!(decode_u128(&encode_u128(value)), Some(value));
        }
        assert_eq!(decode_u128("80000000000000000000000000"), None, "beyond 128 bits");
        assert_eq!(decode_u128("0000000000000000000000000U"), None);
    }
}
