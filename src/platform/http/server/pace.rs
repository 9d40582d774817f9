//! How slow the other end may be: one measure for bodies that come and for answers that go.

use std::time::Duration;

use tokio::time::Instant;

/// What is asked of the other end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pace {
    /// How long nothing may move, and how long whatever is between two requests may take.
    pub patience: Duration,
    /// The lowest speed in the long run.
    pub bytes_per_second: u32,
}

impl Default for Pace {
    /// A phone that changes its network falls silent for some seconds; 4 KiB a second is slower
    /// than any.
    fn default() -> Self {
        Self { patience: Duration::from_secs(10), bytes_per_second: 4096 }
    }
}

/// The patience that is left with one who is waited for: waiting uses it up, bytes earn it back,
/// never beyond what there was at first. So who stops is let go after the whole of it, and who
/// dribbles a little later.
#[derive(Debug)]
pub struct Patience {
    pace: Pace,
    left: Duration,
    since: Option<Instant>,
}

impl Patience {
    #[must_use]
    pub const fn new(pace: Pace) -> Self {
        Self { pace, left: pace.patience, since: None }
    }

    /// Nothing moves: when patience ends, unless something does.
    pub fn ends(&mut self, now: Instant) -> Instant {
        *self.since.get_or_insert(now) + self.left
    }

    /// Whether nothing moves.
    #[must_use]
    pub const fn waits(&self) -> bool {
        self.since.is_some()
    }

    /// So many bytes have moved.
    pub fn moved(&mut self, bytes: usize) {
        let Some(since) = self.since.take() else {
            // the usual case looks at no clock
            return self.earn(bytes);
        };
        self.left = self.left.saturating_sub(since.elapsed());
        self.earn(bytes);
    }

    fn earn(&mut self, bytes: usize) {
        if self.left < self.pace.patience {
            let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
            let seconds = f64::from(bytes) / f64::from(self.pace.bytes_per_second.max(1));
            self.left = (self.left + Duration::from_secs_f64(seconds)).min(self.pace.patience);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACE: Pace = Pace { patience: Duration::from_secs(10), bytes_per_second: 1000 };

    /// After how many seconds one is let go who sends `bytes` after each `pause`, in seconds.
    fn let_go(bytes: usize, pause: u64) -> Option<u64> {
        let mut patience = Patience::new(PACE);
        let start = Instant::now();
        (0..10_000).find_map(|turn| {
            // the past is where a wait of a known length ends now
            let since = Instant::now().checked_sub(Duration::from_secs(pause)).unwrap_or(start);
            if patience.ends(since) <= since + Duration::from_secs(pause) {
                return Some(turn * pause);
            }
            patience.moved(bytes);
            None
        })
    }

    #[test]
    fn who_is_slow_is_let_go_and_who_is_steady_is_not() {
        assert_eq!(let_go(1_000_000, 10), Some(0), "silence of the whole patience");
        assert_eq!(let_go(1_000_000, 9), None);
        let dribble = let_go(1, 2).expect("a byte now and then is as good as none");
        assert!((8..=10).contains(&dribble), "{dribble}");
        assert_eq!(let_go(1_100, 1), None, "slow, and fast enough");
        let dribble = let_go(500, 1).expect("half the speed is too slow");
        assert!((15..=25).contains(&dribble), "{dribble}");
    }
}
