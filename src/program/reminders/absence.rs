//! Who has not bought anything for long is told that they are missed, once for each absence.

use super::{Due, Kind, Place, points, store};
use crate::{
    ledger::{self, Settled},
    members::Member,
};
use platform::{
    db::Tx,
    kernel::{error::Result, notice::Notice},
    messaging::{letters::Letter, outbox::Queued},
    settings::Settings,
};

pub const KIND: Kind = Kind {
    name: "miss_you",
    start: |settings, now| {
        notice(settings).map(|notice| Place { at: notice.happened_by(now), after: None })
    },
    due: |tx, settings, behind| {
        let Some(notice) = notice(settings) else { return Ok(Vec::new()) };
        let last = store::orders_behind(tx, behind, notice.happened_by(tx.now))?;
        Ok(last.into_iter().map(|(order, member, at)| Due::at(member, at, order)).collect())
    },
    next: |tx, settings, behind| {
        let Some(notice) = notice(settings) else { return Ok(None) };
        Ok(store::next_order(tx, behind.at)?.map(|placed| notice.past_at(placed)))
    },
    letter,
};

fn notice(settings: &Settings) -> Option<Notice> {
    Notice::new(settings.time_zone.clone(), settings.miss_you_days.get())
}

fn letter(
    tx: &mut Tx<'_>,
    settings: &Settings,
    member: &Member,
    of: Settled<'_>,
    due: Due,
) -> Result<Option<Queued>> {
    let Some((to, given_name)) = member.addressee() else { return Ok(None) };
    if store::came_back(tx, member.id, due.place.at)? {
        return Ok(None);
    }
    let letter = Letter::MissYou {
        given_name,
        available: ledger::balance(tx, of)?.available,
        rewards: points::rewards(tx, settings, member, of)?,
        page_url: points::page_url(settings),
    };
    let dedupe_key = format!("miss_you:{}:{}", member.id, due.place.at);
    let not_before = settings.quiet_hours.after(&member.time_zone, tx.now);
    Ok(Some(Queued { to, letter, dedupe_key, not_before: Some(not_before) }))
}
