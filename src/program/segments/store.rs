//! Segments' rows.

use diesel::prelude::*;

use super::{NewSegment, Segment};
use platform::{
    db::{
        Tx,
        lock::for_update,
        schema::{segments, surveys},
        types::Json,
    },
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
        id::{SegmentId, SurveyId},
        page::{Listing, Page},
        text::Name,
    },
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = segments)]
struct Row {
    id: SegmentId,
    name: Name,
    definition: Json,
    created_at: Timestamp,
    version: i64,
}

impl Row {
    fn read(self) -> Result<Segment> {
        let Self { id, name, definition, created_at, version } = self;
        let fields = NewSegment { name, wanted: definition.read()? };
        Ok(Segment { id, fields, created_at, version })
    }
}

/// The segment with this id.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn get(tx: &mut Tx<'_>, id: SegmentId) -> Result<Segment> {
    let row: Option<Row> =
        segments::table.find(id).select(Row::as_select()).first(tx.conn).optional()?;
    row.ok_or_else(|| Refusal::not_found("segment"))?.read()
}

/// A page of segments, newest first.
///
/// # Errors
/// A cursor of another list.
pub fn list(tx: &mut Tx<'_>, page: &Page) -> Result<Listing<Segment>> {
    let mut query = segments::table.into_boxed();
    if let Some(before) = page.after::<SegmentId>()? {
        query = query.filter(segments::id.lt(before));
    }
    let query = query.order(segments::id.desc()).limit(page.rows()).select(Row::as_select());
    let rows: Vec<Row> = query.load(tx.conn)?;
    let rows = rows.into_iter().map(Row::read).collect::<Result<Vec<_>>>()?;
    Ok(page.cut(rows, |row| row.id.to_string(), |row| row))
}

/// All segments, in the order in which they were made, their rows locked until the transaction ends.
pub fn lock_all(tx: &mut Tx<'_>) -> Result<Vec<Segment>> {
    let all = segments::table.order(segments::id).select(Row::as_select());
    let rows: Vec<Row> = for_update(all).load(tx.conn)?;
    rows.into_iter().map(Row::read).collect()
}

/// All segments by their names, without what is in them.
pub fn names(tx: &mut Tx<'_>) -> Result<Vec<(SegmentId, String)>> {
    Ok(segments::table
        .order(segments::name)
        .select((segments::id, segments::name))
        .load(tx.conn)?)
}

pub fn insert(tx: &mut Tx<'_>, segment: &Segment) -> Result<()> {
    diesel::insert_into(segments::table)
        .values((
            segments::id.eq(segment.id),
            segments::name.eq(&segment.fields.name),
            segments::definition.eq(Json::of(&segment.fields.wanted)?),
            segments::created_at.eq(segment.created_at),
            segments::version.eq(segment.version),
        ))
        .execute(tx.conn)?;
    Ok(())
}

pub fn update(tx: &mut Tx<'_>, segment: &Segment) -> Result<()> {
    diesel::update(segments::table.find(segment.id))
        .set((
            segments::name.eq(&segment.fields.name),
            segments::definition.eq(Json::of(&segment.fields.wanted)?),
            segments::version.eq(segment.version),
        ))
        .execute(tx.conn)?;
    Ok(())
}

pub fn delete(tx: &mut Tx<'_>, id: SegmentId) -> Result<()> {
    diesel::delete(segments::table.find(id)).execute(tx.conn)?;
    Ok(())
}

/// The surveys that are not over, each with what is kept of it.
pub fn surveys(tx: &mut Tx<'_>) -> Result<Vec<(SurveyId, serde_json::Value)>> {
    let rows: Vec<(SurveyId, Json)> = surveys::table
        .filter(surveys::state.ne("ended"))
        .order(surveys::id)
        .select((surveys::id, surveys::fields))
        .load(tx.conn)?;
    Ok(rows.into_iter().map(|(id, fields)| (id, fields.0)).collect())
}
