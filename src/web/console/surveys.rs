//! Surveys: what each asks, how it stands, and what came back.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{
    desk::{Desk, Sent, refused},
    frame::Frame,
};
use crate::web::visit::see_other;
use platform::{
    db::Tx,
    http::{Answer, query::Query},
    kernel::{
        error::{Refusal, Result},
        id::{SegmentId, SurveyId},
        json,
        locale::Language,
        page::Page,
        version::Versions,
    },
};
use program::{
    asks::{AskState, service as asks},
    segments,
    surveys::{NewSurvey, Survey, SurveyChanges, SurveyKind, SurveyState, TriggerOn, service},
};

/// How many surveys, and segments, a page shows.
const MOST: i64 = 100;

pub(super) type Typed = BTreeMap<String, String>;

/// What a form for a survey is made of.
#[derive(Serialize)]
pub(super) struct Choices {
    pub kinds: Vec<&'static str>,
    pub triggers: Vec<&'static str>,
    pub languages: Vec<&'static str>,
    /// Id and name.
    pub segments: Vec<(String, String)>,
}

impl Choices {
    pub fn read(tx: &mut Tx<'_>) -> Result<Self> {
        let segments = segments::service::list(tx, &Page::first(MOST))?.data;
        let named =
            |segment: segments::Segment| (segment.id.to_string(), segment.fields.name.to_string());
        Ok(Self {
            kinds: SurveyKind::ALL.iter().map(|kind| kind.as_str()).collect(),
            triggers: TriggerOn::ALL.iter().map(|on| on.as_str()).collect(),
            languages: Language::ALL.iter().map(|language| language.tag()).collect(),
            segments: segments.into_iter().map(named).collect(),
        })
    }

    /// The segment that is a survey's whole audience, where the form has it to choose.
    pub fn segment_of(&self, survey: &Survey) -> Result<Option<String>> {
        let audience = serde_json::to_value(&survey.fields.audience)?;
        let is_segment = audience["field"] == "segment" && audience["op"] == "eq";
        let id = audience["value"].as_str().filter(|_| is_segment);
        let known = id.filter(|id| self.segments.iter().any(|(known, _)| known == id));
        Ok(known.map(ToOwned::to_owned))
    }
}

/// A survey, for a person.
#[derive(Serialize)]
struct Line {
    id: String,
    name: String,
    kind: SurveyKind,
    state: SurveyState,
    on: TriggerOn,
    asked: i64,
    answered: i64,
}

#[derive(Serialize)]
struct SurveysPage {
    #[serde(flatten)]
    frame: Frame,
    surveys: Vec<Line>,
    choices: Choices,
    typed: Typed,
}

/// `GET /console/surveys`
pub async fn list(desk: Desk) -> Answer {
    page(&desk, None, Typed::new()).await
}

async fn page(desk: &Desk, fault: Option<&Refusal>, typed: Typed) -> Answer {
    let read = |tx: &mut Tx<'_>| {
        let surveys = service::list(tx, &Page::first(MOST))?.data;
        let counts = counted(tx, &surveys)?;
        Ok((surveys, counts, Choices::read(tx)?))
    };
    let (surveys, counts, choices) = desk.store().read(read).await?;
    let line = |survey: Survey| {
        let (asked, answered) = counts.get(&survey.id).copied().unwrap_or_default();
        Line {
            id: survey.id.to_string(),
            name: survey.fields.name.to_string(),
            kind: survey.fields.kind,
            state: survey.state,
            on: survey.fields.trigger.on,
            asked,
            answered,
        }
    };
    let page = SurveysPage {
        frame: desk.frame("surveys", fault),
        surveys: surveys.into_iter().map(line).collect(),
        typed: filled(typed, &choices.languages),
        choices,
    };
    desk.page("surveys", fault, &page)
}

