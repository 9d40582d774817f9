//! The courier and a mail server that says what the test wants.

use std::{net::TcpListener, time::Duration};

use tokio::sync::{Notify, watch};

use super::{server::Server, *};
use crate::messaging::{
    courier::Delivered,
    delivery::MOST_ATTEMPTS,
    mailbox,
    store::{Outcome, claim, hold, mark},
    suppressions::{self, SuppressionReason},
};

fn message_id(raw: &str) -> &str {
    raw.lines().find(|line| line.starts_with("Message-ID")).expect("a Message-ID")
}

#[tokio::test]
async fn a_busy_server_gets_the_same_letter_later() {
    let bench = Bench::new().await;
    let server = Server::new(&["451 later", "250 ok"]);
    let courier = bench.courier(server.transport());
    let id = bench.push(reset(), "reset:1").await.expect("queued");
    let delivered = courier.deliver_due().await.expect("delivers");
    assert_eq!(delivered, Delivered { retried: 1, ..Delivered::default() });
    let row = bench.row(id).await;
    assert_eq!((row.state, row.attempts), (LetterState::Queued, 1));
    assert!(row.last_error.is_some_and(|error| error.contains("451") || error.contains("later")));
    assert_eq!(courier.deliver_due().await.expect("delivers"), Delivered::default(), "not yet");
    bench.pass(6);
    assert_eq!(courier.deliver_due().await.expect("delivers").sent, 1);
    let taken = server.taken();
    assert_eq!(taken.len(), 2);
    assert_eq!(message_id(&taken[0]), message_id(&taken[1]));
    assert_eq!(message_id(&taken[0]), format!("Message-ID: <{id}@vildar.kaffi.example>"));
}

#[tokio::test]
async fn a_server_that_lets_nobody_in_refuses_no_letter() {
    let shut = [
        ("220", "554 no mail service here"),
        ("EHLO", "550 not you"),
        ("AUTH", "535 wrong password"),
        ("AUTH", "501 not so"),
        ("220", "421 too many of you"),
        ("220", "450 later"),
        ("AUTH", "454 the book of passwords is away"),
        ("MAIL", "421 closing"),
        ("RCPT", "421 closing"),
        ("DATA", "421 closing"),
        (".", "421 closing"),
    ];
    for (verb, answer) in shut {
        let bench = Bench::new().await;
        let id = bench.push(reset(), "reset:1").await.expect("queued");
        let server = Server::refusing(verb, &[answer]);
        let courier = bench.courier(server.transport_signing_in());
        let delivered = courier.deliver_due().await.expect("delivers");
        assert_eq!(delivered, Delivered { retried: 1, ..Delivered::default() }, "{verb} {answer}");
        let row = bench.row(id).await;
        assert_eq!((row.state, row.attempts), (LetterState::Queued, 0), "{verb} {answer}");
        assert!(row.last_error.is_some_and(|error| error.contains(&answer[..3])), "{answer}");
    }
    let bench = Bench::new().await;
    let id = bench.push(reset(), "reset:1").await.expect("queued");
    let server = Server::refusing("MAIL", &["530 sign in first"]);
    let courier = bench.courier(server.transport_signing_in());
    assert_eq!(courier.deliver_due().await.expect("delivers").retried, 1);
    assert_eq!(bench.row(id).await.state, LetterState::Queued);
    let bench = Bench::new().await;
    bench.push(reset(), "reset:1").await.expect("queued");
    let server = Server::refusing("RCPT", &["550 no such user"]);
    let courier = bench.courier(server.transport_signing_in());
    assert_eq!(courier.deliver_due().await.expect("delivers").failed, 1);
}

#[tokio::test]
async fn a_refusal_is_final_and_so_is_the_eighth_try() {
    let bench = Bench::new().await;
    let server = Server::new(&["554 5.7.1 not this one", "450 later"]);
    let courier = bench.courier(server.transport());
    let refused = bench.push(reset(), "reset:1").await.expect("queued");
    assert_eq!(courier.deliver_due().await.expect("delivers").failed, 1);
    assert_eq!(bench.row(refused).await.state, LetterState::Failed);
    let slow = bench.push(reset(), "reset:2").await.expect("queued");
    for attempt in 1..=MOST_ATTEMPTS {
        let delivered = courier.deliver_due().await.expect("delivers");
        assert_eq!(delivered.retried, u64::from(attempt < MOST_ATTEMPTS));
        bench.pass(25_000);
    }
    let row = bench.row(slow).await;
    assert_eq!((row.state, row.attempts), (LetterState::Failed, MOST_ATTEMPTS));
    assert_eq!(courier.deliver_due().await.expect("delivers"), Delivered::default());
}

