//! What happened, and is asked about.
//!
//! Nothing of it is done while an order is placed: what happened is read afterwards, by the ids of
//! its rows, which are in the order in which they were made. What another transaction was still
//! writing is seen in the next round, which begins a little before where the last one ended; who was
//! planned for is not planned for again.

use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};

use diesel::prelude::*;

use super::{CHUNK, is_sampled, offer};
use crate::{
    asks::{
        AskKind, Rank,
        service::{self as asking, Governor, NewAsk, PATIENCE},
    },
    conditions,
    members::service::many,
    orders::Order,
    surveys::{Survey, TriggerOn, days, store},
};
use platform::{
    db::{
        Tx,
        prepared::one_of,
        schema::{members, orders, redemptions},
        types::RawId,
    },
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{MemberId, OrderId, RedemptionId},
    },
    settings::{self, Settings},
};

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

/// Plans for a chunk of what happened since the last; answers whether there may be more.
pub fn plan(tx: &mut Tx<'_>, survey: &Survey) -> Result<bool> {
    let progress = store::progress(tx, survey.id)?;
    let settings = settings::service::get(tx)?;
    let first = store::first_id_at(begins(tx.now, survey, &settings));
    let seen = progress.planned_after.map_or(first, |seen| RawId(seen.0.max(first.0)));
    let found = happened(tx, survey, seen, &settings)?;
    let last = found.last().map_or(seen, |event| event.id);
    let is_full = i64::try_from(found.len()).unwrap_or_default() == CHUNK;
    plan_for(tx, survey, found)?;
    // what may still be written among these is looked for again
    let settled = store::first_id_at(tx.now.minus(OVERLAP));
    let again = RawId(last.0.min(settled.0).max(first.0));
    let planned_after = if is_full { last } else { again };
    if planned_after.0 != seen.0 {
        let planned_after = Some(planned_after);
        store::set_progress(tx, survey.id, &store::Progress { planned_after, ..progress })?;
    }
    Ok(is_full)
}

/// From when on rows may tell of something that a survey asks about: what was ordered before it was
/// live may arrive after.
fn begins(now: Timestamp, survey: &Survey, settings: &Settings) -> Timestamp {
    let live_since = survey.live_since.unwrap_or(now);
    match survey.fields.trigger.on {
        TriggerOn::OrderFulfilled => live_since.minus(days(settings.assume_fulfilled_days.get())),
        _ => live_since,
    }
}

/// What happened after this row, in order.
fn happened(
    tx: &mut Tx<'_>,
    survey: &Survey,
    low: RawId,
    settings: &Settings,
) -> Result<Vec<Event>> {
    let assumed = days(settings.assume_fulfilled_days.get());
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

/// Plans for what happened since the survey is live, is not too long ago, and was not planned for.
fn plan_for(tx: &mut Tx<'_>, survey: &Survey, found: Vec<Event>) -> Result<()> {
    let wait = survey.fields.trigger.wait();
    let since = survey.live_since.into_iter().chain(survey.fields.starts_at).max();
    let fresh = |event: &Event| {
        event.at.plus(wait).plus(PATIENCE) > tx.now && since.is_none_or(|since| since <= event.at)
    };
    let found: Vec<Event> = found.into_iter().filter(fresh).collect();
    if found.is_empty() {
        return Ok(());
    }
    let ids: Vec<MemberId> = found.iter().map(|event| event.member).collect();
    let causes: Vec<String> = found.iter().map(|event| event.occurrence.clone()).collect();
    let known = asking::known(tx, &survey.id.to_string(), &ids, &causes)?;
    let is_new = |event: &Event| !known.contains(&(event.member, event.occurrence.clone()));
    let found: Vec<Event> = found.into_iter().filter(is_new).collect();
    if found.is_empty() {
        return Ok(());
    }
    let wanted: BTreeSet<MemberId> = found.iter().map(|event| event.member).collect();
    let members = many::lock_all(tx, &wanted)?;
    let found = dated_anew(tx, survey, found)?;
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

/// With what was said of arrivals until the members were locked: what is said later hastens the asks.
fn dated_anew(tx: &mut Tx<'_>, survey: &Survey, mut found: Vec<Event>) -> Result<Vec<Event>> {
    if survey.fields.trigger.on != TriggerOn::OrderFulfilled {
        return Ok(found);
    }
    let ids: Vec<OrderId> = found.iter().filter_map(|event| event.order).collect();
    let arrived: Vec<(OrderId, Option<Timestamp>)> = orders::table
        .filter(one_of(orders::id, &ids))
        .filter(orders::fulfilled_at.is_not_null())
        .select((orders::id, orders::fulfilled_at))
        .load(tx.conn)?;
    let arrived: HashMap<_, _> = arrived.into_iter().collect();
    for event in &mut found {
        let known = event.order.and_then(|order| arrived.get(&order).copied().flatten());
        event.at = known.unwrap_or(event.at);
    }
    Ok(found)
}

/// An order arrived: what asks after its arrival asks so many days later, and not when it would have
/// been assumed to have arrived.
///
/// # Errors
/// The database's own.
pub fn order_arrived(tx: &mut Tx<'_>, order: &Order) -> Result<()> {
    let Some(at) = order.fulfilled_at else { return Ok(()) };
    for ask in asking::waiting_of_order(tx, order.id)? {
        let Some(survey) = ask.survey_id else { continue };
        let trigger = store::get(tx, survey)?.fields.trigger;
        if trigger.on == TriggerOn::OrderFulfilled {
            asking::hasten(tx, ask, at.plus(trigger.wait()))?;
        }
    }
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
