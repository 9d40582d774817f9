//! What a failure of the database means to who waits for an answer. diesel hands on few of
//! PostgreSQL's codes, so the words decide where it does not: in English, which every session asks
//! for that may ([`super::connection`]).

use std::error::Error as StdError;

use diesel::{
    QueryableByName, RunQueryDsl,
    result::{DatabaseErrorKind as Kind, Error},
    sql_types::Text,
};

use super::connection::DbConnection;
use crate::kernel::error::Result;

/// What a failure means. But for a commit that was under way, nothing was changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Failure {
    /// Another transaction won and this one was rolled back: it may be tried again.
    Conflict,
    /// The connection ended.
    Lost,
    /// The database can't do it now: its disk is full, it takes no writes, it would not wait.
    Unable,
    /// A fault of ours, or of the database's files: asking again does not help.
    Fault,
}

/// How PostgreSQL begins to say that a connection has ended, or is not to be had.
const LOST: [&str; 8] = [
    "terminating connection",
    "server closed the connection",
    "no connection to the server",
    "connection not open",
    "the database system is",
    "sorry, too many clients",
    "too many connections",
    "remaining connection slots",
];

/// How both begin to say that they can't do it now.
const UNABLE: [&str; 16] = [
    "could not extend file",
    "could not write",
    "could not fsync",
    "could not obtain lock",
    "canceling statement due to",
    "out of memory",
    "out of shared memory",
    "database or disk is full",
    "disk I/O error",
    "unable to open database file",
    "attempt to write a readonly database",
    "database is locked",
    "locking protocol",
    "interrupted",
    // SQLite ended the whole transaction by itself, as it does when it is out of room
    "no such savepoint",
    "cannot rollback - no transaction",
];

/// What this failure means.
#[must_use]
pub fn of(error: &(dyn StdError + 'static)) -> Failure {
    error.downcast_ref::<Error>().map_or(Failure::Fault, of_database)
}

/// The same of an error of diesel's.
#[must_use]
pub fn of_database(error: &Error) -> Failure {
    match error {
        Error::RollbackErrorOnCommit { commit_error, .. } => of_database(commit_error),
        Error::BrokenTransactionManager => Failure::Lost,
        Error::DatabaseError(kind, told) => match kind {
            Kind::SerializationFailure => Failure::Conflict,
            Kind::ClosedConnection | Kind::UnableToSendCommand => Failure::Lost,
            Kind::ReadOnlyTransaction => Failure::Unable,
            Kind::Unknown => of_words(told.message()),
            _ => Failure::Fault,
        },
        _ => Failure::Fault,
    }
}

fn of_words(told: &str) -> Failure {
    if told == "deadlock detected" {
        Failure::Conflict
    } else if LOST.iter().any(|words| told.starts_with(words)) {
        Failure::Lost
    } else if UNABLE.iter().any(|words| told.starts_with(words))
        // how the system itself says it, at the end of PostgreSQL's words
        || told.ends_with("No space left on device")
        || told.ends_with("Input/output error")
    {
        Failure::Unable
    } else {
        Failure::Fault
    }
}

/// The language in which PostgreSQL tells this role of failures, where that is not English.
pub fn foreign_words(conn: &mut DbConnection) -> Result<Option<String>> {
    #[derive(QueryableByName)]
    struct Language {
        #[diesel(sql_type = Text)]
        name: String,
    }
    let DbConnection::Postgres(conn) = conn else { return Ok(None) };
    let query = diesel::sql_query("SELECT current_setting('lc_messages') AS name");
    let Language { name } = query.get_result(conn)?;
    let is_english = matches!(name.as_str(), "" | "C" | "POSIX")
        || name.starts_with("C.")
        || name.to_lowercase().starts_with("en");
    Ok((!is_english).then_some(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(kind: Kind, words: &str) -> Failure {
        of(&Error::DatabaseError(kind, Box::new(words.to_owned())))
    }

    #[test]
    fn what_passes_is_told_from_what_is_our_fault() {
        let unknown = |words| told(Kind::Unknown, words);
        assert_eq!(told(Kind::SerializationFailure, "anything"), Failure::Conflict);
        assert_eq!(unknown("deadlock detected"), Failure::Conflict);
        assert_eq!(told(Kind::ClosedConnection, "anything"), Failure::Lost);
        assert_eq!(unknown("terminating connection due to administrator command"), Failure::Lost);
        assert_eq!(unknown("the database system is in recovery mode"), Failure::Lost);
        assert_eq!(told(Kind::ReadOnlyTransaction, "anything"), Failure::Unable);
        assert_eq!(
            unknown("could not extend file \"base/1/2\": No space left on device"),
            Failure::Unable
        );
        assert_eq!(unknown("canceling statement due to lock timeout"), Failure::Unable);
        assert_eq!(unknown("database or disk is full"), Failure::Unable);
        assert_eq!(unknown("column \"points\" does not exist"), Failure::Fault);
        assert_eq!(unknown("invalid input syntax: \"out of memory\""), Failure::Fault);
        assert_eq!(told(Kind::UniqueViolation, "out of memory"), Failure::Fault);
        let commit = Error::RollbackErrorOnCommit {
            rollback_error: Box::new(Error::NotInTransaction),
            commit_error: Box::new(Error::DatabaseError(
                Kind::Unknown,
                Box::new("database or disk is full".to_owned()),
            )),
        };
        assert_eq!(of(&commit), Failure::Unable);
        assert_eq!(of(&std::fmt::Error), Failure::Fault);
    }
}
