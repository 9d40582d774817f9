//! What an audit has to say: where rows do not agree with each other.

use std::{
    collections::BTreeMap,
    fmt::{self, Arguments, Debug, Display},
};

use serde::Serialize;

use super::{
    clock::RawInstant,
    id::{Id, Kind},
};

/// A place where what is kept does not add up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Whose row it is: a member's id, or the row's own where it has no member.
    pub whose: String,
    /// The row, and what of it.
    pub what: String,
    pub expected: String,
    pub found: String,
}

impl Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { whose, what, expected, found } = self;
        write!(f, "{whose}, {what}: expected {expected}, found {found}")
    }
}

/// A value as a row has it, even where it is none that there can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen<T> {
    Known(T),
    /// Why it can't be read.
    Unknown(String),
}

/// What was looked at, and what differs.
#[derive(Debug, Default)]
pub struct Findings {
    differences: Vec<Difference>,
    counts: BTreeMap<&'static str, u64>,
}

impl Findings {
    /// To tell what differs of one member's rows, or of a row without a member.
    pub fn of<'f>(&'f mut self, whose: &'f dyn Display) -> Told<'f> {
        Told { whose, differences: &mut self.differences }
    }

    /// Counts rows that were looked at.
    pub fn count(&mut self, what: &'static str, rows: usize) {
        *self.counts.entry(what).or_default() += rows as u64;
    }

    /// How many rows of a kind were looked at.
    #[must_use]
    pub fn counted(&self, what: &str) -> u64 {
        self.counts.get(what).copied().unwrap_or(0)
    }

    /// Adds what differs elsewhere.
    pub fn add(&mut self, differences: Vec<Difference>) {
        self.differences.extend(differences);
    }

    /// Adds what was looked at elsewhere, and hands on what differs there.
    pub fn take(&mut self, other: Self, report: &mut dyn FnMut(Difference)) {
        for (what, rows) in other.counts {
            *self.counts.entry(what).or_default() += rows;
        }
        other.differences.into_iter().for_each(report);
    }
}

/// Tells what differs.
pub struct Told<'f> {
    whose: &'f dyn Display,
    differences: &'f mut Vec<Difference>,
}

impl Told<'_> {
    /// What is found must be what is expected.
    #[expect(clippy::needless_pass_by_value, reason = "read like an assertion, of values at hand")]
    pub fn same<T: PartialEq + Debug>(&mut self, what: Arguments<'_>, expected: T, found: T) {
        if expected != found {
            self.differs(what, format_args!("{expected:?}"), format_args!("{found:?}"));
        }
    }

    /// What is found is not what is expected.
    pub fn differs(&mut self, what: Arguments<'_>, expected: impl Display, found: impl Display) {
        self.differences.push(Difference {
            whose: self.whose.to_string(),
            what: what.to_string(),
            expected: expected.to_string(),
            found: found.to_string(),
        });
    }

    /// What is found must be so.
    pub fn holds(
        &mut self,
        is_so: bool,
        what: Arguments<'_>,
        expected: impl Display,
        found: impl Debug,
    ) {
        if !is_so {
            self.differs(what, expected, format_args!("{found:?}"));
        }
    }

    /// The value, where it can be read.
    pub fn read<T>(&mut self, what: Arguments<'_>, seen: Seen<T>) -> Option<T> {
        match seen {
            Seen::Known(value) => Some(value),
            Seen::Unknown(why) => {
                self.differs(what, "what can be read", why);
                None
            }
        }
    }

    /// An id tells the millisecond in which it was made, and with it its row.
    pub fn made<K: Kind>(&mut self, what: Arguments<'_>, id: Id<K>, at: RawInstant) {
        let by_id = id.millisecond();
        if at.0 >= 0 && at.0 / 1000 != by_id {
            let by_id = RawInstant(by_id.saturating_mul(1000));
            self.differs(what, format_args!("the millisecond {by_id} of its id"), at);
        }
    }
}
