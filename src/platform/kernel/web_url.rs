//! Addresses on the web.

use std::{fmt, str::FromStr};

use utoipa::openapi::SchemaFormat;

use super::wire;
use crate::wire_text;

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
            && uri.authority().is_some_and(|authority| {
                // a host alone, or with a port that is one: nobody's name and password
                let (host, all) = (authority.host(), authority.as_str());
                let port = authority.port();
                let with_port = || port.is_some_and(|port| all == format!("{host}:{port}"));
                !host.is_empty() && (all == host || with_port())
            });
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

wire_text! { [] WebUrl, "WebUrl", wire::text()
.format(Some(SchemaFormat::Custom("uri".to_owned())))
.examples(["https://points.example.com"]) }

/// Scheme, host and port of a page, as its browser says them in `Origin`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Origin(String);

impl Origin {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a text is no origin.
#[derive(Debug, thiserror::Error)]
#[error(
    "must be an origin such as https://shop.example or https://shop.example:8443: one host, and \
     nothing behind it, no slash either (http on loopback only)"
)]
pub struct NotAnOrigin;

impl FromStr for Origin {
    type Err = NotAnOrigin;

    fn from_str(text: &str) -> Result<Self, NotAnOrigin> {
        let url: WebUrl = text.parse().map_err(|_| NotAnOrigin)?;
        let (_, authority) = text.split_once("://").ok_or(NotAnOrigin)?;
        // what an address may have besides, such as a path or a star, no browser says
        let plain = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
        if authority.chars().all(plain) { Ok(Self(url.origin())) } else { Err(NotAnOrigin) }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

wire_text! { [] Origin, "Origin", wire::text().examples(["https://shop.example"]) }

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
            "https://a.example:99999",
            "https://a.example:",
            "https://:443",
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

    #[test]
    fn an_origin_has_nothing_behind_its_host() {
        for (text, origin) in [
            ("https://Shop.example", "https://shop.example"),
            ("https://shop.example:443", "https://shop.example"),
            ("https://shop.example:8443", "https://shop.example:8443"),
            ("http://localhost:5173", "http://localhost:5173"),
            ("http://[::1]:80", "http://[::1]"),
        ] {
            assert_eq!(text.parse::<Origin>().expect(text).as_str(), origin);
        }
        for bad in [
            "",
            "*",
            "null",
            "shop.example",
            "https://*.example",
            "https://shop.example/",
            "https://shop.example/shop",
            "https://shop.example?x",
            "http://shop.example",
            "https://a@shop.example",
            "https://b\u{f3}k.is",
            "https://shop.example,https://b.example",
            "https://shop.example:99999",
            "https://:443",
        ] {
            assert!(bad.parse::<Origin>().is_err(), "{bad}");
        }
    }
}
