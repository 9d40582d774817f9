//! Members' rows.

use diesel::prelude::*;

use super::{Member, MemberStatus};
use crate::{
    db::{Tx, lock::for_update, schema::members},
    kernel::{
        clock::Timestamp,
        error::{Error, Refusal, Result},
        id::MemberId,
        locale::Language,
        zone::Zone,
    },
};

/// A member's row, column by column in the order of [`COLUMNS`].
#[derive(Queryable)]
pub struct MemberRow {
    id: MemberId,
    email: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    locale: String,
    time_zone: String,
    country: Option<String>,
    birthday: Option<String>,
    birthday_set_at: Option<Timestamp>,
    external_id: Option<String>,
    tier: String,
    status: MemberStatus,
    referral_code: String,
    marketing_consent: bool,
    enrolled_at: Timestamp,
    version: i64,
}

/// The columns of [`MemberRow`].
pub const COLUMNS: (
    members::id,
    members::email,
    members::given_name,
    members::family_name,
    members::locale,
    members::time_zone,
    members::country,
    members::birthday,
    members::birthday_set_at,
    members::external_id,
    members::tier,
    members::status,
    members::referral_code,
    members::marketing_consent,
    members::enrolled_at,
    members::version,
) = (
    members::id,
    members::email,
    members::given_name,
    members::family_name,
    members::locale,
    members::time_zone,
    members::country,
    members::birthday,
    members::birthday_set_at,
    members::external_id,
    members::tier,
    members::status,
    members::referral_code,
    members::marketing_consent,
    members::enrolled_at,
    members::version,
);

impl From<MemberRow> for Member {
    fn from(row: MemberRow) -> Self {
        Self {
            id: row.id,
            email: row.email,
            given_name: row.given_name,
            family_name: row.family_name,
            locale: row.locale.parse().unwrap_or_else(|_| Language::En.into()),
            time_zone: row.time_zone.parse().unwrap_or_else(|_| Zone::utc()),
            country: row.country,
            birthday: row.birthday,
            birthday_set_at: row.birthday_set_at,
            external_id: row.external_id,
            tier: row.tier,
            status: row.status,
            referral_code: row.referral_code,
            marketing_consent: row.marketing_consent,
            enrolled_at: row.enrolled_at,
            version: row.version,
        }
    }
}

/// The member with this id.
///
/// # Errors
/// The database's own.
pub fn find(tx: &mut Tx<'_>, id: MemberId) -> Result<Option<Member>> {
    let row: Option<MemberRow> =
        members::table.find(id).select(COLUMNS).first(tx.conn).optional()?;
    Ok(row.map(Member::from))
}

/// The member with this id, its row locked until the transaction ends.
///
/// # Errors
/// The database's own.
pub fn lock(tx: &mut Tx<'_>, id: MemberId) -> Result<Option<Member>> {
    let rows: Vec<MemberRow> =
        for_update(members::table.filter(members::id.eq(id)).select(COLUMNS)).load(tx.conn)?;
    Ok(rows.into_iter().next().map(Member::from))
}

/// The member that a path names.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn get(tx: &mut Tx<'_>, id: MemberId) -> Result<Member> {
    find(tx, id)?.ok_or_else(|| Error::from(Refusal::not_found("member")))
}
