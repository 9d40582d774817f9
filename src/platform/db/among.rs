//! Rows by two columns at once: on PostgreSQL from arrays, whose text is the same for any number of
//! rows; on SQLite from a list, `(a, b) IN (VALUES …)`.
//!
//! PostgreSQL is told the way: a look into the index for each pair, then the rows where they lie
//! (`ctid`). Left to choose, it believes what it last counted, and of a table that was empty then
//! it reads the whole index for every batch, until somebody counts again.

use diesel::{
    expression::{AppearsOnTable, Expression, ValidGrouping, is_aggregate},
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::Bool,
    sqlite::Sqlite,
};

use super::{bulk::Column, connection::MultiBackend};

/// Two columns of a table, the first of an index.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    pub table: &'static str,
    pub columns: [&'static str; 2],
    /// Of which rows: what a partial index says of its own. `TRUE` for all.
    pub only: &'static str,
}

/// A condition on two columns; see [`load_among`].
///
/// On PostgreSQL it names rows by where they lie, so: no other condition on the table that an index
/// could serve instead, and no lock or change but of rows whose account this transaction has locked
/// already (a row that somebody else changed meanwhile lies elsewhere).
#[derive(Debug)]
pub struct Among {
    key: Key,
    pairs: Pairs,
}

#[derive(Debug)]
struct Pairs(Column, Column);

/// Whether the columns of `key` are one of the pairs.
fn among<A, B>(key: Key, pairs: impl IntoIterator<Item = (A, B)>) -> Among
where
    Column: FromIterator<A> + FromIterator<B>,
{
    let (firsts, seconds): (Vec<A>, Vec<B>) = pairs.into_iter().unzip();
    let pairs = Pairs(firsts.into_iter().collect(), seconds.into_iter().collect());
    Among { key, pairs }
}

/// How many pairs one query names: SQLite binds no more than 32,766 values.
const MOST: usize = 4096;

/// Runs a query for any number of pairs, some thousands of them at a time.
///
/// # Errors
/// The query's own.
pub fn load_among<A, B, T>(
    key: Key,
    pairs: impl IntoIterator<Item = (A, B)>,
    mut load: impl FnMut(Among) -> QueryResult<Vec<T>>,
) -> QueryResult<Vec<T>>
where
    Column: FromIterator<A> + FromIterator<B>,
{
    let mut pairs = pairs.into_iter().peekable();
    let mut found = Vec::new();
    while pairs.peek().is_some() {
        found.extend(load(among(key, pairs.by_ref().take(MOST)))?);
    }
    Ok(found)
}

impl Expression for Among {
    type SqlType = Bool;
}

impl ValidGrouping<()> for Among {
    type IsAggregate = is_aggregate::No;
}

impl<Source> AppearsOnTable<Source> for Among {}

impl QueryId for Among {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false; // the cache goes by the SQL text
}

impl QueryFragment<MultiBackend> for Among {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        MultiBackend::walk_variant_ast(self, pass)
    }
}

impl QueryFragment<Pg> for Among {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let Among { key: Key { table, columns: [first, second], only }, pairs } = self;
        pass.push_sql(table);
        pass.push_sql(".ctid = ANY(ARRAY(SELECT found.ctid FROM unnest(");
        pairs.0.bind_all(&mut pass)?;
        pass.push_sql(", ");
        pairs.1.bind_all(&mut pass)?;
        // OFFSET 0 keeps the planner from turning the two around
        for text in [
            ") AS pair (first, second), LATERAL (SELECT ctid FROM ",
            table,
            " WHERE ",
            first,
            " = pair.first AND ",
            second,
            " = pair.second AND ",
            only,
            " OFFSET 0) AS found))",
        ] {
            pass.push_sql(text);
        }
        Ok(())
    }
}

impl QueryFragment<Sqlite> for Among {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        let Among { key: Key { table, columns: [first, second], only }, pairs } = self;
        for text in ["((", table, ".", first, ", ", table, ".", second, ") IN (VALUES "] {
            pass.push_sql(text);
        }
        // filled up to a power of two by the last one, so that few texts serve any number
        let rows = pairs.0.len();
        let filled = if rows == 0 { 0 } else { rows.next_power_of_two() };
        for place in 0..filled {
            let row = place.min(rows - 1);
            pass.push_sql(if place == 0 { "(" } else { ", (" });
            pairs.0.bind_row(row, &mut pass)?;
            pass.push_sql(", ");
            pairs.1.bind_row(row, &mut pass)?;
            pass.push_sql(")");
        }
        for text in [") AND ", only, ")"] {
            pass.push_sql(text);
        }
        Ok(())
    }
}
