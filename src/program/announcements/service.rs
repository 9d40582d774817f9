//! Writing announcements, having another person send them, and working them off.

mod audience;
mod sending;

pub use audience::{audience, preview, readers};
pub use sending::{begin, send_due, work};

use super::{Announcement, AnnouncementChanges, AnnouncementState, NewAnnouncement, store};
use crate::topics::{self, TopicState};
use platform::{
    auth::Caller,
    db::{Tx, types::Json},
    kernel::{
        error::{Refusal, Result},
        id::AnnouncementId,
        page::{Listing, Page},
        version::Versions,
    },
    settings,
};

pub use store::get;

/// Writes a draft.
///
/// # Errors
/// Fields that contradict each other; an unknown topic, one that was merged or is open, topics in
/// different states.
pub fn add(tx: &mut Tx<'_>, fields: NewAnnouncement, by: &Caller) -> Result<Announcement> {
    let fields = fields.settled(&settings::service::get(tx)?)?;
    state_of(tx, &fields)?;
    let one = Announcement {
        id: tx.new_id(),
        fields,
        state: AnnouncementState::Draft,
        written_by: by.label(),
        approved_by: None,
        created_at: tx.now,
        approved_at: None,
        sent_at: None,
        version: 1,
    };
    store::insert(tx, &one)?;
    Ok(one)
}

/// The state that all its topics are in.
fn state_of(tx: &mut Tx<'_>, fields: &NewAnnouncement) -> Result<TopicState> {
    let known = topics::service::find_all(tx, &fields.topic_ids)?;
    let mut all: Option<TopicState> = None;
    for (place, id) in fields.topic_ids.iter().enumerate() {
        let pointer = format!("/topic_ids/{place}");
        let wrong = |why: String| Err(Refusal::field(pointer.clone(), why).into());
        let Some(topic) = known.get(id) else {
            return Err(Refusal::not_found_at("topic", pointer).into());
        };
        if let Some(into) = topic.merged_into {
            return wrong(format!("was merged: name {into}"));
        }
        let state = topic.fields.state;
        if state == TopicState::Open {
            return wrong("is open: say first whether it is planned, changed or declined".into());
        }
        if all.is_some_and(|all| all != state) {
            return wrong(format!("is {state}, and others are not: announce them apart"));
        }
        all = Some(state);
    }
    all.ok_or_else(|| Refusal::field("/topic_ids", "must be one topic at least").into())
}

/// Changes a draft that is still of one of these versions; what changes nothing makes no new one. Who
/// changes it wrote it.
///
/// # Errors
/// No such announcement; another version; one that is no draft any more; otherwise as [`add`].
pub fn change(
    tx: &mut Tx<'_>,
    id: AnnouncementId,
    changes: &AnnouncementChanges,
    seen: &Versions,
    by: &Caller,
) -> Result<Announcement> {
    let before = store::lock(tx, id)?;
    seen.check(before.version)?;
    if before.state != AnnouncementState::Draft {
        return Err(before.state.cannot_become(AnnouncementState::Draft).into());
    }
    let fields = changes.apply(&before.fields)?.settled(&settings::service::get(tx)?)?;
    if Json::of(&fields)? == Json::of(&before.fields)? {
        return Ok(before);
    }
    state_of(tx, &fields)?;
    let written_by = by.label();
    let one = Announcement { fields, written_by, version: before.version + 1, ..before };
    store::update(tx, &one)?;
    Ok(one)
}

/// Has a draft sent by another person than who wrote it last; `seen`: as it was read. Its letters are
/// written by the chore from then on, for its topics in the state that they are in now. One that was sent
/// stays as it is.
///
/// # Errors
/// No such announcement; another version; [`Refusal::SamePerson`], admins too; one that was cancelled;
/// topics that became open, or differ in their states by now.
pub fn send(
    tx: &mut Tx<'_>,
    id: AnnouncementId,
    seen: &Versions,
    by: &Caller,
) -> Result<Announcement> {
    use AnnouncementState::{Approved, Cancelled, Draft, Sending, Sent};
    let mut one = store::lock(tx, id)?;
    match one.state {
        Draft => seen.check(one.version)?,
        Approved | Sending | Sent => return Ok(one),
        Cancelled => return Err(one.state.cannot_become(Approved).into()),
    }
    if one.written_by == by.label() {
        return Err(Refusal::SamePerson.into());
    }
    let state = state_of(tx, &one.fields)?;
    store::keep_topics(tx, id, &one.fields.topic_ids, state)?;
    one.state = Approved;
    one.approved_by = Some(by.label());
    one.approved_at = Some(tx.now);
    one.version += 1;
    store::update(tx, &one)?;
    Ok(one)
}

/// Cancels an announcement: letters that were written stay, and no others are. A cancelled one stays as
/// it is.
///
/// # Errors
/// No such announcement; one that was sent.
pub fn cancel(tx: &mut Tx<'_>, id: AnnouncementId) -> Result<Announcement> {
    let mut one = store::lock(tx, id)?;
    match one.state {
        AnnouncementState::Cancelled => return Ok(one),
        AnnouncementState::Sent => {
            return Err(one.state.cannot_become(AnnouncementState::Cancelled).into());
        }
        _ => {}
    }
    one.state = AnnouncementState::Cancelled;
    one.version += 1;
    store::update(tx, &one)?;
    Ok(one)
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
    store::list(tx, state, page)
}
