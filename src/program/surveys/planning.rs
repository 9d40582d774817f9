//! Whom to ask: those to whom something happened, and those whose turn it is.
//!
//! Nothing of it is done while an order is placed: what happened is read afterwards, by the ids of
//! its rows, which are in the order in which they were made. What another transaction was still
//! writing is seen in the next round, which begins a little before where the last one ended; who was
//! planned for is not planned for again.

use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};

use diesel::{prelude::*, sql_types::Bool};
use jiff::Span;
use sha2::{Digest, Sha256};

use super::{Months, Survey, TriggerOn, store};
use crate::{
    db::{
        Store, Tx,
        connection::MultiBackend,
        lock::named_lock,
        prepared::one_of,
        schema::{asks, members, orders, redemptions},
        types::RawId,
    },
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{MemberId, OrderId, RedemptionId, SurveyId},
    },
    program::{
        asks::{
            AskKind, Rank,
            service::{self as asking, Governor, NewAsk, PATIENCE},
        },
        conditions,
        members::service::many,
        settings::{self, Settings},
    },
};

/// How many rows one transaction plans for.
const CHUNK: i64 = 500;
/// No transaction is open for longer.
const OVERLAP: Duration = Duration::from_mins(5);

/// Something that happened.
struct Event {
    /// Of its row.
    id: RawId,
    member: MemberId,
    occurrence: String,
    /// From when on it is asked about.
    at: Timestamp,
    order: Option<OrderId>,
}

/// Plans for all live surveys.
///
/// # Errors
/// The database's own; what was planned before it stands.
pub async fn plan_due(store: &Store) -> Result<()> {
    let live = store.read(super::service::live).await?;
    for survey in live {
        let id = survey.id;
        match survey.fields.trigger.on {
            TriggerOn::Manual => while store.write(move |tx| by_hand(tx, id)).await? {},
            TriggerOn::Relational => while store.write(move |tx| round(tx, id)).await? {},
            on => {
                if on == TriggerOn::OrderFulfilled {
                    store.write(move |tx| hasten(tx, id)).await?;
                }
                let mut after = None;
                while let Some(last) = store.write(move |tx| events(tx, id, after)).await? {
                    after = Some(last);
                }
            }
        }
    }
    Ok(())
}

/// When the next local day begins on which it is somebody's turn.
pub fn next_round(tx: &mut Tx<'_>, until: Timestamp) -> Result<Option<Timestamp>> {
    let zone = settings::service::get(tx)?.time_zone;
    let mut soonest = None;
    for survey in super::service::live(tx)? {
        let Some(months) = survey.fields.trigger.every_months else { continue };
        let Some(last) = longest_ago(tx, &survey)? else { continue };
        let months = Span::new().months(months.get());
        let turn = zone.midnight(zone.date(last).saturating_add(months));
        let tomorrow = zone.midnight(zone.date(tx.now).saturating_add(Span::new().days(1)));
        soonest = soonest.into_iter().chain([turn.max(tomorrow)]).min();
    }
    Ok(soonest.filter(|at| *at <= until))
}

/// Since when who waits longest for their turn was not asked: since they joined, or by this survey.
fn longest_ago(tx: &mut Tx<'_>, survey: &Survey) -> Result<Option<Timestamp>> {
    let asked = asks::table
        .filter(asks::member_id.eq(members::id))
        .filter(asks::reference.eq(survey.id.to_string()));
    let everybody = RawId(uuid::Uuid::nil());
    let never: Option<Timestamp> = members::table
        .filter(reachable(tx, survey, everybody)?)
        .filter(diesel::dsl::not(diesel::dsl::exists(asked)))
        .order(members::enrolled_at)
        .select(members::enrolled_at)
        .first(tx.conn)
        .optional()?;
    // the demo's clock alone asks, whose members are few
    let these = members::table.filter(reachable(tx, survey, everybody)?).select(members::id);
    let these: Vec<MemberId> = these.load(tx.conn)?;
    let last: Vec<Option<Timestamp>> = asks::table
        .filter(one_of(asks::member_id, &these))
        .filter(asks::reference.eq(survey.id.to_string()))
        .group_by(asks::member_id)
        .select(diesel::dsl::max(asks::due_at))
        .load(tx.conn)?;
    Ok(last.into_iter().flatten().chain(never).min())
}