/// Of each survey, how many were asked, and how many of them answered.
fn counted(tx: &mut Tx<'_>, surveys: &[Survey]) -> Result<HashMap<SurveyId, (i64, i64)>> {
    let ids: Vec<SurveyId> = surveys.iter().map(|survey| survey.id).collect();
    let mut all: HashMap<SurveyId, (i64, i64)> = HashMap::new();
    for (survey, state, count) in asks::counted(tx, &ids)? {
        let Some(survey) = survey else { continue };
        let (asked, answered) = all.entry(survey).or_default();
        match state {
            AskState::Answered => {
                *asked += count;
                *answered += count;
            }
            AskState::Sent | AskState::Expired => *asked += count,
            AskState::Planned | AskState::Postponed | AskState::Dropped => {}
        }
    }
    Ok(all)
}

const PARTS: [&str; 4] = ["question", "promoter", "passive", "detractor"];
const FIELDS: [&str; 11] = [
    "kind",
    "name",
    "on",
    "after_days",
    "every_months",
    "segment_id",
    "sample_percent",
    "max_per_day",
    "remind_after_days",
    "points",
    "answer_within_days",
];

/// The choice by which an audience that the form can't show stays as it is.
const KEEP: &str = "keep";

/// With every field that a form has.
pub(super) fn filled(mut typed: Typed, languages: &[&str]) -> Typed {
    for (field, value) in [
        ("sample_percent", "100"),
        ("answer_within_days", "30"),
        ("points", "0"),
        ("after_days", "3"),
    ] {
        typed.entry(field.to_owned()).or_insert_with(|| value.to_owned());
    }
    let texts =
        PARTS.iter().flat_map(|part| languages.iter().map(move |tag| format!("{part}:{tag}")));
    for name in FIELDS.iter().map(ToString::to_string).chain(texts) {
        typed.entry(name).or_default();
    }
    typed
}

/// A survey as its form has it.
pub(super) fn typed(survey: &Survey, choices: &Choices) -> Result<Typed> {
    let languages = &choices.languages;
    let fields = serde_json::to_value(&survey.fields)?;
    let text = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let mut typed = Typed::new();
    for field in FIELDS {
        typed.insert(field.to_owned(), text(&fields[field]));
    }
    for field in ["on", "after_days", "every_months"] {
        typed.insert(field.to_owned(), text(&fields["trigger"][field]));
    }
    let chosen = match choices.segment_of(survey)? {
        Some(segment) => segment,
        None if survey.fields.audience.is_some() => KEEP.to_owned(),
        None => String::new(),
    };
    typed.insert("segment_id".to_owned(), chosen);
    for tag in languages {
        typed.insert(format!("question:{tag}"), text(&fields["question"][*tag]));
        for part in ["promoter", "passive", "detractor"] {
            typed.insert(format!("{part}:{tag}"), text(&fields["follow_ups"][part][*tag]));
        }
    }
    Ok(filled(typed, languages))
}

