//! Recording answers, changing them, and taking those out that should never have counted.

use std::{collections::HashMap, time::Duration};

use super::{
    Answer, AnswerChannel, AnswerState, VoidReason,
    store::{self, Version},
    topics,
};
use crate::{
    auth::Caller,
    db::Tx,
    kernel::{
        clock::Timestamp,
        error::{Error, Refusal, Result},
        id::{AnswerId, AskId, MemberId, OrderId, SurveyId, TopicId},
        page::{Listing, Page},
    },
    program::{
        asks::{Ask, AskChannel, AskState, service as asks},
        ledger::{self, Act, EntryKind, Posting, Rule, Source},
        members::{self, Member, MemberStatus},
        orders, settings,
        surveys::{Category, Survey, SurveyState, service as surveys},
        thanks::{Deed, DeedType, Owed, ThanksCategory, service as thanks},
        topics::service as about,
    },
};

pub use store::{Version as Said, get, of_ask, versions};

/// Two different scores within so short a time were not meant by a person.
const TOO_QUICK: Duration = Duration::from_secs(3);

/// Which answers are listed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sought {
    pub survey: Option<SurveyId>,
    pub category: Option<Category>,
    pub topic: Option<TopicId>,
    /// Those whose words suggest a topic that nobody confirmed yet.
    pub suggested: bool,
    pub member: Option<MemberId>,
    pub state: Option<AnswerState>,
    pub from: Option<Timestamp>,
    /// Exclusive.
    pub to: Option<Timestamp>,
}

/// A page of answers, newest first, each with the last words.
///
/// # Errors
/// A cursor of another list.
pub fn list(tx: &mut Tx<'_>, sought: &Sought, page: &Page) -> Result<Listing<Answer>> {
    store::sought(tx, sought, page)
}

/// What was said last in each of these answers; nothing where it had no words.
pub fn words(tx: &mut Tx<'_>, answers: &[AnswerId]) -> Result<HashMap<AnswerId, String>> {
    let all = store::versions(tx, answers)?;
    let last = |(id, versions): (AnswerId, Vec<Version>)| {
        Some((id, versions.into_iter().next_back()?.comment?))
    };
    Ok(all.into_iter().filter_map(last).collect())
}

/// What somebody says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saying {
    pub score: i64,
    pub comment: Option<String>,
}

/// An answer that was recorded, or was there.
#[derive(Clone, Debug)]
pub struct Recorded {
    pub answer: Answer,
    pub is_new: bool,
    /// The same was said before.
    pub repeated: bool,
    /// What it brought.
    pub points: Option<i64>,
}

/// An ask, by a link that its member has, and all that its page shows.
#[derive(Clone, Debug)]
pub struct Opened {
    pub ask: Ask,
    pub survey: Survey,
    pub answer: Option<Answer>,
}

impl Opened {
    /// Whether it can be answered, or its answer changed.
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        match &self.answer {
            Some(answer) => {
                answer.state != AnswerState::Void && now < self.until_edited(answer.answered_at)
            }
            None => {
                self.ask.state == AskState::Sent
                    && self.ask.answer_until.is_some_and(|until| now < until)
                    && self.survey.state != SurveyState::Draft
            }
        }
    }

    fn until_edited(&self, answered_at: Timestamp) -> Timestamp {
        let days = u64::try_from(self.survey.fields.edit_days.get()).unwrap_or_default();
        answered_at.plus(Duration::from_hours(24 * days))
    }
}

/// What a link opens; changes nothing.
///
/// # Errors
/// No such ask, or none of a survey.
pub fn open(tx: &mut Tx<'_>, id: AskId) -> Result<Opened> {
    let ask = asks::get(tx, id)?;
    let survey = ask.survey_id.ok_or_else(|| Refusal::not_found("survey"))?;
    let survey = surveys::get(tx, survey)?;
    let answer = store::of_ask(tx, id)?;
    Ok(Opened { ask, survey, answer })
}

/// Records what the member of an ask says, by its link.
///
/// # Errors
/// [`Refusal::SurveyClosed`] once its time is over; a score that is none of the scale; a member that
/// is gone.
pub fn answer_ask(tx: &mut Tx<'_>, id: AskId, saying: &Saying) -> Result<Recorded> {
    let member = asks::get(tx, id)?.member_id;
    let member = lock(tx, member)?.ok_or(Refusal::SurveyClosed)?;
    let opened = open(tx, id)?;
    check_score(&opened.survey, saying.score)?;
    if !opened.is_open(tx.now) {
        return Err(Refusal::SurveyClosed.into());
    }
    if let Some(answer) = opened.answer {
        return change(tx, &member, &opened.survey, answer, saying);
    }
    asks::answered(tx, id)?;
    let channel = match opened.ask.channel {
        AskChannel::Letter => AnswerChannel::Letter,
        AskChannel::Page => AnswerChannel::Page,
        AskChannel::Till => AnswerChannel::Till,
    };
    let new = New {
        channel,
        ask: Some(id),
        order: opened.ask.order_id,
        external_id: None,
        points: opened.ask.points,
        by: Caller::Member(member.id).label(),
    };
    record(tx, &member, &opened.survey, saying, new)
}

