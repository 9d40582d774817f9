//! What answers keep of a person: what they said, in numbers, which stay, and in words, which go.

use diesel::prelude::*;
use serde_json::json;

use super::{Answer, store};
use platform::{
    db::{
        Tx,
        personal::{
            Cursor, Erased,
            Fate::{self, Emptied, Stays},
            List, PAGE, Part, Rows, Subject,
        },
        schema::answers,
    },
    kernel::error::Result,
};

pub const PART: Part = Part {
    erase,
    lists: &[List { name: "answers", about: Some("What the member said in surveys."), page: list }],
    tables: &[
        (
            "answers",
            &[
                ("survey_id", Fate::ID),
                ("member_id", Fate::ID),
                ("ask_id", Fate::ID),
                ("external_id", Emptied),
                ("kind", Fate::WORD),
                ("category", Fate::WORD),
                ("channel", Fate::WORD),
                ("order_id", Fate::ID),
                ("tier", Stays("a group, as it was then: the score of last year does not move")),
                ("country", Stays("a group, as it was then")),
                ("locale", Stays("a group, as it was then")),
                ("state", Fate::WORD),
                ("recorded_by", Fate::ACTOR),
                ("void_reason", Fate::WORD),
                ("voided_by", Fate::ACTOR),
            ],
        ),
        ("answer_versions", &[("answer_id", Fate::ID), ("comment", Emptied)]),
    ],
    ..Part::EMPTY
};

fn erase(tx: &mut Tx<'_>, erased: &Erased) -> Result<()> {
    store::forget_words(tx, erased.id)
}

fn list(tx: &mut Tx<'_>, of: &Subject, after: Option<Cursor>) -> Result<Rows> {
    let rows: Vec<Answer> = answers::table
        .filter(answers::member_id.eq(of.id))
        .filter(answers::id.gt(Cursor::id(after)))
        .filter(answers::answered_at.le(of.as_of))
        .order(answers::id)
        .limit(PAGE)
        .select(Answer::as_select())
        .load(tx.conn)?;
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let mut versions = store::versions(tx, &ids)?;
    let show = |one: Answer| {
        let said: Vec<_> = versions
            .remove(&one.id)
            .unwrap_or_default()
            .into_iter()
            .map(|v| json!({"score": v.score, "comment": v.comment, "said_at": v.said_at}))
            .collect();
        let row = json!({
            "id": one.id, "survey_id": one.survey_id, "kind": one.kind, "score": one.score,
            "category": one.category, "channel": one.channel, "order_id": one.order_id,
            "external_id": one.external_id, "tier": one.tier, "country": one.country,
            "locale": one.locale, "state": one.state, "answered_at": one.answered_at,
            "edited_at": one.edited_at, "void_reason": one.void_reason, "ask_id": one.ask_id,
            "said": said,
        });
        (Cursor::Id(one.id.into()), row)
    };
    Ok(rows.into_iter().map(show).collect())
}
