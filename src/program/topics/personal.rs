//! What topics keep of a person: which ones the member raised, and of which they were told.

use diesel::prelude::*;
use serde_json::json;

use super::store;
use platform::{
    db::{
        Tx,
        personal::{Cursor, Erased, Fate, List, PAGE, Part, Rows, Subject},
        prepared::{condition, one_of},
        schema::topic_links,
    },
    kernel::{clock::Timestamp, error::Result, id::TopicId},
};

pub const PART: Part = Part {
    erase,
    lists: &[List {
        name: "topics",
        about: Some("What the member's answers are about, as staff or the words in them say."),
        page: topics,
    }],
    tables: &[
        (
            "topics",
            &[
                ("name", Fate::NO_MEMBERS),
                ("parent_id", Fate::NO_MEMBERS),
                ("words", Fate::NO_MEMBERS),
                ("owner_id", Fate::NO_MEMBERS),
                ("state", Fate::NO_MEMBERS),
                ("merged_into", Fate::NO_MEMBERS),
            ],
        ),
        (
            "topic_links",
            &[
                ("subject_id", Fate::ID),
                ("topic_id", Fate::ID),
                ("subject", Fate::WORD),
                ("member_id", Fate::ID),
                ("confirmed_by", Fate::ACTOR),
            ],
        ),
        (
            "topic_told",
            &[
                ("topic_id", Fate::ID),
                ("topic_state", Fate::WORD),
                ("member_id", Fate::ID),
                ("announcement_id", Fate::ID),
            ],
        ),
    ],
    ..Part::EMPTY
};

/// What the member raised stays as a number; what was only suggested goes, for its words are gone.
fn erase(tx: &mut Tx<'_>, erased: &Erased) -> Result<()> {
    let theirs = topic_links::table.filter(topic_links::member_id.eq(erased.id));
    diesel::delete(theirs.filter(condition("suggested"))).execute(tx.conn)?;
    Ok(())
}

/// Each topic once, with when the member raised it first.
fn topics(tx: &mut Tx<'_>, of: &Subject, after: Option<Cursor>) -> Result<Rows> {
    let theirs = || {
        topic_links::table
            .filter(topic_links::member_id.eq(of.id))
            .filter(topic_links::raised_at.le(of.as_of))
    };
    let page: Vec<TopicId> = theirs()
        .filter(topic_links::topic_id.gt(Cursor::id(after)))
        .select(topic_links::topic_id)
        .distinct()
        .order(topic_links::topic_id)
        .limit(PAGE)
        .load(tx.conn)?;
    let topics = store::find_all(tx, &page)?;
    let links: Vec<(TopicId, Timestamp, bool)> = theirs()
        .filter(one_of(topic_links::topic_id, &page))
        .order(topic_links::raised_at)
        .select((topic_links::topic_id, topic_links::raised_at, topic_links::suggested))
        .load(tx.conn)?;
    let row = |id: TopicId| {
        let of_this = || links.iter().filter(|(topic, ..)| *topic == id);
        let row = json!({
            "topic_id": id,
            "name": topics.get(&id).map(|topic| topic.fields.name.as_str()),
            "raised_at": of_this().map(|(_, at, _)| at).next(),
            "times": of_this().count(),
            "confirmed": of_this().any(|(.., suggested)| !suggested),
        });
        (Cursor::Id(id.into()), row)
    };
    Ok(page.into_iter().map(row).collect())
}