#[tokio::test]
async fn where_there_is_no_mailbox_nothing_is_sent_again() {
    let bench = Bench::new().await;
    let server = Server::new(&["550 5.1.1 no such user", "250 ok"]);
    let courier = bench.courier(server.transport());
    let waiting = bench.push(reset(), "reset:1").await.expect("queued");
    let first = courier.deliver_due().await.expect("delivers");
    assert_eq!(first, Delivered { failed: 1, ..Delivered::default() });
    assert_eq!(bench.row(waiting).await.state, LetterState::Failed);
    let later = bench.push(reset(), "reset:2").await.expect("kept");
    assert_eq!(courier.deliver_due().await.expect("delivers"), Delivered::default());
    let row = bench.row(later).await;
    assert_eq!(row.state, LetterState::Suppressed);
    assert!(row.last_error.is_some_and(|why| why.contains("nothing for this address")));
    assert!(!row.context.0.to_string().contains("token="), "its secret is gone");
    let email = bench.to().email;
    let found = bench.write(move |tx| suppressions::of(tx, &email)).await.expect("suppressed");
    assert_eq!(found.reason, SuppressionReason::Refused);
    assert!(found.detail.is_some_and(|detail| detail.contains("no such user")));
    bench.write(move |tx| suppressions::lift(tx, found.id)).await;
    bench.push(reset(), "reset:3").await.expect("queued");
    assert_eq!(courier.deliver_due().await.expect("delivers").sent, 1);
}

#[tokio::test]
async fn an_address_is_blamed_only_where_it_was_refused() {
    let refusals = [
        ("MAIL", "550 we take nothing of yours", false),
        ("RCPT", "550 5.1.8 no such sender's host", false),
        ("RCPT", "550 5.7.1 not from you", false),
        ("DATA", "554 not now", false),
        (".", "550 looks like spam", false),
        ("RCPT", "550 no such user", true),
        ("RCPT", "553 5.1.3 what address is that", true),
        (".", "550 5.1.1 no such user", true),
    ];
    for (verb, answer, is_blamed) in refusals {
        let bench = Bench::new().await;
        let id = bench.push(reset(), "reset:1").await.expect("queued");
        let courier = bench.courier(Server::refusing(verb, &[answer]).transport());
        let delivered = courier.deliver_due().await.expect("delivers");
        assert_eq!(delivered, Delivered { failed: 1, ..Delivered::default() }, "{verb} {answer}");
        assert_eq!(bench.row(id).await.state, LetterState::Failed);
        let email = bench.to().email;
        let found = bench.write(move |tx| suppressions::of(tx, &email)).await;
        assert_eq!(found.is_some(), is_blamed, "{verb} {answer}");
    }
}

#[tokio::test]
async fn a_server_that_let_a_resting_line_go_is_called_again() {
    let bench = Bench::new().await;
    let server = Server::tired();
    let courier = bench.courier(server.transport());
    for (n, key) in ["reset:1", "reset:2"].into_iter().enumerate() {
        bench.push(reset(), key).await.expect("queued");
        assert_eq!(courier.deliver_due().await.expect("delivers").sent, 1, "letter {n}");
    }
}

#[tokio::test]
async fn who_complained_still_gets_what_it_asks_for() {
    let bench = Bench::new().await;
    let courier = bench.courier(Transport::Mailbox(bench.mailbox()));
    let waiting = bench.push(welcome(), "welcome:1").await.expect("queued");
    let email = bench.to().email;
    let complained = SuppressionReason::Complained;
    bench.write(move |tx| suppressions::add(tx, &email, complained, None)).await;
    bench.push(reset(), "reset:1").await.expect("queued");
    let delivered = courier.deliver_due().await.expect("delivers");
    assert_eq!(delivered, Delivered { sent: 1, suppressed: 1, ..Delivered::default() });
    assert_eq!(bench.row(waiting).await.state, LetterState::Suppressed, "queued before");
}

