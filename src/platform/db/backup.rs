//! A copy of a SQLite database, made while others use it.

use std::{fs::File, path::Path};

use diesel::{RunQueryDsl, connection::SimpleConnection, sql_types::Text};

use super::{
    connection::{Connector, DatabaseUrl},
    still::use_to_read,
};

/// Copies the database into a new file that only its owner can read, as it is at one moment, and
/// answers its size in bytes. Whoever writes to the database meanwhile goes on.
///
/// # Errors
/// PostgreSQL, a file that is there already, a folder that is not; the database's own.
pub fn copy(url: &DatabaseUrl, to: &Path) -> Result<u64, String> {
    if matches!(url, DatabaseUrl::Postgres(_)) {
        return Err(format!(
            "{url}: PostgreSQL has its own tool for this: `pg_dump --format=custom \
             --file={} URL`",
            to.display()
        ));
    }
    let told = |why: &dyn std::fmt::Display| format!("{}: {why}", to.display());
    if to.exists() {
        return Err(told(&"there is something already; name a new file"));
    }
    let folder = match to.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    if !folder.is_dir() {
        return Err(told(&format_args!("there is no folder {}", folder.display())));
    }
    // it has its name when it is whole
    let file = tempfile::Builder::new()
        .prefix(".vildar-backup-")
        .tempfile_in(folder)
        .map_err(|why| told(&why))?;
    let place = file.path().to_str().ok_or_else(|| told(&"the path is not UTF-8"))?.to_owned();
    let said = |why: &dyn std::fmt::Display| format!("{url}: {why}");
    let use_for = use_to_read(url).map_err(|why| said(&why))?;
    let mut conn = Connector { url: url.clone(), use_for }.open().map_err(|why| said(&why))?;
    // it writes to another file, and a connection that only reads may not even do that
    conn.batch_execute("PRAGMA query_only = OFF").map_err(|why| said(&why))?;
    diesel::sql_query("VACUUM INTO $1")
        .bind::<Text, _>(place)
        .execute(&mut conn)
        .map_err(|why| said(&why))?;
    file.as_file().sync_all().map_err(|why| told(&why))?;
    let bytes = file.as_file().metadata().map_err(|why| told(&why))?.len();
    file.persist_noclobber(to).map_err(|why| told(&why.error))?;
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|why| told(&why))?;
    Ok(bytes)
}
