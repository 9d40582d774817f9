//! What others are told once a transaction is committed, and who they are.

use std::{
    ops::BitOr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use tokio::sync::Notify;

/// What a transaction did that others wait for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct News {
    /// It queued a letter.
    pub letter: bool,
    /// It ended a session, a role or a key, or changed the settings: somebody may do less than
    /// before.
    pub standing: bool,
}

impl BitOr for News {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self { letter: self.letter | other.letter, standing: self.standing | other.standing }
    }
}

/// Those who wait for news. They are told after the commit, and before whoever asked for it gets
/// an answer.
#[derive(Debug, Default)]
pub(super) struct Listeners {
    /// Wakes the courier.
    pub bell: Arc<Notify>,
    /// How often somebody's standing changed here.
    standing: AtomicU64,
}

impl Listeners {
    pub fn tell(&self, news: News) {
        if news.standing {
            self.standing.fetch_add(1, Ordering::SeqCst);
        }
        if news.letter {
            self.bell.notify_one();
        }
    }

    pub fn callers_epoch(&self) -> u64 {
        self.standing.load(Ordering::SeqCst)
    }
}
