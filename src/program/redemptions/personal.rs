//! What redemptions keep of a person: what its points became.

use diesel::prelude::*;
use serde_json::json;

use platform::{
    db::{
        Tx,
        personal::{
            Cursor,
            Fate::{self, Stays},
            List, PAGE, Part, Rows, Subject,
        },
        schema::redemptions,
    },
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{RedemptionId, RewardId},
    },
};

pub const PART: Part = Part {
    lists: &[List { name: "redemptions", about: None, page: redemptions }],
    tables: &[
        (
            "redemptions",
            &[
                ("member_id", Fate::ID),
                ("reward_id", Fate::ID),
                ("state", Fate::WORD),
                ("order_ref", Fate::SHOPS),
                ("channel", Fate::SHOPS),
                ("placed_by", Fate::ACTOR),
            ],
        ),
        (
            "vouchers",
            &[
                ("code", Stays("chance, and whoever has it may use it")),
                ("uploaded", Stays("a code of the shop's, and whoever has it may use it")),
                ("redemption_id", Fate::ID),
                ("channel", Fate::SHOPS),
                ("location", Fate::SHOPS),
            ],
        ),
    ],
    ..Part::EMPTY
};

fn redemptions(tx: &mut Tx<'_>, of: &Subject, after: Option<Cursor>) -> Result<Rows> {
    type Row = (RedemptionId, RewardId, i64, i64, String, Option<String>, Timestamp, i64);
    let rows: Vec<Row> = redemptions::table
        .filter(redemptions::member_id.eq(of.id))
        .filter(redemptions::id.gt(Cursor::id(after)))
        .filter(redemptions::placed_at.le(of.as_of))
        .order(redemptions::id)
        .limit(PAGE)
        .select((
            redemptions::id,
            redemptions::reward_id,
            redemptions::quantity,
            redemptions::points,
            redemptions::state,
            redemptions::order_ref,
            redemptions::placed_at,
            redemptions::cancelled_quantity,
        ))
        .load(tx.conn)?;
    let show = |(id, reward, quantity, points, state, order_ref, placed_at, cancelled): Row| {
        let row = json!({
            "id": id, "reward_id": reward, "quantity": quantity, "cancelled_quantity": cancelled,
            "points": points,
            "state": state, "order_ref": order_ref, "placed_at": placed_at,
        });
        (Cursor::Id(id.into()), row)
    };
    Ok(rows.into_iter().map(show).collect())
}
