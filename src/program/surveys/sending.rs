//! Writing to those whose time has come, once more to who did not answer, and not any more when the
//! time is over.

use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};

use super::{Survey, letters, store};
use crate::{
    db::{Store, Tx},
    kernel::{
        clock::Timestamp,
        error::{Error, Result},
        id::{MemberId, OrderId, SurveyId},
    },
    messaging::outbox,
    program::{
        asks::{Ask, AskState, Reason, ReasonCode, service as asks},
        members::{Member, service::many},
        orders,
        settings::{self, Settings},
    },
};

/// How many members one transaction writes to.
const CHUNK: i64 = 200;

/// Does all three.
///
/// # Errors
/// The database's own; what was done before it stands.
pub async fn send_due(store: &Store) -> Result<()> {
    for survey in store.read(super::service::live).await? {
        let id = survey.id;
        while store.write(move |tx| chunk(tx, id)).await? {}
    }
    while store.write(move |tx| asks::over(tx, CHUNK)).await? > 0 {}
    while store.write(remind).await? {}
    Ok(())
}

/// When the next is due; what has no moment of its own is done on the way.
pub fn next(tx: &mut Tx<'_>, until: Timestamp) -> Result<Option<Timestamp>> {
    let send = asks::next_due(tx, until)?;
    let remind = asks::next_end(tx, send.unwrap_or(until))?;
    let first = send.into_iter().chain(remind).min();
    Ok(first.into_iter().chain(super::next_round(tx, first.unwrap_or(until))?).min())
}

/// Writes to some of those whose time has come; answers whether there may be more.
fn chunk(tx: &mut Tx<'_>, id: SurveyId) -> Result<bool> {
    let settings = settings::service::get(tx)?;
    let survey = store::get(tx, id)?;
    if !survey.asks_at(tx.now) {
        return Ok(false);
    }
    let most = room(tx, &survey, &settings)?.map_or(CHUNK, |room| room.min(CHUNK));
    let due = asks::due_of(tx, id, most)?;
    if due.is_empty() {
        return Ok(false);
    }
    let wanted: BTreeSet<MemberId> = due.iter().map(|(_, member)| *member).collect();
    let members = many::lock_all(tx, &wanted)?;
    let mut desk = Desk::of(tx, &settings, &wanted)?;
    let chosen = asks::choose(tx, &members, &mut |ask| desk.objection(ask))?;
    write(tx, &settings, &desk.surveys, &members, chosen)?;
    Ok(true)
}

/// How many more of a survey's letters go out today; none where there is no end to it.
fn room(tx: &mut Tx<'_>, survey: &Survey, settings: &Settings) -> Result<Option<i64>> {
    let Some(most) = survey.fields.max_per_day else { return Ok(None) };
    let zone = &settings.time_zone;
    let sent = asks::sent_since(tx, survey.id, zone.midnight(zone.date(tx.now)))?;
    Ok(Some((most.get() - sent).max(0)))
}

/// What the surveys themselves say to what is due.
struct Desk {
    now: Timestamp,
    surveys: HashMap<SurveyId, Survey>,
    /// Of those that have an end to a day's letters, how many more.
    room: HashMap<SurveyId, i64>,
    /// Orders that were cancelled, or wholly refunded.
    undone: BTreeSet<OrderId>,
}

impl Desk {
    /// For the asks of these members, whose rows are locked. Those surveys that count a day's
    /// letters stay locked too, so that two who write count each other's.
    fn of(tx: &mut Tx<'_>, settings: &Settings, members: &BTreeSet<MemberId>) -> Result<Self> {
        let ids: Vec<MemberId> = members.iter().copied().collect();
        let due = asks::due_among(tx, &ids)?;
        let wanted: BTreeSet<SurveyId> = due.iter().filter_map(|ask| ask.survey_id).collect();
        let (mut surveys, mut left) = (HashMap::new(), HashMap::new());
        for id in wanted {
            let mut survey = store::get(tx, id)?;
            if survey.fields.max_per_day.is_some() {
                survey = store::lock(tx, id)?;
            }
            if let Some(room) = room(tx, &survey, settings)? {
                left.insert(id, room);
            }
            surveys.insert(id, survey);
        }
        let ordered = due.iter().filter_map(|ask| ask.order_id).collect();
        let undone = orders::service::undone_among(tx, &ordered)?;
        Ok(Self { now: tx.now, surveys, room: left, undone })
    }