/// The draw: the same for one survey, member and occurrence, whenever it is asked; a higher
/// percentage has all of a lower one.
pub(super) fn is_sampled(survey: &Survey, member: MemberId, occurrence: &str) -> bool {
    let digest = Sha256::digest(format!("{}/{member}/{occurrence}", survey.id));
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    let share = (i128::from(u64::from_be_bytes(first)) * 100) >> 64;
    share < i128::from(survey.fields.sample_percent.get())
}

/// What an answer brings.
pub(super) fn offer(survey: &Survey) -> Option<i64> {
    Some(survey.fields.points.get()).filter(|points| *points > 0)
}

/// The survey, if it asks now; who plans has a lock of its own, taken before all others.
fn asking_now(tx: &mut Tx<'_>, id: SurveyId) -> Result<Option<Survey>> {
    named_lock(tx.conn, b"surveys")?;
    let survey = store::get(tx, id)?;
    Ok(Some(survey).filter(|survey| survey.asks_at(tx.now)))
}

/// Plans for a chunk of what happened after the row `after`; answers the last row, unless that was
/// all.
fn events(tx: &mut Tx<'_>, id: SurveyId, after: Option<RawId>) -> Result<Option<RawId>> {
    let Some(survey) = asking_now(tx, id)? else { return Ok(None) };
    let progress = store::progress(tx, id)?;
    let published = survey.published_at.unwrap_or(tx.now);
    let seen = progress.planned_after.unwrap_or_else(|| store::first_id_at(published));
    let low = after.unwrap_or_else(|| {
        let from = store::made_at(seen).minus(OVERLAP).max(published);
        store::first_id_at(from)
    });
    let settings = settings::service::get(tx)?;
    let found = happened(tx, &survey, low, &settings)?;
    let Some(last) = found.last().map(|event| event.id) else { return Ok(None) };
    let is_full = i64::try_from(found.len()).unwrap_or_default() == CHUNK;
    plan_events(tx, &survey, found)?;
    if last.0 > seen.0 {
        let planned_after = Some(last);
        store::set_progress(tx, id, &store::Progress { planned_after, ..progress })?;
    }
    Ok(Some(last).filter(|_| is_full))
}

/// What happened after this row, in order.
fn happened(
    tx: &mut Tx<'_>,
    survey: &Survey,
    low: RawId,
    settings: &Settings,
) -> Result<Vec<Event>> {
    let day = |days: i64| Duration::from_hours(24 * u64::try_from(days).unwrap_or_default());
    let assumed = day(settings.assume_fulfilled_days.get());
    let on = survey.fields.trigger.on;
    match on {
        TriggerOn::OrderPlaced | TriggerOn::OrderFulfilled => {
            let rows: Vec<(OrderId, MemberId, Timestamp, Option<Timestamp>)> = orders::table
                .filter(orders::id.gt(low))
                .order(orders::id)
                .limit(CHUNK)
                .select((orders::id, orders::member_id, orders::placed_at, orders::fulfilled_at))
                .load(tx.conn)?;
            let event = |row: (OrderId, MemberId, Timestamp, Option<Timestamp>)| {
                let (id, member, placed_at, fulfilled_at) = row;
                let arrived = || fulfilled_at.unwrap_or_else(|| placed_at.plus(assumed));
                let at = if on == TriggerOn::OrderPlaced { placed_at } else { arrived() };
                Event { id: id.into(), member, occurrence: id.to_string(), at, order: Some(id) }
            };
            Ok(rows.into_iter().map(event).collect())
        }
        TriggerOn::Redemption => {
            let rows: Vec<(RedemptionId, MemberId, Timestamp)> = redemptions::table
                .filter(redemptions::id.gt(low))
                .order(redemptions::id)
                .limit(CHUNK)
                .select((redemptions::id, redemptions::member_id, redemptions::placed_at))
                .load(tx.conn)?;
            let event = |(id, member, at): (RedemptionId, _, _)| Event {
                id: id.into(),
                member,
                occurrence: id.to_string(),
                at,
                order: None,
            };
            Ok(rows.into_iter().map(event).collect())
        }
        TriggerOn::Enrolment => {
            let rows: Vec<(MemberId, Timestamp)> = members::table
                .filter(members::id.gt(low))
                .order(members::id)
                .limit(CHUNK)
                .select((members::id, members::enrolled_at))
                .load(tx.conn)?;
            let event = |(id, at): (MemberId, _)| Event {
                id: id.into(),
                member: id,
                occurrence: "enrolment".to_owned(),
                at,
                order: None,
            };
            Ok(rows.into_iter().map(event).collect())
        }
        TriggerOn::Relational | TriggerOn::Manual => Ok(Vec::new()),
    }
}

