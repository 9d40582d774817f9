//! The program's settings: what they are, what they may be, and their defaults.

pub mod api;
pub mod personal;
pub mod service;
mod store;

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::ToSchema;

use crate::{
    kernel::{
        clock::Timestamp,
        locale::{Language, Locale},
        money::Currency,
        text::{Email, Name},
        zone::Zone,
    },
    messaging::letters::Sender,
    words,
};

words! {
    /// What becomes of a clawback that finds no points.
    pub enum NegativePolicy {
        /// It becomes debt, which later credits pay.
        Debt = "debt",
        /// It is forgiven.
        Clamp = "clamp",
    }
}

words! {
    /// When those born on 29 February are greeted in other years.
    pub enum LeapDay { Feb28 = "feb28", Mar1 = "mar1" }
}

/// All settings of the program.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    #[schema(value_type = String, example = "Vildar")]
    pub program_name: Name,
    /// Where this server is reached; links, QR codes and tokens come from it. https, except loopback.
    #[schema(value_type = Option<String>, example = "https://points.example.com")]
    pub public_url: Option<WebUrl>,
    /// Where the shop is reached; shared referral links lead there.
    #[schema(value_type = Option<String>, example = "https://shop.example.com")]
    pub storefront_url: Option<WebUrl>,
    #[schema(value_type = Option<String>, example = "hello@shop.example.com")]
    pub mail_from: Option<Email>,
    #[schema(value_type = String, example = "EUR")]
    pub currency: Currency,
    #[schema(value_type = String, example = "Atlantic/Reykjavik")]
    pub time_zone: Zone,
    #[schema(value_type = String, example = "en")]
    pub locale: Locale,
    /// So many points for each `earn_per_minor_units` of an order, rounded down per order.
    pub earn_points: Whole<0, 1_000_000>,
    pub earn_per_minor_units: Whole<1, 1_000_000_000>,
    /// Days until points earned become available; 0: at once.
    pub pending_days: Whole<0, 3650>,
    pub expiry_months: ExpiryMonths,
    pub negative_policy: NegativePolicy,
    pub transfers_enabled: bool,
    /// How many points a member sends others in a day at most.
    pub transfer_limit_points_per_day: Whole<0, 1_000_000_000>,
    pub redemption_ttl_hours: Whole<1, 87_600>,
    pub voucher_months: Whole<1, 1200>,
    pub staff_perk_limit_points: Whole<0, 1_000_000_000>,
    pub staff_perk_budget_points_per_month: Whole<0, 1_000_000_000>,
    pub referral_referrer_points: Whole<0, 1_000_000_000>,
    pub referral_referee_points: Whole<0, 1_000_000_000>,
    pub referral_min_order_minor_units: Whole<0, 1_000_000_000_000>,
    pub referral_hold_days: Whole<0, 3650>,
    pub referral_window_days: Whole<0, 3650>,
    pub referral_limit_per_month: Whole<0, 1_000_000>,
    pub leap_day: LeapDay,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            program_name: "Vildar".parse().unwrap_or_else(|_| unreachable!("a fixed name")),
            public_url: None,
            storefront_url: None,
            mail_from: None,
            currency: Currency::EUR,
            time_zone: Zone::utc(),
            locale: Language::En.into(),
            earn_points: Whole(1),
            earn_per_minor_units: Whole(100),
            pending_days: Whole(14),
            expiry_months: ExpiryMonths(Some(24)),
            negative_policy: NegativePolicy::Debt,
            transfers_enabled: false,
            transfer_limit_points_per_day: Whole(5000),
            redemption_ttl_hours: Whole(72),
            voucher_months: Whole(12),
            staff_perk_limit_points: Whole(500),
            staff_perk_budget_points_per_month: Whole(10_000),
            referral_referrer_points: Whole(500),
            referral_referee_points: Whole(200),
            referral_min_order_minor_units: Whole(2000),
            referral_hold_days: Whole(14),
            referral_window_days: Whole(90),
            referral_limit_per_month: Whole(20),
            leap_day: LeapDay::Feb28,
        }
    }
}

impl Settings {
    /// When points earned at `occurred_at` become available.
    #[must_use]
    pub fn available_at(&self, occurred_at: Timestamp) -> Timestamp {
        match self.pending_days.get() {
            0 => occurred_at,
            days => self.time_zone.days_after(occurred_at, u16::try_from(days).unwrap_or(u16::MAX)),
        }
    }

    /// When points that came at `occurred_at` expire (exclusive); `None`: never.
    #[must_use]
    pub fn expires_at(&self, occurred_at: Timestamp) -> Option<Timestamp> {
        let months = self.expiry_months.0?;
        Some(self.time_zone.end_of_day_after_months(occurred_at, months))
    }

