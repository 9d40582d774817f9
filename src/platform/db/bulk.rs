//! Many rows in one statement, with an `ON CONFLICT` where wanted: on PostgreSQL an insert from
//! arrays, whose text is the same for any number of rows and thus prepared once; on SQLite, which
//! lives in our process, prepared inserts of a few sizes.

use std::ops::Range;

use diesel::{
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, QueryFragment, QueryId},
    serialize::ToSql,
    sql_types::{Array, BigInt, Binary, Bool, HasSqlType, Nullable, SingleValue, Text},
    sqlite::Sqlite,
};

use super::{
    connection::DbConnection,
    types::{InstantSql, Json, JsonSql, RawId, UuidSql},
};
use crate::kernel::{clock::Timestamp, error::Result};

/// The values of one column, a row each.
#[derive(Debug)]
pub enum Column {
    Id(Vec<RawId>),
    OptId(Vec<Option<RawId>>),
    Int(Vec<i64>),
    OptInt(Vec<Option<i64>>),
    Text(Vec<String>),
    OptText(Vec<Option<String>>),
    Time(Vec<Timestamp>),
    OptTime(Vec<Option<Timestamp>>),
    Flag(Vec<bool>),
    Bytes(Vec<Vec<u8>>),
    Json(Vec<Json>),
}

macro_rules! columns_from {
    ($($variant:ident($item:ty);)*) => {$(
        impl FromIterator<$item> for Column {
            fn from_iter<I: IntoIterator<Item = $item>>(rows: I) -> Self {
                Self::$variant(rows.into_iter().collect())
            }
        }
    )*};
}
columns_from! {
    Id(RawId); OptId(Option<RawId>); Int(i64); OptInt(Option<i64>); Text(String);
    OptText(Option<String>); Time(Timestamp); OptTime(Option<Timestamp>); Flag(bool);
    Bytes(Vec<u8>); Json(Json);
}

/// How many rows SQLite is handed at once: few sizes, so that few texts are prepared.
const GROUPS: [usize; 3] = [32, 8, 1];

/// An insert of many rows.
#[derive(Debug)]
pub struct Bulk {
    table: &'static str,
    columns: Vec<(&'static str, Column)>,
    tail: &'static str,
}

impl Bulk {
    #[must_use]
    pub const fn into(table: &'static str) -> Self {
        Self { table, columns: Vec::new(), tail: "" }
    }

    /// Adds a column; every one has as many values.
    #[must_use]
    pub fn column<T>(mut self, name: &'static str, values: impl IntoIterator<Item = T>) -> Self
    where
        Column: FromIterator<T>,
    {
        self.columns.push((name, values.into_iter().collect()));
        self
    }

    /// What follows the rows, such as `ON CONFLICT DO NOTHING`: fixed text.
    #[must_use]
    pub const fn tail(mut self, sql: &'static str) -> Self {
        self.tail = sql;
        self
    }

    fn rows(&self) -> usize {
        self.columns.first().map_or(0, |(_, column)| column.len())
    }

    /// Writes the rows; answers how many were inserted or updated.
    pub fn execute(&self, conn: &mut DbConnection) -> Result<usize> {
        let rows = self.rows();
        debug_assert!(self.columns.iter().all(|(_, column)| column.len() == rows));
        if rows == 0 {
            return Ok(0);
        }
        // once for all rows and passes: diesel walks a query three times
        let names = self.columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        let into = format!("INTO {} ({names}) ", self.table);
        match conn {
            DbConnection::Postgres(conn) => {
                Ok(FromArrays { bulk: self, head: &format!("INSERT {into}") }.execute(conn)?)
            }
            DbConnection::Sqlite(conn) => {
                // what fails is undone with the transaction or savepoint it is in: SQLite need not copy
                // each page beforehand to undo the statement alone
                let head = format!("INSERT OR FAIL {into}");
                let (mut written, mut done) = (0, 0);
                while done < rows {
                    let size = GROUPS.into_iter().find(|size| *size <= rows - done).unwrap_or(1);
                    let rows = done..done + size;
                    written += SomeRows { bulk: self, head: &head, rows }.execute(conn)?;
                    done += size;
                }
                Ok(written)
            }
        }
    }
}

impl Column {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Id(v) => v.len(),
            Self::OptId(v) => v.len(),
            Self::Int(v) => v.len(),
            Self::OptInt(v) => v.len(),
            Self::Text(v) => v.len(),
            Self::OptText(v) => v.len(),
            Self::Time(v) => v.len(),
            Self::OptTime(v) => v.len(),
            Self::Flag(v) => v.len(),
            Self::Bytes(v) => v.len(),
            Self::Json(v) => v.len(),
        }
    }

