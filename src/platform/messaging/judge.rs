//! Whether letters may go out: asked when they are queued, and again when they are claimed.

use std::collections::HashMap;

use super::{
    letters::Preference,
    preferences::{self, Switches},
    suppressions::{self, SuppressionReason},
};
use crate::{
    db::DbConnection,
    kernel::{error::Result, id::MemberId},
};

/// What some letters' members and addresses say to mail.
pub struct Judge {
    switches: HashMap<MemberId, Switches>,
    addresses: HashMap<String, SuppressionReason>,
}

impl Judge {
    /// Reads it for these members, and for addresses by their keys.
    pub fn of(conn: &mut DbConnection, members: &[MemberId], keys: &[String]) -> Result<Self> {
        let switches = match members {
            [] => HashMap::new(),
            members => preferences::of_all(conn, members)?,
        };
        Ok(Self { switches, addresses: suppressions::among(conn, keys)? })
    }

    /// Why a letter may not go out. Service letters have no `preference`.
    pub fn refuse(
        &self,
        member: Option<MemberId>,
        address: Option<&str>,
        preference: Option<Preference>,
        holiday: Option<&str>,
    ) -> Option<&'static str> {
        let suppressed = address.and_then(|key| self.addresses.get(key));
        if let Some(why) = suppressed.and_then(|reason| reason.refuses(preference.is_none())) {
            return Some(why);
        }
        match self.switches.get(&member?) {
            Some(switches) => switches.refuse(preference?, holiday),
            None => Some("the member was erased"),
        }
    }
}
