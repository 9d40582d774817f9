//! `vildar migrate`.

use serde_json::json;

use super::{FEW, Failure, Outcome, say, system};
use platform::db::{
    DatabaseUrl, Store,
    connection::{Connector, IfMissing, Use},
    migrate as schema,
    still::use_to_read,
};
use program::members;

/// Makes the database where it is missing, and brings its schema up to date.
pub async fn migrate(url: DatabaseUrl, json: bool) -> Outcome {
    let ran = bring_up_to_date(&url).await?;
    if json {
        return say(json!({"migrations": ran}));
    }
    match ran.as_slice() {
        [] => say(format_args!("{url}: the schema was up to date")),
        ran => say(format_args!("{url}: ran {}", ran.join(", "))),
    }
}

/// The same without a word; answers what ran.
pub async fn bring_up_to_date(url: &DatabaseUrl) -> Result<Vec<String>, Failure> {
    url.check(IfMissing::Create).map_err(Failure::Refused)?;
    let connector = Connector { url: url.clone(), use_for: Use::Write };
    // a connection of its own: migrations bring their own transactions
    let ran = tokio::task::spawn_blocking(move || {
        let mut conn = connector.open().map_err(|error| format!("{}: {error}", connector.url))?;
        schema::run(&mut conn).map_err(|error| format!("{}: {error}", connector.url))
    })
    .await
    .map_err(|error| Failure::Refused(error.to_string()))?;
    let ran = ran.map_err(Failure::Refused)?;
    members::words::catch_up(&Store::open(url.clone(), system(), 1)?).await?;
    Ok(ran)
}

/// Connects once, so that what is wrong is said at once and in the database's own words.
pub async fn reach(url: &DatabaseUrl) -> Outcome {
    let connector = Connector { url: url.clone(), use_for: Use::Read };
    let reached = tokio::task::spawn_blocking(move || connector.open().map(drop))
        .await
        .map_err(|error| Failure::Refused(error.to_string()))?;
    reached.map_err(|error| Failure::Refused(format!("{url}: {error}")))
}

/// The same for what is only to be read; answers in which way that can be done.
pub async fn reach_to_read(url: &DatabaseUrl) -> Result<Use, Failure> {
    let place = url.clone();
    let reached = tokio::task::spawn_blocking(move || use_to_read(&place))
        .await
        .map_err(|error| Failure::Refused(error.to_string()))?;
    reached.map_err(|error| Failure::Refused(format!("{url}: {error}")))
}

/// Opens the database for a server: it may be away for now, but must not be old or another kind's.
pub fn store_for_server(url: DatabaseUrl, connections: u32) -> Result<Store, Failure> {
    Ok(Store::open(url, system(), connections.max(FEW))?)
}
