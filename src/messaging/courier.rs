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
};

use super::{
    delivery::{Delivery, suppressed},
    letters::{Letter, Preference, Sender},
    preferences,
    store::{self, Claimed, LEASE, Lease, Outcome},
    transport::Transport,
};
use crate::{
    db::{DbConnection, Store, Tx},
    kernel::{clock::Timestamp, error::Result},
};

/// Reads from the settings what the program says of itself; `None` while `public_url` or
/// `mail_from` is missing, and then letters wait.
pub type SenderSource = Arc<dyn Fn(&mut DbConnection) -> Result<Option<Sender>> + Send + Sync>;

/// How many letters one claim takes.
const BATCH: i64 = 16;
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
    sender: SenderSource,
    unsubscribe_key: [u8; 32],
    /// One round at a time: who asks for another gets it after the one that runs has ended.
    round: Mutex<()>,
    /// Whether the log has it that the settings are incomplete.
    complained: AtomicBool,
}

/// Letters of one claim, and who they are from.
struct Batch {
    lease: Lease,
    until: Timestamp,
    letters: Vec<Claimed>,
    sender: Sender,
    suppressed: u64,
}

impl Courier {
    /// `store` brings the clock and the chance; `unsubscribe_key` makes the links to say no.
    #[must_use]
    pub fn new(
        store: Store,
        transport: Transport,
        sender: SenderSource,
        unsubscribe_key: [u8; 32],
    ) -> Self {
        let (round, complained) = (Mutex::new(()), AtomicBool::new(false));
        Self(Arc::new(Inner { store, transport, sender, unsubscribe_key, round, complained }))
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
            drop(shutdown.wait_for(|stop| *stop).await);
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
            self.deliver_batch(batch, &stop, &mut total).await?;
        }
        Ok(total)
    }

    async fn claim(&self) -> Result<Option<Batch>> {
        // nothing of the transport goes along: its pool must die inside the runtime
        let sender = Arc::clone(&self.0.sender);
        let batch = self.0.store.write(move |tx| claim(tx, &sender)).await?;
        let incomplete = batch.is_none();
        if incomplete && !self.0.complained.swap(true, Ordering::Relaxed) {
            tracing::warn!("letters wait: the settings public_url and mail_from are needed");
        }
        if !incomplete {
            self.0.complained.store(false, Ordering::Relaxed);
        }
        Ok(batch)
    }

    async fn deliver_batch(
        &self,
        batch: Batch,
        stop: &impl Fn() -> bool,
        total: &mut Delivered,
    ) -> Result<()> {
        let Batch { lease, mut until, letters, sender, .. } = batch;
        let sender = Arc::new(sender);
        let mut rest = letters.into_iter();
        loop {
            let hand: Vec<Claimed> = rest.by_ref().take(self.0.transport.width()).collect();
            if hand.is_empty() {
                return Ok(());
            }
            // with less than a fifth left, somebody else may soon send the same
            let late = self.0.store.clock().wall().plus(LEASE / 5) > until;
            let outcomes = if late || stop() {
                hand.into_iter().map(|letter| (letter, Outcome::GivenBack)).collect()
            } else {
                let sending = self.send_together(hand, &sender);
                tokio::pin!(sending);
                loop {
                    tokio::select! {
                        outcomes = &mut sending => break outcomes,
                        // a mail server may take its time: nobody else shall take the letters over
                        () = tokio::time::sleep(LEASE / 3) => until = self.hold(lease, until).await,
                    }
                }
            };
            self.mark(lease, outcomes, total).await?;
        }
    }

    /// Keeps the letters of a claim for longer; answers until when they are held.
    async fn hold(&self, lease: Lease, until: Timestamp) -> Timestamp {
        let held = self.0.store.write(move |tx| store::hold(tx, lease)).await;
        held.unwrap_or_else(|error| {
            tracing::warn!(%error, "the letters in hand could not be held for longer");
            until
        })
    }

    async fn send_together(
        &self,
        letters: Vec<Claimed>,
        sender: &Arc<Sender>,
    ) -> Vec<(Claimed, Outcome)> {
        let mut sending = JoinSet::new();
        for letter in letters {
            let (inner, sender) = (Arc::clone(&self.0), Arc::clone(sender));
            sending.spawn(async move {
                let Inner { store, transport, unsubscribe_key, .. } = &*inner;
                let sender = &sender;
                let delivery = Delivery { store, transport, sender, unsubscribe_key };
                let outcome = delivery.send(&letter).await;
                (letter, outcome)
            });
        }
        // one that panicked is not among them: its lease runs out and it is tried again
        let mut outcomes = Vec::new();
        while let Some(joined) = sending.join_next().await {
            outcomes.extend(joined.ok());
        }
        outcomes
    }

    async fn mark(
        &self,
        lease: Lease,
        outcomes: Vec<(Claimed, Outcome)>,
        total: &mut Delivered,
    ) -> Result<()> {
        for (_, outcome) in &outcomes {
            match outcome {
                Outcome::Sent { .. } => total.sent += 1,
                Outcome::Retry { .. } => total.retried += 1,
                Outcome::Failed { .. } => total.failed += 1,
                Outcome::Suppressed { .. } => total.suppressed += 1,
                Outcome::GivenBack => {}
            }
        }
        let work = move |tx: &mut Tx<'_>| {
            for (letter, outcome) in &outcomes {
                if !store::mark(tx, letter.id, lease, outcome)? {
                    tracing::warn!(letter = %letter.id, "another courier took this letter over");
                }
            }
            Ok(())
        };
        self.0.store.write(work).await
    }
}

/// Claims a batch and drops from it what is not wanted any more; `None` where the settings
/// are incomplete.
fn claim(tx: &mut Tx<'_>, sender: &SenderSource) -> Result<Option<Batch>> {
    let Some(sender) = sender(tx.conn)? else { return Ok(None) };
    if sender.mail_from.is_none() {
        return Ok(None);
    }
    let (lease, claimed) = store::claim(tx, BATCH)?;
    let mut batch = Batch {
        lease,
        until: tx.wall.plus(LEASE),
        letters: Vec::with_capacity(claimed.len()),
        sender,
        suppressed: 0,
    };
    for letter in claimed {
        match unwanted(tx.conn, &letter)? {
            None => batch.letters.push(letter),
            Some(why) => {
                store::mark(tx, letter.id, lease, &suppressed(&letter, why))?;
                batch.suppressed += 1;
            }
        }
    }
    Ok(Some(batch))
}

/// Why a letter should not go out after all.
fn unwanted(conn: &mut DbConnection, letter: &Claimed) -> Result<Option<&'static str>> {
    let Some(member) = letter.member_id else { return Ok(None) };
    let Some(switches) = preferences::of(conn, member)? else {
        return Ok(Some("the member was erased"));
    };
    let Some(Ok(preference)) = letter.preference.as_deref().map(str::parse::<Preference>) else {
        return Ok(None);
    };
    let written: Option<Letter> = letter.context.clone().read().ok();
    Ok(switches.refuse(preference, written.as_ref().and_then(Letter::holiday)))
}
