//! What a grant asks of the ledger, and whether its dates can be.

use super::{Grant, GrantKind};
use crate::{
    ledger::{Act, EntryKind, GivenDates, Posting, Rule, Source},
    members::{Member, MemberStatus},
};
use platform::{
    auth::Caller,
    kernel::{clock::Timestamp, error::Refusal},
    settings::Settings,
};

/// A grant as the ledger is asked for it.
pub(super) struct Asked {
    pub(super) posting: Posting,
    /// Why it can't be posted now. One with a source may have been posted when it still could: a
    /// retry that comes late is a repeat all the same.
    pub(super) flaw: Option<Refusal>,
}

/// What is asked of the ledger for a grant; what can't be and never was is refused here.
pub(super) fn asked(
    now: Timestamp,
    caller: &Caller,
    grant: &Grant,
    receiver: Option<&Member>,
    settings: &Settings,
) -> Result<Asked, Refusal> {
    if receiver.is_none_or(|member| member.status == MemberStatus::Erased) {
        return Err(Refusal::not_found("member"));
    }
    let occurred_at = grant.occurred_at.unwrap_or(now);
    let act = act(grant, occurred_at, settings);
    let flaw = dated(now, grant, occurred_at, &act).err();
    if let Some(flaw) = flaw.clone().filter(|_| grant.source.is_none()) {
        return Err(flaw);
    }
    let given = GivenDates {
        available_at: grant.available_at.is_some(),
        expires_at: grant.expires_at.is_some(),
        occurred_at: grant.occurred_at.is_some(),
    };
    let posting = Posting {
        member: grant.member,
        act,
        source: grant.source.as_ref().map(|(kind, id)| Source::new(kind, id)),
        rule: match grant.kind {
            GrantKind::Earn => Rule::Earn { given },
            GrantKind::Adjust => Rule::Adjust { given },
        },
        actor: caller.label(),
        channel: grant.channel.clone(),
        reason: Some(grant.reason.clone()),
        occurred_at,
    };
    Ok(Asked { posting, flaw })
}

/// Whether the dates make sense together, and today.
fn dated(now: Timestamp, grant: &Grant, occurred_at: Timestamp, act: &Act) -> Result<(), Refusal> {
    if occurred_at > now {
        return Err(Refusal::field("/occurred_at", "must not be in the future"));
    }
    if grant.expires_at.is_some_and(|end| end <= occurred_at) {
        return Err(Refusal::field("/expires_at", "must be after occurred_at"));
    }
    if grant.available_at.is_some_and(|start| start < occurred_at) {
        return Err(Refusal::field("/available_at", "must not be before occurred_at"));
    }
    // points that end before they would mature by the settings are recorded, and end visibly
    if let Act::Credit { expires_at: Some(end), .. } = act
        && grant.available_at.is_some_and(|start| start >= *end)
    {
        let message = format!("must be before the points expire, at {end}");
        return Err(Refusal::field("/available_at", message));
    }
    Ok(())
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
