//! Who is signed in on the pages of the demo: a session's id and an end, under a MAC, in a cookie.

use std::time::Duration;

use actix_web::cookie::{Cookie, SameSite, time};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;

use platform::kernel::{clock::Timestamp, id::SessionId};

/// The cookie's name.
pub const NAME: &str = "vildar_visit";
/// How long a visit lasts, by the wall's time.
pub const LASTS: Duration = Duration::from_hours(8);

const DATA: usize = 24;

/// The cookie of a session that lasts as long as a visit.
#[must_use]
pub fn sign_in(key: &[u8; 32], session: SessionId, wall: Timestamp) -> Cookie<'static> {
    let lasts = i64::try_from(LASTS.as_secs()).unwrap_or_default();
    cookie(seal(key, session, wall.plus(LASTS)), time::Duration::seconds(lasts))
}

/// How long nobody may do anything at a desk of the console before it is left.
pub const IDLE: Duration = Duration::from_hours(1);

/// The name of the cookie of the console. By TLS no other host and no other path can set one of
/// this name (RFC 6265bis, 4.1.3.2); without TLS, on loopback, browsers would not keep it.
#[must_use]
pub const fn staff_name(https: bool) -> &'static str {
    if https { "__Host-vildar_console" } else { "vildar_console" }
}

/// The cookie of a desk of the console.
#[must_use]
pub fn staff(key: &[u8; 32], session: SessionId, wall: Timestamp, https: bool) -> Cookie<'static> {
    let lasts = i64::try_from(IDLE.as_secs()).unwrap_or_default();
    let sealed = seal(key, session, wall.plus(IDLE));
    staff_cookie(sealed, time::Duration::seconds(lasts), https)
}

/// The cookie that leaves the desk.
#[must_use]
pub fn staff_out(https: bool) -> Cookie<'static> {
    staff_cookie(String::new(), time::Duration::ZERO, https)
}

fn staff_cookie(value: String, lasts: time::Duration, https: bool) -> Cookie<'static> {
    let mut cookie = cookie(value, lasts);
    cookie.set_name(staff_name(https));
    cookie.set_secure(https);
    cookie
}

/// The cookie that signs out.
#[must_use]
pub fn sign_out() -> Cookie<'static> {
    cookie(String::new(), time::Duration::ZERO)
}

fn cookie(value: String, lasts: time::Duration) -> Cookie<'static> {
    Cookie::build(NAME, value)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .max_age(lasts)
        .finish()
}

fn seal(key: &[u8; 32], session: SessionId, until: Timestamp) -> String {
    let mut sealed = session.uuid().as_bytes().to_vec();
    sealed.extend(until.as_second().to_be_bytes());
    let mac = mac(key, &sealed).finalize().into_bytes();
    sealed.extend(mac);
    BASE64_URL_SAFE_NO_PAD.encode(sealed)
}

/// The session of a cookie's value; `None` where it is not ours, or its time is over.
#[must_use]
pub fn read(key: &[u8; 32], value: &str, wall: Timestamp) -> Option<SessionId> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(value).ok()?;
    let (data, seal) = bytes.split_first_chunk::<DATA>()?;
    // in constant time, so that a forger learns nothing from how long it takes
    mac(key, data).verify_slice(seal).ok()?;
    let (session, until) = data.split_at(16);
    let until = i64::from_be_bytes(until.try_into().ok()?);
    let session = Uuid::from_slice(session).ok()?;
    (wall.as_second() < until).then(|| SessionId::from_uuid(session))
}

fn mac(key: &[u8; 32], data: &[u8]) -> Hmac<Sha256> {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
    let hmac = Hmac::<Sha256>::new_from_slice(key).expect("any length");
    hmac.chain_update(b"vildar visit ").chain_update(data)
}

#[cfg(test)]
mod tests {
    use super::*;
    use platform::kernel::chance::Chance;

    const KEY: [u8; 32] = [7; 32];

    #[test]
    fn a_cookie_names_one_session_for_eight_hours() {
        let wall = Timestamp::UNIX_EPOCH.plus(Duration::from_hours(500_000));
        let session = SessionId::new(wall, &Chance::seeded(1));
        let cookie = sign_in(&KEY, session, wall);
        let at = |hours| read(&KEY, cookie.value(), wall.plus(Duration::from_hours(hours)));
        assert_eq!([at(0), at(7), at(8)], [Some(session), Some(session), None]);
        assert_eq!(read(&[8; 32], cookie.value(), wall), None, "another key");
        assert_eq!(read(&KEY, sign_out().value(), wall), None);
        let text = cookie.to_string();
        for part in ["; HttpOnly", "; SameSite=Strict", "; Path=/", "; Max-Age=28800"] {
            assert!(text.contains(part), "{text} has {part}");
        }
    }

    #[test]
    fn a_cookie_that_was_touched_is_none() {
        let session = SessionId::new(Timestamp::UNIX_EPOCH, &Chance::seeded(1));
        let value = seal(&KEY, session, Timestamp::UNIX_EPOCH.plus(LASTS));
        for position in 0..value.len() {
            for letter in ["A", "_", "z"] {
                let mut other = value.clone();
                other.replace_range(position..=position, letter);
                let read = read(&KEY, &other, Timestamp::UNIX_EPOCH);
                assert!(other == value || read.is_none(), "{other}");
            }
        }
        assert_eq!(read(&KEY, &value[..32], Timestamp::UNIX_EPOCH), None);
    }
}
