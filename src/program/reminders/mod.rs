//! What members are told because time went by: points that end soon, how a month went, and that
//! they are missed.
//!
//! Each kind walks along something that is sorted by when it falls due, and keeps how far it came:
//! what it costs grows with who is due, not with who is a member. A letter's dedupe key sees to it
//! that nobody is told twice, whoever else walks along.

mod absence;
pub mod personal;
mod points;
mod service;
mod statements;
mod store;

pub use service::{next, remind_due};

use crate::{ledger::Settled, members::Member};
use platform::{
    db::{Tx, types::RawId},
    kernel::{clock::Timestamp, error::Result, id::MemberId},
    messaging::outbox::Queued,
    settings::Settings,
};

/// How far a walk came: up to there, and among what is there up to this id.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Place {
    at: Timestamp,
    after: Option<RawId>,
}

/// A member who may have to be told of something.
#[derive(Clone, Copy, Debug)]
struct Due {
    member: MemberId,
    /// Where the walk is when this one is done.
    place: Place,
}

/// One kind of reminder.
struct Kind {
    name: &'static str,
    /// Where a walk begins that never was; `None` where it is switched off.
    start: fn(&Settings, Timestamp) -> Option<Place>,
    /// Who comes next behind a place, a chunk of them.
    due: fn(&mut Tx<'_>, &Settings, Place) -> Result<Vec<Due>>,
    /// When the next is due behind a place, after now.
    next: fn(&mut Tx<'_>, &Settings, Place) -> Result<Option<Timestamp>>,
    /// What the member is told; nothing where there is nothing to say any more.
    letter: fn(&mut Tx<'_>, &Settings, &Member, Settled<'_>, Due) -> Result<Option<Queued>>,
}

static KINDS: [Kind; 3] = [points::KIND, absence::KIND, statements::KIND];
