//! The token in an unsubscribe link: which member switches what off, readable by us alone. It does
//! not expire, and can only switch off.

use uuid::Uuid;

use super::letters::Preference;
use crate::kernel::{
    id::MemberId,
    sealed::{self, Purpose},
};

const PURPOSE: Purpose = Purpose("unsubscribe");

/// The token that switches `preference` off for `member`.
#[must_use]
pub fn token(key: &[u8; 32], member: MemberId, preference: Preference) -> String {
    let mut data = [0; 17];
    data[..16].copy_from_slice(member.uuid().as_bytes());
    data[16] = number(preference);
    sealed::seal(key, PURPOSE, data)
}

/// What a token switches off; `None` where it is not one of ours.
#[must_use]
pub fn read_token(key: &[u8; 32], token: &str) -> Option<(MemberId, Preference)> {
    let data: [u8; 17] = sealed::open(key, PURPOSE, token)?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{chance::Chance, clock::Timestamp};

    #[test]
    fn a_token_says_what_it_was_made_for() {
        let chance = Chance::seeded(1);
        for preference in Preference::ALL {
            let member = MemberId::new(Timestamp::UNIX_EPOCH, &chance);
            let token = token(&[7; 32], member, preference);
            assert_eq!(read_token(&[7; 32], &token), Some((member, preference)));
            assert_eq!(token.len(), 44);
        }
    }

    #[test]
    fn a_token_that_was_mailed_long_ago_still_works() {
        let token = token(&[7; 32], MemberId::from_uuid(Uuid::nil()), Preference::ThankYou);
        assert_eq!(token, "zhF7N3XQOWXlNgvi8bc2G8oxTvfdM0cv0SWZOjoGhuQn");
    }
}
