//! Rows of answers to surveys.

use std::collections::HashMap;

use super::{
    Done, Row,
    dates::moment,
    fault::{Fault, Reading},
};
use platform::{
    db::Tx,
    kernel::{
        error::{Error, Refusal, Result},
        id::{MemberId, SurveyId},
        text::{ExternalId, Prose},
    },
    settings::Settings,
};
use program::{
    members::service::many,
    surveys::answers::{
        AnswerChannel,
        service::{Earlier, Saying, bring_earlier},
    },
};

pub const COLUMNS: [&str; 7] = [
    "external_id",
    "survey_id",
    "member_external_id",
    "answered_at",
    "score",
    "channel",
    "comment",
];

pub const REQUIRED: [&str; 6] =
    ["external_id", "survey_id", "member_external_id", "answered_at", "score", "channel"];

/// Records the answers of these rows, unless they were before.
pub fn import(
    tx: &mut Tx<'_>,
    settings: &Settings,
    rows: &[Row],
) -> Result<Vec<Result<Done, Vec<Fault>>>> {
    let names = rows.iter().filter_map(|row| row.get("member_external_id")).collect();
    let members = many::ids_by_external_id(tx, &names)?;
    rows.iter().map(|row| one(tx, settings, &members, row)).collect()
}

fn one(
    tx: &mut Tx<'_>,
    settings: &Settings,
    members: &HashMap<String, MemberId>,
    row: &Row,
) -> Result<Result<Done, Vec<Fault>>> {
    let mut reading = Reading::of(row);
    let Some(earlier) = read(&mut reading, settings, members) else {
        return Ok(Err(reading.faults));
    };
    match tx.savepoint(|tx| bring_earlier(tx, &earlier)) {
        Ok(true) => Ok(Ok(Done::Imported)),
        Ok(false) => Ok(Ok(Done::AlreadyThere)),
        Err(Error::Refused(refusal)) => {
            Ok(Err(vec![Fault { column: column_of(&refusal), refusal }]))
        }
        Err(error) => Err(error),
    }
}

/// The answer that a row tells of; `None` where something is wrong with it, which is noted.
fn read(
    reading: &mut Reading<'_>,
    settings: &Settings,
    members: &HashMap<String, MemberId>,
) -> Option<Earlier> {
    let external_id: Option<ExternalId> = reading.required("external_id");
    let survey: Option<SurveyId> = reading.required("survey_id");
    let name: Option<ExternalId> = reading.required("member_external_id");
    let member = name.and_then(|name| {
        let known = members.get(name.as_str()).copied();
        if known.is_none() {
            let refusal = Refusal::not_found_at("member", "/member_external_id");
            reading.fault(Fault { column: "member_external_id", refusal });
        }
        known
    });
    reading.needs("answered_at");
    let answered_at = reading.with("answered_at", |text| moment(text, &settings.time_zone));
    reading.needs("score");
    let whole = |text: &str| text.parse().map_err(|_| "must be a whole number".to_owned());
    let score: Option<i64> = reading.with("score", whole);
    let channel: Option<AnswerChannel> = reading.required("channel");
    let comment: Option<Prose<4000>> = reading.parse("comment");
    if !reading.faults.is_empty() {
        return None;
    }
    Some(Earlier {
        survey: survey?,
        member: member?,
        saying: Saying { score: score?, comment: comment.map(|comment| comment.to_string()) },
        channel: channel?,
        external_id: external_id?.into_string(),
        answered_at: answered_at?,
    })
}

/// The column that a refusal of the answer is about.
fn column_of(refusal: &Refusal) -> &'static str {
    let pointer = match refusal {
        Refusal::Invalid { errors } | Refusal::NotFound { errors, .. } => {
            errors.first().map_or("", |error| error.pointer.as_str())
        }
        Refusal::ExternalIdConflict(_) => "/external_id",
        _ => "",
    };
    let named = COLUMNS.into_iter().find(|column| pointer.strip_prefix('/') == Some(column));
    match (named, pointer) {
        (Some(column), _) => column,
        (None, "/member_id") => "member_external_id",
        (None, _) => "",
    }
}
