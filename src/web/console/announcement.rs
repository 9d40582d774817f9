//! One announcement: written by one person, read and sent by another.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{
    announcements::title,
    desk::{Desk, Sent, refused},
    frame::Frame,
    reward_form::{self, plain},
    today::staff_names,
    topics::{full_name, in_order},
};
use crate::web::{mailbox::framed, posted::Nothing, visit::see_other};
use platform::{
    db::Tx,
    http::{Answer, query::Query},
    kernel::{
        error::{Refusal, Result},
        id::{AnnouncementId, MemberId, TopicId},
        json,
        locale::Locale,
        version::Versions,
    },
};
use program::{
    announcements::{
        Announcement, AnnouncementChanges, AnnouncementState, AudienceBody, NewAnnouncement,
        service,
    },
    topics::{self, TopicState},
};

/// How many of its readers can be chosen for a look at the letter.
const READERS: i64 = 30;

type Typed = BTreeMap<String, String>;

/// A topic that can be announced.
#[derive(Serialize)]
struct Choice {
    id: String,
    name: String,
    state: TopicState,
}

/// What there is of an announcement beside its fields.
#[derive(Serialize)]
struct Known {
    id: String,
    title: String,
    state: AnnouncementState,
    written_by: String,
    approved_by: Option<String>,
    /// Whether who sits here wrote it last.
    is_own: bool,
    audience: AudienceBody,
    /// Some of those who get it, by id and name.
    readers: Vec<(String, String)>,
}

#[derive(Serialize)]
struct AnnouncementPage {
    #[serde(flatten)]
    frame: Frame,
    /// None for a new one.
    known: Option<Known>,
    version: i64,
    choices: Vec<Choice>,
    languages: Vec<String>,
    typed: Typed,
    /// As whom the letter is read.
    reader: String,
}

fn id(desk: &Desk) -> Result<AnnouncementId, Refusal> {
    desk.visit.path("id").parse().map_err(|_| Refusal::not_found("announcement"))
}

/// `GET /console/announcements/new`
pub async fn new(desk: Desk) -> Answer {
    page(&desk, None, None, Some((Typed::new(), 0))).await
}

/// `GET /console/announcements/{id}?member_id=`
pub async fn show(desk: Desk) -> Answer {
    let id = id(&desk)?;
    page(&desk, Some(id), None, None).await
}

async fn page(
    desk: &Desk,
    id: Option<AnnouncementId>,
    fault: Option<&Refusal>,
    typed: Option<(Typed, i64)>,
) -> Answer {
    let query = match fault {
        None => Query::parse(desk.visit.query(), &["member_id", "done"])?,
        Some(_) => Query::default(),
    };
    let reader = query.text("member_id").unwrap_or_default().to_owned();
    let read = move |tx: &mut Tx<'_>| {
        let topics = in_order(topics::service::live(tx)?);
        let told = match id {
            None => None,
            Some(id) => {
                let one = service::get(tx, id)?;
                let people = [Some(one.written_by.as_str()), one.approved_by.as_deref()];
                let names = staff_names(tx, people.into_iter().flatten())?;
                Some((service::audience(tx, id)?, service::readers(tx, id, READERS)?, names, one))
            }
        };
        Ok((topics, told))
    };
    let (topics, told) = desk.store().read(read).await?;
    let (known, (typed, version)) = match told {
        None => (None, typed.unwrap_or_default()),
        Some((audience, readers, names, one)) => {
            let typed = match typed {
                Some(typed) => typed,
                None => (shown(&one.fields)?, one.version),
            };
            let name = |actor: &String| names.get(actor).unwrap_or(actor).clone();
            let known = Known {
                id: one.id.to_string(),
                title: title(&one, &desk.visit.reader()),
                state: one.state,
                written_by: name(&one.written_by),
                approved_by: one.approved_by.as_ref().map(name),
                is_own: one.written_by == desk.caller().label(),
                audience,
                readers: readers.into_iter().map(|(id, name)| (id.to_string(), name)).collect(),
            };
            (Some(known), typed)
        }
    };
    let names: HashMap<TopicId, String> =
        topics.iter().map(|topic| (topic.id, topic.fields.name.to_string())).collect();
    let choices = topics.iter().filter(|topic| topic.fields.state != TopicState::Open);
    let choices: Vec<Choice> = choices
        .map(|topic| Choice {
            id: topic.id.to_string(),
            name: full_name(topic, &names),
            state: topic.fields.state,
        })
        .collect();
    let languages = languages(&desk.visit.settings.locale, &typed);
    let page = AnnouncementPage {
        frame: desk.frame("announcements", fault),
        known,
        version,
        typed: filled(typed, &languages, &choices),
        choices,
        languages,
        reader,
    };
    desk.page("announcement", fault, &page)
}

/// The languages of a form, as of a reward's.
fn languages(program: &Locale, typed: &Typed) -> Vec<String> {
    let texts = |(name, text): (&String, &String)| {
        let is_text = name.starts_with("title:") || name.starts_with("body:");
        is_text.then(|| (name.clone(), text.clone()))
    };
    reward_form::languages(program, &typed.iter().filter_map(texts).collect())
}

fn filled(mut typed: Typed, languages: &[String], choices: &[Choice]) -> Typed {
    let texts = languages.iter().flat_map(|tag| [format!("title:{tag}"), format!("body:{tag}")]);
    let topics = choices.iter().map(|choice| format!("topic:{}", choice.id));
    let plain = ["from", "to", "quote"].map(str::to_owned).into_iter();
    for name in plain.chain(texts).chain(topics) {
        typed.entry(name).or_default();
    }
    typed
}

