//! Topics' rows, their links, and who was told of them.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;
use uuid::Uuid;

use super::{LinkedTopic, NewTopic, Subject, Topic, TopicState};
use platform::{
    db::{
        Tx,
        bulk::Bulk,
        lock::{for_key_update, for_update},
        prepared::{condition, one_of},
        schema::{topic_links, topics},
        types::{Json, RawId, UuidSql},
    },
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
        id::{TopicId, UserId},
        page::{Listing, Page},
        text::Line,
    },
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = topics)]
struct Row {
    id: TopicId,
    name: String,
    parent_id: Option<TopicId>,
    words: Json,
    owner_id: Option<UserId>,
    state: TopicState,
    merged_into: Option<TopicId>,
    created_at: Timestamp,
    version: i64,
}

impl Row {
    fn read(self) -> Result<Topic> {
        let fields = NewTopic {
            name: Line::stored(self.name),
            parent_id: self.parent_id,
            words: self.words.read()?,
            owner_id: self.owner_id,
            state: self.state,
        };
        let Self { id, merged_into, created_at, version, .. } = self;
        Ok(Topic { id, fields, merged_into, created_at, version })
    }
}

pub fn insert(tx: &mut Tx<'_>, topic: &Topic) -> Result<()> {
    let words = Json::of(&topic.fields.words)?;
    diesel::insert_into(topics::table)
        .values((
            topics::id.eq(topic.id),
            topics::name.eq(topic.fields.name.as_str()),
            topics::parent_id.eq(topic.fields.parent_id),
            topics::words.eq(words),
            topics::owner_id.eq(topic.fields.owner_id),
            topics::state.eq(topic.fields.state),
            topics::created_at.eq(topic.created_at),
            topics::version.eq(topic.version),
        ))
        .execute(tx.conn)?;
    Ok(())
}

