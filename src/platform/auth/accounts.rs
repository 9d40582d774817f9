//! Who can sign in: members and staff users, found by realm and e-mail.

use diesel::prelude::*;
use uuid::Uuid;

use super::{Realm, Role, tokens::Subject};
use crate::{
    db::{
        Tx,
        schema::{members, users},
    },
    kernel::{
        error::{Error, Result},
        id::{MemberId, UserId},
        locale::{Language, Locale},
        text::{Email, full_name},
    },
    settings::{self, Settings},
};

/// Somebody who can sign in, with what a letter to them needs.
#[derive(Clone, Debug)]
pub struct Account {
    pub subject: Subject,
    pub email: Email,
    /// As letters greet.
    pub name: String,
    /// As it stands in the letter's `To`.
    pub full_name: String,
    pub locale: Locale,
}

impl Account {
    /// An account like any other that nobody has: to do for it what is done for others.
    pub(super) fn nobodys(realm: Realm, email: &Email, settings: &Settings, tx: &Tx<'_>) -> Self {
        let subject = match realm {
            Realm::Member => Subject::Member(tx.new_id()),
            Realm::Staff => Subject::User(tx.new_id(), Role::Staff),
        };
        let locale = settings.locale.clone();
        Self {
            subject,
            email: email.clone(),
            name: String::new(),
            full_name: String::new(),
            locale,
        }
    }
}

/// The account of this e-mail; erased members have none.
pub fn find(tx: &mut Tx<'_>, realm: Realm, email: &Email) -> Result<Option<Account>> {
    match realm {
        Realm::Member => member(tx, email),
        Realm::Staff => user(tx, email),
    }
}

/// The account of a subject; `None` where it is gone.
pub fn of(tx: &mut Tx<'_>, subject: Subject) -> Result<Option<Account>> {
    let (_, key) = addressed(tx, subject.realm(), subject.uuid())?;
    let email = key.and_then(|key| key.parse::<Email>().ok());
    email.map_or(Ok(None), |email| find(tx, subject.realm(), &email))
}

fn member(tx: &mut Tx<'_>, email: &Email) -> Result<Option<Account>> {
    type Row = (MemberId, Option<String>, Option<String>, Option<String>, String);
    let row: Option<Row> = members::table
        .filter(members::email_key.eq(email.key()))
        .filter(members::status.ne("erased"))
        .select((
            members::id,
            members::email,
            members::given_name,
            members::family_name,
            members::locale,
        ))
        .first(tx.conn)
        .optional()?;
    let Some((id, written, given, family, locale)) = row else { return Ok(None) };
    let name = given.unwrap_or_default();
    Ok(Some(Account {
        subject: Subject::Member(id),
        email: written.unwrap_or_default().parse().map_err(Error::internal)?,
        full_name: full_name(&name, family.as_deref()),
        name,
        locale: locale.parse().unwrap_or_else(|_| Language::En.into()),
    }))
}

fn user(tx: &mut Tx<'_>, email: &Email) -> Result<Option<Account>> {
    let row: Option<(UserId, String, String, Role)> = users::table
        .filter(users::email_key.eq(email.key()))
        .select((users::id, users::email, users::name, users::role))
        .first(tx.conn)
        .optional()?;
    let Some((id, written, name, role)) = row else { return Ok(None) };
    Ok(Some(Account {
        subject: Subject::User(id, role),
        email: written.parse().map_err(Error::internal)?,
        full_name: name.clone(),
        name,
        locale: settings::service::get(tx)?.locale,
    }))
}

/// The subject as it may act now, its role read anew; `None` where it was suspended, erased or
/// deleted.
pub fn subject(tx: &mut Tx<'_>, realm: Realm, id: Uuid) -> Result<Option<Subject>> {
    match realm {
        Realm::Member => {
            let id = MemberId::from_uuid(id);
            let active: i64 = members::table
                .filter(members::id.eq(id))
                .filter(members::status.eq("active"))
                .count()
                .get_result(tx.conn)?;
            Ok((active > 0).then_some(Subject::Member(id)))
        }
        Realm::Staff => {
            let id = UserId::from_uuid(id);
            let role: Option<Role> =
                users::table.find(id).select(users::role).first(tx.conn).optional()?;
            Ok(role.map(|role| Subject::User(id, role)))
        }
    }
}

/// A subject's id as mailed tokens have it, and the key of its e-mail address.
pub fn addressed(tx: &mut Tx<'_>, realm: Realm, id: Uuid) -> Result<(String, Option<String>)> {
    match realm {
        Realm::Member => {
            let id = MemberId::from_uuid(id);
            let key: Option<Option<String>> =
                members::table.find(id).select(members::email_key).first(tx.conn).optional()?;
            Ok((id.to_string(), key.flatten()))
        }
        Realm::Staff => {
            let id = UserId::from_uuid(id);
            let key = users::table.find(id).select(users::email_key).first(tx.conn).optional()?;
            Ok((id.to_string(), key))
        }
    }
}
