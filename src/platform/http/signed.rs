//! Calls by programs that sign what they send with a secret shared with us, and have no API key:
//! by the Standard Webhooks headers, or, where they can do no better, by the secret as a password.
//! Source: <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>.

use std::time::Duration;

use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::kernel::{clock::Timestamp, error::Refusal};

/// A secret shared with who reports to us.
#[derive(Clone)]
pub struct SharedSecret(Vec<u8>);

/// How old a signature may be, and how far ahead its clock.
const TOLERANCE: Duration = Duration::from_mins(5);
/// The fewest characters of a secret.
const SHORTEST: usize = 16;

fn at_second(second: i64) -> Option<Timestamp> {
    Timestamp::from_microsecond(second.checked_mul(1_000_000)?)
}

/// What a signed request brings with it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Signed<'a> {
    pub id: &'a str,
    /// Seconds since 1970.
    pub timestamp: &'a str,
    /// `v1,…` and Base64; several are parted by blanks.
    pub signatures: &'a str,
    /// `Authorization`.
    pub authorization: &'a str,
}

impl SharedSecret {
    /// A secret of 16 characters or more; one that begins with `whsec_` is Base64 behind it.
    ///
    /// # Errors
    /// One that is shorter.
    pub fn new(text: &str) -> Result<Self, &'static str> {
        if text.len() < SHORTEST {
            return Err("must have 16 characters or more");
        }
        match text.strip_prefix("whsec_") {
            None => Ok(Self(text.as_bytes().to_vec())),
            Some(encoded) => {
                BASE64_STANDARD.decode(encoded).map(Self).map_err(|_| "is whsec_ and no Base64")
            }
        }
    }

    /// Whether `body` comes from who has the secret.
    ///
    /// # Errors
    /// [`Refusal::Unauthenticated`], which says what was not right.
    pub fn check(&self, sent: Signed<'_>, body: &[u8], wall: Timestamp) -> Result<(), Refusal> {
        if let Some(credentials) = sent.authorization.strip_prefix("Basic ") {
            let wrong = Refusal::Unauthenticated("the password is not the shared secret");
            return if self.is_password(credentials) { Ok(()) } else { Err(wrong) };
        }
        if sent.signatures.is_empty() || sent.id.is_empty() {
            return Err(Refusal::Unauthenticated(
                "sign with webhook-id, webhook-timestamp and webhook-signature, or send the \
                 shared secret as the password of Basic",
            ));
        }
        let at = sent.timestamp.parse().ok().and_then(at_second);
        let fresh = |at: &Timestamp| at.since(wall).max(wall.since(*at)) <= TOLERANCE;
        if !at.as_ref().is_some_and(fresh) {
            return Err(Refusal::Unauthenticated(
                "webhook-timestamp must be now, in seconds since 1970",
            ));
        }
        let text = [sent.id.as_bytes(), b".", sent.timestamp.as_bytes(), b".", body].concat();
        let is_right = |signature: &str| {
            let mac =
                signature.strip_prefix("v1,").and_then(|mac| BASE64_STANDARD.decode(mac).ok());
            mac.is_some_and(|mac| self.mac(&text).verify_slice(&mac).is_ok())
        };
        if sent.signatures.split(' ').any(is_right) {
            return Ok(());
        }
        Err(Refusal::Unauthenticated("webhook-signature does not fit"))
    }

    /// The header `webhook-signature` of a message.
    #[must_use]
    pub fn sign(&self, id: &str, timestamp: &str, body: &[u8]) -> String {
        let text = [id.as_bytes(), b".", timestamp.as_bytes(), b".", body].concat();
        format!("v1,{}", BASE64_STANDARD.encode(self.mac(&text).finalize().into_bytes()))
    }

    /// Compared as MACs, which takes as long whatever was guessed.
    fn is_password(&self, credentials: &str) -> bool {
        let decoded = BASE64_STANDARD.decode(credentials.trim()).ok();
        let text = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
        let password = text.as_deref().and_then(|text| text.split_once(':')).map(|(_, word)| word);
        let other = password.and_then(|password| Self::new(password).ok());
        other.is_some_and(|other| {
            let mac = other.mac(b"password").finalize().into_bytes();
            self.mac(b"password").verify_slice(&mac).is_ok()
        })
    }

    fn mac(&self, text: &[u8]) -> Hmac<Sha256> {
        #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
        let mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("any length");
        mac.chain_update(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    #[test]
    fn it_agrees_with_the_example_of_the_specification() {
        let secret = SharedSecret::new(SECRET).expect("a secret");
        let body = br#"{"test": 2432232314}"#;
        let signature = secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn who_has_not_the_secret_is_not_believed() {
        let secret = SharedSecret::new(SECRET).expect("a secret");
        let now = at_second(1_614_265_330).expect("an instant");
        let signature = format!("v1,AAAA {}", secret.sign("m", "1614265330", b"{}"));
        let sent =
            Signed { id: "m", timestamp: "1614265330", signatures: &signature, authorization: "" };
        assert_eq!(secret.check(sent, b"{}", now), Ok(()));
        assert!(secret.check(sent, b"{ }", now).is_err(), "another body");
        assert!(secret.check(Signed { id: "n", ..sent }, b"{}", now).is_err());
        assert!(secret.check(Signed { timestamp: "1614265331", ..sent }, b"{}", now).is_err());
        assert!(secret.check(sent, b"{}", now.plus(Duration::from_secs(301))).is_err(), "too old");
        assert!(secret.check(Signed { signatures: "", ..sent }, b"{}", now).is_err());
        let basic = |password: &str| {
            let text = BASE64_STANDARD.encode(format!("vildar:{password}"));
            let authorization = format!("Basic {text}");
            let sent = Signed { authorization: &authorization, ..Signed::default() };
            secret.check(sent, b"{}", now).is_ok()
        };
        assert!(basic(SECRET) && !basic("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSx") && !basic(""));
        assert!(
            SharedSecret::new("short").is_err() && SharedSecret::new("whsec_!!!!!!!!!!").is_err()
        );
    }
}
