//! How a group gets SQLite's lock.

use std::{
    thread,
    time::{Duration, Instant},
};

use diesel::{
    SqliteConnection,
    connection::{AnsiTransactionManager, SimpleConnection},
};

use super::Failed;
use crate::db::connection::{Connector, DbConnection};

/// How long a group asks for SQLite's lock.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long it waits before it asks again.
const ASK_AGAIN: Duration = Duration::from_millis(1);

/// Begins to write. SQLite has no queue for its lock, and its own waits grow to a tenth of a second,
/// in which another busy process lets go and takes it again many times: who asks often has it.
pub fn begin(sqlite: &mut SqliteConnection) -> Result<(), Failed> {
    use diesel::result::Error::DatabaseError;
    let asked = Instant::now();
    loop {
        match AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN IMMEDIATE") {
            Ok(()) => return Ok(()),
            Err(DatabaseError(_, why)) if why.message() == "database is locked" => {
                if asked.elapsed() > PATIENCE {
                    return Err(Failed::Busy);
                }
                thread::sleep(ASK_AGAIN);
            }
            Err(error) => return Err(Failed::of(&error)),
        }
    }
}

/// A connection that answers at once where another has the lock, for [`begin`] to ask again.
pub fn open(connector: &Connector) -> diesel::ConnectionResult<DbConnection> {
    let mut conn = connector.open()?;
    conn.batch_execute("PRAGMA busy_timeout = 0")
        .map_err(diesel::ConnectionError::CouldntSetupConfiguration)?;
    Ok(conn)
}