pub fn update(tx: &mut Tx<'_>, topic: &Topic) -> Result<()> {
    let words = Json::of(&topic.fields.words)?;
    diesel::update(topics::table.find(topic.id))
        .set((
            topics::name.eq(topic.fields.name.as_str()),
            topics::parent_id.eq(topic.fields.parent_id),
            topics::words.eq(words),
            topics::owner_id.eq(topic.fields.owner_id),
            topics::state.eq(topic.fields.state),
            topics::merged_into.eq(topic.merged_into),
            topics::version.eq(topic.version),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// The topic with this id.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn get(tx: &mut Tx<'_>, id: TopicId) -> Result<Topic> {
    let row: Option<Row> =
        topics::table.find(id).select(Row::as_select()).first(tx.conn).optional()?;
    row.ok_or_else(|| Refusal::not_found("topic"))?.read()
}

/// The same, its row locked until the transaction ends.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn lock(tx: &mut Tx<'_>, id: TopicId) -> Result<Topic> {
    let row = topics::table.filter(topics::id.eq(id)).select(Row::as_select());
    let rows: Vec<Row> = for_update(row).load(tx.conn)?;
    rows.into_iter().next().ok_or_else(|| Refusal::not_found("topic"))?.read()
}

/// The topics with these ids, locked in the order of their ids.
pub fn lock_all(tx: &mut Tx<'_>, ids: &[TopicId]) -> Result<BTreeMap<TopicId, Topic>> {
    let rows = topics::table.filter(one_of(topics::id, ids)).order(topics::id);
    let rows: Vec<Row> = for_update(rows.select(Row::as_select())).load(tx.conn)?;
    rows.into_iter().map(|row| row.read().map(|topic| (topic.id, topic))).collect()
}

/// The same, and nobody links anything to them meanwhile: a link looks for its topic's key.
pub fn lock_keys(tx: &mut Tx<'_>, ids: &[TopicId]) -> Result<BTreeMap<TopicId, Topic>> {
    let rows = topics::table.filter(one_of(topics::id, ids)).order(topics::id);
    let rows: Vec<Row> = for_key_update(rows.select(Row::as_select())).load(tx.conn)?;
    rows.into_iter().map(|row| row.read().map(|topic| (topic.id, topic))).collect()
}

/// The topics with these ids, by them.
pub fn find_all(tx: &mut Tx<'_>, ids: &[TopicId]) -> Result<BTreeMap<TopicId, Topic>> {
    let rows = topics::table.filter(one_of(topics::id, ids)).select(Row::as_select());
    let rows: Vec<Row> = rows.load(tx.conn)?;
    rows.into_iter().map(|row| row.read().map(|topic| (topic.id, topic))).collect()
}

/// All topics that were not merged, in the order in which they were made.
pub fn live(tx: &mut Tx<'_>) -> Result<Vec<Topic>> {
    let live = topics::table.filter(condition("merged_into IS NULL")).order(topics::id);
    let rows: Vec<Row> = live.select(Row::as_select()).load(tx.conn)?;
    rows.into_iter().map(Row::read).collect()
}

/// A page of topics, newest first: those in this state, under this parent, merged or not.
///
/// # Errors
/// A cursor of another list.
pub fn list(
    tx: &mut Tx<'_>,
    state: Option<TopicState>,
    parent: Option<TopicId>,
    merged: bool,
    page: &Page,
) -> Result<Listing<Topic>> {
    let which = if merged { "merged_into IS NOT NULL" } else { "merged_into IS NULL" };
    let mut query = topics::table.filter(condition(which)).into_boxed();
    if let Some(state) = state {
        query = query.filter(topics::state.eq(state));
    }
    if let Some(parent) = parent {
        query = query.filter(topics::parent_id.eq(parent));
    }
    if let Some(before) = page.after::<TopicId>()? {
        query = query.filter(topics::id.lt(before));
    }
    let query = query.order(topics::id.desc()).limit(page.rows()).select(Row::as_select());
    let rows: Vec<Row> = query.load(tx.conn)?;
    let rows = rows.into_iter().map(Row::read).collect::<Result<Vec<_>>>()?;
    Ok(page.cut(rows, |row| row.id.to_string(), |row| row))
}

/// Has the children of a topic be another's.
pub fn move_children(tx: &mut Tx<'_>, from: TopicId, to: TopicId) -> Result<()> {
    let children =
        topics::table.filter(topics::parent_id.eq(from)).filter(condition("merged_into IS NULL"));
    diesel::update(children)
        .set((topics::parent_id.eq(Some(to)), topics::version.eq(topics::version + 1)))
        .execute(tx.conn)?;
    Ok(())
}

/// The topics of a subject, in the order of their ids.
pub fn links_of(tx: &mut Tx<'_>, subject: Uuid) -> Result<Vec<LinkedTopic>> {
    let rows: Vec<(TopicId, bool)> = topic_links::table
        .filter(topic_links::subject_id.eq(RawId(subject)))
        .order(topic_links::topic_id)
        .select((topic_links::topic_id, topic_links::suggested))
        .load(tx.conn)?;
    Ok(rows.into_iter().map(|(topic_id, suggested)| LinkedTopic { topic_id, suggested }).collect())
}

/// The same of many.
pub fn links_of_all(tx: &mut Tx<'_>, subjects: &[Uuid]) -> Result<HashMap<Uuid, Vec<LinkedTopic>>> {
    let subjects: Vec<RawId> = subjects.iter().copied().map(RawId).collect();
    let rows: Vec<(RawId, TopicId, bool)> = topic_links::table
        .filter(one_of(topic_links::subject_id, &subjects))
        .order((topic_links::subject_id, topic_links::topic_id))
        .select((topic_links::subject_id, topic_links::topic_id, topic_links::suggested))
        .load(tx.conn)?;
    let mut links: HashMap<Uuid, Vec<LinkedTopic>> = HashMap::new();
    for (RawId(subject), topic_id, suggested) in rows {
        links.entry(subject).or_default().push(LinkedTopic { topic_id, suggested });
    }
    Ok(links)
}

/// Deletes the links of a subject that nobody confirmed.
pub fn forget_suggestions(tx: &mut Tx<'_>, subject: Uuid) -> Result<()> {
    let theirs = topic_links::table.filter(topic_links::subject_id.eq(RawId(subject)));
    diesel::delete(theirs.filter(condition("suggested"))).execute(tx.conn)?;
    Ok(())
}

/// Deletes a subject's links to these topics.
pub fn unlink(tx: &mut Tx<'_>, subject: Uuid, topics: &[TopicId]) -> Result<()> {
    let theirs = topic_links::table.filter(topic_links::subject_id.eq(RawId(subject)));
    diesel::delete(theirs.filter(one_of(topic_links::topic_id, topics))).execute(tx.conn)?;
    Ok(())
}

/// Deletes all links of a subject but those to these topics.
pub fn forget_others(tx: &mut Tx<'_>, subject: Uuid, but: &[TopicId]) -> Result<()> {
    let theirs = topic_links::table.filter(topic_links::subject_id.eq(RawId(subject)));
    let others = diesel::dsl::not(one_of(topic_links::topic_id, but));
    diesel::delete(theirs.filter(others)).execute(tx.conn)?;
    Ok(())
}

/// Links a subject to topics; `confirmed_by` nobody: suggested. What was confirmed before stays as it
/// is.
pub fn link(
    tx: &mut Tx<'_>,
    subject: &Subject,
    topics: &[TopicId],
    confirmed_by: Option<&str>,
) -> Result<()> {
    let each = || topics.iter();
    Bulk::into("topic_links")
        .column("subject_id", each().map(|_| RawId(subject.id)))
        .column("topic_id", each().map(|topic| RawId::from(*topic)))
        .column("subject", each().map(|_| subject.kind.to_string()))
        .column("member_id", each().map(|_| RawId::from(subject.member)))
        .column("raised_at", each().map(|_| subject.raised_at))
        .column("suggested", each().map(|_| confirmed_by.is_none()))
        .column("confirmed_by", each().map(|_| confirmed_by.map(str::to_owned)))
        .tail(
            "ON CONFLICT (subject_id, topic_id) DO UPDATE SET suggested = excluded.suggested, \
             confirmed_by = excluded.confirmed_by WHERE topic_links.suggested",
        )
        .execute(tx.conn)?;
    Ok(())
}

/// Moves one topic's links and what was told of it to another's; of what both have, what was
/// confirmed wins, and what was said first.
pub fn move_links(tx: &mut Tx<'_>, from: TopicId, to: TopicId) -> Result<()> {
    const CONFIRM: &str = "UPDATE topic_links SET suggested = (1 = 0), confirmed_by = (
            SELECT moved.confirmed_by FROM topic_links moved
            WHERE moved.topic_id = $1 AND moved.subject_id = topic_links.subject_id)
        WHERE topic_id = $2 AND suggested AND subject_id IN (
            SELECT subject_id FROM topic_links WHERE topic_id = $1 AND NOT suggested)";
    const DROP_BOTH: &str = "DELETE FROM topic_links WHERE topic_id = $1 AND subject_id IN (
            SELECT subject_id FROM topic_links WHERE topic_id = $2)";
    const MOVE: &str = "UPDATE topic_links SET topic_id = $1 WHERE topic_id = $2";
    const TELL: &str = "INSERT INTO topic_told (topic_id, topic_state, member_id, announcement_id)
        SELECT $1, topic_state, member_id, announcement_id FROM topic_told WHERE topic_id = $2
        ON CONFLICT DO NOTHING";
    const FORGET: &str = "DELETE FROM topic_told WHERE topic_id = $1";
    // SQLite counts parameters by where each stands first
    let moves = [(CONFIRM, from, to), (DROP_BOTH, from, to), (MOVE, to, from), (TELL, to, from)];
    for (statement, first, second) in moves {
        diesel::sql_query(statement)
            .bind::<UuidSql, _>(first)
            .bind::<UuidSql, _>(second)
            .execute(tx.conn)?;
    }
    diesel::sql_query(FORGET).bind::<UuidSql, _>(from).execute(tx.conn)?;
    Ok(())
}
