//! Recording what members say, and what they say instead.

use std::time::Duration;

use super::opening::open;
use crate::{
    asks::{Ask, AskChannel, service as asks},
    ledger::{self, Act, EntryKind, Posting, Rule, Source},
    members::{self, Member, MemberStatus},
    orders,
    surveys::{
        Category, Survey, SurveyState,
        answers::{
            Answer, AnswerChannel, AnswerState,
            store::{self, Spoken},
            topics,
        },
        planning, service as surveys,
    },
    thanks::{Deed, DeedType, Owed, ThanksCategory, service as thanks},
    topics::service as about,
};
use platform::{
    auth::Caller,
    db::Tx,
    kernel::{
        clock::Timestamp,
        error::{Error, Refusal, Result},
        id::{AnswerId, AskId, MemberId, OrderId, SurveyId},
    },
    settings,
};

/// Two different scores within so short a time were not meant by a person.
const TOO_QUICK: Duration = Duration::from_secs(3);

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
    /// What it brought.
    pub points: Option<i64>,
}

impl Recorded {
    const fn known(answer: Answer) -> Self {
        Self { answer, is_new: false, points: None }
    }
}

/// Records what the member of an ask says, by its link. Its page shows nobody the words of before, for
/// letters are passed on: without new words, those stay.
///
/// # Errors
/// [`Refusal::SurveyClosed`] once its time is over, unless it is the same again; a score that is none of
/// the scale; a member that is gone.
pub fn answer_ask(tx: &mut Tx<'_>, id: AskId, saying: &Saying) -> Result<Recorded> {
    let member = asks::get(tx, id)?.member_id;
    let member = lock(tx, member)?.ok_or(Refusal::SurveyClosed)?;
    let opened = open(tx, id)?;
    check_score(&opened.survey, saying.score)?;
    let is_open = opened.is_open(tx.now);
    if let Some(answer) = opened.answer {
        let last = last_version(tx, answer.id)?;
        let comment = saying.comment.clone().or_else(|| last.comment.clone());
        let saying = Saying { comment, ..*saying };
        // where the button was pressed again, nothing is changed
        if !is_open && (answer.state == AnswerState::Void || !last.says(&saying)) {
            return Err(Refusal::SurveyClosed.into());
        }
        return change(tx, &opened.survey, answer, &last, &saying);
    }
    if !is_open {
        return Err(Refusal::SurveyClosed.into());
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
        at: tx.now,
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
    let survey = surveys::get(tx, brought.survey).map_err(|error| error.at("/survey_id"))?;
    check_score(&survey, brought.saying.score)?;
    if let Some(external_id) = &brought.external_id
        && let Some(answer) = known(tx, external_id, &member, &survey, &brought.saying)?
    {
        return Ok(Recorded::known(answer));
    }
    if survey.state == SurveyState::Draft || survey.state == SurveyState::Ended {
        return Err(Refusal::SurveyClosed.into());
    }
    if let Some(order) = brought.order {
        let found = orders::service::get(tx, order).map_err(|error| error.at("/order_id"))?;
        if found.member_id != member.id {
            return Err(Refusal::not_found_at("order", "/order_id").into());
        }
    }
    // who was asked and says it here is not asked any more
    let is_meant = |ask: &Ask| {
        brought.order.is_none() || ask.order_id.is_none() || ask.order_id == brought.order
    };
    let ask = asks::open_of(tx, member.id, survey.id)?.into_iter().find(is_meant);
    let points = match &ask {
        Some(ask) => asks::answered(tx, ask.id)?.points,
        None => planning::offer(&survey),
    };
    let new = New {
        channel: brought.channel,
        order: brought.order.or(ask.as_ref().and_then(|ask| ask.order_id)),
        ask: ask.map(|ask| ask.id),
        external_id: brought.external_id.clone(),
        points,
        by: by.label(),
        at: tx.now,
    };
    record(tx, &member, &survey, &brought.saying, new)
}

/// The answer of this external id, where it says the same.
///
/// # Errors
/// [`Refusal::ExternalIdConflict`] where it says something else.
pub(super) fn known(
    tx: &mut Tx<'_>,
    external_id: &str,
    member: &Member,
    survey: &Survey,
    saying: &Saying,
) -> Result<Option<Answer>> {
    let Some(answer) = store::by_external_id(tx, external_id)? else { return Ok(None) };
    let same = answer.member_id == member.id
        && answer.survey_id == survey.id
        && last_version(tx, answer.id)?.says(saying);
    if same {
        Ok(Some(answer))
    } else {
        Err(Refusal::ExternalIdConflict(external_id.into()).into())
    }
}

/// The member's row, locked; none where there is no such member, or it was erased.
pub(super) fn lock(tx: &mut Tx<'_>, member: MemberId) -> Result<Option<Member>> {
    let member = members::service::lock(tx, member)?;
    Ok(member.filter(|member| member.status != MemberStatus::Erased))
}

pub(super) fn check_score(survey: &Survey, score: i64) -> Result<(), Refusal> {
    let kind = survey.fields.kind;
    if kind.has(score) {
        return Ok(());
    }
    let (low, high) = kind.scale();
    Err(Refusal::field("/score", format!("must be a whole number from {low} to {high}")))
}

/// Of an answer that is new, what its saying does not tell.
pub(super) struct New {
    pub channel: AnswerChannel,
    pub ask: Option<AskId>,
    pub order: Option<OrderId>,
    pub external_id: Option<String>,
    pub points: Option<i64>,
    pub by: String,
    pub at: Timestamp,
}

/// Records an answer, gives what was promised for it, and owes thanks.
fn record(
    tx: &mut Tx<'_>,
    member: &Member,
    survey: &Survey,
    saying: &Saying,
    new: New,
) -> Result<Recorded> {
    let points = new.points;
    let answer = insert(tx, member, survey, saying, new)?;
    if let Some(points) = points {
        give(tx, &answer, points)?;
    }
    let owed = owed(tx, &answer)?;
    thanks::owe(tx, &owed)?;
    Ok(Recorded { answer, is_new: true, points })
}

/// Writes an answer down, with what its member is now.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    member: &Member,
    survey: &Survey,
    saying: &Saying,
    new: New,
) -> Result<Answer> {
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
        answered_at: new.at,
        edited_at: None,
        void_reason: None,
        voided_by: None,
    };
    match &answer.external_id {
        None => store::insert(tx, &answer)?,
        Some(external_id) => {
            if !tx.unless_taken(|tx| store::insert(tx, &answer))? {
                return Err(Refusal::ExternalIdConflict(external_id.clone()).into());
            }
        }
    }
    store::insert_version(tx, &version(&answer, saying, new.at))?;
    topics::suggest(tx, &answer, saying.comment.as_deref())?;
    Ok(answer)
}

