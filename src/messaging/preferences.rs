//! The kinds of letters that a member can switch off, and whether it did.

use serde::{Deserialize, Serialize};

use super::{letters::Preference, store};
use crate::{
    db::{DbConnection, Tx},
    kernel::{error::Result, id::MemberId},
};

/// A member's switches. `marketing` is the member's `marketing_consent`; the others begin on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "they are switches")]
pub struct Switches {
    pub marketing: bool,
    pub thank_you: bool,
    pub occasions: bool,
    pub surveys: bool,
}

impl Switches {
    /// Whether a letter of this kind may go out: greetings and surveys want marketing as well.
    #[must_use]
    pub const fn allow(self, preference: Preference) -> bool {
        match preference {
            Preference::Marketing => self.marketing,
            Preference::ThankYou => self.thank_you,
            Preference::Occasions => self.marketing && self.occasions,
            Preference::Surveys => self.marketing && self.surveys,
        }
    }
}

/// The switches of a member; `None` where there is none, or it was erased.
///
/// # Errors
/// The database's own.
pub fn of(conn: &mut DbConnection, member: MemberId) -> Result<Option<Switches>> {
    let Some(marketing) = store::marketing_consent(conn, member)? else { return Ok(None) };
    let off = store::switched_off(conn, member)?;
    let on = |preference: Preference| !off.iter().any(|name| name == preference.name());
    Ok(Some(Switches {
        marketing,
        thank_you: on(Preference::ThankYou),
        occasions: on(Preference::Occasions),
        surveys: on(Preference::Surveys),
    }))
}

/// Whether letters of this kind may go to the member.
///
/// # Errors
/// The database's own.
pub fn allows(conn: &mut DbConnection, member: MemberId, preference: Preference) -> Result<bool> {
    Ok(of(conn, member)?.is_some_and(|switches| switches.allow(preference)))
}

/// Sets one switch and no other; a member that does not exist is left alone.
///
/// # Errors
/// The database's own.
pub fn set(tx: &mut Tx<'_>, member: MemberId, preference: Preference, on: bool) -> Result<()> {
    match preference {
        Preference::Marketing => store::set_marketing_consent(tx, member, on),
        other if store::marketing_consent(tx.conn, member)?.is_some() => {
            store::set_switch(tx, member, other.name(), on)
        }
        _ => Ok(()),
    }
}
