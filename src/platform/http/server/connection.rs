//! What a connection and the request in hand on it tell each other: how much may be read, so that
//! nobody makes us keep what no one has asked for yet.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    sync::Arc,
    task::{Context, Waker},
};

use tokio::time::Instant;

use super::{Pace, Room};

/// How much is read at once while no request is in hand: most heads are smaller.
const HEAD_SLICE: usize = 2 * 1024;
/// How large the head of a request may be.
const LARGEST_HEAD: usize = 8 * 1024;
/// How much of a body is read at once, each time that its reader has had all.
const BODY_SLICE: usize = 4 * 1024;
/// How much is read at once of what nobody wants.
const DISCARDED_SLICE: usize = 8 * 1024;

/// One connection, as its requests see it (`HttpRequest::conn_data`).
#[derive(Debug)]
pub struct Connection {
    pub pace: Pace,
    /// What all connections share.
    pub room: Arc<Room>,
    phase: Cell<Phase>,
    /// How many bytes may be read now.
    allowance: Cell<usize>,
    /// Whether all of them belong to the body of the request in hand.
    all_body: Cell<bool>,
    /// How many bytes were read since the last answer went.
    head: Cell<usize>,
    /// When the last answer went, or the connection began.
    idle_since: Cell<Instant>,
    /// The task that reads, and whether it was told to do so later.
    reader: RefCell<Option<Waker>>,
    put_off: Cell<bool>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Phase {
    /// A head is to come.
    Between,
    /// A request is answered; the rest of its body is read when it is asked for.
    InHand { body_left: bool },
    /// An answer went, and the rest of the request's body goes nowhere.
    Discarding,
}

/// What may be read.
#[derive(PartialEq, Eq, Debug)]
pub enum Allowed {
    UpTo(usize),
    /// First, what was read is to be looked at.
    AfterALook,
    /// Not before the request in hand wants more or is answered.
    Later,
    /// The head is too large.
    Nothing,
}

impl Connection {
    #[must_use]
    pub fn new(pace: Pace, room: Arc<Room>) -> Self {
        Self {
            pace,
            room,
            phase: Cell::new(Phase::Between),
            allowance: Cell::new(HEAD_SLICE),
            all_body: Cell::new(false),
            head: Cell::new(0),
            idle_since: Cell::new(Instant::now()),
            reader: RefCell::default(),
            put_off: Cell::new(false),
        }
    }

    /// What may be read now.
    #[must_use]
    pub fn allowed(&self) -> Allowed {
        let left = self.allowance.get();
        if left > 0 {
            return Allowed::UpTo(left);
        }
        match self.phase.get() {
            Phase::InHand { .. } => return Allowed::Later,
            Phase::Discarding => self.allowance.set(DISCARDED_SLICE),
            Phase::Between if self.head.get() >= LARGEST_HEAD => return Allowed::Nothing,
            Phase::Between => self.allowance.set(HEAD_SLICE),
        }
        Allowed::AfterALook
    }

    /// So many bytes were read; with them a head may have ended, and that is to be looked at
    /// before more is read.
    pub fn read(&self, bytes: usize, may_end_a_head: bool) {
        let left = if may_end_a_head { 0 } else { self.allowance.get().saturating_sub(bytes) };
        self.allowance.set(left);
        if self.phase.get() == Phase::Between {
            self.head.set(self.head.get() + bytes);
        }
    }

    /// Whether all that may be read belongs to a body.
    #[must_use]
    pub const fn reads_a_body(&self) -> bool {
        self.all_body.get()
    }

    /// Whether a part of a head is here.
    #[must_use]
    pub fn has_begun_a_head(&self) -> bool {
        self.phase.get() == Phase::Between && self.head.get() > 0
    }

    /// Since when there is nothing to answer; `None` while there is.
    #[must_use]
    pub fn idle_since(&self) -> Option<Instant> {
        let busy = matches!(self.phase.get(), Phase::InHand { .. });
        (!busy).then(|| self.idle_since.get())
    }

