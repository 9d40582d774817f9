//! What was erased leaves a file of SQLite's as well. Deleted content is overwritten at once
//! (`secure_delete`); older copies of it lie in the journal, and in the gaps of index pages that
//! were split while it was there.

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use diesel::connection::SimpleConnection;

use super::{
    connection::{Connector, DbConnection, Use},
    still::beside,
};
use crate::kernel::error::{Error, Result};

/// Rebuilding an index keeps writers waiting: at most for this part of the time.
const SHARE: u32 = 100;

/// Scrubs a file.
#[derive(Debug)]
pub struct Scrubber {
    connector: Connector,
    journal: PathBuf,
    /// When indexes were last rebuilt, and how long that took.
    last: Mutex<Option<(Instant, Duration)>>,
}

impl Scrubber {
    pub fn new(connector: &Connector, file: &Path) -> Self {
        let connector = Connector { use_for: Use::Write, ..connector.clone() };
        Self { connector, journal: beside(file, "-wal"), last: Mutex::default() }
    }

    /// Rebuilds the indexes that hold what tells a person, where somebody was erased; moves all that
    /// was written into the file itself, and empties the journal. While somebody reads an older
    /// state, the journal waits for the next time.
    pub fn scrub(&self, somebody_was_erased: bool) -> Result<()> {
        let rebuilds = somebody_was_erased && self.may_rebuild();
        let journal = std::fs::metadata(&self.journal).map_or(0, |journal| journal.len());
        if !rebuilds && journal == 0 {
            return Ok(());
        }
        let mut conn = self.connector.open().map_err(|error| Error::Internal(Box::new(error)))?;
        if rebuilds {
            let started = Instant::now();
            rebuild(&mut conn)?;
            let took = Some((Instant::now(), started.elapsed()));
            *self.last.lock().unwrap_or_else(PoisonError::into_inner) = took;
        }
        // most of it beside the writer, who is kept waiting for the rest alone
        conn.batch_execute(
            "PRAGMA busy_timeout = 100; PRAGMA wal_checkpoint(PASSIVE); \
             PRAGMA wal_checkpoint(TRUNCATE)",
        )?;
        Ok(())
    }

    fn may_rebuild(&self) -> bool {
        let last = *self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.is_none_or(|(at, took)| at.elapsed() >= took * SHARE)
    }
}

fn rebuild(conn: &mut DbConnection) -> Result<()> {
    let rebuilt = conn.batch_execute(
        "BEGIN IMMEDIATE; REINDEX members; DELETE FROM meta WHERE name = 'erased'; COMMIT",
    );
    Ok(rebuilt?)
}
