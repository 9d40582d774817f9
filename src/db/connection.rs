//! Where the database is, and how connections to it are made.

use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use diesel::{connection::SimpleConnection, prelude::*};

use super::still;

/// A connection to either database; every query of the house runs on it.
#[derive(diesel::MultiConnection)]
pub enum DbConnection {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

/// Which database `VILDAR_DATABASE_URL` names.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    Sqlite(PathBuf),
    Postgres(String),
}

/// Why a database URL was not taken.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadDatabaseUrl {
    #[error("a database URL begins with sqlite: or postgres://, such as sqlite:vildar.db")]
    Scheme,
    #[error("sqlite: needs the path of a file, such as sqlite:vildar.db")]
    NoPath,
    #[error(
        "sqlite::memory: can't be shared by connections: name a file, such as sqlite:/tmp/vildar.db"
    )]
    Memory,
}

impl FromStr for DatabaseUrl {
    type Err = BadDatabaseUrl;

    fn from_str(text: &str) -> Result<Self, BadDatabaseUrl> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        let path = text.strip_prefix("sqlite:").ok_or(BadDatabaseUrl::Scheme)?;
        // sqlite:///absolute/path is how other tools write it
        let path = path.strip_prefix("//").unwrap_or(path);
        match path {
            "" | "/" => Err(BadDatabaseUrl::NoPath),
            ":memory:" => Err(BadDatabaseUrl::Memory),
            path => Ok(Self::Sqlite(PathBuf::from(path))),
        }
    }
}

impl fmt::Display for DatabaseUrl {
    /// As it may be shown: without a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => {
                let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", url));
                // options after ? may hold a password too; one that was not escaped may hold ? and /
                let place = rest.split('?').next().unwrap_or(rest);
                match place.rfind('@') {
                    Some(at) => write!(f, "{scheme}://{}", &place[at + 1..]),
                    None if rest.contains('@') => write!(f, "{scheme}://…"),
                    None => write!(f, "{scheme}://{place}"),
                }
            }
        }
    }
}