/// An answer that somebody brings, from a till or from the phone.
#[derive(Clone, Debug)]
pub struct Brought {
    pub survey: SurveyId,
    pub member: MemberId,
    pub saying: Saying,
    pub channel: AnswerChannel,
    pub order: Option<OrderId>,
    pub external_id: Option<String>,
}

/// Records an answer that a storefront or staff bring. One of a known `external_id` that says the
/// same is told as it is.
///
/// # Errors
/// No such survey, member or order; a draft; a score that is none of the scale;
/// [`Refusal::ExternalIdConflict`].
pub fn bring(tx: &mut Tx<'_>, brought: &Brought, by: &Caller) -> Result<Recorded> {
    let member =
        lock(tx, brought.member)?.ok_or_else(|| Refusal::not_found_at("member", "/member_id"))?;
    let survey = surveys::get(tx, brought.survey).map_err(|error| match error {
        Error::Refused(_) => Refusal::not_found_at("survey", "/survey_id").into(),
        error @ Error::Internal(_) => error,
    })?;
    check_score(&survey, brought.saying.score)?;
    if let Some(external_id) = &brought.external_id
        && let Some(answer) = store::by_external_id(tx, external_id)?
    {
        let same = answer.member_id == member.id
            && answer.survey_id == survey.id
            && said_last(tx, answer.id)?.as_ref() == Some(&brought.saying);
        return if same {
            Ok(Recorded { answer, is_new: false, repeated: true, points: None })
        } else {
            Err(Refusal::ExternalIdConflict(external_id.clone()).into())
        };
    }
    if survey.state == SurveyState::Draft || survey.state == SurveyState::Ended {
        return Err(Refusal::SurveyClosed.into());
    }
    if let Some(order) = brought.order {
        let unknown = || Refusal::not_found_at("order", "/order_id");
        let found = orders::service::get(tx, order).map_err(|_| unknown())?;
        if found.member_id != member.id {
            return Err(unknown().into());
        }
    }
    let points = Some(survey.fields.points.get()).filter(|points| *points > 0);
    let new = New {
        channel: brought.channel,
        ask: None,
        order: brought.order,
        external_id: brought.external_id.clone(),
        points,
        by: by.label(),
    };
    record(tx, &member, &survey, &brought.saying, new)
}

/// The member's row, locked; none where there is no such member, or it was erased.
fn lock(tx: &mut Tx<'_>, member: MemberId) -> Result<Option<Member>> {
    let member = members::service::lock(tx, member)?;
    Ok(member.filter(|member| member.status != MemberStatus::Erased))
}

fn check_score(survey: &Survey, score: i64) -> Result<(), Refusal> {
    let kind = survey.fields.kind;
    if kind.has(score) {
        return Ok(());
    }
    let (low, high) = kind.scale();
    Err(Refusal::field("/score", format!("must be a whole number from {low} to {high}")))
}

/// Of an answer that is new, what its saying does not tell.
struct New {
    channel: AnswerChannel,
    ask: Option<AskId>,
    order: Option<OrderId>,
    external_id: Option<String>,
    points: Option<i64>,
    by: String,
}

fn record(
    tx: &mut Tx<'_>,
    member: &Member,
    survey: &Survey,
    saying: &Saying,
    new: New,
) -> Result<Recorded> {
    let answer = Answer {
        id: tx.new_id(),
        survey_id: survey.id,
        member_id: member.id,
        ask_id: new.ask,
        external_id: new.external_id,
        kind: survey.fields.kind,
        score: saying.score,
        category: survey.fields.kind.category(saying.score),
        channel: new.channel,
        order_id: new.order,
        tier: member.tier.clone(),
        country: member.country.clone(),
        locale: member.locale.to_string(),
        state: AnswerState::Active,
        versions: 1,
        recorded_by: new.by,
        answered_at: tx.now,
        edited_at: None,
        void_reason: None,
        voided_by: None,
    };
    store::insert(tx, &answer)?;
    store::insert_version(tx, &version(&answer, saying, tx.now))?;
    topics::suggest(tx, &answer, saying.comment.as_deref())?;
    if let Some(points) = new.points {
        give(tx, &answer, points)?;
    }
    let owed = owed(tx, &answer)?;
    thanks::owe(tx, &owed)?;
    Ok(Recorded { answer, is_new: true, repeated: false, points: new.points })
}

