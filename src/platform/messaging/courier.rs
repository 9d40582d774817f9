//! The courier: claims letters that are due, renders and sends them, and marks what became of them.
//!
//! Any number of couriers on any number of servers share one outbox. A letter is sent at least
//! once, and but once unless a server dies between sending and marking; every try has the same
//! Message-ID, so that mail programs show one.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{Mutex, Notify, watch},
    task::JoinSet,
    time::Instant,
};

use super::{
    claims::{Batch, claim},
    delivery::Delivery,
    dkim::Signer,
    letters::Sender,
    store::{self, Claimed, LEASE, Lease, Outcome},
    suppressions::{self, SuppressionReason},
    transport::Transport,
};
use crate::{
    db::{DbConnection, Store, Tx},
    kernel::{clock::Timestamp, error::Result, limit::Throttle},
};

/// Reads from the settings what the program says of itself; `None` while `public_url` or
/// `mail_from` is missing, and then letters wait.
pub type SenderSource = Arc<dyn Fn(&mut DbConnection) -> Result<Option<Sender>> + Send + Sync>;

/// What the log says where letters have no way out.
const NO_MAIL_SERVER: &str = "letters wait in the queue, for no mail server is known: set \
    VILDAR_SMTP_URL (smtps://user:password@mail.example) and start again";
/// What it says where they have nobody who writes them.
const NO_SENDER: &str = "letters wait in the queue until the settings public_url and mail_from are \
    set, by `vildar settings set`";
/// It says so no more often than this.
const REMINDED: Duration = Duration::from_hours(1);

/// How long the courier sleeps at most.
const LONGEST_SLEEP: Duration = Duration::from_secs(5);

/// How a round went.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Delivered {
    pub sent: u64,
    pub retried: u64,
    pub failed: u64,
    pub suppressed: u64,
}

/// Carries letters from the outbox to the transport.
#[derive(Clone)]
pub struct Courier(Arc<Inner>);

struct Inner {
    store: Store,
    transport: Transport,
    /// Signs what goes out; `None`: nothing is signed.
    signer: Option<Arc<Signer>>,
    /// How many letters each host had lately.
    pace: Throttle,
    sender: SenderSource,
    unsubscribe_key: [u8; 32],
    /// One round at a time: who asks for another gets it after the one that runs has ended.
    round: Mutex<()>,
    /// Whether the log has it that the settings are incomplete.
    complained: AtomicBool,
}

impl Courier {
    /// `store` brings the clock and the chance; `unsubscribe_key` makes the links to say no.
    #[must_use]
    pub fn new(
        store: Store,
        transport: Transport,
        signer: Option<Arc<Signer>>,
        sender: SenderSource,
        unsubscribe_key: [u8; 32],
    ) -> Self {
        Self(Arc::new(Inner {
            store,
            transport,
            signer,
            pace: Throttle::default(),
            sender,
            unsubscribe_key,
            round: Mutex::new(()),
            complained: AtomicBool::new(false),
        }))
    }

    /// Delivers all that is due by the clock, after the round that [`run`](Self::run) may be in.
    ///
    /// # Errors
    /// The database's own; what was sent before is marked.
    pub async fn deliver_due(&self) -> Result<Delivered> {
        self.deliver(|| false).await
    }

