//! Keeping surveys: making, changing, publishing, pausing, ending them; asking by hand.

use std::collections::{BTreeSet, HashMap};

use super::{
    NewSurvey, Survey, SurveyChanges, SurveyState,
    links::Links,
    planning, sending,
    store::{self, ByHand},
};
use crate::{
    asks::{
        Ask, AskChannel, AskKind, Rank, Reason,
        service::{self as asks, Governor, NewAsk, OwnAsk},
    },
    conditions,
    members::{self, Member, MemberStatus},
};
use platform::{
    db::Tx,
    kernel::{
        error::{Error, Refusal, Result},
        id::{MemberId, SurveyId},
        text::Line,
        version::Versions,
    },
    settings,
};

pub use store::{find_all, get, list, live};

/// Makes a survey, as a draft.
///
/// # Errors
/// [`Refusal::Invalid`] where fields contradict each other.
pub fn add(tx: &mut Tx<'_>, fields: NewSurvey) -> Result<Survey> {
    let fields = judged(tx, fields)?;
    let survey = Survey {
        id: tx.new_id(),
        fields,
        state: SurveyState::Draft,
        created_at: tx.now,
        published_at: None,
        live_since: None,
        version: 1,
    };
    store::insert(tx, &survey)?;
    Ok(survey)
}

fn judged(tx: &mut Tx<'_>, fields: NewSurvey) -> Result<NewSurvey> {
    let fields = fields.settled(&settings::service::get(tx)?.locale)?;
    fields.check()?;
    if let Some(audience) = &fields.audience {
        conditions::service::check(tx, audience, conditions::Use::Survey, "/audience")?;
    }
    Ok(fields)
}

/// Changes a survey that is still of one of these versions.
///
/// # Errors
/// No such survey; another version; fields that contradict each other; another scale, question or
/// trigger than it was published with, for then its answers could not be compared.
pub fn change(
    tx: &mut Tx<'_>,
    id: SurveyId,
    changes: &SurveyChanges,
    seen: &Versions,
) -> Result<Survey> {
    let before = store::lock(tx, id)?;
    seen.check(before.version)?;
    let fields = judged(tx, changes.apply(&before.fields)?)?;
    if before.published_at.is_some() {
        let same = [
            ("/kind", fields.kind == before.fields.kind),
            ("/question", fields.question == before.fields.question),
            ("/trigger", fields.trigger == before.fields.trigger),
        ];
        if let Some((pointer, _)) = same.into_iter().find(|(_, same)| !same) {
            let why = "stays as it was published, or answers could not be compared: make another";
            return Err(Refusal::field(pointer, why).into());
        }
    }
    let survey = Survey { fields, version: before.version + 1, ..before };
    store::update(tx, &survey)?;
    Ok(survey)
}

/// Brings a survey into another state; one that is in it already stays as it is.
///
/// # Errors
/// No such survey; [`Refusal::InvalidTransition`].
pub fn turn(tx: &mut Tx<'_>, id: SurveyId, to: SurveyState) -> Result<Survey> {
    // nobody plans for it meanwhile
    planning::lock(tx)?;
    let mut survey = store::lock(tx, id)?;
    if survey.state == to {
        return Ok(survey);
    }
    let allowed = survey.state.allowed();
    if !allowed.contains(&to.as_str()) {
        let (from, to) = (survey.state.as_str(), to.as_str());
        return Err(Refusal::InvalidTransition { what: "the survey", from, to, allowed }.into());
    }
    if to == SurveyState::Live {
        survey.published_at.get_or_insert(tx.now);
        survey.live_since = Some(tx.now);
    }
    survey.state = to;
    survey.version += 1;
    store::update(tx, &survey)?;
    if to == SurveyState::Ended {
        store::set_by_hand(tx, id, &ByHand::default())?;
        asks::survey_ended(tx, id)?;
    }
    Ok(survey)
}

/// What asking by hand came to.
#[derive(Clone, Copy, Debug)]
pub struct SentByHand {
    pub members: i64,
    /// How many asks are new: nobody is asked by hand twice a day. None where the server goes on
    /// with it.
    pub planned: Option<i64>,
}

/// Plans an ask of each of these members now.
///
/// # Errors
/// No such survey, or one that is not live; an id of no member, or of one that was erased.
pub fn send(tx: &mut Tx<'_>, id: SurveyId, to: &[MemberId]) -> Result<SentByHand> {
    planning::lock(tx)?;
    let wanted: BTreeSet<MemberId> = to.iter().copied().collect();
    let members = members::service::many::lock_all(tx, &wanted)?;
    let survey = store::get(tx, id)?;
    if !survey.asks_at(tx.now) {
        return Err(Refusal::SurveyClosed.into());
    }
    for (place, member) in to.iter().enumerate() {
        if members.get(member).is_none_or(|member| member.status == MemberStatus::Erased) {
            let pointer = format!("/member_ids/{place}");
            return Err(Error::from(Refusal::not_found_at("member", pointer)));
        }
    }
    let day = today(tx)?;
    plan_by_hand(tx, &survey, &members, &day)
}

