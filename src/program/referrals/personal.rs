//! What referrals keep of a person: who brought whom.

use diesel::prelude::*;
use serde_json::json;

use crate::{
    db::{
        Tx,
        personal::{
            Cursor,
            Fate::{self, Stays},
            List, PAGE, Part, Rows, Subject,
        },
        schema::referrals,
    },
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{MemberId, ReferralId},
    },
};

pub const PART: Part = Part {
    lists: &[List { name: "referrals", about: None, page: referrals }],
    tables: &[(
        "referrals",
        &[
            ("referrer_id", Fate::ID),
            ("referee_id", Fate::ID),
            ("code", Stays("chance, and good for nothing any more")),
            ("state", Fate::WORD),
        ],
    )],
    ..Part::EMPTY
};

fn referrals(tx: &mut Tx<'_>, of: &Subject, after: Option<Cursor>) -> Result<Rows> {
    type Row = (ReferralId, MemberId, MemberId, String, String, Timestamp);
    let rows: Vec<Row> = referrals::table
        .filter(referrals::referrer_id.eq(of.id).or(referrals::referee_id.eq(of.id)))
        .filter(referrals::id.gt(Cursor::id(after)))
        .filter(referrals::joined_at.le(of.as_of))
        .order(referrals::id)
        .limit(PAGE)
        .select((
            referrals::id,
            referrals::referrer_id,
            referrals::referee_id,
            referrals::code,
            referrals::state,
            referrals::joined_at,
        ))
        .load(tx.conn)?;
    let show = |(id, referrer, referee, code, state, joined_at): Row| {
        let row = json!({
            "id": id, "referrer_id": referrer, "referee_id": referee, "code": code,
            "state": state, "joined_at": joined_at,
        });
        (Cursor::Id(id.into()), row)
    };
    Ok(rows.into_iter().map(show).collect())
}
