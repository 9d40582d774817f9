//! Asks' rows.

use std::collections::{BTreeSet, HashMap};

use diesel::{dsl::sql, prelude::*, sql_types::BigInt};

use super::{
    Ask, AskKind, AskState,
    governor::{Past, YEAR},
    service::Sought,
};
use platform::{
    db::{
        Tx,
        bulk::Bulk,
        prepared::{Condition, condition, one_of},
        schema::{asks, letters},
        types::{Json, RawId},
    },
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
        id::{AskId, MemberId, OrderId, SurveyId},
        page::{Listing, Page},
    },
};

/// What the index `asks_due` says of its rows.
const WAITING: Condition = condition("send_at IS NOT NULL");
/// What the index `asks_sent` says of its rows.
const SENT: Condition = condition("sent_at IS NOT NULL");

/// Writes new asks; answers how many, for what was asked for a cause once is not asked again.
pub fn insert_all(tx: &mut Tx<'_>, new: &[Ask]) -> Result<usize> {
    Bulk::into("asks")
        .column("id", new.iter().map(|ask| RawId::from(ask.id)))
        .column("member_id", new.iter().map(|ask| RawId::from(ask.member_id)))
        .column("kind", new.iter().map(|ask| ask.kind.as_str().to_owned()))
        .column("reference", new.iter().map(|ask| ask.reference.clone()))
        .column("survey_id", new.iter().map(|ask| ask.survey_id.map(RawId::from)))
        .column("occurrence", new.iter().map(|ask| ask.occurrence.clone()))
        .column("rank", new.iter().map(|ask| ask.rank))
        .column("channel", new.iter().map(|ask| ask.channel.as_str().to_owned()))
        .column("state", new.iter().map(|ask| ask.state.as_str().to_owned()))
        .column("reasons", new.iter().map(|ask| ask.reasons.clone()))
        .column("order_id", new.iter().map(|ask| ask.order_id.map(RawId::from)))
        .column("points", new.iter().map(|ask| ask.points))
        .column("planned_at", new.iter().map(|ask| ask.planned_at))
        .column("due_at", new.iter().map(|ask| ask.due_at))
        .column("send_at", new.iter().map(|ask| ask.send_at))
        .column("sent_at", new.iter().map(|ask| ask.sent_at))
        .column("answer_until", new.iter().map(|ask| ask.answer_until))
        .tail("ON CONFLICT (member_id, reference, occurrence) DO NOTHING")
        .execute(tx.conn)
}

pub fn update(tx: &mut Tx<'_>, ask: &Ask) -> Result<()> {
    diesel::update(asks::table.find(ask.id)).set(ask).execute(tx.conn)?;
    Ok(())
}

/// The ask with this id.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn get(tx: &mut Tx<'_>, id: AskId) -> Result<Ask> {
    let ask: Option<Ask> =
        asks::table.find(id).select(Ask::as_select()).first(tx.conn).optional()?;
    ask.ok_or_else(|| Refusal::not_found("ask").into())
}

/// Which of these causes have an ask of this reference already.
pub fn known(
    tx: &mut Tx<'_>,
    reference: &str,
    members: &[MemberId],
    occurrences: &[String],
) -> Result<BTreeSet<(MemberId, String)>> {
    let rows: Vec<(MemberId, String)> = asks::table
        .filter(one_of(asks::member_id, members))
        .filter(asks::reference.eq(reference.to_owned()))
        .filter(one_of(asks::occurrence, occurrences))
        .select((asks::member_id, asks::occurrence))
        .load(tx.conn)?;
    Ok(rows.into_iter().collect())
}

/// Whose are up to `most` asks of a survey whose time has come, the longest due first.
pub fn due_of(tx: &mut Tx<'_>, survey: SurveyId, most: i64) -> Result<Vec<MemberId>> {
    Ok(asks::table
        .filter(WAITING)
        .filter(asks::send_at.le(tx.now))
        .filter(asks::survey_id.eq(survey))
        .order((asks::due_at, asks::id))
        .limit(most)
        .select(asks::member_id)
        .load(tx.conn)?)
}

