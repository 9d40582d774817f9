//! Sending points.

use crate::{
    due,
    ledger::{self, Entry, Transfer},
    members::{self, MemberStatus},
};
use platform::{
    auth::{Caller, Role},
    db::Tx,
    kernel::{
        error::{Refusal, Result},
        id::{MemberId, TransferId},
    },
    settings::{self, Settings},
};

/// Points to be sent.
#[derive(Clone, Debug)]
pub struct Ask {
    pub from: MemberId,
    pub to: MemberId,
    pub points: i64,
    pub reason: String,
}

/// Sends points; answers the sender's entry.
///
/// # Errors
/// Transfers are off; an unknown or erased member; a suspended sender; a member who sends to
/// itself; [`Refusal::LimitReached`] beyond what may be sent in a day;
/// [`Refusal::InsufficientPoints`].
pub fn send(tx: &mut Tx<'_>, ask: &Ask, by: &Caller) -> Result<Entry> {
    let settings = settings::service::get(tx)?;
    if !settings.transfers_enabled {
        return Err(Refusal::Forbidden("transfers are off in this program".to_owned()).into());
    }
    if ask.from == ask.to {
        return Err(Refusal::field("/to_member_id", "must be another member").into());
    }
    lock_both(tx, ask)?;
    due::settle(tx, &[ask.from, ask.to].into())?;
    let id: TransferId = tx.new_id();
    let transfer = Transfer {
        from: ask.from,
        to: ask.to,
        points: ask.points,
        id: id.to_string(),
        actor: by.label(),
        reason: Some(ask.reason.clone()),
    };
    let sent = ledger::transfer(tx, &transfer)?;
    if !matches!(by, Caller::Staff { role: Role::Admin, .. }) {
        within_the_day(tx, ask, &settings)?;
    }
    Ok(sent)
}

/// Locks both members' rows in the order of their ids, so that nobody is erased meanwhile.
fn lock_both(tx: &mut Tx<'_>, ask: &Ask) -> Result<()> {
    let members = members::service::many::lock_all(tx, &[ask.from, ask.to].into())?;
    let there = |id| members.get(&id).filter(|member| member.status != MemberStatus::Erased);
    let sender = there(ask.from).ok_or_else(|| Refusal::not_found("member"))?;
    there(ask.to).ok_or_else(|| Refusal::not_found_at("member", "/to_member_id"))?;
    if sender.status == MemberStatus::Suspended {
        return Err(Refusal::Forbidden("a suspended member's points stay put".to_owned()).into());
    }
    Ok(())
}

/// What the sender sent this day, in the program's time zone, this transfer included. An error
/// undoes it.
fn within_the_day(tx: &mut Tx<'_>, ask: &Ask, settings: &Settings) -> Result<()> {
    let today = settings.time_zone.midnight(settings.time_zone.date(tx.now));
    let sent = ledger::sent_since(tx, ask.from, today)?;
    let limit = settings.transfer_limit_points_per_day.get();
    if sent > limit {
        return Err(Refusal::LimitReached(format!(
            "a member sends at most {limit} points a day, and {} are sent today",
            sent - ask.points
        ))
        .into());
    }
    Ok(())
}
