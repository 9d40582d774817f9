//! Whose turn it is: again and again by the calendar, or everybody's, by hand.

use std::collections::HashMap;

use diesel::{prelude::*, sql_types::Bool};
use jiff::Span;
use uuid::Uuid;

use super::{CHUNK, asking_now, is_sampled, offer};
use crate::{
    asks::{
        AskKind, Rank,
        service::{self as asking, Governor, NewAsk},
    },
    conditions,
    members::service::many,
    surveys::{Months, Survey, service, store},
};
use platform::{
    db::{
        Tx,
        connection::MultiBackend,
        prepared::one_of,
        schema::{asks, members},
        types::RawId,
    },
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{MemberId, SurveyId},
    },
    settings,
};

/// Behind whom everybody comes.
const FIRST: RawId = RawId(Uuid::nil());

/// When the next local day begins on which it is somebody's turn.
pub fn next_round(tx: &mut Tx<'_>, until: Timestamp) -> Result<Option<Timestamp>> {
    let zone = settings::service::get(tx)?.time_zone;
    let mut soonest = None;
    for survey in service::live(tx)? {
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
    let never: Option<Timestamp> = members::table
        .filter(reachable(tx, survey, FIRST)?)
        .filter(diesel::dsl::not(diesel::dsl::exists(asked)))
        .order(members::enrolled_at)
        .select(members::enrolled_at)
        .first(tx.conn)
        .optional()?;
    // the demo's clock alone asks, whose members are few
    let these = members::table.filter(reachable(tx, survey, FIRST)?).select(members::id);
    let these: Vec<MemberId> = these.load(tx.conn)?;
    let last: Vec<Option<Timestamp>> = asks::table
        .filter(one_of(asks::member_id, &these))
        .filter(asks::reference.eq(survey.id.to_string()))
        .group_by(asks::member_id)
        .select(diesel::dsl::max(asks::due_at))
        .load(tx.conn)?;
    Ok(last.into_iter().flatten().chain(never).min())
}

/// Plans for a chunk of those whose turn it is today; answers whether there may be more.
pub fn round(tx: &mut Tx<'_>, survey: &Survey) -> Result<bool> {
    let id = survey.id;
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
    let reachable = reachable(tx, survey, progress.planned_after.unwrap_or(FIRST))?;
    // written as the one index on a member's asks has it
    let asked = asks::table
        .filter(asks::member_id.eq(members::id))
        .filter(asks::reference.eq(id.to_string()))
        .filter(
            asks::due_at
                .ge(since)
                .or(asks::send_at.is_not_null())
                .nullable()
                .or(asks::sent_at.ge(since)),
        );
    let turn: Vec<MemberId> = members::table
        .filter(reachable)
        .filter(members::enrolled_at.lt(since))
        .filter(diesel::dsl::not(diesel::dsl::exists(asked)))
        .order(members::id)
        .limit(CHUNK)
        .select(members::id)
        .load(tx.conn)?;
    plan_round(tx, survey, &turn)?;
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
pub fn audience(tx: &mut Tx<'_>, survey: &Survey) -> Result<i64> {
    let all = members::table.filter(reachable(tx, survey, FIRST)?);
    Ok(all.count().get_result(tx.conn)?)
}

/// Asks a chunk of those whom the survey is for, where that was asked for; answers whether there may
/// be more.
pub fn by_hand(tx: &mut Tx<'_>, id: SurveyId) -> Result<bool> {
    let Some(survey) = asking_now(tx, id)? else { return Ok(false) };
    let by_hand = store::by_hand(tx, id)?;
    let Some(day) = by_hand.asked_on else { return Ok(false) };
    let reachable = reachable(tx, &survey, by_hand.asked_after.unwrap_or(FIRST))?;
    let some: Vec<MemberId> = members::table
        .filter(reachable)
        .order(members::id)
        .limit(CHUNK)
        .select(members::id)
        .load(tx.conn)?;
    let members = many::lock_all(tx, &some.iter().copied().collect())?;
    service::plan_by_hand(tx, &survey, &members, &day)?;
    let is_full = i64::try_from(some.len()).unwrap_or_default() == CHUNK;
    let asked_after = some.last().filter(|_| is_full).map(|id| RawId::from(*id));
    let asked_on = Some(day).filter(|_| is_full);
    store::set_by_hand(tx, id, &store::ByHand { asked_on, asked_after })?;
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
