//! Merging two topics that turned out to be one.

use super::lock_tree;
use crate::topics::{Topic, store};
use platform::{
    db::Tx,
    kernel::{
        error::{Refusal, Result},
        id::TopicId,
    },
};

/// Merges a topic into another: what was linked to it is linked to that one, by who raised it and when;
/// what was told of it counts as told of that one; its parts become that one's. It stays, and says where
/// it went. The same again changes nothing.
///
/// # Errors
/// No such topic; one that was merged into another before. With `/into` at fault: itself, a part of it, one
/// that was merged, one that can't have its parts.
pub fn merge(tx: &mut Tx<'_>, id: TopicId, into: TopicId) -> Result<Topic> {
    let all = lock_tree(tx)?;
    let mut both = store::lock_keys(tx, &[id, into])?;
    let mut topic = both.remove(&id).ok_or_else(|| Refusal::not_found("topic"))?;
    let wrong = |why: &str| Refusal::field("/into", why).into();
    if id == into {
        return Err(wrong("must be another topic"));
    }
    match topic.merged_into {
        Some(before) if before == into => return Ok(topic),
        Some(_) => return Err(Topic::is_merged("merged").into()),
        None => {}
    }
    let target = both.remove(&into).ok_or_else(|| Refusal::not_found_at("topic", "/into"))?;
    if target.merged_into.is_some() {
        return Err(wrong("must be a topic that was not merged"));
    }
    if target.fields.parent_id == Some(id) {
        return Err(wrong("must not be a part of the topic: merge it the other way"));
    }
    let parts_of =
        |parent: TopicId| all.iter().filter(move |it| it.fields.parent_id == Some(parent));
    if target.fields.parent_id.is_some() && parts_of(id).next().is_some() {
        return Err(wrong("must be a topic that is a part of none, for this one has parts"));
    }
    let name = |topic: &Topic| topic.fields.name.as_str().to_lowercase();
    if parts_of(id).any(|part| parts_of(into).any(|other| name(part) == name(other))) {
        return Err(wrong("has a part of the same name: merge those parts first"));
    }
    store::move_children(tx, id, into)?;
    store::move_links(tx, id, into)?;
    topic.merged_into = Some(into);
    topic.version += 1;
    store::update(tx, &topic)?;
    Ok(topic)
}
