//! What asks keep of a person: what they were asked for, and when.

use diesel::prelude::*;
use serde_json::json;

use super::{Ask, service};
use platform::{
    db::{
        Tx,
        personal::{
            Cursor, Erased,
            Fate::{self, Stays},
            List, PAGE, Part, Rows, Subject,
        },
        schema::asks,
    },
    kernel::error::Result,
};

pub const PART: Part = Part {
    erase,
    lists: &[List { name: "asks", about: Some("What the member was asked for."), page: list }],
    tables: &[(
        "asks",
        &[
            ("member_id", Fate::ID),
            ("kind", Fate::WORD),
            ("reference", Stays("what the shop calls its own question")),
            ("survey_id", Fate::ID),
            ("occurrence", Stays("an id, or a number")),
            ("channel", Fate::WORD),
            ("state", Fate::WORD),
            ("reasons", Stays("words of ours")),
            ("order_id", Fate::ID),
            ("letter_id", Fate::ID),
        ],
    )],
    ..Part::EMPTY
};

fn erase(tx: &mut Tx<'_>, erased: &Erased) -> Result<()> {
    service::member_gone(tx, erased.id)
}

fn list(tx: &mut Tx<'_>, of: &Subject, after: Option<Cursor>) -> Result<Rows> {
    let rows: Vec<Ask> = asks::table
        .filter(asks::member_id.eq(of.id))
        .filter(asks::id.gt(Cursor::id(after)))
        .filter(asks::planned_at.le(of.as_of))
        .order(asks::id)
        .limit(PAGE)
        .select(Ask::as_select())
        .load(tx.conn)?;
    let show = |one: Ask| {
        let row = json!({
            "id": one.id, "kind": one.kind, "ref": one.reference, "channel": one.channel,
            "state": one.state, "reasons": one.reasons.0, "planned_at": one.planned_at,
            "sent_at": one.sent_at, "answered_at": one.answered_at, "points": one.points,
            "order_id": one.order_id, "answer_until": one.answer_until,
        });
        (Cursor::Id(one.id.into()), row)
    };
    Ok(rows.into_iter().map(show).collect())
}
