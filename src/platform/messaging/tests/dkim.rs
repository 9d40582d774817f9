//! What is signed is what others verify.

use std::{path::Path, process::Command};

use super::*;
use crate::messaging::{dkim::Signer, letters::Preference, mailbox, preferences};

/// Verifies every message of a folder against a public key; prints how many, and which not.
const VERIFY: &str = r#"
import sys, os, base64, dkim
folder, key = sys.argv[1], sys.argv[2]
record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(open(key, "rb").read())
asked, good = set(), 0
def dns(name, timeout=5):
    asked.add(name)
    return record
for name in sorted(os.listdir(folder)):
    message = open(os.path.join(folder, name), "rb").read()
    if not dkim.verify(message, dnsfunc=dns):
        sys.exit("not verified: " + name)
    # and nothing else is
    if dkim.verify(message.replace(b"Subject: ", b"Subject: x", 1), dnsfunc=dns):
        sys.exit("another subject is verified: " + name)
    if dkim.verify(b"From: other@example.com\r\n" + message, dnsfunc=dns):
        sys.exit("a second From is verified: " + name)
    good += 1
print(good, sorted(asked))
"#;

/// A Python that knows DKIM.
fn python() -> Option<&'static str> {
    let knows = |python: &&str| {
        let tried = Command::new(python).args(["-c", "import dkim"]).output();
        tried.is_ok_and(|tried| tried.status.success())
    };
    ["python3", "/usr/bin/python3"].into_iter().find(knows)
}

fn openssl(args: &[&str]) -> bool {
    Command::new("openssl").args(args).output().is_ok_and(|done| done.status.success())
}

fn keys(folder: &Path) -> Option<(String, String)> {
    let [private, public] =
        ["key.pem", "key.der"].map(|name| folder.join(name).display().to_string());
    let made = openssl(&["genrsa", "-out", &private, "2048"])
        && openssl(&["rsa", "-in", &private, "-pubout", "-outform", "DER", "-out", &public]);
    made.then_some((private, public))
}

#[tokio::test]
async fn every_letter_s_signature_is_verified_by_another_program() {
    let bench = Bench::new().await;
    let Some((private, public)) = keys(bench.folder.path()) else {
        eprintln!("SKIPPED: there is no openssl, so that no key was made to sign with");
        return;
    };
    let pem = std::fs::read_to_string(private).expect("a key");
    let signer = Signer::new(&pem, "mail.2026").expect("it can sign");
    let member = bench.member;
    for preference in [Preference::Marketing, Preference::Statements] {
        bench.write(move |tx| preferences::set(tx, member, preference, true)).await;
    }
    let mut count = 0;
    for (number, letter) in Letter::samples().into_iter().enumerate() {
        for language in Language::ALL {
            let to = Recipient { locale: Locale::from(language), ..bench.to() };
            let (letter, key) = (letter.clone(), format!("{number}:{}", language.tag()));
            bench.write(move |tx| push(tx, to.clone(), &letter, &key)).await.expect("queued");
            count += 1;
        }
    }
    let mailbox = Transport::Mailbox(bench.mailbox());
    let courier = Courier::new(
        bench.store.clone(),
        mailbox,
        Some(Arc::new(signer)),
        source(Some(sender())),
        KEY,
    );
    assert_eq!(courier.deliver_due().await.expect("delivers").sent, count);
    let list = mailbox::list(&bench.mailbox()).expect("a list");
    let raw = std::fs::read_to_string(bench.mailbox().join(&list[0].file)).expect("a message");
    assert!(
        raw.starts_with("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=kaffi.example;")
    );
    let Some(python) = python() else {
        eprintln!("SKIPPED: no Python knows DKIM (package dkimpy): nothing was verified");
        return;
    };
    let done = Command::new(python)
        .args(["-c", VERIFY, &bench.mailbox().display().to_string(), &public])
        .output()
        .expect("Python runs");
    let told = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(told.trim(), format!("{count} [b'mail.2026._domainkey.kaffi.example.']"));
}
