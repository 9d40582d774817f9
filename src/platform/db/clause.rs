//! A condition put together while the program runs: fixed words and bound values. Its text is another
//! for every shape, so no connection keeps it prepared.

use diesel::{
    expression::{
        AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate::Never,
    },
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::{Array, BigInt, Bool, Text},
    sqlite::Sqlite,
};

use super::{
    connection::MultiBackend,
    types::{InstantSql, RawId, UuidSql},
};
use crate::kernel::clock::Timestamp;

/// A condition; see above. What stands in its words is ours; what came from outside is bound.
#[derive(Clone, Debug, Default)]
pub struct Clause(Vec<Piece>);

#[derive(Clone, Debug)]
enum Piece {
    Sql(&'static str),
    Either { postgres: &'static str, sqlite: &'static str },
    Text(String),
    Number(i64),
    Time(Timestamp),
    Id(RawId),
    List(List),
}

/// Many values bound as one: an array on PostgreSQL, JSON on SQLite.
#[derive(Clone, Debug)]
enum List {
    Texts(Vec<String>, String),
    Numbers(Vec<i64>, String),
    /// Beginnings, ends, and both as JSON.
    Stretches(Vec<Timestamp>, Vec<Timestamp>, String),
}

impl Clause {
    pub fn sql(&mut self, words: &'static str) {
        self.0.push(Piece::Sql(words));
    }

    /// Words that differ.
    pub fn either(&mut self, postgres: &'static str, sqlite: &'static str) {
        self.0.push(Piece::Either { postgres, sqlite });
    }

    pub fn text(&mut self, text: String) {
        self.0.push(Piece::Text(text));
    }

    pub fn number(&mut self, number: i64) {
        self.0.push(Piece::Number(number));
    }

    pub fn time(&mut self, at: Timestamp) {
        self.0.push(Piece::Time(at));
    }

    pub fn id(&mut self, id: impl Into<RawId>) {
        self.0.push(Piece::Id(id.into()));
    }

    /// Follows a text: that it is one of these.
    pub fn among_texts(&mut self, texts: Vec<String>) {
        if let [one] = texts.as_slice() {
            self.sql(" = ");
            self.text(one.clone());
            return;
        }
        let json = serde_json::json!(texts).to_string();
        self.0.push(Piece::List(List::Texts(texts, json)));
    }

    /// Follows a number, or its `NOT`: that it is one of these.
    pub fn in_numbers(&mut self, numbers: Vec<i64>) {
        let json = serde_json::json!(numbers).to_string();
        self.0.push(Piece::List(List::Numbers(numbers, json)));
    }

    /// Whether an instant lies in one of some stretches, whose ends are not in them; false without one.
    pub fn within(&mut self, instant: impl Fn(&mut Self), stretches: Vec<(Timestamp, Timestamp)>) {
        self.sql("EXISTS (SELECT 1 FROM (SELECT ");
        instant(self);
        self.sql(" AS instant) AS asked");
        if let [(from, to)] = stretches.as_slice() {
            self.sql(" WHERE asked.instant >= ");
            self.time(*from);
            self.sql(" AND asked.instant < ");
            self.time(*to);
        } else {
            let micros =
                |(from, to): &(Timestamp, Timestamp)| [from, to].map(|it| it.as_microsecond());
            let json =
                serde_json::json!(stretches.iter().map(micros).collect::<Vec<_>>()).to_string();
            let (from, to) = stretches.into_iter().unzip();
            self.sql(", ");
            self.0.push(Piece::List(List::Stretches(from, to, json)));
            self.either(
                " WHERE asked.instant >= spans.from_at AND asked.instant < spans.to_at",
                " WHERE asked.instant >= json_extract(spans.value, '$[0]') \
                 AND asked.instant < json_extract(spans.value, '$[1]')",
            );
        }
        self.sql(")");
    }
}

impl Expression for Clause {
    type SqlType = Bool;
}

impl<Q> AppearsOnTable<Q> for Clause {}
impl<Q> SelectableExpression<Q> for Clause {}

impl ValidGrouping<()> for Clause {
    type IsAggregate = Never;
}

impl QueryId for Clause {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<MultiBackend> for Clause {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        pass.unsafe_to_cache_prepared();
        pass.push_sql("(");
        for piece in &self.0 {
            match piece {
                Piece::Sql(words) => pass.push_sql(words),
                Piece::Either { .. } | Piece::List(_) => {
                    MultiBackend::walk_variant_ast(piece, pass.reborrow())?;
                }
                Piece::Text(text) => pass.push_bind_param::<Text, _>(text)?,
                Piece::Number(number) => pass.push_bind_param::<BigInt, _>(number)?,
                Piece::Time(at) => pass.push_bind_param::<InstantSql, _>(at)?,
                Piece::Id(id) => pass.push_bind_param::<UuidSql, _>(id)?,
            }
        }
        pass.push_sql(")");
        Ok(())
    }
}

impl QueryFragment<Pg> for Piece {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        match self {
            Self::Either { postgres, .. } => pass.push_sql(postgres),
            Self::List(List::Texts(texts, _)) => {
                pass.push_sql(" = ANY(");
                pass.push_bind_param::<Array<Text>, _>(texts)?;
                pass.push_sql(")");
            }
            Self::List(List::Numbers(numbers, _)) => {
                // sums are numeric
                pass.push_sql(" IN (SELECT CAST(unnest(");
                pass.push_bind_param::<Array<BigInt>, _>(numbers)?;
                pass.push_sql(") AS NUMERIC))");
            }
            Self::List(List::Stretches(from, to, _)) => {
                pass.push_sql("unnest(");
                pass.push_bind_param::<Array<InstantSql>, _>(from)?;
                pass.push_sql(", ");
                pass.push_bind_param::<Array<InstantSql>, _>(to)?;
                pass.push_sql(") AS spans (from_at, to_at)");
            }
            _ => {}
        }
        Ok(())
    }
}

impl QueryFragment<Sqlite> for Piece {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        match self {
            Self::Either { sqlite, .. } => pass.push_sql(sqlite),
            Self::List(List::Texts(_, json) | List::Numbers(_, json)) => {
                pass.push_sql(" IN (SELECT value FROM json_each(");
                pass.push_bind_param::<Text, _>(json)?;
                pass.push_sql("))");
            }
            Self::List(List::Stretches(_, _, json)) => {
                pass.push_sql("json_each(");
                pass.push_bind_param::<Text, _>(json)?;
                pass.push_sql(") AS spans");
            }
            _ => {}
        }
        Ok(())
    }
}
