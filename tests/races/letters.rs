//! Letters through a mail server that fails, goes away, and couriers that are killed.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use platform::{
    db::Tx,
    kernel::{error::Result, locale::Language},
    messaging::{
        letters::{Letter, Recipient},
        outbox::{self, Queued},
    },
};
use serde_json::json;

use crate::support::{app::TestApp, both::both, mail::Mail};

const LETTERS: usize = 5000;
const KILLS: usize = 20;
/// How many letters are on their way at once.
const WIDTH: usize = 8;

async fn queue(app: &TestApp) {
    let queued = |number: usize| Queued {
        to: Recipient {
            member_id: None,
            email: format!("reader-{number}@example.com").parse().expect("an address"),
            name: None,
            locale: Language::En.into(),
        },
        letter: Letter::EmailChanged {
            given_name: "Anna".to_owned(), hint: "a•••".to_owned()
        },
        dedupe_key: format!("storm:{number}"),
        not_before: None,
    };
    for chunk in 0..LETTERS / 500 {
        let all = move |tx: &mut Tx<'_>| -> Result<usize> {
            let letters = (chunk * 500..(chunk + 1) * 500).map(queued).collect();
            outbox::push_all(tx, letters)
        };
        assert_eq!(app.store().write(all).await.expect("they are queued"), 500);
    }
}

/// The letters in this state, by their ids.
async fn ids(app: &TestApp, state: &str) -> BTreeSet<String> {
    let staff = app.staff().await;
    let (mut all, mut cursor) = (BTreeSet::new(), String::new());
    loop {
        let page = staff.get(&format!("/v1/letters?state={state}&limit=100{cursor}")).await;
        let page = page.expect(200);
        let ids = page["data"].as_array().into_iter().flatten();
        all.extend(ids.filter_map(|letter| letter["id"].as_str().map(str::to_owned)));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

both!(letters_outlive_what_goes_wrong);
async fn letters_outlive_what_goes_wrong(app: &TestApp) {
    queue(app).await;
    app.mail.refuse_one_in(5, app.seed);
    // what may come twice: what a courier held when it was killed
    let (mut held, mut most_doubles) = (BTreeSet::new(), 0);
    for kill in 1..=KILLS {
        let goal = app.mail.count() + 100 + kill;
        let courier = tokio::spawn({
            let app = app.app.clone();
            async move { app.deliver_due().await.map(drop) }
        });
        while app.mail.count() < goal && !courier.is_finished() {
            tokio::time::sleep(Duration::from_micros(200)).await;
        }
        courier.abort();
        assert!(courier.await.is_err_and(|end| end.is_cancelled()), "it had work left");
        held.extend(ids(app, "sending").await);
        most_doubles += WIDTH;
        // within a minute somebody else has them
        app.travel(Duration::from_mins(1));
        if kill == KILLS / 2 {
            app.mail.down();
            for _ in 0..60 {
                app.travel(Duration::from_mins(1));
                app.app.deliver_due().await.expect("the courier works");
            }
            app.mail.up();
        }
    }
    for _ in 0..200 {
        app.app.deliver_due().await.expect("the courier works");
        if ids(app, "queued").await.is_empty() {
            break;
        }
        app.travel(Duration::from_mins(10));
    }
    for state in ["failed", "queued", "sending", "suppressed"] {
        let left = app.admin().await.get(&format!("/v1/letters?state={state}")).await.expect(200);
        assert_eq!(left["data"], json!([]), "seed {}", app.seed);
    }
    assert_eq!(ids(app, "sent").await.len(), LETTERS, "seed {}", app.seed);
    let mut came: BTreeMap<String, Vec<Vec<u8>>> = BTreeMap::new();
    for message in app.mail.messages() {
        let (id, _) = split(&Mail::parse(&message.raw).message_id);
        came.entry(id).or_default().push(message.to.concat().into_bytes());
    }
    assert_eq!(came.len(), LETTERS, "each came");
    let mut doubles = 0;
    for (id, to) in &came {
        assert!(to.iter().all(|other| *other == to[0]), "one Message-ID, one reader");
        if to.len() > 1 {
            assert!(held.contains(id), "{id} came twice, and no killed courier held it");
            doubles += to.len() - 1;
        }
    }
    assert!(doubles <= most_doubles, "{doubles} came twice, of {most_doubles} that were in flight");
    app.mail.clear();
}

fn split(message_id: &str) -> (String, String) {
    let (id, host) = message_id.split_once('@').expect("a Message-ID");
    (id.to_owned(), host.to_owned())
}
