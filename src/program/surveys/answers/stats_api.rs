//! `GET /v1/stats/nps`.

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::{CONTENT_DISPOSITION, VARY},
};

use super::stats::{self, By, Heard, ScoreRow, ScoreStats, Sought, Weigh};
use crate::period::Span;
use platform::{
    http::{Answer, Call, accept::wants_csv},
    kernel::{csv, error::Result, id::SurveyId},
};

/// What answers come to: the score, how sure one can be of it, and whether it changed.
///
/// Of one survey, or of all NPS surveys together. `score` is 100 × (promoters − detractors) / answers;
/// of a CSAT or CES survey the promoters in percent, who are the satisfied, and who found it easy.
/// `low` and `high` hold it with 95% confidence (adjusted Wald; Wilson). `change` says `unclear` where
/// the difference to the month before may be chance. An answer counts in the month in which it was
/// given first, with its last score, by what its member was then; a segment is judged now, and who was
/// asked is told apart by what they are now. With `Accept: text/csv` the rows come as a CSV file.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`.
#[utoipa::path(
    operation_id = "getScoreStats",
    tag = "Surveys",
    params(
        ("survey_id" = Option<SurveyId>, Query, description = "The answers of one survey"),
        Span,
        ("by" = inline(Option<By>), Query, description = "By what the figures are told apart"),
        ("weigh" = inline(Option<Weigh>), Query, description = "What counts as one; answers, unless given"),
    ),
    responses((status = 200, content((ScoreStats = "application/json"), (String = "text/csv"))))
)]
#[get("/v1/stats/nps")]
pub async fn read(call: Call, request: HttpRequest) -> Answer {
    let query = call.query()?;
    let survey: Option<SurveyId> = query.get("survey_id")?;
    let span = Span::read(&query)?;
    let (by, weigh) = (query.get::<By>("by")?, query.get::<Weigh>("weigh")?);
    let score = move |tx: &mut platform::db::Tx<'_>| {
        let kind = stats::kind_of(tx, survey)?;
        let weigh = weigh.unwrap_or(Weigh::Answers);
        let period = span.period(tx)?;
        Heard::of(tx, Sought { kind, survey, period })?.told(tx, by, weigh)
    };
    let told = call.store().read(score).await?;
    let mut answer = HttpResponse::Ok();
    answer.insert_header((VARY, "Accept"));
    if !wants_csv(request.headers()) {
        return Ok(answer.json(told));
    }
    answer.content_type("text/csv; charset=utf-8; header=present");
    answer.insert_header((CONTENT_DISPOSITION, "attachment; filename=\"score.csv\""));
    Ok(answer.body(sheet(&told)?))
}

const COLUMNS: [&str; 11] = [
    "group",
    "answers",
    "promoters",
    "passives",
    "detractors",
    "score",
    "low",
    "high",
    "asked",
    "response_percent",
    "change",
];

/// The rows as a file for a spreadsheet.
///
/// # Errors
/// None in practice.
pub fn sheet(told: &ScoreStats) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    csv::record(&mut out, &COLUMNS)?;
    for row in &told.data {
        csv::record(&mut out, &cells(row))?;
    }
    Ok(out)
}

fn cells(row: &ScoreRow) -> [String; 11] {
    let cell = |value: Option<String>| value.unwrap_or_default();
    let number =
        |value: Option<platform::kernel::intervals::Tenths>| cell(value.map(|n| n.to_string()));
    [
        csv::guarded(&cell(row.group.clone())),
        row.answers.to_string(),
        row.promoters.to_string(),
        row.passives.to_string(),
        row.detractors.to_string(),
        number(row.score),
        number(row.low),
        number(row.high),
        row.asked.to_string(),
        number(row.response_percent),
        cell(row.change.map(|change| change.as_str().to_owned())),
    ]
}
