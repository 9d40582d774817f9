//! What was erased leaves a file of SQLite's as well. Deleted content is overwritten at once
//! (`secure_delete`); older copies of it lie in the journal, and in the gaps of index pages that
//! were split while it was there.

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use diesel::{QueryableByName, connection::SimpleConnection, prelude::*, sql_types::Text};

use super::{
    connection::{Connector, DbConnection, Use},
    meta::ERASED,
    schema::meta,
    still::beside,
};
use crate::kernel::error::{Error, Result};

/// Rebuilding indexes keeps writers waiting: at most for this part of the time.
const SHARE: u32 = 100;
/// Longer than a writer that waits for the lock sleeps between two looks at it.
const PAUSE: Duration = Duration::from_millis(110);

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
    pub fn scrub(&self, erased: Option<&[u8]>) -> Result<()> {
        let erased = erased.filter(|_| self.may_rebuild());
        let journal = std::fs::metadata(&self.journal).map_or(0, |journal| journal.len());
        if erased.is_none() && journal == 0 {
            return Ok(());
        }
        let mut conn = self.connector.open().map_err(|error| Error::Internal(Box::new(error)))?;
        if let Some(mark) = erased {
            let started = Instant::now();
            let rebuilt = rebuild(&mut conn, mark);
            // one that failed took its time as well
            let took = Some((Instant::now(), started.elapsed()));
            *self.last.lock().unwrap_or_else(PoisonError::into_inner) = took;
            rebuilt?;
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

/// Each in a transaction of its own, and writers between them. Who is erased meanwhile leaves another
/// mark, for the next time.
fn rebuild(conn: &mut DbConnection, mark: &[u8]) -> Result<()> {
    #[derive(QueryableByName)]
    struct Index {
        #[diesel(sql_type = Text)]
        name: String,
    }
    let all: Vec<Index> = diesel::sql_query(
        "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'members' \
         UNION ALL SELECT 'member_words'",
    )
    .load(conn)?;
    for Index { name } in all {
        conn.batch_execute(&format!("BEGIN IMMEDIATE; REINDEX {name}; COMMIT"))?;
        std::thread::sleep(PAUSE);
    }
    diesel::delete(meta::table.filter(meta::name.eq(ERASED)).filter(meta::value.eq(mark)))
        .execute(conn)?;
    Ok(())
}
