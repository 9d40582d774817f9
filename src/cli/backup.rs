//! `vildar backup`: a copy of a SQLite database, made while it is in use.

use std::path::PathBuf;

use serde_json::json;

use super::{Failure, Outcome, say};
use platform::db::{DatabaseUrl, backup, connection::IfMissing};

/// Makes the copy; the schema may be an older one's, before an upgrade say.
pub async fn run(url: DatabaseUrl, file: PathBuf, as_json: bool) -> Outcome {
    url.check(IfMissing::Refuse).map_err(Failure::Refused)?;
    let to = file.clone();
    let copied = tokio::task::spawn_blocking(move || backup::copy(&url, &to)).await;
    let bytes =
        copied.map_err(|why| Failure::Refused(why.to_string()))?.map_err(Failure::Refused)?;
    if as_json {
        return say(json!({"file": file, "bytes": bytes}));
    }
    let file = file.display();
    say(format_args!(
        "{file}: {bytes} bytes\n`vildar verify --database-url sqlite:{file}` audits it."
    ))
}
