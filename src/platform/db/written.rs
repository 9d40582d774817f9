//! A query written by hand, where the two databases need different words for the same rows, or
//! where building its text each time would cost more than running it. Prepared once a connection.

use std::marker::PhantomData;

use diesel::{
    expression::QueryMetadata,
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    serialize::ToSql,
    sql_types::HasSqlType,
    sqlite::Sqlite,
};

use super::{
    connection::{DbConnection, MultiBackend},
    prepared::Values,
    types::{InstantSql, RawId, UuidSql},
};
use crate::kernel::clock::Timestamp;

/// A query whose rows have the types `S`: fixed texts, and what is bound between them.
pub struct Written<S> {
    parts: Vec<Part>,
    row: PhantomData<S>,
}

enum Part {
    Text { postgres: &'static str, sqlite: &'static str },
    Time(Timestamp),
    Ids(Values<RawId, UuidSql>),
}

impl<S> Written<S> {
    #[must_use]
    pub const fn new() -> Self {
        Self { parts: Vec::new(), row: PhantomData }
    }

    /// Words that both databases read.
    #[must_use]
    pub fn both(self, sql: &'static str) -> Self {
        self.either(sql, sql)
    }

    /// The words of each.
    #[must_use]
    pub fn either(mut self, postgres: &'static str, sqlite: &'static str) -> Self {
        self.parts.push(Part::Text { postgres, sqlite });
        self
    }

    /// An instant.
    #[must_use]
    pub fn time(mut self, at: Timestamp) -> Self {
        self.parts.push(Part::Time(at));
        self
    }

    /// What makes the column before it one of these ids.
    #[must_use]
    pub fn among(mut self, ids: impl IntoIterator<Item = impl Into<RawId>>) -> Self {
        let ids = ids.into_iter().map(Into::into).collect();
        self.parts.push(Part::Ids(Values(ids, PhantomData)));
        self
    }

    fn walk<'b, DB>(
        &'b self,
        mut pass: AstPass<'_, 'b, DB>,
        words: fn(&'static str, &'static str) -> &'static str,
    ) -> QueryResult<()>
    where
        DB: diesel::backend::Backend + HasSqlType<InstantSql>,
        Timestamp: ToSql<InstantSql, DB>,
        Values<RawId, UuidSql>: QueryFragment<DB>,
    {
        for part in &self.parts {
            match part {
                Part::Text { postgres, sqlite } => pass.push_sql(words(postgres, sqlite)),
                Part::Time(at) => pass.push_bind_param::<InstantSql, Timestamp>(at)?,
                Part::Ids(ids) => ids.walk_ast(pass.reborrow())?,
            }
        }
        Ok(())
    }
}

impl<S> Default for Written<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> QueryId for Written<S> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false; // the cache goes by the SQL text
}

impl<S> Query for Written<S>
where
    MultiBackend: QueryMetadata<S>,
{
    type SqlType = S;
}

impl<S> RunQueryDsl<DbConnection> for Written<S> {}

impl<S> QueryFragment<Pg> for Written<S> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.walk(pass, |postgres, _| postgres)
    }
}

impl<S> QueryFragment<Sqlite> for Written<S> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        self.walk(pass, |_, sqlite| sqlite)
    }
}

impl<S> QueryFragment<MultiBackend> for Written<S> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        MultiBackend::walk_variant_ast(self, pass)
    }
}
