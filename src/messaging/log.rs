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
    pub to: String,
    /// A word of ours, such as `reward_redeemed`.
    pub template: String,
    pub locale: String,
    pub state: String,
    /// As it would be now: it is kept nowhere. None where the letter was emptied.
    pub subject: Option<String>,
    pub queued_at: Timestamp,
    pub sent_at: Option<Timestamp>,
}

/// What is read of a letter.
#[derive(Queryable, Selectable)]
#[diesel(table_name = letters)]
pub(super) struct Row {
    id: LetterId,
    to_address: String,
    template: String,
    locale: String,
    context: Json,
    state: String,
    queued_at: Timestamp,
    sent_at: Option<Timestamp>,
}

impl Row {
    /// For people; `sender` is who wrote it.
    pub(super) fn written(self, sender: &Sender) -> Written {
        let Self { id, to_address, template, locale, context, state, queued_at, sent_at } = self;
        let subject = subject_of(context, &locale, sender);
        Written { id, to: to_address, template, locale, state, subject, queued_at, sent_at }
    }
}

/// A member's newest letters; `sender` is who wrote them.
pub fn newest(
    tx: &mut Tx<'_>,
    member: MemberId,
    rows: i64,
    sender: &Sender,
) -> Result<Vec<Written>> {
    let theirs = letters::table.filter(letters::member_id.eq(member));
    let newest = theirs.order(letters::id.desc()).limit(rows).select(Row::as_select());
    let rows: Vec<Row> = newest.load(tx.conn)?;
    Ok(rows.into_iter().map(|row| row.written(sender)).collect())
}

fn subject_of(context: Json, locale: &str, sender: &Sender) -> Option<String> {
    let letter: Letter = context.read().ok()?;
    let language = locale.parse::<Locale>().map_or(Language::En, |locale| locale.language());
    subject(&letter.masked(), language, sender).ok()
}