#[tokio::test]
async fn a_host_gets_no_more_than_so_many_a_minute() {
    let bench = Bench::new().await;
    for number in 0..30 {
        let to = bench.to();
        bench.write(move |tx| push(tx, to.clone(), &reset(), &format!("reset:{number}"))).await;
    }
    let slow = Sender { letters_per_host_per_minute: 10, ..sender() };
    let mailbox = Transport::Mailbox(bench.mailbox());
    let courier = Courier::new(bench.store.clone(), mailbox, None, source(Some(slow)), KEY);
    let first = courier.deliver_due().await.expect("delivers").sent;
    assert!((10..=11).contains(&first), "{first}");
    assert_eq!(courier.deliver_due().await.expect("delivers").sent, 0, "not yet");
    let attempts = bench.attempts().await;
    assert!(attempts.iter().all(|tries| *tries <= 1), "waiting is no try: {attempts:?}");
    let mut sent = first;
    for _ in 0..30 {
        bench.pass(6);
        sent += courier.deliver_due().await.expect("delivers").sent;
    }
    assert_eq!(sent, 30);
}

#[tokio::test]
async fn a_server_that_falls_silent_holds_nobody_up() {
    let bench = Bench::new().await;
    let server = Server::refusing("DATA", &["silence"]);
    let id = bench.push(reset(), "reset:1").await.expect("queued");
    let courier = bench.courier(server.transport());
    let delivering = tokio::time::timeout(Duration::from_secs(20), courier.deliver_due());
    let delivered = delivering.await.expect("it gives up").expect("delivers");
    assert_eq!(delivered, Delivered { retried: 1, ..Delivered::default() });
    let row = bench.row(id).await;
    assert_eq!(row.state, LetterState::Queued);
    assert!(row.last_error.is_some_and(|error| error.contains("did not answer")));
}

#[tokio::test]
async fn a_slow_mail_server_keeps_its_letter() {
    let bench = Bench::new().await;
    let id = bench.push(reset(), "reset:1").await.expect("queued");
    let (lease, claimed) = bench.write(|tx| claim(tx, 10)).await;
    assert_eq!(claimed.len(), 1);
    for _ in 0..10 {
        bench.pass(40);
        bench.write(move |tx| hold(tx, lease)).await;
        let (_, others) = bench.write(|tx| claim(tx, 10)).await;
        assert!(others.is_empty(), "it is held for as long as that takes");
    }
    let sent = Outcome::Sent { kept: None };
    assert!(bench.write(move |tx| mark(tx, id, lease, &sent)).await);
}

#[tokio::test]
async fn a_server_that_is_away_is_no_refusal() {
    let bench = Bench::new().await;
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let courier =
        bench.courier(Transport::smtp(&format!("smtp://{port}"), CONNECTIONS).expect("a URL"));
    bench.push(reset(), "reset:1").await;
    assert_eq!(courier.deliver_due().await.expect("delivers").retried, 1);
}

#[tokio::test]
async fn letters_wait_where_there_is_no_way_to_send_them() {
    let bench = Bench::new().await;
    let id = bench.push(reset(), "reset:1").await.expect("queued");
    let nowhere = bench.courier(Transport::None);
    let mailbox = || Transport::Mailbox(bench.mailbox());
    let nobody = Courier::new(bench.store.clone(), mailbox(), None, source(None), KEY);
    let anonymous = Sender { mail_from: None, ..sender() };
    let anonymous =
        Courier::new(bench.store.clone(), mailbox(), None, source(Some(anonymous)), KEY);
    for courier in [nowhere, nobody, anonymous] {
        assert_eq!(courier.deliver_due().await.expect("delivers"), Delivered::default());
    }
    let row = bench.row(id).await;
    assert_eq!((row.state, row.attempts), (LetterState::Queued, 0));
}

#[tokio::test]
async fn what_can_t_be_rendered_fails_alone() {
    use diesel::prelude::*;
    let bench = Bench::new().await;
    let broken = bench.push(reset(), "reset:1").await.expect("queued");
    bench
        .write(move |tx| {
            let other = Json(serde_json::json!({"template": "telegram"}));
            Ok(diesel::update(letters::table.find(broken))
                .set(letters::context.eq(other))
                .execute(tx.conn)?)
        })
        .await;
    bench.push(reset(), "reset:2").await;
    let courier = bench.courier(Transport::Mailbox(bench.mailbox()));
    let delivered = courier.deliver_due().await.expect("delivers");
    assert_eq!(delivered, Delivered { sent: 1, failed: 1, ..Delivered::default() });
    assert!(bench.row(broken).await.last_error.is_some_and(|error| error.contains("telegram")));
}

