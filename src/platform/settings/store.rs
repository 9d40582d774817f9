//! Rows of the settings: only what differs from the defaults.

use diesel::prelude::*;
use serde_json::{Map, Value};

use crate::{
    db::{
        DbConnection, Tx,
        bulk::Bulk,
        prepared::one_of,
        schema::{
            settings::{self, dsl},
            users,
        },
        types::Json,
    },
    kernel::{clock::Timestamp, error::Result, id::UserId},
};

/// What was set, and when it was last changed.
pub fn load(conn: &mut DbConnection) -> Result<(Map<String, Value>, Option<Timestamp>)> {
    let rows: Vec<(String, Json, Timestamp)> =
        settings::table.select((dsl::key, dsl::value, dsl::updated_at)).load(conn)?;
    let changed = rows.iter().map(|(_, _, at)| *at).max();
    Ok((rows.into_iter().map(|(key, value, _)| (key, value.0)).collect(), changed))
}

pub fn save(tx: &mut Tx<'_>, values: Map<String, Value>, now: Timestamp) -> Result<()> {
    let (keys, values): (Vec<_>, Vec<_>) = values.into_iter().unzip();
    let count = keys.len();
    Bulk::into("settings")
        .column("key", keys)
        .column("value", values.into_iter().map(Json))
        .column("updated_at", vec![now; count])
        .tail(
            "ON CONFLICT (key) DO UPDATE SET value = excluded.value, \
             updated_at = excluded.updated_at",
        )
        .execute(tx.conn)?;
    Ok(())
}

/// Which of these users there are.
pub fn users_among(tx: &mut Tx<'_>, ids: &[UserId]) -> Result<Vec<UserId>> {
    Ok(users::table.filter(one_of(users::id, ids)).select(users::id).load(tx.conn)?)
}
