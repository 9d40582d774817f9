//! What an e-mail address looks like: those of one person that are written a little differently
//! come to the same. It makes nobody the same member (that is [`super::Email::key`]); it makes
//! people look.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// What the key of an e-mail address looks like: without dots, hyphens and what follows a plus
/// before the @; letters without their accents; digits and letters of other scripts as the Latin
/// letters that they are taken for. The migration of referrals says the same of ASCII in SQL.
#[must_use]
pub fn alike(email_key: &str) -> String {
    let (local, domain) = email_key.rsplit_once('@').unwrap_or((email_key, ""));
    let local = match local.split_once('+') {
        Some((name, _)) if !name.is_empty() => name,
        _ => local,
    };
    let local: String = local.chars().filter(|c| !".-_".contains(*c)).collect();
    let domain = if domain == "googlemail.com" { "gmail.com" } else { domain };
    // what it looks like, not how it is written in ASCII
    let (domain, _) = idna::domain_to_unicode(domain);
    format!("{}@{}", plain(&local), plain(&domain))
}

fn plain(text: &str) -> String {
    let text: String = text.nfkd().filter(|c| !is_combining_mark(*c)).map(latin).collect();
    text.to_lowercase().replace("rn", "m").replace("vv", "w")
}

/// The Latin letter that this one is taken for.
const fn latin(c: char) -> char {
    match c {
        '0' | 'ο' | 'о' | 'О' | 'Ο' | 'ø' => 'o',
        '1' | 'ӏ' | 'ǀ' => 'l',
        '5' | 'ѕ' => 's',
        'а' | 'α' | 'ɑ' | 'А' | 'Α' => 'a',
        'в' | 'В' | 'Β' => 'b',
        'с' | 'ϲ' | 'С' => 'c',
        'ԁ' | 'đ' | 'ð' => 'd',
        'е' | 'ε' | 'Е' | 'Ε' => 'e',
        'һ' | 'н' | 'Н' | 'Η' => 'h',
        'і' | 'ι' | 'ı' | 'І' | 'Ι' => 'i',
        'ј' | 'Ј' => 'j',
        'к' | 'κ' | 'К' | 'Κ' => 'k',
        'м' | 'М' | 'Μ' => 'm',
        'п' => 'n',
        'р' | 'ρ' | 'Р' | 'Ρ' => 'p',
        'т' | 'τ' | 'Т' | 'Τ' => 't',
        'υ' | 'ʋ' => 'u',
        'ν' | 'ѵ' => 'v',
        'ԝ' | 'ω' => 'w',
        'х' | 'χ' | 'Х' | 'Χ' => 'x',
        'у' | 'γ' | 'У' | 'Υ' => 'y',
        'Ζ' => 'z',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::text::Email;

    fn of(text: &str) -> String {
        alike(text.parse::<Email>().expect("an address").key())
    }

    #[test]
    fn one_persons_variants_look_alike() {
        let own = of("anna.olsen@gmail.com");
        for variant in [
            "Anna.Olsen@gmail.com",
            "annaolsen@gmail.com",
            "a.n.n.a.o.l.s.e.n@gmail.com",
            "anna.olsen+vildar@gmail.com",
            "anna-olsen+1@googlemail.com",
            "anna_o1sen@gmail.com",
            "anna0lsen@gmail.com",
            "аnna.olsen@gmail.com",
            "ánna.ólsen@gmail.com",
            "anna.olsen@gmai1.com",
            "anna.olsen@grnail.com",
            "anna.olsen@gmаil.com",
        ] {
            assert_eq!(of(variant), own, "{variant}");
        }
    }

    #[test]
    fn other_people_do_not() {
        let own = of("anna.olsen@gmail.com");
        for other in [
            "anna.olson@gmail.com",
            "hanna.olsen@gmail.com",
            "anna.olsen@example.com",
            "kari@gmail.com",
            "karl@gmail.com",
        ] {
            assert_ne!(of(other), own, "{other}");
        }
        assert_ne!(of("kari@gmail.com"), of("karl@gmail.com"));
        assert_ne!(of("+anna@gmail.com"), of("+bob@gmail.com"), "nothing before the plus");
    }
}
