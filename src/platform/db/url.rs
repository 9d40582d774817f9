//! Where the database is.

use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};

use url::Url;

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
            Self::Postgres(url) => match plain(url) {
                Some(mut url) => {
                    // options may hold a password too
                    url.set_query(None);
                    // one without a host has none
                    let _ = url.set_password(None);
                    write!(f, "{url}")
                }
                None => f.write_str("postgres://…"),
            },
        }
    }
}

/// A URL that libpq reads as everybody does: one with a single `@`, behind the login, in which
/// nothing stands that had to be escaped.
fn plain(text: &str) -> Option<Url> {
    // a # is the fragment's begin to others, and any character to libpq
    let url = Url::parse(text).ok().filter(|url| url.fragment().is_none())?;
    let rest = text.split_once("://").map_or("", |(_, rest)| rest);
    let login_and_place = rest.split(['/', '?']).next().unwrap_or_default();
    let signs = |text: &str| text.matches('@').count();
    let is_plain = signs(rest) == signs(login_and_place)
        && signs(rest) < 2
        && !text.contains(|c: char| c.is_whitespace() || c.is_control())
        && text.split('%').skip(1).all(|rest| {
            let code = rest.get(..2).unwrap_or_default();
            code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_hexdigit()) && code != "00"
        });
    is_plain.then_some(url)
}

/// What libpq says of a connection, without what may be secret. It repeats pieces of a URL that it
/// can't read, or reads otherwise than it was meant; of a plain one it never repeats the password,
/// and what looks like it is something else: the user's name, the host.
pub fn without_secrets(why: &str, url: &str) -> String {
    let told = why.trim().replace(url, "the database URL");
    let mut told = if plain(url).is_some() { told } else { without_pieces(told, url) };
    if told.contains("SSL support is not compiled in") {
        told.push_str(
            "; this vildar was built without TLS to PostgreSQL: build it with `cargo build \
             --release --features postgres-tls`",
        );
    }
    told
}

/// A text without the parts of a URL that may be the password.
fn without_pieces(text: String, url: &str) -> String {
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
    let secrets = std::iter::once(password).chain(in_options).chain(parts);
    secrets.filter(|secret| !secret.is_empty()).fold(text, |text, secret| text.replace(secret, "…"))
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

    /// Whether others on this machine can read a file of SQLite's, all that is in it with it.
    #[must_use]
    pub fn is_open_to_others(&self) -> bool {
        #[cfg(unix)]
        if let Self::Sqlite(path) = self {
            use std::os::unix::fs::MetadataExt;
            return std::fs::metadata(path).is_ok_and(|file| file.mode() & 0o077 != 0);
        }
        false
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
            "postgres://anna:secret@db.example/vildar?password=x".parse().expect("parses");
        assert_eq!(url.to_string(), "postgres://anna@db.example/vildar");
        for (url, shown) in [
            ("postgresql:///vildar?host=/tmp&password=x", "postgresql:///vildar"),
            ("postgres://anna:hu%2Fsh@[::1]:5433/x", "postgres://anna@[::1]:5433/x"),
            // what libpq reads otherwise
            ("postgres://anna:hu@sh@h/x", "postgres://…"),
            ("postgres://anna:hu/sh@h/x", "postgres://…"),
            ("postgres://anna:hu?sh@h/x", "postgres://…"),
            ("postgres://anna:hu#sh@h/x", "postgres://…"),
            ("postgres://anna:12#sh@h/x", "postgres://…"),
            ("postgres://anna:hu%zzsh@h/x", "postgres://…"),
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
        // a password that stands elsewhere too
        for why in [
            r#"password authentication failed for user "vildar""#,
            "could not connect to server: Connection refused",
        ] {
            assert_eq!(told(why, "postgres://vildar:vildar@h/vildar"), why);
            assert_eq!(told(why, "postgres://vildar:u@h/vildar"), why);
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
