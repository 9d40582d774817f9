//! Rows by two columns at once, `(a, b) IN (…)`: on PostgreSQL from arrays, whose text is the same
//! for any number of rows; on SQLite from a list.

use diesel::{
    expression::{AppearsOnTable, Expression, ValidGrouping, is_aggregate},
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::Bool,
    sqlite::Sqlite,
};

use super::{bulk::Column, connection::MultiBackend};

/// A condition on two columns; see [`load_among`].
#[derive(Debug)]
pub struct Among {
    columns: &'static str,
    pairs: Pairs,
}

#[derive(Debug)]
struct Pairs(Column, Column);

/// Whether two columns, named as in SQL (`lots.member_id, lots.seq`), are one of the pairs.
fn among<A, B>(columns: &'static str, pairs: impl IntoIterator<Item = (A, B)>) -> Among
where
    Column: FromIterator<A> + FromIterator<B>,
{
    let (firsts, seconds): (Vec<A>, Vec<B>) = pairs.into_iter().unzip();
    let pairs = Pairs(firsts.into_iter().collect(), seconds.into_iter().collect());
    Among { columns, pairs }
}

/// How many pairs one query names: SQLite binds no more than 32,766 values.
const MOST: usize = 4096;

/// Runs a query for any number of pairs, some thousands of them at a time.
///
/// # Errors
/// The query's own.
pub fn load_among<A, B, T>(
    columns: &'static str,
    pairs: impl IntoIterator<Item = (A, B)>,
    mut load: impl FnMut(Among) -> QueryResult<Vec<T>>,
) -> QueryResult<Vec<T>>
where
    Column: FromIterator<A> + FromIterator<B>,
{
    let mut pairs = pairs.into_iter().peekable();
    let mut found = Vec::new();
    while pairs.peek().is_some() {
        found.extend(load(among(columns, pairs.by_ref().take(MOST)))?);
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
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        pass.push_sql("(");
        pass.push_sql(self.columns);
        pass.push_sql(") IN (");
        MultiBackend::walk_variant_ast(&self.pairs, pass.reborrow())?;
        pass.push_sql(")");
        Ok(())
    }
}

impl QueryFragment<Pg> for Pairs {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        pass.push_sql("SELECT * FROM unnest(");
        self.0.bind_all(&mut pass)?;
        pass.push_sql(", ");
        self.1.bind_all(&mut pass)?;
        pass.push_sql(")");
        Ok(())
    }
}

impl QueryFragment<Sqlite> for Pairs {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        // filled up to a power of two by the last one, so that few texts serve any number
        let rows = self.0.len();
        let filled = if rows == 0 { 0 } else { rows.next_power_of_two() };
        pass.push_sql("VALUES ");
        for place in 0..filled {
            let row = place.min(rows - 1);
            pass.push_sql(if place == 0 { "(" } else { ", (" });
            self.0.bind_row(row, &mut pass)?;
            pass.push_sql(", ");
            self.1.bind_row(row, &mut pass)?;
            pass.push_sql(")");
        }
        Ok(())
    }
}
