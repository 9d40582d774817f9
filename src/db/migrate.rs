//! The migrations, embedded in the binary.

use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::connection::DbConnection;
use crate::kernel::error::{Error, Result};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

const fn migrations(conn: &DbConnection) -> EmbeddedMigrations {
    match conn {
        DbConnection::Sqlite(_) => SQLITE,
        DbConnection::Postgres(_) => POSTGRES,
    }
}

/// Brings the schema up to date; answers the names of the migrations that it ran.
///
/// # Errors
/// The database's own.
pub fn run(conn: &mut DbConnection) -> Result<Vec<String>> {
    let source = migrations(conn);
    let ran = conn.run_pending_migrations(source).map_err(Error::Internal)?;
    Ok(ran.iter().map(ToString::to_string).collect())
}

/// Whether every migration of this binary has run.
///
/// # Errors
/// The database's own.
pub fn is_current(conn: &mut DbConnection) -> Result<bool> {
    let source = migrations(conn);
    conn.has_pending_migration(source).map(|pending| !pending).map_err(Error::Internal)
}
