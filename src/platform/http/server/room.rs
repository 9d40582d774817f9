//! How much memory the bodies of all requests may take together.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::kernel::error::Refusal;

/// What a body may take without asking: most are smaller.
pub const FREE: usize = 2 * 1024;
/// What the bodies of all who have no credentials may take together beyond that.
const STRANGERS: usize = 2 * 1024 * 1024;
/// The same for the bodies of all others: what strangers send takes nothing of it.
const KNOWN: usize = 16 * 1024 * 1024;
/// What is counted at once.
const UNIT: usize = 1024;

/// Whose body it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Whose {
    Strangers,
    Known,
}

/// The room for bodies that are larger than most.
#[derive(Debug)]
pub struct Room {
    strangers: Arc<Semaphore>,
    known: Arc<Semaphore>,
}

impl Default for Room {
    fn default() -> Self {
        let room = |bytes: usize| Arc::new(Semaphore::new(bytes / UNIT));
        Self { strangers: room(STRANGERS), known: room(KNOWN) }
    }
}

/// What one body takes of it, until dropped.
#[derive(Debug, Default)]
pub struct Share {
    permit: Option<OwnedSemaphorePermit>,
}

impl Share {
    /// Takes so many more bytes.
    ///
    /// # Errors
    /// [`Refusal::Overloaded`] where there is no room.
    pub fn grow(&mut self, room: &Room, whose: Whose, bytes: usize) -> Result<(), Refusal> {
        let all = match whose {
            Whose::Strangers => &room.strangers,
            Whose::Known => &room.known,
        };
        let units = u32::try_from(bytes.div_ceil(UNIT)).unwrap_or(u32::MAX);
        let permit = Arc::clone(all).try_acquire_many_owned(units);
        let permit = permit.map_err(|_| Refusal::Overloaded { retry_after_seconds: 2 })?;
        match &mut self.permit {
            Some(mine) => mine.merge(permit),
            None => self.permit = Some(permit),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_take_nothing_of_what_others_have() {
        let room = Room::default();
        let mut share = Share::default();
        for _ in 0..STRANGERS / 65_536 {
            share.grow(&room, Whose::Strangers, 65_536).expect("there is room");
        }
        let full = Err(Refusal::Overloaded { retry_after_seconds: 2 });
        assert_eq!(Share::default().grow(&room, Whose::Strangers, 1), full);
        assert_eq!(Share::default().grow(&room, Whose::Known, 1_000_000), Ok(()));
        drop(share);
        assert_eq!(Share::default().grow(&room, Whose::Strangers, 1_000_000), Ok(()));
    }
}
