//! Money: minor units of an ISO 4217 currency.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, de};
use utoipa::ToSchema;

use super::{json, wire};
use crate::wire_text;

/// The most minor units that one request may name: 10¹⁵, so that no product with points overflows 128 bits.
pub const MOST: i64 = 1_000_000_000_000_000;

/// A currency by its ISO 4217 code, such as `EUR`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency([u8; 3]);

/// Active codes of ISO 4217 (list one, 2026) with the number of their minor digits where it is not 2.
const CODES: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD3 BIF0 BMD BND BOB BRL BSD \
BTN BWP BYN BZD CAD CDF CHF CLP0 CNY COP CRC CUP CVE CZK DJF0 DKK DOP DZD EGP ERN ETB EUR FJD FKP \
GBP GEL GHS GIP GMD GNF0 GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD3 IRR ISK0 JMD JOD3 JPY0 KES KGS \
KHR KMF0 KPW KRW0 KWD3 KYD KZT LAK LBP LKR LRD LSL LYD3 MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR \
MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR3 PAB PEN PGK PHP PKR PLN PYG0 QAR RON RSD RUB RWF0 SAR \
SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND3 TOP TRY TTD TWD TZS UAH \
UGX0 USD UYU UZS VED VES VND0 VUV0 WST XAF0 XCD XCG XOF0 XPF0 YER ZAR ZMW ZWG";

impl Currency {
    pub const EUR: Self = Self(*b"EUR");

    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// How many digits stand after the point: 2 for most, 0 for the króna.
    #[must_use]
    pub fn minor_digits(self) -> u32 {
        CODES
            .split_whitespace()
            .find_map(|entry| entry.strip_prefix(self.code()))
            .and_then(|digits| digits.parse().ok())
            .unwrap_or(2)
    }
}

/// Why a text is no currency.
#[derive(Debug, thiserror::Error)]
#[error("is not an ISO 4217 currency code, such as EUR")]
pub struct NotACurrency;

impl FromStr for Currency {
    type Err = NotACurrency;

    fn from_str(text: &str) -> Result<Self, NotACurrency> {
        let known = CODES.split_whitespace().any(|entry| entry[..3] == *text);
        let bytes = text.as_bytes().try_into().map_err(|_| NotACurrency)?;
        if known { Ok(Self(bytes)) } else { Err(NotACurrency) }
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
        let Parts { amount, currency } = json::object(deserializer)?;
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
    }
}
