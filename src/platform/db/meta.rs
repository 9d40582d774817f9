//! What the program knows of itself: the demo's mark, and the key that makes links.

use diesel::{prelude::*, sql_types::BigInt};

use super::{
    DbConnection, Tx,
    bulk::Bulk,
    personal::{Fate, Part},
    schema::meta,
};
use crate::kernel::{
    clock::Timestamp,
    error::{Error, Result},
};

/// The program knows nobody.
pub const PART: Part = Part {
    tables: &[("meta", &[("name", Fate::NO_MEMBERS), ("value", Fate::NO_MEMBERS)])],
    ..Part::EMPTY
};

const LINK_KEY: &str = "link_key";
const DEMO: &str = "demo";
pub const ERASED: &str = "erased";
const TRY: &str = "try_to_write";
/// How many KiB are tried: more than what is free on the pages of a full disk.
const TRY_KIB: usize = 64;

/// The key of what this program signs for itself: unsubscribe links, the demo's cookie. Made when
/// first asked for, thus to be called in a write.
pub fn key(tx: &mut Tx<'_>) -> Result<[u8; 32]> {
    let fresh = tx.chance().bytes::<32>();
    put_if_missing(tx, LINK_KEY, fresh.to_vec())?;
    known_key(tx)?.ok_or_else(|| Error::internal("the link key was not kept"))
}

/// The same, where it was made before: without it there is nothing signed to be read.
pub fn known_key(tx: &mut Tx<'_>) -> Result<Option<[u8; 32]>> {
    let kept = value_of(tx, LINK_KEY)?;
    let whole = |kept: Vec<u8>| {
        kept.try_into().map_err(|_| Error::internal("the link key has another length"))
    };
    kept.map(whole).transpose()
}

/// Marks the database as a demo's.
pub fn mark_demo(tx: &mut Tx<'_>) -> Result<()> {
    put_if_missing(tx, DEMO, b"1".to_vec())
}

/// Whether the database is a demo's.
pub fn is_demo(tx: &mut Tx<'_>) -> Result<bool> {
    is_demo_connection(tx.conn)
}

/// The same on a bare connection.
pub fn is_demo_connection(conn: &mut DbConnection) -> Result<bool> {
    let marks: i64 = meta::table.find(DEMO).count().get_result(conn)?;
    Ok(marks > 0)
}

/// What time it is to the database's server; SQLite has none.
pub fn servers_clock(tx: &mut Tx<'_>) -> Result<Option<Timestamp>> {
    #[derive(QueryableByName)]
    struct Now {
        #[diesel(sql_type = BigInt)]
        microseconds: i64,
    }
    if let DbConnection::Sqlite(_) = tx.conn {
        return Ok(None);
    }
    let asked = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS microseconds";
    let now: Now = diesel::sql_query(asked).get_result(tx.conn)?;
    Ok(Timestamp::from_microsecond(now.microseconds))
}

/// Says that somebody was erased, each time in another way: SQLite's file is to be scrubbed of it.
pub fn mark_erased(tx: &mut Tx<'_>) -> Result<()> {
    match tx.conn {
        DbConnection::Sqlite(_) => {
            let mark = tx.chance().bytes::<16>().to_vec();
            put(tx, ERASED, Some(mark))
        }
        DbConnection::Postgres(_) => Ok(()),
    }
}

/// What was said of the last erasure since the file was scrubbed.
pub fn erased_mark(tx: &mut Tx<'_>) -> Result<Option<Vec<u8>>> {
    value_of(tx, ERASED)
}

/// Writes something that needs room.
pub fn try_to_write(tx: &mut Tx<'_>) -> Result<()> {
    forget_try(tx)?;
    // chance: what repeats would be compressed
    let bytes = (0..TRY_KIB).flat_map(|_| tx.chance().bytes::<1024>()).collect();
    put_if_missing(tx, TRY, bytes)
}

/// Takes it away again.
pub fn forget_try(tx: &mut Tx<'_>) -> Result<()> {
    put(tx, TRY, None)
}

/// How far a work has come that an upgrade left to be done; `None` where nothing is left of it.
pub fn left_at(tx: &mut Tx<'_>, work: &str) -> Result<Option<Vec<u8>>> {
    value_of(tx, work)
}

/// Notes how far it has come.
pub fn leave_at(tx: &mut Tx<'_>, work: &str, place: Option<Vec<u8>>) -> Result<()> {
    put(tx, work, place)
}

fn value_of(tx: &mut Tx<'_>, name: &str) -> Result<Option<Vec<u8>>> {
    Ok(meta::table.find(name).select(meta::value).first(tx.conn).optional()?)
}

fn put(tx: &mut Tx<'_>, name: &str, value: Option<Vec<u8>>) -> Result<()> {
    diesel::delete(meta::table.find(name)).execute(tx.conn)?;
    value.map_or(Ok(()), |value| put_if_missing(tx, name, value))
}

fn put_if_missing(tx: &mut Tx<'_>, name: &str, value: Vec<u8>) -> Result<()> {
    Bulk::into("meta")
        .column("name", [name.to_owned()])
        .column("value", [value])
        .tail("ON CONFLICT (name) DO NOTHING")
        .execute(tx.conn)?;
    Ok(())
}
