//! E-mail addresses: what is taken, and by which key one is unique.

use std::{fmt, str::FromStr};

use unicode_normalization::UnicodeNormalization;
use utoipa::openapi::SchemaFormat;

use super::{BadText, clean, parsed_text, shown_as_it_is};
use crate::kernel::wire;

/// An e-mail address: as written (trimmed, NFC), and the key by which it is unique.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Email {
    written: String,
    key: String,
}

impl Email {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// Lower case, with the domain in its IDNA form. Dots and plus-tags stay.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl FromStr for Email {
    type Err = BadText;

    fn from_str(text: &str) -> Result<Self, BadText> {
        let bad = || BadText::new("must be an e-mail address, such as anna@example.com");
        let written = clean(text, 254, false)?;
        let (local, domain) = written.rsplit_once('@').ok_or_else(bad)?;
        let domain = mail_domain(domain).ok_or_else(bad)?;
        // lower case may take a letter apart that is one in its upper case
        let folded: String = local.to_lowercase().nfc().collect();
        if let Some(odd) = local.chars().chain(folded.chars()).find(|c| !may_be_local(*c)) {
            let odd = odd.escape_default();
            return Err(BadText::new(format!(
                "must be an e-mail address that mail can go to: {odd} can't stand before the @"
            )));
        }
        // what the mail library takes is what can be written to
        let address = lettre::Address::new(local, &domain);
        if local.len() > 64 || local.contains("..") || address.is_err() {
            return Err(bad());
        }
        let key = format!("{folded}@{domain}");
        Ok(Self { written, key })
    }
}

/// The ASCII form of a domain that mail can go to: a name of two labels or more, no IP address.
fn mail_domain(domain: &str) -> Option<String> {
    let domain = idna::domain_to_ascii_strict(domain).ok()?;
    let (_, last) = domain.rsplit_once('.')?;
    let is_name = last.bytes().any(|byte| byte.is_ascii_alphabetic());
    (is_name && domain.len() <= 253).then_some(domain)
}

/// Letters and digits of any script, and the signs of RFC 5322's atoms. Anything else is refused by
/// one mail server or another, or can't be seen.
fn may_be_local(c: char) -> bool {
    c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c)
}
parsed_text! { [] Email, "Email", wire::text()
.format(Some(SchemaFormat::Custom("email".to_owned())))
.examples(["anna@example.com"]) }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_e_mail_is_one_however_it_is_written() {
        let key = |text: &str| text.parse::<Email>().map(|email| email.key().to_owned());
        assert_eq!(key(" Anna@BÓKA.is ").as_deref(), Ok("anna@xn--bka-gna.is"));
        assert_eq!(
            key("a.b+c@example.com").as_deref(),
            Ok("a.b+c@example.com"),
            "dots and tags stay"
        );
        for bad in [
            "",
            "anna",
            "a@b",
            "a b@example.com",
            "a@example.com\r\nBcc: x@y.is",
            "a@@b.is",
            "<a@b.is>",
            ".a@b.is",
            "a@-b.is",
            "a@b.is.",
            "a..b@b.is",
            "a@127.0.0.1",
            "a@１２７.0.0.1",
            "a@example.123",
            "a@[127.0.0.1]",
            "😀@example.com",
            "a\u{ad}b@example.com",
            "a\u{200d}b@example.com",
            "\"a b\"@example.com",
        ] {
            assert!(key(bad).is_err(), "{bad:?}");
        }
    }

    /// Over all of Unicode, before the @ and behind it: what is taken has one key, however it is
    /// written again, and no letter stands for another by anything but its case. Behind the @, IDNA
    /// says what is one domain.
    #[test]
    fn no_letter_folds_an_address_into_another_mailbox() {
        let mut taken = 0;
        for c in '\0'..=char::MAX {
            for text in [format!("a{c}b@example.com"), format!("{c}@example.com")] {
                let Ok(email) = text.parse::<Email>() else { continue };
                taken += 1;
                let again: Email = email.key().parse().expect("a key is an address");
                assert_eq!(again.key(), email.key(), "{c:?}");
                if email.key().is_ascii() {
                    assert!(email.as_str().is_ascii(), "{c:?} stands for {}", email.key());
                }
                let (local, _) = email.as_str().rsplit_once('@').expect("an @");
                let (key, _) = email.key().rsplit_once('@').expect("an @");
                assert_eq!(local.to_lowercase().nfc().to_string(), key, "{c:?}");
            }
            if let Ok(email) = format!("a@b{c}.example").parse::<Email>() {
                let again: Email = email.key().parse().expect("a key is an address");
                assert_eq!(again.key(), email.key(), "{c:?}");
                let (_, domain) = email.key().rsplit_once('@').expect("an @");
                assert!(domain.is_ascii() && domain.contains('.'), "{c:?}: {domain}");
            }
        }
        assert!(taken > 100_000, "{taken} were taken");
    }
}
