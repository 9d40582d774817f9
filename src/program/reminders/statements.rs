//! Who asked for it gets a statement of each month, on the morning after it.

use jiff::{Span, civil::Date};

use super::{Due, Kind, Place, points, store};
use crate::{
    ledger::{self, Settled},
    members::Member,
};
use platform::{
    db::Tx,
    kernel::{clock::Timestamp, error::Result, zone::Zone},
    messaging::{
        letters::{Ending, Letter},
        outbox::Queued,
    },
    settings::Settings,
};

const MORNING: i8 = 9;
/// Where the server was down, a statement still goes out so many days later.
const LATE_DAYS: i64 = 7;

pub const KIND: Kind = Kind {
    name: "points_statement",
    start: |settings, now| Some(Place { at: month_of(&settings.time_zone, now), after: None }),
    due: |tx, settings, behind| {
        let zone = &settings.time_zone;
        let month = month_of(zone, tx.now);
        if month == behind.at && behind.after.is_none() || tx.now > last_moment(zone, month) {
            return Ok(Vec::new());
        }
        let after = behind.after.filter(|_| month == behind.at);
        let members = store::wanting_statements(tx, after)?;
        Ok(members.into_iter().map(|member| Due::at(member, month, member)).collect())
    },
    next: |tx, settings, _| {
        if store::wanting_statements(tx, None)?.is_empty() {
            return Ok(None);
        }
        let zone = &settings.time_zone;
        let first = zone.date(tx.now).first_of_month();
        let this = zone.at(first, MORNING);
        let following = first.saturating_add(Span::new().months(1));
        Ok(Some(if this > tx.now { this } else { zone.at(following, MORNING) }))
    },
    letter,
};

/// The beginning of the month whose first morning has come last.
fn month_of(zone: &Zone, now: Timestamp) -> Timestamp {
    let first = zone.date(now).first_of_month();
    let before = || first.saturating_sub(Span::new().months(1));
    zone.midnight(if zone.at(first, MORNING) <= now { first } else { before() })
}

fn last_moment(zone: &Zone, month: Timestamp) -> Timestamp {
    zone.midnight(zone.date(month).saturating_add(Span::new().days(LATE_DAYS)))
}

fn letter(
    tx: &mut Tx<'_>,
    settings: &Settings,
    member: &Member,
    of: Settled<'_>,
    due: Due,
) -> Result<Option<Queued>> {
    let Some((to, given_name)) = member.addressee() else { return Ok(None) };
    let zone = &settings.time_zone;
    let end: Date = zone.date(due.place.at);
    let start = end.saturating_sub(Span::new().months(1));
    let [from, to_] = [zone.midnight(start), zone.midnight(end)];
    // of before they joined there is nothing to tell
    if member.enrolled_at >= to_ {
        return Ok(None);
    }
    let last_seq = ledger::last_seq(tx, of)?;
    let turnover = ledger::turnover(tx, of, from, to_)?;
    let sheet = ledger::sheet(tx, of)?;
    let letter = Letter::PointsStatement {
        given_name,
        from,
        to: to_,
        opening: ledger::sum_before(tx, of, from, last_seq)?,
        received: turnover.received,
        used: turnover.used,
        expired: turnover.expired,
        closing: ledger::sum_before(tx, of, to_, last_seq)?,
        ending: sheet
            .expiring
            .iter()
            .find(|(points, _)| *points > 0)
            .map(|(points, expires_at)| Ending { points: *points, expires_at: *expires_at }),
        page_url: points::page_url(settings),
    };
    let dedupe_key = format!("points_statement:{}:{start}", member.id);
    Ok(Some(Queued { to, letter, dedupe_key, not_before: None }))
}
