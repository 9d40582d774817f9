//! One claimed letter: rendered, handed to the transport, and what became of it.

use std::{num::NonZero, sync::Arc, time::Duration};

use super::{
    dkim::Signer,
    letters::{Letter, Sender, render},
    message::{Envelope, Message, build},
    store::{Claimed, Outcome},
    transport::{SendError, Transport},
    unsubscribe,
};
use crate::{
    db::{Store, types::Json},
    kernel::{
        chance::Chance,
        clock::Timestamp,
        error::Refusal,
        limit::{Limit, Throttle},
        locale::{Language, Locale},
    },
};

/// How often a letter is tried in all.
pub const MOST_ATTEMPTS: i64 = 8;
/// How many couriers a letter may cost: one that brings each down is not handed to another.
const MOST_LOST: i64 = 50;
/// How long the letters wait at which the way was shut.
const AWAY: Duration = Duration::from_secs(5);

/// What it takes to deliver the letters of a batch.
pub struct Delivery<'a> {
    pub store: &'a Store,
    pub transport: &'a Transport,
    pub signer: Option<&'a Arc<Signer>>,
    pub pace: &'a Throttle,
    pub sender: &'a Sender,
    pub unsubscribe_key: &'a [u8; 32],
}

impl Delivery<'_> {
    /// Makes and sends the letter, and says what became of it; it never ends in an error.
    pub async fn send(&self, claimed: &Claimed) -> Outcome {
        if claimed.lost > MOST_LOST {
            let error = format!("given up: {MOST_LOST} couriers were lost with it in hand");
            tracing::error!(letter = %claimed.id, error, "a letter failed");
            return failed(claimed, error, false);
        }
        if let Some(until) = self.waits(claimed) {
            return Outcome::GivenBack { until: Some(until) };
        }
        let (letter, message) = match self.prepare(claimed).await {
            Ok(prepared) => prepared,
            Err(error) => {
                tracing::error!(letter = %claimed.id, error, "a letter can't be made");
                return failed(claimed, error, false);
            }
        };
        match self.transport.send(claimed.id, claimed.queued_at, message).await {
            Ok(()) => Outcome::Sent { kept: kept(&letter) },
            Err(SendError::Away(error)) => {
                tracing::warn!(letter = %claimed.id, error, "the way to the mail server is shut");
                let wait = jittered(AWAY, self.store.chance());
                Outcome::Away { at: self.store.clock().now().plus(wait), error }
            }
            Err(SendError::Later(error)) if claimed.attempts < MOST_ATTEMPTS => {
                let wait = backoff(claimed.attempts, self.store.chance());
                tracing::warn!(letter = %claimed.id, error, ?wait, "a letter has to wait");
                Outcome::Retry { at: self.store.clock().now().plus(wait), error }
            }
            Err(SendError::Later(error) | SendError::Never(error)) => {
                tracing::error!(letter = %claimed.id, error, "a letter failed");
                failed(claimed, error, false)
            }
            Err(SendError::NoMailbox(error)) => {
                tracing::warn!(letter = %claimed.id, error, "nobody takes letters there");
                failed(claimed, error, true)
            }
        }
    }

    /// Until when a letter waits because its host had as many as it gets in a minute.
    fn waits(&self, claimed: &Claimed) -> Option<Timestamp> {
        let tries = NonZero::new(self.sender.letters_per_host_per_minute)?.get();
        let limit = Limit { name: "letters", tries, per: Duration::from_mins(1) };
        let (_, host) = claimed.to_address.rsplit_once('@')?;
        let clock = self.store.clock();
        match self.pace.count(limit, &host.to_lowercase(), clock.wall()) {
            Err(Refusal::TooManyRequests { retry_after_seconds }) => {
                Some(clock.now().plus(Duration::from_secs(retry_after_seconds)))
            }
            _ => None,
        }
    }

    /// On a thread of its own: rendering takes longer than the async ones may be kept.
    async fn prepare(&self, claimed: &Claimed) -> Result<(Letter, Message), String> {
        let (claimed, sender, key) = (claimed.clone(), self.sender.clone(), *self.unsubscribe_key);
        let (signer, date) = (self.signer.cloned(), self.store.clock().now());
        let work = move || prepare(&claimed, sender, &key, signer.as_deref(), date);
        tokio::task::spawn_blocking(work).await.map_err(|error| error.to_string())?
    }
}

fn prepare(
    claimed: &Claimed,
    mut sender: Sender,
    unsubscribe_key: &[u8; 32],
    signer: Option<&Signer>,
    date: Timestamp,
) -> Result<(Letter, Message), String> {
    let letter: Letter = claimed.context.clone().read().map_err(|error| error.to_string())?;
    let language =
        claimed.locale.parse::<Locale>().map_or(Language::En, |locale| locale.language());
    sender.unsubscribe_url = claimed
        .member_id
        .zip(letter.preference())
        .map(|(member, what)| unsubscribe::url(&sender.public_url, unsubscribe_key, member, what));
    let rendered = render(&letter, language, &sender).map_err(|error| error.to_string())?;
    let envelope = Envelope {
        id: claimed.id,
        from: sender.mail_from.ok_or("there is no mail_from")?,
        from_name: sender.program_name,
        to: claimed.to_address.parse().map_err(|error| format!("the address {error}"))?,
        to_name: claimed.to_name.clone(),
        public_url: sender.public_url,
        return_path: sender.return_path,
        date,
        unsubscribe_url: sender.unsubscribe_url,
    };
    let message = build(&envelope, rendered, signer).map_err(|error| error.to_string())?;
    Ok((letter, message))
}

/// What stays in the outbox of a letter that went out; `None`: all of it.
fn kept(letter: &Letter) -> Option<Json> {
    if letter.secrets().is_empty() { None } else { Json::of(&letter.clone().masked()).ok() }
}

/// The end of a letter that did not go out.
fn failed(claimed: &Claimed, error: String, no_mailbox: bool) -> Outcome {
    let letter: Option<Letter> = claimed.context.clone().read().ok();
    let kept = letter.filter(Letter::can_be_asked_for_anew).as_ref().and_then(kept);
    Outcome::Failed { error, kept, no_mailbox }
}

/// The end of a letter that nobody wants any more.
pub fn suppressed(claimed: &Claimed, why: &str) -> Outcome {
    let letter: Option<Letter> = claimed.context.clone().read().ok();
    Outcome::Suppressed { why: why.to_owned(), kept: letter.as_ref().and_then(kept) }
}

/// How long to wait after so many attempts: 5 s, 20 s, 80 s, … to some six hours, a fifth more or
/// less, so that the letters of one outage do not all come back at once.
fn backoff(attempts: i64, chance: &Chance) -> Duration {
    let exponent = u32::try_from(attempts - 1).unwrap_or(0).min(6);
    jittered(Duration::from_secs(5 * 4_u64.pow(exponent)), chance)
}

/// A fifth more or less.
fn jittered(wait: Duration, chance: &Chance) -> Duration {
    let jitter = f64::from(u16::from_be_bytes(chance.bytes())) / f64::from(u16::MAX);
    wait.mul_f64(0.8 + 0.4 * jitter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wait_is_longer_and_none_is_quite_the_same() {
        let chance = Chance::seeded(3);
        let waits: Vec<Duration> = (1..MOST_ATTEMPTS).map(|n| backoff(n, &chance)).collect();
        assert!(waits.is_sorted() && waits[0] >= Duration::from_secs(4));
        assert!(waits[6] <= Duration::from_secs(24_576), "{waits:?}");
        assert_ne!(backoff(1, &chance), backoff(1, &chance));
    }
}
