//! What this process knows of its database's condition.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// Shared by all who use the database.
#[derive(Debug, Default)]
pub struct Condition {
    fits: AtomicBool,
    failed_to_write: AtomicBool,
}

impl Condition {
    /// Whether the schema was seen to be this binary's when it was last looked at.
    pub fn fits(&self) -> bool {
        self.fits.load(Relaxed)
    }

    pub fn set_fits(&self, fits: bool) {
        self.fits.store(fits, Relaxed);
    }

    /// Whether a write failed, and none that was tried for its sake went through since.
    pub fn failed_to_write(&self) -> bool {
        self.failed_to_write.load(Relaxed)
    }

    pub fn set_failed_to_write(&self, failed: bool) {
        self.failed_to_write.store(failed, Relaxed);
    }
}
