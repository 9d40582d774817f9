//! What arrives: messages as other programs read them.

use mail_parser::{HeaderName, MessageParser};

use super::*;
use crate::messaging::{letters::Preference, mailbox, preferences, unsubscribe};

#[tokio::test]
async fn every_letter_arrives_as_it_was_written() {
    let bench = Bench::new().await;
    let member = bench.member;
    for preference in [Preference::Marketing, Preference::Statements] {
        bench.write(move |tx| preferences::set(tx, member, preference, true)).await;
    }
    let mut ids = Vec::new();
    for (number, letter) in Letter::samples().into_iter().enumerate() {
        for language in Language::ALL {
            let to = Recipient { locale: Locale::from(language), ..bench.to() };
            let key = format!("{number}:{}", language.tag());
            let sample = letter.clone();
            let id = bench.write(move |tx| push(tx, to.clone(), &sample, &key)).await;
            ids.push((id.expect("queued"), letter.clone(), language));
        }
    }
    let courier = bench.courier(Transport::Mailbox(bench.mailbox()));
    let delivered = courier.deliver_due().await.expect("delivers");
    assert_eq!((delivered.sent, delivered.failed), (ids.len() as u64, 0));
    let list = mailbox::list(&bench.mailbox()).expect("a list");
    assert_eq!(list.len(), ids.len());
    for ((id, letter, language), summary) in ids.iter().rev().zip(&list) {
        assert!(summary.file.contains(&id.to_string()), "newest first");
        assert_eq!(summary.from, "Bókakaffi & Co <hallo@kaffi.example>");
        assert_eq!(summary.to, "Þórdís Ævarsdóttir <thordis@xn--bka-gna.example>");
        assert_eq!(summary.date, Some(bench.clock.now()));
        let opened =
            mailbox::open(&bench.mailbox(), &summary.file).expect("reads").expect("a letter");
        let mut from = sender();
        from.unsubscribe_url = letter
            .preference()
            .map(|what| unsubscribe::url(&from.public_url, &KEY, bench.member, what));
        let written = crate::messaging::letters::render(letter, *language, &from).expect("renders");
        assert_eq!(summary.subject, written.subject);
        assert_eq!(opened.text.replace("\r\n", "\n").trim_end(), written.text.trim_end());
        let pictures = written.inline.len();
        assert_eq!(opened.html.matches("data:image/png;base64,").count(), pictures);
        assert!(!opened.html.contains("cid:"));
    }
}

#[tokio::test]
async fn headers_are_what_mail_programs_want() {
    let bench = Bench::new().await;
    let thanks = bench.push(welcome(), "welcome:1").await.expect("queued");
    bench.pass(1);
    let service = bench.push(reset(), "reset:1").await.expect("queued");
    let mut from = sender();
    from.public_url = format!("https://{}.example/", "a-rather-long-name".repeat(3));
    let transport = Transport::Mailbox(bench.mailbox());
    let courier =
        Courier::new(bench.store.clone(), transport, None, source(Some(from.clone())), KEY);
    courier.deliver_due().await.expect("delivers");
    let read = |id: LetterId| {
        let files = std::fs::read_dir(bench.mailbox()).expect("a folder");
        let mut files = files.map(|entry| entry.expect("an entry").path());
        let path = files.find(|path| path.to_string_lossy().contains(&id.to_string()));
        std::fs::read_to_string(path.expect("a letter")).expect("reads")
    };
    let host = format!("{}.example", "a-rather-long-name".repeat(3));
    let link = unsubscribe::url(&from.public_url, &KEY, bench.member, Preference::ThankYou);
    let raw = read(thanks);
    for line in [
        format!("Message-ID: <{thanks}@{host}>\r\n"),
        format!("List-Unsubscribe: <{link}>\r\n"),
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n".to_owned(),
        "Auto-Submitted: auto-generated\r\n".to_owned(),
        "MIME-Version: 1.0\r\n".to_owned(),
        "Date: Sat, 21 Nov 2026 18:51:01 +0000\r\n".to_owned(),
    ] {
        assert!(raw.contains(&line), "{line}\n{raw}");
    }
    let message = MessageParser::default().parse(raw.as_bytes()).expect("a message");
    assert_eq!(message.html_body_count(), 1);
    assert!(message.header(HeaderName::ListUnsubscribe).is_some());
    assert!(raw.lines().all(|line| line.len() <= 998));
    let raw = read(service);
    assert!(!raw.contains("List-Unsubscribe") && !raw.contains("unsubscribe"));
    assert!(raw.contains(&format!("Message-ID: <{service}@{host}>\r\n")));
}

#[tokio::test]
async fn nobody_adds_a_header_by_a_name() {
    let bench = Bench::new().await;
    let to = Recipient { name: Some("Anna\r\nBcc: all@example.com".to_owned()), ..bench.to() };
    let id = bench.write(move |tx| push(tx, to.clone(), &reset(), "reset:1")).await;
    let courier = bench.courier(Transport::Mailbox(bench.mailbox()));
    assert_eq!(courier.deliver_due().await.expect("delivers").failed, 1);
    let row = bench.row(id.expect("queued")).await;
    assert_eq!(row.state, LetterState::Failed);
    assert!(row.last_error.is_some_and(|error| error.contains("control character")));
    assert!(mailbox::list(&bench.mailbox()).expect("a list").is_empty());
}

