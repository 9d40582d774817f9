//! The token in a survey's link: which ask it answers, readable by us alone. It is good for that one
//! answer, for as long as the ask says.

use uuid::Uuid;

use platform::{
    db::{Tx, meta},
    kernel::{
        error::Result,
        id::AskId,
        sealed::{self, Purpose},
    },
};

const PURPOSE: Purpose = Purpose("survey");

/// Links to the pages on which asks are answered, by the key that seals them.
#[derive(Clone, Copy)]
pub struct Links([u8; 32]);

impl Links {
    /// In a write: the key may be new.
    pub fn of(tx: &mut Tx<'_>) -> Result<Self> {
        meta::key(tx).map(Self)
    }

    /// `None` where nobody ever had a link.
    pub fn known(tx: &mut Tx<'_>) -> Result<Option<Self>> {
        Ok(meta::known_key(tx)?.map(Self))
    }

    /// The path of the page on this server.
    #[must_use]
    pub fn path(&self, ask: AskId) -> String {
        format!("/s/{}", sealed::seal(&self.0, PURPOSE, ask.uuid().into_bytes()))
    }
}

/// The ask that a token is for; `None` where it is not one of ours.
pub fn read(tx: &mut Tx<'_>, token: &str) -> Result<Option<AskId>> {
    let Some(key) = meta::known_key(tx)? else { return Ok(None) };
    Ok(sealed::open::<16>(&key, PURPOSE, token).map(|id| AskId::from_uuid(Uuid::from_bytes(id))))
}
