//! Occasions' rows, and how far greeting is.

use diesel::prelude::*;

use super::{NewOccasion, Occasion};
use platform::{
    db::{
        Tx,
        lock::{for_update, for_update_skip_locked},
        prepared::condition,
        schema::{occasion_progress, occasions},
        types::Json,
    },
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
        id::{MemberId, OccasionId},
        page::{Listing, Page},
    },
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = occasions)]
struct Row {
    id: OccasionId,
    fields: Json,
    since: Timestamp,
    version: i64,
}

impl Row {
    fn read(self) -> Result<Occasion> {
        let Self { id, fields, since, version } = self;
        Ok(Occasion { id, fields: fields.read()?, since, version })
    }
}

/// How far greeting is for an occasion.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = occasion_progress, treat_none_as_null = true)]
pub struct Progress {
    #[diesel(skip_update)]
    pub occasion_id: OccasionId,
    /// Whoever had their moment by then was seen to.
    pub done_until: Timestamp,
    /// Whoever has it by then is being seen to.
    pub working_until: Option<Timestamp>,
    /// Which group of them, counted from 0,
    pub place: i64,
    /// and the last of that group who was seen to.
    pub after_member: Option<MemberId>,
    /// How many greetings it has come to since it began to work.
    pub queued: i64,
}

pub fn insert(tx: &mut Tx<'_>, occasion: &Occasion, progress: &Progress) -> Result<()> {
    let fields = Json::of(&occasion.fields)?;
    diesel::insert_into(occasions::table)
        .values((
            occasions::id.eq(occasion.id),
            occasions::fields.eq(fields),
            occasions::active.eq(occasion.fields.active),
            occasions::since.eq(occasion.since),
            occasions::version.eq(occasion.version),
        ))
        .execute(tx.conn)?;
    diesel::insert_into(occasion_progress::table).values(progress).execute(tx.conn)?;
    Ok(())
}

pub fn update(tx: &mut Tx<'_>, occasion: &Occasion) -> Result<()> {
    let fields = Json::of(&occasion.fields)?;
    diesel::update(occasions::table.find(occasion.id))
        .set((
            occasions::fields.eq(fields),
            occasions::active.eq(occasion.fields.active),
            occasions::since.eq(occasion.since),
            occasions::version.eq(occasion.version),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// The occasion with this id.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn get(tx: &mut Tx<'_>, id: OccasionId) -> Result<Occasion> {
    let row: Option<Row> =
        occasions::table.find(id).select(Row::as_select()).first(tx.conn).optional()?;
    row.ok_or_else(|| Refusal::not_found("occasion"))?.read()
}

/// The same, its row locked until the transaction ends.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn lock(tx: &mut Tx<'_>, id: OccasionId) -> Result<Occasion> {
    let row = occasions::table.filter(occasions::id.eq(id)).select(Row::as_select());
    let rows: Vec<Row> = for_update(row).load(tx.conn)?;
    rows.into_iter().next().ok_or_else(|| Refusal::not_found("occasion"))?.read()
}

/// A page of occasions, newest first.
///
/// # Errors
/// A cursor of another list.
pub fn list(tx: &mut Tx<'_>, page: &Page) -> Result<Listing<Occasion>> {
    let mut query = occasions::table.into_boxed();
    if let Some(before) = page.after::<OccasionId>()? {
        query = query.filter(occasions::id.lt(before));
    }
    let query = query.order(occasions::id.desc()).limit(page.rows()).select(Row::as_select());
    let rows: Vec<Row> = query.load(tx.conn)?;
    let rows = rows.into_iter().map(Row::read).collect::<Result<Vec<_>>>()?;
    Ok(page.cut(rows, |row| row.id.to_string(), |row| row))
}

/// The occasions that are active, in the order in which they were made.
pub fn active(tx: &mut Tx<'_>) -> Result<Vec<Occasion>> {
    let active = occasions::table.filter(condition("occasions.active"));
    let rows: Vec<Row> = active.order(occasions::id).select(Row::as_select()).load(tx.conn)?;
    rows.into_iter().map(Row::read).collect()
}

/// How far an occasion is; `None` where somebody else works on it.
pub fn lock_progress(tx: &mut Tx<'_>, id: OccasionId) -> Result<Option<Progress>> {
    let row = occasion_progress::table.filter(occasion_progress::occasion_id.eq(id));
    let rows: Vec<Progress> =
        for_update_skip_locked(row.select(Progress::as_select())).load(tx.conn)?;
    Ok(rows.into_iter().next())
}

/// The same, waiting for whoever works on it.
pub fn wait_for_progress(tx: &mut Tx<'_>, id: OccasionId) -> Result<Option<Progress>> {
    let row = occasion_progress::table.filter(occasion_progress::occasion_id.eq(id));
    let rows: Vec<Progress> = for_update(row.select(Progress::as_select())).load(tx.conn)?;
    Ok(rows.into_iter().next())
}

pub fn set_progress(tx: &mut Tx<'_>, progress: &Progress) -> Result<()> {
    diesel::update(occasion_progress::table.find(progress.occasion_id))
        .set(progress)
        .execute(tx.conn)?;
    Ok(())
}

/// Fields as they were before a change.
pub fn same(one: &NewOccasion, other: &NewOccasion) -> Result<bool> {
    Ok(Json::of(one)? == Json::of(other)?)
}