fn version(answer: &Answer, saying: &Saying, said_at: Timestamp) -> Spoken {
    Spoken {
        answer_id: answer.id,
        version: answer.versions,
        score: saying.score,
        comment: saying.comment.clone(),
        said_at,
    }
}

fn last_version(tx: &mut Tx<'_>, id: AnswerId) -> Result<Spoken> {
    let versions = store::versions(tx, &[id])?.remove(&id).unwrap_or_default();
    let last = versions.into_iter().next_back();
    last.ok_or_else(|| Error::internal("an answer that says nothing"))
}

impl Spoken {
    fn says(&self, saying: &Saying) -> bool {
        self.score == saying.score && self.comment == saying.comment
    }
}

/// The member says something else than before, or the same again.
fn change(
    tx: &mut Tx<'_>,
    survey: &Survey,
    mut answer: Answer,
    last: &Spoken,
    saying: &Saying,
) -> Result<Recorded> {
    let is_soon = tx.now < last.said_at.plus(TOO_QUICK);
    if last.says(saying) {
        if answer.state == AnswerState::Suspect && !is_soon {
            answer.state = AnswerState::Active;
            store::update(tx, &answer)?;
        }
        return Ok(Recorded::known(answer));
    }
    let is_quick = last.score != saying.score && is_soon;
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
    if answer.category == Category::Detractor && was != Category::Detractor {
        let owed = owed(tx, &answer)?;
        thanks::owe_anew(tx, &owed)?;
    }
    Ok(Recorded::known(answer))
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
