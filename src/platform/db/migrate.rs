//! The migrations, embedded in the binary.

use std::{collections::BTreeSet, time::Duration};

use diesel::{
    QueryableByName, RunQueryDsl,
    migration::{MigrationSource, MigrationVersion},
    sql_types::{BigInt, Text},
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::connection::{DbConnection, MultiBackend};
use crate::kernel::error::{Error, Result};

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

const fn migrations(conn: &DbConnection) -> EmbeddedMigrations {
    match conn {
        DbConnection::Sqlite(_) => SQLITE,
        DbConnection::Postgres(_) => POSTGRES,
    }
}

/// Names the lock under which PostgreSQL's schema changes.
const LOCK: i64 = 0x7669_6c64_6172; // "vildar"
/// How often SQLite's migrations are tried while another process runs them.
const TRIES: u32 = 20;

/// Brings the schema up to date; answers the names of the migrations that it ran. Several
/// processes may do so at once: one does the work, the others wait for it.
///
/// # Errors
/// The database's own; one that a newer binary migrated, or that does not keep UTF-8.
pub fn run(conn: &mut DbConnection) -> Result<Vec<String>> {
    let standing = standing(conn)?;
    if standing != Standing::Old
        && let Some(why) = standing.hindrance()
    {
        return Err(Error::internal(why));
    }
    if let DbConnection::Postgres(conn) = conn {
        // held until this connection ends or lets go
        diesel::sql_query(format!("SELECT pg_advisory_lock({LOCK})")).execute(conn)?;
        let ran = named(conn.run_pending_migrations(POSTGRES));
        diesel::sql_query(format!("SELECT pg_advisory_unlock({LOCK})")).execute(conn)?;
        return ran;
    }
    // one at a time, so that it is told which of them ran here
    let (mut ran, mut tries) = (Vec::new(), 1);
    while !is_current(conn)? {
        let next = conn.run_next_migration(SQLITE).map(|version| version.to_string());
        match next {
            Ok(version) => ran.push(version),
            // each migration is a transaction: what failed, because another process was faster,
            // left nothing behind
            Err(error) if tries < TRIES && !ended_by_sqlite(&error.to_string()) => {
                std::thread::sleep(Duration::from_millis(50));
                tries += 1;
            }
            Err(_) if is_current(conn)? => {}
            Err(error) => return Err(Error::Internal(error)),
        }
    }
    Ok(ran)
}

/// Whether SQLite gave up a transaction by itself, which it does for want of room and not for others.
fn ended_by_sqlite(error: &str) -> bool {
    ["disk is full", "outside of a transaction"].iter().any(|words| error.contains(words))
}

fn named(ran: diesel::migration::Result<Vec<MigrationVersion<'_>>>) -> Result<Vec<String>> {
    Ok(ran.map_err(Error::Internal)?.iter().map(ToString::to_string).collect())
}

/// How a database stands to this binary.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Its migrations are those of this binary.
    Current,
    /// Some are still to be run.
    Old,
    /// It has this one, which this binary does not know.
    Newer(String),
    /// It keeps text in this encoding, which is not UTF-8.
    Encoded(String),
}

impl Standing {
    /// Why this binary must not use it, and what helps.
    #[must_use]
    pub fn hindrance(&self) -> Option<String> {
        match self {
            Self::Current => None,
            Self::Old => Some("the schema is old: run `vildar migrate` first".to_owned()),
            Self::Newer(version) => Some(format!(
                "the database was brought to version {version} by a newer vildar, and this older \
                 one ({}) does not know that schema: use the newer one again, or a backup from \
                 before",
                env!("CARGO_PKG_VERSION")
            )),
            Self::Encoded(encoding) => Some(format!(
                "the database keeps text as {encoding}, where names need UTF-8: make a new one \
                 (PostgreSQL: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0)"
            )),
        }
    }
}

/// How the database stands to this binary. It only reads: diesel's own question makes its table
/// where that is missing, which a reader may not.
pub fn standing(conn: &mut DbConnection) -> Result<Standing> {
    let encoding = encoding(conn)?;
    if !matches!(encoding.as_str(), "UTF8" | "UTF-8") {
        return Ok(Standing::Encoded(encoding));
    }
    let source = migrations(conn);
    if !has_table(conn, "__diesel_schema_migrations")? {
        return Ok(Standing::Old);
    }
    let mut ran: Vec<Named> = diesel::sql_query(
        "SELECT version AS name FROM __diesel_schema_migrations ORDER BY version",
    )
    .load(conn)?;
    let known = MigrationSource::<MultiBackend>::migrations(&source).map_err(Error::Internal)?;
    let known: BTreeSet<String> =
        known.iter().map(|migration| migration.name().version().to_string()).collect();
    let (ours, mut others): (Vec<_>, Vec<_>) =
        ran.drain(..).map(|ran| ran.name).partition(|name| known.contains(name));
    Ok(match others.pop() {
        Some(newest) => Standing::Newer(newest),
        None if ours.len() < known.len() => Standing::Old,
        None => Standing::Current,
    })
}

/// Whether every migration of this binary has run, and no other.
pub fn is_current(conn: &mut DbConnection) -> Result<bool> {
    Ok(standing(conn)? == Standing::Current)
}

/// How the database keeps text.
fn encoding(conn: &mut DbConnection) -> Result<String> {
    let query = match conn {
        DbConnection::Sqlite(_) => "SELECT encoding AS name FROM pragma_encoding",
        DbConnection::Postgres(_) => "SELECT current_setting('server_encoding') AS name",
    };
    Ok(diesel::sql_query(query).get_result::<Named>(conn)?.name)
}

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    name: String,
}

fn has_table(conn: &mut DbConnection, name: &str) -> Result<bool> {
    let query = match conn {
        DbConnection::Sqlite(_) => {
            "SELECT count(*) AS count FROM sqlite_master WHERE type = 'table' AND name = $1"
        }
        DbConnection::Postgres(_) => {
            "SELECT count(*) AS count FROM pg_tables WHERE tablename = $1 \
             AND schemaname = ANY (current_schemas(false))"
        }
    };
    let found: Count = diesel::sql_query(query).bind::<Text, _>(name).get_result(conn)?;
    Ok(found.count > 0)
}

/// Takes every migration back: the demo starts afresh.
///
/// # Errors
/// The database's own; one that a newer binary migrated.
pub fn undo(conn: &mut DbConnection) -> Result<()> {
    let standing = standing(conn)?;
    if let (Standing::Newer(_), Some(why)) = (&standing, standing.hindrance()) {
        return Err(Error::internal(why));
    }
    let source = migrations(conn);
    conn.revert_all_migrations(source).map_err(Error::Internal)?;
    Ok(())
}

/// How many tables the database holds, whoever made them.
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
