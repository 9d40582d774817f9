//! How often something may be tried. Counted by the generic cell rate algorithm, by the wall
//! clock, in this process.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use super::{clock::Timestamp, error::Refusal};

/// So many tries in so long.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    pub name: &'static str,
    pub tries: u32,
    pub per: Duration,
}

/// How many keys are remembered at most.
const MOST_KEYS: usize = 100_000;

/// Who tried what, and when they may again. Whoever it is counts by a hash, whose seed nobody
/// knows: names can be long, and come from strangers.
#[derive(Debug, Default)]
pub struct Throttle {
    seed: RandomState,
    seen: Mutex<HashMap<u64, Timestamp>>,
}

impl Throttle {
    /// Counts one try of `who`; nobody (an empty text) has no count.
    ///
    /// # Errors
    /// [`Refusal::TooManyRequests`] where there were too many; that one isn't counted.
    pub fn count(&self, limit: Limit, who: &str, wall: Timestamp) -> Result<(), Refusal> {
        let Some(key) = self.key(limit, who) else { return Ok(()) };
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let full_at = seen.get(&key).copied();
        admit(limit, full_at, wall)?;
        if full_at.is_none() && seen.len() >= MOST_KEYS {
            make_room(&mut seen, wall);
        }
        seen.insert(key, full_at.unwrap_or(wall).max(wall).plus(limit.per / limit.tries));
        Ok(())
    }

    /// Asks without counting.
    ///
    /// # Errors
    /// [`Refusal::TooManyRequests`] where a try would be too many.
    pub fn check(&self, limit: Limit, who: &str, wall: Timestamp) -> Result<(), Refusal> {
        let Some(key) = self.key(limit, who) else { return Ok(()) };
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        admit(limit, seen.get(&key).copied(), wall)
    }

    fn key(&self, limit: Limit, who: &str) -> Option<u64> {
        (!who.is_empty()).then(|| self.seed.hash_one((limit.name, who)))
    }
}

fn admit(limit: Limit, full_at: Option<Timestamp>, wall: Timestamp) -> Result<(), Refusal> {
    let Some(full_at) = full_at else { return Ok(()) };
    let ahead = full_at.since(wall) + limit.per / limit.tries;
    match ahead.checked_sub(limit.per) {
        Some(over) if !over.is_zero() => Err(Refusal::TooManyRequests {
            retry_after_seconds: over.as_secs() + u64::from(over.subsec_nanos() > 0),
        }),
        _ => Ok(()),
    }
}

/// Forgets those whose time has run out; in a flood, the half that is nearest to it.
fn make_room(seen: &mut HashMap<u64, Timestamp>, wall: Timestamp) {
    seen.retain(|_, full_at| *full_at > wall);
    if seen.len() >= MOST_KEYS {
        let mut ends: Vec<Timestamp> = seen.values().copied().collect();
        let middle = ends.len() / 2;
        let (_, median, _) = ends.select_nth_unstable(middle);
        let median = *median;
        seen.retain(|_, full_at| *full_at > median);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIGN_IN: Limit = Limit { name: "sign-in", tries: 10, per: Duration::from_mins(1) };

    #[test]
    fn ten_tries_a_minute_then_one_every_six_seconds() {
        let throttle = Throttle::default();
        let mut wall = Timestamp::UNIX_EPOCH;
        for _ in 0..10 {
            assert_eq!(throttle.count(SIGN_IN, "anna", wall), Ok(()));
        }
        assert_eq!(
            throttle.count(SIGN_IN, "anna", wall),
            Err(Refusal::TooManyRequests { retry_after_seconds: 6 })
        );
        assert_eq!(throttle.count(SIGN_IN, "bo", wall), Ok(()), "others are not affected");
        wall = wall.plus(Duration::from_secs(6));
        assert_eq!(throttle.count(SIGN_IN, "anna", wall), Ok(()));
        assert!(throttle.count(SIGN_IN, "anna", wall).is_err());
    }

    #[test]
    fn nobody_is_counted_and_long_names_take_no_room() {
        let throttle = Throttle::default();
        for _ in 0..100 {
            assert_eq!(throttle.count(SIGN_IN, "", Timestamp::UNIX_EPOCH), Ok(()));
        }
        for number in 0..100 {
            let name = format!("{number}{}", "x".repeat(100_000));
            assert_eq!(throttle.count(SIGN_IN, &name, Timestamp::UNIX_EPOCH), Ok(()));
        }
        let seen = throttle.seen.lock().expect("no panic");
        assert_eq!(seen.len(), 100);
        assert!(size_of_val(seen.iter().next().expect("one").0) <= 8);
    }
}
