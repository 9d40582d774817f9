//! In which order rows are written. A shop's export goes by date, and so from one member to any
//! other: rows that come in that order change a page of the database for each table and index, and
//! thousands of rows later the same page again. So many are read ahead, and written member by member.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    vec,
};

use super::table::Row;
use platform::{
    db::Store,
    kernel::{error::Result, id::MemberId},
};
use program::members::service::many;

/// How many are looked up by one statement: SQLite takes 32,766 values in one.
const ASKED_FOR_AT_ONCE: usize = 10_000;

/// Rows that were read ahead, in the order in which they are to be written.
pub struct Window {
    /// No two of them have a key in common.
    apart: vec::IntoIter<Row>,
    /// Those whose keys came before, in the order of the file: of rows with one key the first wins.
    repeats: vec::IntoIter<Row>,
}

/// How rows of a kind may be written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Flow {
    /// One after the other, as they are in the file.
    InOrder,
    /// The same, but those that share no key may be written side by side.
    Apart,
    /// Member by member, those of each in the order of the file; members side by side.
    ByMember,
}

impl Flow {
    /// How many rows are read ahead; they take some hundred bytes each.
    pub const fn ahead(self) -> usize {
        match self {
            Self::InOrder => 10_000,
            Self::Apart | Self::ByMember => 250_000,
        }
    }
}

impl Window {
    /// # Errors
    /// The database's own.
    pub async fn new(store: &Store, flow: Flow, rows: Vec<Row>) -> Result<Self> {
        let (mut apart, repeats) = match flow {
            Flow::InOrder => (Vec::new(), rows),
            Flow::Apart | Flow::ByMember => {
                let mut seen = HashSet::new();
                // all of a row's keys are seen by it, whichever of them came before
                let is_new =
                    |row: &Row| row.keys().filter(|key| !seen.insert(key.clone())).count() == 0;
                rows.into_iter().partition(is_new)
            }
        };
        if flow == Flow::ByMember {
            let members = members_of(store, &apart).await?;
            apart.sort_by_cached_key(|row| buyer(row).map(|id| (members.get(&id).copied(), id)));
        }
        Ok(Self { apart: apart.into_iter(), repeats: repeats.into_iter() })
    }

    /// The next `many` rows at most, each to find what those before it did; where it may be, in two
    /// parts that nothing binds to each other.
    pub fn next(&mut self, many: usize, in_two_parts: bool) -> Option<[Vec<Row>; 2]> {
        let some =
            |rows: &mut vec::IntoIter<Row>| -> Vec<Row> { rows.by_ref().take(many).collect() };
        let mut rows = some(&mut self.apart);
        let others = if in_two_parts { split_off_half(&mut rows) } else { Vec::new() };
        if rows.is_empty() {
            rows = some(&mut self.repeats);
        }
        (!rows.is_empty()).then_some([rows, others])
    }

    pub fn len(&self) -> usize {
        self.apart.len() + self.repeats.len()
    }
}

/// The second half, no member's rows being in both.
fn split_off_half(rows: &mut Vec<Row>) -> Vec<Row> {
    let middle = rows.len() / 2;
    let is_boundary = |pair: &[Row]| {
        let [before, behind] = [&pair[0], &pair[1]].map(buyer);
        before.is_none() || before != behind
    };
    let behind = rows[middle..].windows(2).position(is_boundary).map(|before| middle + before);
    let boundary =
        behind.or_else(|| rows[..(middle + 1).min(rows.len())].windows(2).rposition(is_boundary));
    boundary.map_or_else(Vec::new, |before| rows.split_off(before + 1))
}

/// Who the buyers in these rows are, as far as they are anybody.
async fn members_of(store: &Store, rows: &[Row]) -> Result<HashMap<String, MemberId>> {
    let buyers: BTreeSet<String> = rows.iter().filter_map(buyer).collect();
    let buyers: Vec<String> = buyers.into_iter().collect();
    let mut members = HashMap::new();
    for some in buyers.chunks(ASKED_FOR_AT_ONCE) {
        let some = some.to_vec();
        let theirs = store.read(move |tx| {
            many::ids_by_external_id(tx, &some.iter().map(String::as_str).collect())
        });
        members.extend(theirs.await?);
    }
    Ok(members)
}

fn buyer(row: &Row) -> Option<String> {
    row.id_in("member_external_id")
}