    /// This task reads.
    pub fn is_read_by(&self, cx: &Context<'_>) {
        let mut reader = self.reader.borrow_mut();
        if !reader.as_ref().is_some_and(|known| known.will_wake(cx.waker())) {
            *reader = Some(cx.waker().clone());
        }
    }

    /// There is something to be read once that is allowed: the reader is woken then.
    pub fn put_off(&self) {
        self.put_off.set(true);
    }

    /// The reader of a body has had all that came, and wants more: so many bytes, where it knows.
    pub fn want_body(&self, left: Option<usize>) {
        self.all_body.set(left.is_some());
        self.allowance.set(left.map_or(BODY_SLICE, |left| left.clamp(1, BODY_SLICE)));
        if self.put_off.get() {
            self.wake();
        }
    }

    /// The body of the request in hand was read to its end.
    pub fn body_is_read(&self) {
        self.phase.set(Phase::InHand { body_left: false });
    }

    fn wake(&self) {
        self.put_off.set(false);
        if let Some(reader) = &*self.reader.borrow() {
            reader.wake_by_ref();
        }
    }
}

/// A request in hand, until its answer has gone.
#[derive(Debug)]
pub struct InHand(Rc<Connection>);

impl InHand {
    /// Takes a request in hand.
    #[must_use]
    pub fn begin(connection: &Rc<Connection>, has_body: bool) -> Self {
        connection.phase.set(Phase::InHand { body_left: has_body });
        connection.allowance.set(0);
        connection.all_body.set(false);
        Self(Rc::clone(connection))
    }

    /// Whether some of the request's body may still be on its way.
    #[must_use]
    pub fn has_body_left(&self) -> bool {
        self.0.phase.get() == Phase::InHand { body_left: true }
    }
}

impl Drop for InHand {
    fn drop(&mut self) {
        let connection = &*self.0;
        let discarding = self.has_body_left();
        connection.phase.set(if discarding { Phase::Discarding } else { Phase::Between });
        connection.allowance.set(if discarding { DISCARDED_SLICE } else { HEAD_SLICE });
        connection.all_body.set(false);
        connection.head.set(0);
        connection.idle_since.set(Instant::now());
        // what goes nowhere is waited for from now on
        if discarding || connection.put_off.get() {
            connection.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_read_depends_on_what_is_in_hand() {
        let connection = Rc::new(Connection::new(Pace::default(), Arc::default()));
        let mut head = 0;
        loop {
            match connection.allowed() {
                Allowed::UpTo(bytes) => {
                    connection.read(bytes, false);
                    head += bytes;
                }
                Allowed::AfterALook => {}
                other => {
                    assert_eq!((other, head), (Allowed::Nothing, LARGEST_HEAD));
                    break;
                }
            }
        }
        let in_hand = InHand::begin(&connection, true);
        assert_eq!(connection.allowed(), Allowed::Later, "nobody has asked for the body");
        connection.want_body(None);
        assert_eq!(connection.allowed(), Allowed::UpTo(BODY_SLICE));
        connection.read(BODY_SLICE, false);
        assert_eq!(connection.allowed(), Allowed::Later);
        connection.want_body(Some(7));
        assert_eq!(connection.allowed(), Allowed::UpTo(7));
        connection.read(3, false);
        assert_eq!(connection.allowed(), Allowed::UpTo(4));
        connection.body_is_read();
        drop(in_hand);
        assert_eq!(connection.allowed(), Allowed::UpTo(HEAD_SLICE), "the next head");
        connection.read(100, true);
        assert_eq!(connection.allowed(), Allowed::AfterALook, "it may be whole");

        drop(InHand::begin(&connection, true));
        assert_eq!(connection.allowed(), Allowed::UpTo(DISCARDED_SLICE), "a body left behind");
        connection.read(DISCARDED_SLICE, false);
        assert_eq!(connection.allowed(), Allowed::AfterALook);
        assert!(!connection.has_begun_a_head());
    }
}
