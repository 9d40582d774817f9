//! The kinds of letters that a member can switch off, and whether it did.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;
use serde::Serialize;

use super::{letters::Preference, suppressions::SuppressionReason};
use crate::{
    db::{
        DbConnection, Tx,
        bulk::Bulk,
        prepared::one_of,
        schema::{members, preferences, suppressions},
        types::RawId,
    },
    kernel::{error::Result, id::MemberId},
};

/// What the names of holidays' switches begin with.
const HOLIDAY: &str = "holiday:";

/// A member's switches. `marketing` is the member's `marketing_consent`; the others begin on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "they are switches")]
pub struct Switches {
    pub marketing: bool,
    pub thank_you: bool,
    pub occasions: bool,
    pub surveys: bool,
    /// A monthly statement: off until it is asked for.
    pub statements: bool,
    /// The holidays, by their keys, of which the member wants no greeting.
    pub holidays_off: BTreeSet<String>,
    /// A suspended member is told what concerns its account, and nothing else.
    #[serde(skip)]
    pub suspended: bool,
    /// Whether mail goes to the member's address.
    #[serde(skip)]
    pub address: Option<SuppressionReason>,
}

impl Switches {
    /// Whether letters of this kind come, as far as its switches say.
    #[must_use]
    pub const fn allows(&self, preference: Preference) -> bool {
        let needs_marketing = matches!(preference, Preference::Occasions | Preference::Surveys);
        self.is_on(preference) && (self.marketing || !needs_marketing)
    }

    /// Whether the switch of this kind is on.
    #[must_use]
    pub const fn is_on(&self, preference: Preference) -> bool {
        match preference {
            Preference::Marketing => self.marketing,
            Preference::ThankYou => self.thank_you,
            Preference::Occasions => self.occasions,
            Preference::Surveys => self.surveys,
            Preference::Statements => self.statements,
        }
    }

    /// Why a letter of this kind, or for this holiday, may not go out; greetings and surveys want
    /// marketing as well.
    #[must_use]
    pub fn refuse(&self, preference: Preference, holiday: Option<&str>) -> Option<&'static str> {
        let wanted = holiday.is_none_or(|holiday| !self.holidays_off.contains(holiday));
        match (self.suspended, self.allows(preference) && wanted) {
            (true, _) => Some("the member is suspended"),
            (false, false) => Some("switched off by the member"),
            (false, true) => self.address.and_then(|reason| reason.refuses(false)),
        }
    }
}

/// The switches of these members; erased ones, and those that are not there, are left out.
pub fn of_all(conn: &mut DbConnection, ids: &[MemberId]) -> Result<HashMap<MemberId, Switches>> {
    let rows: Vec<(MemberId, bool, String, Option<SuppressionReason>)> = members::table
        .left_join(
            suppressions::table.on(suppressions::email_key.nullable().eq(members::email_key)),
        )
        .filter(one_of(members::id, ids))
        .filter(members::status.ne("erased"))
        .select((
            members::id,
            members::marketing_consent,
            members::status,
            suppressions::reason.nullable(),
        ))
        .load(conn)?;
    let set: Vec<(MemberId, String, bool)> = preferences::table
        .filter(one_of(preferences::member_id, ids))
        .select((preferences::member_id, preferences::name, preferences::enabled))
        .load(conn)?;
    let mut names: HashMap<MemberId, [BTreeSet<String>; 2]> = HashMap::new();
    for (member, name, on) in set {
        names.entry(member).or_default()[usize::from(on)].insert(name);
    }
    let switches = |(member, marketing, status, address): (MemberId, _, String, _)| {
        let [off, chosen] = names.remove(&member).unwrap_or_default();
        let on = |preference: Preference| !off.contains(preference.name());
        let holidays = off.iter().filter_map(|name| name.strip_prefix(HOLIDAY));
        let switches = Switches {
            marketing,
            thank_you: on(Preference::ThankYou),
            occasions: on(Preference::Occasions),
            surveys: on(Preference::Surveys),
            statements: chosen.contains(Preference::Statements.name()),
            holidays_off: holidays.map(ToOwned::to_owned).collect(),
            suspended: status == "suspended",
            address,
        };
        (member, switches)
    };
    Ok(rows.into_iter().map(switches).collect())
}

/// The switches of a member; `None` where there is none, or it was erased.
pub fn of(conn: &mut DbConnection, member: MemberId) -> Result<Option<Switches>> {
    Ok(of_all(conn, &[member])?.remove(&member))
}

/// Sets the switch of one holiday; a member that does not exist is left alone.
pub fn set_holiday(tx: &mut Tx<'_>, member: MemberId, holiday: &str, on: bool) -> Result<()> {
    match marketing_consent(tx.conn, member)? {
        Some(_) => set_switch(tx, member, &format!("{HOLIDAY}{holiday}"), on),
        None => Ok(()),
    }
}

/// Sets one switch and no other; whether it was otherwise before. A member that does not exist is
/// left alone. [`Preference::Marketing`] is the member's consent, whose history is kept by
/// `program::members::consents`.
pub fn set(tx: &mut Tx<'_>, member: MemberId, preference: Preference, on: bool) -> Result<bool> {
    if preference == Preference::Marketing {
        return set_marketing_consent(tx, member, on);
    }
    match of(tx.conn, member)? {
        None => Ok(false),
        Some(_) => set_switch(tx, member, preference.name(), on).map(|()| true),
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

/// Gives or takes back a member's consent; whether it was otherwise before.
fn set_marketing_consent(tx: &mut Tx<'_>, member: MemberId, on: bool) -> Result<bool> {
    let changed = diesel::update(
        members::table
            .filter(members::id.eq(member))
            .filter(members::status.ne("erased"))
            .filter(members::marketing_consent.ne(on)),
    )
    .set((members::marketing_consent.eq(on), members::version.eq(members::version + 1)))
    .execute(tx.conn)?;
    Ok(changed > 0)
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
