//! Secrets that travel once and are stored hashed: refresh tokens, API keys, mailed tokens.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use crate::kernel::chance::Chance;

/// A new secret of 256 bits, with a prefix that says what it is to those who find one.
#[must_use]
pub fn new(prefix: &str, chance: &Chance) -> String {
    format!("{prefix}{}", URL_SAFE_NO_PAD.encode(chance.bytes::<32>()))
}

/// What is stored of a secret. A plain hash will do: nobody guesses 256 bits.
#[must_use]
pub fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}
