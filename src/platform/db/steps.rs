//! What is worked off in steps, a transaction each.

use super::{Store, Tx};
use crate::kernel::error::Result;

impl Store {
    /// Takes step after step for each of `all`, until a step answers that there is no more. What fails
    /// keeps none of the others from being worked off.
    ///
    /// # Errors
    /// The first failure; what was done before it stands.
    pub async fn work_off<T: Copy + Send + 'static>(
        &self,
        all: Vec<T>,
        step: fn(&mut Tx<'_>, T) -> Result<bool>,
    ) -> Result<()> {
        let mut outcome = Ok(());
        for one in all {
            let worked = self.work_off_one(one, step).await;
            outcome = outcome.and(worked);
        }
        outcome
    }

    async fn work_off_one<T: Copy + Send + 'static>(
        &self,
        one: T,
        step: fn(&mut Tx<'_>, T) -> Result<bool>,
    ) -> Result<()> {
        while self.write(move |tx| step(tx, one)).await? {}
        Ok(())
    }
}
