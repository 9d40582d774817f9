//! What the signed-in member is asked and said, in the demo's shop.

use actix_web::http::StatusCode;

use super::{
    pages::{AnswerLine, AnswersPage, QuestionLine},
    visit::{Visit, html},
};
use platform::{
    db::Tx,
    http::{Answer, query::Query},
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{MemberId, SurveyId},
        locale::Reader,
        page::{Listing, Page},
    },
};
use program::{
    asks::{Ask, AskState, service as asks},
    surveys::{
        answers::service::{self as answers, Opened, Told},
        links::Links,
        service as surveys,
    },
    thanks::{ThanksState, ThanksWay},
};

/// How many questions wait at most.
const QUESTIONS: i64 = 20;

/// `GET /answers?cursor=`
pub async fn show(visit: Visit) -> Answer {
    let member = visit.member()?;
    let page = Query::parse(visit.query(), &["cursor"])?.page()?;
    let reader = visit.reader();
    let read = move |tx: &mut Tx<'_>| {
        let sought = answers::Sought { member: Some(member), ..answers::Sought::default() };
        let Listing { data, next_cursor } = answers::list(tx, &sought, &page)?;
        let told = answers::told(tx, data)?.into_iter();
        let links = Links::known(tx)?;
        let data: Vec<_> = told.map(|told| line(tx.now, links, told, &reader)).collect();
        Ok((waiting(tx, member, &reader)?, Listing { data, next_cursor }))
    };
    let (questions, answers) = visit.store().read(read).await?;
    let page = AnswersPage {
        shell: visit.shell(),
        questions,
        answers: answers.data,
        next_cursor: answers.next_cursor,
    };
    html(StatusCode::OK, visit.pages.render_answers(&page))
}

/// What waits for an answer of this member, newest first.
fn waiting(tx: &mut Tx<'_>, member: MemberId, reader: &Reader) -> Result<Vec<QuestionLine>> {
    let sought = asks::Sought {
        member: Some(member),
        state: Some(AskState::Sent),
        ..asks::Sought::default()
    };
    let sent: Vec<Ask> = asks::list(tx, &sought, &Page::first(QUESTIONS))?.data;
    let ids: Vec<SurveyId> = sent.iter().filter_map(|ask| ask.survey_id).collect();
    let surveys = surveys::find_all(tx, &ids)?;
    let Some(links) = Links::known(tx)? else { return Ok(Vec::new()) };
    let mut questions = Vec::new();
    for ask in sent {
        let survey = ask.survey_id.and_then(|id| surveys.get(&id).cloned());
        let (Some(survey), Some(until)) = (survey, ask.answer_until) else { continue };
        let (id, points) = (ask.id, ask.points);
        let opened = Opened { ask, survey, answer: None };
        if !opened.is_open(tx.now) {
            continue;
        }
        let (question, path) = (opened.survey.asked(reader), links.path(id));
        questions.push(QuestionLine { question, path, points, until });
    }
    Ok(questions)
}

fn line(now: Timestamp, links: Option<Links>, told: Told, reader: &Reader) -> AnswerLine {
    let Told { answer, survey, comment, thanks } = told;
    let ask = answer.ask_id.filter(|_| answer.can_change(&survey, now));
    let thanks = thanks.filter(|thanks| thanks.state == ThanksState::Given);
    AnswerLine {
        question: survey.asked(reader),
        score: answer.score,
        of: answer.kind.scale().1,
        comment,
        answered_at: answer.answered_at,
        path: links.zip(ask).map(|(links, ask)| links.path(ask)),
        is_thanked: thanks.is_some(),
        // what else somebody notes there is for the staff
        message: thanks
            .filter(|thanks| thanks.way == ThanksWay::Letter)
            .and_then(|thanks| thanks.message)
            .map(|message| message.to_string()),
    }
}
