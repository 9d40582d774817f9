//! Reading and changing the settings.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use serde_json::{Map, Value};

use super::{Settings, hours, store};
use crate::{
    db::{DbConnection, Tx, lock::named_lock},
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
        json,
        version::Versions,
    },
};

/// The settings as they are.
pub fn get(tx: &mut Tx<'_>) -> Result<Settings> {
    of(tx.conn)
}

/// The same on a bare connection.
pub fn of(conn: &mut DbConnection) -> Result<Settings> {
    over_defaults(store::load(conn)?.0)
}

/// The settings with their version (the instant of the last change, in microseconds).
pub fn versioned(tx: &mut Tx<'_>) -> Result<(Settings, i64)> {
    let (set, changed) = store::load(tx.conn)?;
    let version = changed.map_or(0, Timestamp::as_microsecond);
    Ok((over_defaults(set)?, version))
}

/// Changes the settings that `changes` names; the others stay.
///
/// # Errors
/// An unknown key, a value that it can't have, no opening hours, or a version that is not the present one.
pub fn change(
    tx: &mut Tx<'_>,
    changes: Map<String, Value>,
    seen: Option<&Versions>,
) -> Result<(Settings, i64)> {
    named_lock(tx.conn, b"settings")?;
    let (mut values, changed_at) = store::load(tx.conn)?;
    let version = changed_at.map_or(0, Timestamp::as_microsecond);
    if let Some(seen) = seen {
        seen.check(version)?;
    }
    values.extend(changes.clone());
    // one reader judges every value, wherever it came from
    let settings = over_defaults(values)?;
    hours::judge(tx, &settings, &changes)?;
    if changes.contains_key("thanks_rota") {
        know_rota(tx, &settings)?;
    }
    let judged = as_map(&settings)?;
    let changes =
        changes.into_iter().filter_map(|(key, _)| Some((key.clone(), judged.get(&key)?.clone())));
    // a version never comes again, even if the wall clock steps back
    let now = changed_at.map_or(tx.wall, |last| tx.wall.max(last.plus(Duration::from_micros(1))));
    store::save(tx, changes.collect(), now)?;
    // an origin may have gone from those that are let in
    tx.standing_changed();
    versioned(tx)
}

fn know_rota(tx: &mut Tx<'_>, settings: &Settings) -> Result<()> {
    let known = store::users_among(tx, &settings.thanks_rota)?;
    match settings.thanks_rota.iter().position(|user| !known.contains(user)) {
        Some(place) => Err(Refusal::field(format!("/thanks_rota/{place}"), "names no user").into()),
        None => Ok(()),
    }
}

/// What is set over what is not: mostly as it was last time, and then not parsed again.
fn over_defaults(set: Map<String, Value>) -> Result<Settings> {
    static LAST: Mutex<Option<(Map<String, Value>, Settings)>> = Mutex::new(None);
    if let Some((of, settings)) = &*LAST.lock().unwrap_or_else(PoisonError::into_inner)
        && *of == set
    {
        return Ok(settings.clone());
    }
    let mut all = as_map(&Settings::default())?;
    all.extend(set.clone());
    let settings: Settings = json::parse(Value::Object(all).to_string().as_bytes())?;
    *LAST.lock().unwrap_or_else(PoisonError::into_inner) = Some((set, settings.clone()));
    Ok(settings)
}

/// The settings as keys and values.
///
/// # Errors
/// None in practice: every setting has a JSON form.
pub fn as_map(settings: &Settings) -> Result<Map<String, Value>> {
    match serde_json::to_value(settings)? {
        Value::Object(map) => Ok(map),
        _ => Ok(Map::new()),
    }
}
