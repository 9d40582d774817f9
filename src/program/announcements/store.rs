//! Announcements' rows, and whom they were decided for.

use diesel::{dsl::count_star, prelude::*};

use super::{Announcement, AnnouncementState, LeftOut};
use crate::topics::TopicState;
use platform::{
    db::{
        Tx,
        bulk::Bulk,
        lock::{for_update, for_update_skip_locked},
        prepared::{Condition, condition},
        schema::{announcement_letters, announcement_topics, announcements},
        types::{Json, RawId},
    },
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
        id::{AnnouncementId, MemberId, TopicId},
        page::{Listing, Page},
    },
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = announcements)]
struct Row {
    id: AnnouncementId,
    fields: Json,
    state: AnnouncementState,
    written_by: String,
    approved_by: Option<String>,
    created_at: Timestamp,
    approved_at: Option<Timestamp>,
    sent_at: Option<Timestamp>,
    version: i64,
}

impl Row {
    fn read(self) -> Result<Announcement> {
        Ok(Announcement {
            id: self.id,
            fields: self.fields.read()?,
            state: self.state,
            written_by: self.written_by,
            approved_by: self.approved_by,
            created_at: self.created_at,
            approved_at: self.approved_at,
            sent_at: self.sent_at,
            version: self.version,
        })
    }
}

pub fn insert(tx: &mut Tx<'_>, one: &Announcement) -> Result<()> {
    diesel::insert_into(announcements::table)
        .values((
            announcements::id.eq(one.id),
            announcements::fields.eq(Json::of(&one.fields)?),
            announcements::state.eq(one.state),
            announcements::written_by.eq(&one.written_by),
            announcements::created_at.eq(one.created_at),
            announcements::version.eq(one.version),
        ))
        .execute(tx.conn)?;
    Ok(())
}

pub fn update(tx: &mut Tx<'_>, one: &Announcement) -> Result<()> {
    diesel::update(announcements::table.find(one.id))
        .set((
            announcements::fields.eq(Json::of(&one.fields)?),
            announcements::state.eq(one.state),
            announcements::written_by.eq(&one.written_by),
            announcements::approved_by.eq(&one.approved_by),
            announcements::approved_at.eq(one.approved_at),
            announcements::sent_at.eq(one.sent_at),
            announcements::version.eq(one.version),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// The announcement with this id.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn get(tx: &mut Tx<'_>, id: AnnouncementId) -> Result<Announcement> {
    let row: Option<Row> =
        announcements::table.find(id).select(Row::as_select()).first(tx.conn).optional()?;
    row.ok_or_else(|| Refusal::not_found("announcement"))?.read()
}

/// The same, its row locked until the transaction ends.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn lock(tx: &mut Tx<'_>, id: AnnouncementId) -> Result<Announcement> {
    let row = announcements::table.filter(announcements::id.eq(id)).select(Row::as_select());
    let rows: Vec<Row> = for_update(row).load(tx.conn)?;
    rows.into_iter().next().ok_or_else(|| Refusal::not_found("announcement"))?.read()
}

/// What is being sent.
const OPEN: Condition = condition("announcements.state IN ('approved', 'sending')");

/// The announcements whose letters are to be written, oldest first.
pub fn open(tx: &mut Tx<'_>) -> Result<Vec<AnnouncementId>> {
    let open = announcements::table.filter(OPEN);
    Ok(open.order(announcements::id).select(announcements::id).load(tx.conn)?)
}

/// One of those that nobody else works on, its row locked until the transaction ends.
pub fn lock_open(tx: &mut Tx<'_>, id: AnnouncementId) -> Result<Option<Announcement>> {
    let open = announcements::table.filter(OPEN);
    let this = open.filter(announcements::id.eq(id)).select(Row::as_select());
    let rows: Vec<Row> = for_update_skip_locked(this).load(tx.conn)?;
    rows.into_iter().next().map(Row::read).transpose()
}

/// A page of announcements, newest first.
///
/// # Errors
/// A cursor of another list.
pub fn list(
    tx: &mut Tx<'_>,
    state: Option<AnnouncementState>,
    page: &Page,
) -> Result<Listing<Announcement>> {
    let mut query = announcements::table.into_boxed();
    if let Some(state) = state {
        query = query.filter(announcements::state.eq(state));
    }
    if let Some(before) = page.after::<AnnouncementId>()? {
        query = query.filter(announcements::id.lt(before));
    }
    let query = query.order(announcements::id.desc()).limit(page.rows());
    let rows: Vec<Row> = query.select(Row::as_select()).load(tx.conn)?;
    let rows = rows.into_iter().map(Row::read).collect::<Result<Vec<_>>>()?;
    Ok(page.cut(rows, |row| row.id.to_string(), |row| row))
}

/// Keeps in which state its topics are told of.
pub fn keep_topics(
    tx: &mut Tx<'_>,
    id: AnnouncementId,
    topics: &[TopicId],
    state: TopicState,
) -> Result<()> {
    Bulk::into("announcement_topics")
        .column("announcement_id", topics.iter().map(|_| RawId::from(id)))
        .column("topic_id", topics.iter().map(|topic| RawId::from(*topic)))
        .column("topic_state", topics.iter().map(|_| Some(state.to_string())))
        .execute(tx.conn)?;
    Ok(())
}

/// In which state its topics are told of; none before it was sent.
pub fn topic_state(tx: &mut Tx<'_>, id: AnnouncementId) -> Result<Option<TopicState>> {
    let kept = announcement_topics::table.filter(announcement_topics::announcement_id.eq(id));
    let state: Option<Option<TopicState>> =
        kept.select(announcement_topics::topic_state).first(tx.conn).optional()?;
    Ok(state.flatten())
}

/// Keeps what was decided for some members: a letter, or why not.
pub fn decide(
    tx: &mut Tx<'_>,
    id: AnnouncementId,
    members: &[(MemberId, Option<LeftOut>)],
) -> Result<()> {
    let now = tx.now;
    Bulk::into("announcement_letters")
        .column("announcement_id", members.iter().map(|_| RawId::from(id)))
        .column("member_id", members.iter().map(|(member, _)| RawId::from(*member)))
        .column("left_out", members.iter().map(|(_, why)| why.map(|why| why.to_string())))
        .column("decided_at", members.iter().map(|_| now))
        .execute(tx.conn)?;
    Ok(())
}

/// For how many members what was decided.
pub fn decided(tx: &mut Tx<'_>, id: AnnouncementId) -> Result<Vec<(Option<LeftOut>, i64)>> {
    let rows = announcement_letters::table.filter(announcement_letters::announcement_id.eq(id));
    Ok(rows
        .group_by(announcement_letters::left_out)
        .select((announcement_letters::left_out, count_star()))
        .load(tx.conn)?)
}
