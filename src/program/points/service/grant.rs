//! Points that a storefront or staff post by hand: `earn` and `adjust`.

mod asked;

use std::collections::{BTreeMap, BTreeSet};

use self::asked::{Asked, asked};
use crate::{
    budget, due,
    ledger::{self, Answer, Book, Entry, Explanation, Posting, Source, explain},
    members,
};
use platform::{
    auth::{Caller, Scope},
    db::Tx,
    kernel::{
        clock::Timestamp,
        error::{Error, Refusal, Result},
        id::{MemberId, UserId},
        locale::Language,
        zone::Zone,
    },
    settings::{self, Settings},
    words,
};

words! {
    /// What may be posted by hand.
    pub enum GrantKind { Earn = "earn", Adjust = "adjust" }
}

/// Points to be posted by hand.
#[derive(Clone, Debug)]
pub struct Grant {
    pub member: MemberId,
    pub kind: GrantKind,
    /// Signed; negative for adjustments alone.
    pub points: i64,
    pub reason: String,
    /// Type and id, the caller's own.
    pub source: Option<(String, String)>,
    pub available_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
    pub occurred_at: Option<Timestamp>,
    pub channel: Option<String>,
}

/// Whether this caller may post this at all; limits and budgets come with [`post_all`].
///
/// # Errors
/// [`Refusal::Forbidden`], or [`Refusal::Invalid`] where the grant makes no sense.
pub fn may(caller: &Caller, grant: &Grant) -> Result<(), Refusal> {
    match grant.kind {
        GrantKind::Earn => caller.storefront(Scope::EntriesEarn)?,
        GrantKind::Adjust if grant.points < 0 => caller.admin()?,
        GrantKind::Adjust => caller.staff()?,
    }
    if grant.kind == GrantKind::Earn && grant.points < 0 {
        return Err(Refusal::field(
            "/points",
            "must be at least 1: only `adjust` takes points away",
        ));
    }
    if let Some((kind, _)) = &grant.source
        && Source::OWN.contains(&kind.as_str())
    {
        return Err(Refusal::field(
            "/source/type",
            format!("{kind:?} is the server's own; choose another word"),
        ));
    }
    if grant.points < 0 && (grant.available_at.is_some() || grant.expires_at.is_some()) {
        let field = if grant.available_at.is_some() { "/available_at" } else { "/expires_at" };
        return Err(Refusal::field(field, "is for points that come, not for points that go"));
    }
    Ok(())
}

/// What was given, and how its receiver is told.
#[derive(Clone, Debug)]
pub struct Given {
    pub entry: Entry,
    /// The source was known, with the same values: this is the first entry.
    pub repeated: bool,
    /// The member's.
    pub language: Language,
    /// The program's.
    pub zone: Zone,
}

impl Given {
    /// Why the entry is what it is, as its receiver is told.
    #[must_use]
    pub fn explanation(&self) -> Explanation {
        explain(&self.entry, self.language, &self.zone)
    }
}

