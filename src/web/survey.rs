//! Behind a survey's link: a page with one question, and what its one button sends. Looking at it
//! changes nothing, whoever or whatever looks: mail scanners open every link. Who has the link needs
//! no session, and is shown nothing of its member: a letter may be passed on.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
};

use super::{
    pages::{SurveyPage, SurveyStep},
    posted::OpenlyPosted,
    visit::{Visit, html},
};
use platform::{
    db::Tx,
    http::Answer,
    kernel::{
        error::{Error, Refusal, Result},
        locale::{Language, Reader},
        text::Prose,
    },
};
use program::{
    members,
    surveys::{
        Category, SurveyKind,
        answers::service::{self, Opened, Saying},
        links,
    },
};

/// What the page needs of whom it is for, which is how to speak to them.
struct Seen {
    opened: Opened,
    language: Language,
    question: String,
    /// What is asked beside the box for words; empty: our own words.
    follow_up: String,
}

/// `GET /s/{token}?v=9`: the question, with 9 chosen.
pub async fn ask(visit: Visit) -> Answer {
    let chosen = visit.parameter("v").parse::<i64>().ok();
    let seen = see(&visit, chosen).await?;
    let now = visit.store().clock().now();
    let kind = seen.opened.survey.fields.kind;
    let step = if seen.opened.is_open(now) { SurveyStep::Ask } else { SurveyStep::Over };
    let chosen = chosen.filter(|score| kind.has(*score));
    answer(&page(&visit, &seen, step, chosen, String::new()), &visit)
}

/// `POST /s/{token}`: the answer.
pub async fn record(OpenlyPosted { visit, form }: OpenlyPosted) -> Answer {
    let field =
        |name: &str| form.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim());
    let comment = field("comment").unwrap_or_default().to_owned();
    let score = field("score").and_then(|score| score.parse::<i64>().ok());
    let seen = see(&visit, score).await?;
    let kind = seen.opened.survey.fields.kind;
    let Some(score) = score.filter(|score| kind.has(*score)) else {
        return answer(&page(&visit, &seen, SurveyStep::Choose, None, comment), &visit);
    };
    let words = Some(comment.as_str()).filter(|words| !words.is_empty());
    let Ok(words) = words.map(str::parse::<Prose<4000>>).transpose() else {
        let page = page(&visit, &seen, SurveyStep::Shorten, Some(score), comment);
        return answer(&page, &visit);
    };
    let saying = Saying { score, comment: words.map(|words| words.to_string()) };
    let id = seen.opened.ask.id;
    let recorded = visit.store().write(move |tx| service::answer_ask(tx, id, &saying)).await;
    let step = match recorded {
        Ok(recorded) => SurveyStep::Done { points: recorded.points },
        Err(Error::Refused(Refusal::SurveyClosed)) => SurveyStep::Over,
        Err(error) => return Err(error.into()),
    };
    answer(&page(&visit, &seen, step, Some(score), String::new()), &visit)
}

async fn see(visit: &Visit, score: Option<i64>) -> Result<Seen> {
    let (token, program) = (visit.path("token"), visit.settings.locale.clone());
    let read = move |tx: &mut Tx<'_>| {
        let id = links::read(tx, &token)?.ok_or(Refusal::not_found("question"))?;
        let opened = service::open(tx, id)?;
        let member = members::service::get(tx, opened.ask.member_id)?;
        let reader: Reader = member.reader(&program);
        let said = |texts: &program::surveys::Questions| {
            texts.read_by(&reader).map(ToString::to_string).unwrap_or_default()
        };
        let fields = &opened.survey.fields;
        let category = score.filter(|score| fields.kind.has(*score));
        let category = category.map(|score| fields.kind.category(score));
        let follow_up = category.and_then(|category| fields.follow_ups.of(category)).map(said);
        let (question, follow_up) = (said(&fields.question), follow_up.unwrap_or_default());
        Ok(Seen { language: member.locale.language(), question, follow_up, opened })
    };
    visit.store().read(read).await
}

fn page(
    visit: &Visit,
    seen: &Seen,
    step: SurveyStep,
    chosen: Option<i64>,
    comment: String,
) -> SurveyPage {
    let mut shell = visit.shell();
    (shell.language, shell.signed_in, shell.notice) = (seen.language, None, None);
    let kind: SurveyKind = seen.opened.survey.fields.kind;
    let (low, high) = kind.scale();
    let mood = chosen.map_or(Category::Passive, |score| kind.category(score));
    SurveyPage {
        shell,
        token: visit.path("token"),
        question: seen.question.clone(),
        kind: kind.as_str(),
        steps: (low..=high).collect(),
        chosen,
        follow_up: seen.follow_up.clone(),
        comment,
        mood: mood.as_str(),
        step,
        points: seen.opened.ask.points.filter(|_| seen.opened.answer.is_none()),
        is_again: seen.opened.answer.is_some(),
    }
}

fn answer(page: &SurveyPage, visit: &Visit) -> Answer {
    let status = match page.step {
        SurveyStep::Ask | SurveyStep::Done { .. } => StatusCode::OK,
        SurveyStep::Choose | SurveyStep::Shorten => StatusCode::UNPROCESSABLE_ENTITY,
        SurveyStep::Over => StatusCode::GONE,
    };
    let mut response: HttpResponse = html(status, visit.pages.render_survey(page))?;
    let headers = response.headers_mut();
    headers.insert(header::REFERRER_POLICY, header::HeaderValue::from_static("no-referrer"));
    let robots = header::HeaderName::from_static("x-robots-tag");
    headers.insert(robots, header::HeaderValue::from_static("noindex"));
    Ok(response)
}
