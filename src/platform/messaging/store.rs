//! Rows of the outbox: SQL and nothing else.

use std::{collections::HashSet, time::Duration};

use diesel::prelude::*;

use super::letters::{Letter, Recipient};
use crate::{
    db::{
        DbConnection, Tx,
        bulk::Bulk,
        lock::for_update_skip_locked,
        prepared::{Condition, condition, one_of},
        schema::letters,
        types::{Json, RawId},
    },
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{LetterId, MemberId},
    },
};

crate::words! {
    /// Where a letter is on its way.
    pub enum LetterState {
        Queued = "queued",
        Sending = "sending",
        Sent = "sent",
        Failed = "failed",
        Suppressed = "suppressed",
    }
}

/// How long a claimed letter stays with its courier, by the wall's time: what one held that died
/// goes out so much later.
pub const LEASE: Duration = Duration::from_secs(55);

/// A letter that a courier holds.
#[derive(Clone, Debug, Queryable)]
pub struct Claimed {
    pub id: LetterId,
    pub member_id: Option<MemberId>,
    pub to_address: String,
    pub to_name: Option<String>,
    pub locale: String,
    pub context: Json,
    pub preference: Option<String>,
    /// How often it was tried, this time included.
    pub attempts: i64,
    /// How often its courier was lost, and how that one stood with it nobody knows.
    pub lost: i64,
    pub queued_at: Timestamp,
    state: LetterState,
}

/// The right to mark the letters of one claim.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Lease(RawId);

/// A letter to be queued.
#[derive(Clone)]
pub struct Queued {
    pub to: Recipient,
    pub letter: Letter,
    /// Says the occasion, such as `redeemed:red_…`: the second letter for one is not written.
    pub dedupe_key: String,
    /// When it goes out, where that is not at once.
    pub not_before: Option<Timestamp>,
}

/// A letter to be written; an unwanted one is kept as `suppressed`.
pub struct Row {
    pub id: LetterId,
    pub queued: Queued,
    /// Why it stays here.
    pub unwanted: Option<&'static str>,
}

/// Writes letters; answers how many, for those of an occasion that had one are left out.
pub fn insert_all(tx: &mut Tx<'_>, rows: &[Row]) -> Result<usize> {
    let state = |row: &Row| match row.unwanted {
        None => LetterState::Queued,
        Some(_) => LetterState::Suppressed,
    };
    let context = |Row { queued, unwanted, .. }: &Row| match unwanted {
        None => Json::of(&queued.letter),
        Some(_) => Json::of(&queued.letter.clone().masked()),
    };
    let preference = |row: &Row| row.queued.letter.preference().map(|p| p.name().to_owned());
    let to = |row: &Row| row.queued.to.clone();
    Bulk::into("letters")
        .column("id", rows.iter().map(|row| RawId::from(row.id)))
        .column("member_id", rows.iter().map(|row| row.queued.to.member_id.map(RawId::from)))
        .column("to_address", rows.iter().map(|row| to(row).email.as_str().to_owned()))
        .column("to_name", rows.iter().map(|row| to(row).name))
        .column("template", rows.iter().map(|row| row.queued.letter.template().to_owned()))
        .column("locale", rows.iter().map(|row| to(row).locale.to_string()))
        .column("context", rows.iter().map(context).collect::<Result<Vec<_>>>()?)
        .column("preference", rows.iter().map(preference))
        .column("dedupe_key", rows.iter().map(|row| row.queued.dedupe_key.clone()))
        .column("state", rows.iter().map(|row| state(row).as_str().to_owned()))
        .column("attempts", rows.iter().map(|_| 0))
        .column(
            "next_attempt_at",
            rows.iter().map(|row| row.queued.not_before.map_or(tx.now, |at| at.max(tx.now))),
        )
        .column("queued_at", rows.iter().map(|_| tx.now))
        .column("last_error", rows.iter().map(|row| row.unwanted.map(ToOwned::to_owned)))
        .tail("ON CONFLICT (dedupe_key) DO NOTHING")
        .execute(tx.conn)
}

