//! The kinds of letters that a member can switch off, and whether it did.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::letters::Preference;
use crate::{
    db::{
        DbConnection, Tx,
        bulk::Bulk,
        schema::{members, preferences},
        types::RawId,
    },
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
pub fn of(conn: &mut DbConnection, member: MemberId) -> Result<Option<Switches>> {
    let Some(marketing) = marketing_consent(conn, member)? else { return Ok(None) };
    let off = switched_off(conn, member)?;
    let on = |preference: Preference| !off.iter().any(|name| name == preference.name());
    Ok(Some(Switches {
        marketing,
        thank_you: on(Preference::ThankYou),
        occasions: on(Preference::Occasions),
        surveys: on(Preference::Surveys),
    }))
}

/// Whether letters of this kind may go to the member.
pub fn allows(conn: &mut DbConnection, member: MemberId, preference: Preference) -> Result<bool> {
    Ok(of(conn, member)?.is_some_and(|switches| switches.allow(preference)))
}

/// Sets one switch and no other; a member that does not exist is left alone.
pub fn set(tx: &mut Tx<'_>, member: MemberId, preference: Preference, on: bool) -> Result<()> {
    match preference {
        Preference::Marketing => set_marketing_consent(tx, member, on),
        other if marketing_consent(tx.conn, member)?.is_some() => {
            set_switch(tx, member, other.name(), on)
        }
        _ => Ok(()),
    }
}

/// A member's consent; `None` where there is no such member, or it was erased.
fn marketing_consent(conn: &mut DbConnection, member: MemberId) -> Result<Option<bool>> {
    Ok(members::table
        .filter(members::id.eq(member))
        .filter(members::status.ne("erased"))
        .select(members::marketing_consent)
        .first(conn)
        .optional()?)
}

/// Gives or takes back a member's consent.
fn set_marketing_consent(tx: &mut Tx<'_>, member: MemberId, on: bool) -> Result<()> {
    diesel::update(
        members::table
            .filter(members::id.eq(member))
            .filter(members::status.ne("erased"))
            .filter(members::marketing_consent.ne(on)),
    )
    .set((members::marketing_consent.eq(on), members::version.eq(members::version + 1)))
    .execute(tx.conn)?;
    Ok(())
}

/// The names of the switches that a member turned off, [`Preference::Marketing`] not among them.
fn switched_off(conn: &mut DbConnection, member: MemberId) -> Result<Vec<String>> {
    Ok(preferences::table
        .filter(preferences::member_id.eq(member))
        .filter(preferences::enabled.eq(false))
        .select(preferences::name)
        .load(conn)?)
}

/// Keeps one switch.
fn set_switch(tx: &mut Tx<'_>, member: MemberId, name: &str, on: bool) -> Result<()> {
    debug_assert_ne!(name, Preference::Marketing.name(), "that one is the member's consent");
    Bulk::into("preferences")
        .column("member_id", [RawId::from(member)])
        .column("name", [name.to_owned()])
        .column("enabled", [on])
        .tail("ON CONFLICT (member_id, name) DO UPDATE SET enabled = excluded.enabled")
        .execute(tx.conn)?;
    Ok(())
}
