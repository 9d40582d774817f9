//! The audit of everything: the ledger, and with it each domain that has a part in points. A domain
//! brings its own [`Room`]; this is the one place that names them all.

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{
    holds, ledger::audit::Room, members, orders, perks, points, redemptions, referrals, rewards,
    surveys, transfers,
};
use crate::ledger;
use platform::{
    db::Tx,
    kernel::{
        difference::{Difference, Findings},
        error::Result,
    },
};

pub use ledger::audit::accounts;

const ROOMS: [Room; 10] = [
    members::audit::ROOM,
    points::audit::ROOM,
    holds::audit::ROOM,
    transfers::audit::ROOM,
    orders::audit::ROOM,
    rewards::audit::ROOM,
    redemptions::audit::ROOM,
    perks::audit::ROOM,
    referrals::audit::ROOM,
    surveys::audit::ROOM,
];

/// What is counted, in the order in which it is told.
const COUNTED: [&str; 12] = [
    "members",
    "entries",
    "lots",
    "holds",
    "orders",
    "refunds",
    "rewards",
    "redemptions",
    "vouchers",
    "perks",
    "referrals",
    "answers",
];

/// How many rows were audited, by their kinds.
#[derive(Debug)]
pub struct Audited(Findings);

impl Audited {
    /// Kinds of rows, and how many of each there were.
    pub fn counts(&self) -> impl Iterator<Item = (&'static str, u64)> {
        COUNTED.iter().map(|what| (*what, self.0.counted(what)))
    }
}

impl Serialize for Audited {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (what, rows) in self.counts() {
            map.serialize_entry(what, &rows)?;
        }
        map.end()
    }
}

/// Audits all that there is, a page of members in memory at a time, and hands each difference to
/// `report`. Run it on one snapshot ([`platform::db::Store::snapshot`]).
///
/// # Errors
/// The database's own; a difference is no error, nor is a row that can't be read.
pub fn audit(tx: &mut Tx<'_>, report: &mut dyn FnMut(Difference)) -> Result<Audited> {
    audit_watched(tx, report, &mut |_| ())
}

/// The same; `progress` is told how many of the [`accounts`] more were audited.
///
/// # Errors
/// As [`audit`].
pub fn audit_watched(
    tx: &mut Tx<'_>,
    report: &mut dyn FnMut(Difference),
    progress: &mut dyn FnMut(usize),
) -> Result<Audited> {
    Ok(Audited(ledger::audit::audit_with(tx, &ROOMS, report, progress)?))
}
