//! Queueing, claiming and marking.

use std::time::Duration;

use super::*;
use crate::messaging::{
    courier::Delivered,
    letters::Preference,
    preferences,
    store::{Outcome, claim, mark},
};

#[tokio::test]
async fn one_occasion_brings_one_letter() {
    let bench = Bench::new().await;
    let first = bench.push(welcome(), "welcome:1").await;
    assert!(first.is_some());
    assert_eq!(bench.push(reset(), "welcome:1").await, None);
    assert!(bench.push(welcome(), "welcome:2").await.is_some());
}

#[tokio::test]
async fn a_letter_that_was_rolled_back_is_not_there() {
    let bench = Bench::new().await;
    let to = bench.to();
    let refused: Result<()> = bench
        .store
        .write(move |tx| {
            push(tx, to.clone(), &welcome(), "welcome:1")?;
            Err(crate::kernel::error::Refusal::OutOfStock.into())
        })
        .await;
    assert!(refused.is_err());
    assert!(bench.push(welcome(), "welcome:1").await.is_some(), "the key is free");
}

#[tokio::test]
async fn a_claim_is_one_courier_s_until_its_lease_ends() {
    let bench = Bench::new().await;
    let id = bench.push(reset(), "reset:1").await.expect("queued");
    let (first, claimed) = bench.write(|tx| claim(tx, 10)).await;
    assert_eq!(claimed.iter().map(|l| (l.id, l.attempts)).collect::<Vec<_>>(), [(id, 1)]);
    assert!(bench.write(|tx| claim(tx, 10)).await.1.is_empty(), "it is taken");
    bench.pass(300);
    let (second, claimed) = bench.write(|tx| claim(tx, 10)).await;
    assert_eq!(claimed.len(), 1, "the lease ran out");
    let sent = Outcome::Sent { kept: None };
    let late = sent.clone();
    assert!(!bench.write(move |tx| mark(tx, id, first, &late)).await, "too late");
    assert!(bench.write(move |tx| mark(tx, id, second, &sent)).await);
    let row = bench.row(id).await;
    assert_eq!((row.state, row.attempts), (LetterState::Sent, 1));
    assert!(
        !bench.write(move |tx| mark(tx, id, second, &Outcome::GivenBack { until: None })).await,
        "it is done"
    );
}

#[tokio::test]
async fn what_is_given_back_counts_as_no_attempt_and_what_waits_is_not_due() {
    let bench = Bench::new().await;
    let id = bench.push(reset(), "reset:1").await.expect("queued");
    let (lease, _) = bench.write(|tx| claim(tx, 10)).await;
    bench.write(move |tx| mark(tx, id, lease, &Outcome::GivenBack { until: None })).await;
    let row = bench.row(id).await;
    assert_eq!((row.state, row.attempts), (LetterState::Queued, 0));
    let (lease, claimed) = bench.write(|tx| claim(tx, 10)).await;
    assert_eq!(claimed[0].attempts, 1);
    let at = bench.clock.now().plus(Duration::from_secs(20));
    let wait = Outcome::Retry { at, error: "451 busy".to_owned() };
    bench.write(move |tx| mark(tx, id, lease, &wait)).await;
    assert!(bench.write(|tx| claim(tx, 10)).await.1.is_empty());
    let row = bench.row(id).await;
    assert_eq!((row.next_attempt_at, row.last_error.as_deref()), (at, Some("451 busy")));
    bench.pass(20);
    assert_eq!(bench.write(|tx| claim(tx, 10)).await.1.len(), 1);
}

#[tokio::test]
async fn the_longest_waiting_come_first_and_no_more_than_asked_for() {
    let bench = Bench::new().await;
    let keys = ["a", "b", "c"];
    let mut ids = Vec::new();
    for key in keys {
        ids.extend(bench.push(reset(), key).await);
    }
    let (_, claimed) = bench.write(|tx| claim(tx, 2)).await;
    assert_eq!(claimed.iter().map(|letter| letter.id).collect::<Vec<_>>(), ids[..2]);
}

#[tokio::test]
async fn who_said_no_gets_service_letters_only() {
    let bench = Bench::new().await;
    let (member, courier) = (bench.member, bench.courier(Transport::Mailbox(bench.mailbox())));
    let before = bench.push(welcome(), "welcome:1").await.expect("queued");
    bench.write(move |tx| preferences::set(tx, member, Preference::ThankYou, false)).await;
    let after = bench.push(welcome(), "welcome:2").await.expect("written");
    assert_eq!(bench.row(after).await.state, LetterState::Suppressed);
    bench.push(reset(), "reset:1").await;
    let delivered = courier.deliver_due().await.expect("delivers");
    assert_eq!(delivered, Delivered { sent: 1, suppressed: 1, ..Delivered::default() });
    assert_eq!(bench.row(before).await.state, LetterState::Suppressed);
    bench.write(move |tx| preferences::set(tx, member, Preference::ThankYou, true)).await;
    let delivered = courier.deliver_due().await.expect("delivers");
    assert_eq!(delivered, Delivered::default(), "yes again brings nothing back");
}

#[tokio::test]
async fn the_erased_get_nothing() {
    use diesel::prelude::*;
    let bench = Bench::new().await;
    let id = bench.push(reset(), "reset:1").await.expect("queued");
    bench
        .write(|tx| {
            use crate::db::schema::members;
            Ok(diesel::update(members::table).set(members::status.eq("erased")).execute(tx.conn)?)
        })
        .await;
    let courier = bench.courier(Transport::Mailbox(bench.mailbox()));
    assert_eq!(courier.deliver_due().await.expect("delivers").suppressed, 1);
    assert_eq!(bench.row(id).await.last_error.as_deref(), Some("the member was erased"));
}

#[tokio::test]
async fn switches_are_set_one_by_one() {
    let bench = Bench::new().await;
    let member = bench.member;
    let switches = bench
        .write(move |tx| {
            preferences::set(tx, member, Preference::Surveys, false)?;
            preferences::set(tx, member, Preference::Surveys, true)?;
            preferences::set(tx, member, Preference::Occasions, false)?;
            preferences::set(tx, member, Preference::Marketing, true)?;
            preferences::set(
                tx,
                MemberId::from_uuid(uuid::Uuid::nil()),
                Preference::Surveys,
                false,
            )?;
            preferences::of(tx.conn, member)
        })
        .await
        .expect("a member");
    assert!(switches.marketing && switches.thank_you && switches.surveys && !switches.occasions);
    let allowed = Preference::ALL.map(|preference| switches.refuse(preference, None).is_none());
    assert_eq!(allowed, [true, true, false, true, false]);
    let gone = bench
        .write(move |tx| {
            preferences::set(tx, member, Preference::Marketing, false)?;
            preferences::of(tx.conn, member)
        })
        .await;
    let gone = gone.expect("a member").refuse(Preference::Surveys, None);
    assert_eq!(gone, Some("switched off by the member"), "surveys want marketing as well");
}
