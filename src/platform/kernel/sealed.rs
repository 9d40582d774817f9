//! Tokens that say something to us alone, for links that work without signing in.
//!
//! It is a synthetic-IV scheme (after RFC 5297) from HMAC-SHA256. Of the bytes that say what it is
//! about, `mac = HMAC(key, purpose ‖ "mac" ‖ data)[..16]`; the data is hidden by XOR with
//! `HMAC(key, purpose ‖ "stream" ‖ mac)`; the token is base64url of both. It looks random, needs no
//! row in the database, and is the same each time. A token of one purpose is none of another.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

const MAC: usize = 16;
/// As much as one block of the stream hides.
const MOST: usize = 32;

/// What tokens are good for; part of every token ever mailed.
#[derive(Clone, Copy, Debug)]
pub struct Purpose(pub &'static str);

/// The token that says `data`, of at most 32 bytes.
#[must_use]
pub fn seal<const N: usize>(key: &[u8; 32], purpose: Purpose, data: [u8; N]) -> String {
    const { assert!(N <= MOST, "one block hides no more") };
    let whole = keyed(key, purpose, b"mac", &data).finalize().into_bytes();
    let mac: [u8; MAC] = std::array::from_fn(|i| whole[i]);
    let mut token = Vec::with_capacity(MAC + N);
    token.extend(mac);
    token.extend(masked(key, purpose, &mac, data));
    BASE64_URL_SAFE_NO_PAD.encode(token)
}

/// What a token says; `None` where it is not one of ours, letter for letter.
#[must_use]
pub fn open<const N: usize>(key: &[u8; 32], purpose: Purpose, token: &str) -> Option<[u8; N]> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).ok()?;
    let (mac, data) = bytes.split_first_chunk::<MAC>()?;
    let data = masked(key, purpose, mac, data.try_into().ok()?);
    // in constant time, so that a forger learns nothing from how long it takes
    keyed(key, purpose, b"mac", &data).verify_truncated_left(mac).ok()?;
    Some(data)
}

fn keyed(key: &[u8; 32], purpose: Purpose, part: &[u8], text: &[u8]) -> Hmac<Sha256> {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
    let hmac = Hmac::<Sha256>::new_from_slice(key).expect("any length");
    hmac.chain_update(b"vildar ")
        .chain_update(purpose.0)
        .chain_update(b" ")
        .chain_update(part)
        .chain_update(text)
}

/// Hides data, and shows it again.
fn masked<const N: usize>(
    key: &[u8; 32],
    purpose: Purpose,
    mac: &[u8; MAC],
    data: [u8; N],
) -> [u8; N] {
    let stream = keyed(key, purpose, b"stream", mac).finalize().into_bytes();
    std::array::from_fn(|i| data[i] ^ stream[i])
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];
    const HERE: Purpose = Purpose("here");

    #[test]
    fn a_token_says_what_it_was_made_for_and_nothing_else() {
        let token = seal(&KEY, HERE, [3; 16]);
        assert_eq!(token.len(), 43);
        assert_eq!(open(&KEY, HERE, &token), Some([3; 16]));
        assert_eq!(open::<16>(&[8; 32], HERE, &token), None, "another key");
        assert_eq!(open::<16>(&KEY, Purpose("there"), &token), None, "another purpose");
        assert_eq!(open::<17>(&KEY, HERE, &token), None, "another length");
    }

    #[test]
    fn a_token_that_was_touched_is_none() {
        let token = seal(&KEY, HERE, [0; 17]);
        for position in 0..token.len() {
            for letter in ["A", "_", "z"] {
                let mut other = token.clone();
                other.replace_range(position..=position, letter);
                assert!(other == token || open::<17>(&KEY, HERE, &other).is_none(), "{other}");
            }
        }
        for wrong in ["", "A", &token[1..], &format!("{token}A"), &format!("{token}=")] {
            assert_eq!(open::<17>(&KEY, HERE, wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_token_shows_nothing_of_what_it_says() {
        let [one, two] = [[0; 17], [1; 17]].map(|data| seal(&KEY, HERE, data));
        let same = one.bytes().zip(two.bytes()).filter(|(a, b)| a == b).count();
        assert!(same < 8, "{one} {two}");
        assert!(!one.contains("AAAA"));
    }
}