    /// What the program calls itself as the issuer of tokens.
    #[must_use]
    pub fn issuer(&self) -> &str {
        self.public_url.as_ref().map_or("vildar", WebUrl::as_str)
    }

    /// What the program says of itself in letters; without `public_url`, its links are paths.
    #[must_use]
    pub fn sender(&self) -> Sender {
        Sender {
            program_name: self.program_name.as_str().to_owned(),
            mail_from: self.mail_from.clone(),
            public_url: self.link(""),
            storefront_url: self.storefront_url.as_ref().map(|url| url.as_str().to_owned()),
            zone: self.time_zone.clone(),
            unsubscribe_url: None,
        }
    }

    /// An address on this server; without `public_url`, a path.
    #[must_use]
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.public_url.as_ref().map_or("", WebUrl::as_str))
    }
}

/// A whole number from `MIN` to `MAX`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = i64)]
pub struct Whole<const MIN: i64, const MAX: i64>(i64);

impl<const MIN: i64, const MAX: i64> Whole<MIN, MAX> {
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl<'de, const MIN: i64, const MAX: i64> Deserialize<'de> for Whole<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        value
            .as_i64()
            .filter(|number| (MIN..=MAX).contains(number))
            .map(Self)
            .ok_or_else(|| de::Error::custom(format!("must be a whole number from {MIN} to {MAX}")))
    }
}

/// Months until points expire, or `"none"`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ToSchema)]
#[schema(value_type = Object, example = 24)]
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

/// An address on the web without a trailing slash: https, or http on loopback.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WebUrl(String);

impl WebUrl {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The host, without a port.
    #[must_use]
    pub fn host(&self) -> &str {
        let rest = self.0.split_once("://").map_or("", |(_, rest)| rest);
        let authority = rest.split('/').next().unwrap_or(rest);
        match authority.strip_prefix('[').and_then(|v6| v6.split_once(']')) {
            Some((v6, _)) => v6,
            None => authority.split(':').next().unwrap_or(authority),
        }
    }

    /// Scheme, host and port as a browser says them in `Origin` (RFC 6454, 6.1).
    #[must_use]
    pub fn origin(&self) -> String {
        let (scheme, rest) = self.0.split_once("://").unwrap_or_default();
        let scheme = scheme.to_ascii_lowercase();
        let authority = rest.split('/').next().unwrap_or(rest).to_ascii_lowercase();
        let usual = if scheme == "https" { ":443" } else { ":80" };
        format!("{scheme}://{}", authority.strip_suffix(usual).unwrap_or(&authority))
    }
}

/// Why a text is no address of ours.
#[derive(Debug, thiserror::Error)]
#[error("must be an address such as https://points.example.com (http on loopback only)")]
pub struct NotAWebUrl;

impl FromStr for WebUrl {
    type Err = NotAWebUrl;

    fn from_str(text: &str) -> Result<Self, NotAWebUrl> {
        let url = Self(text.trim_end_matches('/').to_owned());
        let uri: actix_web::http::Uri = url.0.parse().map_err(|_| NotAWebUrl)?;
        let plain = text.len() <= 300
            && uri.query().is_none()
            && !text.contains('#')
            && uri.authority().is_some_and(|authority| !authority.as_str().contains('@'));
        let loopback = matches!(url.host(), "localhost" | "::1") || url.host().starts_with("127.");
        match uri.scheme_str() {
            Some("https") if plain => Ok(url),
            Some("http") if plain && loopback => Ok(url),
            _ => Err(NotAWebUrl),
        }
    }
}

impl fmt::Display for WebUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for WebUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for WebUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_https_or_loopback() {
        for good in [
            "https://a.example",
            "https://a.example/points/",
            "http://127.0.0.1:8080",
            "http://localhost:1",
            "http://[::1]:80",
        ] {
            assert!(good.parse::<WebUrl>().is_ok(), "{good}");
        }
        for bad in [
            "http://a.example",
            "ftp://a.example",
            "a.example",
            "https://",
            "https://a@b.is",
            "https://a.example/?x=1",
            "https://a.example\r\nX: y",
        ] {
            assert!(bad.parse::<WebUrl>().is_err(), "{bad}");
        }
        let url: WebUrl = "http://127.0.0.1:8080".parse().expect("parses");
        assert_eq!(url.host(), "127.0.0.1");
    }

    #[test]
    fn an_origin_is_as_browsers_say_it() {
        for (url, origin) in [
            ("https://A.example/points/", "https://a.example"),
            ("HTTPS://a.example:443", "https://a.example"),
            ("https://a.example:8443/x", "https://a.example:8443"),
            ("http://[::1]:80", "http://[::1]"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ] {
            assert_eq!(url.parse::<WebUrl>().expect(url).origin(), origin);
        }
    }
}
