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
    kernel::{error::Result, text::ExternalId},
};
use program::members::service::many;

/// How many rows are read ahead; they take some hundred bytes each.
pub const AHEAD: usize = 250_000;

/// How many are looked up by one statement: SQLite takes 32,766 values in one.
const ASKED_FOR_AT_ONCE: usize = 10_000;

/// Rows that were read ahead, in the order in which they are to be written.
pub struct Window {
    /// No two of them have one id.
    apart: vec::IntoIter<Row>,
    /// Whose id came before, in the order of the file: of rows with one id the first is to win.
    repeats: vec::IntoIter<Row>,
}

impl Window {
    /// As they are in the file.
    pub fn in_order(rows: Vec<Row>) -> Self {
        Self { apart: Vec::new().into_iter(), repeats: rows.into_iter() }
    }

    /// Member by member, those of each in the order of the file.
    ///
    /// # Errors
    /// The database's own.
    pub async fn by_member(store: &Store, rows: Vec<Row>) -> Result<Self> {
        let mut ids = HashSet::new();
        let is_first = |row: &Row| ids.insert(id_in(row, "external_id"));
        let (mut apart, repeats): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(is_first);
        let buyers: BTreeSet<String> = apart.iter().filter_map(buyer).collect();
        let buyers: Vec<String> = buyers.into_iter().collect();
        let mut members = HashMap::new();
        for some in buyers.chunks(ASKED_FOR_AT_ONCE) {
            let some = some.to_vec();
            let theirs = store.read(move |tx| {
                many::ids_by_external_id(tx, &some.iter().map(String::as_str).collect())
            });
            members.extend(theirs.await?);
        }
        apart.sort_by_cached_key(|row| buyer(row).map(|id| (members.get(&id).copied(), id)));
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

/// Of rows member by member, those of the second half of the members.
fn split_off_half(rows: &mut Vec<Row>) -> Vec<Row> {
    let middle = rows.len() / 2;
    let is_anothers = |pair: &[Row]| buyer(&pair[0]) != buyer(&pair[1]);
    let boundary = rows[middle..].windows(2).position(is_anothers);
    boundary.map_or_else(Vec::new, |before| rows.split_off(middle + before + 1))
}

fn buyer(row: &Row) -> Option<String> {
    id_in(row, "member_external_id")
}

/// As it is read: what looks the same is the same.
fn id_in(row: &Row, column: &str) -> Option<String> {
    let id: ExternalId = row.get(column)?.parse().ok()?;
    Some(id.into_string())
}
