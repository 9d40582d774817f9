//! Surveys' rows.

use std::collections::HashMap;

use diesel::prelude::*;
use uuid::Uuid;

use super::{Survey, SurveyState};
use platform::{
    db::{
        Tx,
        lock::for_update,
        prepared::one_of,
        schema::surveys,
        types::{Json, RawId},
    },
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
        id::SurveyId,
        page::{Listing, Page},
    },
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = surveys)]
struct Row {
    id: SurveyId,
    fields: Json,
    state: SurveyState,
    created_at: Timestamp,
    published_at: Option<Timestamp>,
    live_since: Option<Timestamp>,
    version: i64,
}

impl Row {
    fn read(self) -> Result<Survey> {
        let Self { id, fields, state, created_at, published_at, live_since, version } = self;
        let fields = fields.read()?;
        Ok(Survey { id, fields, state, created_at, published_at, live_since, version })
    }
}

/// How far planning is for a survey.
#[derive(Clone, Debug, Default, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = surveys, treat_none_as_null = true)]
pub struct Progress {
    /// Of one that recurs: the last local date on which all were looked at.
    pub planned_on: Option<String>,
    /// The last row that was seen: of members, where it recurs, else of what happened.
    pub planned_after: Option<RawId>,
}

pub fn insert(tx: &mut Tx<'_>, survey: &Survey) -> Result<()> {
    diesel::insert_into(surveys::table)
        .values((
            surveys::id.eq(survey.id),
            surveys::kind.eq(survey.fields.kind),
            surveys::fields.eq(Json::of(&survey.fields)?),
            surveys::state.eq(survey.state),
            surveys::created_at.eq(survey.created_at),
            surveys::published_at.eq(survey.published_at),
            surveys::live_since.eq(survey.live_since),
            surveys::version.eq(survey.version),
        ))
        .execute(tx.conn)?;
    Ok(())
}

pub fn update(tx: &mut Tx<'_>, survey: &Survey) -> Result<()> {
    diesel::update(surveys::table.find(survey.id))
        .set((
            surveys::kind.eq(survey.fields.kind),
            surveys::fields.eq(Json::of(&survey.fields)?),
            surveys::state.eq(survey.state),
            surveys::published_at.eq(survey.published_at),
            surveys::live_since.eq(survey.live_since),
            surveys::version.eq(survey.version),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// The survey with this id.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn get(tx: &mut Tx<'_>, id: SurveyId) -> Result<Survey> {
    let row: Option<Row> =
        surveys::table.find(id).select(Row::as_select()).first(tx.conn).optional()?;
    row.ok_or_else(|| Refusal::not_found("survey"))?.read()
}

/// Those of these surveys that there are.
pub fn find_all(tx: &mut Tx<'_>, ids: &[SurveyId]) -> Result<HashMap<SurveyId, Survey>> {
    let rows: Vec<Row> =
        surveys::table.filter(one_of(surveys::id, ids)).select(Row::as_select()).load(tx.conn)?;
    let rows = rows.into_iter().map(Row::read);
    rows.map(|survey| survey.map(|survey| (survey.id, survey))).collect()
}

/// One with this id, its row locked until the transaction ends.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn lock(tx: &mut Tx<'_>, id: SurveyId) -> Result<Survey> {
    let row = surveys::table.filter(surveys::id.eq(id)).select(Row::as_select());
    let rows: Vec<Row> = for_update(row).load(tx.conn)?;
    rows.into_iter().next().ok_or_else(|| Refusal::not_found("survey"))?.read()
}

/// A page of surveys, newest first.
///
/// # Errors
/// A cursor of another list.
pub fn list(tx: &mut Tx<'_>, page: &Page) -> Result<Listing<Survey>> {
    let mut query = surveys::table.into_boxed();
    if let Some(before) = page.after::<SurveyId>()? {
        query = query.filter(surveys::id.lt(before));
    }
    let query = query.order(surveys::id.desc()).limit(page.rows()).select(Row::as_select());
    let rows: Vec<Row> = query.load(tx.conn)?;
    let rows = rows.into_iter().map(Row::read).collect::<Result<Vec<_>>>()?;
    Ok(page.cut(rows, |row| row.id.to_string(), |row| row))
}

/// Those that are live, in the order in which they were made.
pub fn live(tx: &mut Tx<'_>) -> Result<Vec<Survey>> {
    let live = surveys::table.filter(surveys::state.eq(SurveyState::Live));
    let rows: Vec<Row> = live.order(surveys::id).select(Row::as_select()).load(tx.conn)?;
    rows.into_iter().map(Row::read).collect()
}

/// Those that are paused.
pub fn held(tx: &mut Tx<'_>) -> Result<Vec<SurveyId>> {
    let paused = surveys::table.filter(surveys::state.eq(SurveyState::Paused));
    Ok(paused.select(surveys::id).load(tx.conn)?)
}

pub fn progress(tx: &mut Tx<'_>, id: SurveyId) -> Result<Progress> {
    Ok(surveys::table.find(id).select(Progress::as_select()).first(tx.conn)?)
}

pub fn set_progress(tx: &mut Tx<'_>, id: SurveyId, progress: &Progress) -> Result<()> {
    diesel::update(surveys::table.find(id)).set(progress).execute(tx.conn)?;
    Ok(())
}

/// How far asking by hand is.
#[derive(Clone, Debug, Default, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = surveys, treat_none_as_null = true)]
pub struct ByHand {
    /// The local date on which it was asked for; none where nobody is to be asked any more.
    pub asked_on: Option<String>,
    /// The last member who was seen to.
    pub asked_after: Option<RawId>,
}

pub fn by_hand(tx: &mut Tx<'_>, id: SurveyId) -> Result<ByHand> {
    Ok(surveys::table.find(id).select(ByHand::as_select()).first(tx.conn)?)
}

pub fn set_by_hand(tx: &mut Tx<'_>, id: SurveyId, by_hand: &ByHand) -> Result<()> {
    diesel::update(surveys::table.find(id)).set(by_hand).execute(tx.conn)?;
    Ok(())
}

/// Of which surveys everybody is to be asked by hand.
pub fn asked_by_hand(tx: &mut Tx<'_>) -> Result<Vec<SurveyId>> {
    let asked = surveys::table.filter(surveys::asked_on.is_not_null());
    Ok(asked.order(surveys::id).select(surveys::id).load(tx.conn)?)
}

/// The first id of a row that was made at this instant or later.
pub fn first_id_at(at: Timestamp) -> RawId {
    let millisecond = u128::try_from(at.as_microsecond() / 1000).unwrap_or_default();
    RawId(Uuid::from_u128(millisecond << 80))
}
