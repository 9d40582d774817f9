//! Randomness, handed in: from the system in production, from a printed seed in tests.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU32, Ordering},
};

use rand::{Rng, SeedableRng, rngs::ChaCha20Rng};
use uuid::{Builder, Uuid};

use super::clock::Timestamp;

/// A cryptographic random generator that many threads share.
#[derive(Clone, Debug)]
pub struct Chance(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    rng: Mutex<ChaCha20Rng>,
    made: AtomicU32,
}

impl Chance {
    /// Seeded by the operating system.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the system for chance")]
    pub fn system() -> Self {
        Self::of(rand::make_rng())
    }

    /// The same sequence for the same seed: for tests.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self::of(ChaCha20Rng::seed_from_u64(seed))
    }

    fn of(rng: ChaCha20Rng) -> Self {
        Self(Arc::new(Inner { rng: Mutex::new(rng), made: AtomicU32::new(0) }))
    }

    /// `N` random bytes.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.rng.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut bytes);
        bytes
    }

    /// A `UUIDv7` (RFC 9562): milliseconds, then a 26-bit counter that keeps the ids of one
    /// process in order, then 48 bits of chance.
    #[must_use]
    pub fn uuid_v7(&self, now: Timestamp) -> Uuid {
        let count = self.0.made.fetch_add(1, Ordering::Relaxed);
        let random = self.bytes::<6>();
        let high = ((count >> 14) & 0x0fff) as u16;
        let low = (count & 0x3fff) as u16;
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        let tail = [a, b, c, d, random[0], random[1], random[2], random[3], random[4], random[5]];
        let millis = u64::try_from(now.as_microsecond() / 1000).unwrap_or(0);
        Builder::from_unix_timestamp_millis(millis, &tail).into_uuid()
    }
}
