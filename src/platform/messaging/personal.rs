//! What is kept of a person's letters: the letters themselves, and which ones it does not want.

use std::collections::BTreeSet;

use diesel::prelude::*;
use serde_json::json;

use super::{letters::Sender, log::Row, preferences, suppressions};
use crate::{
    db::{
        Tx,
        personal::{
            Cursor, Erased, Fact,
            Fate::{self, Deleted, Emptied, Stays},
            PAGE, Part, Rows, Subject,
        },
        schema::{letters, members, preferences as switches},
        types::{Json, RawId},
    },
    kernel::{clock::Timestamp, error::Result, id::LetterId, text::Email},
};

pub const PREFERENCES: Part = Part {
    erase: forget_preferences,
    facts: &[Fact {
        name: "preferences",
        read: |tx, of| Ok(json!(preferences::of(tx.conn, of.id)?)),
    }],
    tables: &[("preferences", &[("member_id", Deleted), ("name", Deleted)])],
    ..Part::EMPTY
};

/// Its list is [`letters`], which takes more than this floor knows.
pub const LETTERS: Part = Part {
    erase: empty_letters,
    tables: &[(
        "letters",
        &[
            ("member_id", Fate::ID),
            ("to_address", Emptied),
            ("to_name", Emptied),
            ("template", Fate::WORD),
            ("locale", Stays("the language it was written in")),
            ("context", Emptied),
            ("preference", Fate::WORD),
            ("dedupe_key", Stays("ids of ours, or chance")),
            ("state", Fate::WORD),
            ("lease_token", Emptied),
            ("last_error", Emptied),
        ],
    )],
    ..Part::EMPTY
};

/// Why mail to a person's addresses comes back, if it does. It goes with the letters, which alone
/// know the addresses of old.
pub const SUPPRESSIONS: Part = Part {
    tables: &[(
        "suppressions",
        &[("email_key", Deleted), ("reason", Deleted), ("detail", Deleted)],
    )],
    ..Part::EMPTY
};

fn forget_preferences(tx: &mut Tx<'_>, erased: &Erased) -> Result<()> {
    diesel::delete(switches::table.filter(switches::member_id.eq(erased.id))).execute(tx.conn)?;
    Ok(())
}

/// What was or is to be written to the member, at whichever address, the confirmation of its own
/// sign-up included, and what is known of those addresses. A courier that holds one finds its lease
/// gone, and writes nothing back.
fn empty_letters(tx: &mut Tx<'_>, erased: &Erased) -> Result<()> {
    let written: Vec<(LetterId, String)> = letters::table
        .filter(letters::member_id.eq(erased.id))
        .select((letters::id, letters::to_address))
        .load(tx.conn)?;
    let mut theirs: Vec<LetterId> = written.iter().map(|(id, _)| *id).collect();
    let emails = written.iter().filter_map(|(_, to)| to.parse().ok());
    let emails: Vec<Email> = emails.chain(erased.email.clone()).collect();
    let keys: BTreeSet<String> = emails.iter().map(|email| email.key().to_owned()).collect();
    let another_s = held_by_others(tx, &keys, erased)?;
    let enrolled_at: Option<Timestamp> = members::table
        .filter(members::id.eq(erased.id))
        .select(members::enrolled_at)
        .first(tx.conn)
        .optional()?;
    let before_anyone_was_a_member: Vec<(LetterId, String, Timestamp)> = letters::table
        .filter(letters::member_id.is_null())
        .filter(letters::template.eq("sign_up_confirmation"))
        .select((letters::id, letters::to_address, letters::queued_at))
        .load(tx.conn)?;
    // the same address may have been written otherwise then; who has it by now signed up later
    let is_theirs = |(_, to, at): &(LetterId, String, Timestamp)| {
        to.parse::<Email>().is_ok_and(|to| {
            keys.contains(to.key())
                && (!another_s.contains(to.key()) || enrolled_at.is_some_and(|since| *at <= since))
        })
    };
    let signed_up = before_anyone_was_a_member.into_iter().filter(is_theirs);
    theirs.extend(signed_up.map(|(id, ..)| id));
    for email in emails.iter().filter(|email| !another_s.contains(email.key())) {
        suppressions::forget(tx, email)?;
    }
    let unsent = letters::state.eq("queued").or(letters::state.eq("sending"));
    diesel::update(letters::table.filter(letters::id.eq_any(&theirs)).filter(unsent))
        .set(letters::state.eq("suppressed"))
        .execute(tx.conn)?;
    diesel::update(letters::table.filter(letters::id.eq_any(&theirs)))
        .set((
            letters::to_address.eq(""),
            letters::to_name.eq(None::<String>),
            letters::context.eq(Json(serde_json::json!({}))),
            letters::last_error.eq(None::<String>),
            letters::lease_until.eq(None::<Timestamp>),
            letters::lease_token.eq(None::<RawId>),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Which of these addresses, by their keys, another member has by now.
fn held_by_others(
    tx: &mut Tx<'_>,
    keys: &BTreeSet<String>,
    erased: &Erased,
) -> Result<BTreeSet<String>> {
    let keys: Vec<String> = keys.iter().cloned().collect();
    let held: Vec<Option<String>> = members::table
        .filter(members::id.ne(erased.id))
        .filter(members::email_key.eq_any(keys).assume_not_null())
        .select(members::email_key)
        .load(tx.conn)?;
    Ok(held.into_iter().flatten().collect())
}

/// What was written to a member; `sender` is who wrote it.
pub fn letters(
    tx: &mut Tx<'_>,
    of: &Subject,
    after: Option<Cursor>,
    sender: &Sender,
) -> Result<Rows> {
    let rows: Vec<Row> = letters::table
        .filter(letters::member_id.eq(of.id))
        .filter(letters::id.gt(Cursor::id(after)))
        .filter(letters::queued_at.le(of.as_of))
        .order(letters::id)
        .limit(PAGE)
        .select(Row::as_select())
        .load(tx.conn)?;
    let told = |row: Row| {
        let written = row.written(sender);
        Ok((Cursor::Id(written.id.into()), serde_json::to_value(written)?))
    };
    rows.into_iter().map(told).collect()
}
