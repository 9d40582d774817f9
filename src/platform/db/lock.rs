//! Row locks: `FOR NO KEY UPDATE` on PostgreSQL; nothing on SQLite, whose one writer needs none.

use diesel::{
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    sql_types::{Array, BigInt, Bool},
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

/// Waits for rows that another transaction holds. Keys never change, so that the checks of foreign
/// keys, which PostgreSQL makes when it likes and in no order of ours, need not wait for them.
pub const fn for_update<Q>(query: Q) -> Locked<Q> {
    Locked { query, lock: PgOnly(" FOR NO KEY UPDATE") }
}

/// The same against keys, too: who writes a row that refers to one of these waits.
pub const fn for_key_update<Q>(query: Q) -> Locked<Q> {
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

/// Takes locks by name until the transaction ends; says of each whether it was free. None waits.
/// SQLite's one writer has every such lock.
pub fn try_named_locks(conn: &mut DbConnection, names: &[&[u8]]) -> QueryResult<Vec<bool>> {
    let DbConnection::Postgres(conn) = conn else { return Ok(vec![true; names.len()]) };
    TryLocks(names.iter().map(|name| number(name)).collect()).load(conn)
}

/// Takes a lock by name until the transaction ends; waits for whoever has it. SQLite's one writer
/// has every such lock.
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

/// Tries a lock for each number, in order.
struct TryLocks(Vec<i64>);

impl QueryId for TryLocks {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl Query for TryLocks {
    type SqlType = Bool;
}

impl RunQueryDsl<PgConnection> for TryLocks {}

impl QueryFragment<Pg> for TryLocks {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        pass.push_sql("SELECT pg_try_advisory_xact_lock(number) FROM unnest(");
        pass.push_bind_param::<Array<BigInt>, _>(&self.0)?;
        pass.push_sql(") WITH ORDINALITY AS wanted (number, place) ORDER BY place");
        Ok(())
    }
}

#[diesel::declare_sql_function]
extern "SQL" {
    fn pg_advisory_xact_lock(name: BigInt);
}