    /// Works until `shutdown` becomes true: delivers, then sleeps until a letter is due, `wake`
    /// is notified, or five seconds have passed. Letters in hand are finished or given back.
    pub async fn run(self, wake: Arc<Notify>, mut shutdown: watch::Receiver<bool>) {
        if matches!(self.0.transport, Transport::None) {
            // letters wait until a server comes that can send them
            tokio::select! {
                () = self.tell_of_waiting(&wake) => {}
                ended = shutdown.wait_for(|stop| *stop) => drop(ended),
            }
            return;
        }
        loop {
            let stop = shutdown.clone();
            if let Err(error) = self.deliver(|| *stop.borrow()).await {
                tracing::warn!(%error, "the courier could not work; it tries again");
            }
            let pause = self.pause().await;
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = wake.notified() => {}
                // a sender that is gone means the server is
                ended = shutdown.wait_for(|stop| *stop) => { drop(ended); return; }
            }
        }
    }

    /// Tells the log that nothing goes out: now, and when letters are queued, but seldom.
    async fn tell_of_waiting(&self, wake: &Notify) {
        let sender = Arc::clone(&self.0.sender);
        match self.0.store.read(move |tx| sender(tx.conn)).await {
            Ok(None) => tracing::warn!("{NO_SENDER}"),
            Ok(Some(_)) => {}
            Err(error) => tracing::warn!(%error, "the courier could not read the settings"),
        }
        tracing::warn!("{NO_MAIL_SERVER}");
        loop {
            wake.notified().await;
            match self.0.store.read(|tx| store::waiting(tx.conn)).await {
                Ok(letters) => tracing::warn!(letters, "{NO_MAIL_SERVER}"),
                Err(error) => tracing::warn!(%error, "{NO_MAIL_SERVER}"),
            }
            tokio::time::sleep(REMINDED).await;
        }
    }

    async fn pause(&self) -> Duration {
        let next = self.0.store.read(|tx| Ok((tx.now, store::next_due(tx.conn)?))).await;
        match next {
            // what is due already could not be delivered just now
            Ok((now, Some(due))) if due > now => due.since(now).min(LONGEST_SLEEP),
            _ => LONGEST_SLEEP,
        }
    }

    async fn deliver(&self, stop: impl Fn() -> bool) -> Result<Delivered> {
        let mut total = Delivered::default();
        if matches!(self.0.transport, Transport::None) {
            return Ok(total);
        }
        let _round = self.0.round.lock().await;
        while !stop() {
            let Some(batch) = self.claim().await? else { break };
            total.suppressed += batch.suppressed;
            if batch.letters.is_empty() && batch.suppressed == 0 {
                break;
            }
            let shut = self.deliver_batch(batch, &stop, &mut total).await?;
            // the others would fare no better
            if shut {
                break;
            }
        }
        Ok(total)
    }

    async fn claim(&self) -> Result<Option<Batch>> {
        // nothing of the transport goes along: its pool must die inside the runtime
        let sender = Arc::clone(&self.0.sender);
        let batch = self.0.store.write(move |tx| claim(tx, &sender)).await?;
        let incomplete = batch.is_none();
        if incomplete && !self.0.complained.swap(true, Ordering::Relaxed) {
            tracing::warn!("{NO_SENDER}");
        }
        if !incomplete {
            self.0.complained.store(false, Ordering::Relaxed);
        }
        Ok(batch)
    }

    /// Sends the letters of a claim, as many at a time as the transport takes, and marks each as
    /// soon as it is out of our hands. Answers whether the way is shut.
    async fn deliver_batch(
        &self,
        batch: Batch,
        stop: &impl Fn() -> bool,
        total: &mut Delivered,
    ) -> Result<bool> {
        let Batch { lease, mut until, letters, sender, .. } = batch;
        let sender = Arc::new(sender);
        let mut waiting = letters.into_iter();
        let mut in_hand = JoinSet::new();
        // a mail server may take its time: nobody else shall take the letters over
        let mut renewal = tokio::time::interval_at(Instant::now() + LEASE / 3, LEASE / 3);
        let (mut marked, mut shut) = (Ok(()), false);
        loop {
            while in_hand.len() < self.0.transport.width()
                && let Some(letter) = waiting.next()
            {
                // with less than a fifth left, somebody else may soon send the same
                let late = self.0.store.clock().wall().plus(LEASE / 5) > until;
                let give_back = late || stop() || marked.is_err() || shut;
                let (courier, sender) = (self.clone(), Arc::clone(&sender));
                in_hand.spawn(async move {
                    let outcome = if give_back {
                        Outcome::GivenBack { until: None }
                    } else {
                        courier.send(&letter, &sender).await
                    };
                    courier.mark(letter, lease, outcome.clone()).await.map(|()| outcome)
                });
            }
            tokio::select! {
                joined = in_hand.join_next() => match joined {
                    None => return marked.map(|()| shut),
                    Some(Ok(Ok(outcome))) => {
                        shut |= matches!(outcome, Outcome::Away { .. });
                        total.count(&outcome);
                    }
                    Some(Ok(Err(error))) => marked = Err(error),
                    // its lease runs out, and it is tried again
                    Some(Err(panicked)) => tracing::error!(%panicked, "a letter was dropped"),
                },
                _ = renewal.tick() => until = self.hold(lease, until).await,
            }
        }
    }

    async fn send(&self, letter: &Claimed, sender: &Sender) -> Outcome {
        let Inner { store, transport, signer, pace, unsubscribe_key, .. } = &*self.0;
        let signer = signer.as_ref();
        let delivery = Delivery { store, transport, signer, pace, sender, unsubscribe_key };
        delivery.send(letter).await
    }

    /// Keeps the letters of a claim for longer; answers until when they are held.
    async fn hold(&self, lease: Lease, until: Timestamp) -> Timestamp {
        let held = self.0.store.write(move |tx| store::hold(tx, lease)).await;
        held.unwrap_or_else(|error| {
            tracing::warn!(%error, "the letters in hand could not be held for longer");
            until
        })
    }

    async fn mark(&self, letter: Claimed, lease: Lease, outcome: Outcome) -> Result<()> {
        let work = move |tx: &mut Tx<'_>| {
            if !store::mark(tx, letter.id, lease, &outcome)? {
                tracing::warn!(letter = %letter.id, "another courier took this letter over");
            }
            if let Outcome::Failed { error, no_mailbox: true, .. } = &outcome
                && let Ok(email) = letter.to_address.parse()
            {
                suppressions::add(tx, &email, SuppressionReason::Refused, Some(error))?;
            }
            Ok(())
        };
        self.0.store.write(work).await
    }
}

impl Delivered {
    const fn count(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Sent { .. } => self.sent += 1,
            Outcome::Retry { .. } | Outcome::Away { .. } => self.retried += 1,
            Outcome::Failed { .. } => self.failed += 1,
            Outcome::Suppressed { .. } => self.suppressed += 1,
            Outcome::GivenBack { .. } => {}
        }
    }
}