/// What libpq says of a connection, without the parts of its URL that may be secret.
fn without_secrets(why: &str, url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let login = rest.rfind('@').map_or("", |at| &rest[..at]);
    let password = login.split_once(':').map_or("", |(_, password)| password);
    let options = rest.split_once('?').map_or("", |(_, options)| options);
    let in_options = options
        .split('&')
        .filter_map(|option| option.split_once('='))
        .filter(|(name, _)| name.contains("password"))
        .map(|(_, value)| value);
    // a password with a / or ? in it is read in parts
    let parts = password.split(['/', '?', '@', ':']);
    let mut told = why.trim().replace(url, "the database URL");
    for secret in [login, password].into_iter().chain(in_options).chain(parts) {
        if !secret.is_empty() {
            told = told.replace(secret, "…");
        }
    }
    told
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Whether a missing SQLite file may be made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum IfMissing {
    Create,
    Refuse,
}

impl DatabaseUrl {
    /// Checks what can be checked without connecting: never a surprise file.
    ///
    /// # Errors
    /// A missing folder, a missing file where none may be made, a folder in a file's place.
    pub fn check(&self, if_missing: IfMissing) -> Result<(), String> {
        let Self::Sqlite(path) = self else { return Ok(()) };
        let folder = match path.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        if !folder.is_dir() {
            return Err(format!("{self}: there is no folder {}", folder.display()));
        }
        if path.is_dir() {
            return Err(format!("{self}: that is a folder; name a file in it"));
        }
        if if_missing == IfMissing::Refuse && !path.exists() {
            return Err(format!("{self}: there is no such database; `vildar migrate` makes one"));
        }
        Ok(())
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
    /// # Errors
    /// The database's own.
    pub fn open(&self) -> ConnectionResult<DbConnection> {
        match &self.url {
            DatabaseUrl::Sqlite(path) => {
                let place = match self.use_for {
                    Use::Read | Use::Write => path.to_string_lossy().into_owned(),
                    Use::ReadStill => still::uri(path),
                };
                let mut conn = SqliteConnection::establish(&place)?;
                // the journal's mode stays with the file: who only reads does not change it
                let mode = match self.use_for {
                    Use::Read | Use::ReadStill => {
                        "PRAGMA query_only = ON; SELECT count(*) FROM sqlite_master;"
                    }
                    // a checkpoint for each 16 MiB of journal; savepoints are undone in memory; the
                    // journal's triggers see what a REPLACE deletes too
                    Use::Write => {
                        "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 4000; \
                         PRAGMA temp_store = MEMORY; PRAGMA recursive_triggers = ON;"
                    }
                };
                conn.batch_execute(&format!(
                    "PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL; \
                     PRAGMA foreign_keys = ON; PRAGMA cache_size = -32000; {mode}"
                ))
                .map_err(ConnectionError::CouldntSetupConfiguration)?;
                Ok(DbConnection::Sqlite(conn))
            }
            DatabaseUrl::Postgres(url) => match PgConnection::establish(url) {
                Ok(mut conn) => {
                    conn.batch_execute(BY_INDEX)
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

/// Every query of the house finds its rows by an index. A plan that PostgreSQL makes while a table
/// is still small, and keeps, would read all of it when it has grown.
const BY_INDEX: &str =
    "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_two_schemes_are_taken() {
        let parse = |text: &str| text.parse::<DatabaseUrl>();
        assert_eq!(parse("sqlite:a.db"), Ok(DatabaseUrl::Sqlite("a.db".into())));
        assert_eq!(parse("sqlite:///tmp/a.db"), Ok(DatabaseUrl::Sqlite("/tmp/a.db".into())));
        assert_eq!(parse("a.db"), Err(BadDatabaseUrl::Scheme));
        assert_eq!(parse("mysql://x"), Err(BadDatabaseUrl::Scheme));
        assert_eq!(parse("postgre://x"), Err(BadDatabaseUrl::Scheme));
        assert_eq!(parse("sqlite:"), Err(BadDatabaseUrl::NoPath));
        assert_eq!(parse("sqlite::memory:"), Err(BadDatabaseUrl::Memory));
    }

    #[test]
    fn a_password_is_never_shown() {
        let url: DatabaseUrl =
            "postgres://anna:se@cret@db.example/vildar?password=x".parse().expect("parses");
        assert_eq!(url.to_string(), "postgres://db.example/vildar");
        for (url, shown) in [
            ("postgres://anna:hu/sh@h/x", "postgres://h/x"),
            ("postgres://anna:hu?sh@h/x", "postgres://…"),
            ("postgres://h/x?password=hush@x", "postgres://…"),
        ] {
            assert_eq!(url.parse::<DatabaseUrl>().map(|url| url.to_string()), Ok(shown.into()));
        }
        for url in [
            "postgres://anna:hu%zzsh@h/x",
            "postgres://anna:hush@[::1/x",
            "postgres://anna:hush/er@h/x",
            "postgres://h/x?password=hu%zzsh",
        ] {
            let connector = Connector { url: url.parse().expect("parses"), use_for: Use::Read };
            let why = connector.open().map(drop).expect_err("no such database").to_string();
            assert!(!why.contains("hu") && !why.contains("zz"), "{why}");
        }
    }

    #[test]
    fn a_missing_folder_or_file_is_said_and_nothing_is_made() {
        let url: DatabaseUrl = "sqlite:/nowhere/at/all.db".parse().expect("parses");
        assert!(url.check(IfMissing::Create).is_err_and(|why| why.contains("no folder")));
        let url: DatabaseUrl = "sqlite:surprise.db".parse().expect("parses");
        assert!(url.check(IfMissing::Refuse).is_err_and(|why| why.contains("migrate")));
        assert!(!Path::new("surprise.db").exists());
    }
}
