//! Where the database is.

use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};

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
                    Some(at) => {
                        let user = place[..at].split(':').next().unwrap_or_default();
                        write!(f, "{scheme}://{user}{}", &place[at..])
                    }
                    None if rest.contains('@') => write!(f, "{scheme}://…"),
                    None => write!(f, "{scheme}://{place}"),
                }
            }
        }
    }
}

/// What libpq says of a connection, without the parts of its URL that may be secret. (By hand: a
/// parser reads a URL as it is meant to be, and libpq repeats the pieces of one that it misread.)
pub fn without_secrets(why: &str, url: &str) -> String {
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
    for secret in std::iter::once(password).chain(in_options).chain(parts) {
        if !secret.is_empty() {
            told = told.replace(secret, "…");
        }
    }
    if told.contains("SSL support is not compiled in") {
        told.push_str(
            "; this vildar was built without TLS to PostgreSQL: build it with `--features \
             postgres-tls`",
        );
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

#[cfg(test)]
mod tests {
    use super::{
        super::connection::{Connector, Use},
        *,
    };

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
        assert_eq!(url.to_string(), "postgres://anna@db.example/vildar");
        for (url, shown) in [
            ("postgres://anna:hu/sh@h/x", "postgres://anna@h/x"),
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
    fn who_signs_in_where_stays_readable() {
        let url: DatabaseUrl = "postgres://vildar:vil@h/vildar".parse().expect("parses");
        assert_eq!(url.to_string(), "postgres://vildar@h/vildar");
        let told = |why, url| without_secrets(why, url);
        assert_eq!(
            told(r#"role "postgres" does not exist"#, "postgres://postgres@h/postgres"),
            r#"role "postgres" does not exist"#
        );
        assert_eq!(
            told(r#"password authentication failed for user "anna""#, "postgres://anna:hush@h/x"),
            r#"password authentication failed for user "anna""#
        );
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