/// An announcement's fields as texts of a form.
fn shown(fields: &NewAnnouncement) -> Result<Typed> {
    let Value::Object(all) = serde_json::to_value(fields)? else { return Ok(Typed::new()) };
    let mut typed = Typed::new();
    for (name, value) in all {
        match value {
            Value::Object(by_language) => {
                let texts = by_language.into_iter();
                typed.extend(texts.map(|(tag, text)| (format!("{name}:{tag}"), plain(text))));
            }
            Value::Array(ids) => {
                let ids = ids.into_iter().map(plain);
                typed.extend(ids.map(|id| (format!("topic:{id}"), "on".to_owned())));
            }
            Value::Bool(on) => {
                typed.insert(name, if on { "on" } else { "" }.to_owned());
            }
            other => drop(typed.insert(name, plain(other))),
        }
    }
    Ok(typed)
}

/// A form's texts as the API's body: the one reader judges them all.
fn body(typed: &Typed) -> Map<String, Value> {
    let text = |name: &str| typed.get(name).map(|text| text.trim()).unwrap_or_default();
    let ticked: Vec<&str> = typed.keys().filter_map(|name| name.strip_prefix("topic:")).collect();
    let by_language = |name: &str| {
        let texts = typed.iter().filter_map(|(field, text)| {
            let (field, tag) = field.split_once(':')?;
            let text = text.trim();
            (field == name && !text.is_empty()).then(|| (tag.to_owned(), json!(text)))
        });
        let texts: Map<String, Value> = texts.collect();
        if texts.is_empty() { json!("") } else { Value::Object(texts) }
    };
    Map::from_iter([
        ("topic_ids".to_owned(), json!(ticked)),
        ("from".to_owned(), json!(text("from"))),
        ("to".to_owned(), json!(text("to"))),
        ("title".to_owned(), by_language("title")),
        ("body".to_owned(), by_language("body")),
        ("quote".to_owned(), json!(!text("quote").is_empty())),
    ])
}

fn version(typed: &Typed) -> i64 {
    typed.get("version").and_then(|text| text.parse().ok()).unwrap_or_default()
}

/// `POST /console/announcements`: as `POST /v1/announcements`.
pub async fn add(Sent { desk, form: typed }: Sent<Typed>) -> Answer {
    let by = desk.caller();
    let added = async {
        let body = Value::Object(body(&typed)).to_string();
        let fields: NewAnnouncement = json::parse(body.as_bytes())?;
        desk.store().write(move |tx| service::add(tx, fields.clone(), &by)).await
    };
    match refused(added.await)? {
        Ok(one) => Ok(see_other(&format!("/console/announcements/{}?done=saved", one.id))),
        Err(refusal) => page(&desk, None, Some(&refusal), Some((typed, 0))).await,
    }
}

/// `POST /console/announcements/{id}`: as `PATCH /v1/announcements/{id}`.
pub async fn change(Sent { desk, form: typed }: Sent<Typed>) -> Answer {
    let (id, by, version) = (id(&desk)?, desk.caller(), version(&typed));
    let changes = AnnouncementChanges::from(body(&typed));
    let seen = Versions::These(vec![version]);
    let change = move |tx: &mut Tx<'_>| service::change(tx, id, &changes, &seen, &by);
    match refused(desk.store().write(change).await)? {
        Ok(_) => Ok(see_other(&format!("/console/announcements/{id}?done=saved"))),
        Err(refusal) => page(&desk, Some(id), Some(&refusal), Some((typed, version))).await,
    }
}

/// As it was read.
#[derive(Deserialize)]
pub struct AsRead {
    #[serde(default)]
    version: i64,
}

/// `POST /console/announcements/{id}/send`: as `POST /v1/announcements/{id}/send`, of what was read.
pub async fn send(Sent { desk, form }: Sent<AsRead>) -> Answer {
    let (id, by) = (id(&desk)?, desk.caller());
    let seen = Versions::These(vec![form.version]);
    let sent = desk.store().write(move |tx| service::send(tx, id, &seen, &by)).await;
    if sent.is_ok() {
        service::begin(desk.store());
    }
    after(&desk, id, sent, "announcement_sent").await
}

/// `POST /console/announcements/{id}/cancel`: as `POST /v1/announcements/{id}/cancel`.
pub async fn cancel(Sent { desk, .. }: Sent<Nothing>) -> Answer {
    let id = id(&desk)?;
    let cancelled = desk.store().write(move |tx| service::cancel(tx, id)).await;
    after(&desk, id, cancelled, "announcement_cancelled").await
}

async fn after(
    desk: &Desk,
    id: AnnouncementId,
    outcome: Result<Announcement>,
    done: &str,
) -> Answer {
    match refused(outcome)? {
        Ok(_) => Ok(see_other(&format!("/console/announcements/{id}?done={done}"))),
        Err(refusal) => page(desk, Some(id), Some(&refusal), None).await,
    }
}

/// `GET /console/announcements/{id}/letter?member_id=`: what stands in the frame.
pub async fn letter(desk: Desk) -> Answer {
    let id = id(&desk)?;
    let query = Query::parse(desk.visit.query(), &["member_id"])?;
    let member: Option<MemberId> = match query.text("member_id") {
        None | Some("") => None,
        Some(_) => query.get("member_id")?,
    };
    let letter = desk.store().read(move |tx| service::preview(tx, id, member)).await?;
    Ok(framed(&letter.html))
}
