//! Erasing a person: the numbers stay, the name goes.

use diesel::prelude::*;

use super::{
    Member, MemberStatus,
    service::{self, REALM},
    standing, store, tags,
};
use crate::{
    auth::{Caller, one_time, passwords, sessions},
    db::{
        Tx, meta,
        schema::{letters, order_lines, orders, preferences},
        types::{Json, RawId},
    },
    http::idempotency,
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{LetterId, MemberId},
        text::Email,
    },
    program::{ledger, settings},
};

/// Erases a member: who it was, how it signed in, what was written to it and about it, and what it
/// bought, and why staff suspended it. Entries, orders without their lines, and referrals stay, and
/// the code that it shared is good for nothing any more. An erased one stays as it is.
///
/// # Errors
/// An unknown member.
pub fn erase(tx: &mut Tx<'_>, id: MemberId, by: &Caller) -> Result<()> {
    let member = service::lock(tx, id, by)?;
    if member.status == MemberStatus::Erased {
        return Ok(());
    }
    passwords::forget(tx, REALM, id.uuid())?;
    sessions::forget(tx, REALM, id.uuid())?;
    let email: Option<Email> = member.email.as_deref().and_then(|email| email.parse().ok());
    one_time::forget(tx, &id.to_string(), email.as_ref().map(Email::key))?;
    diesel::delete(preferences::table.filter(preferences::member_id.eq(id))).execute(tx.conn)?;
    ledger::forget_notes(tx, id)?;
    // orders stand above members, so these rows are named here, as in the export
    let theirs = orders::table.filter(orders::member_id.eq(id)).select(orders::id);
    diesel::delete(order_lines::table.filter(order_lines::order_id.eq_any(theirs)))
        .execute(tx.conn)?;
    standing::forget_reasons(tx, id)?;
    tags::forget(tx, id)?;
    empty_letters(tx, id, email.as_ref())?;
    idempotency::forget_member(tx, id)?;
    meta::mark_erased(tx)?;
    let settings = settings::service::get(tx)?;
    let from = member.status;
    let erased = Member {
        email: None,
        given_name: None,
        family_name: None,
        locale: settings.locale,
        time_zone: settings.time_zone,
        country: None,
        birthday: None,
        birthday_set_at: None,
        external_id: None,
        status: MemberStatus::Erased,
        marketing_consent: false,
        version: member.version + 1,
        ..member
    };
    store::update(tx, &erased, Some(None))?;
    standing::note(tx, &erased, from, by, None)?;
    tracing::info!(member = %id, by = by.label(), "a member was erased");
    Ok(())
}

/// What was or is to be written to the member, the confirmation of its own sign-up included. A
/// courier that holds one finds its lease gone, and writes nothing back.
fn empty_letters(tx: &mut Tx<'_>, id: MemberId, email: Option<&Email>) -> Result<()> {
    let mut theirs: Vec<LetterId> =
        letters::table.filter(letters::member_id.eq(id)).select(letters::id).load(tx.conn)?;
    let before_anyone_was_a_member: Vec<(LetterId, String)> = letters::table
        .filter(letters::member_id.is_null())
        .filter(letters::template.eq("sign_up_confirmation"))
        .select((letters::id, letters::to_address))
        .load(tx.conn)?;
    // the same address may have been written otherwise then
    let is_theirs = |to: &str| {
        to.parse::<Email>().is_ok_and(|to| email.is_some_and(|email| to.key() == email.key()))
    };
    theirs.extend(
        before_anyone_was_a_member.into_iter().filter(|(_, to)| is_theirs(to)).map(|(id, _)| id),
    );
    let unsent = letters::state.eq("queued").or(letters::state.eq("sending"));
    diesel::update(letters::table.filter(letters::id.eq_any(&theirs)).filter(unsent))
        .set(letters::state.eq("suppressed"))
        .execute(tx.conn)?;
    diesel::update(letters::table.filter(letters::id.eq_any(&theirs)))
        .set((
            letters::to_address.eq(""),
            letters::to_name.eq(None::<String>),
            letters::context.eq(Json(serde_json::json!({}))),
            letters::last_error.eq(None::<String>),
            letters::lease_until.eq(None::<Timestamp>),
            letters::lease_token.eq(None::<RawId>),
        ))
        .execute(tx.conn)?;
    Ok(())
}
