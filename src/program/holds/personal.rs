//! What holds keep of a person: what was set aside, for which order of the shop's.

use diesel::prelude::*;
use serde_json::json;

use platform::{
    db::{
        Tx,
        personal::{Cursor, Fate, List, PAGE, Part, Rows, Subject},
        schema::holds,
    },
    kernel::{clock::Timestamp, error::Result, id::HoldId},
};

pub const PART: Part = Part {
    lists: &[List { name: "holds", about: None, page: holds }],
    tables: &[
        (
            "holds",
            &[
                ("member_id", Fate::ID),
                ("order_ref", Fate::SHOPS),
                ("state", Fate::WORD),
                ("placed_by", Fate::ACTOR),
            ],
        ),
        ("hold_parts", &[("hold_id", Fate::ID), ("member_id", Fate::ID)]),
    ],
    ..Part::EMPTY
};

fn holds(tx: &mut Tx<'_>, of: &Subject, after: Option<Cursor>) -> Result<Rows> {
    type Row =
        (i64, HoldId, String, i64, i64, String, String, Timestamp, Timestamp, Option<Timestamp>);
    let rows: Vec<Row> = holds::table
        .filter(holds::member_id.eq(of.id))
        .filter(holds::seq.gt(Cursor::seq(after)))
        .filter(holds::placed_at.le(of.as_of))
        .order(holds::seq)
        .limit(PAGE)
        .select((
            holds::seq,
            holds::id,
            holds::order_ref,
            holds::points,
            holds::captured_points,
            holds::state,
            holds::placed_by,
            holds::placed_at,
            holds::expires_at,
            holds::ended_at,
        ))
        .load(tx.conn)?;
    let show =
        |(seq, id, order_ref, points, captured, state, by, at, expires_at, ended_at): Row| {
            let row = json!({
                "id": id, "order_ref": order_ref, "points": points, "captured_points": captured,
                "state": state, "actor": by, "placed_at": at, "expires_at": expires_at,
                "ended_at": ended_at,
            });
            (Cursor::Seq(seq), row)
        };
    Ok(rows.into_iter().map(show).collect())
}
