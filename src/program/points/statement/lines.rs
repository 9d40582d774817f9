//! The lines of a statement, some at a time.

use std::collections::VecDeque;

use crate::ledger::{self, Entry, Stretch};
use platform::{
    db::Tx,
    kernel::{clock::Timestamp, error::Result},
};

/// How many places are looked up at once. Each time the whole journal is read, because nothing
/// keeps it in the order in which things happened (that would cost every entry that is posted); so
/// many of them cost 64 KB.
const PLACES: usize = 8000;
/// How many entries are read at once.
const PAGE: usize = 100;

/// The entries of a statement, in the order in which they happened.
#[derive(Debug)]
pub struct Lines {
    stretch: Stretch,
    /// The places of the next entries.
    seqs: VecDeque<i64>,
    /// The last place that was looked up.
    after: Option<(Timestamp, i64)>,
    is_over: bool,
}

impl Lines {
    pub const fn of(stretch: Stretch) -> Self {
        Self { stretch, seqs: VecDeque::new(), after: None, is_over: false }
    }

    /// The next entries; none: there are no more.
    pub fn next(&mut self, tx: &mut Tx<'_>) -> Result<Vec<Entry>> {
        self.look_up(tx, PLACES)?;
        let seqs: Vec<i64> = self.seqs.drain(..PAGE.min(self.seqs.len())).collect();
        if seqs.is_empty() {
            return Ok(Vec::new());
        }
        ledger::entries_at(tx, self.stretch.member, &seqs)
    }

    fn look_up(&mut self, tx: &mut Tx<'_>, places: usize) -> Result<()> {
        if self.is_over || !self.seqs.is_empty() {
            return Ok(());
        }
        let rows = i64::try_from(places).unwrap_or(i64::MAX);
        let found = ledger::places_in(tx, &self.stretch, self.after, rows)?;
        self.is_over = found.len() < places;
        self.after = found.last().copied().or(self.after);
        self.seqs = found.into_iter().map(|(_, seq)| seq).collect();
        Ok(())
    }
}
