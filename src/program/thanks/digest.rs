//! The admins' daily digest: what is overdue, each debt once.

use std::time::Duration;

use diesel::{dsl::count_star, prelude::*};
use jiff::civil::Date;

use super::{ThanksCategory, ThanksState};
use platform::{
    auth::Role,
    db::{
        Store, Tx,
        lock::named_lock,
        schema::{thanks, users},
    },
    kernel::{clock::Timestamp, error::Result, id::UserId, text::Email},
    messaging::{
        letters::{Letter, Overdue, Recipient},
        outbox::{self, Queued},
    },
    settings::{self, Settings},
};

/// When it goes out, by the program's clock: people are at their desks.
const HOUR: i8 = 9;

/// The last hour of the digest that has come.
fn last_hour(settings: &Settings, now: Timestamp) -> (Date, Timestamp) {
    let zone = &settings.time_zone;
    let today = zone.date(now);
    let at = zone.at(today, HOUR);
    if at <= now {
        return (today, at);
    }
    let yesterday = today.yesterday().unwrap_or(today);
    (yesterday, zone.at(yesterday, HOUR))
}

/// Writes to the admins of what was overdue at the last hour of the digest, and of which they were
/// not told. Nothing where there is nothing.
///
/// # Errors
/// The database's own.
pub async fn tell_due(store: &Store) -> Result<()> {
    let is_due = |tx: &mut Tx<'_>| {
        let settings = settings::service::get(tx)?;
        Ok(!by_category(tx, last_hour(&settings, tx.now).1)?.is_empty())
    };
    if store.read(is_due).await? {
        store.write(tell).await?;
    }
    Ok(())
}

/// When the next digest goes out, after now and by `until` at the latest.
pub fn next(tx: &mut Tx<'_>, until: Timestamp) -> Result<Option<Timestamp>> {
    let first: Option<Timestamp> = thanks::table
        .filter(thanks::state.eq(ThanksState::Owed))
        .filter(thanks::digested_at.is_null())
        .order(thanks::due_at)
        .select(thanks::due_at)
        .first(tx.conn)
        .optional()?;
    let Some(due_at) = first else { return Ok(None) };
    let settings = settings::service::get(tx)?;
    let zone = &settings.time_zone;
    // at the hour of its day, or of the next; now's own has been
    let from = due_at.max(tx.now.plus(Duration::from_micros(1)));
    let day = zone.date(from);
    let at = zone.at(day, HOUR);
    let at = if at >= from { at } else { zone.at(day.tomorrow().unwrap_or(day), HOUR) };
    Ok(Some(at).filter(|at| *at <= until))
}

fn by_category(tx: &mut Tx<'_>, at: Timestamp) -> Result<Vec<Overdue>> {
    let rows: Vec<(ThanksCategory, i64)> = thanks::table
        .filter(thanks::state.eq(ThanksState::Owed))
        .filter(thanks::digested_at.is_null())
        .filter(thanks::due_at.le(at))
        .group_by(thanks::category)
        .select((thanks::category, count_star()))
        .load(tx.conn)?;
    let counted = |category: &ThanksCategory| {
        let count = rows.iter().find(|(of, _)| of == category)?.1;
        Some(Overdue { category: *category, count })
    };
    Ok(ThanksCategory::ALL.iter().filter_map(counted).collect())
}

fn tell(tx: &mut Tx<'_>) -> Result<()> {
    // two servers tell it once
    named_lock(tx.conn, b"thanks_digest")?;
    let settings = settings::service::get(tx)?;
    let (day, at) = last_hour(&settings, tx.now);
    let by_category = by_category(tx, at)?;
    let overdue = thanks::table
        .filter(thanks::state.eq(ThanksState::Owed))
        .filter(thanks::digested_at.is_null())
        .filter(thanks::due_at.le(at));
    let oldest: Option<Timestamp> =
        overdue.order(thanks::due_at).select(thanks::due_at).first(tx.conn).optional()?;
    let Some(oldest_due_at) = oldest else { return Ok(()) };
    let admins: Vec<(UserId, String, String)> = users::table
        .filter(users::role.eq(Role::Admin))
        .order(users::id)
        .select((users::id, users::email, users::name))
        .load(tx.conn)?;
    let letter = |(id, email, name): (UserId, String, String)| {
        let to = Recipient {
            member_id: None,
            email: email.parse::<Email>().ok()?,
            name: Some(name.clone()),
            locale: settings.locale.clone(),
        };
        let letter = Letter::ThanksOverdue {
            name,
            count: by_category.iter().map(|one| one.count).sum(),
            by_category: by_category.clone(),
            oldest_due_at,
            url: settings.link("/console/thanks?overdue=true"),
        };
        let dedupe_key = format!("thanks_overdue:{day}:{id}");
        Some(Queued { to, letter, dedupe_key, not_before: None })
    };
    outbox::push_all(tx, admins.into_iter().filter_map(letter).collect())?;
    diesel::update(overdue).set(thanks::digested_at.eq(Some(tx.now))).execute(tx.conn)?;
    Ok(())
}