    /// Why an ask that the governor lets through does not go out.
    fn objection(&mut self, ask: &Ask) -> Option<Reason> {
        let Some(survey) = ask.survey_id.and_then(|id| self.surveys.get(&id)) else {
            return Some(Reason::for_good(ReasonCode::SurveyClosed));
        };
        if ask.order_id.is_some_and(|order| self.undone.contains(&order)) {
            return Some(Reason::for_good(ReasonCode::OrderUndone));
        }
        if survey.fields.ends_at.is_some_and(|ends_at| ends_at <= self.now) {
            return Some(Reason::for_good(ReasonCode::SurveyClosed));
        }
        if !survey.asks_at(self.now) {
            // it is paused: what waits goes on waiting
            return Some(Reason::for_good(ReasonCode::DayFull));
        }
        match self.room.get_mut(&survey.id) {
            Some(0) => Some(Reason::for_good(ReasonCode::DayFull)),
            Some(room) => {
                *room -= 1;
                None
            }
            None => None,
        }
    }
}

fn write(
    tx: &mut Tx<'_>,
    settings: &Settings,
    surveys: &HashMap<SurveyId, Survey>,
    members: &HashMap<MemberId, Member>,
    chosen: Vec<Ask>,
) -> Result<()> {
    let (mut sent, mut queued) = (Vec::new(), Vec::new());
    for ask in chosen {
        let survey = ask.survey_id.and_then(|id| surveys.get(&id));
        let (Some(survey), Some(member)) = (survey, members.get(&ask.member_id)) else {
            return Err(Error::internal("an ask of no survey, or of nobody"));
        };
        let until = after(tx.now, survey.fields.answer_within_days.get());
        let remind_at = survey.fields.remind_after_days.map(|days| after(tx.now, days.get()));
        let letter = letters::ask(tx, settings, survey, &ask, member, until, false)?;
        queued.push(letter.ok_or_else(|| Error::internal("a letter to who has no address"))?);
        sent.push((ask, until, remind_at));
    }
    let ids = outbox::push_new(tx, queued)?;
    for ((ask, until, remind_at), letter) in sent.into_iter().zip(ids) {
        asks::sent(tx, ask, letter, until, remind_at)?;
    }
    Ok(())
}

pub(super) fn after(now: Timestamp, days: i64) -> Timestamp {
    now.plus(Duration::from_hours(24 * u64::try_from(days).unwrap_or_default()))
}

/// Writes once more to some of those who did not answer; answers whether there may be more.
fn remind(tx: &mut Tx<'_>) -> Result<bool> {
    let due = asks::to_remind(tx, CHUNK)?;
    let wanted: BTreeSet<MemberId> = due.iter().map(|(_, member)| *member).collect();
    let members = many::lock_all(tx, &wanted)?;
    let settings = settings::service::get(tx)?;
    let mut queued = Vec::new();
    for (id, member) in &due {
        let ask = asks::get(tx, *id)?;
        let survey = ask.survey_id.map(|id| store::get(tx, id)).transpose()?;
        let open = ask.state == AskState::Sent && ask.remind_at.is_some();
        let still = survey.as_ref().is_some_and(|survey| survey.asks_at(tx.now));
        if let (Some(survey), Some(member), Some(until)) =
            (survey.as_ref(), members.get(member), ask.answer_until)
            && open
            && still
        {
            queued.extend(letters::ask(tx, &settings, survey, &ask, member, until, true)?);
        }
        asks::reminded(tx, ask)?;
    }
    outbox::push_all(tx, queued)?;
    Ok(!due.is_empty())
}
