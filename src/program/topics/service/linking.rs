//! Linking topics to what members say: by its words, and by who read it.

use std::collections::{BTreeSet, HashMap};

use uuid::Uuid;

use crate::topics::{LinkedTopic, Subject, store, words::Said};
use platform::{
    auth::{Caller, users},
    db::Tx,
    kernel::{
        error::{Error, Refusal, Result},
        id::{TopicId, UserId},
    },
};

/// How many topics one subject is about at most.
const MOST_LINKS: usize = 20;

/// Suggests the topics whose words occur in what a member said, instead of those that were suggested
/// before; what was confirmed stays. Once when it is said, and again when its words are edited, in the
/// same transaction.
pub fn suggest(tx: &mut Tx<'_>, subject: &Subject, words: &str) -> Result<()> {
    store::forget_suggestions(tx, subject.id)?;
    let said = Said::new(words);
    let fits = store::live(tx)?.into_iter();
    let fits = fits.filter(|topic| topic.fields.words.occur_in(&said, &subject.locale));
    let mut fits: Vec<TopicId> = fits.map(|topic| topic.id).take(MOST_LINKS).collect();
    // somebody may merge one of them meanwhile: who does so has their keys, and waits for our links,
    // or we for the end of it
    loop {
        store::link(tx, subject, &fits, None)?;
        let merged = store::find_all(tx, &fits)?.into_values();
        let merged: Vec<(TopicId, TopicId)> =
            merged.filter_map(|topic| Some((topic.id, topic.merged_into?))).collect();
        if merged.is_empty() {
            return Ok(());
        }
        fits = merged.iter().map(|(_, into)| *into).collect();
        let gone: Vec<TopicId> = merged.into_iter().map(|(from, _)| from).collect();
        store::unlink(tx, subject.id, &gone)?;
    }
}

/// Says which topics a subject is about, all of them: those that are not named are its topics no
/// longer, confirmed or suggested. The member's row is locked.
///
/// # Errors
/// An unknown topic; one that was merged; too many.
pub fn confirm(
    tx: &mut Tx<'_>,
    subject: &Subject,
    topics: &[TopicId],
    by: &Caller,
) -> Result<Vec<LinkedTopic>> {
    let ids: Vec<TopicId> = topics.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
    if ids.len() > MOST_LINKS {
        let why = format!("must be at most {MOST_LINKS} topics");
        return Err(Refusal::field("/topic_ids", why).into());
    }
    let known = store::lock_all(tx, &ids)?;
    for (place, id) in topics.iter().enumerate() {
        let pointer = format!("/topic_ids/{place}");
        match known.get(id).map(|topic| topic.merged_into) {
            None => return Err(Refusal::not_found_at("topic", pointer).into()),
            Some(Some(into)) => {
                return Err(Refusal::field(pointer, format!("was merged: name {into}")).into());
            }
            Some(None) => {}
        }
    }
    store::forget_others(tx, subject.id, &ids)?;
    store::link(tx, subject, &ids, Some(&by.label()))?;
    store::links_of(tx, subject.id)
}

/// Takes a subject out of all its topics: it does not count any more.
pub fn forget(tx: &mut Tx<'_>, subject: Uuid) -> Result<()> {
    store::forget_others(tx, subject, &[])
}

/// The topics of these subjects; who has none is left out.
pub fn of_subjects(tx: &mut Tx<'_>, subjects: &[Uuid]) -> Result<HashMap<Uuid, Vec<LinkedTopic>>> {
    store::links_of_all(tx, subjects)
}

/// Who sees to what a subject is about: the owner of its first topic that has one, itself or by its
/// parent; what was confirmed goes before what was suggested. `None` where that is nobody, or they left.
pub fn owner_for(tx: &mut Tx<'_>, subject: Uuid) -> Result<Option<UserId>> {
    let mut links = store::links_of(tx, subject)?;
    links.sort_by_key(|link| (link.suggested, link.topic_id));
    let ids: Vec<TopicId> = links.iter().map(|link| link.topic_id).collect();
    let topics = store::find_all(tx, &ids)?;
    let parents: Vec<TopicId> =
        topics.values().filter_map(|topic| topic.fields.parent_id).collect();
    let parents = store::find_all(tx, &parents)?;
    let owner = |id: &TopicId| {
        let topic = topics.get(id)?;
        let parent = topic.fields.parent_id.and_then(|id| parents.get(&id));
        topic.fields.owner_id.or_else(|| parent?.fields.owner_id)
    };
    for owner in ids.iter().filter_map(owner) {
        match users::get(tx, owner) {
            Ok(user) => return Ok(Some(user.id)),
            Err(Error::Refused(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}
