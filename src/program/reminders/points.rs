//! Members are told of points that end soon, with what these would buy.

use std::time::Duration;

use super::{Due, Kind, Place, store};
use crate::{
    ledger::{self, Settled},
    members::Member,
    redemptions,
};
use platform::{
    db::Tx,
    kernel::{error::Result, notice::Notice},
    messaging::{
        letters::{Ending, Letter},
        outbox::Queued,
    },
    settings::Settings,
};

/// After one such letter there is none for so long: it tells of all that ends until the next.
const QUIET: Duration = Duration::from_hours(30 * 24);
/// How many ends a letter tells of.
const MOST_ENDS: usize = 6;
/// How many rewards are named.
const MOST_REWARDS: usize = 3;

pub const KIND: Kind = Kind {
    name: "points_expiring",
    start: |settings, now| {
        // who has less time than that already is not told
        notice(settings).map(|notice| Place { at: notice.ends_by(now), after: None })
    },
    due: |tx, settings, behind| {
        let Some(notice) = notice(settings) else { return Ok(Vec::new()) };
        let ending = store::ending(tx, behind, notice.ends_by(tx.now))?;
        Ok(ending.into_iter().map(|(member, end)| Due::at(member, end, member)).collect())
    },
    next: |tx, settings, behind| {
        let Some(notice) = notice(settings) else { return Ok(None) };
        Ok(store::next_end(tx, behind.at)?.map(|end| notice.due_at(end)))
    },
    letter,
};

fn notice(settings: &Settings) -> Option<Notice> {
    Notice::new(settings.time_zone.clone(), settings.points_reminder_days.get())
}

fn letter(
    tx: &mut Tx<'_>,
    settings: &Settings,
    member: &Member,
    of: Settled<'_>,
    due: Due,
) -> Result<Option<Queued>> {
    let Some((to, given_name)) = member.addressee() else { return Ok(None) };
    if store::told_since(tx, member.id, KIND.name, tx.now.minus(QUIET))? {
        return Ok(None);
    }
    let sheet = ledger::sheet(tx, of)?;
    let until = due.place.at.plus(QUIET);
    let ending: Vec<Ending> = sheet
        .expiring
        .iter()
        .filter(|(points, expires_at)| *points > 0 && *expires_at <= until)
        .map(|(points, expires_at)| Ending { points: *points, expires_at: *expires_at })
        .take(MOST_ENDS)
        .collect();
    // spent meanwhile: what ends later has its own letter
    if ending.first().is_none_or(|first| first.expires_at > due.place.at) {
        return Ok(None);
    }
    let letter = Letter::PointsExpiring {
        given_name,
        ending,
        available: sheet.balance.available,
        rewards: rewards(tx, settings, member, of)?,
        page_url: page_url(settings),
    };
    let dedupe_key = format!("{}:{}:{}", KIND.name, member.id, due.place.at);
    Ok(Some(Queued { to, letter, dedupe_key, not_before: None }))
}

/// What a member could have now, the dearest first.
pub fn rewards(
    tx: &mut Tx<'_>,
    settings: &Settings,
    member: &Member,
    of: Settled<'_>,
) -> Result<Vec<String>> {
    let mut offers = redemptions::service::offers(tx, of)?;
    offers.retain(|offer| offer.reasons.is_empty());
    offers.sort_by_key(|offer| std::cmp::Reverse(offer.reward.fields.cost_points));
    let reader = member.reader(&settings.locale);
    Ok(offers.iter().take(MOST_REWARDS).map(|offer| offer.reward.name(&reader)).collect())
}

/// Where the shop shows its member what they have.
pub fn page_url(settings: &Settings) -> Option<String> {
    settings.storefront_url.as_ref().map(|shop| format!("{shop}/"))
}
