//! What a domain keeps of a person: its [`Part`] in the register of them all, `program::register`.
//! It stands on this floor because every floor above keeps something.

use serde_json::Value;

use super::{Tx, types::RawId};
use crate::kernel::{clock::Timestamp, error::Result, id::MemberId, text::Email};

/// A domain's part of what is known of a person: how it is told, how it goes, and all columns that
/// it answers for.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// Deletes and empties what [`Part::tables`] says. An erasure locked the member's row before.
    pub erase: fn(&mut Tx<'_>, &Erased) -> Result<()>,
    /// What an export tells at once.
    pub facts: &'static [Fact],
    /// What an export tells row by row, behind all facts.
    pub lists: &'static [List],
    /// What becomes of each column at erasure. Numbers, times, switches and a row's own `id` need
    /// no word; all others do, and a test holds this against the databases.
    pub tables: &'static [Table],
}

impl Part {
    /// One that keeps nothing: for what a domain does without.
    pub const EMPTY: Self = Self { erase: |_, _| Ok(()), facts: &[], lists: &[], tables: &[] };
}

/// A table's name, and its columns.
pub type Table = (&'static str, &'static [(&'static str, Fate)]);

/// What becomes of a column when the person that its row tells of is erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It goes with its row.
    Deleted,
    /// The row stays, and nothing in it tells of the person.
    Emptied,
    /// It stays, and this is why it may.
    Stays(&'static str),
}

impl Fate {
    /// An id of ours, which tells nothing without what it was the id of.
    pub const ID: Self = Self::Stays("an id of ours");
    /// A kind, a state, a currency: one of few words that the program knows.
    pub const WORD: Self = Self::Stays("a word of ours");
    /// A kind of caller and its id, never a name.
    pub const ACTOR: Self = Self::Stays("an id of who did it");
    /// By which the shop finds its own order, channel or place again.
    pub const SHOPS: Self = Self::Stays("the shop's word for a thing of its own");
    /// What no member's row has: the program's, the catalogue's, the staff's.
    pub const NO_MEMBERS: Self = Self::Stays("tells of no member");
}

/// Who is being erased, as it was until now.
#[derive(Clone, Debug)]
pub struct Erased {
    pub id: MemberId,
    pub email: Option<Email>,
}

/// Whom an export tells of, and as of when.
#[derive(Clone, Copy, Debug)]
pub struct Subject {
    pub id: MemberId,
    /// The last entry that is told.
    pub last_seq: i64,
    /// What was recorded later is not told.
    pub as_of: Timestamp,
}

/// A field of an export.
#[derive(Clone, Copy, Debug)]
pub struct Fact {
    pub name: &'static str,
    pub read: fn(&mut Tx<'_>, &Subject) -> Result<Value>,
}

/// A list of an export, oldest first.
#[derive(Clone, Copy, Debug)]
pub struct List {
    pub name: &'static str,
    /// What the OpenAPI document says of it, where the name does not say all.
    pub about: Option<&'static str>,
    /// Reads some rows behind a cursor; none: the list is over.
    pub page: fn(&mut Tx<'_>, &Subject, Option<Cursor>) -> Result<Rows>,
}

/// How many rows of a list are read at once, where they are short.
pub const PAGE: i64 = 100;

/// Rows, each with the cursor that comes behind it.
pub type Rows = Vec<(Cursor, Value)>;

/// The last row of a page.
#[derive(Clone, Copy, Debug)]
pub enum Cursor {
    Seq(i64),
    Id(RawId),
}

impl Cursor {
    /// The number behind which to read on; 0 at the beginning.
    #[must_use]
    pub const fn seq(after: Option<Self>) -> i64 {
        match after {
            Some(Self::Seq(seq)) => seq,
            _ => 0,
        }
    }

    /// The id behind which to read on; the least one at the beginning.
    #[must_use]
    pub const fn id(after: Option<Self>) -> RawId {
        match after {
            Some(Self::Id(id)) => id,
            _ => RawId(uuid::Uuid::nil()),
        }
    }
}
