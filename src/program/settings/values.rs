//! Values of settings that have rules of their own.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::openapi::OneOfBuilder;

use crate::{
    kernel::{text::Email, wire},
    plain_schema, wire_text,
};

/// Where mail comes back to: an address with room for a letter's id before the @.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReturnPath(pub Email);

/// `+let_` and 26 characters, of the 64 that stand before an @ (RFC 5321, 4.5.3.1).
const LONGEST_LOCAL: usize = 64 - 31;

impl FromStr for ReturnPath {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let email: Email = text.parse().map_err(|error| format!("{error}"))?;
        match email.key().rsplit_once('@') {
            Some((local, _)) if local.len() > LONGEST_LOCAL => Err(format!(
                "must have at most {LONGEST_LOCAL} characters before the @: each letter's id is \
                 added there"
            )),
            _ => Ok(Self(email)),
        }
    }
}

impl fmt::Display for ReturnPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

wire_text! { [] ReturnPath, "ReturnPath", wire::text().examples(["bounces@shop.example"]) }

/// Months until points expire, or `"none"`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ExpiryMonths(pub Option<u16>);

impl Serialize for ExpiryMonths {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Some(months) => serializer.serialize_u16(months),
            None => serializer.serialize_str("none"),
        }
    }
}

impl<'de> Deserialize<'de> for ExpiryMonths {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        if value.as_str() == Some("none") {
            return Ok(Self(None));
        }
        value
            .as_u64()
            .and_then(|months| u16::try_from(months).ok())
            .filter(|months| (1..=1200).contains(months))
            .map(|months| Self(Some(months)))
            .ok_or_else(|| de::Error::custom("must be a whole number from 1 to 1200, or \"none\""))
    }
}

plain_schema! { [] ExpiryMonths, "ExpiryMonths", OneOfBuilder::new()
.item(wire::whole(1, 1200))
.item(wire::text().enum_values(Some(["none"])))
.examples([24]) }
