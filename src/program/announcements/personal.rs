//! What announcements keep of a person: which ones were for them.

use diesel::prelude::*;
use serde_json::json;

use super::NewAnnouncement;
use platform::{
    db::{
        Tx,
        personal::{Cursor, Fate, List, PAGE, Part, Rows, Subject},
        schema::{announcement_letters, announcements},
        types::Json,
    },
    kernel::{clock::Timestamp, error::Result, id::AnnouncementId},
};

pub const PART: Part = Part {
    lists: &[List {
        name: "announcements",
        about: Some("What the member was told of what became of what they had said."),
        page: told,
    }],
    tables: &[
        (
            "announcements",
            &[
                ("fields", Fate::NO_MEMBERS),
                ("state", Fate::NO_MEMBERS),
                ("written_by", Fate::ACTOR),
                ("approved_by", Fate::ACTOR),
            ],
        ),
        (
            "announcement_topics",
            &[
                ("announcement_id", Fate::NO_MEMBERS),
                ("topic_id", Fate::NO_MEMBERS),
                ("topic_state", Fate::NO_MEMBERS),
            ],
        ),
        (
            "announcement_letters",
            &[("announcement_id", Fate::ID), ("member_id", Fate::ID), ("left_out", Fate::WORD)],
        ),
    ],
    ..Part::EMPTY
};

fn told(tx: &mut Tx<'_>, of: &Subject, after: Option<Cursor>) -> Result<Rows> {
    let rows: Vec<(AnnouncementId, Json, Timestamp)> = announcement_letters::table
        .inner_join(
            announcements::table.on(announcements::id.eq(announcement_letters::announcement_id)),
        )
        .filter(announcement_letters::member_id.eq(of.id))
        .filter(announcement_letters::left_out.is_null())
        .filter(announcement_letters::announcement_id.gt(Cursor::id(after)))
        .filter(announcement_letters::decided_at.le(of.as_of))
        .order(announcement_letters::announcement_id)
        .limit(PAGE)
        .select((announcements::id, announcements::fields, announcement_letters::decided_at))
        .load(tx.conn)?;
    let row = |(id, fields, at): (AnnouncementId, Json, Timestamp)| {
        let NewAnnouncement { title, body, .. } = fields.read()?;
        let row = json!({"announcement_id": id, "title": title, "body": body, "told_at": at});
        Ok((Cursor::Id(id.into()), row))
    };
    rows.into_iter().map(row).collect()
}
