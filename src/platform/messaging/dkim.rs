//! DKIM (RFC 6376): `rsa-sha256`, relaxed/relaxed. The mail library's own needs the crate `rsa`,
//! whose timing tells of its keys (RUSTSEC-2023-0071); `ring` is here for TLS.

use std::fmt::Write;

use base64::{Engine, prelude::BASE64_STANDARD};
use ring::{rand::SystemRandom, rsa::KeyPair, signature::RSA_PKCS1_SHA256};
use sha2::{Digest, Sha256};

use crate::kernel::clock::Timestamp;

/// What is signed, where a message has it. The first three are signed once more than they occur,
/// so that nobody adds a second one on the way.
const SIGNED: [&str; 10] = [
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "content-type",
    "auto-submitted",
    "list-unsubscribe",
    "list-unsubscribe-post",
];
const SEALED: usize = 3;
/// How long a line of the signature is.
const LINE: usize = 72;

/// Why a key can't sign.
#[derive(Debug, thiserror::Error)]
pub enum BadDkimKey {
    #[error("is no RSA private key in PEM: it begins with -----BEGIN PRIVATE KEY-----")]
    NotPem,
    #[error("is no RSA key of 2048 to 4096 bits: {0}")]
    NotRsa(String),
    #[error("the selector {0:?} is no name below a domain, such as vildar or mail-2026")]
    Selector(String),
}

/// Signs messages for the domain they are from.
pub struct Signer {
    key: KeyPair,
    selector: String,
}

impl Signer {
    /// A private key in PEM, and the selector below which its public key stands in the DNS, at
    /// `<selector>._domainkey.<domain>`.
    ///
    /// # Errors
    /// A text that is no such key; a selector that is no name.
    pub fn new(pem: &str, selector: &str) -> Result<Self, BadDkimKey> {
        let label = |label: &str| {
            !label.is_empty()
                && label.len() <= 63
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        if !selector.split('.').all(label) || selector.len() > 200 {
            return Err(BadDkimKey::Selector(selector.to_owned()));
        }
        let (is_pkcs8, der) = der(pem).ok_or(BadDkimKey::NotPem)?;
        let key = if is_pkcs8 { KeyPair::from_pkcs8(&der) } else { KeyPair::from_der(&der) };
        let key = key.map_err(|why| BadDkimKey::NotRsa(why.to_string()))?;
        Ok(Self { key, selector: selector.to_owned() })
    }

    /// The header that signs `message` (CRLF lines) for `domain`, with its line's end: it goes
    /// before the message.
    ///
    /// # Errors
    /// Where the key can't sign.
    pub fn header(&self, domain: &str, message: &str, at: Timestamp) -> Result<String, String> {
        let (head, body) = message.split_once("\r\n\r\n").unwrap_or((message, ""));
        let headers = unfolded(head);
        let present = |name: &str| headers.iter().find(|(other, _)| other == name);
        let signed: Vec<&(String, String)> = SIGNED.iter().filter_map(|n| present(n)).collect();
        let mut names: Vec<&str> = signed.iter().map(|(name, _)| name.as_str()).collect();
        names.extend(&SIGNED[..SEALED]);
        let hash = BASE64_STANDARD.encode(Sha256::digest(relaxed_body(body)));
        let unsigned = format!(
            "v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s={};\r\n t={}; h={};\r\n bh={hash};\r\n b=",
            self.selector,
            at.as_second(),
            names.chunks(5).map(|some| some.join(":")).collect::<Vec<_>>().join(":\r\n "),
        );
        let mut text = String::new();
        for (name, value) in signed {
            let _in_memory = write!(text, "{name}:{}\r\n", relaxed(value));
        }
        let _in_memory = write!(text, "dkim-signature:{}", relaxed(&unsigned));
        let mut signature = vec![0; self.key.public().modulus_len()];
        self.key
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature)
            .map_err(|_| "the DKIM key can't sign".to_owned())?;
        let signature = folded(&BASE64_STANDARD.encode(signature));
        Ok(format!("DKIM-Signature: {unsigned}{signature}\r\n"))
    }
}

/// The bytes of a PEM file, and whether they are PKCS#8.
fn der(pem: &str) -> Option<(bool, Vec<u8>)> {
    let (_, rest) = pem.split_once("-----BEGIN ")?;
    let (kind, rest) = rest.split_once("-----")?;
    let is_pkcs8 = match kind {
        "PRIVATE KEY" => true,
        "RSA PRIVATE KEY" => false,
        _ => return None,
    };
    let (body, _) = rest.split_once("-----END ")?;
    let body: String = body.split_whitespace().collect();
    Some((is_pkcs8, BASE64_STANDARD.decode(body).ok()?))
}

/// Each header's name in lower case, and its value with its folds.
fn unfolded(head: &str) -> Vec<(String, String)> {
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in head.split("\r\n") {
        match (line.starts_with([' ', '\t']), headers.last_mut(), line.split_once(':')) {
            (true, Some((_, value)), _) => {
                value.push_str("\r\n");
                value.push_str(line);
            }
            (_, _, Some((name, value))) => {
                headers.push((name.trim_end().to_ascii_lowercase(), value.to_owned()));
            }
            _ => {}
        }
    }
    headers
}

/// A header's value in the relaxed form: RFC 6376, 3.4.2.
fn relaxed(value: &str) -> String {
    let words: Vec<&str> =
        value.split([' ', '\t', '\r', '\n']).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// A body in the relaxed form: RFC 6376, 3.4.4.
fn relaxed_body(body: &str) -> String {
    let mut canonical = String::with_capacity(body.len());
    let mut empty = 0;
    for line in body.strip_suffix("\r\n").unwrap_or(body).split("\r\n") {
        let mut relaxed = String::with_capacity(line.len());
        for c in line.trim_end_matches([' ', '\t']).chars() {
            let blank = matches!(c, ' ' | '\t');
            if !(blank && relaxed.ends_with(' ')) {
                relaxed.push(if blank { ' ' } else { c });
            }
        }
        if relaxed.is_empty() {
            empty += 1;
            continue;
        }
        canonical.extend(std::iter::repeat_n("\r\n", std::mem::take(&mut empty)));
        canonical.push_str(&relaxed);
        canonical.push_str("\r\n");
    }
    canonical
}

/// In lines that every mail server takes; blanks inside these values mean nothing.
fn folded(value: &str) -> String {
    let mut text = String::with_capacity(value.len() + value.len() / LINE * 3);
    for (i, c) in value.chars().enumerate() {
        if i > 0 && i % LINE == 0 {
            text.push_str("\r\n ");
        }
        text.push(c);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_and_headers_are_relaxed_as_the_rfc_shows() {
        assert_eq!(relaxed_body(" C \r\nD \t E\r\n\r\n\r\n"), " C\r\nD E\r\n");
        assert_eq!(relaxed_body(""), "");
        assert_eq!(relaxed_body("\r\n\r\n"), "");
        assert_eq!(relaxed_body("a\r\n\r\nb"), "a\r\n\r\nb\r\n");
        assert_eq!(relaxed(" Y\t\r\n\tZ  "), "Y Z");
    }

    #[test]
    fn what_is_no_key_is_refused_in_words() {
        let told = |pem: &str, selector: &str| match Signer::new(pem, selector) {
            Err(why) => why.to_string(),
            Ok(_) => "taken".to_owned(),
        };
        assert!(told("hello", "vildar").contains("PEM"));
        let empty = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
        assert!(told(empty, "vildar").contains("2048"));
        assert!(told(empty, "a b").contains("selector"));
    }
}
