//! What perks keep of a person: what was given, and what was written about it.

use diesel::prelude::*;

use super::{Perk, PerkState};
use platform::{
    auth::Caller,
    db::{
        Tx,
        personal::{
            Cursor, Erased,
            Fate::{self, Emptied, Stays},
            List, PAGE, Part, Rows, Subject,
        },
        schema::perks,
    },
    kernel::error::Result,
};

pub const PART: Part = Part {
    erase,
    lists: &[List { name: "perks", about: None, page }],
    tables: &[
        (
            "perk_lists",
            &[
                ("user_id", Fate::ACTOR),
                ("perk", Stays("what is given to many; gone once all have it")),
            ],
        ),
        (
            "perk_list_lines",
            &[
                ("list_id", Fate::ID),
                ("member_id", Fate::ID),
                ("state", Fate::WORD),
                ("fault", Fate::WORD),
                ("perk_id", Fate::ID),
            ],
        ),
        (
            "perks",
            &[
                ("member_id", Fate::ID),
                ("kind", Fate::WORD),
                ("state", Fate::WORD),
                ("reward_id", Fate::ID),
                ("title", Emptied),
                ("reason", Emptied),
                ("message", Emptied),
                ("proposed_by", Fate::ACTOR),
                ("granted_by", Fate::ACTOR),
                ("budget_user_id", Fate::ACTOR),
                ("redemption_id", Fate::ID),
                ("ended_by", Fate::ACTOR),
                ("ended_reason", Emptied),
            ],
        ),
    ],
    ..Part::EMPTY
};

/// Empties what people wrote. What was proposed can't be given any more, and is declined.
fn erase(tx: &mut Tx<'_>, erased: &Erased) -> Result<()> {
    let theirs = perks::table.filter(perks::member_id.eq(erased.id));
    diesel::update(theirs.filter(perks::state.eq(PerkState::Proposed)))
        .set((
            perks::state.eq(PerkState::Declined),
            perks::ended_by.eq(Some(Caller::System.label())),
            perks::ended_at.eq(Some(tx.now)),
        ))
        .execute(tx.conn)?;
    let no_words = None::<String>;
    diesel::update(theirs)
        .set((
            perks::title.eq(&no_words),
            perks::reason.eq(&no_words),
            perks::message.eq(&no_words),
            perks::ended_reason.eq(&no_words),
        ))
        .execute(tx.conn)?;
    Ok(())
}

fn page(tx: &mut Tx<'_>, of: &Subject, after: Option<Cursor>) -> Result<Rows> {
    let rows: Vec<Perk> = perks::table
        .filter(perks::member_id.eq(of.id))
        .filter(perks::id.gt(Cursor::id(after)))
        .filter(perks::proposed_at.le(of.as_of))
        .order(perks::id)
        .limit(PAGE)
        .select(Perk::as_select())
        .load(tx.conn)?;
    rows.into_iter()
        .map(|perk| Ok((Cursor::Id(perk.id.into()), serde_json::to_value(&perk)?)))
        .collect()
}