#[tokio::test]
async fn the_outbox_forgets_secrets_once_they_are_sent() {
    let bench = Bench::new().await;
    let id = bench.push(reset(), "reset:1").await.expect("queued");
    assert!(bench.row(id).await.context.0.to_string().contains("token="));
    let courier = bench.courier(Transport::Mailbox(bench.mailbox()));
    courier.deliver_due().await.expect("delivers");
    let row = bench.row(id).await;
    assert_eq!(row.state, LetterState::Sent);
    assert!(!row.context.0.to_string().contains("token="));
    assert_eq!(row.context.read::<Letter>().expect("a letter"), reset().masked());
}

#[tokio::test]
async fn a_letter_that_failed_keeps_only_what_can_t_be_asked_for_anew() {
    let bench = Bench::new().await;
    let has_code = |letter: &Letter| {
        !letter.secrets().is_empty() && matches!(letter, Letter::RewardRedeemed { .. })
    };
    let voucher = Letter::samples().into_iter().find(has_code).expect("a sample");
    let link = bench.push(reset(), "reset:1").await.expect("queued");
    let code = bench.push(voucher.clone(), "redeemed:1").await.expect("queued");
    let courier = bench.courier(Server::new(&["550 no such user"]).transport());
    assert_eq!(courier.deliver_due().await.expect("delivers").failed, 2);
    let (link, code) = (bench.row(link).await, bench.row(code).await);
    assert_eq!((link.state, code.state), (LetterState::Failed, LetterState::Failed));
    assert_eq!(link.context.read::<Letter>().expect("a letter"), reset().masked());
    assert_eq!(code.context.read::<Letter>().expect("a letter"), voucher, "to be tried again");
}

#[tokio::test]
async fn two_couriers_send_each_letter_once() {
    let bench = Bench::new().await;
    for number in 0..40 {
        let to = bench.to();
        bench.write(move |tx| push(tx, to.clone(), &reset(), &format!("reset:{number}"))).await;
    }
    let server = Server::new(&["250 ok"]);
    let (one, two) = (bench.courier(server.transport()), bench.courier(server.transport()));
    let (one, two) = tokio::join!(one.deliver_due(), two.deliver_due());
    assert_eq!(one.expect("delivers").sent + two.expect("delivers").sent, 40);
    let taken = server.taken();
    let ids: std::collections::BTreeSet<&str> = taken.iter().map(|raw| message_id(raw)).collect();
    assert_eq!((taken.len(), ids.len()), (40, 40));
}

#[tokio::test]
async fn a_running_courier_wakes_and_ends_when_told() {
    let bench = Bench::new().await;
    let (wake, (stop, stopped)) = (Arc::new(Notify::new()), watch::channel(false));
    let courier = bench.courier(Transport::Mailbox(bench.mailbox()));
    let running = tokio::spawn(courier.run(Arc::clone(&wake), stopped));
    bench.push(reset(), "reset:1").await;
    wake.notify_one();
    let arrived = async {
        while mailbox::list(&bench.mailbox()).expect("a list").is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(3), arrived).await.expect("sooner than its sleep");
    stop.send(true).expect("it listens");
    tokio::time::timeout(Duration::from_secs(3), running).await.expect("ends").expect("no panic");
}

#[tokio::test]
async fn at_shutdown_letters_in_hand_are_given_back() {
    let bench = Bench::new().await;
    let (stop, stopped) = watch::channel(false);
    // the server's end comes while the first claim is made
    let ending: SenderSource = Arc::new(move |_| {
        stop.send_replace(true);
        Ok(Some(sender()))
    });
    let id = bench.push(reset(), "reset:1").await.expect("queued");
    let courier =
        Courier::new(bench.store.clone(), Transport::Mailbox(bench.mailbox()), None, ending, KEY);
    let run = courier.run(Arc::new(Notify::new()), stopped);
    tokio::time::timeout(Duration::from_secs(3), run).await.expect("ends");
    let row = bench.row(id).await;
    assert_eq!((row.state, row.attempts), (LetterState::Queued, 0));
    assert!(mailbox::list(&bench.mailbox()).expect("a list").is_empty());
}