fn version(answer: &Answer, saying: &Saying, said_at: Timestamp) -> Version {
    Version {
        answer_id: answer.id,
        version: answer.versions,
        score: saying.score,
        comment: saying.comment.clone(),
        said_at,
    }
}

fn said_last(tx: &mut Tx<'_>, id: AnswerId) -> Result<Option<Saying>> {
    Ok(last_version(tx, id)?.map(|last| Saying { score: last.score, comment: last.comment }))
}

fn last_version(tx: &mut Tx<'_>, id: AnswerId) -> Result<Option<Version>> {
    let versions = store::versions(tx, &[id])?.remove(&id).unwrap_or_default();
    Ok(versions.into_iter().next_back())
}

/// The member says something else than before, or the same again.
fn change(
    tx: &mut Tx<'_>,
    member: &Member,
    survey: &Survey,
    mut answer: Answer,
    saying: &Saying,
) -> Result<Recorded> {
    let none = || Error::internal("an answer that says nothing");
    let last = last_version(tx, answer.id)?.ok_or_else(none)?;
    if last.score == saying.score && last.comment == saying.comment {
        return Ok(Recorded { answer, is_new: false, repeated: true, points: None });
    }
    let is_quick = last.score != saying.score && tx.now < last.said_at.plus(TOO_QUICK);
    answer.state = if is_quick { AnswerState::Suspect } else { AnswerState::Active };
    let was = answer.category;
    answer.versions += 1;
    answer.score = saying.score;
    answer.category = survey.fields.kind.category(saying.score);
    answer.edited_at = Some(tx.now);
    store::update(tx, &answer)?;
    store::insert_version(tx, &version(&answer, saying, tx.now))?;
    if last.comment != saying.comment {
        topics::suggest(tx, &answer, saying.comment.as_deref())?;
    }
    debug_assert_eq!(member.id, answer.member_id, "an answer is its member's");
    if answer.category == Category::Detractor && was != Category::Detractor {
        let owed = owed(tx, &answer)?;
        thanks::owe_anew(tx, &owed)?;
    }
    Ok(Recorded { answer, is_new: false, repeated: false, points: None })
}

/// What an answer is thanked for: by what it counts as, by who has the topic that it is about.
fn owed(tx: &mut Tx<'_>, answer: &Answer) -> Result<Owed> {
    let category = match answer.category {
        Category::Promoter => ThanksCategory::Promoter,
        Category::Passive => ThanksCategory::Passive,
        Category::Detractor => ThanksCategory::Detractor,
    };
    let topic_owner = about::owner_for(tx, answer.id.uuid())?;
    let deed = Deed::new(DeedType::Answer, answer.id);
    Ok(Owed { member: answer.member_id, deed, category, topic_owner })
}

/// What was promised for an answer, whatever it says.
fn give(tx: &mut Tx<'_>, answer: &Answer, points: i64) -> Result<()> {
    let settings = settings::service::get(tx)?;
    let posting = Posting {
        member: answer.member_id,
        act: Act::Credit {
            kind: EntryKind::Earn,
            points,
            available_at: tx.now,
            expires_at: settings.expires_at(tx.now),
        },
        source: Some(Source::new("answer", answer.id)),
        rule: Rule::Answer,
        actor: Caller::System.label(),
        channel: None,
        reason: None,
        occurred_at: tx.now,
    };
    ledger::post_one(tx, posting).map(drop)
}

/// An answer never counted: by whom, and why, which is never what it says. Points and thanks stay.
///
/// # Errors
/// No such answer.
pub fn void(tx: &mut Tx<'_>, id: AnswerId, reason: VoidReason, by: &Caller) -> Result<Answer> {
    let mut answer = store::lock(tx, id)?;
    if answer.state != AnswerState::Void {
        answer.state = AnswerState::Void;
        answer.void_reason = Some(reason);
        answer.voided_by = Some(by.label());
        store::update(tx, &answer)?;
        // what it was about does not count either
        about::forget(tx, id.uuid())?;
    }
    Ok(answer)
}

/// A person looked at an answer that was suspect: it counts.
///
/// # Errors
/// No such answer; [`Refusal::InvalidTransition`] of one that is void.
pub fn confirm(tx: &mut Tx<'_>, id: AnswerId) -> Result<Answer> {
    let mut answer = store::lock(tx, id)?;
    match answer.state {
        AnswerState::Active => {}
        AnswerState::Suspect => {
            answer.state = AnswerState::Active;
            store::update(tx, &answer)?;
        }
        AnswerState::Void => {
            return Err(cannot_become(answer.state, AnswerState::Active).into());
        }
    }
    Ok(answer)
}

/// The refusal of a step from a state that is the last.
pub(super) const fn cannot_become(from: AnswerState, to: AnswerState) -> Refusal {
    let (from, to) = (from.as_str(), to.as_str());
    Refusal::InvalidTransition { what: "the answer", from, to, allowed: &[] }
}
