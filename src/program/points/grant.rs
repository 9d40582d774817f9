//! Points that a storefront or staff post by hand: `earn` and `adjust`.

use diesel::prelude::*;
use jiff::civil::Date;

use crate::{
    auth::{Caller, Role, Scope},
    db::{
        Tx,
        lock::for_update,
        schema::{entries, users},
    },
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
        id::{MemberId, UserId},
    },
    program::{
        ledger::{self, Act, EntryKind, Given, Posted, Posting, Rule, Source},
        members::{self, Member, MemberStatus},
        settings::{self, Settings},
    },
    words,
};

words! {
    /// What may be posted by hand.
    pub enum GrantKind { Earn = "earn", Adjust = "adjust" }
}

/// Points to be posted by hand.
#[derive(Clone, Debug)]
pub struct Grant {
    pub member: MemberId,
    pub kind: GrantKind,
    /// Signed; negative for adjustments alone.
    pub points: i64,
    pub reason: String,
    /// Type and id, the caller's own.
    pub source: Option<(String, String)>,
    pub available_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
    pub occurred_at: Option<Timestamp>,
    pub channel: Option<String>,
}

/// Whether this caller may post this at all; limits and budgets come with [`post`].
///
/// # Errors
/// [`Refusal::Forbidden`], or [`Refusal::Invalid`] where the grant makes no sense.
pub fn may(caller: &Caller, grant: &Grant) -> Result<(), Refusal> {
    match grant.kind {
        GrantKind::Earn => caller.storefront(Scope::EntriesEarn)?,
        GrantKind::Adjust if grant.points < 0 => caller.admin()?,
        GrantKind::Adjust => caller.staff()?,
    }
    if grant.kind == GrantKind::Earn && grant.points < 0 {
        return Err(Refusal::field(
            "/points",
            "must be at least 1: only `adjust` takes points away",
        ));
    }
    if let Some((kind, _)) = &grant.source
        && Source::OWN.contains(&kind.as_str())
    {
        return Err(Refusal::field(
            "/source/type",
            format!("{kind:?} is the server's own; choose another word"),
        ));
    }
    if grant.points < 0 && (grant.available_at.is_some() || grant.expires_at.is_some()) {
        let field = if grant.available_at.is_some() { "/available_at" } else { "/expires_at" };
        return Err(Refusal::field(field, "is for points that come, not for points that go"));
    }
    Ok(())
}

/// Who gets the points, the row locked, so that none come to somebody who is being erased.
///
/// # Errors
/// An unknown or erased member.
pub fn receiver(tx: &mut Tx<'_>, member: MemberId) -> Result<Member> {
    members::store::lock(tx, member)?
        .filter(|member| member.status != MemberStatus::Erased)
        .ok_or_else(|| Refusal::not_found("member").into())
}

/// Posts it; call [`receiver`] first.
///
/// # Errors
/// Dates that can't be, staff's limit and budget, and the ledger's refusals.
pub fn post(tx: &mut Tx<'_>, caller: &Caller, grant: &Grant) -> Result<Posted> {
    let settings = settings::service::get(tx)?;
    let occurred_at = grant.occurred_at.unwrap_or(tx.now);
    if occurred_at > tx.now {
        return Err(Refusal::field("/occurred_at", "must not be in the future").into());
    }
    if grant.expires_at.is_some_and(|end| end <= occurred_at) {
        return Err(Refusal::field("/expires_at", "must be after occurred_at").into());
    }
    if grant.available_at.is_some_and(|start| start < occurred_at) {
        return Err(Refusal::field("/available_at", "must not be before occurred_at").into());
    }
    let act = act(grant, occurred_at, &settings);
    // points that end before they would mature by the settings are recorded, and end visibly
    if let Act::Credit { expires_at: Some(end), .. } = act
        && grant.available_at.is_some_and(|start| start >= end)
    {
        let message = format!("must be before the points expire, at {end}");
        return Err(Refusal::field("/available_at", message).into());
    }
    let given = Given {
        available_at: grant.available_at.is_some(),
        expires_at: grant.expires_at.is_some(),
        occurred_at: grant.occurred_at.is_some(),
    };
    let rule = match grant.kind {
        GrantKind::Earn => Rule::Earn { given },
        GrantKind::Adjust => Rule::Adjust { given },
    };
    let posted = ledger::post_one(
        tx,
        Posting {
            member: grant.member,
            act,
            source: grant.source.as_ref().map(|(kind, id)| Source::new(kind, id)),
            rule,
            actor: caller.label(),
            channel: grant.channel.clone(),
            reason: Some(grant.reason.clone()),
            occurred_at,
        },
    )?;
    // after the deed: what was given before is given, whatever the budget says now
    if let Caller::Staff { user, role: Role::Staff } = caller
        && !posted.repeated
    {
        within_budget(tx, *user, caller, grant.points, &settings)?;
    }
    Ok(posted)
}

fn act(grant: &Grant, occurred_at: Timestamp, settings: &Settings) -> Act {
    let kind = match grant.kind {
        GrantKind::Earn => EntryKind::Earn,
        GrantKind::Adjust => EntryKind::Adjust,
    };
    if grant.points < 0 {
        return Act::Debit { kind, points: -grant.points, order_ref: None };
    }
    // what staff give is available at once
    let usual = match grant.kind {
        GrantKind::Earn => settings.available_at(occurred_at),
        GrantKind::Adjust => occurred_at,
    };
    Act::Credit {
        kind,
        points: grant.points,
        available_at: grant.available_at.unwrap_or(usual),
        expires_at: grant.expires_at.or_else(|| settings.expires_at(occurred_at)),
    }
}

/// Staff give within a limit each time and a budget each calendar month, in the program's time
/// zone; this gift is among those posted. The user's row is locked, so that two at once can't both
/// fit.
fn within_budget(
    tx: &mut Tx<'_>,
    user: UserId,
    caller: &Caller,
    points: i64,
    settings: &Settings,
) -> Result<()> {
    let limit = settings.staff_perk_limit_points.get();
    if points > limit {
        return Err(Refusal::LimitReached(format!(
            "an adjustment of yours is at most {limit} points: ask an admin"
        ))
        .into());
    }
    let _: Vec<UserId> =
        for_update(users::table.filter(users::id.eq(user)).select(users::id)).load(tx.conn)?;
    let today = settings.time_zone.date(tx.now);
    let month = Date::new(today.year(), today.month(), 1).unwrap_or(today);
    let given: Vec<i64> = entries::table
        .filter(entries::actor.eq(caller.label()))
        .filter(entries::kind.eq(EntryKind::Adjust))
        .filter(entries::points.gt(0))
        .filter(entries::recorded_at.ge(settings.time_zone.midnight(month)))
        .select(entries::points)
        .load(tx.conn)?;
    let given: i64 = given.iter().sum();
    let budget = settings.staff_perk_budget_points_per_month.get();
    if given > budget {
        return Err(Refusal::LimitReached(format!(
            "your budget of this month is {budget} points, and {} are given",
            given - points
        ))
        .into());
    }
    Ok(())
}