    pub(super) fn bind_all<'b>(&'b self, pass: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        match self {
            Self::Id(v) => pass.push_bind_param::<Array<UuidSql>, _>(v),
            Self::OptId(v) => pass.push_bind_param::<Array<Nullable<UuidSql>>, _>(v),
            Self::Int(v) => pass.push_bind_param::<Array<BigInt>, _>(v),
            Self::OptInt(v) => pass.push_bind_param::<Array<Nullable<BigInt>>, _>(v),
            Self::Text(v) => pass.push_bind_param::<Array<Text>, _>(v),
            Self::OptText(v) => pass.push_bind_param::<Array<Nullable<Text>>, _>(v),
            Self::Time(v) => pass.push_bind_param::<Array<InstantSql>, _>(v),
            Self::OptTime(v) => pass.push_bind_param::<Array<Nullable<InstantSql>>, _>(v),
            Self::Flag(v) => pass.push_bind_param::<Array<Bool>, _>(v),
            Self::Bytes(v) => pass.push_bind_param::<Array<Binary>, _>(v),
            Self::Json(v) => pass.push_bind_param::<Array<JsonSql>, _>(v),
        }
    }

    pub(super) fn bind_row<'b>(
        &'b self,
        row: usize,
        pass: &mut AstPass<'_, 'b, Sqlite>,
    ) -> QueryResult<()> {
        fn bind<'b, S, T>(value: &'b T, pass: &mut AstPass<'_, 'b, Sqlite>) -> QueryResult<()>
        where
            Sqlite: HasSqlType<S>,
            T: ToSql<S, Sqlite>,
        {
            pass.push_bind_param::<S, T>(value)
        }
        #[expect(clippy::ref_option, reason = "diesel binds a reference to the Option itself")]
        fn opt<'b, S, T>(
            value: &'b Option<T>,
            pass: &mut AstPass<'_, 'b, Sqlite>,
        ) -> QueryResult<()>
        where
            S: SingleValue
                + diesel::sql_types::SqlType<IsNull = diesel::sql_types::is_nullable::NotNull>,
            Sqlite: HasSqlType<S>,
            T: ToSql<S, Sqlite>,
        {
            pass.push_bind_param::<Nullable<S>, Option<T>>(value)
        }
        match self {
            Self::Id(v) => bind::<UuidSql, _>(&v[row], pass),
            Self::OptId(v) => opt::<UuidSql, _>(&v[row], pass),
            Self::Int(v) => bind::<BigInt, _>(&v[row], pass),
            Self::OptInt(v) => opt::<BigInt, _>(&v[row], pass),
            Self::Text(v) => bind::<Text, _>(&v[row], pass),
            Self::OptText(v) => opt::<Text, _>(&v[row], pass),
            Self::Time(v) => bind::<InstantSql, _>(&v[row], pass),
            Self::OptTime(v) => opt::<InstantSql, _>(&v[row], pass),
            Self::Flag(v) => bind::<Bool, _>(&v[row], pass),
            Self::Bytes(v) => bind::<Binary, _>(&v[row], pass),
            Self::Json(v) => bind::<JsonSql, _>(&v[row], pass),
        }
    }
}

struct FromArrays<'a> {
    bulk: &'a Bulk,
    head: &'a str,
}

struct SomeRows<'a> {
    bulk: &'a Bulk,
    head: &'a str,
    rows: Range<usize>,
}

macro_rules! runs_on {
    ($query:ident, $connection:ty) => {
        impl QueryId for $query<'_> {
            type QueryId = ();
            const HAS_STATIC_QUERY_ID: bool = false; // the cache goes by the SQL text
        }
        impl RunQueryDsl<$connection> for $query<'_> {}
    };
}
runs_on!(FromArrays, PgConnection);
runs_on!(SomeRows, SqliteConnection);

impl QueryFragment<Pg> for FromArrays<'_> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let Self { bulk, head } = self;
        pass.push_sql(head);
        pass.push_sql("SELECT * FROM unnest(");
        for (position, (_, column)) in bulk.columns.iter().enumerate() {
            if position > 0 {
                pass.push_sql(", ");
            }
            column.bind_all(&mut pass)?;
        }
        pass.push_sql(") ");
        pass.push_sql(bulk.tail);
        Ok(())
    }
}

impl QueryFragment<Sqlite> for SomeRows<'_> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        let Self { bulk, head, rows } = self;
        pass.push_sql(head);
        for row in rows.clone() {
            pass.push_sql(if row == rows.start { "VALUES (" } else { "), (" });
            for (position, (_, column)) in bulk.columns.iter().enumerate() {
                if position > 0 {
                    pass.push_sql(", ");
                }
                column.bind_row(row, &mut pass)?;
            }
        }
        pass.push_sql(") ");
        pass.push_sql(bulk.tail);
        Ok(())
    }
}
