//! Staff look for members by what their words begin with. What many have is found among the newest
//! members, what few have by its word: neither reads them all.

use diesel::{
    dsl::{And, GtEq, Lt},
    prelude::*,
    sql_types::Bool,
};

use super::{Member, store, tags::Tag, words};
use platform::{
    db::{
        Tx,
        connection::MultiBackend,
        schema::{member_words, members},
    },
    kernel::{error::Result, id::MemberId},
};

/// How many members are looked at together.
const LOOKED_AT: i64 = 1000;

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
        let mut seen = Seen { found: Vec::new(), last: after, are_all: false };
        self.look(tx, &mut seen, None, tag)?;
        if seen.found.len() < wanted && !seen.are_all {
            let rarest = self.rarest(tx)?;
            while seen.found.len() < wanted && !seen.are_all {
                self.look(tx, &mut seen, rarest, tag)?;
            }
        }
        seen.found.truncate(wanted);
        Ok(seen.found)
    }

    /// Looks at the next of those with a beginning.
    fn look(
        &self,
        tx: &mut Tx<'_>,
        seen: &mut Seen,
        beginning: Option<&Beginning>,
        tag: Option<&Tag>,
    ) -> Result<()> {
        let next = store::list(tx, beginning, tag, seen.last, LOOKED_AT)?;
        seen.are_all = i64::try_from(next.len()) != Ok(LOOKED_AT);
        seen.last = next.last().map(|member| member.id);
        let is_found = |member: &Member| self.0.iter().all(|word| word.is_of(member));
        seen.found.extend(next.into_iter().filter(is_found));
        Ok(())
    }

    /// What the fewest have, as far as it is worth to know.
    fn rarest(&self, tx: &mut Tx<'_>) -> Result<Option<&Beginning>> {
        let mut rarest: Option<(i64, &Beginning)> = None;
        for beginning in &self.0 {
            let most = rarest.map_or(i64::MAX, |(count, _)| count).min(10 * LOOKED_AT);
            let count = beginning.count(tx, most)?;
            if rarest.is_none() || count < most {
                rarest = Some((count, beginning));
            }
        }
        Ok(rarest.map(|(_, beginning)| beginning))
    }
}

/// What was seen so far.
struct Seen {
    found: Vec<Member>,
    last: Option<MemberId>,
    are_all: bool,
}

/// What a word begins with, in lower case: from there up to where no such word is any more.
#[derive(Clone, Debug)]
pub struct Beginning {
    from: String,
    to: String,
}

impl Beginning {
    fn new(word: &str) -> Self {
        let from = word.to_lowercase();
        // no word has the last of all characters
        let to = format!("{from}{}", char::MAX);
        Self { from, to }
    }

    /// Whether one of a member's words begins so.
    fn is_of(&self, member: &Member) -> bool {
        words::of(member).iter().any(|word| word.starts_with(&self.from))
    }

    /// How many words begin so; at most `most` are counted.
    fn count(&self, tx: &mut Tx<'_>, most: i64) -> Result<i64> {
        let words = member_words::table.filter(self.words()).limit(most);
        let counted = words.select(member_words::member_id).load::<MemberId>(tx.conn)?;
        Ok(i64::try_from(counted.len()).unwrap_or(i64::MAX))
    }

    /// That a member is among those who have such a word.
    pub fn is_among_words(&self) -> Condition {
        let those = member_words::table.filter(self.words()).select(member_words::member_id);
        Box::new(members::id.eq_any(those))
    }

    fn words(&self) -> Within {
        member_words::word.ge(self.from.clone()).and(member_words::word.lt(self.to.clone()))
    }
}

type Within = And<GtEq<member_words::word, String>, Lt<member_words::word, String>>;
type Condition = Box<dyn BoxableExpression<members::table, MultiBackend, SqlType = Bool>>;
