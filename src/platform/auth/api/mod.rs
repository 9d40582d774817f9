//! Signing in, keys, staff users.

pub mod keys;
pub mod passwords;
pub mod sessions;
mod throttled;
pub mod users;

/// An answer that must not stay in anybody's cache: it holds a secret.
const NO_STORE: (&str, &str) = ("cache-control", "no-store");
