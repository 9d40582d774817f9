//! What members said to marketing: when, to which wording, and where. Nothing of it is changed.

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use super::Member;
use platform::{
    auth::Caller,
    db::{
        Tx,
        bulk::Bulk,
        personal::{Cursor, PAGE, Rows, Subject},
        schema::consents,
        types::RawId,
    },
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{ConsentId, MemberId},
    },
    messaging::{letters::Preference, preferences},
    settings,
};

platform::words! {
    /// Where a member said yes or no.
    pub enum ConsentPlace {
        /// On the shop's own pages.
        Storefront = "storefront",
        /// To staff.
        Staff = "staff",
        /// Signed in as a member.
        Account = "account",
        /// When signing up alone.
        SignUp = "sign_up",
        /// Behind the link of a letter.
        Letter = "letter",
        /// In a history that was brought in.
        Import = "import",
    }
}

impl ConsentPlace {
    /// Where who calls is, unless it is known otherwise.
    #[must_use]
    pub const fn of(by: &Caller) -> Self {
        match by {
            Caller::Anonymous => Self::SignUp,
            Caller::Member(_) => Self::Account,
            Caller::Storefront { .. } => Self::Storefront,
            Caller::Staff { .. } => Self::Staff,
            Caller::System => Self::Import,
        }
    }
}

/// One yes or no.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = consents)]
pub struct Consent {
    #[serde(skip)]
    pub id: ConsentId,
    pub given: bool,
    /// Which wording was in force, by the setting `consent_wording`.
    pub wording: Option<String>,
    pub place: ConsentPlace,
    /// Who told us.
    pub actor: String,
    pub recorded_at: Timestamp,
}

/// Notes what a member said.
pub fn note(
    tx: &mut Tx<'_>,
    member: MemberId,
    given: bool,
    place: ConsentPlace,
    actor: &str,
) -> Result<()> {
    note_all(tx, &[member], given, place, actor)
}

/// Notes the yes of those of new members who say it; to say nothing is no.
pub fn note_first<'a>(
    tx: &mut Tx<'_>,
    new: impl Iterator<Item = &'a Member>,
    by: &Caller,
) -> Result<()> {
    let willing: Vec<_> =
        new.filter(|member| member.marketing_consent).map(|member| member.id).collect();
    note_all(tx, &willing, true, ConsentPlace::of(by), &by.label())
}

fn note_all(
    tx: &mut Tx<'_>,
    members: &[MemberId],
    given: bool,
    place: ConsentPlace,
    actor: &str,
) -> Result<()> {
    if members.is_empty() {
        return Ok(());
    }
    let wording = settings::service::get(tx)?.consent_wording;
    let wording = wording.map(|line| line.as_str().to_owned());
    let ids: Vec<ConsentId> = members.iter().map(|_| tx.new_id()).collect();
    Bulk::into("consents")
        .column("id", ids.iter().map(|id| RawId::from(*id)))
        .column("member_id", members.iter().map(|id| RawId::from(*id)))
        .column("given", members.iter().map(|_| given))
        .column("wording", members.iter().map(|_| wording.clone()))
        .column("place", members.iter().map(|_| place.as_str().to_owned()))
        .column("actor", members.iter().map(|_| actor.to_owned()))
        .column("recorded_at", members.iter().map(|_| tx.now))
        .execute(tx.conn)?;
    Ok(())
}

/// Turns one of a member's switches; `actor` is who does it.
pub fn turn(
    tx: &mut Tx<'_>,
    member: MemberId,
    preference: Preference,
    on: bool,
    place: ConsentPlace,
    actor: &str,
) -> Result<()> {
    let changed = preferences::set(tx, member, preference, on)?;
    if changed && preference == Preference::Marketing {
        note(tx, member, on, place, actor)?;
    }
    Ok(())
}

/// All that a member said, newest first.
pub fn of(tx: &mut Tx<'_>, member: MemberId) -> Result<Vec<Consent>> {
    let all = consents::table.filter(consents::member_id.eq(member));
    Ok(all.order(consents::id.desc()).limit(PAGE).select(Consent::as_select()).load(tx.conn)?)
}

/// The same for an export, oldest first.
pub fn exported(tx: &mut Tx<'_>, of: &Subject, after: Option<Cursor>) -> Result<Rows> {
    let rows: Vec<Consent> = consents::table
        .filter(consents::member_id.eq(of.id))
        .filter(consents::id.gt(Cursor::id(after)))
        .filter(consents::recorded_at.le(of.as_of))
        .order(consents::id)
        .limit(PAGE)
        .select(Consent::as_select())
        .load(tx.conn)?;
    let told = |row: Consent| Ok((Cursor::Id(row.id.into()), serde_json::to_value(row)?));
    rows.into_iter().map(told).collect()
}
