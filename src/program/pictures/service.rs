//! Keeping pictures, and finding them again.

use diesel::{
    dsl::{exists as exists_in, select},
    prelude::*,
};

use super::{Drawn, Picture};
use platform::{
    db::{Tx, lock::named_lock, schema::pictures},
    kernel::{clock::Timestamp, error::Result},
};

/// Below which pictures are found.
pub const FOLDER: &str = "/pictures/";

#[derive(Insertable)]
#[diesel(table_name = pictures)]
struct Row<'a> {
    name: &'a str,
    bytes: &'a [u8],
    created_at: Timestamp,
}

/// Keeps a picture; one that is there already stays as it is.
pub fn add(tx: &mut Tx<'_>, drawn: &Drawn) -> Result<Picture> {
    let Drawn { name, bytes, width, height } = drawn;
    // two may bring the same at once
    named_lock(tx.conn, b"pictures")?;
    if !exists(tx, name)? {
        let row = Row { name, bytes, created_at: tx.now };
        diesel::insert_into(pictures::table).values(&row).execute(tx.conn)?;
    }
    Ok(Picture { image_url: format!("{FOLDER}{name}"), width: *width, height: *height })
}

/// Whether there is a picture of this name.
pub fn exists(tx: &mut Tx<'_>, name: &str) -> Result<bool> {
    Ok(select(exists_in(pictures::table.find(name))).get_result(tx.conn)?)
}

/// The bytes of the picture of this name.
pub fn find(tx: &mut Tx<'_>, name: &str) -> Result<Option<Vec<u8>>> {
    Ok(pictures::table.find(name).select(pictures::bytes).first(tx.conn).optional()?)
}
