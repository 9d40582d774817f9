//! The keys of tiers.

use std::{fmt, str::FromStr};

use platform::{kernel::wire, wire_text};

/// The name of a tier: 1 … 40 of `a`–`z`, `0`–`9`, `_` and `-`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tier(String);

impl Tier {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a text is no tier.
#[derive(Debug, thiserror::Error)]
#[error("must be a tier's name: 1 to 40 of a-z, 0-9, _ and -")]
pub struct NotATier;

impl FromStr for Tier {
    type Err = NotATier;

    fn from_str(text: &str) -> Result<Self, NotATier> {
        let slug = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-';
        let fits = (1..=40).contains(&text.len()) && text.bytes().all(slug);
        if fits { Ok(Self(text.to_owned())) } else { Err(NotATier) }
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

wire_text! { [] Tier, "Tier", wire::pattern("^[a-z0-9_-]{1,40}$", "gold") }
