//! The migrations, embedded in the binary.

use diesel::{QueryableByName, RunQueryDsl, sql_types::BigInt};
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

/// Takes every migration back: the demo starts afresh.
///
/// # Errors
/// The database's own.
pub fn undo(conn: &mut DbConnection) -> Result<()> {
    let source = migrations(conn);
    conn.revert_all_migrations(source).map_err(Error::Internal)?;
    Ok(())
}

/// How many tables the database holds, whoever made them.
///
/// # Errors
/// The database's own.
pub fn tables(conn: &mut DbConnection) -> Result<i64> {
    let query = match conn {
        DbConnection::Sqlite(_) => {
            "SELECT count(*) AS count FROM sqlite_master WHERE type = 'table'"
        }
        DbConnection::Postgres(_) => {
            "SELECT count(*) AS count FROM pg_tables WHERE schemaname = current_schema()"
        }
    };
    Ok(diesel::sql_query(query).get_result::<Count>(conn)?.count)
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}
