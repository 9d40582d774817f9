//! What was announced, and what is being written, as a list.

use serde::Serialize;

use super::{desk::Desk, frame::Frame, today::staff_names};
use platform::{
    db::Tx,
    http::{Answer, query::Query},
    kernel::{clock::Timestamp, locale::Reader},
};
use program::{
    announcements::{Announcement, AnnouncementState, service},
    topics,
};

/// An announcement, for a person.
#[derive(Serialize)]
struct Line {
    id: String,
    title: String,
    state: AnnouncementState,
    topics: Vec<String>,
    written_by: String,
    created_at: Timestamp,
    sent_at: Option<Timestamp>,
}

#[derive(Serialize)]
struct AnnouncementsPage {
    #[serde(flatten)]
    frame: Frame,
    state: String,
    states: Vec<&'static str>,
    announcements: Vec<Line>,
    next_cursor: Option<String>,
}

/// What it is called, as `reader` reads it.
pub(super) fn title(one: &Announcement, reader: &Reader) -> String {
    one.fields.title.read_by(reader).map(ToString::to_string).unwrap_or_default()
}

/// `GET /console/announcements?state=&cursor=`
pub async fn list(desk: Desk) -> Answer {
    let query = Query::parse(desk.visit.query(), &["state", "cursor", "done"])?;
    let state: Option<AnnouncementState> = match query.text("state") {
        None | Some("") => None,
        Some(_) => query.get("state")?,
    };
    let (page, reader) = (query.page()?, desk.visit.reader());
    let read = move |tx: &mut Tx<'_>| {
        let listing = service::list(tx, state, &page)?;
        let writers = listing.data.iter().map(|one| one.written_by.as_str());
        let names = staff_names(tx, writers)?;
        let ids: Vec<_> =
            listing.data.iter().flat_map(|one| one.fields.topic_ids.to_vec()).collect();
        let topics = topics::service::find_all(tx, &ids)?;
        Ok(listing.map(|one| Line {
            id: one.id.to_string(),
            title: title(&one, &reader),
            state: one.state,
            topics: one
                .fields
                .topic_ids
                .iter()
                .filter_map(|id| topics.get(id))
                .map(|topic| topic.fields.name.to_string())
                .collect(),
            written_by: names.get(&one.written_by).cloned().unwrap_or(one.written_by),
            created_at: one.created_at,
            sent_at: one.sent_at,
        }))
    };
    let listing = desk.store().read(read).await?;
    let page = AnnouncementsPage {
        frame: desk.frame("announcements", None),
        state: state.map(|state| state.to_string()).unwrap_or_default(),
        states: AnnouncementState::ALL.iter().map(|state| state.as_str()).collect(),
        announcements: listing.data,
        next_cursor: listing.next_cursor,
    };
    desk.page("announcements", None, &page)
}
