//! How far each walk came, and what it walks along.

use diesel::prelude::*;

use super::{Place, service::CHUNK};
use platform::{
    db::{
        Tx,
        bulk::Bulk,
        prepared::{Condition, condition},
        schema::{expiries, letters, orders, preferences, reminder_progress as progress},
        types::RawId,
    },
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{MemberId, OrderId},
    },
};

pub fn place(tx: &mut Tx<'_>, name: &str) -> Result<Option<Place>> {
    let row: Option<(Timestamp, Option<RawId>)> = progress::table
        .find(name)
        .select((progress::at, progress::after_id))
        .first(tx.conn)
        .optional()?;
    Ok(row.map(|(at, after)| Place { at, after }))
}

/// Begins a walk, unless it began already.
pub fn begin(tx: &mut Tx<'_>, name: &str, place: Place) -> Result<()> {
    Bulk::into("reminder_progress")
        .column("name", [name.to_owned()])
        .column("at", [place.at])
        .column("after_id", [place.after])
        .tail("ON CONFLICT (name) DO NOTHING")
        .execute(tx.conn)?;
    Ok(())
}

/// Goes on from one place to another; `false` where the walk is elsewhere by now.
pub fn go_on(tx: &mut Tx<'_>, name: &str, from: Place, to: Place) -> Result<bool> {
    let still = progress::table.filter(progress::name.eq(name)).filter(progress::at.eq(from.at));
    let goal = (progress::at.eq(to.at), progress::after_id.eq(to.after));
    let gone = match from.after {
        Some(id) => {
            diesel::update(still.filter(progress::after_id.eq(id))).set(goal).execute(tx.conn)?
        }
        None => {
            diesel::update(still.filter(progress::after_id.is_null())).set(goal).execute(tx.conn)?
        }
    };
    Ok(gone > 0)
}

pub fn forget(tx: &mut Tx<'_>, name: &str) -> Result<()> {
    diesel::delete(progress::table.find(name)).execute(tx.conn)?;
    Ok(())
}

/// Whose points end behind a place, and by then.
pub fn ending(tx: &mut Tx<'_>, behind: Place, by: Timestamp) -> Result<Vec<(MemberId, Timestamp)>> {
    let after = behind.after.unwrap_or(RawId(uuid::Uuid::nil()));
    let later = expiries::expires_at
        .gt(behind.at)
        .or(expiries::expires_at.eq(behind.at).and(expiries::member_id.gt(after)));
    Ok(expiries::table
        // said twice: by the first alone an index is found
        .filter(expiries::expires_at.ge(behind.at))
        .filter(later)
        .filter(expiries::expires_at.le(by))
        .order((expiries::expires_at, expiries::member_id))
        .limit(CHUNK)
        .select((expiries::member_id, expiries::expires_at))
        .load(tx.conn)?)
}

/// When the next points end behind an instant.
pub fn next_end(tx: &mut Tx<'_>, behind: Timestamp) -> Result<Option<Timestamp>> {
    let next = expiries::table.filter(expiries::expires_at.gt(behind));
    let first = next.order(expiries::expires_at).select(expiries::expires_at);
    Ok(first.first(tx.conn).optional()?)
}

/// Whether a letter of this kind was queued to a member lately.
pub fn told_since(
    tx: &mut Tx<'_>,
    member: MemberId,
    template: &str,
    since: Timestamp,
) -> Result<bool> {
    let found: Option<RawId> = letters::table
        .filter(letters::member_id.eq(member))
        .filter(letters::template.eq(template))
        .filter(letters::queued_at.gt(since))
        .select(letters::id)
        .first(tx.conn)
        .optional()?;
    Ok(found.is_some())
}

/// Orders placed behind a place, and by then.
pub fn orders_behind(
    tx: &mut Tx<'_>,
    behind: Place,
    by: Timestamp,
) -> Result<Vec<(OrderId, MemberId, Timestamp)>> {
    let after = behind.after.unwrap_or(RawId(uuid::Uuid::nil()));
    let later = orders::placed_at
        .gt(behind.at)
        .or(orders::placed_at.eq(behind.at).and(orders::id.gt(after)));
    Ok(orders::table
        .filter(orders::placed_at.ge(behind.at))
        .filter(later)
        .filter(orders::placed_at.lt(by))
        .order((orders::placed_at, orders::id))
        .limit(CHUNK)
        .select((orders::id, orders::member_id, orders::placed_at))
        .load(tx.conn)?)
}

/// When the next order was placed behind an instant.
pub fn next_order(tx: &mut Tx<'_>, behind: Timestamp) -> Result<Option<Timestamp>> {
    let next = orders::table.filter(orders::placed_at.gt(behind));
    let first = next.order(orders::placed_at).select(orders::placed_at);
    Ok(first.first(tx.conn).optional()?)
}

/// Whether a member placed an order after an instant.
pub fn came_back(tx: &mut Tx<'_>, member: MemberId, after: Timestamp) -> Result<bool> {
    let found: Option<OrderId> = orders::table
        .filter(orders::member_id.eq(member))
        .filter(orders::placed_at.gt(after))
        .select(orders::id)
        .first(tx.conn)
        .optional()?;
    Ok(found.is_some())
}

/// What the index `statements_wanted` says of its rows.
const WANTED: Condition = condition("name = 'statements'");

/// Who wants statements, behind this member.
pub fn wanting_statements(tx: &mut Tx<'_>, behind: Option<RawId>) -> Result<Vec<MemberId>> {
    let after = behind.unwrap_or(RawId(uuid::Uuid::nil()));
    Ok(preferences::table
        .filter(WANTED)
        .filter(preferences::enabled.eq(true))
        .filter(preferences::member_id.gt(after))
        .order(preferences::member_id)
        .limit(CHUNK)
        .select(preferences::member_id)
        .load(tx.conn)?)
}