/// Has the server plan an ask of each of the audience.
///
/// # Errors
/// No such survey, or one that is not live.
pub fn send_to_audience(tx: &mut Tx<'_>, id: SurveyId) -> Result<SentByHand> {
    planning::lock(tx)?;
    let survey = store::lock(tx, id)?;
    if !survey.asks_at(tx.now) {
        return Err(Refusal::SurveyClosed.into());
    }
    let by_hand = ByHand { asked_on: Some(today(tx)?), asked_after: None };
    store::set_by_hand(tx, id, &by_hand)?;
    Ok(SentByHand { members: planning::audience(tx, &survey)?, planned: None })
}

/// An ask that the shop itself is about to make.
#[derive(Clone, Debug)]
pub struct AskOfShop {
    pub member: MemberId,
    pub kind: AskKind,
    pub reference: Line<200>,
    pub channel: AskChannel,
}

/// Has the governor decide on an ask of the shop's own; answers it, and the page on which a survey
/// is answered.
///
/// # Errors
/// No such member; a survey that is none, or not live; [`Refusal::AskRefused`].
pub fn ask(tx: &mut Tx<'_>, shop: AskOfShop) -> Result<(Ask, Option<String>)> {
    let member = members::service::lock(tx, shop.member)?
        .filter(|member| member.status != MemberStatus::Erased)
        .ok_or_else(|| Refusal::not_found_at("member", "/member_id"))?;
    let mut own = OwnAsk {
        kind: shop.kind,
        reference: shop.reference,
        channel: shop.channel,
        survey: None,
        answer_until: None,
        points: None,
    };
    if own.kind == AskKind::Survey {
        let unknown = || Refusal::not_found_at("survey", "/ref");
        let id: SurveyId = own.reference.as_str().parse().map_err(|_| unknown())?;
        let survey = store::get(tx, id).map_err(|error| error.at("/ref"))?;
        if !survey.asks_at(tx.now) {
            return Err(Refusal::SurveyClosed.into());
        }
        own.survey = Some(id);
        own.answer_until = Some(sending::after(tx.now, survey.fields.answer_within_days.get()));
        own.points = planning::offer(&survey);
    }
    let due = due_now(tx, member.id)?;
    let ask = asks::ask_now(tx, &member, &own, &due)?;
    if ask.survey_id.is_none() {
        return Ok((ask, None));
    }
    let settings = settings::service::get(tx)?;
    let page = settings.link(&Links::of(tx)?.path(ask.id));
    Ok((ask, Some(page)))
}

/// What a member would be asked now by those surveys that ask.
fn due_now(tx: &mut Tx<'_>, member: MemberId) -> Result<Vec<Ask>> {
    let mut due = asks::due_among(tx, &[member])?;
    let ids: Vec<SurveyId> = due.iter().filter_map(|ask| ask.survey_id).collect();
    let surveys = store::find_all(tx, &ids)?;
    let asks_now = |id: SurveyId| surveys.get(&id).is_some_and(|survey| survey.asks_at(tx.now));
    due.retain(|ask| ask.survey_id.is_none_or(asks_now));
    Ok(due)
}

/// Of each kind of ask, why a member may not be asked for it now in this way; empty: it may.
///
/// # Errors
/// The database's own.
pub fn why_not(
    tx: &mut Tx<'_>,
    member: Member,
    channel: AskChannel,
) -> Result<Vec<(AskKind, Vec<Reason>)>> {
    let (id, now) = (member.id, tx.now);
    let due = due_now(tx, id)?;
    let governor = Governor::of(tx, &HashMap::from([(id, member)]))?;
    let judge = |kind: &AskKind| match channel {
        // a letter waits for its turn by itself
        AskChannel::Letter => (*kind, governor.judge(id, *kind, channel, now)),
        _ => (*kind, governor.judge_own(id, *kind, channel, &due, now)),
    };
    Ok(AskKind::ALL.iter().map(judge).collect())
}

/// The program's local date: asked by hand is once on each, however often it is asked for.
fn today(tx: &mut Tx<'_>) -> Result<String> {
    Ok(settings::service::get(tx)?.time_zone.date(tx.now).to_string())
}

/// The same for members whose rows are locked, as asked for on this day.
pub(super) fn plan_by_hand(
    tx: &mut Tx<'_>,
    survey: &Survey,
    members: &HashMap<MemberId, Member>,
    day: &str,
) -> Result<SentByHand> {
    let governor = Governor::of(tx, members)?;
    let mut ids: Vec<MemberId> = members.keys().copied().collect();
    ids.sort_unstable();
    let occurrence = format!("hand-{day}");
    let new: Vec<NewAsk> = ids
        .iter()
        .map(|member| NewAsk {
            member: *member,
            survey: survey.id,
            occurrence: occurrence.clone(),
            rank: Rank::RELATIONAL_SURVEY,
            due_at: tx.now,
            order: None,
            points: planning::offer(survey),
            is_sampled: planning::is_sampled(survey, *member, &occurrence),
        })
        .collect();
    let count = i64::try_from(new.len()).unwrap_or_default();
    let planned = asks::plan(tx, &governor, AskKind::Survey, new)?;
    Ok(SentByHand { members: count, planned: i64::try_from(planned).ok() })
}
