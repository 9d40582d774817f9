//! Perks' rows.

use diesel::prelude::*;

use super::Perk;
use platform::{
    db::{Tx, schema::perks},
    kernel::{error::Result, id::PerkId},
    rows,
};

rows! { perks, Perk, PerkId, "perk" }

pub fn insert(tx: &mut Tx<'_>, perk: &Perk) -> Result<()> {
    diesel::insert_into(perks::table).values(perk).execute(tx.conn)?;
    Ok(())
}

pub fn update(tx: &mut Tx<'_>, perk: &Perk) -> Result<()> {
    diesel::update(perks::table.find(perk.id)).set(perk).execute(tx.conn)?;
    Ok(())
}
