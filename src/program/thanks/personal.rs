//! What thanks keep of a person: what was written to thank them.

use super::{ThanksBody, gone, store};
use platform::{
    auth::Caller,
    db::{
        Tx,
        personal::{
            Cursor, Erased,
            Fate::{self, Emptied},
            List, PAGE, Part, Rows, Subject,
        },
    },
    kernel::error::Result,
};

pub const PART: Part = Part {
    erase,
    lists: &[List { name: "thanks", about: None, page }],
    tables: &[(
        "thanks",
        &[
            ("member_id", Fate::ID),
            ("for_type", Fate::WORD),
            ("for_id", Fate::ID),
            ("category", Fate::WORD),
            ("state", Fate::WORD),
            ("way", Fate::WORD),
            ("owner_id", Fate::ACTOR),
            ("given_by", Fate::ACTOR),
            ("perk_id", Fate::ID),
            ("message", Emptied),
            ("waived_by", Fate::ACTOR),
            ("waive_reason", Emptied),
        ],
    )],
    ..Part::EMPTY
};

/// What is owed still is waived, and the words go.
fn erase(tx: &mut Tx<'_>, erased: &Erased) -> Result<()> {
    gone::waive(tx, erased.id, Caller::System.label())?;
    gone::forget_words(tx, erased.id)
}

fn page(tx: &mut Tx<'_>, of: &Subject, after: Option<Cursor>) -> Result<Rows> {
    let rows = store::of_member(tx, of.id, Cursor::id(after), of.as_of, PAGE)?;
    rows.into_iter()
        .map(|row| {
            let cursor = Cursor::Id(row.id.into());
            Ok((cursor, serde_json::to_value(ThanksBody::of(row, of.as_of))?))
        })
        .collect()
}
