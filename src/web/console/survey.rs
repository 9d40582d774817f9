//! One survey: its trend, what was said, and what can be changed.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use serde::Serialize;

use super::{
    chart::{Chart, Point},
    desk::Desk,
    frame::Frame,
    surveys::{Choices, Typed, filled, id, query, typed},
    today::names,
};
use platform::{
    db::Tx,
    http::Answer,
    kernel::{
        clock::Timestamp,
        error::{Error, Refusal, Result},
        id::{AnswerId, MemberId},
        locale::Reader,
        page::{Listing, Page},
    },
};
use program::{
    asks::service as asks,
    period::{Period, Span},
    surveys::{
        Category, Survey, SurveyKind, SurveyState,
        answers::{
            self,
            service::{self as answering, Sought},
            stats::{self, By, Heard, ScoreRow, Weigh},
            stats_api,
        },
        service,
    },
};

/// An answer, for a person.
#[derive(Serialize)]
struct Line {
    id: String,
    member_id: String,
    member: String,
    score: i64,
    category: Category,
    state: answers::AnswerState,
    comment: Option<String>,
    answered_at: Timestamp,
    is_edited: bool,
}

#[derive(Serialize)]
struct SurveyConsolePage {
    #[serde(flatten)]
    frame: Frame,
    id: String,
    name: String,
    question: String,
    kind: SurveyKind,
    state: SurveyState,
    /// The states that it can become.
    may_become: Vec<&'static str>,
    version: i64,
    whole: ScoreRow,
    chart: Chart,
    months: Vec<ScoreRow>,
    by: String,
    groups: Vec<ScoreRow>,
    /// Segments' names by their ids.
    names: BTreeMap<String, String>,
    weigh: String,
    from: String,
    to: String,
    asks: Vec<(&'static str, i64)>,
    category: String,
    answers: Vec<Line>,
    next_cursor: Option<String>,
    choices: Choices,
    typed: Typed,
    /// Conditions that the form has no field for.
    own_audience: Option<String>,
}

/// `GET /console/surveys/{id}?by=&weigh=&from=&to=&category=`
pub async fn show(desk: Desk) -> Answer {
    page(&desk, None, None).await
}

/// What is asked for by the query.
struct Wanted {
    by: Option<By>,
    weigh: Weigh,
    span: Span,
    category: Option<Category>,
    page: Page,
}

fn wanted(desk: &Desk) -> Result<Wanted> {
    let query = query(desk)?;
    let chosen = |name: &str| query.text(name).filter(|text| !text.is_empty());
    let dates: Vec<String> = ["from", "to"]
        .into_iter()
        .filter_map(|name| Some(format!("{name}={}", chosen(name)?)))
        .collect();
    let dates = platform::http::query::Query::parse(&dates.join("&"), &["from", "to"])?;
    let by = match chosen("by") {
        None => None,
        Some(_) => query.get::<By>("by")?,
    };
    let category = match chosen("category") {
        None => None,
        Some(_) => query.get::<Category>("category")?,
    };
    let weigh = match chosen("weigh") {
        None => Weigh::Answers,
        Some(_) => query.get::<Weigh>("weigh")?.unwrap_or(Weigh::Answers),
    };
    Ok(Wanted { by, weigh, span: Span::read(&dates)?, category, page: query.page()? })
}

pub(super) async fn page(desk: &Desk, fault: Option<&Refusal>, form: Option<Typed>) -> Answer {
    let id = id(desk)?;
    let wanted = match fault {
        None => wanted(desk)?,
        Some(_) => Wanted {
            by: None,
            weigh: Weigh::Answers,
            span: Span::read(&platform::http::query::Query::default())?,
            category: None,
            page: Page::first(20),
        },
    };
    let frame = desk.frame("surveys", fault);
    let reader = Reader {
        wanted: vec![desk.visit.language.into()],
        program: desk.visit.settings.locale.clone(),
    };
    let read = move |tx: &mut Tx<'_>| {
        let survey = service::get(tx, id)?;
        build(tx, &survey, &wanted, frame.clone(), form.clone(), &reader)
    };
    let page = desk.store().read(read).await?;
    desk.page("survey", fault, &page)
}

