//! What was written to a member, as people look it up.

use diesel::prelude::*;
use serde::Serialize;

use super::letters::{Letter, Sender, subject};
use crate::{
    db::{Tx, schema::letters, types::Json},
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{LetterId, MemberId},
        locale::{Language, Locale},
    },
};

/// A letter, and what became of it.
#[derive(Clone, Debug, Serialize)]
pub struct Written {
    pub id: LetterId,
    /// A word of ours, such as `reward_redeemed`.
    pub template: String,
    /// None where the letter was emptied.
    pub subject: Option<String>,
    pub state: String,
    pub queued_at: Timestamp,
    pub sent_at: Option<Timestamp>,
}

/// A member's newest letters; `sender` is who wrote them.
pub fn newest(
    tx: &mut Tx<'_>,
    member: MemberId,
    rows: i64,
    sender: &Sender,
) -> Result<Vec<Written>> {
    type Row = (LetterId, String, String, Json, String, Timestamp, Option<Timestamp>);
    let rows: Vec<Row> = letters::table
        .filter(letters::member_id.eq(member))
        .order(letters::id.desc())
        .limit(rows)
        .select((
            letters::id,
            letters::template,
            letters::locale,
            letters::context,
            letters::state,
            letters::queued_at,
            letters::sent_at,
        ))
        .load(tx.conn)?;
    let written = |(id, template, locale, context, state, queued_at, sent_at): Row| {
        let subject = subject_of(context, &locale, sender);
        Written { id, template, subject, state, queued_at, sent_at }
    };
    Ok(rows.into_iter().map(written).collect())
}

/// A letter's subject as it would be now: it is kept nowhere. None where the letter was emptied.
pub(super) fn subject_of(context: Json, locale: &str, sender: &Sender) -> Option<String> {
    let letter: Letter = context.read().ok()?;
    let language = locale.parse::<Locale>().map_or(Language::En, |locale| locale.language());
    subject(&letter.masked(), language, sender).ok()
}
