//! Staff look for members by what their words begin with. What many have is found among the newest
//! members, what few have by its word: neither reads them all.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::{Member, store, tags::Tag, words};
use platform::{
    db::{Tx, clause::Clause, schema::member_words},
    kernel::{error::Result, id::MemberId},
};

/// How many members are looked at together.
const LOOKED_AT: i64 = 1000;
/// Where one of so many is found, going on looking at each is a short way.
const MANY: usize = 20;
/// Where fewer have a word, the index is asked for them; who else has to have it is seen at a look.
const FEW: i64 = 20 * LOOKED_AT;

/// What is looked for.
#[derive(Clone, Debug)]
pub struct Search(Vec<Beginning>);

impl Search {
    /// Words apart from each other.
    pub fn new(text: &str) -> Self {
        Self(text.split_whitespace().map(Beginning::new).collect())
    }

    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those who have a word for each that is looked for; newest first, those made before `after`.
    pub fn run(
        &self,
        tx: &mut Tx<'_>,
        tag: Option<&Tag>,
        after: Option<MemberId>,
        rows: i64,
    ) -> Result<Vec<Member>> {
        let wanted = usize::try_from(rows).unwrap_or(0);
        let mut seen = Seen { found: Vec::new(), last: after, looked_at: 0, are_all: false };
        let mut by = Vec::new();
        while seen.found.len() < wanted && !seen.are_all {
            self.look(tx, &mut seen, &by, tag)?;
            let are_few = seen.found.len() * MANY < seen.looked_at;
            if by.is_empty() && are_few && words::are_complete(tx)? {
                by = self.leading(tx)?;
            }
        }
        seen.found.truncate(wanted);
        Ok(seen.found)
    }

    /// Looks at the next of those that have all of these beginnings.
    fn look(
        &self,
        tx: &mut Tx<'_>,
        seen: &mut Seen,
        by: &[&Beginning],
        tag: Option<&Tag>,
    ) -> Result<()> {
        let next = if by.is_empty() {
            store::list(tx, None, tag, seen.last, LOOKED_AT)?
        } else {
            store::list(tx, Some(among(by, tag, seen.last)), None, None, LOOKED_AT)?
        };
        seen.are_all = i64::try_from(next.len()) != Ok(LOOKED_AT);
        seen.looked_at += next.len();
        seen.last = next.last().map(|member| member.id);
        let is_found = |member: &Member| {
            let words = words::of(member);
            self.0.iter().all(|beginning| beginning.is_in(&words))
        };
        seen.found.extend(next.into_iter().filter(is_found));
        Ok(())
    }

    /// Those by which the index leads to whoever is looked for: what not too many have, or else all.
    fn leading(&self, tx: &mut Tx<'_>) -> Result<Vec<&Beginning>> {
        let mut leading = Vec::new();
        for beginning in &self.0 {
            if beginning.have_few(tx)? {
                leading.push(beginning);
            }
        }
        Ok(if leading.is_empty() { self.0.iter().collect() } else { leading })
    }
}

/// What was seen so far.
struct Seen {
    found: Vec<Member>,
    last: Option<MemberId>,
    looked_at: usize,
    are_all: bool,
}

/// What a word begins with, folded: from there up to where no such word is any more.
#[derive(Clone, Debug)]
pub struct Beginning {
    from: String,
    to: String,
}

impl Beginning {
    fn new(word: &str) -> Self {
        let from = words::folded(word);
        // nobody's word goes on with the last of all characters
        let to = format!("{from}{}", char::MAX);
        Self { from, to }
    }

    /// Whether one of these words begins so.
    fn is_in(&self, words: &BTreeSet<String>) -> bool {
        words.range(self.from.clone()..).next().is_some_and(|word| word.starts_with(&self.from))
    }

    /// Whether not too many words begin so.
    fn have_few(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let begins = member_words::word.ge(&self.from).and(member_words::word.lt(&self.to));
        let some = member_words::table.filter(begins).limit(FEW);
        let some: Vec<MemberId> = some.select(member_words::member_id).load(tx.conn)?;
        Ok(i64::try_from(some.len()) != Ok(FEW))
    }
}

/// That a member is among the next of those who have all of these beginnings, and the tag. They are
/// found before any member is looked up, and by sets: PostgreSQL joins by loops alone.
fn among(by: &[&Beginning], tag: Option<&Tag>, after: Option<MemberId>) -> Clause {
    let mut clause = Clause::default();
    clause.sql("members.id IN (SELECT member_id FROM (");
    for (position, beginning) in by.iter().enumerate() {
        clause.sql(if position == 0 { "SELECT DISTINCT" } else { " INTERSECT SELECT" });
        clause.sql(" member_id FROM member_words WHERE word >= ");
        clause.text(beginning.from.clone());
        clause.sql(" AND word < ");
        clause.text(beginning.to.clone());
    }
    if let Some(tag) = tag {
        clause.sql(" INTERSECT SELECT member_id FROM member_tags WHERE tag = ");
        clause.text(tag.as_str().to_owned());
    }
    clause.sql(") AS named");
    if let Some(after) = after {
        clause.sql(" WHERE member_id < ");
        clause.id(after);
    }
    clause.sql(" ORDER BY member_id DESC LIMIT ");
    clause.number(LOOKED_AT);
    clause.sql(")");
    clause
}
