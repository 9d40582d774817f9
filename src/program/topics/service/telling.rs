//! Who raised topics, and who was told what became of them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use diesel::prelude::*;
use uuid::Uuid;

use crate::topics::{Topic, TopicState, store};
use platform::{
    db::{
        Tx,
        bulk::Bulk,
        prepared::{condition, one_of},
        schema::{topic_links, topic_told, topics},
        types::RawId,
    },
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{AnnouncementId, MemberId, TopicId},
    },
};

/// What became of these topics: themselves, or those that have their links now, by the ids given;
/// those that there are not are left out.
pub fn resolve(tx: &mut Tx<'_>, ids: &[TopicId]) -> Result<BTreeMap<TopicId, Topic>> {
    let mut all: BTreeMap<TopicId, Topic> = BTreeMap::new();
    let mut wanted: Vec<TopicId> = ids.to_vec();
    while !wanted.is_empty() {
        let found = store::find_all(tx, &wanted)?;
        wanted = found.values().filter_map(|topic| topic.merged_into).collect();
        wanted.retain(|id| !all.contains_key(id) && !found.contains_key(id));
        all.extend(found);
    }
    let last = |id: &TopicId| {
        let mut topic = all.get(id)?;
        while let Some(into) = topic.merged_into {
            topic = all.get(&into)?;
        }
        Some((*id, topic.clone()))
    };
    Ok(ids.iter().filter_map(last).collect())
}

/// The same, locked in the order of their ids: none of them is merged before the transaction ends.
/// The members' rows are locked.
pub fn lock_resolved(tx: &mut Tx<'_>, ids: &[TopicId]) -> Result<BTreeMap<TopicId, Topic>> {
    loop {
        let resolved = resolve(tx, ids)?;
        let live: BTreeSet<TopicId> = resolved.values().map(|topic| topic.id).collect();
        let live: Vec<TopicId> = live.into_iter().collect();
        let locked = store::lock_all(tx, &live)?;
        if locked.values().all(|topic| topic.merged_into.is_none()) {
            return Ok(resolved);
        }
    }
}

/// These topics and their parts, each with the one of these that it counts for.
pub(super) fn with_parts(tx: &mut Tx<'_>, ids: &[TopicId]) -> Result<Vec<(TopicId, TopicId)>> {
    let parts: Vec<(TopicId, Option<TopicId>)> = topics::table
        .filter(one_of(topics::parent_id.assume_not_null(), ids))
        .filter(condition("merged_into IS NULL"))
        .select((topics::id, topics::parent_id))
        .load(tx.conn)?;
    let own = ids.iter().map(|id| (*id, *id));
    let parts = parts.into_iter().filter_map(|(part, parent)| Some((part, parent?)));
    Ok(own.chain(parts).collect())
}

/// That a member raised some topics.
#[derive(Clone, Debug)]
pub struct First {
    /// Those of the topics asked for.
    pub topics: BTreeSet<TopicId>,
    /// What was said first about any of them, and when.
    pub subject: Uuid,
    pub raised_at: Timestamp,
}

/// Who raised one of these topics, or of their parts, in `[from, to)`: confirmed. The first so many
/// members behind `after` for whom `announcement` did not decide yet.
pub fn raisers(
    tx: &mut Tx<'_>,
    ids: &[TopicId],
    span: (Timestamp, Timestamp),
    announcement: AnnouncementId,
    after: Option<MemberId>,
    rows: i64,
) -> Result<Vec<MemberId>> {
    use platform::db::schema::announcement_letters as letters;
    let linked: Vec<TopicId> = with_parts(tx, ids)?.into_iter().map(|(id, _)| id).collect();
    let decided = letters::table.filter(letters::announcement_id.eq(announcement));
    let mut links = topic_links::table
        .filter(one_of(topic_links::topic_id, &linked))
        .filter(condition("NOT suggested"))
        .filter(topic_links::raised_at.ge(span.0))
        .filter(topic_links::raised_at.lt(span.1))
        .filter(topic_links::member_id.ne_all(decided.select(letters::member_id)))
        .into_boxed();
    if let Some(after) = after {
        links = links.filter(topic_links::member_id.gt(after));
    }
    let members = links.select(topic_links::member_id).distinct();
    Ok(members.order(topic_links::member_id).limit(rows).load(tx.conn)?)
}

/// Which of these topics each of these members raised, in themselves or in their parts, in `[from, to)`.
pub fn raised_by(
    tx: &mut Tx<'_>,
    ids: &[TopicId],
    span: (Timestamp, Timestamp),
    members: &[MemberId],
) -> Result<HashMap<MemberId, First>> {
    let pairs = with_parts(tx, ids)?;
    let linked: Vec<TopicId> = pairs.iter().map(|(id, _)| *id).collect();
    let rows: Vec<(MemberId, TopicId, RawId, Timestamp)> = topic_links::table
        .filter(one_of(topic_links::topic_id, &linked))
        .filter(one_of(topic_links::member_id, members))
        .filter(condition("NOT suggested"))
        .filter(topic_links::raised_at.ge(span.0))
        .filter(topic_links::raised_at.lt(span.1))
        .order((topic_links::raised_at, topic_links::subject_id))
        .select((
            topic_links::member_id,
            topic_links::topic_id,
            topic_links::subject_id,
            topic_links::raised_at,
        ))
        .load(tx.conn)?;
    let mut all: HashMap<MemberId, First> = HashMap::new();
    for (member, topic, RawId(subject), raised_at) in rows {
        let first = || First { topics: BTreeSet::new(), subject, raised_at };
        let counts_for = pairs.iter().filter(|(id, _)| *id == topic).map(|(_, asked)| *asked);
        all.entry(member).or_insert_with(first).topics.extend(counts_for);
    }
    Ok(all)
}

/// Which of these members were told of which of these topics in this state.
pub fn told(
    tx: &mut Tx<'_>,
    ids: &[TopicId],
    state: TopicState,
    members: &[MemberId],
) -> Result<HashSet<(MemberId, TopicId)>> {
    let rows: Vec<(MemberId, TopicId)> = topic_told::table
        .filter(one_of(topic_told::topic_id, ids))
        .filter(topic_told::topic_state.eq(state))
        .filter(one_of(topic_told::member_id, members))
        .select((topic_told::member_id, topic_told::topic_id))
        .load(tx.conn)?;
    Ok(rows.into_iter().collect())
}

/// Remembers who was told of which topic in this state: their rows are locked, and so are the topics'.
pub fn tell(
    tx: &mut Tx<'_>,
    announcement: AnnouncementId,
    state: TopicState,
    rows: &[(MemberId, TopicId)],
) -> Result<()> {
    Bulk::into("topic_told")
        .column("topic_id", rows.iter().map(|(_, topic)| RawId::from(*topic)))
        .column("topic_state", rows.iter().map(|_| state.to_string()))
        .column("member_id", rows.iter().map(|(member, _)| RawId::from(*member)))
        .column("announcement_id", rows.iter().map(|_| RawId::from(announcement)))
        .tail("ON CONFLICT DO NOTHING")
        .execute(tx.conn)?;
    Ok(())
}