/// Posts grants in order, each decided on its own: a refusal touches its row alone and writes
/// nothing. Each has passed [`may`]. The receivers' rows are locked first, so that no points come
/// to somebody who is being erased.
///
/// Refused are an unknown or erased member, dates that can't be, what goes beyond staff's limit and
/// budget, and what the ledger refuses.
pub fn post_all(tx: &mut Tx<'_>, asks: &[(Caller, Grant)]) -> Result<Vec<Result<Given, Refusal>>> {
    let settings = settings::service::get(tx)?;
    let ids: BTreeSet<MemberId> = asks.iter().map(|(_, grant)| grant.member).collect();
    let members = members::service::many::lock_all(tx, &ids)?;
    if asks.iter().any(|(_, grant)| grant.points < 0) {
        due::settle(tx, &members.keys().copied().collect())?;
    }
    if asks.len() > 1 && asks.iter().any(|(caller, _)| budget::owner(caller).is_some()) {
        // accounts are locked in the order of their ids, and those rows are posted one by one
        ledger::settle(tx, &members.keys().copied().collect::<Vec<_>>())?;
    }
    let mut answers: BTreeMap<usize, Answer> = BTreeMap::new();
    let mut waiting = Vec::new();
    for (place, (caller, grant)) in asks.iter().enumerate() {
        let receiver = members.get(&grant.member);
        match asked(tx.now, caller, grant, receiver, &settings) {
            Err(refusal) => drop(answers.insert(place, Err(refusal))),
            Ok(asked) => match budget::owner(caller) {
                None => waiting.push((place, asked)),
                Some(user) => {
                    post_waiting(tx, &mut waiting, &mut answers)?;
                    let answer = post_within_budget(tx, user, asked, grant.points, &settings)?;
                    answers.insert(place, answer);
                }
            },
        }
    }
    post_waiting(tx, &mut waiting, &mut answers)?;
    let given = |(answer, (_, grant)): (Answer, &(Caller, Grant))| {
        let posted = match answer {
            Ok(posted) => posted,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let entry = posted.entry.ok_or_else(|| Error::internal("a grant without an entry"))?;
        let locale = members.get(&grant.member).map_or(&settings.locale, |member| &member.locale);
        let (language, zone) = (locale.language(), settings.time_zone.clone());
        Ok(Ok(Given { entry, repeated: posted.repeated, language, zone }))
    };
    answers.into_values().zip(asks).map(given).collect()
}

/// Posts what waits, all of it at once.
fn post_waiting(
    tx: &mut Tx<'_>,
    waiting: &mut Vec<(usize, Asked)>,
    answers: &mut BTreeMap<usize, Answer>,
) -> Result<()> {
    let (places, asked): (Vec<usize>, Vec<Asked>) = waiting.drain(..).unzip();
    if !asked.is_empty() {
        answers.extend(places.into_iter().zip(post_asked(tx, asked)?));
    }
    Ok(())
}

/// Posts in order; of what can't be posted now, a repeat is still answered by the first.
fn post_asked(tx: &mut Tx<'_>, asked: Vec<Asked>) -> Result<Vec<Answer>> {
    let (postings, flaws): (Vec<Posting>, Vec<Option<Refusal>>) =
        asked.into_iter().map(|Asked { posting, flaw }| (posting, flaw)).unzip();
    let mut book = Book::open(tx, &postings)?;
    let mut answers = Vec::with_capacity(postings.len());
    for (posting, flaw) in postings.iter().zip(flaws) {
        answers.push(match flaw {
            None => book.post(tx, posting),
            Some(flaw) => book.repeated(posting).and_then(|first| first.ok_or(flaw)),
        });
    }
    book.close(tx)?;
    Ok(answers)
}

/// Posts one gift of a staff user, if it is within limit and budget. They are asked after the
/// deed: what was given before is given, whatever the budget says now.
fn post_within_budget(
    tx: &mut Tx<'_>,
    user: UserId,
    asked: Asked,
    points: i64,
    settings: &Settings,
) -> Result<Answer> {
    let outcome = tx.savepoint(|tx| {
        let answer = post_asked(tx, vec![asked])?.pop();
        let posted = answer.ok_or_else(|| Error::internal("a gift without an answer"))??;
        if !posted.repeated {
            within_limit(points, settings)?;
            budget::check(tx, user, points, settings)?;
        }
        Ok(posted)
    });
    match outcome {
        Ok(posted) => Ok(Ok(posted)),
        Err(Error::Refused(refusal)) => Ok(Err(refusal)),
        Err(error) => Err(error),
    }
}

fn within_limit(points: i64, settings: &Settings) -> Result<(), Refusal> {
    let limit = settings.staff_perk_limit_points.get();
    if points > limit {
        return Err(Refusal::LimitReached(format!(
            "an adjustment of yours is at most {limit} points: ask an admin"
        )));
    }
    Ok(())
}