/// A form's texts as the API's body: the one reader judges them all.
pub(super) fn body(typed: &Typed) -> Map<String, Value> {
    let text = |name: &str| typed.get(name).map(|text| text.trim()).unwrap_or_default();
    let number = |name: &str| match text(name) {
        "" => Value::Null,
        text => text.parse::<i64>().map_or_else(|_| json!(text), |number| json!(number)),
    };
    let texts = |part: &str| -> Map<String, Value> {
        let own = typed.iter().filter_map(|(name, text)| {
            let tag = name.strip_prefix(part)?.strip_prefix(':')?;
            Some((tag.to_owned(), json!(text.trim()))).filter(|_| !text.trim().is_empty())
        });
        own.collect()
    };
    let mut trigger = Map::from_iter([("on".to_owned(), json!(text("on")))]);
    let of_event = !matches!(text("on"), "relational" | "manual");
    for (field, wanted) in [("after_days", of_event), ("every_months", text("on") == "relational")]
    {
        if wanted && !text(field).is_empty() {
            trigger.insert(field.to_owned(), number(field));
        }
    }
    let follow_ups = ["promoter", "passive", "detractor"].into_iter().filter_map(|part| {
        let texts = texts(part);
        (!texts.is_empty()).then(|| (part.to_owned(), Value::Object(texts)))
    });
    let mut body = Map::from_iter([
        ("kind".to_owned(), json!(text("kind"))),
        ("name".to_owned(), json!(text("name"))),
        ("question".to_owned(), Value::Object(texts("question"))),
        ("follow_ups".to_owned(), Value::Object(follow_ups.collect())),
        ("trigger".to_owned(), Value::Object(trigger)),
    ]);
    for field in
        ["sample_percent", "max_per_day", "remind_after_days", "answer_within_days", "points"]
    {
        body.insert(field.to_owned(), number(field));
    }
    // one that the form can't show stays as it is
    if let Some(segment) = typed.get("segment_id").filter(|chosen| *chosen != KEEP) {
        let leaf = segment
            .parse::<SegmentId>()
            .ok()
            .map(|id| json!({"field": "segment", "op": "eq", "value": id}));
        body.insert("audience".to_owned(), leaf.unwrap_or(Value::Null));
    }
    body
}

/// `POST /console/surveys`: as `POST /v1/surveys`.
pub async fn add(Sent { desk, form: typed }: Sent<Typed>) -> Answer {
    desk.admin()?;
    let added = async {
        let fields: NewSurvey = json::parse(Value::Object(body(&typed)).to_string().as_bytes())?;
        desk.store().write(move |tx| service::add(tx, fields.clone())).await
    };
    match refused(added.await)? {
        Ok(survey) => Ok(see_other(&format!("/console/surveys/{}?done=saved", survey.id))),
        Err(refusal) => page(&desk, Some(&refusal), typed).await,
    }
}

pub(super) fn id(desk: &Desk) -> Result<SurveyId, Refusal> {
    desk.visit.path("id").parse().map_err(|_| Refusal::not_found("survey"))
}

/// `POST /console/surveys/{id}`: as `PATCH /v1/surveys/{id}`.
pub async fn change(Sent { desk, form: typed }: Sent<Typed>) -> Answer {
    desk.admin()?;
    let id = id(&desk)?;
    let version = typed.get("version").and_then(|text| text.parse().ok()).unwrap_or_default();
    let (changes, seen) = (SurveyChanges::from(body(&typed)), Versions::These(vec![version]));
    let change = move |tx: &mut Tx<'_>| service::change(tx, id, &changes, &seen);
    match refused(desk.store().write(change).await)? {
        Ok(_) => Ok(see_other(&format!("/console/surveys/{id}?done=saved"))),
        Err(refusal) => super::survey::page(&desk, Some(&refusal), Some(typed)).await,
    }
}

/// `POST /console/surveys/{id}/{what}`: as its namesakes of the API.
pub async fn turn(Sent { desk, form }: Sent<Typed>) -> Answer {
    desk.admin()?;
    let id = id(&desk)?;
    let to = match form.get("to").map(String::as_str) {
        Some("live") => SurveyState::Live,
        Some("paused") => SurveyState::Paused,
        Some("ended") => SurveyState::Ended,
        _ => return Err(Refusal::field("/state", "must be live, paused or ended").into()),
    };
    match refused(desk.store().write(move |tx| service::turn(tx, id, to)).await)? {
        Ok(_) => Ok(see_other(&format!("/console/surveys/{id}?done=saved"))),
        Err(refusal) => super::survey::page(&desk, Some(&refusal), None).await,
    }
}

/// What the query of a survey's page may say.
pub(super) fn query(desk: &Desk) -> Result<Query> {
    Ok(Query::parse(
        desk.visit.query(),
        &["category", "by", "weigh", "from", "to", "cursor", "done"],
    )?)
}
