//! Statements that are prepared once a connection. diesel sees to that by itself where it knows
//! that a statement's text is always the same; here is what it can't know.

use std::marker::PhantomData;

use diesel::{
    expression::{
        AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate::Never,
    },
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, QueryFragment, QueryId},
    serialize::ToSql,
    sql_types::{Array, Bool, HasSqlType, SingleValue},
    sqlite::Sqlite,
};

use super::connection::MultiBackend;

/// A column that has one of some values: an array on PostgreSQL, whose text is the same for any
/// number of them; on SQLite a list filled up to a power of two, so that few texts serve all.
pub struct OneOf<C, T, S> {
    column: C,
    values: Values<T, S>,
}

/// What follows a column that is to have one of these values.
pub(super) struct Values<T, S>(pub(super) Vec<T>, pub(super) PhantomData<S>);

/// Whether `column` has one of `values`: diesel's `eq_any`, prepared on SQLite too.
pub fn one_of<C: Expression, T: Clone>(column: C, values: &[T]) -> OneOf<C, T, C::SqlType> {
    OneOf { column, values: Values(values.to_vec(), PhantomData) }
}

impl<C, T, S> Expression for OneOf<C, T, S> {
    type SqlType = Bool;
}

impl<C: AppearsOnTable<Q>, T, S, Q> AppearsOnTable<Q> for OneOf<C, T, S> {}
impl<C: SelectableExpression<Q>, T, S, Q> SelectableExpression<Q> for OneOf<C, T, S> {}

impl<C, T, S> ValidGrouping<()> for OneOf<C, T, S> {
    type IsAggregate = Never;
}

impl<C, T, S> QueryId for OneOf<C, T, S> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C, T, S> QueryFragment<MultiBackend> for OneOf<C, T, S>
where
    C: QueryFragment<MultiBackend>,
    Values<T, S>: QueryFragment<Pg> + QueryFragment<Sqlite>,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        self.column.walk_ast(pass.reborrow())?;
        MultiBackend::walk_variant_ast(&self.values, pass)
    }
}

impl<T, S> QueryFragment<Pg> for Values<T, S>
where
    Pg: HasSqlType<S>,
    S: 'static,
    T: ToSql<S, Pg> + std::fmt::Debug,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        pass.push_sql(" = ANY(");
        pass.push_bind_param::<Array<S>, _>(&self.0)?;
        pass.push_sql(")");
        Ok(())
    }
}

impl<T, S> QueryFragment<Sqlite> for Values<T, S>
where
    Sqlite: HasSqlType<S>,
    S: SingleValue,
    T: ToSql<S, Sqlite>,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        let Some(last) = self.0.last() else {
            pass.push_sql(" IN ()");
            return Ok(());
        };
        let room = self.0.len().next_power_of_two();
        let values = self.0.iter().chain(std::iter::repeat(last)).take(room);
        for (place, value) in values.enumerate() {
            pass.push_sql(if place == 0 { " IN (" } else { ", " });
            pass.push_bind_param::<S, T>(value)?;
        }
        pass.push_sql(")");
        Ok(())
    }
}

/// A condition in fixed words; see [`condition`].
#[derive(Clone, Copy, Debug)]
pub struct Condition(&'static str);

/// A condition in the very words of a partial index: a planner that sees a bound value instead
/// can't know that the index has all such rows.
#[must_use]
pub const fn condition(sql: &'static str) -> Condition {
    Condition(sql)
}

impl Expression for Condition {
    type SqlType = Bool;
}

impl<Q> AppearsOnTable<Q> for Condition {}
impl<Q> SelectableExpression<Q> for Condition {}

impl ValidGrouping<()> for Condition {
    type IsAggregate = Never;
}

impl QueryId for Condition {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false; // the cache goes by the SQL text
}

impl QueryFragment<MultiBackend> for Condition {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        pass.push_sql(self.0);
        Ok(())
    }
}
