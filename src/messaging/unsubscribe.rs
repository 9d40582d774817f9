//! The token in an unsubscribe link: which member switches what off, readable by us alone.
//!
//! It is a synthetic-IV scheme (after RFC 5297) from HMAC-SHA256. Of the 17 bytes that say member
//! and preference, `mac = HMAC(key, "mac" ‖ data)[..16]`; the data is hidden by XOR with
//! `HMAC(key, "stream" ‖ mac)`; the token is base64url of both, 44 characters. It looks random,
//! needs no row in the database, is the same each time, and does not expire. One key and one
//! purpose: it can only switch off.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;

use super::letters::Preference;
use crate::kernel::id::MemberId;

const MAC: usize = 16;
const DATA: usize = 17;

/// The token that switches `preference` off for `member`.
#[must_use]
pub fn token(key: &[u8; 32], member: MemberId, preference: Preference) -> String {
    let mut data = [0; DATA];
    data[..16].copy_from_slice(member.uuid().as_bytes());
    data[16] = number(preference);
    let mac = mac_of(key, &data);
    let mut token = Vec::with_capacity(MAC + DATA);
    token.extend(mac);
    token.extend(masked(key, &mac, data));
    BASE64_URL_SAFE_NO_PAD.encode(token)
}

/// What a token switches off; `None` where it is not one of ours, letter for letter.
#[must_use]
pub fn read_token(key: &[u8; 32], token: &str) -> Option<(MemberId, Preference)> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).ok()?;
    let (mac, data) = bytes.split_first_chunk::<MAC>()?;
    let data = masked(key, mac, data.try_into().ok()?);
    // in constant time, so that a forger learns nothing from how long it takes
    keyed(key, b"mac", &data).verify_truncated_left(mac).ok()?;
    let preference = Preference::ALL.into_iter().find(|&p| number(p) == data[16])?;
    let member = Uuid::from_slice(data.get(..16)?).ok()?;
    Some((MemberId::from_uuid(member), preference))
}

/// The page that a letter's unsubscribe link opens.
#[must_use]
pub fn url(public_url: &str, key: &[u8; 32], member: MemberId, preference: Preference) -> String {
    format!("{}/unsubscribe/{}", public_url.trim_end_matches('/'), token(key, member, preference))
}

/// Part of every token ever mailed: never change one.
const fn number(preference: Preference) -> u8 {
    match preference {
        Preference::Marketing => 1,
        Preference::ThankYou => 2,
        Preference::Occasions => 3,
        Preference::Surveys => 4,
        Preference::Statements => 5,
    }
}

fn keyed(key: &[u8; 32], purpose: &[u8], text: &[u8]) -> Hmac<Sha256> {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
    let hmac = Hmac::<Sha256>::new_from_slice(key).expect("any length");
    hmac.chain_update(b"vildar unsubscribe ").chain_update(purpose).chain_update(text)
}

fn mac_of(key: &[u8; 32], data: &[u8; DATA]) -> [u8; MAC] {
    let whole = keyed(key, b"mac", data).finalize().into_bytes();
    std::array::from_fn(|i| whole[i])
}

/// Hides data, and shows it again.
fn masked(key: &[u8; 32], mac: &[u8; MAC], data: [u8; DATA]) -> [u8; DATA] {
    let stream = keyed(key, b"stream", mac).finalize().into_bytes();
    std::array::from_fn(|i| data[i] ^ stream[i])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{chance::Chance, clock::Timestamp};

    const KEY: [u8; 32] = [7; 32];

    #[test]
    fn a_token_says_what_it_was_made_for() {
        let chance = Chance::seeded(1);
        for preference in Preference::ALL {
            let member = MemberId::new(Timestamp::UNIX_EPOCH, &chance);
            let token = token(&KEY, member, preference);
            assert_eq!(read_token(&KEY, &token), Some((member, preference)));
            assert_eq!(read_token(&[8; 32], &token), None, "another key");
            assert_eq!(token.len(), 44);
        }
    }

    #[test]
    fn a_token_that_was_touched_is_none() {
        let member = MemberId::new(Timestamp::UNIX_EPOCH, &Chance::seeded(1));
        let token = token(&KEY, member, Preference::ThankYou);
        for position in 0..token.len() {
            for letter in ["A", "_", "z"] {
                let mut other = token.clone();
                other.replace_range(position..=position, letter);
                assert!(other == token || read_token(&KEY, &other).is_none(), "{other}");
            }
        }
        for wrong in ["", "A", &token[1..], &format!("{token}A"), &format!("{token}=")] {
            assert_eq!(read_token(&KEY, wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_token_shows_nothing_of_the_member() {
        let member = MemberId::from_uuid(Uuid::nil());
        let [one, two] =
            [Preference::ThankYou, Preference::Surveys].map(|p| token(&KEY, member, p));
        let same = one.bytes().zip(two.bytes()).filter(|(a, b)| a == b).count();
        assert!(same < 8, "{one} {two}");
        assert!(!one.contains("AAAA"));
    }
}
