//! Money: minor units of an ISO 4217 currency.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, de};
use utoipa::ToSchema;

use super::wire;
use crate::wire_text;

/// The most minor units that one request may name: 10¹⁵, so that no product with points overflows 128 bits.
pub const MOST: i64 = 1_000_000_000_000_000;

/// A currency that people pay with, by its ISO 4217 code, such as `EUR`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency(iso_currency::Currency);

impl Currency {
    pub const EUR: Self = Self(iso_currency::Currency::EUR);

    #[must_use]
    pub fn code(&self) -> &'static str {
        self.0.code()
    }

    /// How many digits stand after the point: 2 for most, 0 for the króna.
    #[must_use]
    pub fn minor_digits(self) -> u32 {
        self.0.exponent().map_or(2, u32::from)
    }
}

/// Whether it is money of today: no metal, no unit of account, nothing that another one replaced.
fn is_paid_with(currency: iso_currency::Currency) -> bool {
    // both of Venezuela's are in use; the list of ISO has them side by side
    let replaced = currency.is_superseded().is_some() && currency != iso_currency::Currency::VES;
    !(replaced || currency.is_fund() || currency.is_special())
}

/// Why a text is no currency.
#[derive(Debug, thiserror::Error)]
#[error("is not an ISO 4217 currency code, such as EUR")]
pub struct NotACurrency;

impl FromStr for Currency {
    type Err = NotACurrency;

    fn from_str(text: &str) -> Result<Self, NotACurrency> {
        let known = iso_currency::Currency::from_code(text);
        known.filter(|known| is_paid_with(*known)).map(Self).ok_or(NotACurrency)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// An amount of money, 0 or more, in minor units.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[schema(example = json!({"amount": 4990, "currency": "EUR"}))]
pub struct Money {
    /// In minor units: 4990 is 49.90 of a currency with two digits.
    #[schema(minimum = 0, maximum = 1_000_000_000_000_000_i64)]
    pub amount: i64,
    pub currency: Currency,
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Parts {
            #[serde(deserialize_with = "minor_units")]
            amount: i64,
            currency: Currency,
        }
        let Parts { amount, currency } = Parts::deserialize(deserializer)?;
        Ok(Self { amount, currency })
    }
}

fn minor_units<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    value.as_i64().filter(|amount| (0..=MOST).contains(amount)).ok_or_else(|| {
        de::Error::custom("must be a whole number of minor units from 0 to 1000000000000000")
    })
}

wire_text! { [] Currency, "Currency", wire::pattern("^[A-Z]{3}$", "EUR") }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn currencies_know_their_minor_digits() {
        let digits = |code: &str| code.parse::<Currency>().expect("known").minor_digits();
        assert_eq!((digits("EUR"), digits("ISK"), digits("KWD")), (2, 0, 3));
        assert!("eur".parse::<Currency>().is_err());
        assert!("ISK0".parse::<Currency>().is_err());
        assert!("krónur".parse::<Currency>().is_err());
        assert!(["VES", "VED", "XCG", "XOF"].iter().all(|code| code.parse::<Currency>().is_ok()));
        for gone in ["BGN", "HRK", "XAU", "XXX", "CLF"] {
            assert!(gone.parse::<Currency>().is_err(), "{gone}");
        }
    }
}