fn build(
    tx: &mut Tx<'_>,
    survey: &Survey,
    wanted: &Wanted,
    frame: Frame,
    form: Option<Typed>,
    reader: &Reader,
) -> Result<SurveyConsolePage> {
    let period = wanted.span.period(tx)?;
    let kind = survey.fields.kind;
    let sought = stats::Sought { kind, survey: Some(survey.id), period: period.clone() };
    let heard = Heard::of(tx, sought)?;
    let mut told = |by| Ok::<_, Error>(heard.told(tx, by, wanted.weigh)?.data);
    let whole = told(None)?.pop().ok_or_else(|| Error::internal("no figures"))?;
    let months = told(Some(By::Month))?;
    let groups = match wanted.by {
        None | Some(By::Month) => Vec::new(),
        by => told(by)?,
    };
    let choices = Choices::read(tx)?;
    let typed = match form {
        Some(form) => filled(form, &choices.languages),
        None => typed(survey, &choices)?,
    };
    let is_listed = choices.segment_of(survey)?.is_some();
    let own = survey.fields.audience.as_ref().filter(|_| !is_listed);
    let sought = Sought { survey: Some(survey.id), category: wanted.category, ..Sought::default() };
    let (answers, next_cursor) = said(tx, &sought, &wanted.page)?;
    Ok(SurveyConsolePage {
        chart: trend(kind, &months),
        asks: asks::counted(tx, &[survey.id])?
            .into_iter()
            .map(|(_, state, count)| (state.as_str(), count))
            .collect(),
        names: choices.segments.iter().cloned().collect(),
        own_audience: own.map(serde_json::to_string_pretty).transpose()?,
        question: survey.asked(reader),
        id: survey.id.to_string(),
        name: survey.fields.name.to_string(),
        kind,
        state: survey.state,
        may_become: survey.state.allowed().to_vec(),
        version: survey.version,
        by: wanted.by.map(|by| by.to_string()).unwrap_or_default(),
        weigh: wanted.weigh.to_string(),
        from: period.from.to_string(),
        to: period.to.to_string(),
        category: wanted.category.map(|one| one.to_string()).unwrap_or_default(),
        frame,
        whole,
        months,
        groups,
        answers,
        next_cursor,
        choices,
        typed,
    })
}

fn trend(kind: SurveyKind, months: &[ScoreRow]) -> Chart {
    let points: Vec<Point> = months
        .iter()
        .map(|row| Point {
            label: row.group.clone().unwrap_or_default(),
            score: row
                .score
                .zip(row.low)
                .zip(row.high)
                .map(|((score, low), high)| (score, low, high)),
        })
        .collect();
    match kind {
        SurveyKind::Nps => Chart::of(&points, -100, 100, 50),
        SurveyKind::Csat | SurveyKind::Ces => Chart::of(&points, 0, 100, 25),
    }
}

fn said(tx: &mut Tx<'_>, sought: &Sought, page: &Page) -> Result<(Vec<Line>, Option<String>)> {
    let Listing { data, next_cursor } = answering::list(tx, sought, page)?;
    let ids: Vec<AnswerId> = data.iter().map(|answer| answer.id).collect();
    let mut words = answering::words(tx, &ids)?;
    let members: Vec<MemberId> = data.iter().map(|answer| answer.member_id).collect();
    let names = names(tx, members.into_iter())?;
    let line = |answer: answers::Answer| Line {
        comment: words.remove(&answer.id),
        member: names.get(&answer.member_id).cloned().unwrap_or_default(),
        id: answer.id.to_string(),
        member_id: answer.member_id.to_string(),
        score: answer.score,
        category: answer.category,
        state: answer.state,
        answered_at: answer.answered_at,
        is_edited: answer.edited_at.is_some(),
    };
    Ok((data.into_iter().map(line).collect(), next_cursor))
}

/// `GET /console/surveys/{id}/score.csv`
pub async fn csv(desk: Desk) -> Answer {
    let id = id(&desk)?;
    let Wanted { by, weigh, span, .. } = wanted(&desk)?;
    let read = move |tx: &mut Tx<'_>| {
        let survey = service::get(tx, id)?;
        let period: Period = span.period(tx)?;
        let (kind, survey) = (survey.fields.kind, Some(survey.id));
        let by = Some(by.unwrap_or(By::Month));
        Heard::of(tx, stats::Sought { kind, survey, period })?.told(tx, by, weigh)
    };
    let told = desk.store().read(read).await?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8; header=present")
        .insert_header(("content-disposition", "attachment; filename=\"score.csv\""))
        .body(stats_api::sheet(&told)?))
}
