//! Many members at once, a statement for all of them.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;

use crate::members::{
    Member,
    store::{COLUMNS, MemberRow},
};
use platform::{
    db::{Tx, lock::for_update, prepared::one_of, schema::members},
    kernel::{error::Result, id::MemberId},
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
        .filter(members::email_key.eq_any(&keys))
        .select((members::email_key, members::id))
        .load(tx.conn)?;
    Ok(rows.into_iter().filter_map(|(key, id)| Some((key?, id))).collect())
}

/// Whose these ids of another system are.
pub fn ids_by_external_id(
    tx: &mut Tx<'_>,
    external_ids: &BTreeSet<&str>,
) -> Result<HashMap<String, MemberId>> {
    if external_ids.is_empty() {
        return Ok(HashMap::new());
    }
    let external_ids: Vec<&str> = external_ids.iter().copied().collect();
    let rows: Vec<(Option<String>, MemberId)> = members::table
        .filter(members::external_id.eq_any(&external_ids))
        .select((members::external_id, members::id))
        .load(tx.conn)?;
    Ok(rows.into_iter().filter_map(|(external_id, id)| Some((external_id?, id))).collect())
}
