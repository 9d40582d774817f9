//! How people thank, and who is to.

use super::lock;
use crate::{
    members::{Member, MemberStatus},
    perks::{self, GrantPerk, PerkKind, PerkState},
    thanks::{
        AssignThanks, Deed, GiveThanks, Thanks, ThanksPerk, ThanksState, ThanksWay, WaiveThanks,
        letters, store,
    },
};
use platform::{
    auth::{Caller, users},
    db::Tx,
    kernel::{
        clock::Timestamp,
        error::{Error, Refusal, Result},
        id::ThanksId,
        text::Reason,
    },
    settings,
};

/// What came with thanks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Brought {
    pub points: Option<i64>,
    /// Exclusive.
    pub expires_at: Option<Timestamp>,
}

/// Why thanks for a void answer are given up.
const NEVER_COUNTED: &str = "answer_void";

/// Thanks in a person's own words: by letter, or in a way of their own; with points where they
/// like, as a perk with all its limits. Above a limit the perk waits for another person, and the
/// thanks are given. The same words again answer what is there.
///
/// # Errors
/// No such thanks; `send_letter` where a letter would not reach the member;
/// thanks that were given with other words, or waived; as `perks::service::give`.
pub fn give(tx: &mut Tx<'_>, id: ThanksId, ask: &GiveThanks, by: &Caller) -> Result<Thanks> {
    let (mut thanks, member) = lock(tx, id)?;
    match thanks.state {
        ThanksState::Owed => {}
        ThanksState::Given if thanks.message.as_ref() == Some(&ask.message) => return Ok(thanks),
        state => return Err(state.cannot_become(ThanksState::Given).into()),
    }
    if ask.send_letter && !letters::reach(tx, &member)? {
        let why = "must be false: no thank-you letter reaches this member; thank another way";
        return Err(Refusal::field("/send_letter", why).into());
    }
    let brought = match &ask.perk {
        Some(perk) => bring(tx, &mut thanks, &member, perk, by)?,
        None => Brought::default(),
    };
    thanks.state = ThanksState::Given;
    thanks.given_at = Some(tx.now);
    thanks.given_by = Some(by.label());
    thanks.message = Some(ask.message.clone());
    // one that waits for another person is no thanks yet
    thanks.way = match (brought.points, ask.send_letter) {
        (Some(_), _) => ThanksWay::Perk,
        (None, true) => ThanksWay::Letter,
        (None, false) => ThanksWay::Person,
    };
    store::update(tx, &thanks)?;
    if ask.send_letter {
        let from = sender(tx, by)?;
        letters::personal(tx, &thanks, &member, ask.message.to_string(), from, &brought)?;
    }
    Ok(thanks)
}

/// Who thanks, by name.
fn sender(tx: &mut Tx<'_>, by: &Caller) -> Result<Option<String>> {
    match by {
        Caller::Staff { user, .. } => Ok(Some(users::get(tx, *user)?.name.to_string())),
        _ => Ok(None),
    }
}

/// The points, by the perks' own rules.
fn bring(
    tx: &mut Tx<'_>,
    thanks: &mut Thanks,
    member: &Member,
    perk: &ThanksPerk,
    by: &Caller,
) -> Result<Brought> {
    let title = letters::perk_title(member)?;
    let reason = "thank_you".parse().map_err(|_| Error::internal("a perk without a reason"))?;
    let ask = GrantPerk {
        member_id: thanks.member_id,
        kind: PerkKind::Points,
        points: Some(perk.points),
        reward_id: None,
        title,
        reason,
        message: None,
        // the thanks tell of it
        send_letter: false,
    };
    let granted = perks::service::give(tx, &ask, by)?;
    thanks.perk_id = Some(granted.id);
    if granted.state != PerkState::Granted {
        return Ok(Brought::default());
    }
    let settings = settings::service::get(tx)?;
    Ok(Brought { points: granted.points, expires_at: settings.expires_at(tx.now) })
}

/// Says who is to thank. Who is already stays.
///
/// # Errors
/// No such thanks, no such user; thanks that are owed no more.
pub fn assign(tx: &mut Tx<'_>, id: ThanksId, ask: AssignThanks) -> Result<Thanks> {
    let (mut thanks, _) = lock(tx, id)?;
    if store::users_among(tx, &[ask.owner_id])?.is_empty() {
        return Err(Refusal::not_found_at("user", "/owner_id").into());
    }
    if thanks.state != ThanksState::Owed {
        return Err(thanks.state.cannot_become(ThanksState::Owed).into());
    }
    thanks.owner_id = Some(ask.owner_id);
    store::update(tx, &thanks)?;
    Ok(thanks)
}

/// What was to be thanked for never counted: nobody is to thank for it any more. Thanks that were given
/// stay.
pub fn never_counted(tx: &mut Tx<'_>, deed: Deed, by: &Caller) -> Result<()> {
    let Some(owed) = store::of_deed(tx, deed)? else { return Ok(()) };
    let (mut thanks, _) = lock(tx, owed.id)?;
    if thanks.state == ThanksState::Owed {
        let reason = NEVER_COUNTED.parse().map_err(|_| Error::internal("no reason to waive"))?;
        give_up(tx, &mut thanks, Some(reason), by)?;
    }
    Ok(())
}

/// Gives up on thanking; what was waived before stays as it is.
///
/// # Errors
/// No such thanks; thanks that were given.
pub fn waive(tx: &mut Tx<'_>, id: ThanksId, ask: &WaiveThanks, by: &Caller) -> Result<Thanks> {
    let (mut thanks, member) = lock(tx, id)?;
    match thanks.state {
        ThanksState::Waived => return Ok(thanks),
        ThanksState::Owed => {}
        ThanksState::Given => return Err(thanks.state.cannot_become(ThanksState::Waived).into()),
    }
    // of an erased member no words are kept
    let reason = (member.status != MemberStatus::Erased).then(|| ask.reason.clone());
    give_up(tx, &mut thanks, reason, by)?;
    Ok(thanks)
}

fn give_up(
    tx: &mut Tx<'_>,
    thanks: &mut Thanks,
    reason: Option<Reason>,
    by: &Caller,
) -> Result<()> {
    thanks.state = ThanksState::Waived;
    thanks.waived_at = Some(tx.now);
    thanks.waived_by = Some(by.label());
    thanks.waive_reason = reason;
    store::update(tx, thanks)
}
