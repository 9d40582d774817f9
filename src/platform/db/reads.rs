//! Places where the database is read.

use super::{Store, Tx};
use crate::kernel::error::Result;

/// A place where the database is read: the store itself, or one that reads in turns or on a
/// snapshot.
pub trait Reads {
    /// Runs `body` there.
    ///
    /// # Errors
    /// As [`Store::read`].
    fn read<T, F>(&self, body: F) -> impl Future<Output = Result<T>>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static;
}

impl Reads for Store {
    async fn read<T, F>(&self, body: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        Self::read(self, body).await
    }
}
