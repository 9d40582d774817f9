//! Keeping topics, linking them to what members say, and remembering who was told of them.

mod figures;
mod linking;
mod merging;
mod telling;

pub use figures::{Counts, Month, Raised, counts, raised, waiting};
pub use linking::{confirm, forget, of_subjects, owner_for, suggest};
pub use merging::merge;
pub use telling::{First, lock_resolved, raised_by, raisers, resolve, tell, told};

use super::{MOST, NewTopic, Topic, TopicChanges, TopicState, store};
use platform::{
    auth::users,
    db::{Tx, lock::named_lock},
    kernel::{
        error::{Refusal, Result},
        id::{TopicId, UserId},
        page::{Listing, Page},
        version::Versions,
    },
};

pub use store::{find_all, get, live};

/// Whoever adds, changes or merges topics waits for who does so already: what they are beside each
/// other is no single row's to say.
fn lock_tree(tx: &mut Tx<'_>) -> Result<Vec<Topic>> {
    named_lock(tx.conn, b"topics..")?;
    store::live(tx)
}

/// Adds a topic.
///
/// # Errors
/// A name that a sibling has; a parent that is a part of another or was merged; an unknown parent or
/// owner; [`Refusal::LimitReached`].
pub fn add(tx: &mut Tx<'_>, fields: NewTopic) -> Result<Topic> {
    let all = lock_tree(tx)?;
    if all.len() >= MOST {
        return Err(Refusal::LimitReached(format!("there are {MOST} topics: merge some")).into());
    }
    let id = tx.new_id();
    check_place(&all, id, &fields)?;
    check_parent(tx, &all, id, &fields)?;
    check_owner(tx, fields.owner_id)?;
    let topic = Topic { id, fields, merged_into: None, created_at: tx.now, version: 1 };
    store::insert(tx, &topic)?;
    Ok(topic)
}

/// Changes a topic that is still of one of these versions; what changes nothing makes no new one.
///
/// # Errors
/// No such topic; another version; one that was merged; otherwise as [`add`].
pub fn change(
    tx: &mut Tx<'_>,
    id: TopicId,
    changes: &TopicChanges,
    seen: &Versions,
) -> Result<Topic> {
    let all = lock_tree(tx)?;
    let before = store::lock(tx, id)?;
    seen.check(before.version)?;
    if before.merged_into.is_some() {
        return Err(Topic::is_merged(before.fields.state.as_str()).into());
    }
    let fields = changes.apply(&before.fields)?;
    if fields == before.fields {
        return Ok(before);
    }
    check_place(&all, id, &fields)?;
    if fields.parent_id != before.fields.parent_id {
        check_parent(tx, &all, id, &fields)?;
    }
    if fields.owner_id != before.fields.owner_id {
        check_owner(tx, fields.owner_id)?;
    }
    let topic = Topic { fields, version: before.version + 1, ..before };
    store::update(tx, &topic)?;
    Ok(topic)
}

/// No two siblings have one name, in whatever case.
fn check_place(all: &[Topic], id: TopicId, fields: &NewTopic) -> Result<(), Refusal> {
    let name = fields.name.as_str().to_lowercase();
    let is_beside = |other: &&Topic| other.id != id && other.fields.parent_id == fields.parent_id;
    let same = |other: &Topic| other.fields.name.as_str().to_lowercase() == name;
    if all.iter().filter(is_beside).any(same) {
        return Err(Refusal::field("/name", "is the name of another topic beside it"));
    }
    Ok(())
}

/// Two levels, and no more.
fn check_parent(tx: &mut Tx<'_>, all: &[Topic], id: TopicId, fields: &NewTopic) -> Result<()> {
    let Some(parent) = fields.parent_id else { return Ok(()) };
    let wrong = |why: &str| Err(Refusal::field("/parent_id", why).into());
    if parent == id {
        return wrong("must be another topic");
    }
    if all.iter().any(|other| other.fields.parent_id == Some(id)) {
        return wrong("must be null: the topic has parts of its own, and there are two levels");
    }
    match all.iter().find(|other| other.id == parent) {
        Some(parent) if parent.fields.parent_id.is_some() => {
            wrong("must be a topic that is a part of none: there are two levels")
        }
        Some(_) => Ok(()),
        None if store::find_all(tx, &[parent])?.is_empty() => {
            Err(Refusal::not_found_at("topic", "/parent_id").into())
        }
        None => wrong("must be a topic that was not merged"),
    }
}

fn check_owner(tx: &mut Tx<'_>, owner: Option<UserId>) -> Result<()> {
    let Some(owner) = owner else { return Ok(()) };
    users::get(tx, owner).map_err(|error| error.at("/owner_id"))?;
    Ok(())
}

/// A topic and its parts: whatever is linked to one of them is about it.
pub fn with_its_parts(tx: &mut Tx<'_>, id: TopicId) -> Result<Vec<TopicId>> {
    Ok(telling::with_parts(tx, &[id])?.into_iter().map(|(part, _)| part).collect())
}

/// Which topics are asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sought {
    pub state: Option<TopicState>,
    pub parent: Option<TopicId>,
    /// Those that were merged, and no others.
    pub merged: bool,
}

/// A page of topics, newest first.
///
/// # Errors
/// A cursor of another list.
pub fn list(tx: &mut Tx<'_>, sought: Sought, page: &Page) -> Result<Listing<Topic>> {
    store::list(tx, sought.state, sought.parent, sought.merged, page)
}
