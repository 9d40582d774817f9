//! Staff look for members by what their words begin with. What many have is found among the newest
//! members, what few have by its word: neither reads them all.

use std::collections::BTreeSet;

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
/// Where one of so many is found, going on looking at each is a short way.
const MANY: usize = 20;
/// A word that fewer have leads to them by itself.
const FEW: i64 = 2 * LOOKED_AT;

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
        let next = store::list(tx, by, tag, seen.last, LOOKED_AT)?;
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

    /// Those by which the index leads to whoever is looked for: one that few have, or else all.
    fn leading(&self, tx: &mut Tx<'_>) -> Result<Vec<&Beginning>> {
        let (mut fewest, mut rarest) = (FEW, None);
        for beginning in &self.0 {
            let count = beginning.count(tx, fewest)?;
            if count < fewest {
                (fewest, rarest) = (count, Some(beginning));
            }
        }
        Ok(rarest.map_or_else(|| self.0.iter().collect(), |rarest| vec![rarest]))
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
        // no word has the last of all characters
        let to = format!("{from}{}", char::MAX);
        Self { from, to }
    }

    /// Whether one of these words begins so.
    fn is_in(&self, words: &BTreeSet<String>) -> bool {
        words.range(self.from.clone()..).next().is_some_and(|word| word.starts_with(&self.from))
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
