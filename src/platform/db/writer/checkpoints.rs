//! What is committed lies in SQLite's journal first. Bringing it into the file itself, a checkpoint, is done by
//! another thread, while the writer goes on; the writer brings in the little that came meanwhile, and the
//! next commit begins the journal anew.

use std::{
    path::Path,
    thread::{self, JoinHandle},
};

use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::Integer};

use super::journal::Journal;
use crate::db::{
    connection::{Connector, DbConnection},
    still::beside,
};

/// How many pages the journal takes before a checkpoint: 64 MiB, where a page may stand many times.
/// SQLite makes one of its own accord where there are many more: see `SQLITE_WRITER`.
const ENOUGH: u32 = 16_000;
/// How many pages may be left for the writer.
const FEW: u32 = 1_000;
/// How many pages later it is tried again, where the journal was not begun anew.
const SOON: u32 = 2_000;
/// How often the thread goes over what came meanwhile, at most.
const PASSES: usize = 4;

/// Has checkpoints made for a writer.
pub struct Checkpoints {
    connector: Connector,
    journal: Journal,
    /// Which journal it was when it was last looked at, and at how many of its pages the next
    /// checkpoint begins.
    due: Option<(u64, u32)>,
    at_work: Option<JoinHandle<()>>,
}

impl Checkpoints {
    pub fn new(connector: &Connector, file: &Path) -> Self {
        let journal = Journal::new(beside(file, "-wal"));
        Self { connector: connector.clone(), journal, due: None, at_work: None }
    }

    /// To be called by the writer after each commit.
    pub fn committed(&mut self, writer: &mut DbConnection) {
        if self.at_work.as_ref().is_some_and(|work| !work.is_finished()) {
            return;
        }
        let Some(head) = self.journal.head() else { return };
        let generation = head.generation;
        let due_at = match self.due {
            Some((same, due_at)) if same == generation => due_at,
            _ => ENOUGH,
        };
        self.due = Some((generation, due_at));
        if self.at_work.take().is_some() {
            self.finish(writer, generation, due_at);
        } else if self.journal.has_page(head, due_at) {
            let connector = self.connector.clone();
            let work = thread::Builder::new().name("vildar-checkpoint".to_owned());
            match work.spawn(move || bring_in(&connector)) {
                Ok(work) => self.at_work = Some(work),
                Err(error) => tracing::warn!(%error, "no thread for a checkpoint"),
            }
        }
    }

    /// The rest, by the writer itself: nothing comes meanwhile.
    fn finish(&mut self, writer: &mut DbConnection, generation: u64, due_at: u32) {
        let length = match pass(writer) {
            Ok(Pass { log }) => u32::try_from(log).unwrap_or_default(),
            Err(error) => {
                tracing::warn!(%error, "a checkpoint was not finished");
                0
            }
        };
        // where it is not begun anew, since somebody reads what is in it or an older state, again soon
        self.due = Some((generation, length.max(due_at).saturating_add(SOON)));
    }

    /// To be called for a new connection: the journal may be another file than before.
    pub fn start_anew(&mut self) {
        self.journal.close();
        self.due = None;
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        if let Some(work) = self.at_work.take()
            && work.join().is_err()
        {
            tracing::error!("the thread of a checkpoint ended badly");
        }
    }
}

/// Passes over what is there, until little came while it did so.
fn bring_in(connector: &Connector) {
    let brought = || -> Result<(), Box<dyn std::error::Error>> {
        let mut conn = connector.open()?;
        let mut length = 0;
        for _ in 0..PASSES {
            let before = std::mem::replace(&mut length, pass(&mut conn)?.log);
            if length.abs_diff(before) < FEW {
                break;
            }
        }
        Ok(())
    }();
    if let Err(error) = brought {
        tracing::warn!(%error, "a checkpoint failed");
    }
}

/// What a checkpoint says of itself: how many pages the journal has; -1 where somebody else makes one.
#[derive(QueryableByName)]
struct Pass {
    #[diesel(sql_type = Integer)]
    log: i32,
}

fn pass(conn: &mut DbConnection) -> diesel::QueryResult<Pass> {
    sql_query("PRAGMA wal_checkpoint(PASSIVE)").get_result(conn)
}
