//! Writing to those whose time has come, once more to who did not answer, and not any more when the
//! time is over.

use std::collections::{BTreeSet, HashMap};

use jiff::Span;

use super::{Survey, letters, links::Links, store};
use crate::{
    asks::{Ask, AskState, Reason, ReasonCode, service as asks},
    members::{Member, service::many},
    orders,
};
use platform::{
    db::{Store, Tx},
    kernel::{
        clock::Timestamp,
        error::{Error, Result},
        id::{MemberId, OrderId, SurveyId},
    },
    messaging::outbox,
    settings::{self, Settings},
};

/// How many members one transaction writes to.
const CHUNK: i64 = 200;

/// Does all three. A survey whose letters can't be written keeps none of the others back.
///
/// # Errors
/// The database's own, the first of them; what was done stands.
pub async fn send_due(store: &Store) -> Result<()> {
    let live = store.read(super::service::live).await?;
    let live = live.into_iter().map(|survey| survey.id).collect();
    let sent = store.work_off(live, chunk).await;
    let over = store.work_off(vec![()], |tx, ()| Ok(asks::over(tx, CHUNK)? > 0)).await;
    sent.and(over).and(store.work_off(vec![()], |tx, ()| remind(tx)).await)
}

/// When the next is due; what has no moment of its own is done on the way.
pub fn next(tx: &mut Tx<'_>, until: Timestamp) -> Result<Option<Timestamp>> {
    let send = asks::next_due(tx, until)?;
    let remind = asks::next_end(tx, send.unwrap_or(until))?;
    let first = send.into_iter().chain(remind).min();
    Ok(first.into_iter().chain(super::next_round(tx, first.unwrap_or(until))?).min())
}

/// Decides on some of those whose time has come, and writes to those who are asked now; answers
/// whether there may be more.
fn chunk(tx: &mut Tx<'_>, id: SurveyId) -> Result<bool> {
    if store::get(tx, id)?.holds_at(tx.now) {
        return Ok(false);
    }
    let due = asks::due_of(tx, id, CHUNK)?;
    if due.is_empty() {
        return Ok(false);
    }
    let settings = settings::service::get(tx)?;
    let members = many::lock_all(tx, &due.into_iter().collect())?;
    let ids: Vec<MemberId> = members.keys().copied().collect();
    let mut due = asks::due_among(tx, &ids)?;
    let mut desk = Desk::of(tx, &settings, &due)?;
    due.retain(|ask| !desk.holds(ask));
    let chosen = asks::choose(tx, &members, due, &mut |ask| desk.objection(ask))?;
    write(tx, &settings, &desk.surveys, &members, chosen)?;
    Ok(true)
}

/// What the surveys themselves say to what is due.
struct Desk {
    now: Timestamp,
    surveys: HashMap<SurveyId, Survey>,
    /// Of those that have an end to a day's letters, how many more.
    room: HashMap<SurveyId, i64>,
    /// When the next day's letters go out.
    next_day: Timestamp,
    /// Orders that were cancelled, or wholly refunded.
    undone: BTreeSet<OrderId>,
}

impl Desk {
    /// For these asks, whose members' rows are locked. Those surveys that count a day's letters stay
    /// locked too, so that two who write count each other's.
    fn of(tx: &mut Tx<'_>, settings: &Settings, due: &[Ask]) -> Result<Self> {
        let zone = &settings.time_zone;
        let today = zone.date(tx.now);
        let wanted: BTreeSet<SurveyId> = due.iter().filter_map(|ask| ask.survey_id).collect();
        let wanted: Vec<SurveyId> = wanted.into_iter().collect();
        let (mut surveys, mut room) = (store::find_all(tx, &wanted)?, HashMap::new());
        for id in wanted {
            let counts = |survey: &Survey| survey.fields.max_per_day.is_some();
            if !surveys.get(&id).is_some_and(counts) {
                continue;
            }
            let survey = store::lock(tx, id)?;
            if let Some(most) = &survey.fields.max_per_day {
                let sent = asks::sent_since(tx, id, zone.midnight(today))?;
                room.insert(id, (most.get() - sent).max(0));
            }
            surveys.insert(id, survey);
        }
        let tomorrow = zone.midnight(today.saturating_add(Span::new().days(1)));
        let next_day = settings.quiet_hours.after(zone, tomorrow);
        let ordered = due.iter().filter_map(|ask| ask.order_id).collect();
        let undone = orders::service::undone_among(tx, &ordered)?;
        Ok(Self { now: tx.now, surveys, room, next_day, undone })
    }

