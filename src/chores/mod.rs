//! What comes due by itself. One table drives the server, where each chore has its own pace, and
//! the demo's clock, which stops at every moment at which something falls due.

mod sweep;

use std::{future::ready, pin::Pin, time::Duration};

pub use sweep::sweep;
use tokio::{sync::watch, task::JoinHandle};

use platform::{
    auth::{one_time, sessions},
    db::{Store, Tx},
    http::{health, idempotency},
    kernel::{clock::Timestamp, error::Result},
};
use program::{
    announcements::service as announcements,
    occasions::service as occasions,
    perks::lists::service as lists,
    redemptions::service::{self as redemptions, Due},
    referrals::service as referrals,
    reminders, surveys,
    thanks::{digest, service as thanks_owed},
};

/// Something that is to be done now and then, or when it falls due.
pub struct Chore {
    /// Names it in the log and in the metrics.
    name: &'static str,
    /// How long the server rests after each run.
    every: Duration,
    /// Does what is due now.
    run: fn(&Store) -> Doing<'_, ()>,
    /// When the next of it falls due, after now and by then at the latest: the demo's clock stops
    /// there, for what must happen in its own moment.
    next: fn(&Store, Timestamp) -> Doing<'_, Option<Timestamp>>,
}

type Doing<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

const SOON: Duration = Duration::from_secs(10);
const LATER: Duration = Duration::from_mins(1);

/// All chores, in the order in which the demo's clock does them. A new one is a row here.
#[rustfmt::skip]
static CHORES: &[Chore] = &[
    // somebody may have brought the schema on, beside us
    Chore { name: "schema", every: SOON, next: never,
        run: |store| Box::pin(async { store.schema_standing().await.map(drop) }) },
    Chore { name: "redemptions", every: SOON,
        next: |store, until| Box::pin(store.read(move |tx| redemptions::next_expiry(tx, until))),
        run: |store| Box::pin(redemptions::expire_due(store, Due::All)) },
    Chore { name: "voucher_reminders", every: LATER,
        next: |store, until| Box::pin(store.read(move |tx| redemptions::next_reminder(tx, until))),
        run: |store| Box::pin(redemptions::remind_due(store)) },
    Chore { name: "referrals", every: SOON,
        next: |store, until| Box::pin(store.read(move |tx| referrals::next_due(tx, until))),
        run: |store| Box::pin(referrals::advance_due(store, referrals::Due::All)) },
    // what becomes of points is dated by the moment it fell due, whenever it is recorded
    Chore { name: "points", every: SOON, next: never,
        run: |store| Box::pin(sweep(store)) },
    Chore { name: "perk_lists", every: SOON, next: never,
        run: |store| Box::pin(lists::work_off(store)) },
    Chore { name: "announcements", every: SOON, next: never,
        run: |store| Box::pin(announcements::send_due(store)) },
    Chore { name: "occasions", every: LATER,
        next: |store, until| Box::pin(store.read(move |tx| occasions::next(tx, until))),
        run: |store| Box::pin(occasions::greet_due(store)) },
    Chore { name: "survey_plans", every: SOON, next: never,
        run: |store| Box::pin(surveys::plan_due(store)) },
    Chore { name: "surveys", every: SOON,
        next: |store, until| Box::pin(store.read(move |tx| surveys::sending::next(tx, until))),
        run: |store| Box::pin(surveys::sending::send_due(store)) },
    Chore { name: "reminders", every: LATER,
        next: |store, until| Box::pin(store.read(move |tx| reminders::next(tx, until))),
        run: |store| Box::pin(reminders::remind_due(store)) },
    Chore { name: "thanks", every: LATER,
        next: |store, until| Box::pin(store.read(move |tx| digest::next(tx, until))),
        run: |store| Box::pin(thanks(store)) },
    Chore { name: "answers", every: LATER, next: never,
        run: |store| forget(store, idempotency::forget_old) },
    Chore { name: "sessions", every: LATER, next: never,
        run: |store| forget(store, sessions::forget_expired) },
    Chore { name: "one_time_tokens", every: LATER, next: never,
        run: |store| forget(store, one_time::forget_expired) },
    // what was erased leaves a file of SQLite's too
    Chore { name: "scrub", every: SOON, next: never,
        run: |store| Box::pin(store.scrub()) },
    Chore { name: "metrics", every: SOON, next: never,
        run: |_| { health::tidy_metrics(); Box::pin(ready(Ok(()))) } },
];

/// Has a room delete what it kept long enough.
fn forget(store: &Store, old: fn(&mut Tx<'_>) -> Result<usize>) -> Doing<'_, ()> {
    Box::pin(async move { store.write(old).await.map(drop) })
}

/// Finds everybody who is to thank, and tells what is overdue.
async fn thanks(store: &Store) -> Result<()> {
    thanks_owed::hand_on_orphans(store).await?;
    digest::tell_due(store).await
}

/// For chores that need no moment of their own.
fn never(_: &Store, _: Timestamp) -> Doing<'_, Option<Timestamp>> {
    Box::pin(ready(Ok(None)))
}

impl Chore {
    /// Does what is due now; a failure is told in the log, and both are counted.
    async fn run(&self, store: &Store) -> Result<()> {
        let outcome = (self.run)(store).await;
        metrics::counter!("vildar_chore_runs_total", "chore" => self.name).increment(1);
        metrics::counter!("vildar_chore_failures_total", "chore" => self.name)
            .increment(u64::from(outcome.is_err()));
        match &outcome {
            Ok(()) => {
                let wall = store.clock().wall().as_second();
                #[expect(clippy::cast_precision_loss, reason = "seconds are exact in an f64")]
                metrics::gauge!("vildar_chore_last_success_timestamp_seconds", "chore" => self.name)
                    .set(wall as f64);
            }
            Err(error) => tracing::warn!(chore = self.name, %error, "a chore could not be done"),
        }
        outcome
    }

    /// Does it at its pace until it is time to stop.
    async fn keep(&self, store: Store, mut stopped: watch::Receiver<bool>) {
        loop {
            // what fails is tried again; it is in the log and in the metrics
            drop(self.run(&store).await);
            if pause(&mut stopped, self.every).await {
                return;
            }
        }
    }
}

/// Has each chore done at its own pace: one that is slow or fails keeps no other from it.
#[must_use]
pub fn start(store: &Store, stopped: &watch::Receiver<bool>) -> Vec<JoinHandle<()>> {
    let start = |chore: &'static Chore| tokio::spawn(chore.keep(store.clone(), stopped.clone()));
    CHORES.iter().map(start).collect()
}

/// Waits; answers whether it is time to stop.
pub async fn pause(stopped: &mut watch::Receiver<bool>, time: Duration) -> bool {
    tokio::time::timeout(time, stopped.wait_for(|stop| *stop)).await.is_ok()
}

/// Does all that is due now, in order. What fails keeps nothing else from being done.
///
/// # Errors
/// The first failure.
pub async fn run_all(store: &Store) -> Result<()> {
    let mut all = Ok(());
    for chore in CHORES {
        let outcome = chore.run(store).await;
        all = all.and(outcome);
    }
    all
}

/// When the next of all chores falls due, after now and by `until` at the latest.
pub async fn next(store: &Store, until: Timestamp) -> Result<Option<Timestamp>> {
    let mut soonest = None;
    for chore in CHORES {
        let next = (chore.next)(store, soonest.unwrap_or(until)).await?;
        soonest = next.or(soonest);
    }
    Ok(soonest)
}