/// Which of these occasions have a letter, whatever became of it.
pub fn known(tx: &mut Tx<'_>, dedupe_keys: &[String]) -> Result<HashSet<String>> {
    let known = letters::table.filter(one_of(letters::dedupe_key, dedupe_keys));
    let known: Vec<String> = known.select(letters::dedupe_key).load(tx.conn)?;
    Ok(known.into_iter().collect())
}

/// The letter of this occasion, once it was sent.
pub fn sent(tx: &mut Tx<'_>, dedupe_key: &str) -> Result<Option<LetterId>> {
    Ok(letters::table
        .filter(letters::dedupe_key.eq(dedupe_key))
        .filter(letters::state.eq(LetterState::Sent))
        .select(letters::id)
        .first(tx.conn)
        .optional()?)
}

/// What the index `letters_due` says of its rows, in its own words: SQLite makes use of a partial
/// index only where the query repeats them.
const IN_THE_INDEX: Condition = condition("state IN ('queued', 'sending')");

/// Takes at most `most` letters that are due, or whose courier let its lease run out, the longest
/// waiting first. Couriers on other servers get others.
pub fn claim(tx: &mut Tx<'_>, most: i64) -> Result<(Lease, Vec<Claimed>)> {
    let lease = Lease(RawId(tx.chance().uuid_v7(tx.wall)));
    // what is being sent was due before
    let due = letters::next_attempt_at.le(tx.now).and(
        letters::state.eq(LetterState::Queued).or(letters::state
            .eq(LetterState::Sending)
            .and(letters::lease_until.le(tx.wall).assume_not_null())),
    );
    let mut claimed: Vec<Claimed> = for_update_skip_locked(
        letters::table
            .filter(IN_THE_INDEX)
            .filter(due)
            .order((letters::next_attempt_at, letters::id))
            .limit(most)
            .select((
                letters::id,
                letters::member_id,
                letters::to_address,
                letters::to_name,
                letters::locale,
                letters::context,
                letters::preference,
                letters::attempts,
                letters::lost,
                letters::queued_at,
                letters::state,
            )),
    )
    .load(tx.conn)?;
    let held = (
        letters::state.eq(LetterState::Sending),
        letters::lease_until.eq(tx.wall.plus(LEASE)),
        letters::lease_token.eq(lease.0),
    );
    let mut ids = [Vec::new(), Vec::new()];
    for letter in &mut claimed {
        // a try whose courier was lost is tried again: it has been counted
        let was_lost = letter.state == LetterState::Sending;
        ids[usize::from(was_lost)].push(letter.id);
        letter.lost += i64::from(was_lost);
        letter.attempts += i64::from(!was_lost);
    }
    let [new, lost] = ids;
    if !new.is_empty() {
        diesel::update(letters::table.filter(letters::id.eq_any(new)))
            .set((held, letters::attempts.eq(letters::attempts + 1)))
            .execute(tx.conn)?;
    }
    if !lost.is_empty() {
        diesel::update(letters::table.filter(letters::id.eq_any(lost)))
            .set((held, letters::lost.eq(letters::lost + 1)))
            .execute(tx.conn)?;
    }
    claimed.sort_by_key(|letter| (letter.queued_at, letter.id));
    Ok((lease, claimed))
}

/// Holds the letters of a claim that are not marked yet for longer; answers until when.
pub fn hold(tx: &mut Tx<'_>, lease: Lease) -> Result<Timestamp> {
    let until = tx.wall.plus(LEASE);
    let mine = letters::table
        .filter(IN_THE_INDEX)
        .filter(letters::state.eq(LetterState::Sending))
        .filter(letters::lease_token.eq(lease.0));
    diesel::update(mine).set(letters::lease_until.eq(until)).execute(tx.conn)?;
    Ok(until)
}