/// A letter with this in place of all that people typed.
fn filled_with(letter: &Letter, typed: &str) -> Letter {
    const TYPED: [&str; 11] = [
        "given_name",
        "name",
        "reward",
        "title",
        "message",
        "day",
        "device",
        "order",
        "hint",
        "reason",
        "rewards",
    ];
    let mut json = serde_json::to_value(letter).expect("JSON");
    for (field, value) in json.as_object_mut().expect("an object") {
        match value {
            _ if !TYPED.contains(&field.as_str()) => {}
            serde_json::Value::String(text) => typed.clone_into(text),
            serde_json::Value::Array(all) => all.fill(typed.into()),
            _ => {}
        }
    }
    serde_json::from_value(json).expect("a letter")
}

#[tokio::test]
async fn no_name_does_anything_but_stand_there() {
    let long = "ö".repeat(500);
    let names = [
        "Anna\r\nBcc: all@example.com\r\n\r\n<script>",
        "{{ 191 * 191 }} {% include 'kit.mjml' %} { $points } ${7*7}",
        "</mj-text><mj-raw><script>alert(1)</script></mj-raw> \"' onload=x",
        "\u{202e}gnp.exe\u{2066}",
        &long,
        "👩‍👩‍👧‍👦🎂 ﷽ zalgo̷͓",
    ];
    let bench = Bench::new().await;
    let member = bench.member;
    for preference in [Preference::Marketing, Preference::Statements] {
        bench.write(move |tx| preferences::set(tx, member, preference, true)).await;
    }
    let mut count = 0;
    for name in names {
        for letter in Letter::samples() {
            let to_name = (!name.contains('\r')).then(|| name.to_owned());
            let to = Recipient { name: to_name, ..bench.to() };
            let (letter, key) = (filled_with(&letter, name), format!("nasty:{count}"));
            bench.write(move |tx| push(tx, to.clone(), &letter, &key)).await.expect("queued");
            count += 1;
        }
    }
    let courier = bench.courier(Transport::Mailbox(bench.mailbox()));
    let delivered = courier.deliver_due().await.expect("delivers");
    assert_eq!((delivered.sent, delivered.failed), (count, 0));
    let known = [
        "message-id",
        "auto-submitted",
        "list-unsubscribe",
        "list-unsubscribe-post",
        "from",
        "to",
        "subject",
        "date",
        "mime-version",
        "content-type",
    ];
    for file in std::fs::read_dir(bench.mailbox()).expect("a folder") {
        let raw = std::fs::read(file.expect("a file").path()).expect("a message");
        let message = MessageParser::default().parse(&raw).expect("a message");
        let mut headers: Vec<String> =
            message.headers().iter().map(|header| header.name().to_lowercase()).collect();
        assert!(headers.iter().all(|name| known.contains(&name.as_str())), "{headers:?}");
        let all = headers.len();
        headers.sort_unstable();
        headers.dedup();
        assert_eq!(headers.len(), all, "each once");
        let to = message.to().and_then(|to| to.first()).and_then(|to| to.address());
        assert_eq!(to, Some("thordis@xn--bka-gna.example"));
        assert_eq!(message.to().map(|to| to.iter().count()), Some(1));
        let subject = message.subject().expect("a subject");
        assert!(!subject.contains(char::is_control), "{subject:?}");
        let html = message.body_html(0).expect("html");
        let text = message.body_text(0).expect("text");
        assert!(!html.contains("<script") && !html.contains("\"' onload=x"), "{html}");
        assert!(!html.contains("36481") && !text.contains("36481"), "no name is a template");
    }
}

#[tokio::test]
async fn only_letters_are_opened() {
    let bench = Bench::new().await;
    let folder = bench.mailbox();
    assert!(mailbox::list(&folder).expect("no folder is an empty one").is_empty());
    std::fs::create_dir_all(folder.join("folder.eml")).expect("a folder");
    std::fs::write(bench.folder.path().join("secret.eml"), "Subject: hush\r\n\r\nhush")
        .expect("writes");
    std::os::unix::fs::symlink("../secret.eml", folder.join("link.eml")).expect("a link");
    std::fs::write(folder.join(".a.eml.part"), "half").expect("writes");
    for name in [
        "../secret.eml",
        "/etc/passwd",
        "..",
        "",
        ".a.eml.part",
        "link.eml",
        "folder.eml",
        "none.eml",
        "a\0.eml",
        "..\\secret.eml",
    ] {
        assert_eq!(mailbox::open(&folder, name).expect("reads"), None, "{name:?}");
    }
    assert!(mailbox::list(&folder).expect("a list").is_empty());
}
