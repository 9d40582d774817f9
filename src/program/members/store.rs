//! Members' rows.

use std::collections::BTreeSet;

use diesel::{prelude::*, sql_types::Bool};
use uuid::Uuid;

use super::{Member, MemberStatus, tags::Tag, words};
use platform::{
    db::{
        Tx,
        bulk::Bulk,
        clause::Clause,
        connection::MultiBackend,
        lock::for_update,
        prepared::one_of,
        schema::{member_tags, members},
        types::RawId,
    },
    kernel::{
        clock::Timestamp,
        error::{Error, Refusal, Result},
        id::MemberId,
        locale::Language,
        text::alike,
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
pub fn find(tx: &mut Tx<'_>, id: MemberId) -> Result<Option<Member>> {
    let row: Option<MemberRow> =
        members::table.find(id).select(COLUMNS).first(tx.conn).optional()?;
    Ok(row.map(Member::from))
}

/// The member with this id, its row locked until the transaction ends.
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

type Filter = Box<dyn BoxableExpression<members::table, MultiBackend, SqlType = Bool>>;

fn one(tx: &mut Tx<'_>, filter: Filter) -> Result<Option<Member>> {
    let row: Option<MemberRow> =
        members::table.filter(filter).select(COLUMNS).first(tx.conn).optional()?;
    Ok(row.map(Member::from))
}

/// The member with this key of an e-mail.
pub fn find_by_email_key(tx: &mut Tx<'_>, key: &str) -> Result<Option<Member>> {
    one(tx, Box::new(members::email_key.eq(key.to_owned()).assume_not_null()))
}

/// The member with this id of another system.
pub fn find_by_external_id(tx: &mut Tx<'_>, id: &str) -> Result<Option<Member>> {
    one(tx, Box::new(members::external_id.eq(id.to_owned()).assume_not_null()))
}

/// The member with this referral code, erased or not.
pub fn find_by_referral_code(tx: &mut Tx<'_>, code: &str) -> Result<Option<Member>> {
    one(tx, Box::new(members::referral_code.eq(code.to_owned())))
}

/// Whether one of these is anybody's referral code.
pub fn any_has_referral_code(tx: &mut Tx<'_>, codes: &[String]) -> Result<bool> {
    let owners = members::table.filter(members::referral_code.eq_any(codes));
    Ok(owners.select(members::id).first::<MemberId>(tx.conn).optional()?.is_some())
}

/// Members, newest first, those made before `after`, of whom `among` is true, with this tag.
pub fn list(
    tx: &mut Tx<'_>,
    among: Option<Clause>,
    tag: Option<&Tag>,
    after: Option<MemberId>,
    rows: i64,
) -> Result<Vec<Member>> {
    let mut query = members::table.into_boxed();
    if let Some(among) = among {
        query = query.filter(among);
    }
    if let Some(tag) = tag {
        let tagged = member_tags::table.filter(member_tags::tag.eq(tag.as_str().to_owned()));
        query = query.filter(members::id.eq_any(tagged.select(member_tags::member_id)));
    }
    if let Some(after) = after {
        query = query.filter(members::id.lt(after));
    }
    let rows: Vec<MemberRow> =
        query.order(members::id.desc()).limit(rows).select(COLUMNS).load(tx.conn)?;
    Ok(rows.into_iter().map(Member::from).collect())
}

/// So many members by their ids, those after `after`, locked until the transaction ends.
pub fn lock_after(tx: &mut Tx<'_>, after: Option<MemberId>, rows: i64) -> Result<Vec<Member>> {
    let after = after.unwrap_or_else(|| MemberId::from_uuid(Uuid::nil()));
    let next = members::table.filter(members::id.gt(after)).order(members::id).limit(rows);
    let rows: Vec<MemberRow> = for_update(next.select(COLUMNS)).load(tx.conn)?;
    Ok(rows.into_iter().map(Member::from).collect())
}

/// Writes new members with the keys of their e-mails, but for those whose e-mail, external id or
/// referral code is another's; answers which were written.
pub fn insert_all(tx: &mut Tx<'_>, new: &[(&Member, &str)]) -> Result<BTreeSet<MemberId>> {
    // in one order, so that two who write the same ones don't wait for each other
    let mut new = new.to_vec();
    new.sort_unstable_by_key(|(_, key)| *key);
    let members = || new.iter().map(|(member, _)| *member);
    let written = Bulk::into("members")
        .column("id", members().map(|member| RawId::from(member.id)))
        .column("email", members().map(|member| member.email.clone()))
        .column("email_key", new.iter().map(|(_, key)| (*key).to_owned()))
        .column("given_name", members().map(|member| member.given_name.clone()))
        .column("family_name", members().map(|member| member.family_name.clone()))
        .column("locale", members().map(|member| member.locale.to_string()))
        .column("time_zone", members().map(|member| member.time_zone.to_string()))
        .column("country", members().map(|member| member.country.clone()))
        .column("birthday", members().map(|member| member.birthday.clone()))
        .column("birthday_set_at", members().map(|member| member.birthday_set_at))
        .column("external_id", members().map(|member| member.external_id.clone()))
        .column("tier", members().map(|member| member.tier.clone()))
        .column("status", members().map(|member| member.status.as_str().to_owned()))
        .column("referral_code", members().map(|member| member.referral_code.clone()))
        .column("marketing_consent", members().map(|member| member.marketing_consent))
        .column("enrolled_at", members().map(|member| member.enrolled_at))
        .column("version", members().map(|member| member.version))
        .column("email_alike", new.iter().map(|(_, key)| alike(key)))
        .tail("ON CONFLICT DO NOTHING")
        .execute(tx.conn)?;
    let ids: Vec<MemberId> = members().map(|member| member.id).collect();
    if written == ids.len() {
        return Ok(ids.into_iter().collect());
    }
    let there = members::table.filter(one_of(members::id, &ids)).select(members::id);
    Ok(there.load::<MemberId>(tx.conn)?.into_iter().collect())
}

/// What becomes of the key by which a member's e-mail is one of its own.
pub enum EmailKey<'a> {
    Stays,
    Becomes(&'a str),
    Goes,
}

/// Writes a locked member as it is now. `false`, and nothing written, where its e-mail or external
/// id is another's.
pub fn update(tx: &mut Tx<'_>, member: &Member, email_key: &EmailKey<'_>) -> Result<bool> {
    let new_key = match email_key {
        EmailKey::Stays => None,
        EmailKey::Becomes(key) => Some(Some(*key)),
        EmailKey::Goes => Some(None),
    };
    let before = get(tx, member.id)?;
    tx.unless_taken(|tx| {
        diesel::update(members::table.find(member.id))
            .set((
                members::email.eq(&member.email),
                new_key.map(|key| {
                    (members::email_key.eq(key), members::email_alike.eq(key.map(alike)))
                }),
                members::given_name.eq(&member.given_name),
                members::family_name.eq(&member.family_name),
                members::locale.eq(member.locale.to_string()),
                members::time_zone.eq(member.time_zone.to_string()),
                members::country.eq(&member.country),
                members::birthday.eq(&member.birthday),
                members::birthday_set_at.eq(member.birthday_set_at),
                members::external_id.eq(&member.external_id),
                members::status.eq(member.status),
                members::marketing_consent.eq(member.marketing_consent),
                members::version.eq(member.version),
            ))
            .execute(tx.conn)?;
        words::change(tx, &before, member)
    })
}
