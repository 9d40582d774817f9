//! What services work with: a transaction, with its time and chance.

use diesel::Connection;

use super::{connection::DbConnection, news::News};
use crate::kernel::{
    chance::Chance,
    clock::{Clock, Timestamp},
    error::{Error, Result},
    id::{Id, Kind},
};

/// Time and chance, as handed to every call.
#[derive(Clone, Debug)]
pub struct Env {
    pub clock: Clock,
    pub chance: Chance,
}

/// What a service works with: the connection in its transaction, the time, and chance.
pub struct Tx<'c> {
    pub conn: &'c mut DbConnection,
    /// The program's time, one instant for the whole transaction.
    pub now: Timestamp,
    /// The wall's time: for tokens, throttles and leases.
    pub wall: Timestamp,
    env: &'c Env,
    /// What others are to be told after the commit.
    pub(super) news: News,
}

impl<'c> Tx<'c> {
    pub(super) fn new(conn: &'c mut DbConnection, env: &'c Env) -> Self {
        Self { conn, now: env.clock.now(), wall: env.clock.wall(), env, news: News::default() }
    }

    pub(super) const fn env(&self) -> &'c Env {
        self.env
    }

    #[must_use]
    pub const fn chance(&self) -> &'c Chance {
        &self.env.chance
    }

    /// A new id of the transaction's time.
    #[must_use]
    pub fn new_id<K: Kind>(&self) -> Id<K> {
        Id::new(self.now, &self.env.chance)
    }

    /// Runs `body` in a savepoint: an error undoes what it did and nothing else.
    ///
    /// # Errors
    /// What `body` answers.
    pub fn savepoint<T>(&mut self, body: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let Self { conn, now, wall, env, news } = self;
        let (now, wall, env) = (*now, *wall, *env);
        conn.transaction(|conn| {
            let mut tx = Tx { conn, now, wall, env, news: News::default() };
            let value = body(&mut tx)?;
            *news = *news | tx.news;
            Ok(value)
        })
    }

    /// Runs `body` in a savepoint. `false`, and nothing written, where a value that is one of its kind
    /// was taken by somebody else at the same moment.
    ///
    /// # Errors
    /// What `body` answers, but for that.
    pub fn unless_taken(&mut self, body: impl FnOnce(&mut Tx<'_>) -> Result<()>) -> Result<bool> {
        use diesel::result::{DatabaseErrorKind::UniqueViolation, Error::DatabaseError};
        let is_taken = |error: &(dyn std::error::Error + Send + Sync + 'static)| {
            let error = error.downcast_ref::<diesel::result::Error>();
            matches!(error, Some(DatabaseError(UniqueViolation, _)))
        };
        match self.savepoint(body) {
            Ok(()) => Ok(true),
            Err(Error::Internal(error)) if is_taken(&*error) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Wakes the courier once this transaction is committed: a letter was queued.
    pub const fn ring(&mut self) {
        self.news.letter = true;
    }

    /// Has this server forget, once this transaction is committed, whom it knows and lets in:
    /// somebody's session, role or key ended, or the settings changed.
    pub const fn standing_changed(&mut self) {
        self.news.standing = true;
    }

    /// Runs `body` and undoes what it did, whatever it answered: for dry runs.
    ///
    /// # Errors
    /// What `body` answers.
    pub fn rehearse<T>(&mut self, body: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let mut outcome = None;
        let undone: Result<()> = self.savepoint(|tx| {
            outcome = Some(body(tx));
            Err(Error::internal("undone on purpose"))
        });
        debug_assert!(undone.is_err());
        outcome.unwrap_or_else(|| Err(Error::internal("the rehearsal did not run")))
    }
}