/// Plans for what is not too long ago, and was not planned for.
fn plan_events(tx: &mut Tx<'_>, survey: &Survey, found: Vec<Event>) -> Result<()> {
    let wait = Duration::from_hours(24 * survey.fields.trigger.days());
    let starts_at = survey.fields.starts_at;
    let fresh = |event: &Event| {
        event.at.plus(wait).plus(PATIENCE) > tx.now && starts_at.is_none_or(|from| from <= event.at)
    };
    let found: Vec<Event> = found.into_iter().filter(fresh).collect();
    let ids: Vec<MemberId> = found.iter().map(|event| event.member).collect();
    let causes: Vec<String> = found.iter().map(|event| event.occurrence.clone()).collect();
    if found.is_empty() {
        return Ok(());
    }
    let known = asking::known(tx, &survey.id.to_string(), &ids, &causes)?;
    let is_new = |event: &Event| !known.contains(&(event.member, event.occurrence.clone()));
    let found: Vec<Event> = found.into_iter().filter(is_new).collect();
    let wanted: BTreeSet<MemberId> = found.iter().map(|event| event.member).collect();
    let members = many::lock_all(tx, &wanted)?;
    let found = of_audience(tx, survey, found)?;
    let governor = Governor::of(tx, &members)?;
    let rank = match survey.fields.trigger.on {
        TriggerOn::Enrolment => Rank::RELATIONAL_SURVEY,
        _ => Rank::SURVEY_ON_ORDER,
    };
    let new = found.into_iter().map(|event| NewAsk {
        member: event.member,
        survey: survey.id,
        is_sampled: is_sampled(survey, event.member, &event.occurrence),
        occurrence: event.occurrence,
        rank,
        due_at: event.at.plus(wait),
        order: event.order,
        points: offer(survey),
    });
    asking::plan(tx, &governor, AskKind::Survey, new.collect())?;
    Ok(())
}

/// Those of members whom the survey is for.
fn of_audience(tx: &mut Tx<'_>, survey: &Survey, found: Vec<Event>) -> Result<Vec<Event>> {
    let Some(audience) = &survey.fields.audience else { return Ok(found) };
    let ids: Vec<MemberId> = found.iter().map(|event| event.member).collect();
    let verdicts = conditions::service::judge_members(tx, audience, &ids)?;
    let is_meant = |event: &Event| verdicts.get(&event.member).is_some_and(|told| told.matches);
    Ok(found.into_iter().filter(is_meant).collect())
}

/// What arrived sooner than was assumed is asked about so much sooner.
fn hasten(tx: &mut Tx<'_>, id: SurveyId) -> Result<()> {
    let wait = Duration::from_hours(24 * store::get(tx, id)?.fields.trigger.days());
    let arrived: Vec<(OrderId, MemberId, Option<Timestamp>)> = asks::table
        .inner_join(orders::table.on(asks::order_id.eq(orders::id.nullable())))
        .filter(asks::send_at.gt(tx.now))
        .filter(asks::survey_id.eq(id))
        .filter(orders::fulfilled_at.is_not_null())
        .order(asks::id)
        .limit(CHUNK)
        .select((orders::id, orders::member_id, orders::fulfilled_at))
        .load(tx.conn)?;
    many::lock_all(tx, &arrived.iter().map(|(_, member, _)| *member).collect())?;
    for (order, _, at) in arrived {
        if let Some(at) = at {
            asking::hasten(tx, order, id, at.plus(wait))?;
        }
    }
    Ok(())
}