    fn survey_of(&self, ask: &Ask) -> Option<&Survey> {
        self.surveys.get(&ask.survey_id?)
    }

    /// Whether nothing is decided on an ask now.
    fn holds(&self, ask: &Ask) -> bool {
        self.survey_of(ask).is_some_and(|survey| survey.holds_at(self.now))
    }

    /// Why an ask that the governor lets through does not go out.
    fn objection(&mut self, ask: &Ask) -> Option<Reason> {
        let survey = self.survey_of(ask).filter(|survey| survey.asks_at(self.now));
        let Some(survey) = survey.map(|survey| survey.id) else {
            return Some(Reason::for_good(ReasonCode::SurveyClosed));
        };
        if ask.order_id.is_some_and(|order| self.undone.contains(&order)) {
            return Some(Reason::for_good(ReasonCode::OrderUndone));
        }
        match self.room.get_mut(&survey) {
            Some(0) => Some(Reason::until(ReasonCode::DayFull, self.next_day)),
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
    let with = (settings, Links::of(tx)?);
    for ask in chosen {
        let survey = ask.survey_id.and_then(|id| surveys.get(&id));
        let (Some(survey), Some(member)) = (survey, members.get(&ask.member_id)) else {
            return Err(Error::internal("an ask of no survey, or of nobody"));
        };
        let until = after(tx.now, survey.fields.answer_within_days.get());
        let remind_at = survey.fields.remind_after_days.map(|days| after(tx.now, days.get()));
        let letter = letters::ask(tx.now, with, survey, &ask, member, until, false);
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
    now.plus(super::days(days))
}

/// Writes once more to some of those who did not answer; answers whether there may be more.
fn remind(tx: &mut Tx<'_>) -> Result<bool> {
    // one that is paused goes on later
    let held = store::held(tx)?;
    let due = asks::to_remind(tx, CHUNK, &held)?;
    if due.is_empty() {
        return Ok(false);
    }
    let members = many::lock_all(tx, &due.iter().map(|(_, member)| *member).collect())?;
    let settings = settings::service::get(tx)?;
    let with = (&settings, Links::of(tx)?);
    let mut asked = Vec::with_capacity(due.len());
    for (id, _) in due {
        asked.push(asks::get(tx, id)?);
    }
    let ids: Vec<SurveyId> = asked.iter().filter_map(|ask| ask.survey_id).collect();
    let surveys = store::find_all(tx, &ids)?;
    let ordered = asked.iter().filter_map(|ask| ask.order_id).collect();
    let undone = orders::service::undone_among(tx, &ordered)?;
    let mut queued = Vec::new();
    for ask in asked {
        let survey = ask.survey_id.and_then(|id| surveys.get(&id));
        let survey = survey.filter(|survey| survey.asks_at(tx.now));
        let is_open = ask.state == AskState::Sent && ask.remind_at.is_some();
        let is_undone = ask.order_id.is_some_and(|order| undone.contains(&order));
        if let (Some(survey), Some(member), Some(until)) =
            (survey, members.get(&ask.member_id), ask.answer_until)
            && is_open
            && !is_undone
        {
            queued.extend(letters::ask(tx.now, with, survey, &ask, member, until, true));
        }
        asks::reminded(tx, ask)?;
    }
    outbox::push_all(tx, queued)?;
    Ok(true)
}
