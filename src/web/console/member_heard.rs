//! What a member was asked, and what it said.

use serde::Serialize;

use platform::{
    db::Tx,
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{LetterId, MemberId, SurveyId, ThanksId},
        page::Page,
    },
};
use program::{
    asks::{Ask, AskChannel, AskKind, AskState, Reason, service as asks},
    surveys::{
        Category,
        answers::{
            AnswerState,
            service::{self as answers, Told},
        },
        service as surveys,
    },
    thanks::{Thanks, ThanksState},
};

/// How many of each the page shows.
const ROWS: i64 = 10;

/// All that the page tells of it, newest first.
#[derive(Serialize)]
pub struct Heard {
    answers: Vec<AnswerLine>,
    asks: Vec<AskLine>,
}

#[derive(Serialize)]
struct AnswerLine {
    survey_id: SurveyId,
    survey: String,
    score: i64,
    /// The highest that the scale has.
    of: i64,
    category: Category,
    state: AnswerState,
    comment: Option<String>,
    at: Timestamp,
    thanks: Option<(ThanksId, ThanksState)>,
}

#[derive(Serialize)]
struct AskLine {
    kind: AskKind,
    /// The survey's name, or what the shop calls it.
    about: String,
    channel: AskChannel,
    state: AskState,
    /// When it went out, or is tried, or was thought of.
    at: Timestamp,
    reasons: Vec<Reason>,
    letter_id: Option<LetterId>,
}

impl Heard {
    /// # Errors
    /// The database's own.
    pub fn of(tx: &mut Tx<'_>, member: MemberId) -> Result<Self> {
        let sought = answers::Sought { member: Some(member), ..answers::Sought::default() };
        let said = answers::list(tx, &sought, &Page::first(ROWS))?.data;
        let answers = answers::told(tx, said)?.into_iter().map(AnswerLine::from).collect();
        let sought = asks::Sought { member: Some(member), ..asks::Sought::default() };
        let asked = asks::list(tx, &sought, &Page::first(ROWS))?.data;
        Ok(Self { answers, asks: ask_lines(tx, asked)? })
    }
}

impl From<Told> for AnswerLine {
    fn from(told: Told) -> Self {
        let Told { answer, survey, comment, thanks } = told;
        Self {
            survey_id: survey.id,
            survey: survey.fields.name.to_string(),
            score: answer.score,
            of: answer.kind.scale().1,
            category: answer.category,
            state: answer.state,
            comment,
            at: answer.answered_at,
            thanks: thanks.map(|Thanks { id, state, .. }| (id, state)),
        }
    }
}

fn ask_lines(tx: &mut Tx<'_>, all: Vec<Ask>) -> Result<Vec<AskLine>> {
    let ids: Vec<SurveyId> = all.iter().filter_map(|ask| ask.survey_id).collect();
    let surveys = surveys::find_all(tx, &ids)?;
    let line = |ask: Ask| {
        let survey = ask.survey_id.and_then(|id| surveys.get(&id));
        let name = survey.map(|survey| survey.fields.name.to_string());
        Ok(AskLine {
            reasons: ask.reasons()?,
            about: name.unwrap_or(ask.reference),
            kind: ask.kind,
            channel: ask.channel,
            state: ask.state,
            at: ask.sent_at.or(ask.send_at).unwrap_or(ask.planned_at),
            letter_id: ask.letter_id,
        })
    };
    all.into_iter().map(line).collect()
}
