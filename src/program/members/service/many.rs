//! Many members at once, a statement for all of them.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;

use crate::members::{
    Member,
    store::{COLUMNS, MemberRow},
};
use platform::{
    db::{Tx, lock::for_update, prepared::one_of, schema::members},
    kernel::{
        error::{Refusal, Result},
        id::MemberId,
        text::{Email, ExternalId},
    },
};

/// The members with these ids, their rows locked in the order of their ids until the transaction
/// ends; those that are not there are left out.
pub fn lock_all(tx: &mut Tx<'_>, ids: &BTreeSet<MemberId>) -> Result<HashMap<MemberId, Member>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<MemberId> = ids.iter().copied().collect();
    let rows: Vec<MemberRow> = for_update(
        members::table.filter(one_of(members::id, &ids)).order(members::id).select(COLUMNS),
    )
    .load(tx.conn)?;
    Ok(rows.into_iter().map(Member::from).map(|member| (member.id, member)).collect())
}

/// The members with these ids; those that are not there are left out.
pub fn find_all(tx: &mut Tx<'_>, ids: &BTreeSet<MemberId>) -> Result<HashMap<MemberId, Member>> {
    let ids: Vec<MemberId> = ids.iter().copied().collect();
    let named = members::table.filter(one_of(members::id, &ids)).select(COLUMNS);
    let rows: Vec<MemberRow> = named.load(tx.conn)?;
    Ok(rows.into_iter().map(Member::from).map(|member| (member.id, member)).collect())
}

/// Whose these keys of e-mails are.
pub fn ids_by_email_key(
    tx: &mut Tx<'_>,
    keys: &BTreeSet<&str>,
) -> Result<HashMap<String, MemberId>> {
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let keys: Vec<&str> = keys.iter().copied().collect();
    let rows: Vec<(Option<String>, MemberId)> = members::table
        .filter(one_of(members::email_key.assume_not_null(), &keys))
        .select((members::email_key, members::id))
        .load(tx.conn)?;
    Ok(rows.into_iter().filter_map(|(key, id)| Some((key?, id))).collect())
}

/// Whose these ids of another system are.
pub fn ids_by_external_id(
    tx: &mut Tx<'_>,
    external_ids: &BTreeSet<&str>,
) -> Result<HashMap<String, MemberId>> {
    let rows = with_external_ids(tx, external_ids)?;
    Ok(rows.into_iter().map(|(external_id, _, member)| (external_id, member)).collect())
}

/// Those who have these ids of another system, each with the key of its e-mail.
fn with_external_ids(
    tx: &mut Tx<'_>,
    external_ids: &BTreeSet<&str>,
) -> Result<Vec<(String, Option<String>, MemberId)>> {
    if external_ids.is_empty() {
        return Ok(Vec::new());
    }
    let external_ids: Vec<&str> = external_ids.iter().copied().collect();
    Ok(members::table
        .filter(one_of(members::external_id.assume_not_null(), &external_ids))
        .select((members::external_id.assume_not_null(), members::email_key, members::id))
        .load(tx.conn)?)
}

/// Whose e-mails and ids of another system are.
#[derive(Debug, Default)]
pub struct Holders {
    by_email_key: HashMap<String, MemberId>,
    by_external_id: HashMap<String, MemberId>,
}

impl Holders {
    /// Of those that are named.
    pub fn of<'a>(
        tx: &mut Tx<'_>,
        named: impl Iterator<Item = (Option<&'a Email>, Option<&'a ExternalId>)>,
    ) -> Result<Self> {
        let (emails, external_ids): (Vec<_>, Vec<_>) = named.unzip();
        let keys = emails.into_iter().flatten().map(Email::key).collect();
        let external_ids: BTreeSet<&str> =
            external_ids.into_iter().flatten().map(ExternalId::as_str).collect();
        let mut holders =
            Self { by_email_key: ids_by_email_key(tx, &keys)?, by_external_id: HashMap::new() };
        // who has an id is looked up with its e-mail: somebody may have come since the e-mails were
        for (external_id, email_key, member) in with_external_ids(tx, &external_ids)? {
            holders.by_email_key.extend(email_key.map(|key| (key, member)));
            holders.by_external_id.insert(external_id, member);
        }
        Ok(holders)
    }

    /// From now on these are a member's.
    pub fn add(&mut self, member: MemberId, email: &Email, external_id: Option<&ExternalId>) {
        self.by_email_key.insert(email.key().to_owned(), member);
        if let Some(id) = external_id {
            self.by_external_id.insert(id.to_string(), member);
        }
    }

    #[must_use]
    pub fn of_email(&self, email: &Email) -> Option<MemberId> {
        self.by_email_key.get(email.key()).copied()
    }

    #[must_use]
    pub fn of_external_id(&self, id: &ExternalId) -> Option<MemberId> {
        self.by_external_id.get(id.as_str()).copied()
    }

    /// Refuses what is somebody's.
    ///
    /// # Errors
    /// [`Refusal::EmailTaken`] or [`Refusal::ExternalIdConflict`].
    pub fn refuse_taken(&self, email: &Email, id: Option<&ExternalId>) -> Result<(), Refusal> {
        if self.of_email(email).is_some() {
            return Err(Refusal::EmailTaken { whose: "member" });
        }
        match id {
            Some(id) if self.of_external_id(id).is_some() => {
                Err(Refusal::ExternalIdConflict(id.to_string()))
            }
            _ => Ok(()),
        }
    }
}
