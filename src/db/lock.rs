//! Row locks: `FOR UPDATE` on PostgreSQL; nothing on SQLite, whose one writer needs none.

use diesel::{
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    sqlite::Sqlite,
};

use super::connection::{DbConnection, MultiBackend};

/// SQL that PostgreSQL alone gets to see.
#[derive(Clone, Copy, Debug)]
struct PgOnly(&'static str);

impl QueryFragment<Pg> for PgOnly {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        pass.push_sql(self.0);
        Ok(())
    }
}

impl QueryFragment<Sqlite> for PgOnly {
    fn walk_ast<'b>(&'b self, _: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        Ok(())
    }
}

/// A query whose rows stay locked until the transaction ends.
pub struct Locked<Q> {
    query: Q,
    lock: PgOnly,
}

/// Waits for rows that another transaction holds.
pub const fn for_update<Q>(query: Q) -> Locked<Q> {
    Locked { query, lock: PgOnly(" FOR UPDATE") }
}

/// Passes over rows that another transaction holds.
pub const fn for_update_skip_locked<Q>(query: Q) -> Locked<Q> {
    Locked { query, lock: PgOnly(" FOR UPDATE SKIP LOCKED") }
}

impl<Q> QueryId for Locked<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false; // the cache goes by the SQL text
}

impl<Q: Query> Query for Locked<Q> {
    type SqlType = Q::SqlType;
}

impl<Q> RunQueryDsl<DbConnection> for Locked<Q> {}

impl<Q: QueryFragment<MultiBackend>> QueryFragment<MultiBackend> for Locked<Q> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        self.query.walk_ast(pass.reborrow())?;
        MultiBackend::walk_variant_ast(&self.lock, pass)
    }
}

/// Takes a lock by name until the transaction ends; `false` where another transaction has it.
/// SQLite's one writer has every such lock.
///
/// # Errors
/// The database's own.
pub fn try_named_lock(conn: &mut DbConnection, name: &[u8]) -> QueryResult<bool> {
    let DbConnection::Postgres(conn) = conn else { return Ok(true) };
    diesel::select(pg_try_advisory_xact_lock(number(name))).get_result(conn)
}

/// The same, but waits for whoever has it.
///
/// # Errors
/// The database's own.
pub fn named_lock(conn: &mut DbConnection, name: &[u8]) -> QueryResult<()> {
    if let DbConnection::Postgres(conn) = conn {
        diesel::select(pg_advisory_xact_lock(number(name))).execute(conn)?;
    }
    Ok(())
}

/// PostgreSQL names such locks by numbers: the first eight bytes.
fn number(name: &[u8]) -> i64 {
    let mut number = [0; 8];
    for (to, from) in number.iter_mut().zip(name) {
        *to = *from;
    }
    i64::from_be_bytes(number)
}

#[diesel::declare_sql_function]
extern "SQL" {
    fn pg_try_advisory_xact_lock(name: diesel::sql_types::BigInt) -> diesel::sql_types::Bool;
    fn pg_advisory_xact_lock(name: diesel::sql_types::BigInt);
}