/// What became of a letter.
#[derive(Clone, PartialEq, Debug)]
pub enum Outcome {
    /// Delivered. What is kept of it from now on has its secrets blotted out; `None`: all of it.
    Sent { kept: Option<Json> },
    /// Not yet: to be tried again at this instant of the program's time.
    Retry { at: Timestamp, error: String },
    /// The way is shut, which counts as no attempt: not before this instant of the program's time.
    Away { at: Timestamp, error: String },
    /// Never, unless somebody tries it again. What is kept has lost the secrets that can be asked
    /// for anew.
    Failed { error: String, kept: Option<Json>, no_mailbox: bool },
    /// Not wanted any more; its secrets are blotted out too.
    Suppressed { why: String, kept: Option<Json> },
    /// Given back untried; it does not count as an attempt. It waits until then, where it has to.
    GivenBack { until: Option<Timestamp> },
}

/// Marks a letter, where this lease still stands: `false` where another courier has it by now.
pub fn mark(tx: &mut Tx<'_>, id: LetterId, lease: Lease, outcome: &Outcome) -> Result<bool> {
    let mine = letters::table
        .filter(letters::id.eq(id))
        .filter(letters::state.eq(LetterState::Sending))
        .filter(letters::lease_token.eq(lease.0));
    let (state, error) = match outcome {
        Outcome::Sent { .. } => (LetterState::Sent, None),
        Outcome::Retry { error, .. } | Outcome::Away { error, .. } => {
            (LetterState::Queued, Some(shortened(error)))
        }
        Outcome::Failed { error, .. } => (LetterState::Failed, Some(shortened(error))),
        Outcome::Suppressed { why, .. } => (LetterState::Suppressed, Some(shortened(why))),
        Outcome::GivenBack { .. } => (LetterState::Queued, None),
    };
    let sent_at = (state == LetterState::Sent).then_some(tx.now);
    let released = (
        letters::state.eq(state),
        letters::last_error.eq(error),
        letters::sent_at.eq(sent_at),
        letters::lease_until.eq(None::<Timestamp>),
        letters::lease_token.eq(None::<RawId>),
    );
    let marked = match outcome {
        Outcome::Retry { at, .. } => diesel::update(mine)
            .set((released, letters::next_attempt_at.eq(*at)))
            .execute(tx.conn)?,
        Outcome::Sent { kept: Some(kept) }
        | Outcome::Failed { kept: Some(kept), .. }
        | Outcome::Suppressed { kept: Some(kept), .. } => diesel::update(mine)
            .set((released, letters::context.eq(kept.clone())))
            .execute(tx.conn)?,
        Outcome::GivenBack { until: None } => diesel::update(mine)
            .set((released, letters::attempts.eq(letters::attempts - 1)))
            .execute(tx.conn)?,
        Outcome::GivenBack { until: Some(at) } | Outcome::Away { at, .. } => diesel::update(mine)
            .set((
                released,
                letters::attempts.eq(letters::attempts - 1),
                letters::next_attempt_at.eq(*at),
            ))
            .execute(tx.conn)?,
        Outcome::Sent { kept: None }
        | Outcome::Failed { kept: None, .. }
        | Outcome::Suppressed { kept: None, .. } => {
            diesel::update(mine).set(released).execute(tx.conn)?
        }
    };
    Ok(marked > 0)
}

/// Enough of an error to understand it.
fn shortened(error: &str) -> String {
    error.chars().take(500).collect()
}

/// How many letters are still to go out.
pub fn waiting(conn: &mut DbConnection) -> Result<i64> {
    Ok(letters::table.filter(IN_THE_INDEX).count().get_result(conn)?)
}

/// When the next queued letter is due, by the program's time.
pub fn next_due(conn: &mut DbConnection) -> Result<Option<Timestamp>> {
    let queued = letters::table.filter(IN_THE_INDEX).filter(letters::state.eq(LetterState::Queued));
    let first = queued.order(letters::next_attempt_at).select(letters::next_attempt_at);
    Ok(first.first(conn).optional()?)
}