/// All asks of these members whose time has come, by their rank.
pub fn due_among(tx: &mut Tx<'_>, members: &[MemberId]) -> Result<Vec<Ask>> {
    Ok(asks::table
        .filter(WAITING)
        .filter(asks::send_at.le(tx.now))
        .filter(one_of(asks::member_id, members))
        .order((asks::rank, asks::due_at, asks::id))
        .select(Ask::as_select())
        .load(tx.conn)?)
}

/// When the next ask is to be tried, after now and by `until` at the latest.
pub fn next_due(tx: &mut Tx<'_>, until: Timestamp) -> Result<Option<Timestamp>> {
    let next: Option<Option<Timestamp>> = asks::table
        .filter(WAITING)
        .filter(asks::send_at.gt(tx.now))
        .filter(asks::send_at.le(until))
        .order(asks::send_at)
        .select(asks::send_at)
        .first(tx.conn)
        .optional()?;
    Ok(next.flatten())
}

/// What these members were asked within so long that it still counts. A letter that never got
/// there, or was not wanted after all, gives the time back.
pub fn past(
    tx: &mut Tx<'_>,
    members: &[MemberId],
    longest: std::time::Duration,
) -> Result<HashMap<MemberId, Vec<Past>>> {
    let since = tx.now.minus(longest.max(YEAR));
    let rows: Vec<(MemberId, AskKind, Option<Timestamp>)> = asks::table
        .left_join(letters::table.on(letters::id.nullable().eq(asks::letter_id)))
        .filter(condition("asks.sent_at IS NOT NULL"))
        .filter(one_of(asks::member_id, members))
        .filter(asks::sent_at.gt(since))
        .filter(condition(
            "(letters.state IS NULL OR letters.state NOT IN ('failed', 'suppressed'))",
        ))
        .select((asks::member_id, asks::kind, asks::sent_at))
        .load(tx.conn)?;
    let mut past: HashMap<MemberId, Vec<Past>> = HashMap::new();
    for (member, kind, at) in rows {
        past.entry(member).or_default().extend(at.map(|at| Past { kind, at }));
    }
    Ok(past)
}

/// How many letters of a survey went out since then.
pub fn sent_since(tx: &mut Tx<'_>, survey: SurveyId, since: Timestamp) -> Result<i64> {
    Ok(asks::table
        .filter(SENT)
        .filter(asks::survey_id.eq(survey))
        .filter(asks::sent_at.ge(since))
        .filter(asks::letter_id.is_not_null())
        .count()
        .get_result(tx.conn)?)
}

/// Up to `most` asks that nobody can answer any more.
pub fn over(tx: &mut Tx<'_>, most: i64) -> Result<usize> {
    let over: Vec<AskId> = asks::table
        .filter(condition("state = 'sent' AND answer_until IS NOT NULL"))
        .filter(asks::answer_until.le(tx.now))
        .order(asks::answer_until)
        .limit(most)
        .select(asks::id)
        .load(tx.conn)?;
    if over.is_empty() {
        return Ok(0);
    }
    let these = asks::table.filter(one_of(asks::id, &over)).filter(asks::state.eq(AskState::Sent));
    diesel::update(these)
        .set((asks::state.eq(AskState::Expired), asks::remind_at.eq(None::<Timestamp>)))
        .execute(tx.conn)?;
    Ok(over.len())
}

/// What a survey asked a member and can be answered, the last first; and then what it would ask.
pub fn open_of(tx: &mut Tx<'_>, member: MemberId, survey: SurveyId) -> Result<Vec<Ask>> {
    let open = asks::table.filter(asks::member_id.eq(member)).filter(asks::survey_id.eq(survey));
    let asked: Vec<Ask> = open
        .filter(asks::state.eq(AskState::Sent))
        .filter(asks::answer_until.gt(tx.now))
        .order(asks::id.desc())
        .select(Ask::as_select())
        .load(tx.conn)?;
    let waiting: Vec<Ask> = open
        .filter(WAITING)
        .filter(asks::send_at.is_not_null())
        .order(asks::id)
        .select(Ask::as_select())
        .load(tx.conn)?;
    Ok(asked.into_iter().chain(waiting).collect())
}