/// Plans for a chunk of those whose turn it is today; answers whether there may be more.
fn round(tx: &mut Tx<'_>, id: SurveyId) -> Result<bool> {
    let Some(survey) = asking_now(tx, id)? else { return Ok(false) };
    let settings = settings::service::get(tx)?;
    let zone = &settings.time_zone;
    let today = zone.date(tx.now);
    let progress = store::progress(tx, id)?;
    if progress.planned_on.as_deref() == Some(today.to_string().as_str()) {
        return Ok(false);
    }
    let months = survey.fields.trigger.every_months.map_or(1, Months::get);
    let since = zone.midnight(
        today.saturating_sub(Span::new().months(months)).saturating_add(Span::new().days(1)),
    );
    let after = progress.planned_after.map_or_else(uuid::Uuid::nil, |id| id.0);
    let reachable = reachable(tx, &survey, RawId(after))?;
    // written as the one index on a member's asks has it
    let asked = asks::table
        .filter(asks::member_id.eq(members::id))
        .filter(asks::reference.eq(id.to_string()))
        .filter(asks::due_at.ge(since).or(asks::send_at.is_not_null()));
    let turn: Vec<MemberId> = members::table
        .filter(reachable)
        .filter(members::enrolled_at.lt(since))
        .filter(diesel::dsl::not(diesel::dsl::exists(asked)))
        .order(members::id)
        .limit(CHUNK)
        .select(members::id)
        .load(tx.conn)?;
    plan_round(tx, &survey, &turn)?;
    let is_full = i64::try_from(turn.len()).unwrap_or_default() == CHUNK;
    let progress = if is_full {
        store::Progress { planned_after: turn.last().map(|id| RawId::from(*id)), ..progress }
    } else {
        store::Progress { planned_on: Some(today.to_string()), planned_after: None }
    };
    store::set_progress(tx, id, &progress)?;
    Ok(is_full)
}

/// Whom the survey is for, of those who can be asked by letter at all, behind this member.
fn reachable(tx: &mut Tx<'_>, survey: &Survey, after: RawId) -> Result<Reachable> {
    let all = members::id
        .gt(after)
        .and(members::status.eq("active"))
        .and(members::marketing_consent.eq(true));
    Ok(match &survey.fields.audience {
        None => Box::new(all),
        Some(audience) => Box::new(all.and(conditions::service::plan(tx, audience)?.clause())),
    })
}

type Reachable = Box<dyn BoxableExpression<members::table, MultiBackend, SqlType = Bool>>;

/// How many those are.
pub(super) fn audience(tx: &mut Tx<'_>, survey: &Survey) -> Result<i64> {
    let all = members::table.filter(reachable(tx, survey, RawId(uuid::Uuid::nil()))?);
    Ok(all.count().get_result(tx.conn)?)
}

/// Asks a chunk of everybody, where that was asked for; answers whether there may be more.
fn by_hand(tx: &mut Tx<'_>, id: SurveyId) -> Result<bool> {
    let Some(survey) = asking_now(tx, id)? else { return Ok(false) };
    let progress = store::progress(tx, id)?;
    if progress.planned_on.as_deref() != Some(store::BY_HAND) {
        return Ok(false);
    }
    let after = progress.planned_after.map_or_else(uuid::Uuid::nil, |id| id.0);
    let reachable = reachable(tx, &survey, RawId(after))?;
    let some: Vec<MemberId> = members::table
        .filter(reachable)
        .order(members::id)
        .limit(CHUNK)
        .select(members::id)
        .load(tx.conn)?;
    let members = many::lock_all(tx, &some.iter().copied().collect())?;
    super::service::plan_by_hand(tx, &survey, &members)?;
    let is_full = i64::try_from(some.len()).unwrap_or_default() == CHUNK;
    let progress = if is_full {
        store::Progress { planned_after: some.last().map(|id| RawId::from(*id)), ..progress }
    } else {
        store::Progress::default()
    };
    store::set_progress(tx, id, &progress)?;
    Ok(is_full)
}

fn plan_round(tx: &mut Tx<'_>, survey: &Survey, turn: &[MemberId]) -> Result<()> {
    if turn.is_empty() {
        return Ok(());
    }
    let members = many::lock_all(tx, &turn.iter().copied().collect())?;
    let governor = Governor::of(tx, &members)?;
    let before = rounds(tx, survey.id, turn)?;
    let new = turn.iter().map(|member| {
        let occurrence = format!("round-{}", before.get(member).copied().unwrap_or_default() + 1);
        NewAsk {
            member: *member,
            survey: survey.id,
            rank: Rank::RELATIONAL_SURVEY,
            due_at: tx.now,
            order: None,
            points: offer(survey),
            is_sampled: is_sampled(survey, *member, &occurrence),
            occurrence,
        }
    });
    asking::plan(tx, &governor, AskKind::Survey, new.collect())?;
    Ok(())
}

/// How often each was asked by this survey.
fn rounds(tx: &mut Tx<'_>, id: SurveyId, turn: &[MemberId]) -> Result<HashMap<MemberId, i64>> {
    let rows: Vec<(MemberId, i64)> = asks::table
        .filter(one_of(asks::member_id, turn))
        .filter(asks::reference.eq(id.to_string()))
        .group_by(asks::member_id)
        .select((asks::member_id, diesel::dsl::count_star()))
        .load(tx.conn)?;
    Ok(rows.into_iter().collect())
}
