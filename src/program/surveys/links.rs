//! The token in a survey's link: which ask it answers, readable by us alone. It is good for that one
//! answer, for as long as the ask says.

use uuid::Uuid;

use crate::{
    db::{Tx, meta},
    kernel::{
        error::Result,
        id::AskId,
        sealed::{self, Purpose},
    },
    program::settings::Settings,
};

const PURPOSE: Purpose = Purpose("survey");

/// Where an ask is answered. Made in a write, for the key may be new.
pub fn url(tx: &mut Tx<'_>, settings: &Settings, ask: AskId) -> Result<String> {
    let key = meta::key(tx)?;
    Ok(settings.link(&path_by(&key, ask)))
}

/// The same on this server; `None` where no ask ever had a link.
pub fn path(tx: &mut Tx<'_>, ask: AskId) -> Result<Option<String>> {
    Ok(meta::known_key(tx)?.map(|key| path_by(&key, ask)))
}

fn path_by(key: &[u8; 32], ask: AskId) -> String {
    format!("/s/{}", sealed::seal(key, PURPOSE, ask.uuid().into_bytes()))
}

/// The ask that a token is for; `None` where it is not one of ours.
pub fn read(tx: &mut Tx<'_>, token: &str) -> Result<Option<AskId>> {
    let Some(key) = meta::known_key(tx)? else { return Ok(None) };
    Ok(sealed::open::<16>(&key, PURPOSE, token).map(|id| AskId::from_uuid(Uuid::from_bytes(id))))
}