/// Up to `most` asks that are to be repeated once, but for those of these surveys.
pub fn to_remind(tx: &mut Tx<'_>, most: i64, but: &[SurveyId]) -> Result<Vec<(AskId, MemberId)>> {
    Ok(asks::table
        .filter(condition("remind_at IS NOT NULL"))
        .filter(asks::remind_at.le(tx.now))
        .filter(asks::survey_id.ne_all(but.iter().copied().map(Some)))
        .order((asks::remind_at, asks::id))
        .limit(most)
        .select((asks::id, asks::member_id))
        .load(tx.conn)?)
}

/// When the next is to be repeated, and not before.
pub fn next_end(tx: &mut Tx<'_>, until: Timestamp) -> Result<Option<Timestamp>> {
    let remind: Option<Option<Timestamp>> = asks::table
        .filter(condition("remind_at IS NOT NULL"))
        .filter(asks::remind_at.gt(tx.now))
        .filter(asks::remind_at.le(until))
        .order(asks::remind_at)
        .select(asks::remind_at)
        .first(tx.conn)
        .optional()?;
    Ok(remind.flatten())
}

/// Asks of a survey that wait: they never go out, for this reason.
pub fn drop_waiting(tx: &mut Tx<'_>, survey: SurveyId, reasons: &Json) -> Result<usize> {
    let these = asks::table.filter(WAITING).filter(asks::survey_id.eq(survey));
    Ok(diesel::update(these)
        .set((
            asks::state.eq(AskState::Dropped),
            asks::reasons.eq(reasons.clone()),
            asks::send_at.eq(None::<Timestamp>),
        ))
        .execute(tx.conn)?)
}

/// Whatever is open of a member ends.
pub fn drop_of(tx: &mut Tx<'_>, member: MemberId, reasons: &Json) -> Result<()> {
    let these = asks::table
        .filter(asks::member_id.eq(member))
        .filter(condition("state IN ('planned', 'postponed', 'sent')"));
    diesel::update(these)
        .set((
            asks::state.eq(AskState::Dropped),
            asks::reasons.eq(reasons.clone()),
            asks::send_at.eq(None::<Timestamp>),
            asks::remind_at.eq(None::<Timestamp>),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Asks about an order that wait.
pub fn waiting_of_order(tx: &mut Tx<'_>, order: OrderId) -> Result<Vec<Ask>> {
    Ok(asks::table
        .filter(WAITING)
        .filter(asks::order_id.eq(order))
        .select(Ask::as_select())
        .load(tx.conn)?)
}

/// A page of asks, newest first.
///
/// # Errors
/// A cursor of another list.
pub fn list(tx: &mut Tx<'_>, sought: &Sought, page: &Page) -> Result<Listing<Ask>> {
    let mut query = asks::table.into_boxed();
    if let Some(member) = sought.member {
        query = query.filter(asks::member_id.eq(member));
    }
    if let Some(kind) = sought.kind {
        query = query.filter(asks::kind.eq(kind));
    }
    if let Some(state) = sought.state {
        query = query.filter(asks::state.eq(state));
    }
    if let Some(survey) = sought.survey {
        query = query.filter(asks::survey_id.eq(survey));
    }
    if let Some(before) = page.after::<AskId>()? {
        query = query.filter(asks::id.lt(before));
    }
    let query = query.order(asks::id.desc()).limit(page.rows()).select(Ask::as_select());
    let rows: Vec<Ask> = query.load(tx.conn)?;
    Ok(page.cut(rows, |row| row.id.to_string(), |row| row))
}

/// How many asks of a survey are in each state.
pub fn counted(
    tx: &mut Tx<'_>,
    surveys: &[SurveyId],
) -> Result<Vec<(Option<SurveyId>, AskState, i64)>> {
    Ok(asks::table
        .filter(asks::survey_id.eq_any(surveys.iter().copied().map(Some)))
        .group_by((asks::survey_id, asks::state))
        .select((asks::survey_id, asks::state, sql::<BigInt>("count(*)")))
        .load(tx.conn)?)
}
