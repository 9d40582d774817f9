//! How thanks come to be owed.

use super::owners;
use crate::{
    members::{self, Member, MemberStatus},
    thanks::{Owed, Thanks, ThanksState, ThanksWay, gone, letters, store},
};
use platform::{
    auth::Caller,
    db::Tx,
    kernel::{
        clock::Timestamp,
        error::{Error, Result},
    },
    settings::{self, Settings, ThanksBy, ThanksCategory},
};

/// Owes somebody thanks for what they did, once a deed: what is there already stays as it is. By
/// the setting `thanks_policy`, a letter goes at once, or one of the staff owes it, by a moment in
/// business hours. Who takes no thank-you letters is thanked by the page on which they did it; but
/// who is not happy is owed a person's word.
///
/// To be called in the transaction of what it is owed for, whose member is locked.
///
/// # Errors
/// A member that does not exist.
pub fn owe(tx: &mut Tx<'_>, owed: &Owed) -> Result<Thanks> {
    let member = member(tx, owed)?;
    match store::of_deed(tx, owed.deed)? {
        Some(thanks) => Ok(thanks),
        None => owe_first(tx, owed, &member),
    }
}

/// Owes thanks anew for an answer that became one of who is not happy: the same row, by a person,
/// whatever the policy says and whatever was given before. What is owed still keeps its moment
/// where that comes first. Where nothing was owed yet, as [`owe`].
///
/// An answer that became better owes nothing more, and undoes nothing: there is no call for that.
///
/// # Errors
/// A member that does not exist.
pub fn owe_anew(tx: &mut Tx<'_>, owed: &Owed) -> Result<Thanks> {
    let member = member(tx, owed)?;
    let Some(mut thanks) = store::of_deed(tx, owed.deed)? else {
        return owe_first(tx, owed, &member);
    };
    if member.status != MemberStatus::Active {
        return Ok(thanks);
    }
    let settings = settings::service::get(tx)?;
    let due_at = due_at(&settings, owed.category, tx.now);
    if thanks.state == ThanksState::Owed {
        thanks.category = owed.category;
        thanks.due_at = thanks.due_at.min(due_at);
        store::update(tx, &thanks)?;
        return Ok(thanks);
    }
    let owner_id = owners::of(tx, &settings, owed.topic_owner)?;
    let thanks = Thanks {
        category: owed.category,
        state: ThanksState::Owed,
        way: ThanksWay::Person,
        owner_id,
        owed_at: tx.now,
        due_at,
        given_at: None,
        given_by: None,
        perk_id: None,
        message: None,
        waived_at: None,
        waived_by: None,
        waive_reason: None,
        digested_at: None,
        ..thanks
    };
    store::update(tx, &thanks)?;
    Ok(thanks)
}

fn member(tx: &mut Tx<'_>, owed: &Owed) -> Result<Member> {
    members::service::lock(tx, owed.member)?
        .ok_or_else(|| Error::internal("thanks are owed to no member"))
}

fn due_at(settings: &Settings, category: ThanksCategory, now: Timestamp) -> Timestamp {
    let hours = settings.thanks_due_hours.of(category).get();
    settings.calendar().after(now, u64::try_from(hours).unwrap_or(0) * 3600)
}

fn owe_first(tx: &mut Tx<'_>, owed: &Owed, member: &Member) -> Result<Thanks> {
    let settings = settings::service::get(tx)?;
    let by_letter = settings.thanks_policy.of(owed.category) == ThanksBy::Letter;
    let way = match (by_letter, letters::reach(tx, member)?, owed.category) {
        (true, true, _) => ThanksWay::Letter,
        (false, ..) | (true, false, ThanksCategory::Detractor) => ThanksWay::Person,
        (true, false, _) => ThanksWay::Page,
    };
    let mut thanks = Thanks {
        id: tx.new_id(),
        member_id: owed.member,
        for_type: owed.deed.of,
        for_id: owed.deed.id,
        category: owed.category,
        state: ThanksState::Owed,
        way,
        owner_id: None,
        owed_at: tx.now,
        due_at: due_at(&settings, owed.category, tx.now),
        given_at: None,
        given_by: None,
        perk_id: None,
        message: None,
        waived_at: None,
        waived_by: None,
        waive_reason: None,
        digested_at: None,
    };
    let is_active = member.status == MemberStatus::Active;
    if is_active && way == ThanksWay::Person {
        thanks.owner_id = owners::of(tx, &settings, owed.topic_owner)?;
    } else if is_active {
        thanks.state = ThanksState::Given;
        thanks.given_at = Some(tx.now);
        thanks.given_by = Some(Caller::System.label());
    }
    store::insert(tx, &thanks)?;
    if !is_active {
        gone::waive(tx, owed.member, Caller::System.label())?;
        return store::get(tx, thanks.id);
    }
    if way == ThanksWay::Letter {
        letters::at_once(tx, &thanks, member)?;
    }
    Ok(thanks)
}
