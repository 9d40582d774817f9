//! The words by which members are found: those of their names, their e-mails and their external ids.

use std::collections::BTreeSet;

use diesel::prelude::*;
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use super::{Member, store};
use platform::{
    db::{
        Store, Tx, bulk::Bulk, meta, prepared::one_of, schema::member_words, stride::Stride,
        types::RawId,
    },
    kernel::{error::Result, id::MemberId},
};

/// Behind these a word begins within a word: a second name, an e-mail's domain, a number.
const WITHIN: [char; 8] = ['-', '@', '\'', '’', '.', '_', '+', '/'];

/// The work that an upgrade left: those of whose ids it has come past have their words.
const UP_TO: &str = "words_up_to";

/// Keeps the words of members.
pub(super) fn keep_all<'a>(
    tx: &mut Tx<'_>,
    members: impl Iterator<Item = &'a Member>,
) -> Result<()> {
    let words = members
        .flat_map(|member| of(member).into_iter().map(|word| (word, RawId::from(member.id))));
    let mut words: Vec<(String, RawId)> = words.collect();
    if words.is_empty() {
        return Ok(());
    }
    // neighbours in the table come together
    words.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    let (words, ids): (Vec<String>, Vec<RawId>) = words.into_iter().unzip();
    Bulk::into("member_words")
        .column("word", words)
        .column("member_id", ids)
        .tail("ON CONFLICT DO NOTHING")
        .execute(tx.conn)?;
    Ok(())
}

/// Keeps those of a member as it is now, in place of those that it had.
pub(super) fn change(tx: &mut Tx<'_>, before: &Member, now: &Member) -> Result<()> {
    let (old, new) = (of(before), of(now));
    if old == new {
        return Ok(());
    }
    let old: Vec<String> = old.into_iter().collect();
    let theirs = member_words::table
        .filter(one_of(member_words::word, &old))
        .filter(member_words::member_id.eq(before.id));
    diesel::delete(theirs).execute(tx.conn)?;
    keep_all(tx, std::iter::once(now))
}

/// Keeps the words of those who were members before there were any; where it is ended in the middle,
/// the next time goes on.
///
/// # Errors
/// The database's own.
pub async fn catch_up(store: &Store) -> Result<()> {
    if store.read(are_complete).await? {
        return Ok(());
    }
    let mut stride = Stride::of_command(store, 10_000);
    loop {
        let many = stride.next();
        let rows = i64::try_from(many).unwrap_or(i64::MAX);
        let (is_done, taken) = stride.timed(store, move |tx| catch_up_some(tx, rows)).await?;
        if is_done {
            return Ok(());
        }
        stride.goes_by(many, &taken);
        stride.pause().await;
    }
}

/// Whether all who are members have their words.
pub(super) fn are_complete(tx: &mut Tx<'_>) -> Result<bool> {
    Ok(meta::left_at(tx, UP_TO)?.is_none())
}

/// Those of so many members; answers whether there is nothing left to do.
fn catch_up_some(tx: &mut Tx<'_>, rows: i64) -> Result<bool> {
    let Some(place) = meta::left_at(tx, UP_TO)? else { return Ok(true) };
    let after = Uuid::from_slice(&place).ok().map(MemberId::from_uuid);
    let some = store::lock_after(tx, after, rows)?;
    keep_all(tx, some.iter())?;
    let last = some.last().map(|member| member.id.uuid().as_bytes().to_vec());
    meta::leave_at(tx, UP_TO, last)?;
    Ok(false)
}

/// A member's words, folded. They are deleted by what this answers of the row as it was: where it is
/// to answer something else, all words have to be made anew.
pub(super) fn of(member: &Member) -> BTreeSet<String> {
    let texts = [&member.given_name, &member.family_name, &member.email, &member.external_id];
    let folded = texts.into_iter().flatten().map(|text| folded(text));
    folded.flat_map(|text| text.split_whitespace().flat_map(ends).collect::<Vec<_>>()).collect()
}

/// What is the same to who looks for it: either case, either way to write an accent, an s at the end or
/// not, a dot on an I or not.
pub(super) fn folded(text: &str) -> String {
    text.to_lowercase().nfc().collect::<String>().replace('ς', "σ").replace("i\u{307}", "i")
}

/// A word, and what of it begins within; an e-mail's domain is one.
fn ends(word: &str) -> impl Iterator<Item = String> + '_ {
    let up_to = word.find('@').map_or(word.len(), |at| at + 1);
    let within = word[..up_to].match_indices(WITHIN).map(|(at, sign)| &word[at + sign.len()..]);
    std::iter::once(word).chain(within).filter(|end| !end.is_empty()).map(ToOwned::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_begin_within_words() {
        let ends = |word| ends(word).collect::<Vec<_>>();
        assert_eq!(ends("anna-maría"), ["anna-maría", "maría"]);
        assert_eq!(ends("bo@shop.example"), ["bo@shop.example", "shop.example"]);
        assert_eq!(ends("o'brien"), ["o'brien", "brien"]);
        assert_eq!(ends("a.b@c.d"), ["a.b@c.d", "b@c.d", "c.d"]);
        assert_eq!(ends("shop_4711/7"), ["shop_4711/7", "4711/7", "7"]);
        assert_eq!(ends("-"), ["-"]);
    }

    #[test]
    fn what_looks_the_same_folds_to_the_same() {
        for (one, other) in
            [("ÞÓRDÍS", "þo\u{301}rdi\u{301}s"), ("ΚΩΣ", "κωσ"), ("İBRAHIM", "ibrahim")]
        {
            assert_eq!(folded(one), folded(other));
        }
    }
}
