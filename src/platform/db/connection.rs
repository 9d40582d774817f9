//! How connections to the database are made.

use std::{
    fs::OpenOptions,
    hash::{BuildHasher as _, Hasher as _, RandomState},
    io::ErrorKind,
    path::Path,
    sync::LazyLock,
    time::Duration,
};

use diesel::{
    connection::{AnsiTransactionManager, SimpleConnection, TransactionManager},
    prelude::*,
};

pub use super::url::{DatabaseUrl, IfMissing};
use super::{still, url::without_secrets};

/// A connection to either database; every query of the house runs on it.
#[derive(diesel::MultiConnection)]
pub enum DbConnection {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

impl DbConnection {
    /// Has the pool throw it away rather than lend it again.
    pub(super) fn discard(&mut self) {
        match self {
            Self::Postgres(conn) => {
                AnsiTransactionManager::transaction_manager_status_mut(conn).set_in_error();
            }
            Self::Sqlite(conn) => {
                AnsiTransactionManager::transaction_manager_status_mut(conn).set_in_error();
            }
        }
    }
}

/// What a connection will be used for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Use {
    Read,
    Write,
    /// A SQLite file that nobody writes to, nor can: see [`super::still`].
    ReadStill,
}

/// Makes connections for r2d2. Never diesel's derived `establish`, which tries SQLite first and
/// makes a file named after a mistyped URL.
#[derive(Clone, Debug)]
pub struct Connector {
    pub url: DatabaseUrl,
    pub use_for: Use,
}

impl Connector {
    pub fn open(&self) -> ConnectionResult<DbConnection> {
        match &self.url {
            DatabaseUrl::Sqlite(path) => {
                let place = match self.use_for {
                    Use::Read | Use::Write => {
                        make_private(path)
                            .map_err(|error| ConnectionError::BadConnection(error.to_string()))?;
                        path.to_string_lossy().into_owned()
                    }
                    Use::ReadStill => still::uri(path),
                };
                let mut conn = SqliteConnection::establish(&place)?;
                // the journal's mode stays with the file: who only reads does not change it
                let mode = match self.use_for {
                    Use::Read | Use::ReadStill => {
                        "PRAGMA query_only = ON; SELECT count(*) FROM sqlite_master;"
                    }
                    Use::Write => SQLITE_WRITER,
                };
                conn.batch_execute(&format!("{SQLITE} {mode}"))
                    .map_err(ConnectionError::CouldntSetupConfiguration)?;
                Ok(DbConnection::Sqlite(conn))
            }
            DatabaseUrl::Postgres(url) => match PgConnection::establish(url) {
                Ok(mut conn) => {
                    conn.batch_execute(&format!("{SESSION}; {}", *NAME))
                        .map_err(ConnectionError::CouldntSetupConfiguration)?;
                    Ok(DbConnection::Postgres(conn))
                }
                // libpq repeats what it can't read of a URL, the password too
                Err(ConnectionError::BadConnection(why)) => {
                    Err(ConnectionError::BadConnection(without_secrets(&why, url)))
                }
                Err(error) => Err(error),
            },
        }
    }
}

impl r2d2::ManageConnection for Connector {
    type Connection = DbConnection;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<DbConnection, Self::Error> {
        self.open().map_err(diesel::r2d2::Error::ConnectionError)
    }

    fn is_valid(&self, conn: &mut DbConnection) -> Result<(), Self::Error> {
        conn.batch_execute("SELECT 1").map_err(diesel::r2d2::Error::QueryError)
    }

    fn has_broken(&self, conn: &mut DbConnection) -> bool {
        use diesel::connection::TransactionManager;
        std::thread::panicking()
            || <DbConnection as Connection>::TransactionManager::is_broken_transaction_manager(conn)
    }
}

/// How long a call waits for a connection before it answers 503.
pub const WAIT_FOR_CONNECTION: Duration = Duration::from_secs(5);

/// What every connection to a SQLite file is set to.
pub const SQLITE: &str = "\
    PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
    PRAGMA cache_size = -8000;";

/// And its writer: checkpoints are made beside it ([`super::writer`]), and by SQLite itself where that
/// does not come to pass, for each 256 MiB of journal; savepoints are undone in memory; the journal's
/// triggers see what a REPLACE deletes too; what is deleted is overwritten, on pages that become free
/// as well. What is written lies all over the file: its cache is larger.
pub const SQLITE_WRITER: &str = "\
    PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 64000; PRAGMA temp_store = MEMORY; \
    PRAGMA recursive_triggers = ON; PRAGMA secure_delete = ON; PRAGMA cache_size = -32000;";

/// What a session of PostgreSQL needs, whatever the server, the database or the role would give it.
///
/// - Every query of the house finds its rows by an index. A plan that PostgreSQL makes while a table
///   is still small, and keeps, would read all of it when it has grown.
/// - Nothing is compiled before it is run: what reads a small table whole costs ten billion
///   by that rule, and PostgreSQL would have LLVM at work for it each time.
/// - Locks and guarded updates are made for READ COMMITTED.
/// - What is acknowledged is on disk. (A stricter wait, for a standby, is left as it is.)
/// - Failures are told apart by their English words, where the role may ask for them.
///
/// Not `default_transaction_read_only`: who froze the database had a reason. Nor its timeouts.
const SESSION: &str = "\
    SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; \
    SET jit = off; \
    SET default_transaction_isolation = 'read committed'; SET standard_conforming_strings = on; \
    SELECT set_config('synchronous_commit', 'on', false) \
    WHERE current_setting('synchronous_commit') = 'off'; \
    SELECT set_config('lc_messages', 'C', false) FROM pg_catalog.pg_roles \
    WHERE rolname = current_user AND rolsuper";

/// Names a session after its process, behind what a URL calls it: who looks at the sessions tells
/// processes apart, and so does [`super::stride`].
static NAME: LazyLock<String> = LazyLock::new(|| {
    let number = RandomState::new().build_hasher().finish();
    format!(
        "SELECT set_config('application_name', \
         ltrim(left(current_setting('application_name'), 36) || ' vildar-{number:016x}'), false)"
    )
});

/// Makes a missing file so that only its owner reads it; what SQLite puts beside it follows.
fn make_private(path: &Path) -> std::io::Result<()> {
    if path.exists() {
        return Ok(());
    }
    let mut missing = OpenOptions::new();
    missing.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut missing, 0o600);
    match missing.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}
